"""The second step of signing in in a real browser: an app, recovery codes, passkeys, and the pages on the way."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWO_STEP = "/en/account/two-step/"
# People of this file only, so that no other test meets what they change.
PEOPLE = """
import json
from django.test import Client
from portal.models import User
from tests import build
if not User.objects.filter(email="key@mufakat.example").exists():
    build.make_convenor(email="new@mufakat.example", full_name="Baru").authenticator_set.all().delete()
    build.make_convenor(email="key@mufakat.example", full_name="Kunci").authenticator_set.all().delete()
    build.make_convenor(email="proof@mufakat.example", full_name="Bukti")
    build.make_convenor(email="app@mufakat.example", full_name="Aplikasi")
    build.make_administrator(email="admin@mufakat.example", full_name="Pengurus")
    build.make_user(email="member@mufakat.example", full_name="Anggota")
people = User.objects.filter(email__in=[f"{name}@mufakat.example" for name in "new key proof app admin member".split()])
lately = {one.email: build.sign_in_lately(Client(), one).cookies["sessionid"].value for one in people}
before = {f"old-{one.email}": build.login(Client(), one).cookies["sessionid"].value for one in people}
print(json.dumps({**lately, **before}))
"""
HALF_WAY = """
import json
from django.test import Client
from portal.models import OutgoingMessage
browser = Client(HTTP_HOST="localhost")
browser.post("/en/account/login/code/", {"email": "proof@mufakat.example"})
code = OutgoingMessage.objects.filter(recipient="proof@mufakat.example", purpose="portal.sign_in_code").latest("id")
browser.post("/en/account/login/code/confirm/", {"code": code.payload["code"]})
print(json.dumps(browser.cookies["sessionid"].value))
"""
LONG_AGO = """
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    for record in session.get("account_authentication_methods", []):
        record["at"] -= 3600
    session.modified = True
    session.save()
"""
Come = Callable[..., Visitor]


@pytest.fixture
def come(running: Site, browser_here: Browser) -> Iterator[Come]:
    """Let somebody come who signed in just now, or before (`old-`). Nobody leaves with complaints of the browser."""
    sessions = json.loads(running.shell(PEOPLE))
    there = []

    def comes(name: str = "", host: str = "127.0.0.1") -> Visitor:
        visitor = Visitor(browser_here, f"http://{host}:{running.port}")
        if name:
            cookie = {"name": "sessionid", "value": sessions[f"{name}@mufakat.example"], "url": visitor.site}
            visitor.context.add_cookies([cookie])
        there.append(visitor)
        return visitor

    yield comes
    for visitor in there:
        visitor.leave()


def looks(visitor: Visitor, path: str) -> list[str]:
    """Open a page and return what is wrong with it."""
    visitor.go(path)
    return fits_and_speaks(visitor)


def code_of(secret: str) -> str:
    """Return what an app with the secret shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_convenor_sets_up_an_app(come: Come) -> None:
    convenor = come("new")
    convenor.go("/en/desk/")
    assert convenor.page.url.endswith("/two-step/needed/")
    wrong = {"needed": fits_and_speaks(convenor)}
    convenor.follow("/two-step/app/")
    wrong["app"] = fits_and_speaks(convenor)
    convenor.fill(code="000000")
    with convenor.page.expect_navigation():
        convenor.page.locator("main form[method=post] button[type=submit]").first.click()
    wrong["wrong code"] = fits_and_speaks(convenor)
    convenor.fill(code=code_of(convenor.text(".secret")))
    convenor.press()
    assert convenor.page.url.endswith("/two-step/codes/")
    assert convenor.page.locator(".codes li").count() == 10
    wrong["codes"] = fits_and_speaks(convenor)
    convenor.follow("/desk/")
    wrong["set up"] = looks(convenor, TWO_STEP)
    wrong["new codes"] = looks(convenor, TWO_STEP + "codes/new/")
    wrong["remove"] = looks(convenor, TWO_STEP + "app/remove/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_pages_that_ask_who_is_there(come: Come) -> None:
    convenor, member = come("old-app"), come("old-member")
    wrong = {"code": looks(convenor, "/en/account/delete/"), "again": looks(member, "/en/account/delete/")}
    wrong["no passkey"] = looks(member, TWO_STEP + "passkeys/")
    assert convenor.page.url.split("?")[0].endswith("/two-step/confirm/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_administrator_resets_a_second_step(come: Come) -> None:
    administrator = come("admin")
    wrong = {"form": looks(administrator, TWO_STEP + "reset/")}
    administrator.fill(email="nobody@example.org")
    with administrator.page.expect_navigation():
        administrator.page.locator("main form[method=post] button[type=submit]").first.click()
    wrong["refused"] = fits_and_speaks(administrator)
    assert {what: found for what, found in wrong.items() if found} == {}


def give_device(visitor: Visitor) -> None:
    """Let the browser's device hold passkeys, and open them without asking anybody."""
    line = visitor.context.new_cdp_session(visitor.page)
    line.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def press_passkey(visitor: Visitor) -> None:
    """Press the page's button for passkeys, and wait for where it leads."""
    with visitor.page.expect_navigation():
        visitor.page.locator("#passkey_button").click()


def test_passkey_from_setting_up_to_signing_in(come: Come) -> None:
    convenor = come("key", host="localhost")
    give_device(convenor)
    convenor.go(TWO_STEP + "passkeys/new/")
    wrong = {"new": fits_and_speaks(convenor)}
    convenor.fill(name="My telephone")
    press_passkey(convenor)
    assert convenor.page.url.endswith("/two-step/codes/")
    convenor.go("/en/desk/")
    assert convenor.page.url.endswith("/en/desk/")
    wrong["list"] = looks(convenor, TWO_STEP + "passkeys/")
    assert "My telephone" in convenor.text()
    convenor.follow("/name/")
    wrong["rename"] = fits_and_speaks(convenor)
    convenor.fill(name="Telepon saya")
    convenor.press()
    assert "Telepon saya" in convenor.text()
    sign_out(convenor)
    convenor.go("/en/account/login/code/")
    press_passkey(convenor)
    assert convenor.page.url.endswith("/en/desk/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_passkey_as_the_second_step_and_as_a_proof(running: Site, come: Come) -> None:
    convenor = come("proof", host="localhost")
    give_device(convenor)
    convenor.go(TWO_STEP + "passkeys/new/")
    press_passkey(convenor)
    session = json.loads(running.shell(HALF_WAY))
    convenor.context.clear_cookies(name="sessionid")
    convenor.context.add_cookies([{"name": "sessionid", "value": session, "url": convenor.site}])
    convenor.go(TWO_STEP + "enter/")
    wrong = {"second step": fits_and_speaks(convenor)}
    press_passkey(convenor)
    assert convenor.page.url.endswith("/en/desk/")
    running.shell(LONG_AGO)
    convenor.go(TWO_STEP + "passkeys/confirm/?next=/en/account/delete/")
    wrong["proof"] = fits_and_speaks(convenor)
    press_passkey(convenor)
    assert convenor.page.url.endswith("/en/account/delete/")
    convenor.go(TWO_STEP + "passkeys/")
    convenor.follow("/remove/")
    wrong["remove"] = fits_and_speaks(convenor)
    convenor.press()
    assert {what: found for what, found in wrong.items() if found} == {}


def test_device_that_refuses_is_said_in_words(come: Come) -> None:
    guest = come()
    guest.go("/en/account/login/code/")
    guest.page.locator("#passkey_button").click()
    guest.page.locator("form[data-passkey] [role=status]", has_text="The passkey did not work here.").wait_for()


def sign_out(visitor: Visitor) -> None:
    """Sign out."""
    visitor.go("/en/account/logout/")
    visitor.press()

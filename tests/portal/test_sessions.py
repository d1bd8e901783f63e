"""How long a session lasts, who ends it, and how often somebody may try."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client, RequestFactory

from portal import delivery
from portal.limits import within_limit, within_read_limit
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/en/account/login/code/", "/en/account/login/code/confirm/"
TRUSTED = {"convenor", "second_convenor", "liaison", "other_liaison"}


@pytest.mark.parametrize("who", few(("convenor", "representative"), [one for one in PEOPLE if one != "anonymous"]))
def test_idle_session_ends(cast, who):
    minutes = 30 if who in TRUSTED else 60
    browser = as_person(cast.people()[who])
    start = time.time()
    with time_machine.travel(start, tick=False) as clock:
        assert browser.get("/en/desk/").status_code == 200
        clock.shift(timedelta(minutes=minutes - 1))
        assert browser.get("/en/desk/").status_code == 200
        clock.shift(timedelta(minutes=minutes - 1))
        assert browser.get("/en/desk/").status_code == 200
        clock.shift(timedelta(minutes=minutes, seconds=1))
        assert browser.get("/en/desk/").url.startswith("/en/account/login/")


def test_cookie_ends_with_the_session(cast):
    browser = as_person(cast.convenor)
    assert browser.get("/en/desk/").cookies["sessionid"]["max-age"] == 1800
    assert as_person(cast.stranger).get("/en/desk/").cookies["sessionid"]["max-age"] == 3600


def sign_in(address: str) -> Client:
    """Return a browser on which the person signed in with a code."""
    browser = Client(HTTP_USER_AGENT="Firefox")
    browser.post(ASK, {"email": address})
    delivery.deliver_batch()
    browser.post(CONFIRM, {"code": re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]})
    return browser


def test_one_session_is_ended_at_once():
    build.make_user(email="dewi@example.org")
    here, there, third = (sign_in("dewi@example.org") for _browser in range(3))
    pk = UserSession.objects.get(session_key=there.session.session_key).pk
    answer = here.post(f"/en/account/sessions/{pk}/end/")
    assert (answer.status_code, answer.url) == (302, "/en/account/sessions/")
    assert [one.get("/en/desk/").status_code for one in (here, there, third)] == [200, 302, 200]
    assert here.post(f"/en/account/sessions/{pk}/end/").status_code == 404


def test_session_of_somebody_else_does_not_exist(cast):
    sign_in("stranger@example.org")
    pk = UserSession.objects.get().pk
    answer = as_person(cast.convenor).post(f"/en/account/sessions/{pk}/end/")
    assert (answer.status_code, UserSession.objects.count()) == (404, 1)


def test_ending_a_session_is_a_post(cast):
    sign_in("stranger@example.org")
    pk = UserSession.objects.get().pk
    assert as_person(cast.stranger).get(f"/en/account/sessions/{pk}/end/").status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_sessions(count, django_assert_num_queries):
    build.make_user(email="dewi@example.org")
    browsers = [sign_in("dewi@example.org") for _browser in range(count)]
    browsers[0].get("/en/account/sessions/")
    # Session, person, the sessions, and for each whether it is alive and whose it is: allauth's own way.
    with django_assert_num_queries(3 + 3 * count):
        page = browsers[0].get("/en/account/sessions/")
    assert page.content.decode().count(">Sign it out</button>") == count - 1


# --- How often ----------------------------------------------------------------------------------------------------


def ask(number: int, **headers: str) -> int:
    """Ask for a code for an address that nobody asked for before; return the status."""
    return Client(**headers).post(ASK, {"email": f"person{number}@example.org"}).status_code


def test_forged_headers_do_not_escape_the_limit():
    answers = [ask(number, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}") for number in range(21)]
    assert answers == [302] * 20 + [200]


def test_behind_a_proxy_the_last_hop_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [ask(number, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.7") for number in range(21)]
    assert answers == [302] * 20 + [200]
    assert ask(22, HTTP_X_FORWARDED_FOR="198.51.100.7, 198.51.100.8") == 302


def test_sign_up_has_a_limit():
    form = {"full_name": "Dewi"}
    answers = [
        Client().post("/en/account/signup/", {**form, "email": f"d{number}@example.org"}) for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert answers[-1].templates[0].name == "429.html"


def test_kit_counts_by_address_of_the_network(settings):
    settings.LIMITS = {"search": "3/m/ip"}
    factory = RequestFactory()
    requests = [factory.get("/", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}") for number in range(4)]
    assert [within_limit(request, "search") for request in requests] == [True, True, True, False]
    assert within_limit(factory.get("/", REMOTE_ADDR="198.51.100.7"), "search")
    with time_machine.travel(time.time() + 61):
        assert within_limit(requests[0], "search")


def test_kit_counts_by_key(settings):
    settings.LIMITS = {"application": "1/m/key"}
    request = RequestFactory().post("/")
    assert [within_limit(request, "application", key) for key in "aab"] == [True, False, True]


def test_kit_counts_what_is_read_without_a_query(settings, django_assert_num_queries):
    settings.LIMITS = {"search": "2/m/ip"}
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="203.0.113.9")
    with django_assert_num_queries(0):
        assert [within_read_limit(request, "search") for _time in range(3)] == [True, True, False]
    with time_machine.travel(time.time() + 61):
        assert within_read_limit(request, "search")

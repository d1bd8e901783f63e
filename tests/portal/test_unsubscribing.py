"""Stopping notices with one click: no account, no session, no key of a form; a look changes nothing."""

from typing import Any

import pytest
from django.test import Client

from portal import blocking
from portal.models import BlockedAddress
from tests import build
from tests.portal.test_blocking import KEY, rows

Reason = BlockedAddress.Reason


@pytest.fixture
def path() -> str:
    """The address that a mail carries."""
    return f"/en/unsubscribe/{blocking.token_for(KEY)}/"


@pytest.fixture
def strict() -> Client:
    """A client for whom forms are checked as for a browser: it has neither session nor key."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(strict: Client, path: str, method: str) -> None:
    assert getattr(strict, method)(path).status_code == 200
    assert rows() == []
    assert strict.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_one_click_of_a_mail_program(strict: Client, path: str, kind: str) -> None:
    body = "List-Unsubscribe=One-Click"
    if "multipart" in kind:
        body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    for _twice in range(2):
        answer = strict.post(path, body, content_type=kind)
        assert (answer.status_code, answer.cookies) == (200, {})
        assert rows() == [(Reason.UNSUBSCRIBED, True)]


@pytest.mark.django_db
def test_button_of_the_page_and_thinking_better_of_it(strict: Client, path: str) -> None:
    assert "Stop notices to this address?" in strict.get(path).content.decode()
    assert strict.post(path, follow=True).redirect_chain == [(path, 302)]
    page = strict.get(path).content.decode()
    assert "Notices are stopped" in page
    assert "example.org" not in page
    strict.post(path, {"resume": "1"})
    assert rows() == []


@pytest.mark.django_db
def test_thinking_better_of_it_lifts_no_other_block(strict: Client, path: str) -> None:
    blocking.block(KEY, Reason.COMPLAINED)
    strict.post(path, {"resume": "1"})
    assert rows() == [(Reason.COMPLAINED, False)]


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "notices.x.y", "notices." + "A" * 43 + "." + "b" * 43, "ណណណ"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_link_is_no_page(strict: Client, token: str, method: str) -> None:
    assert getattr(strict, method)(f"/en/unsubscribe/{token}/").status_code == 404
    assert rows() == []


@pytest.mark.django_db
def test_everybody_may_whoever_is_signed_in(cast: Any, path: str) -> None:
    for person in cast.people().values():
        client = build.login(Client(), person)
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 302
        assert rows() == [(Reason.UNSUBSCRIBED, True)]
        blocking.resume_notices(KEY)


@pytest.mark.django_db
def test_queries(strict: Client, path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        strict.get(path)
    with django_assert_num_queries(4):  # get or create: look, begin, write, end
        strict.post(path, {"List-Unsubscribe": "One-Click"})


@pytest.mark.django_db
def test_in_indonesian(strict: Client) -> None:
    assert strict.get(f"/id/unsubscribe/{blocking.token_for(KEY)}/").status_code == 200
    assert strict.delete(f"/id/unsubscribe/{blocking.token_for(KEY)}/").status_code == 405

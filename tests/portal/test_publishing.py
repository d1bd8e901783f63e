import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal import log, publishing
from portal.models import LogHead
from portal.publishing import FIGURES, SHELF, kept_until_next_act, public_page
from tests import build


@pytest.fixture
def world(db, settings):
    """A world in which something happened already, and a process that keeps ten pages."""
    settings.KEPT_PAGES = 10
    SHELF._pages.clear()  # noqa: SLF001 - whatever other tests were handed
    person = build.make_user()
    log.record("begin", person, by=person)
    yield person
    for shelf in (SHELF, FIGURES):
        shelf._pages.clear()  # noqa: SLF001


def ask(path, **headers):
    return Client(headers=headers).get(path)


def about():
    return reverse("about")


def test_a_page_is_made_once_for_all_readers(world, django_assert_num_queries):
    first = ask(about())
    with django_assert_num_queries(1):
        second = ask(about())
    assert second.status_code == 200
    assert second.content == first.content
    assert {**second.headers} == {**first.headers, "Content-Length": str(len(first.content))}


def test_packed_and_plain_readers_share_one_page(world):
    plain = ask(about())
    packed = ask(about(), accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert len(SHELF._pages) == 1  # noqa: SLF001


def test_every_act_makes_pages_anew(world):
    before = ask(about())
    log.record("act", world, by=world)
    after = ask(about())
    assert after["ETag"] != before["ETag"]
    assert len(SHELF._pages) == 2  # noqa: SLF001


def test_a_reader_with_the_page_is_told_that_it_holds(world):
    etag = ask(about())["ETag"]
    answer = ask(about(), if_none_match=etag)
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("cookie", ["messages", "csrftoken", "anything"])
def test_nothing_is_kept_of_a_reader_with_a_cookie(world, cookie):
    client = Client()
    client.cookies[cookie] = "x"
    client.get(about())
    assert not SHELF._pages  # noqa: SLF001


def test_nothing_is_kept_of_a_reader_who_is_signed_in(world):
    answer = build.login(Client(), world).get(about())
    assert answer["Cache-Control"] == "private, no-store"
    assert not SHELF._pages  # noqa: SLF001


def show(make):
    """Return the answer of a public page that a function makes."""
    return public_page(make)(RequestFactory().get("/x"))


def with_a_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


def with_a_form_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def not_there(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("gone", status=404)


def too_large(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(map(chr, range(0x4E00, 0x9000))))


@pytest.mark.parametrize("make", [with_a_cookie, with_a_form_token, not_there, too_large])
def test_nothing_is_kept_that_is_one_readers_or_not_worth_it(world, make):
    show(make)
    assert not SHELF._pages  # noqa: SLF001


def test_what_was_not_asked_for_longest_gives_way(world):
    paths = [f"{about()}?n={number}" for number in range(11)]
    for path in paths:
        ask(path)
    assert len(SHELF._pages) == 10  # noqa: SLF001
    assert not any(f"{paths[0]}|" in key for key in SHELF._pages)  # noqa: SLF001


def test_nothing_is_kept_before_the_first_act(db, settings):
    settings.KEPT_PAGES = 10
    ask(about())
    assert not SHELF._pages  # noqa: SLF001


def test_nothing_is_kept_where_the_setting_says_so(world, settings):
    settings.KEPT_PAGES = 0
    ask(about())
    assert not SHELF._pages  # noqa: SLF001


def test_a_head_request_is_answered_and_keeps_nothing(world):
    assert Client().head(about()).status_code == 200
    assert not SHELF._pages  # noqa: SLF001


def test_only_reading_is_allowed(world):
    assert Client().post(about()).status_code == 405
    assert publishing.AGES["frozen"].endswith("immutable")


def test_last_modified_is_the_last_act_or_the_slice_of_the_clock(world):
    age = publishing._age(RequestFactory().get("/x"))  # noqa: SLF001
    head = LogHead.objects.get()
    assert age.known
    assert age.at == max(
        head.at.timestamp(), timezone.now().timestamp() // publishing.CLOCK_SLICE * publishing.CLOCK_SLICE
    )
    assert f"|{head.number}|{head.digest}|" in age.key


def test_figures_are_made_once_until_the_next_act(world, django_assert_num_queries):
    made = []

    def make():
        made.append(len(made))
        return made[-1]

    with django_assert_num_queries(2):  # the end of the log, each time
        assert [kept_until_next_act("a", make), kept_until_next_act("a", make)] == [0, 0]
    assert kept_until_next_act("b", make) == 1
    log.record("act", world, by=world)
    assert kept_until_next_act("a", make) == 2


def test_figures_are_not_kept_where_nothing_is(world, settings):
    settings.KEPT_PAGES = 0
    assert [kept_until_next_act("c", object) is kept_until_next_act("c", object)] == [False]

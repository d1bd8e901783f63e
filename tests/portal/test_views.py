"""The portal's own pages: the first page, an organisation, health, errors; who sees what, with how many queries."""

import json
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.views.defaults import server_error

from portal.languages import SHIPPED
from portal.models import MailBreaker, OutgoingMessage
from stakeholders.models import Membership, Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

SECRET = "Perkumpulan Rahasia Sekali"
CODES = [language.code for language in SHIPPED]
PUBLIC = ["", "about/", "help/", "organisations/", "public-bodies/"]


def visited(person):
    """Return a browser that has been on a page already, so that counts are those of every later visit."""
    browser = as_person(person)
    if person is not None:
        browser.get("/en/about/")
    return browser


# --- Public pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_set_no_cookie_and_can_be_kept_by_caches(cast, visitor, language, path):
    answer = visitor.get(f"/{language}/{path}")
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=30, must-revalidate"
    assert f'<html lang="{language}"' in answer.content.decode()
    again = visitor.get(f"/{language}/{path}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_private_for_somebody_who_is_signed_in(cast, path):
    assert as_person(cast.stranger).get(f"/en/{path}")["Cache-Control"] == "private, no-store"


def test_home_says_what_is_open_and_until_when(cast, visitor):
    closes = timezone.now() + timedelta(days=3)
    build.make_consultation(title_en="Open one", input_closes=closes)
    build.make_consultation(title_en="Draft one", state="draft")
    build.make_consultation(title_en="Discreet one", discreet=True)
    page = visitor.get("/en/")
    assert [one.title for one in page.context["upcoming"]] == ["Open one"]
    assert "Organisations send in their points until" in page.content.decode()


def test_home_maps_each_state_to_its_list(cast, visitor):
    build.make_consultation()
    build.make_consultation(country=build.make_country("TH"), discreet=True)
    tiles = {tile["code"]: (tile["count"], tile["url"]) for tile in visitor.get("/en/").context["tiles"]}
    assert tiles == {"ID": (1, "/en/consultations/?country=ID"), "TH": (0, "/en/consultations/?country=TH")}


def test_home_lists_published_statements_only(cast, visitor):
    for published in (True, False):
        statement = build.make_statement(build.make_consultation(), title_en=f"Published {published}")
        build.make_edition(statement, published=published)
    assert [one.title for one in visitor.get("/en/").context["statements"]] == ["Published True"]


@pytest.mark.parametrize("items", [1, 3])
def test_home_queries(cast, visitor, django_assert_num_queries, items):
    for _count in range(items):
        build.make_edition(build.make_statement(build.make_consultation()))
    with django_assert_num_queries(4):
        visitor.get("/en/")


def test_address_without_a_language_leads_to_the_reader_s(visitor, db):
    answer = visitor.get("/", headers={"Accept-Language": "id"})
    assert (answer.status_code, answer.url) == (302, "/id/")
    assert visitor.get("/organisations/").url == "/en/organisations/"


# --- An organisation ------------------------------------------------------------------------------------------


def organisation_page(person, organisation):
    """Return the organisation's page as the person sees it."""
    return as_person(person).get(f"/en/organisations/{organisation.slug}/")


SEES_PEOPLE = {"convenor", "second_convenor", "representative", "colleague"}


@pytest.mark.parametrize("who", PEOPLE)
def test_people_of_an_organisation(cast, who):
    convenors = [cast.convenor, cast.second_convenor]
    consultation = build.make_consultation(discreet=True, title_en="Discreet one", convenors=convenors)
    build.make_invitation(consultation, cast.organisation)
    page = organisation_page(cast.people()[who], cast.organisation)
    assert page.context["may_see_people"] is (who in SEES_PEOPLE)
    assert ("Drafter" in page.content.decode()) is (who in SEES_PEOPLE)
    assert ("Discreet one" in page.content.decode()) is (who in SEES_PEOPLE)


def test_organisation_shows_what_it_organised_and_adopted_in_public(cast, visitor):
    for title, values in (("Open one", {}), ("Draft one", {"state": "draft"}), ("Discreet one", {"discreet": True})):
        consultation = build.make_consultation(title_en=title, **values)
        build.make_organiser(consultation, organisation=cast.organisation)
    edition = build.make_edition(build.make_statement(build.make_consultation(), title_en="Adopted one"))
    edition.statement.adoption.adopters.add(cast.organisation)
    context = organisation_page(None, cast.organisation).context
    assert [one.title for one in context["organised"]] == ["Open one"]
    assert [one.title for one in context["adopted"]] == ["Adopted one"]


def test_organisation_s_other_names_carry_their_language(cast):
    Organisation.objects.filter(pk=cast.organisation.pk).update(other_names=[{"text": "சங்கம்", "lang": "ta"}, "SPRT"])
    page = organisation_page(None, cast.organisation).content.decode()
    assert '<p class="lead" lang="ta">சங்கம்</p>' in page
    assert "SPRT" in page


@pytest.mark.parametrize(("who", "count"), [("anonymous", 8), ("representative", 11), ("convenor", 11)])
@pytest.mark.parametrize("items", [1, 3])
def test_organisation_queries(cast, django_assert_num_queries, who, count, items):
    for _count in range(items):
        consultation = build.make_consultation()
        build.make_organiser(consultation, organisation=cast.organisation)
        build.make_invitation(consultation, cast.organisation)
        build.make_edition(build.make_statement(consultation)).statement.adoption.adopters.add(cast.organisation)
        build.make_member(cast.organisation, role="drafter")
    browser = visited(cast.people()[who])
    with django_assert_num_queries(count):
        browser.get(f"/en/organisations/{cast.organisation.slug}/")


# --- Withheld names -------------------------------------------------------------------------------------------


@pytest.fixture
def withheld(cast):
    """Return a withheld organisation that takes part in everything."""
    organisation = build.make_organisation(name=SECRET, slug="perkumpulan-rahasia", visibility="withheld")
    consultation = build.make_consultation(convenors=[cast.convenor])
    build.make_organiser(consultation, organisation=organisation)
    build.make_invitation(consultation, organisation)
    statement = build.make_statement(consultation)
    build.make_edition(statement).statement.adoption.adopters.add(organisation)
    insider = build.make_member(organisation, email="insider@example.org", full_name="Insider Name")
    Membership.objects.create(organisation=organisation, user=build.make_user(full_name="Asking Person"))
    return organisation, insider


MY_PAGES = [*PUBLIC, "organisations/perkumpulan-rahasia/", "desk/", "account/profile/", "mailbox/", "join/1/"]
TOKENS = (SECRET, "insider@example.org", "Insider Name", "Asking Person", "perkumpulan-rahasia")


@pytest.mark.parametrize("who", few(("anonymous", "other_member", "liaison"), PEOPLE[2:]))
def test_withheld_organisation_is_found_by_nobody_else(cast, withheld, who):
    browser, found = as_person(cast.people()[who]), []
    for path in MY_PAGES:
        page = browser.get(f"/en/{path}", follow=True).content.decode().replace(f"/{path}", "")
        found += [(path, token) for token in TOKENS if token in page]
    assert found == []


@pytest.mark.parametrize("who", ["convenor", "insider"])
def test_withheld_organisation_is_found_by_convenors_and_its_own_people(cast, withheld, who):
    person = withheld[1] if who == "insider" else cast.convenor
    page = organisation_page(person, withheld[0]).content.decode()
    assert SECRET in page
    assert "Others do not see this name." in page


# --- Health ---------------------------------------------------------------------------------------------------


def test_healthz_asks_nothing(visitor, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def ready(visitor):
    """Return the status, what fails, and the whole answer."""
    answer = visitor.get("/readyz")
    said = json.loads(answer.content)
    return answer.status_code, said["failing"], said


def test_readyz_when_all_is_well(visitor, db):
    status, failing, said = ready(visitor)
    assert (status, failing, said["database"], said["broker"], said["mail_server"]) == (200, [], "ok", "ok", "ok")
    assert said["outbox"] == {"oldest_due_seconds": 0}


@pytest.mark.parametrize(("seconds", "failing"), [(599, []), (660, ["outbox"])])
def test_readyz_tells_the_age_of_the_oldest_due_message(visitor, db, seconds, failing):
    due = timezone.now() - timedelta(seconds=seconds)
    OutgoingMessage.objects.create(purpose="portal.sign_in_code", recipient="a@example.org", next_try_at=due)
    status, failed, said = ready(visitor)
    assert (status, failed) == (503 if failing else 200, failing)
    assert seconds <= said["outbox"]["oldest_due_seconds"] <= seconds + 5


def test_readyz_names_a_mail_server_that_is_left_alone(visitor, db):
    MailBreaker.objects.create(pk=1, failures=5, open_until=timezone.now() + timedelta(minutes=1))
    assert ready(visitor)[:2] == (503, ["mail_server"])


def test_robots_are_kept_from_private_pages(visitor, db):
    answer = visitor.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert "Disallow: /*/desk/\n" in answer.content.decode()


# --- Errors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "urls"),
    [
        ("/th/organisations/", ["/en/organisations/", "/id/organisations/"]),
        ("/xx/nothing/", ["/en/", "/id/"]),
        ("/zh-hans/", ["/en/", "/id/"]),
        ("/km", ["/en/", "/id/"]),
    ],
)
def test_unknown_language_gets_a_page_that_lists_ours(visitor, db, path, urls):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert [choice["url"] for choice in answer.context["choices"]] == urls
    assert dict(answer.cookies) == {}


def test_language_we_know_is_named(visitor, db):
    assert 'The portal is not available in <span lang="th">ไทย</span> yet.' in visitor.get("/th/").content.decode()


@pytest.mark.parametrize("path", ["/en/nothing/", "/id/organisations/nobody/", "/nothing-at-all/"])
def test_unknown_page(visitor, db, path):
    answer = visitor.get(path)
    assert (answer.status_code, answer.templates[0].name) == (404, "404.html")


def test_form_from_before_signing_in_is_refused_with_a_page(cast):
    browser = build.login(Client(enforce_csrf_checks=True), cast.stranger)
    answer = browser.post("/en/account/profile/", {"full_name": "Dewi"})
    assert (answer.status_code, answer.templates[0].name) == (403, "csrf.html")


@pytest.mark.parametrize("language", CODES)
def test_fault_of_ours_gets_a_page_of_its_own(language):
    with translation.override(language):
        answer = server_error(RequestFactory().get("/"))
    assert (answer.status_code, f'<html lang="{language}">' in answer.content.decode()) == (500, True)

"""After publication: others sign on to one edition until a day; withdrawn signatures stay in the history."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import LogEntry
from portal.states import Refusal
from recommendations import actions
from recommendations.models import Endorsement, Plenary, Statement
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import make_next_edition, make_published


@pytest.fixture
def published(cast):
    """Return a published statement with its adopters."""
    return make_published(cast)


def until(published, days=3):
    """Open the list for that many days."""
    day = timezone.localdate() + timedelta(days=days)
    return actions.open_sign_on(published.statement, by=published.cast.convenor, until=day)


def newcomer(**values):
    """Return an organisation that was not there, and who speaks for it."""
    organisation = build.make_organisation(**values)
    return organisation, build.make_member(organisation)


def endorse(published, pair, edition=None):
    """Sign on for the organisation."""
    organisation, person = pair
    return actions.endorse_edition(edition or published.edition, by=person, organisation=organisation)


def page(published):
    """Return what everybody reads."""
    return Client().get(published.statement.get_absolute_url()).content.decode()


def test_signing_on_twice_is_one_signature(published):
    until(published)
    pair = newcomer()
    assert endorse(published, pair) == endorse(published, pair)
    assert LogEntry.objects.filter(verb="endorse").count() == 1


def test_the_list_is_open_until_the_last_day_is_over(published):
    pair = newcomer()
    with pytest.raises(Refusal, match="closed"):
        endorse(published, pair)
    until(published, days=0)
    endorse(published, pair)
    Plenary.objects.update(sign_on_until=timezone.localdate() - timedelta(days=2))
    with pytest.raises(Refusal, match="closed"):
        endorse(published, newcomer())
    with pytest.raises(Refusal, match="over"):
        until(published, days=-3)


def test_who_may_not_sign_on(published, cast):
    until(published)
    agency, agent = newcomer(groups=[build.make_group("agencies", hearing="own-bench", bench="employers")])
    organisation, _speaker = newcomer()
    drafter = build.make_member(organisation, role="drafter")
    for one, person in (
        (agency, agent),
        (organisation, drafter),
        (organisation, cast.stranger),
        (organisation, cast.convenor),
        (cast.organisation, cast.representative),  # it adopted on the day
    ):
        with pytest.raises(Refusal):
            endorse(published, (one, person))
    assert not Endorsement.objects.exists()


def test_a_signature_stays_with_the_edition_it_was_given_to(published):
    until(published)
    before = endorse(published, newcomer(name="Early Union"))
    corrected = make_next_edition(published)
    with pytest.raises(Refusal, match="newer edition"):
        endorse(published, newcomer())
    endorse(published, newcomer(name="Late Union"), corrected)
    assert "Early Union" not in page(published)
    assert "Late Union" in page(published)
    old = Client().get(before.edition.get_absolute_url()).content.decode()
    assert "Early Union" in old
    assert "Late Union" not in old


def test_a_withdrawn_signature_stays_in_the_history(published):
    until(published)
    pair = newcomer(name="Union That Left")
    given = endorse(published, pair)
    with pytest.raises(Refusal, match="do not speak"):
        actions.withdraw_endorsement(given, by=published.cast.representative)
    actions.withdraw_endorsement(given, by=pair[1])
    with pytest.raises(Refusal, match="already"):
        actions.withdraw_endorsement(given, by=pair[1])
    shown = page(published)
    assert "<del>Union That Left</del>" in shown
    assert "withdrawn on" in shown
    again = endorse(published, pair)
    assert again.pk != given.pk
    assert "<del>Union That Left</del>" not in page(published)


def test_each_stands_as_it_is_shown_and_apart_from_the_adopters(published):
    until(published)
    endorse(published, newcomer(name="Open Union"))
    secret = newcomer(name="Melati Rahasia", visibility="withheld")
    endorse(published, secret)
    shown = page(published)
    adopters, later = shown.split('id="signed-on"')
    assert "Open Union" not in adopters
    assert "Open Union" in later
    assert "Melati Rahasia" not in shown
    assert "a trade union, origin side" in later
    assert "signed on to this edition after the day" not in later  # a figure of two, one of them withheld
    actions.withdraw_endorsement(Endorsement.objects.get(organisation=secret[0]), by=secret[1])
    assert "Melati Rahasia" not in page(published)


def test_five_are_counted(published):
    until(published)
    for _ in range(5):
        endorse(published, newcomer())
    assert "5 organisations signed on to this edition after the day." in page(published)


def test_who_opens_the_list_and_who_signs(published):
    address = reverse("sign_on_open", args=[published.slug])
    seen = {person: as_person(getattr(published.cast, person)).get(address).status_code for person in PEOPLE}
    convenors = dict.fromkeys(("convenor", "second_convenor"), 200)
    assert seen == {**dict.fromkeys(PEOPLE, 403), "anonymous": 302, **convenors}
    until(published)
    address = reverse("sign_on", args=[published.slug])
    seen = {person: as_person(getattr(published.cast, person)).get(address).status_code for person in PEOPLE}
    speakers = dict.fromkeys(("representative", "other_member"), 200)
    assert seen == {**dict.fromkeys(PEOPLE, 403), "anonymous": 302, **speakers}


def test_the_link_to_sign_stands_for_those_who_can_follow_it(published):
    until(published)
    address = reverse("statement_detail", args=[published.slug])
    link = f'href="{reverse("sign_on", args=[published.slug])}"'
    there = {
        person: link in as_person(getattr(published.cast, person)).get(address).content.decode() for person in PEOPLE
    }
    signers = dict.fromkeys(("anonymous", "representative", "other_member"), True)
    assert there == {**dict.fromkeys(PEOPLE, False), **signers}


def test_whose_signature_it_is_stands_above_the_button(published):
    until(published)
    _organisation, person = newcomer(name="Newly Come")
    client = as_person(person)
    assert (
        "You sign for <strong>Newly Come</strong>."
        in client.get(reverse("sign_on", args=[published.slug])).content.decode()
    )


def test_from_the_day_to_the_signature_page_by_page(published):
    convenor = as_person(published.cast.convenor)
    day = timezone.localdate() + timedelta(days=4)
    opened = reverse("sign_on_open", args=[published.slug])
    for _ in range(2):
        convenor.post(opened, {"until": day.isoformat(), "one_time_key": "open-open-open"})
    assert set(convenor.post(opened, {"until": "2001-01-01"}).context["form"].errors) == {"until"}
    organisation, person = newcomer(name="Newly Come")
    client, address = as_person(person), reverse("sign_on", args=[published.slug])
    assert "Sign on" in client.get(address).content.decode()
    for _ in range(2):
        client.post(address, {"organisation": organisation.pk, "one_time_key": "sign-sign-sign"})
    endorsement = Endorsement.objects.get()
    assert "Newly Come" in convenor.get(opened).content.decode()
    as_person(published.cast.representative).post(reverse("sign_on_withdraw", args=[published.slug, endorsement.pk]))
    endorsement.refresh_from_db()
    assert endorsement.withdrawn_at is None
    client.post(reverse("sign_on_withdraw", args=[published.slug, endorsement.pk]))
    endorsement.refresh_from_db()
    assert endorsement.withdrawn_at
    convenor.post(opened, {"until": ""})
    assert Plenary.objects.get(statement=published.statement).sign_on_until is None
    assert "Signing on is closed." in client.get(address).content.decode()


def test_nothing_is_opened_before_publication(cast):
    made = make_published(cast, publish=False)
    with pytest.raises(Refusal):
        until(made)
    assert Statement.objects.get().state == "adopted"


@pytest.mark.parametrize("name", PEOPLE)
def test_signing_on_is_offered_to_who_may(published, name):
    until(published)
    page = as_person(published.cast.people()[name]).get(published.statement.get_absolute_url()).content.decode()
    offered = reverse("sign_on", args=[published.slug]) in page
    assert offered == (name in {"representative", "other_member", "anonymous"})
    assert "Organisations that were not there sign on until" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_equally_often(published, count, django_assert_num_queries):
    until(published)
    for _ in range(count):
        endorse(published, newcomer())
    client = Client()
    with django_assert_num_queries(10):
        client.get(published.statement.get_absolute_url())

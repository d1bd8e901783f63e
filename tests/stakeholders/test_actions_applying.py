"""Applying, appealing, putting terms into force: what is written, who is told, every refusal."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from stakeholders.actions import appeal_decision, apply_organisation, issue_terms
from stakeholders.models import Appeal, Decision, Organisation, TermsOfReference
from stakeholders.states import ORGANISATION
from tests import build
from tests.stakeholders.applying import ADDRESS, NAME, applied, send, type_in, values

WORDS = {"title_en": "Terms", "title_ind": "Kerangka", "text_en": "Speak.", "text_ind": "Bicara."}


@pytest.fixture
def terms(db):
    """Return version 1, in force."""
    return build.make_terms()


def told():
    """Return who is written to about what."""
    return list(OutgoingMessage.objects.order_by("id").values_list("purpose", "recipient", "language"))


def test_application_is_written_whole(cast, terms):
    made = Organisation.objects.get(pk=apply_organisation(by=None, **values()).pk)
    assert (made.state, made.name, made.applicant, made.terms, made.decided_by) == ("applied", NAME, None, terms, None)
    assert (made.applied_at, made.terms_accepted_at.date()) == (made.terms_accepted_at, timezone.now().date())
    assert ([one.slug for one in made.groups.all()], [one.code for one in made.countries.all()]) == (
        ["trade-unions"],
        ["TH"],
    )
    assert list(made.traits.values_list("kind", "code", "reach")) == [
        ("basis", "workers", ""),
        ("service", "health", "gap"),
    ]
    assert list(made.links.values_list("kind", "other", "other_name")) == [("network", None, "Jaringan Utara")]
    assert list(made.names.values_list("text", flat=True)) == [NAME]
    assert list(LogEntry.objects.values_list("verb", "actor", "topic", "detail")) == [
        ("apply", None, f"stakeholders.organisation:{made.pk}", "")
    ]


def test_contact_and_convenors_are_told(cast, terms):
    apply_organisation(by=None, **values(language="id"))
    assert told() == [
        ("stakeholders.application_received", ADDRESS, "id"),
        ("stakeholders.application_waits", "convenor@example.org", "en"),
        ("stakeholders.application_waits", "second@example.org", "en"),
    ]


def test_convenor_who_applies_is_not_asked_to_decide(cast, terms):
    assert apply_organisation(by=cast.convenor, **values()).applicant == cast.convenor
    assert [address for purpose, address, _language in told() if purpose.endswith("waits")] == ["second@example.org"]


@pytest.mark.parametrize("visibility", ["public", "members", "withheld"])
@pytest.mark.parametrize("name", [NAME, "សហជីពពលករ", "کساتوان بوروه", "\U0001f30f\U0001f91d"])
def test_address_of_the_page_tells_nothing(terms, visibility, name):
    slug = apply_organisation(by=None, **values(visibility=visibility, name_en=name)).slug
    assert (slug[:4], len(slug), slug.isascii(), int(slug[4:], 16) >= 0) == ("org-", 16, True, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"terms": 2}, "accept"),
        ({"name_en": ""}, None),
        ({"name_en": "\u200b\u2060"}, None),
        ({"contact_email": ""}, None),
        ({"groups": []}, "groups"),
    ],
)
def test_what_is_refused_writes_nothing(cast, terms, changed, field):
    before = Organisation.objects.count()
    with pytest.raises(Refusal) as refusal:
        apply_organisation(by=None, **values(**changed))
    assert (refusal.value.field, Organisation.objects.count(), told(), LogEntry.objects.count()) == (
        field,
        before,
        [],
        0,
    )


@pytest.mark.parametrize("hearing", ["never", "public"])
def test_group_that_does_not_apply_is_refused(terms, hearing):
    group = build.make_group("militia", hearing=hearing)
    with pytest.raises(Refusal) as refusal:
        apply_organisation(by=None, **values(groups=[group]))
    assert (refusal.value.field, Organisation.objects.count()) == ("groups", 0)


def test_liaison_does_not_apply(cast, terms):
    with pytest.raises(Refusal):
        apply_organisation(by=cast.liaison, **values())


def test_without_terms_nobody_applies(db):
    with pytest.raises(Refusal):
        apply_organisation(by=None, **values())


def test_terms_of_tomorrow_are_not_in_force(terms):
    build.make_terms(2, since=timezone.localdate().replace(year=timezone.localdate().year + 1))
    assert apply_organisation(by=None, **values()).terms == terms


def test_same_name_as_a_withheld_one_is_taken_like_any_other(cast, terms):
    build.make_organisation(name=NAME, visibility="withheld", acronym="SBMB")
    made = apply_organisation(by=None, **values(acronym="SBMB"))
    assert (made.state, Organisation.objects.filter(name_en=NAME).count()) == ("applied", 2)


@pytest.mark.django_db(transaction=True)
def test_two_sends_with_one_key_make_one_organisation(client):
    build.make_terms()
    type_in(client)
    barrier, answers = threading.Barrier(2), []

    def press():
        barrier.wait()
        try:
            again = type(client)()
            again.cookies = client.cookies
            answers.append(send(again)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {f"/en/apply/receipt/{applied().slug}/"}
    assert [purpose for purpose, _address, _language in told()] == ["stakeholders.application_received"]


# Appeals


@pytest.fixture
def refused(cast, terms):
    """Return an organisation that the first convenor refused, whose contact is the stranger."""
    made = apply_organisation(by=None, **values(contact_email=cast.stranger.email))
    Decision.objects.create(organisation=made, verdict="refused", reasons="Too far.", by=cast.convenor)
    Organisation.objects.filter(pk=made.pk).update(state="refused")
    OutgoingMessage.objects.all().delete()
    return Organisation.objects.get(pk=made.pk)


def test_appeal_reopens_and_tells_the_other_convenors(cast, refused):
    appeal = appeal_decision(refused, by=cast.stranger, text="We do.")
    refused.refresh_from_db()
    assert (refused.state, appeal.decision.reasons, appeal.text, appeal.by) == (
        "applied",
        "Too far.",
        "We do.",
        cast.stranger,
    )
    assert told() == [("stakeholders.appeal_waits", "second@example.org", "en")]
    assert LogEntry.objects.order_by("-number")[0].verb == "appeal"


def test_applicant_appeals_without_the_contact_address(cast, refused):
    Organisation.objects.filter(pk=refused.pk).update(contact_email="x@example.org", applicant=cast.colleague)
    appeal_decision(refused, by=cast.colleague, text="We do.")
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("who", ["convenor", "representative", "other_member", "liaison"])
def test_nobody_else_appeals(cast, refused, who):
    with pytest.raises(Refusal):
        appeal_decision(refused, by=cast.people()[who], text="We do.")
    assert (Appeal.objects.count(), told()) == (0, [])


def test_address_that_is_not_proved_does_not_appeal(cast, refused):
    cast.stranger.emailaddress_set.update(verified=False)
    with pytest.raises(Refusal):
        appeal_decision(refused, by=cast.stranger, text="We do.")


@pytest.mark.parametrize("state", [state for state in ORGANISATION.states.values if state != "refused"])
def test_appeal_only_against_a_refusal(cast, refused, state):
    Organisation.objects.filter(pk=refused.pk).update(state=state)
    with pytest.raises(Refusal):
        appeal_decision(refused, by=cast.stranger, text="We do.")


def test_appeal_once_a_refusal(cast, refused):
    appeal_decision(refused, by=cast.stranger, text="We do.")
    Organisation.objects.filter(pk=refused.pk).update(state="refused")
    with pytest.raises(Refusal):
        appeal_decision(refused, by=cast.stranger, text="Again.")
    Decision.objects.create(organisation=refused, verdict="refused", reasons="Still.", by=cast.second_convenor)
    appeal_decision(refused, by=cast.stranger, text="Again.")
    assert Appeal.objects.count() == 2


def test_refusal_without_a_decision_on_record_is_not_appealed(cast, refused):
    refused.decisions.all().delete()
    with pytest.raises(Refusal):
        appeal_decision(refused, by=cast.stranger, text="We do.")


# Terms


def test_terms_are_issued_once(db):
    first = issue_terms(number=1, since=date(2026, 1, 1), **WORDS)
    again = issue_terms(number=1, since=date(2026, 1, 1), **WORDS)
    assert (first.pk, TermsOfReference.objects.count(), LogEntry.objects.count()) == (again.pk, 1, 1)


def test_terms_that_were_accepted_are_never_rewritten(db):
    issue_terms(number=1, since=date(2026, 1, 1), **WORDS)
    for changed in ({"text_en": "Other."}, {"since": date(2026, 1, 2)}):
        with pytest.raises(Refusal):
            issue_terms(**{"number": 1, "since": date(2026, 1, 1), **WORDS, **changed})
    assert TermsOfReference.objects.get().text_en == "Speak."

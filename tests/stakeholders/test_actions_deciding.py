"""What convenors decide about an organisation: each verdict in each state, who may not, what is on record after."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from portal import log
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from stakeholders.actions import DECISIONS, Grounds, record_organisation
from stakeholders.models import Appeal, Decision, Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import OrganisationState
from tests import build
from tests.conftest import PEOPLE
from tests.consultations.test_races import all_at_once

SOON = timezone.localdate() + timedelta(days=90)
FULL = Grounds(limb="migrant", conflict="recruiter", evidence="Seen in Blitar.", reasons="As agreed.", retest_on=SOON)
MOVES = {
    ("eligible", "applied"): "verified",
    ("eligible", "refused"): "verified",
    ("eligible", "verified"): "verified",
    ("own-bench", "applied"): "verified",
    ("own-bench", "refused"): "verified",
    ("own-bench", "verified"): "verified",
    ("refused", "applied"): "refused",
    ("suspended", "verified"): "suspended",
    ("reinstated", "suspended"): "verified",
    ("dissolved", "verified"): "dissolved",
    ("dissolved", "suspended"): "dissolved",
}


def decide(verdict, organisation, by, grounds=FULL):
    """Decide, and return the decision."""
    return DECISIONS[verdict](organisation, by=by, grounds=grounds)


@pytest.mark.parametrize("state", OrganisationState.values)
@pytest.mark.parametrize("verdict", DECISIONS)
def test_every_verdict_in_every_state(cast, verdict, state):
    organisation = build.make_organisation(state=state)
    if target := MOVES.get((str(verdict), state)):
        decision = decide(verdict, organisation, cast.convenor)
        organisation.refresh_from_db()
        assert (organisation.state, organisation.decided_by) == (target, cast.convenor)
        assert organisation.decided_on == timezone.localdate()
        assert (decision.verdict, decision.by) == (verdict, cast.convenor)
        assert LogEntry.objects.first().detail == verdict
    else:
        with pytest.raises(Refusal):
            decide(verdict, organisation, cast.convenor)
        assert (Decision.objects.count(), LogEntry.objects.count(), OutgoingMessage.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("verdict", "kept", "written"),
    [
        ("eligible", ("migrant", "", "Seen in Blitar.", SOON), ("migrant", "", SOON)),
        ("own-bench", ("", "recruiter", "Seen in Blitar.", SOON), ("", "recruiter", SOON)),
        ("refused", ("", "", "Seen in Blitar.", None), ("", "", None)),
    ],
)
def test_what_is_on_record(cast, verdict, kept, written):
    organisation = build.make_organisation(state="applied")
    decision = decide(verdict, organisation, cast.convenor)
    organisation.refresh_from_db()
    assert (organisation.limb, organisation.conflict, organisation.evidence, organisation.retest_on) == kept
    assert (decision.limb, decision.conflict, decision.retest_on) == written
    assert (decision.evidence, decision.reasons) == ("Seen in Blitar.", "As agreed.")


@pytest.mark.parametrize(
    ("verdict", "state", "lacks", "field"),
    [
        ("eligible", "applied", "limb", "limb"),
        ("eligible", "applied", "evidence", "evidence"),
        ("own-bench", "applied", "conflict", "conflict"),
        ("refused", "applied", "reasons", "reasons"),
        ("suspended", "verified", "reasons", "reasons"),
        ("dissolved", "verified", "reasons", "reasons"),
    ],
)
@pytest.mark.parametrize("blank", ["", " \u200b\u2800"])
def test_what_a_decision_must_say(cast, verdict, state, lacks, field, blank):
    grounds = Grounds(**{"limb": "migrant", "conflict": "state", "evidence": "e", "reasons": "r", lacks: blank})
    with pytest.raises(Refusal) as refused:
        decide(verdict, build.make_organisation(state=state), cast.convenor, grounds)
    assert refused.value.field == field


def test_a_retest_in_the_past_is_refused(cast):
    grounds = Grounds(limb="migrant", evidence="e", retest_on=timezone.localdate())
    with pytest.raises(Refusal) as refused:
        decide("eligible", build.make_organisation(state="applied"), cast.convenor, grounds)
    assert refused.value.field == "retest_on"


HEARINGS = {
    ("civil-society",): {"eligible", "own-bench", "refused"},
    ("personal",): {"eligible", "own-bench", "refused"},
    ("own-bench",): {"own-bench", "refused"},
    ("operator",): {"own-bench", "refused"},
    ("public",): {"own-bench", "refused"},
    ("never",): {"refused"},
    ("civil-society", "own-bench"): {"own-bench", "refused"},
    ("civil-society", "never"): {"refused"},
    (): {"own-bench", "refused"},
}


@pytest.mark.parametrize("verdict", ["eligible", "own-bench", "refused"])
@pytest.mark.parametrize("hearings", HEARINGS)
def test_what_the_groups_allow(cast, hearings, verdict):
    groups = [build.make_group(f"group-{hearing}", hearing=hearing) for hearing in hearings]
    organisation = build.make_organisation(state="applied", groups=groups)
    if verdict in HEARINGS[hearings]:
        decide(verdict, organisation, cast.convenor)
    else:
        with pytest.raises(Refusal):
            decide(verdict, organisation, cast.convenor)


@pytest.mark.parametrize("who", PEOPLE[:8])
def test_only_convenors_decide(cast, who):
    organisation = build.make_organisation(state="applied")
    if who in {"convenor", "second_convenor"}:
        decide("eligible", organisation, cast.people()[who])
    else:
        with pytest.raises(Refusal):
            decide("eligible", organisation, cast.people()[who])


@pytest.mark.parametrize("tie", ["active", "invited", "requested", "applicant", "contact"])
@pytest.mark.parametrize("state", ["applied", "verified", "suspended"])
def test_nobody_decides_on_their_own(cast, tie, state):
    organisation = build.make_organisation(state=state)
    if tie == "applicant":
        organisation.applicant = cast.convenor
    elif tie == "contact":
        organisation.contact_email = cast.convenor.email.upper()
    else:
        organisation.memberships.create(user=cast.convenor, state=tie)
    organisation.save()
    verdict = {"applied": "eligible", "verified": "suspended", "suspended": "reinstated"}[state]
    with pytest.raises(Refusal):
        decide(verdict, organisation, cast.convenor)
    decide(verdict, organisation, cast.second_convenor)


def test_who_left_may_decide(cast):
    organisation = build.make_organisation(state="applied")
    organisation.memberships.create(user=cast.convenor, state="left")
    decide("eligible", organisation, cast.convenor)


@pytest.mark.parametrize("verdict", ["eligible", "own-bench", "refused"])
def test_after_an_appeal_another_convenor_decides(cast, verdict):
    organisation = build.make_organisation(state="applied")
    refusal = decide("refused", organisation, cast.convenor)
    Appeal.objects.create(decision=refusal, text="We are many.")
    Organisation.objects.filter(pk=organisation.pk).update(state="applied")
    with pytest.raises(Refusal, match="Another convenor"):
        decide(verdict, organisation, cast.convenor)
    assert decide(verdict, organisation, cast.second_convenor).by == cast.second_convenor
    assert Decision.objects.count() == 2


def test_suspended_people_lose_access_at_once(cast):
    assert standing_of(cast.representative).organisations == {cast.organisation.pk}
    decide("suspended", cast.organisation, cast.convenor)
    again = type(cast.representative).objects.get(pk=cast.representative.pk)
    assert standing_of(again).organisations == frozenset()
    decide("reinstated", cast.organisation, cast.convenor)
    again = type(cast.representative).objects.get(pk=cast.representative.pk)
    assert standing_of(again).organisations == {cast.organisation.pk}


def test_a_retest_keeps_the_state_and_tells_only_of_another_bench(cast):
    decide("eligible", cast.organisation, cast.convenor)
    assert (OutgoingMessage.objects.count(), LogEntry.objects.first().verb) == (0, "retest")
    decide("own-bench", cast.organisation, cast.convenor)
    assert set(OutgoingMessage.objects.values_list("purpose", flat=True)) == {"stakeholders.organisation_verified"}
    cast.organisation.refresh_from_db()
    assert (cast.organisation.state, cast.organisation.is_civil_society) == ("verified", False)


def test_who_did_not_see_the_last_decision_does_not_decide(cast):
    organisation = build.make_organisation(state="applied")
    seen = Grounds(limb="migrant", evidence="e", reasons="r", seen=0)
    first = decide("eligible", organisation, cast.convenor, seen)
    with pytest.raises(Refusal, match="meanwhile"):
        decide("suspended", organisation, cast.second_convenor, seen)
    decide("suspended", organisation, cast.second_convenor, Grounds(reasons="r", seen=first.pk))


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one():
    first, second = build.make_convenor(), build.make_convenor()
    organisation, seen = build.make_organisation(state="applied"), replace(FULL, seen=0)
    results = all_at_once(
        lambda: decide("eligible", organisation, first, seen), lambda: decide("refused", organisation, second, seen)
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert (Decision.objects.count(), log.first_break()) == (1, None)


# --- Benches --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hearing", "bench", "conflict", "expected"),
    [
        ("civil-society", "workers", "", (True, "workers")),
        ("civil-society", "civil-society", "state", (False, "government")),
        ("civil-society", "civil-society", "employer", (False, "employers")),
        ("civil-society", "workers", "finance", (False, "other private sector")),
        ("own-bench", "private-sector", "", (False, "other private sector")),
        ("own-bench", "employers", "recruiter", (False, "employers")),
        ("operator", "private-sector", "operator", (False, "other private sector")),
        ("personal", "academic", "", (True, "academic")),
    ],
)
def test_bench(db, hearing, bench, conflict, expected):
    group = build.make_group(f"{hearing}-{bench}", hearing=hearing, bench=bench)
    organisation = build.make_organisation(groups=[group], conflict=conflict)
    assert (organisation.is_civil_society, organisation.hearing_bench) == expected
    assert organisation.in_personal_capacity is (hearing == "personal")
    assert Organisation.objects.civil_society().filter(pk=organisation.pk).exists() is expected[0]


# --- Writing down ---------------------------------------------------------------------------------------------


def facts(**values):
    """Return what a convenor knows of a group without an address."""
    return {"trusted_contact": "Sister Maria", "groups": [build.make_group()], "name_en": "Kelompok Ibu", **values}


def test_a_group_without_an_address_is_written_down(cast):
    organisation = record_organisation(by=cast.convenor, **facts(visibility="withheld"))
    organisation.refresh_from_db()
    assert (organisation.state, organisation.trusted_contact, organisation.applicant) == (
        "applied",
        "Sister Maria",
        None,
    )
    assert ("kelompok" in organisation.slug, organisation.applied_at is not None) == (False, True)
    assert list(LogEntry.objects.values_list("verb", "detail")) == [("record", "")]
    decide("eligible", organisation, cast.convenor)
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("lacks", "field"), [({"trusted_contact": " \u200b"}, "trusted_contact"), ({"groups": []}, "groups")]
)
def test_what_must_be_written_down(cast, lacks, field):
    with pytest.raises(Refusal) as refused:
        record_organisation(by=cast.convenor, **facts(**lacks))
    assert (refused.value.field, Organisation.objects.filter(state="applied").count()) == (field, 0)


@pytest.mark.parametrize("who", PEOPLE[:8])
def test_only_convenors_write_down(cast, who):
    person = cast.people()[who]
    if who in {"convenor", "second_convenor"}:
        assert record_organisation(by=person, **facts()).pk
    else:
        with pytest.raises(Refusal):
            record_organisation(by=person, **facts())

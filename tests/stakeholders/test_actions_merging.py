"""Two records become one: every relation has a rule, nothing is lost, nobody gains what no decision gave."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import log
from portal.models import LogEntry
from portal.states import Refusal
from recommendations.models import Adoption, Position
from stakeholders import merging
from stakeholders.actions import Grounds, merge_organisations, suspend_organisation
from stakeholders.models import Decision, Membership, Organisation, OrganisationLink, OrganisationName, Trait
from tests import build
from tests.conftest import PEOPLE
from tests.consultations.test_races import all_at_once


@pytest.fixture
def convenor(db):
    """Return who merges."""
    return build.make_convenor()


def texts(organisation):
    """Return every name of the organisation."""
    return {name for _kind, _language, name in organisation.all_names()}


# --- Rules ----------------------------------------------------------------------------------------------------


def test_every_relation_has_a_rule():
    assert set(merging.relations()) == set(merging.RULES)


def test_relations_are_all_columns_that_point_to_an_organisation():
    """The hidden ones too, and those behind lists of many."""
    assert {
        "stakeholders.importrow.organisation",
        "stakeholders.organisation_groups.organisation",
        "recommendations.adoption_adopters.organisation",
    } < set(merging.relations())
    models_there = {field.model for field in merging.relations().values()}
    named = {relation.related_model for relation in Organisation._meta.related_objects if not relation.many_to_many}
    assert named - models_there == set()


def test_relation_without_a_rule_stops_the_merge(convenor, monkeypatch):
    monkeypatch.delitem(merging.RULES, "consultations.invitation.organisation")
    kept, merged = build.make_organisation(), build.make_organisation()
    with pytest.raises(LookupError, match=r"consultations\.invitation\.organisation"), transaction.atomic():
        merge_organisations(kept, merged, by=convenor)
    merged.refresh_from_db()
    assert merged.state == "verified"


# --- What moves -----------------------------------------------------------------------------------------------


def test_what_moves(convenor):
    kept, merged = build.make_organisation(), build.make_organisation(acronym="ABC", website="https://a.example")
    before, other = build.make_organisation(state="merged", merged_into=merged), build.make_organisation()
    consultation = build.make_consultation()
    invitation = build.make_invitation(consultation, merged)
    submission = build.make_submission(consultation, merged, convenor)
    organiser = build.make_organiser(consultation, organisation=merged)
    trait = Trait.objects.create(organisation=merged, kind="issue", code="labour")
    to = OrganisationLink.objects.create(organisation=merged, kind="network", other=other)
    of = OrganisationLink.objects.create(organisation=other, kind="affiliate", other=merged)
    decision = Decision.objects.create(organisation=merged, verdict="eligible", by=build.make_convenor())
    position = Position.objects.create(
        statement=build.make_statement(consultation, state="tabled"), organisation=merged, stance="consensus"
    )
    assert merge_organisations(kept, merged, by=convenor) == kept
    for row in (invitation, submission, organiser, trait, to, decision, position):
        row.refresh_from_db()
        assert row.organisation == kept, row
    for row in (of, before, merged):
        row.refresh_from_db()
    kept.refresh_from_db()
    assert (of.other, before.merged_into, merged.merged_into, merged.state) == (kept, kept, kept, "merged")
    assert (kept.acronym, kept.website) == ("ABC", "https://a.example")
    assert texts(kept) >= texts(merged)
    assert list(LogEntry.objects.values_list("verb", "subject_id", "detail")) == [("merge", kept.pk, f"{merged.pk}")]


def test_names_are_kept_as_what_they_are(convenor):
    kept = build.make_organisation(name="Union", acronym="U")
    other = [{"text": "Old Union", "kind": "former", "lang": "en"}]
    merged = build.make_organisation(name="The Union", name_ind="Serikat", acronym="TU", other_names=other)
    merge_organisations(kept, merged, by=convenor)
    kept.refresh_from_db()
    assert [(one["text"], one["lang"], one["kind"]) for one in kept.other_names] == [
        ("The Union", "en", "alias"),
        ("Serikat", "id", "other"),
        ("Old Union", "en", "former"),
        ("TU", "", "acronym"),
    ]
    assert set(OrganisationName.objects.filter(organisation=kept).values_list("text", flat=True)) == texts(kept)


def test_names_of_a_former_record_are_former(convenor):
    kept, merged = build.make_organisation(name="Union"), build.make_organisation(name="League")
    merge_organisations(kept, merged, by=convenor, former=True)
    kept.refresh_from_db()
    assert kept.other_names == [{"text": "League", "lang": "en", "kind": "former"}]


@pytest.mark.parametrize("other", ["public", "members", "withheld"])
@pytest.mark.parametrize("own", ["public", "members", "withheld"])
def test_stricter_visibility_holds_for_both(convenor, own, other):
    kept, merged = build.make_organisation(visibility=own), build.make_organisation(visibility=other)
    merge_organisations(kept, merged, by=convenor)
    strict = max(own, other, key=["public", "members", "withheld"].index)
    assert set(Organisation.objects.filter(pk__in=[kept.pk, merged.pk]).values_list("visibility", flat=True)) == {
        strict
    }


def test_own_bench_stays_own_bench(convenor):
    kept = build.make_organisation(limb="migrant", retest_on=date(2030, 1, 1))
    merged = build.make_organisation(conflict="state", retest_on=date(2029, 1, 1))
    merge_organisations(kept, merged, by=convenor)
    kept.refresh_from_db()
    assert (kept.conflict, kept.limb, kept.is_civil_society) == ("state", "", False)
    assert kept.retest_on == date(2029, 1, 1)


# --- Conflicts ------------------------------------------------------------------------------------------------


def test_both_invited_and_both_took_a_position(convenor):
    kept, merged = build.make_organisation(), build.make_organisation()
    consultation = build.make_consultation(title_en="Jakarta")
    statement = build.make_statement(consultation, state="tabled", title_en="The text")
    recommendation = build.make_recommendation(statement)
    mine, theirs = build.make_invitation(consultation, kept), build.make_invitation(consultation, merged)
    own = Position.objects.create(statement=statement, organisation=kept, stance="consensus")
    other = Position.objects.create(
        statement=statement, organisation=merged, stance="reservation", text="No.", recommendation=recommendation
    )
    rows = {str(row.label): (row.moves, row.stays, row.both) for row in merging.preview(kept, merged)}
    assert rows == {"Invitations": (0, 1, ["Jakarta"]), "Positions": (0, 1, ["The text"])}
    merge_organisations(kept, merged, by=convenor)
    for row, organisation in ((mine, kept), (theirs, merged), (own, kept), (other, merged)):
        row.refresh_from_db()
        assert row.organisation == organisation


def test_adopters_of_an_edition_stay_as_they_were(convenor):
    kept, merged = build.make_organisation(), build.make_organisation()
    statement = build.make_statement(build.make_consultation())
    build.make_edition(statement)
    adoption = Adoption.objects.get(statement=statement)
    adoption.adopters.set([merged])
    Position.objects.create(statement=statement, organisation=merged, stance="consensus")
    merge_organisations(kept, merged, by=convenor)
    assert list(adoption.adopters.all()) == [merged]
    assert Position.objects.get().organisation == merged


def test_what_says_the_same_is_there_once(convenor):
    other, kept, merged = (build.make_organisation() for _number in range(3))
    for organisation in (kept, merged):
        Trait.objects.create(organisation=organisation, kind="issue", code="labour")
        OrganisationLink.objects.create(organisation=organisation, kind="network", other=other)
        OrganisationLink.objects.create(organisation=other, kind="branch", other=organisation)
    OrganisationLink.objects.create(organisation=merged, kind="branch", other=kept)
    merge_organisations(kept, merged, by=convenor)
    assert list(Trait.objects.values_list("organisation", "code")) == [(kept.pk, "labour")]
    assert list(OrganisationLink.objects.order_by("pk").values_list("organisation", "other")) == [
        (kept.pk, other.pk),
        (other.pk, kept.pk),
    ]


# --- People ---------------------------------------------------------------------------------------------------


def seat(organisation, user, state="active", role="drafter", since=build.LONG_AGO):
    """Give somebody a mandate."""
    return Membership.objects.create(organisation=organisation, user=user, state=state, role=role, since=since)


def seats(organisation):
    """Return who has a mandate in the organisation."""
    return set(organisation.memberships.exclude(state="left").values_list("user", "state", "role"))


def test_people_come_over_and_who_is_in_both_keeps_the_wider_role(convenor):
    kept, merged = build.make_organisation(), build.make_organisation()
    both, asks, alone = build.make_user(), build.make_user(), build.make_user()
    seat(kept, both, since=date(2022, 1, 1))
    seat(kept, asks, state="requested")
    seat(merged, both, role="lead")
    seat(merged, asks, role="representative")
    seat(merged, alone)
    merge_organisations(kept, merged, by=convenor)
    assert seats(kept) == {
        (both.pk, "active", "lead"),
        (asks.pk, "active", "representative"),
        (alone.pk, "active", "drafter"),
    }
    assert kept.memberships.get(user=both).since == build.LONG_AGO
    assert (seats(merged), merged.memberships.count()) == (set(), 2)


@pytest.mark.parametrize("state", ["applied", "refused", "suspended"])
def test_people_of_a_record_that_is_not_verified_only_ask(convenor, state):
    kept = build.make_organisation()
    merged = build.make_organisation(state=state, contact_email="impostor@example.net", website="https://evil.example")
    Organisation.objects.filter(pk=kept.pk).update(contact_email="", website="")
    impostor, member = build.make_user(), build.make_user()
    seat(merged, impostor, role="lead")
    seat(kept, member)
    seat(merged, member, role="lead")
    merge_organisations(kept, merged, by=convenor)
    assert seats(kept) == {(impostor.pk, "requested", "representative"), (member.pk, "active", "drafter")}
    kept.refresh_from_db()
    assert (kept.contact_email, kept.website) == ("", "")


# --- Refusals and races ---------------------------------------------------------------------------------------

POSSIBLE = {
    ("verified", "verified"), ("verified", "suspended"), ("verified", "applied"), ("verified", "refused"),
    ("suspended", "suspended"), ("suspended", "applied"), ("suspended", "refused"),
    ("applied", "applied"), ("applied", "refused"), ("refused", "refused"),
}  # fmt: skip
STATES = ("applied", "verified", "refused", "suspended", "merged", "dissolved")


@pytest.mark.parametrize("other", STATES)
@pytest.mark.parametrize("own", STATES)
def test_which_record_can_go_into_which(convenor, own, other):
    kept, merged = build.make_organisation(state=own), build.make_organisation(state=other)
    if (own, other) in POSSIBLE:
        merge_organisations(kept, merged, by=convenor)
    else:
        with pytest.raises(Refusal):
            merge_organisations(kept, merged, by=convenor)
        assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("who", PEOPLE[:8])
def test_only_convenors_merge(cast, who):
    kept, merged = build.make_organisation(), build.make_organisation()
    if who in {"convenor", "second_convenor"}:
        merge_organisations(kept, merged, by=cast.people()[who])
    else:
        with pytest.raises(Refusal):
            merge_organisations(kept, merged, by=cast.people()[who])


@pytest.mark.parametrize("own", [0, 1])
def test_nobody_merges_their_own(convenor, own):
    pair = [build.make_organisation(), build.make_organisation()]
    seat(pair[own], convenor)
    with pytest.raises(Refusal):
        merge_organisations(*pair, by=convenor)


def test_same_record_twice_and_a_group_never_seated_are_refused(convenor):
    kept = build.make_organisation()
    with pytest.raises(Refusal):
        merge_organisations(kept, kept, by=convenor)
    militia = build.make_organisation(state="applied", groups=[build.make_group("militia", hearing="never")])
    with pytest.raises(Refusal):
        merge_organisations(kept, militia, by=convenor)


def test_merging_twice_is_merging_once(convenor):
    kept, merged = build.make_organisation(), build.make_organisation()
    merge_organisations(kept, merged, by=convenor)
    with pytest.raises(Refusal):
        merge_organisations(kept, merged, by=convenor)
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turned", [False, True])
def test_two_merges_at_once_are_one(turned):
    first, second = build.make_convenor(), build.make_convenor()
    one, other = build.make_organisation(name="One"), build.make_organisation(name="Other")
    pair = (other, one) if turned else (one, other)
    results = all_at_once(
        lambda: merge_organisations(one, other, by=first), lambda: merge_organisations(*pair, by=second)
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    standing = Organisation.objects.exclude(state="merged").get()
    assert (texts(standing), log.first_break()) == ({"One", "Other"}, None)


@pytest.mark.django_db(transaction=True)
def test_a_merge_and_a_decision_at_once_leave_one_state():
    first, second = build.make_convenor(), build.make_convenor()
    kept, merged = build.make_organisation(), build.make_organisation()
    grounds = Grounds(reasons="Complaints.")
    all_at_once(
        lambda: merge_organisations(kept, merged, by=first),
        lambda: suspend_organisation(merged, by=second, grounds=grounds),
    )
    merged.refresh_from_db()
    assert (merged.state, merged.merged_into) == ("merged", kept)
    assert Decision.objects.count() == LogEntry.objects.filter(verb="suspend").count()


# --- Whatever the order ---------------------------------------------------------------------------------------

COUNT = 5
NAMES = st.sampled_from(["Union", "League", "สหภาพ", "Serikat", "Circle"])
RECORDS = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from(["", "Serikat", "Liga"]),
        st.sampled_from(["", "ABC", "XYZ"]),
        st.sets(st.integers(0, 3)),
        st.sets(st.integers(0, 1)),
        st.sampled_from(["verified", "verified", "applied", "suspended"]),
    ),
    min_size=COUNT,
    max_size=COUNT,
)
MERGES = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), min_size=1, max_size=6)


def root(organisations, pk):
    """Return the record that stands for this one today."""
    while organisations[pk].merged_into_id:
        pk = organisations[pk].merged_into_id
    return pk


def world():
    """Return the names, the people, and who adopted what, as the standing records tell it."""
    organisations = Organisation.objects.in_bulk()
    standing = [one for one in organisations.values() if one.state != "merged"]
    people = Membership.objects.exclude(state="left").filter(organisation__in=standing)
    adopted = Adoption.adopters.through.objects.values_list("organisation", "adoption__statement")
    return {
        "names": {name for one in standing for name in texts(one)},
        "indexed": set(OrganisationName.objects.standing().values_list("text", flat=True)),
        "people": set(people.values_list("user", flat=True)),
        "adopted": {(root(organisations, pk), statement) for pk, statement in adopted},
    }, organisations


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, merges=MERGES)
def test_whatever_is_merged_nothing_is_lost(records, merges):
    savepoint = transaction.savepoint()
    try:
        convenor, users = build.make_convenor(), [build.make_user() for _number in range(4)]
        statements = [build.make_statement(build.make_consultation()) for _number in range(2)]
        adoptions = [Adoption.objects.create(statement=one, adopted_on=build.LONG_AGO) for one in statements]
        there = []
        for name, indonesian, acronym, people, adopts, state in records:
            one = build.make_organisation(name=name, name_ind=indonesian, acronym=acronym, state=state)
            there.append(one)
            for number in people:
                seat(one, users[number], role=["lead", "drafter"][number % 2])
            for number in adopts:
                adoptions[number].adopters.add(one)
        before, _all = world()
        for own, other in merges:
            try:
                merge_organisations(there[own], there[other], by=convenor)
            except Refusal:
                continue
        after, organisations = world()
        expected = {(root(organisations, pk), statement) for pk, statement in before["adopted"]}
        assert after == {**before, "adopted": expected}
        assert before["names"] == before["indexed"]
    finally:
        transaction.savepoint_rollback(savepoint)

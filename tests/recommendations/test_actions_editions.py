"""Positions, adoption, the frozen edition, publication."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from recommendations import actions, canonical
from recommendations.models import Adoption, Edition, Item, Position, Statement
from tests import build
from tests.recommendations.scene import table

TODAY = timezone.localdate


def take(scene, stance="consensus", **values):
    """Take the position of the representative's organisation."""
    return actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance=stance, **values
    )


def record(scene, stance="consensus", **values):
    """Record the position of the other organisation."""
    return actions.record_position(
        scene.statement, by=scene.cast.convenor, organisation=scene.cast.other_organisation, stance=stance, **values
    )


def adopt(scene, **values):
    """Adopt the statement today in Jakarta."""
    values = {"adopted_on": TODAY(), "place": "Jakarta", **values}
    return actions.adopt_statement(scene.statement, by=scene.cast.convenor, **values)


@pytest.mark.parametrize("state", ["draft", "adopted", "published", "not_adopted"])
@pytest.mark.parametrize("way", [take, record])
def test_positions_are_taken_on_a_tabled_text_only(scene, state, way):
    Statement.objects.filter(pk=scene.statement.pk).update(state=state)
    with pytest.raises(Refusal):
        way(scene)


def test_one_voice_per_organisation_whoever_casts_it(scene):
    table(scene)
    take(scene)
    actions.record_position(
        scene.statement, by=scene.cast.convenor, organisation=scene.cast.organisation, stance="abstains"
    )
    assert list(Position.objects.values_list("organisation", "stance", "by")) == [
        (scene.cast.organisation.pk, "abstains", scene.cast.convenor.pk)
    ]


def test_a_drafter_and_a_stranger_have_no_voice(scene):
    table(scene)
    for person in (scene.cast.colleague, scene.cast.other_member, scene.cast.stranger):
        with pytest.raises(Refusal):
            actions.take_position(scene.statement, by=person, organisation=scene.cast.organisation, stance="consensus")


def test_an_organisation_that_did_not_accept_is_added_by_the_convenor_only(scene):
    table(scene)
    newcomer = build.make_organisation()
    speaker = build.make_member(newcomer)
    with pytest.raises(Refusal):
        actions.take_position(scene.statement, by=speaker, organisation=newcomer, stance="consensus")
    assert actions.record_position(
        scene.statement, by=scene.cast.convenor, organisation=newcomer, stance="consensus"
    ).pk


def test_a_convenor_does_not_record_for_the_own_organisation(scene):
    table(scene)
    insider = build.make_member(scene.cast.organisation)
    with pytest.raises(Refusal, match="You act for this organisation"):
        actions.record_position(scene.statement, by=insider, organisation=scene.cast.organisation, stance="consensus")


@pytest.mark.parametrize("bench", ["conflict", "group"])
@pytest.mark.parametrize(("way", "mine"), [(take, True), (record, False)])
def test_who_is_heard_on_its_own_bench_adopts_nothing(scene, way, mine, bench):
    table(scene)
    organisation = scene.cast.organisation if mine else scene.cast.other_organisation
    to_own_bench(organisation, bench)
    with pytest.raises(Refusal, match="own bench") as refused:
        way(scene)
    assert (refused.value.field, Position.objects.count()) == ("organisation", 0)


def to_own_bench(organisation, way="conflict"):
    """Let an organisation be heard on its own bench from now on."""
    if way == "conflict":
        type(organisation).objects.filter(pk=organisation.pk).update(conflict="state")
        organisation.refresh_from_db()
    else:
        organisation.groups.add(build.make_group("agencies", hearing="own-bench", bench="private-sector"))


def test_a_voice_that_went_to_its_own_bench_since_neither_joins_nor_blocks(scene):
    table(scene)
    take(scene)
    record(scene, "blocks")
    to_own_bench(scene.cast.other_organisation)
    adopt(scene)
    adoption = Adoption.objects.get()
    assert (list(adoption.adopters.all()), adoption.present_count) == ([scene.cast.organisation], 1)


def test_a_reservation_has_words_and_may_name_one_recommendation(scene):
    first, *_rest = table(scene)
    with pytest.raises(Refusal) as refused:
        take(scene, "reservation")
    assert refused.value.field == "text"
    assert take(scene, "consensus", recommendation=first).recommendation == first
    foreign = build.make_recommendation(build.make_statement(build.make_consultation()))
    with pytest.raises(Refusal):
        take(scene, "reservation", text="Not this.", recommendation=foreign)
    assert take(scene, "reservation", text="Not this.", recommendation=first).recommendation == first


def test_no_adoption_while_one_cannot_agree_or_nobody_joins(scene):
    table(scene)
    with pytest.raises(Refusal, match="No organisation has joined"):
        adopt(scene)
    record(scene, "abstains")
    with pytest.raises(Refusal, match="No organisation has joined"):
        adopt(scene)
    take(scene)
    record(scene, "blocks")
    with pytest.raises(Refusal, match="cannot agree"):
        adopt(scene)
    assert not Edition.objects.exists()
    assert not Adoption.objects.exists()


def test_no_adoption_on_a_day_to_come(scene):
    table(scene)
    take(scene)
    with pytest.raises(Refusal) as refused:
        adopt(scene, adopted_on=TODAY() + timedelta(days=2))
    assert refused.value.field == "adopted_on"


@pytest.mark.parametrize("state", ["draft", "adopted", "published", "not_adopted"])
def test_only_a_tabled_text_is_adopted(scene, state):
    Statement.objects.filter(pk=scene.statement.pk).update(state=state)
    with pytest.raises(Refusal):
        adopt(scene)


def test_adoption_counts_organisations_and_freezes_edition_one(scene):
    first, *_rest = table(scene)
    build.make_invitation(scene.consultation)
    take(scene)
    record(scene, "reservation", text="Not so fast.", recommendation=first)
    edition = adopt(scene, adopted_on=date(2026, 5, 12))
    scene.statement.refresh_from_db()
    adoption = scene.statement.adoption
    assert (scene.statement.state, scene.statement.current_edition) == ("adopted", 1)
    assert (adoption.manner, adoption.invited_count, adoption.present_count, adoption.place) == (
        "consensus-with-reservations",
        3,
        2,
        "Jakarta",
    )
    assert set(adoption.adopters.all()) == {scene.cast.organisation, scene.cast.other_organisation}
    assert list(scene.statement.recommendations.order_by("id").values_list("state", flat=True)) == [
        "adopted_with_reservations",
        "adopted",
        "adopted",
    ]
    assert [(item.label, item.recommendation_id) for item in edition.items.order_by("id")] == [
        ("ASEAN 1", first.pk),
        ("ASEAN 2", first.pk + 1),
        ("ID 1", first.pk + 2),
    ]
    assert (edition.number, edition.published_at, edition.fingerprint) == (
        1,
        None,
        canonical.fingerprint(edition.canonical),
    )


def test_without_reservation_it_is_plain_consensus_and_abstainers_adopt_nothing(scene):
    table(scene)
    take(scene)
    record(scene, "abstains")
    adopt(scene)
    adoption = Adoption.objects.get()
    assert (adoption.manner, adoption.present_count) == ("consensus", 2)
    assert list(adoption.adopters.all()) == [scene.cast.organisation]


def test_one_person_for_two_organisations_is_two_adoptions(scene):
    build.Membership.objects.create(
        organisation=scene.cast.other_organisation,
        user=scene.cast.representative,
        state="active",
        since=build.LONG_AGO,
        role="representative",
    )
    table(scene)
    take(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.other_organisation, stance="consensus"
    )
    adopt(scene)
    assert Adoption.objects.get().adopters.count() == 2


def test_two_people_of_one_organisation_are_one_adoption(scene):
    second = build.make_member(scene.cast.organisation, role="representative")
    table(scene)
    take(scene)
    actions.take_position(scene.statement, by=second, organisation=scene.cast.organisation, stance="consensus")
    adopt(scene)
    adoption = Adoption.objects.get()
    assert (adoption.adopters.count(), adoption.present_count) == (1, 1)


def test_the_canonical_form_names_no_organisation_and_holds_every_word(scene):
    made = table(scene)
    take(scene)
    edition = adopt(scene)
    content = json.loads(edition.canonical)
    assert [(one["section"], [item["number"] for item in one["items"]]) for one in content["sections"]] == [
        ("ASEAN", [1, 2]),
        ("ID", [1]),
    ]
    assert content["sections"][0]["items"][0]["text"] == {"en": made[0].text_en, "id": made[0].text_ind}
    assert content["sections"][0]["items"][0]["addressees"][0]["slug"] == "ministry"
    assert scene.cast.organisation.name not in edition.canonical
    assert scene.cast.other_organisation.name not in edition.canonical


def test_what_was_set_aside_is_not_in_the_edition(scene):
    table(scene)
    build.make_recommendation(scene.statement, state="deferred")
    take(scene)
    assert adopt(scene).items.count() == 3


def test_a_renamed_addressee_changes_neither_words_nor_fingerprint(scene):
    table(scene)
    take(scene)
    edition = adopt(scene)
    before = (edition.canonical, edition.fingerprint)
    scene.cast.body.name_en = "Another ministry"
    scene.cast.body.save()
    edition.refresh_from_db()
    assert (edition.canonical, edition.fingerprint) == before


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Edition, {"canonical": "{}"}),
        (Edition, {"fingerprint": "0" * 64}),
        (Edition, {"number": 2}),
        (Edition, {"adopted_on": date(2000, 1, 1)}),
        (Edition, {"prevailing_language": "id"}),
        (Item, {"text_en": "Other words."}),
        (Item, {"text_ind": "Kata lain."}),
        (Item, {"number": 9}),
    ],
)
def test_the_database_refuses_other_words_through_the_orm(scene, model, values):
    table(scene)
    take(scene)
    adopt(scene)
    before = list(model.objects.values(*values))
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        model.objects.update(**values)
    assert list(model.objects.values(*values)) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE recommendations_item SET text_en = 'Other words.'",
        "UPDATE recommendations_item SET number = number + 10",
        "UPDATE recommendations_edition SET canonical = '{}'",
    ],
)
def test_the_database_refuses_other_words_by_hand(scene, sql):
    table(scene)
    take(scene)
    adopt(scene)
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_edition_and_its_items_are_not_deleted(scene):
    table(scene)
    take(scene)
    edition = adopt(scene)
    for thing in (edition, edition.items.first()):
        with pytest.raises(Refusal):
            thing.delete()


def test_publishing_opens_the_text_and_tells_each_person_once(scene):
    table(scene)
    take(scene)
    with pytest.raises(Refusal):
        actions.publish_statement(scene.statement, by=scene.cast.convenor)
    adopt(scene)
    declined = build.make_invitation(scene.consultation, state="declined")
    actions.publish_statement(scene.statement, by=scene.cast.second_convenor)
    scene.statement.refresh_from_db()
    assert scene.statement.state == "published"
    assert Edition.objects.get().published_at is not None
    mails = OutgoingMessage.objects.filter(purpose="recommendations.statement_published")
    told = {"convenor@example.org", "second@example.org", *(one.address for one in scene.invitations)}
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(told)
    assert declined.address not in told
    with pytest.raises(Refusal):
        actions.publish_statement(scene.statement, by=scene.cast.convenor)
    assert LogEntry.objects.first().verb == "publish"

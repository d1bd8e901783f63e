"""Secret ballots: replaceable until the count, nothing below five, and nobody finds out who chose what."""

import random
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal.models import LogEntry
from portal.states import Refusal
from recommendations import actions, sealing
from recommendations.models import Adoption, Ballot, OpenedChoice, Outcome, SealedVoice
from tests import build
from tests.recommendations.scene import table

CHOICES = ("consensus", "abstains", "blocks")


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    """Keep the keys of this test for itself."""
    settings.BALLOT_KEYS_DIR = tmp_path / "keys"


def speakers(scene, count):
    """Return that many more organisations that accepted, each with who speaks for it."""
    made = build.make_organisations(*(f"Voter {build.number()}" for _ in range(count)))
    for one in made:
        build.make_invitation(scene.consultation, one, state="accepted")
    return [(one, build.make_member(one)) for one in made]


def everybody(scene, more=3):
    """Return all who vote: the two of the scene and some more."""
    mine = [
        (scene.cast.organisation, scene.cast.representative),
        (scene.cast.other_organisation, scene.cast.other_member),
    ]
    return [*mine, *speakers(scene, more)]


def begun(scene, item=None):
    """Return a ballot that the representative asked for."""
    return actions.ask_secrecy(
        scene.statement, by=scene.cast.representative, recommendation=item, organisation=scene.cast.organisation
    )


def choose(ballot, pair, choice):
    """Cast the choice of one organisation."""
    organisation, person = pair
    return actions.cast_choice(ballot, by=person, organisation=organisation, choice=choice)


def test_one_participant_is_enough(scene):
    table(scene)
    ballot = begun(scene)
    assert (ballot.state, sealing.kept_keys()) == ("open", [str(ballot.name)])
    with pytest.raises(Refusal, match="already"):
        begun(scene)
    with pytest.raises(Refusal, match="secret ballot"):
        actions.take_position(
            scene.statement, by=scene.cast.other_member, organisation=scene.cast.other_organisation, stance="blocks"
        )
    with pytest.raises(Refusal, match="secret ballot is open"):
        actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=timezone.localdate())


def test_who_may_not_ask(scene):
    table(scene)
    for person in (scene.cast.colleague, scene.cast.stranger, scene.cast.other_member):
        with pytest.raises(Refusal):
            actions.ask_secrecy(scene.statement, by=person, organisation=scene.cast.organisation)
    assert actions.ask_secrecy(scene.statement, by=scene.cast.convenor).pk


def test_a_rule_that_counts_parts_cannot_be_kept_in_secret(scene):
    actions.state_rule(scene.statement, by=scene.cast.convenor, version=1, parts="bench", kind="simple")
    table(scene)
    with pytest.raises(Refusal, match="each bench or group"):
        begun(scene)


def test_a_choice_is_replaced_until_the_count_and_leaves_no_line_in_the_log(scene):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    before = LogEntry.objects.count()
    for choice in ("blocks", "abstains", "consensus"):
        for pair in voters:
            choose(ballot, pair, choice)
    assert LogEntry.objects.count() == before
    assert SealedVoice.objects.count() == 5
    counted = actions.count_ballot(ballot, by=scene.cast.convenor)
    assert (counted.cast, Counter(OpenedChoice.objects.values_list("stance", flat=True))) == (5, {"consensus": 5})


def test_no_result_below_five_choices(scene):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    for pair in voters[:4]:
        choose(ballot, pair, "consensus")
    with pytest.raises(Refusal, match="fewer than five"):
        actions.count_ballot(ballot, by=scene.cast.convenor)
    assert not OpenedChoice.objects.exists()


def test_dropped_unopened_positions_are_taken_openly_again(scene, django_capture_on_commit_callbacks):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    choose(ballot, voters[0], "blocks")
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_ballot(ballot, by=scene.cast.convenor)
    assert sealing.kept_keys() == []
    assert [bytes(one.sealed) for one in SealedVoice.objects.all()] == [b""]
    assert actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    ).pk


def test_after_the_count_nothing_opens_a_copy_that_was_made_before(scene, django_capture_on_commit_callbacks):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    for pair in voters:
        choose(ballot, pair, "consensus")
    copy = {one.organisation_id: bytes(one.sealed) for one in SealedVoice.objects.all()}
    assert len({len(sealed) for sealed in copy.values()}) == 1
    assert sealing.unseal(str(ballot.name), voters[0][0].pk, copy[voters[0][0].pk]) == "consensus"
    with django_capture_on_commit_callbacks(execute=True):
        actions.count_ballot(ballot, by=scene.cast.convenor)
    with pytest.raises(Refusal, match="key of this ballot is gone"):
        sealing.unseal(str(ballot.name), voters[0][0].pk, copy[voters[0][0].pk])


def test_a_choice_in_another_row_does_not_open(scene):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    for pair in voters:
        choose(ballot, pair, "consensus")
    stolen = SealedVoice.objects.get(organisation=voters[0][0]).sealed
    SealedVoice.objects.filter(organisation=voters[1][0]).update(sealed=bytes(stolen))
    with pytest.raises(Refusal, match="was changed"):
        actions.count_ballot(ballot, by=scene.cast.convenor)


def test_a_secret_adoption_lists_nobody(scene):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    for pair, choice in zip(voters, ["consensus"] * 4 + ["abstains"], strict=True):
        choose(ballot, pair, choice)
    actions.count_ballot(ballot, by=scene.cast.convenor)
    actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=timezone.localdate())
    adoption = Adoption.objects.get()
    assert (adoption.manner, adoption.present_count, adoption.adopters.count()) == ("secret", 5, 0)
    assert Outcome.objects.get().figures["stances"] == {"consensus": 4, "reservation": 0, "abstains": 1, "blocks": 0}


def test_an_item_is_decided_in_secret_and_opened_again(scene):
    first, *_rest = table(scene)
    voters, ballot = everybody(scene), begun(scene, first)
    with pytest.raises(Refusal, match="secret ballot is open"):
        actions.decide_item(first, by=scene.cast.convenor, verdict="agreed", version=first.version)
    for pair, choice in zip(voters, ["consensus"] * 4 + ["blocks"], strict=True):
        choose(ballot, pair, choice)
    actions.count_ballot(ballot, by=scene.cast.convenor)
    with pytest.raises(Refusal, match="1 says that it cannot agree"):
        actions.decide_item(first, by=scene.cast.convenor, verdict="agreed", version=first.version)
    actions.decide_item(first, by=scene.cast.convenor, verdict="bracketed", version=first.version)
    first.refresh_from_db()
    actions.decide_item(first, by=scene.cast.convenor, verdict="reopened", version=first.version)
    assert (Ballot.objects.get().state, OpenedChoice.objects.count()) == ("dropped", 0)
    assert begun(scene, first).pk != ballot.pk


def test_an_organisation_that_left_the_table_meanwhile_is_not_counted(scene):
    table(scene)
    voters, ballot = everybody(scene, more=4), begun(scene)
    for pair in voters:
        choose(ballot, pair, "blocks" if pair is voters[-1] else "consensus")
    type(voters[-1][0]).objects.filter(pk=voters[-1][0].pk).update(conflict="state")
    assert actions.count_ballot(ballot, by=scene.cast.convenor).cast == 5
    assert set(OpenedChoice.objects.values_list("stance", flat=True)) == {"consensus"}


def test_a_carried_voice_is_cast_by_its_holder(scene):
    table(scene)
    ballot = begun(scene)
    actions.record_proxy(
        scene.statement,
        by=scene.cast.convenor,
        giver=scene.cast.other_organisation,
        holder=scene.cast.organisation,
    )
    pair = (scene.cast.other_organisation, scene.cast.representative)
    assert choose(ballot, pair, "consensus").organisation == scene.cast.other_organisation
    with pytest.raises(Refusal, match="do not speak"):
        choose(ballot, (scene.cast.organisation, scene.cast.other_member), "consensus")


def test_a_key_left_by_a_process_that_died_is_destroyed(scene):
    table(scene)
    ballot = begun(scene)
    Ballot.objects.update(state="counted")
    assert actions.destroy_left_keys() == 1
    assert sealing.kept_keys() == []
    assert actions.destroy_left_keys() == 0
    assert Ballot.objects.get() == ballot


def test_the_key_is_read_by_nobody_else_and_stands_in_no_row(scene, settings):
    table(scene)
    ballot = begun(scene)
    (place,) = Path(settings.BALLOT_KEYS_DIR).iterdir()
    assert (oct(place.stat().st_mode)[-3:], oct(place.parent.stat().st_mode)[-3:]) == ("600", "700")
    key = place.read_bytes()
    names = [field.attname for field in Ballot._meta.concrete_fields]
    assert not any(key.hex() in str(getattr(ballot, name)) for name in names)


# --- The attack -------------------------------------------------------------------------------------------------


def physical(model):
    """Return the rows in the order in which they lie in the table."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    return list(model.objects.raw(f"SELECT * FROM {model._meta.db_table} ORDER BY {place}"))  # noqa: S608 - our words


def guesses(ballots):
    """Return, per way to match choices with organisations, how many of all choices it guesses right."""
    right = Counter()
    for truth, choices, voices in ballots:
        for name, order in {
            "as they lie": choices,
            "backwards": choices[::-1],
            "by key": sorted(choices, key=lambda one: str(one.pk)),
        }.items():
            for way, owners in {
                "as they lie": voices,
                "by id": sorted(voices, key=lambda one: one.pk),
                "by organisation": sorted(voices, key=lambda one: one.organisation_id),
            }.items():
                pairs = zip(order, owners, strict=True)
                right[name, way] += sum(truth[owner.organisation_id] == choice.stance for choice, owner in pairs)
    return right


@pytest.mark.slow
def test_with_the_whole_database_a_matcher_does_no_better_than_chance(scene, django_capture_on_commit_callbacks):
    """1,000 sealed choices in 40 ballots: each half of it joins, so that guessing blindly is right in half of them."""
    items = table(scene, asean=40, national=0)
    voters = everybody(scene, more=23)
    chance, ballots = random.Random(41), []
    for item in items:
        ballot = begun(scene, item)
        chosen = ["consensus"] * 13 + ["blocks"] * 12
        chance.shuffle(chosen)
        order = voters[:]
        chance.shuffle(order)
        for pair, choice in zip(order, chosen, strict=True):
            choose(ballot, pair, choice)
        with django_capture_on_commit_callbacks(execute=True):
            actions.count_ballot(ballot, by=scene.cast.convenor)
        truth = {pair[0].pk: choice for pair, choice in zip(order, chosen, strict=True)}
        choices = [one for one in physical(OpenedChoice) if one.ballot_id == ballot.pk]
        voices = [one for one in physical(SealedVoice) if one.ballot_id == ballot.pk]
        assert all(bytes(one.sealed) == b"" for one in voices)
        ballots.append((truth, choices, voices))
    # By chance 13/25 * 13/25 + 12/25 * 12/25 of 1,000 are right: 501, give or take 16 (one standard deviation).
    assert {way: right for way, right in guesses(ballots).items() if not 430 < right < 570} == {}


def test_no_line_of_the_log_and_no_other_row_names_a_choice(scene):
    table(scene)
    voters, ballot = everybody(scene), begun(scene)
    for pair in voters:
        choose(ballot, pair, "blocks")
    actions.count_ballot(ballot, by=scene.cast.convenor)
    entries = LogEntry.objects.filter(subject_type="recommendations.ballot").order_by("number")
    assert [(entry.verb, entry.detail) for entry in entries] == [("ask_secrecy", ""), ("count_ballot", "5")]
    names = {field.name for field in OpenedChoice._meta.get_fields()}
    assert names == {"id", "ballot", "stance"}
    assert {field.name for field in SealedVoice._meta.get_fields()} == {"id", "ballot", "organisation", "sealed"}
    call_command("verify_editions")

"""The rule, the roll, proxies; and the plenary item by item."""

import pytest
from django.utils import timezone

from portal.models import LogEntry
from portal.states import Conflict, Refusal
from recommendations import actions, floor
from recommendations.models import Adoption, Outcome, Plenary, Position, Proxy, RollEntry, Statement
from tests import build
from tests.recommendations.scene import table

TODAY = timezone.localdate


def state(scene, version=1, **rule):
    """State a rule as convenor."""
    return actions.state_rule(scene.statement, by=scene.cast.convenor, version=version, **rule)


def take(scene, stance="consensus", **values):
    """Take the position of the representative's organisation."""
    return actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance=stance, **values
    )


def record(scene, stance="consensus", organisation=None, **values):
    """Record the position of another organisation."""
    return actions.record_position(
        scene.statement,
        by=scene.cast.convenor,
        organisation=organisation or scene.cast.other_organisation,
        stance=stance,
        **values,
    )


def decide(scene, item, verdict, **values):
    """Say as convenor what the plenary said."""
    item.refresh_from_db()
    return actions.decide_item(item, by=scene.cast.convenor, verdict=verdict, version=item.version, **values)


def adopt(scene):
    """Adopt the statement today."""
    return actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=TODAY(), place="Jakarta")


def comers(scene, count, **values):
    """Return that many more organisations that accepted."""
    made = [build.make_organisation(**values) for _ in range(count)]
    for one in made:
        build.make_invitation(scene.consultation, one, state="accepted")
    return made


# --- The rule ---------------------------------------------------------------------------------------------------


def test_the_rule_is_stated_and_changed_until_somebody_speaks(scene):
    state(scene, kind="simple")
    table(scene)
    state(scene, version=2, kind="two-thirds", abstentions=True)
    assert floor.plenary_of(Statement.objects.get()).rule.kind == "two-thirds"
    take(scene)
    with pytest.raises(Refusal, match="stands still"):
        state(scene, version=3, kind="consensus")
    assert Plenary.objects.get().kind == "two-thirds"


def test_two_convenors_who_state_a_rule_clash(scene):
    state(scene, kind="simple")
    with pytest.raises(Conflict):
        state(scene, kind="consensus")


@pytest.mark.parametrize("percent", [0, 101])
def test_another_share_is_said_in_per_cent(scene, percent):
    with pytest.raises(Refusal) as refused:
        state(scene, kind="share", percent=percent)
    assert refused.value.field == "percent"


@pytest.mark.parametrize("at", ["adopted", "published"])
def test_no_rule_is_stated_afterwards(scene, at):
    Statement.objects.update(state=at)
    with pytest.raises(Refusal):
        state(scene, kind="simple")


def test_a_sealed_choice_and_a_decided_item_freeze_the_rule_too(scene):
    first, *_rest = table(scene)
    decide(scene, first, "agreed")
    with pytest.raises(Refusal, match="stands still"):
        state(scene, kind="simple")


def test_a_majority_adopts_over_a_no_and_keeps_the_numbers(scene):
    state(scene, kind="two-thirds")
    table(scene)
    more = comers(scene, 2)
    take(scene)
    for one in more:
        record(scene, organisation=one)
    record(scene, "blocks")
    adopt(scene)
    adoption = Adoption.objects.get()
    assert (adoption.manner, adoption.present_count, adoption.adopters.count()) == ("majority", 4, 3)
    kept = Outcome.objects.get(verdict="adopted")
    assert kept.figures["whole"] == {"joined": 3, "blocked": 1, "base": 4, "needed": 3, "met": True}


def test_a_majority_that_is_missed_says_by_how_much(scene):
    state(scene, kind="two-thirds")
    table(scene)
    take(scene)
    record(scene, "blocks")
    with pytest.raises(Refusal, match=r"1 of 2 organisations join; 2 are needed \(two thirds of 2\): not adopted."):
        adopt(scene)


def test_without_a_quorum_nothing_is_adopted(scene):
    state(scene, quorum=100)
    table(scene)
    take(scene)
    with pytest.raises(Refusal, match="1 of 2 organisations are in the room; 2 are needed"):
        adopt(scene)
    actions.mark_presence(
        scene.statement, by=scene.cast.convenor, organisation=scene.cast.other_organisation, present=True
    )
    assert adopt(scene).number == 1


def test_each_group_must_agree_where_the_rule_says_so(scene):
    state(scene, kind="simple", parts="group")
    table(scene)
    (scholar,) = comers(scene, 1, groups=[build.make_group("scholars", name_en="Scholars", bench="academic")])
    take(scene)
    record(scene)
    record(scene, "blocks", organisation=scholar)
    with pytest.raises(Refusal, match="Scholars: 0 of 1 joins, 1 is needed"):
        adopt(scene)


# --- The roll and proxies ---------------------------------------------------------------------------------------


def test_the_roll_keeps_one_entry_and_the_last_word(scene):
    table(scene)
    for present in (True, False, True):
        actions.mark_presence(
            scene.statement, by=scene.cast.convenor, organisation=scene.cast.organisation, present=present
        )
    assert [(entry.organisation, entry.present) for entry in RollEntry.objects.all()] == [
        (scene.cast.organisation, True)
    ]


def test_the_door_fills_the_roll_and_overrules_nothing(scene):
    table(scene)
    for invitation in scene.invitations:
        build.make_seat(invitation, state="present")
        build.make_seat(invitation, state="present")
    actions.mark_presence(scene.statement, by=scene.cast.convenor, organisation=scene.cast.organisation, present=False)
    assert actions.take_roll_from_door(scene.statement, by=scene.cast.convenor) == 1
    assert actions.take_roll_from_door(scene.statement, by=scene.cast.convenor) == 0
    members = {one.organisation: one.present for one in floor.assembly(scene.statement)}
    assert members == {scene.cast.organisation: False, scene.cast.other_organisation: True}


def test_nobody_calls_the_own_organisation_or_one_on_its_own_bench(scene):
    table(scene)
    insider = build.make_member(scene.cast.organisation)
    with pytest.raises(Refusal, match="You act for this organisation"):
        actions.mark_presence(scene.statement, by=insider, organisation=scene.cast.organisation, present=True)
    agency = build.make_organisation(groups=[build.make_group("agencies", hearing="own-bench", bench="employers")])
    with pytest.raises(Refusal, match="own bench"):
        actions.mark_presence(scene.statement, by=scene.cast.convenor, organisation=agency, present=True)


def give(scene, giver, holder, by=None):
    """Record a proxy."""
    return actions.record_proxy(scene.statement, by=by or scene.cast.convenor, giver=giver, holder=holder)


def test_a_voice_is_carried_and_counts_once(scene):
    table(scene)
    give(scene, scene.cast.other_organisation, scene.cast.organisation)
    mine = actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.other_organisation, stance="consensus"
    )
    assert mine.carried_by == scene.cast.organisation
    actions.take_position(
        scene.statement, by=scene.cast.other_member, organisation=scene.cast.other_organisation, stance="abstains"
    )
    assert list(Position.objects.values_list("organisation", "stance", "carried_by")) == [
        (scene.cast.other_organisation.pk, "abstains", None)
    ]


def test_a_revoked_proxy_gives_no_voice(scene):
    table(scene)
    proxy = give(scene, scene.cast.other_organisation, scene.cast.organisation)
    actions.revoke_proxy(proxy, by=scene.cast.convenor)
    with pytest.raises(Refusal, match="do not speak"):
        actions.take_position(
            scene.statement,
            by=scene.cast.representative,
            organisation=scene.cast.other_organisation,
            stance="consensus",
        )
    with pytest.raises(Refusal, match="already"):
        actions.revoke_proxy(proxy, by=scene.cast.convenor)
    assert Proxy.objects.get().revoked_at
    assert give(scene, scene.cast.other_organisation, scene.cast.organisation).pk != proxy.pk


def test_the_limits_of_proxies(scene):
    table(scene)
    one, two, three, four = comers(scene, 4)
    give(scene, one, two)
    for giver, holder in ((one, three), (one, one), (two, three), (three, one)):
        with pytest.raises(Refusal):
            give(scene, giver, holder)
    give(scene, three, two)
    with pytest.raises(Refusal, match="two voices already"):
        give(scene, four, two)
    assert Proxy.objects.count() == 2


def test_who_gives_and_holds_no_proxy(scene):
    table(scene)
    agency = build.make_organisation(groups=[build.make_group("agencies", hearing="own-bench", bench="employers")])
    build.make_invitation(scene.consultation, agency, state="accepted")
    insider = build.make_member(scene.cast.organisation)
    mine, other = scene.cast.organisation, scene.cast.other_organisation
    for giver, holder, by in (
        (agency, mine, None),
        (mine, agency, None),
        (mine, other, insider),
        (other, mine, insider),
    ):
        with pytest.raises(Refusal):
            give(scene, giver, holder, by)
    with pytest.raises(Refusal, match="did not accept"):
        give(scene, build.make_organisation(), mine)
    assert not Proxy.objects.exists()


# --- Item by item -----------------------------------------------------------------------------------------------


def test_only_agreed_and_amended_items_go_into_the_edition(scene):
    items = table(scene, national=2, asean=4)
    decide(scene, items[0], "agreed")
    decide(scene, items[1], "amended", words={"en": "In other words.", "id": "Lain."})
    decide(scene, items[2], "bracketed")
    decide(scene, items[3], "deferred")
    decide(scene, items[4], "withdrawn")
    take(scene)
    with pytest.raises(Refusal, match="1 item is still open"):
        adopt(scene)
    assert actions.agree_to_rest(scene.statement, by=scene.cast.convenor) == 1
    edition = adopt(scene)
    assert [(item.label, item.text_en) for item in edition.items.order_by("id")] == [
        ("ASEAN 1", items[0].text_en),
        ("ASEAN 2", "In other words."),
        ("ID 1", items[5].text_en),
    ]
    assert list(scene.statement.recommendations.order_by("pk").values_list("state", flat=True)) == [
        "adopted",
        "adopted_as_amended",
        "not_adopted",
        "deferred",
        "withdrawn",
        "adopted",
    ]


def test_amended_words_keep_the_words_before(scene):
    first, *_rest = table(scene)
    before = first.text_en
    outcome = decide(scene, first, "amended", words={"en": "Ban all fees."})
    assert (outcome.before["en"], outcome.after["en"]) == (before, "Ban all fees.")
    decide(scene, first, "reopened")
    first.refresh_from_db()
    assert (first.state, first.text_en) == ("tabled", before)
    assert list(first.outcomes.values_list("verdict", flat=True)) == ["amended", "reopened"]


def test_an_amendment_changes_something_and_keeps_the_prevailing_language(scene):
    first, *_rest = table(scene)
    with pytest.raises(Refusal, match="Nothing was changed"):
        decide(scene, first, "amended", words={"en": first.text_en})
    with pytest.raises(Refusal, match="prevailing language"):
        decide(scene, first, "amended", words={"en": ""})
    first.refresh_from_db()
    assert first.state == "tabled"


def test_an_item_that_was_put_to_the_vote_follows_the_rule(scene):
    first, second, *_rest = table(scene)
    take(scene, recommendation=first)
    record(scene, "blocks", recommendation=first)
    with pytest.raises(Refusal, match="1 says that it cannot agree"):
        decide(scene, first, "agreed")
    decide(scene, first, "bracketed")
    assert decide(scene, second, "agreed").verdict == "agreed"


def test_a_reservation_alone_puts_nothing_to_the_vote(scene):
    first, *_rest = table(scene)
    state(scene, kind="simple", base="accepted")
    take(scene, "reservation", text="Not this.", recommendation=first)
    assert decide(scene, first, "agreed").verdict == "agreed"


def test_nothing_is_said_to_an_item_that_is_decided(scene):
    first, *_rest = table(scene)
    said = take(scene, "abstains", recommendation=first)
    decide(scene, first, "deferred")
    with pytest.raises(Refusal, match="decided already"):
        take(scene, recommendation=first)
    with pytest.raises(Refusal, match="decided already"):
        actions.take_back_position(said, by=scene.cast.representative)


def test_a_position_on_an_item_is_taken_back_by_its_own_people(scene):
    first, *_rest = table(scene)
    said = take(scene, "blocks", recommendation=first)
    with pytest.raises(Refusal):
        actions.take_back_position(said, by=scene.cast.other_member)
    actions.take_back_position(said, by=scene.cast.representative)
    assert not Position.objects.exists()


def test_a_reservation_on_an_item_lifts_an_earlier_no_and_outlives_a_later_yes(scene):
    first, *_rest = table(scene)
    take(scene, "blocks")
    take(scene, "reservation", text="Only this.", recommendation=first)
    take(scene)
    (member,) = [one for one in floor.assembly(scene.statement) if one.whole]
    assert (member.stance_on(None), member.stance_on(first.pk)) == ("reservation", "reservation")
    assert adopt(scene).statement.adoption.manner == "consensus-with-reservations"


def test_two_convenors_decide_one_item_once(scene):
    first, *_rest = table(scene)
    decide(scene, first, "agreed")
    with pytest.raises(Conflict):
        actions.decide_item(first, by=scene.cast.second_convenor, verdict="deferred", version=1)
    assert Outcome.objects.count() == 1


def test_nothing_agreed_is_nothing_to_adopt(scene):
    for item in table(scene):
        decide(scene, item, "withdrawn")
    take(scene)
    with pytest.raises(Refusal, match="No item was agreed"):
        adopt(scene)


def test_what_is_on_the_floor(scene):
    first, *_rest = table(scene)
    actions.put_on_floor(scene.statement, by=scene.cast.convenor, recommendation=first)
    assert Plenary.objects.get().floor == first
    foreign = build.make_recommendation(build.make_statement(build.make_consultation()))
    with pytest.raises(Refusal):
        actions.put_on_floor(scene.statement, by=scene.cast.convenor, recommendation=foreign)
    take(scene)
    adopt(scene)
    assert Plenary.objects.get().floor is None


# --- Not adopted ------------------------------------------------------------------------------------------------


def test_a_failed_adoption_is_a_draft_again_with_what_happened_on_record(scene):
    items = table(scene)
    decide(scene, items[0], "agreed")
    take(scene)
    record(scene, "blocks")
    outcome = actions.record_failure(scene.statement, by=scene.cast.convenor, note="Too far for one.")
    scene.statement.refresh_from_db()
    assert scene.statement.state == "draft"
    assert set(scene.statement.recommendations.values_list("state", flat=True)) == {"drafting"}
    assert (outcome.figures["stances"]["blocks"], outcome.note) == (1, "Too far for one.")
    assert not Position.objects.exists()
    assert LogEntry.objects.filter(verb="fail").count() == 1
    actions.table_statement(scene.statement, by=scene.cast.convenor)
    take(scene)
    assert adopt(scene).number == 1


def test_what_could_be_adopted_does_not_fail(scene):
    table(scene)
    take(scene)
    with pytest.raises(Refusal, match="The rule is met"):
        actions.record_failure(scene.statement, by=scene.cast.convenor)


def test_taking_the_text_back_clears_the_floor(scene):
    first, *_rest = table(scene)
    actions.put_on_floor(scene.statement, by=scene.cast.convenor, recommendation=first)
    decide(scene, first, "amended", words={"en": "Other."})
    actions.untable_statement(scene.statement, by=scene.cast.convenor)
    first.refresh_from_db()
    assert (first.state, first.text_en, Plenary.objects.get().floor) == ("drafting", "Other.", None)

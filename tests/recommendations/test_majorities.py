"""Rules of adoption worked out on random plenaries: nobody is counted twice, and a rule never bends."""

from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations import majorities
from recommendations.majorities import JOINS, Rule, Voice, explain, explain_rule, kept, needed_of, read, tally
from recommendations.states import RuleBase, RuleKind, RuleParts, Stance

# A busy machine is no fault of the rules.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
STANCES = st.sampled_from(["", *Stance.values])
PARTS = ("workers", "civil-society", "academic")


def voices():
    """Return random organisations in a plenary; several may have the same key."""
    return st.lists(
        st.builds(
            Voice,
            key=st.integers(0, 30),
            stance=STANCES,
            accepted=st.booleans(),
            present=st.booleans(),
            represented=st.booleans(),
            bench=st.sampled_from(PARTS),
            groups=st.frozensets(st.sampled_from(PARTS), min_size=1),
        ),
        max_size=40,
    )


RULES = st.builds(
    Rule,
    kind=st.sampled_from(RuleKind.values),
    percent=st.integers(1, 100),
    base=st.sampled_from(RuleBase.values),
    abstentions=st.booleans(),
    parts=st.sampled_from(RuleParts.values),
    quorum=st.integers(0, 100),
    quorum_parts=st.booleans(),
)


@given(RULES, voices())
def test_an_organisation_counts_once_whoever_speaks_for_it(rule, found):
    once = {voice.key: voice for voice in found}
    assert tally(rule, found) == tally(rule, once.values()) == tally(rule, [*once.values(), *once.values()])
    counted = tally(rule, found)
    assert sum(counted.stances.values()) == sum(1 for voice in once.values() if voice.stance)
    assert counted.whole.joined <= len(once)


@given(RULES, voices())
def test_one_person_for_two_organisations_is_two_voices(rule, found):
    """A delegate of two organisations says the same for both: two keys, two voices."""
    pair = [Voice(key=("a", 1), stance=Stance.CONSENSUS), Voice(key=("b", 1), stance=Stance.CONSENSUS)]
    before, after = tally(rule, found), tally(rule, [*found, *pair])
    assert after.whole.joined == before.whole.joined + 2


@given(
    st.sampled_from([kind for kind in RuleKind.values if kind != "consensus"]),
    st.integers(51, 100),
    st.integers(0, 400),
)
def test_what_is_needed_is_the_smallest_number_that_is_the_share(kind, percent, base):
    needed = needed_of(Rule(kind=kind, percent=percent), base)
    shares = {"two-thirds": Fraction(2, 3), "three-quarters": Fraction(3, 4), "share": Fraction(percent, 100)}
    assert needed >= 1
    if kind == RuleKind.SIMPLE:
        assert needed * 2 > base >= (needed - 1) * 2
    elif base:
        assert needed >= base * shares[kind]
        assert needed - 1 < base * shares[kind]


@given(RULES, voices())
def test_the_figures_add_up(rule, found):
    counted = tally(rule, found)
    whole = counted.whole
    assert whole.joined + whole.blocked <= whole.base
    assert whole.joined == sum(counted.stances[stance] for stance in JOINS)
    assert counted.quorum.present <= counted.quorum.accepted
    if rule.base == RuleBase.POSITIONS and rule.abstentions:
        assert whole.base == counted.voices


@given(RULES, voices(), st.data())
def test_one_more_of_those_counted_that_joins_never_undoes_a_majority(rule, found, data):
    rule = majorities.replace(rule, base="accepted", abstentions=True)
    once = majorities.once_each(found)
    silent = [voice for voice in once if voice.stance not in JOINS and voice.accepted]
    if not silent or not tally(rule, once).whole.met:
        return
    one = data.draw(st.sampled_from(silent))
    joins = majorities.replace(one, stance=Stance.CONSENSUS)
    assert tally(rule, [joins if voice is one else voice for voice in once]).whole.met


@given(voices())
def test_consensus_bears_no_block_and_asks_for_one_who_joins(found):
    counted = tally(Rule(), found)
    assert counted.adopted is (counted.whole.joined > 0 and counted.whole.blocked == 0)


@given(RULES, voices())
def test_each_part_must_agree_by_itself(rule, found):
    counted = tally(rule, found)
    if counted.adopted:
        assert all(count.met for _name, count in counted.parts)
        assert counted.quorate
    assert (counted.parts == ()) is (
        not rule.parts or not any(v.accepted or v.stance for v in majorities.once_each(found))
    )


@given(RULES, voices(), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_secret_tally_counts_the_choices_and_nothing_said_openly(rule, found, joins, abstains, blocks):
    silent = [majorities.silent(voice) for voice in found]
    secret = {"consensus": joins, "abstains": abstains, "blocks": blocks}
    counted = tally(rule, silent, secret)
    assert (counted.whole.joined, counted.whole.blocked, counted.voices) == (joins, blocks, joins + abstains + blocks)
    assert counted.parts == ()
    assert counted.whole.base >= joins + blocks


@given(RULES, voices())
def test_the_record_keeps_every_figure(rule, found):
    counted = tally(rule, found)
    assert read(kept(counted)) == counted


@given(RULES, voices())
@pytest.mark.parametrize("language", ["en", "id"])
def test_it_is_explained_in_words(language, rule, found):
    with translation.override(language):
        lines = [*explain(tally(rule, found)), *explain_rule(rule)]
    assert all(line and "%(" not in line for line in lines)


def of(joined=0, blocks=0, abstains=0, silent=0, **values):
    """Return a plenary of that many organisations."""
    stances = ["consensus"] * joined + ["blocks"] * blocks + ["abstains"] * abstains + [""] * silent
    return [Voice(key=number, stance=stance, bench="workers", **values) for number, stance in enumerate(stances)]


@pytest.mark.parametrize(
    ("rule", "found", "sentences"),
    [
        (
            Rule(kind="two-thirds"),
            of(19, 1, 2),
            ["19 of 20 organisations join; 14 are needed (two thirds of 20): adopted."],
        ),
        (
            Rule(kind="two-thirds", abstentions=True),
            of(19, 1, 2),
            ["19 of 22 organisations join; 15 are needed (two thirds of 22): adopted."],
        ),
        (
            Rule(kind="simple", base="accepted"),
            of(10, 0, 0, 10),
            ["10 of 20 organisations join; 11 are needed (more than half of 20): not adopted."],
        ),
        (
            Rule(kind="share", percent=60, base="present"),
            of(3, 2, present=True),
            ["3 of 5 organisations join; 3 are needed (60 per cent of 5): adopted."],
        ),
        (Rule(), of(5, 1), ["5 organisations join, 1 says that it cannot agree: not adopted."]),
        (Rule(), of(1), ["1 organisation joins, none says that it cannot agree: adopted."]),
        (Rule(), of(0, 0, 3), ["No organisation has joined: not adopted."]),
        (
            Rule(quorum=50),
            of(3, 0, 0, 5),
            [
                "3 organisations join, none says that it cannot agree: not adopted.",
                "0 of 8 organisations are in the room; 4 are needed: the quorum is not met.",
            ],
        ),
    ],
)
def test_the_arithmetic_in_one_sentence(rule, found, sentences):
    assert explain(tally(rule, found)) == sentences


def test_a_bench_that_does_not_agree_keeps_the_whole_from_it():
    rule = Rule(kind="simple", parts="bench")
    found = [*of(10), *(Voice(key=f"o{n}", stance="blocks", bench="academic") for n in range(3))]
    counted = tally(rule, found)
    assert counted.whole.met
    assert not counted.adopted
    assert explain(counted, {"academic": "Academics"})[1] == "Academics: 0 of 3 join, 2 are needed."


def test_a_carried_voice_counts_for_the_decision_and_not_for_the_quorum():
    found = [Voice(key=1, stance="consensus", represented=True), Voice(key=2, stance="consensus", present=True)]
    counted = tally(Rule(kind="simple", base="present", quorum=100), found)
    assert (counted.whole.base, counted.quorum.present, counted.quorate) == (2, 1, False)

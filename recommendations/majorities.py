"""Rules of adoption: who is counted, how many are needed, whether enough are there. No table is read here.

An organisation is counted by its own key: two delegates of one are one voice, one delegate of two is two voices.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import RuleBase, RuleKind, RuleParts, Stance

JOINS = (Stance.CONSENSUS, Stance.RESERVATION)
SHARES = {RuleKind.TWO_THIRDS: Fraction(2, 3), RuleKind.THREE_QUARTERS: Fraction(3, 4)}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a text is adopted. By default: by consensus, whoever is there."""

    kind: str = RuleKind.CONSENSUS
    percent: int = 0
    base: str = RuleBase.POSITIONS
    abstentions: bool = False
    parts: str = RuleParts.NONE
    quorum: int = 0
    quorum_parts: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """One organisation as it stands in the plenary. Without a stance it has not said anything."""

    key: Hashable
    stance: str = ""
    accepted: bool = True
    present: bool = False
    represented: bool = False
    bench: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the base join, and how many must."""

    joined: int
    blocked: int
    base: int
    needed: int
    met: bool


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of those who accepted are in the room, and how many must be."""

    present: int
    accepted: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether enough are there."""
        return self.present >= self.needed


@dataclass(frozen=True, slots=True)
class Tally:
    """The whole arithmetic of one decision."""

    rule: Rule
    stances: dict[str, int]
    silent: int
    present: int
    represented: int
    whole: Count
    quorum: Quorum
    parts: tuple[tuple[str, Count], ...] = ()
    quorum_parts: tuple[tuple[str, Quorum], ...] = ()

    @property
    def quorate(self) -> bool:
        """Whether enough are there, in the whole and where it is asked for in each group."""
        return self.quorum.met and all(quorum.met for _name, quorum in self.quorum_parts)

    @property
    def adopted(self) -> bool:
        """Whether the rule is met in every respect."""
        return self.quorate and self.whole.met and all(count.met for _name, count in self.parts)

    @property
    def voices(self) -> int:
        """Return how many said something."""
        return sum(self.stances.values())


def silent(voice: Voice) -> Voice:
    """Return the voice without what it said: where choices are secret, nothing said openly counts."""
    return replace(voice, stance="")


def once_each(voices: Iterable[Voice]) -> list[Voice]:
    """Return one voice per organisation: of several with one key the last counts."""
    return list({voice.key: voice for voice in voices}.values())


def needed_of(rule: Rule, base: int) -> int:
    """Return how many of the base must join: never nobody."""
    if rule.kind == RuleKind.CONSENSUS:
        return 1
    if rule.kind == RuleKind.SIMPLE:
        return floor(Fraction(base, 2)) + 1
    share = SHARES.get(RuleKind(rule.kind), Fraction(rule.percent, 100))
    return max(1, ceil(base * share))


def base_of(rule: Rule, voices: Sequence[Voice]) -> int:
    """Return of how many the share is taken. Who abstains is left out of every base unless the rule counts them."""
    if rule.base == RuleBase.ACCEPTED:
        inside = [voice for voice in voices if voice.accepted or voice.stance]
    elif rule.base == RuleBase.PRESENT:
        inside = [voice for voice in voices if voice.present or voice.represented or voice.stance]
    else:
        inside = [voice for voice in voices if voice.stance]
    return sum(1 for voice in inside if rule.abstentions or voice.stance != Stance.ABSTAINS)


def count_of(rule: Rule, voices: Sequence[Voice]) -> Count:
    """Count one part of the plenary, or the whole of it."""
    joined = sum(1 for voice in voices if voice.stance in JOINS)
    blocked = sum(1 for voice in voices if voice.stance == Stance.BLOCKS)
    return _counted(rule, joined, blocked, base_of(rule, voices))


def _counted(rule: Rule, joined: int, blocked: int, base: int) -> Count:
    needed = needed_of(rule, base)
    met = joined >= needed and not (rule.kind == RuleKind.CONSENSUS and blocked)
    return Count(joined, blocked, base, needed, met)


def quorum_of(rule: Rule, voices: Sequence[Voice]) -> Quorum:
    """Count who is in the room. A voice that somebody else carries is not there."""
    accepted = sum(1 for voice in voices if voice.accepted)
    present = sum(1 for voice in voices if voice.accepted and voice.present)
    return Quorum(present, accepted, ceil(Fraction(accepted * rule.quorum, 100)))


def tally(rule: Rule, voices: Iterable[Voice], secret: dict[str, int] | None = None) -> Tally:
    """Return the arithmetic for these voices; `secret` holds the choices of a ballot, which belong to nobody.

    Where choices are secret each part cannot be counted by itself, and such a rule is refused before.
    """
    found = once_each(voices)
    stances = {stance: sum(1 for one in found if one.stance == stance) for stance in Stance.values}
    whole = count_of(rule, found)
    if secret is not None:
        stances = {stance: secret.get(stance, 0) for stance in Stance.values}
        whole = _secretly(rule, found, stances)
    parts = {} if secret is not None else _parts(found, rule.parts)
    groups = _parts(found, RuleParts.GROUP) if rule.quorum_parts and rule.quorum else {}
    return Tally(
        rule=rule,
        stances=stances,
        silent=sum(1 for one in found if one.accepted and not one.stance),
        present=sum(1 for one in found if one.present),
        represented=sum(1 for one in found if one.represented and not one.present),
        whole=whole,
        quorum=quorum_of(rule, found),
        parts=tuple((name, count_of(rule, inside)) for name, inside in sorted(parts.items())),
        quorum_parts=tuple((name, quorum_of(rule, inside)) for name, inside in sorted(groups.items())),
    )


def _secretly(rule: Rule, voices: Sequence[Voice], stances: dict[str, int]) -> Count:
    """Count sealed choices: who took part is known, so the base follows from the others."""
    joined = sum(stances[stance] for stance in JOINS)
    cast, abstained = sum(stances.values()), stances[Stance.ABSTAINS]
    base = cast if rule.base == RuleBase.POSITIONS else max(cast, base_of(rule, voices))
    return _counted(rule, joined, stances[Stance.BLOCKS], base if rule.abstentions else base - abstained)


def _parts(voices: Sequence[Voice], kind: str) -> dict[str, list[Voice]]:
    """Return the voices by bench or by group; one of two groups stands in both. A part nobody accepted for is none."""
    found: dict[str, list[Voice]] = {}
    for voice in voices if kind else ():
        for name in voice.groups if kind == RuleParts.GROUP else {voice.bench}:
            found.setdefault(name, []).append(voice)
    return {name: inside for name, inside in found.items() if any(one.accepted or one.stance for one in inside)}


# --- On record ---------------------------------------------------------------------------------------------------


def kept(found: Tally) -> dict[str, Any]:
    """Return the arithmetic as it is kept with a decision: numbers and codes, no name of anybody."""
    return asdict(found)


def read(figures: Mapping[str, Any]) -> Tally:
    """Return the arithmetic that was kept, whatever the rule says today."""
    return Tally(
        **{
            **figures,
            "rule": Rule(**figures["rule"]),
            "whole": Count(**figures["whole"]),
            "quorum": Quorum(**figures["quorum"]),
            "parts": tuple((name, Count(**count)) for name, count in figures["parts"]),
            "quorum_parts": tuple((name, Quorum(**quorum)) for name, quorum in figures["quorum_parts"]),
        }
    )


# --- In words ----------------------------------------------------------------------------------------------------


def share_of(rule: Rule) -> str:
    """Return the share in words."""
    named = {
        RuleKind.SIMPLE: _("more than half"),
        RuleKind.TWO_THIRDS: _("two thirds"),
        RuleKind.THREE_QUARTERS: _("three quarters"),
    }
    return named.get(RuleKind(rule.kind)) or _("%(percent)d per cent") % {"percent": rule.percent}


def explain_rule(rule: Rule) -> list[str]:
    """Return the rule as sentences, as it is stated before anybody speaks."""
    bases = {
        RuleBase.POSITIONS: _("of the organisations that take a position"),
        RuleBase.PRESENT: _("of the organisations that are present or represented"),
        RuleBase.ACCEPTED: _("of all organisations that accepted the invitation"),
    }
    if rule.kind == RuleKind.CONSENSUS:
        lines = [_("It is adopted by consensus: somebody joins, and no organisation says that it cannot agree.")]
    else:
        sentence = _("It is adopted when %(share)s %(base)s join.")
        lines = [sentence % {"share": share_of(rule), "base": bases[RuleBase(rule.base)]}]
        lines.append(_("Abstentions are counted.") if rule.abstentions else _("Abstentions are left out of the count."))
    if rule.parts:
        benches = _("The same is needed on each bench by itself.")
        lines.append(benches if rule.parts == RuleParts.BENCH else _("The same is needed in each group by itself."))
    if rule.quorum:
        sentence = _("At least %(percent)d per cent of the organisations that accepted must be in the room.")
        lines.append(sentence % {"percent": rule.quorum})
        if rule.quorum_parts:
            lines.append(_("This holds for each group too."))
    return lines


def explain(found: Tally, names: Mapping[str, Any] | None = None, *, open_still: bool = False) -> list[str]:
    """Return the arithmetic as sentences: first the decision itself, then each part, then the quorum.

    `names` says how the parts, which go by their codes here, are called in the reader's language. While voices are
    still taken nothing is adopted yet: then the sentence says whether it is enough.
    """
    names = names or {}
    lines = [_decision(found.rule, found.whole, _end(found, open_still=open_still))]
    for name, count in found.parts:
        sentence = ngettext(
            "%(part)s: %(joined)d of %(base)d joins, %(needed)d is needed.",
            "%(part)s: %(joined)d of %(base)d join, %(needed)d are needed.",
            count.needed,
        )
        lines.append(sentence % {"part": names.get(name, name), **_figures(count)})
    return lines + explain_quorum(found, names)


def _figures(count: Count) -> dict[str, Any]:
    return {"joined": count.joined, "base": count.base, "needed": count.needed}


def _end(found: Tally, *, open_still: bool) -> str:
    if open_still:
        return _("the rule is met") if found.adopted else _("the rule is not met")
    return _("adopted") if found.adopted else _("not adopted")


def _decision(rule: Rule, count: Count, end: str) -> str:
    if not count.joined:
        return _("No organisation has joined: %(end)s.") % {"end": end}
    if rule.kind == RuleKind.CONSENSUS:
        joins = ngettext("%(count)d organisation joins", "%(count)d organisations join", count.joined)
        blocks = ngettext("%(count)d says that it cannot agree", "%(count)d say that they cannot agree", count.blocked)
        against = blocks % {"count": count.blocked} if count.blocked else _("none says that it cannot agree")
        values = {"joins": joins % {"count": count.joined}, "against": against, "end": end}
        return _("%(joins)s, %(against)s: %(end)s.") % values
    sentence = ngettext(
        "%(joined)d of %(base)d organisation joins; %(needed)d is needed (%(share)s of %(base)d): %(end)s.",
        "%(joined)d of %(base)d organisations join; %(needed)d are needed (%(share)s of %(base)d): %(end)s.",
        count.base,
    )
    return sentence % {**_figures(count), "share": share_of(rule), "end": end}


def explain_quorum(found: Tally, names: Mapping[str, Any] | None = None) -> list[str]:
    """Return who is there as sentences; nothing where the rule asks for no quorum."""
    if not found.rule.quorum:
        return []
    names = names or {}
    met, missed = _("the quorum is met"), _("the quorum is not met")
    sentence = ngettext(
        "%(present)d of %(accepted)d organisation is in the room; %(needed)d is needed: %(end)s.",
        "%(present)d of %(accepted)d organisations are in the room; %(needed)d are needed: %(end)s.",
        found.quorum.accepted,
    )

    def words(quorum: Quorum) -> str:
        values = {"present": quorum.present, "accepted": quorum.accepted, "needed": quorum.needed}
        return sentence % {**values, "end": met if quorum.met else missed}

    lines = [words(found.quorum)]
    return lines + [
        f"{names.get(name, name)}: {words(quorum)}" for name, quorum in found.quorum_parts if not quorum.met
    ]

"""What stands on the floor of a plenary: whose voice counts, what each said, and what the rule makes of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consultations.models import Invitation
from consultations.states import InvitationState, SeatPart, SeatState
from recommendations import majorities
from recommendations.majorities import JOINS, Tally, Voice
from recommendations.models import Ballot, Outcome, Plenary, Position, Proxy, RollEntry, SealedVoice, Statement
from recommendations.states import BallotState, Stance
from stakeholders.models import Organisation, StakeholderGroup
from stakeholders.states import Bench, OrganisationState

SMALLEST_BALLOT = 5  # with fewer choices the result would tell who chose what


@dataclass(slots=True)
class Member:
    """One organisation of the plenary, with everything that was said in its name. One voice, whoever speaks."""

    organisation: Organisation
    accepted: bool = False
    whole: Position | None = None
    items: dict[int, Position] = field(default_factory=dict)
    entry: RollEntry | None = None
    proxy: Proxy | None = None

    @property
    def counts(self) -> bool:
        """Whether its voice counts: who is heard on its own bench adopts nothing, nor does a record that was merged."""
        return self.organisation.is_civil_society and self.organisation.state != OrganisationState.MERGED

    @property
    def present(self) -> bool:
        """Whether it is in the room: as the roll was called, else because it spoke for itself."""
        if self.entry:
            return self.entry.present
        said = [one for one in (self.whole, *self.items.values()) if one]
        return any(one.carried_by_id is None for one in said)

    @property
    def position(self) -> Position | None:
        """Return what it says to the whole text, or else the first reservation that it has on an item of it."""
        if self.whole and not (self.whole.stance == Stance.CONSENSUS and self.reservations):
            return self.whole
        return next(iter(self.reservations), self.whole)

    @property
    def reservations(self) -> list[Position]:
        """Return its reservations on single items, the first item first."""
        return [one for _pk, one in sorted(self.items.items()) if one.stance == Stance.RESERVATION]

    def stance_on(self, item: int | None) -> str:
        """Return what it says to one item, or to the whole text; nothing where it said nothing.

        Who joins the whole joins each item that it said nothing else about. A reservation is a way of joining: who
        has one on an item and says nothing to the whole joins it with that reservation.
        """
        if item is not None:
            if item in self.items:
                return self.items[item].stance
            return self.whole.stance if self.whole and self.whole.stance in JOINS else ""
        if self.whole and self.whole.stance != Stance.CONSENSUS:
            return self.whole.stance
        if self.reservations:
            return Stance.RESERVATION
        return Stance.CONSENSUS if self.whole else ""

    def voice(self, item: int | None) -> Voice:
        """Return it as the rules count it."""
        return Voice(
            key=self.organisation.pk,
            stance=self.stance_on(item),
            accepted=self.accepted,
            present=self.present,
            represented=self.proxy is not None,
            bench=self.organisation.bench,
            groups=frozenset(group.slug for group in self.organisation.groups.all()),
        )


def plenary_of(statement: Statement) -> Plenary:
    """Return how the statement is decided on; where nobody stated a rule, consensus."""
    if not hasattr(statement, "plenary"):
        return Plenary(statement=statement)
    return statement.plenary


def rule_is_frozen(statement: Statement) -> bool:
    """Whether somebody has said something already: the rule stands still from then on."""
    sealed = SealedVoice.objects.filter(ballot__statement=statement)
    decided = Outcome.objects.filter(statement=statement, recommendation__state__in=["agreed", "amended", "bracketed"])
    return statement.positions.exists() or sealed.exists() or decided.exists()


def assembly(statement: Statement) -> list[Member]:
    """Return the organisations of the plenary by name: those that accepted, were called, spoke, or gave their voice.

    Six queries, however many they are.
    """
    accepted = Invitation.objects.filter(
        consultation=statement.consultation_id, state=InvitationState.ACCEPTED, organisation__isnull=False
    )
    there = set(accepted.values_list("organisation", flat=True))
    positions = list(statement.positions.order_by("pk"))
    roll = {entry.organisation_id: entry for entry in statement.roll.all()}
    proxies = {proxy.giver_id: proxy for proxy in standing_proxies(statement).select_related("holder")}
    known = {*there, *roll, *proxies, *(position.organisation_id for position in positions)}
    members = [
        Member(one, accepted=one.pk in there, entry=roll.get(one.pk), proxy=proxies.get(one.pk))
        for one in Organisation.objects.filter(pk__in=known).prefetch_related("groups")
    ]
    _hear({one.organisation.pk: one for one in members}, positions)
    return sorted(members, key=lambda one: ((one.organisation.name or "").casefold(), one.organisation.pk))


def _hear(members: Mapping[int, Member], positions: Iterable[Position]) -> None:
    """Give each member what was said in its name."""
    for position in positions:
        member = members[position.organisation_id]
        if position.recommendation_id is None:
            member.whole = position
        else:
            member.items[position.recommendation_id] = position


def standing_proxies(statement: Statement) -> Any:
    """Return the proxies that were not revoked."""
    return statement.proxies.filter(revoked_at=None)


def came(statement: Statement) -> set[int]:
    """Return the ids of the organisations of which the door noted a delegate."""
    seats = statement.consultation.delegates.filter(state=SeatState.PRESENT, part=SeatPart.DELEGATE)
    return set(seats.filter(organisation__isnull=False).values_list("organisation", flat=True))


def ballots_of(statement: Statement) -> dict[int | None, Ballot]:
    """Return the ballot that is open, or else the last one that was counted, by item; None is the whole."""
    found = statement.ballots.exclude(state=BallotState.DROPPED).order_by("pk")
    return {ballot.recommendation_id: ballot for ballot in found}


def ballot_of(statement: Statement, item: int | None) -> Ballot | None:
    """Return the ballot that is open, or else the last one that was counted, on the item or on the whole."""
    return ballots_of(statement).get(item)


def choices_of(ballot: Ballot) -> dict[str, int]:
    """Return how often each choice was made."""
    return dict(Counter(ballot.choices.values_list("stance", flat=True)))


def tally_of(
    statement: Statement, members: Iterable[Member], item: int | None = None, ballot: Ballot | None = None
) -> Tally:
    """Return the arithmetic on one item, or on the whole: of the counted ballot where there is one."""
    voices = [one.voice(item) for one in members if one.counts]
    secret = None
    if ballot and ballot.state == BallotState.COUNTED:
        secret = choices_of(ballot)
        voices = [majorities.silent(voice) for voice in voices]
    return majorities.tally(plenary_of(statement).rule, voices, secret)


def part_names() -> Mapping[str, Any]:
    """Return how benches and groups are called in the reader's language, by their codes."""
    return {**dict(Bench.choices), **{group.slug: group.name for group in StakeholderGroup.objects.all()}}


def sentences(found: Tally, *, open_still: bool = False) -> list[str]:
    """Return the arithmetic in words. It asks for the names of the parts only where the rule has some."""
    needs_names = found.rule.parts or found.rule.quorum_parts
    return majorities.explain(found, part_names() if needs_names else {}, open_still=open_still)


def voted_on(members: Sequence[Member], item: int, ballot: Ballot | None) -> bool:
    """Whether the item was put to the vote: more than a reservation of somebody who joins was said to it."""
    said = [one.items[item].stance for one in members if one.counts and item in one.items]
    counted = bool(ballot and ballot.state == BallotState.COUNTED)
    return counted or any(stance != Stance.RESERVATION for stance in said)

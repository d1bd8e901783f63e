"""The verbs of a secret ballot: ask for it, choose, count all choices in one batch, or drop them unopened.

No choice is written into the log, and nothing that is kept tells when a choice was made.
"""

import secrets
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import floor, sealing
from recommendations.actions.plenary import demand_civil_society, locked_tabled
from recommendations.actions.voices import demand_voice, is_undecided
from recommendations.floor import SMALLEST_BALLOT
from recommendations.models import Ballot, OpenedChoice, Recommendation, SealedVoice, Statement
from recommendations.states import BallotState, Stance
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

CHOICES = (Stance.CONSENSUS, Stance.ABSTAINS, Stance.BLOCKS)
ORPHANED_SECONDS = 3600  # a key without its ballot belongs to a request that did not end well


@transaction.atomic
def ask_secrecy(
    statement: Statement,
    *,
    by: User,
    recommendation: Recommendation | None = None,
    organisation: Organisation | None = None,
) -> Ballot:
    """Begin a secret ballot because one participant asks for it: nobody has to agree to that. Raises Refusal.

    A participant asks for the own organisation; a convenor passes on what somebody in the room asked for.
    """
    statement = locked_tabled(statement)
    if organisation:
        if organisation.pk not in standing_of(by).speaks_for:
            raise Refusal(_("You do not speak for this organisation."), field="organisation")
        demand_voice(statement, organisation, by)
    if recommendation and not is_undecided(statement, recommendation):
        raise Refusal(_("This item is decided already."))
    if floor.plenary_of(statement).rule.parts:
        raise Refusal(_("The rule counts each bench or group by itself: that cannot be done in secret."))
    item = recommendation.pk if recommendation else None
    if floor.ballot_of(statement, item):
        raise Refusal(_("There is a secret ballot on this already."))
    ballot = Ballot.objects.create(statement=statement, recommendation=recommendation)
    sealing.make_key(str(ballot.name))
    log.record("ask_secrecy", ballot, by=by, topic=statement.consultation)
    return ballot


@transaction.atomic
def cast_choice(ballot: Ballot, *, by: User, organisation: Organisation, choice: str) -> SealedVoice:
    """Seal what the organisation chooses; until the count it may choose anew. Nothing is written into the log.

    Raises Refusal.
    """
    statement = locked_tabled(ballot.statement)
    ballot = Ballot.locked(ballot.pk)
    ballot.demand("count")
    if choice not in CHOICES:
        raise Refusal(_("Choose one of the answers."), field="choice")
    demand_voice(statement, organisation, by)
    sealed = sealing.seal(str(ballot.name), organisation.pk, choice)
    voice, _new = SealedVoice.objects.update_or_create(
        ballot=ballot, organisation=organisation, defaults={"sealed": sealed}
    )
    return voice


@transaction.atomic
def count_ballot(ballot: Ballot, *, by: User) -> Ballot:
    """Open all choices in one batch, shuffled, into rows that lead nowhere; then the key is destroyed.

    Raises Refusal below five choices, or where a sealed choice was tampered with.
    """
    statement = locked_tabled(ballot.statement)
    ballot = Ballot.locked(ballot.pk)
    ballot.demand("count")
    sealed = _valid_voices(ballot)
    if len(sealed) < SMALLEST_BALLOT:
        raise Refusal(_("There are fewer than five choices: a result would tell who chose what. Wait, or drop it."))
    name = str(ballot.name)
    choices = [sealing.unseal(name, voice.organisation_id, voice.sealed) for voice in sealed]
    secrets.SystemRandom().shuffle(choices)
    rows = [OpenedChoice(ballot=ballot, stance=choice) for choice in choices]
    OpenedChoice.objects.bulk_create(rows)
    _empty(ballot)
    ballot.move("count", cast=len(rows))
    _destroy_after_commit(name)
    log.record("count_ballot", ballot, by=by, topic=statement.consultation, detail=f"{len(rows)}")
    return ballot


def _valid_voices(ballot: Ballot) -> list[SealedVoice]:
    """Return the choices that count: not of one on its own bench by now, nor of a record that was merged."""
    found = ballot.voices.select_for_update(of=("self",)).select_related("organisation")
    valid = []
    for voice in found.prefetch_related("organisation__groups").order_by("organisation"):
        try:
            demand_civil_society(voice.organisation)
        except Refusal:
            continue
        valid.append(voice)
    return valid


def _empty(ballot: Ballot) -> None:
    """Take the sealed choices away; that an organisation took part stays."""
    ballot.voices.update(sealed=b"")


@transaction.atomic
def drop_ballot(ballot: Ballot, *, by: User) -> Ballot:
    """End a ballot without opening anything: positions are taken openly again. Raises Refusal."""
    statement = locked_tabled(ballot.statement)
    ballot = Ballot.locked(ballot.pk)
    if ballot.state != BallotState.OPEN:
        raise Refusal(_("It was counted or dropped already."))
    _drop(ballot)
    log.record("drop_ballot", ballot, by=by, topic=statement.consultation)
    return ballot


def _drop(ballot: Ballot) -> None:
    _empty(ballot)
    ballot.choices.all().delete()
    ballot.move("drop")
    _destroy_after_commit(str(ballot.name))


def drop_counted(recommendation: Recommendation) -> None:
    """Let a ballot count no more because its item was opened again. Inside an action that holds the lock."""
    for ballot in recommendation.ballots.select_for_update().filter(state=BallotState.COUNTED):
        _drop(ballot)


def clear_ballots(statement: Statement) -> None:
    """Take every ballot away: its words are worked on again. Inside an action that holds the statement's lock."""
    for ballot in statement.ballots.select_for_update():
        _destroy_after_commit(str(ballot.name))
        ballot.delete()


def _destroy_after_commit(name: str) -> None:
    transaction.on_commit(partial(sealing.destroy_key, name))


def destroy_left_keys() -> int:
    """Destroy keys whose ballot is not open: of a process that died between the count and the destruction."""
    open_ones = {str(name) for name in Ballot.objects.filter(state=BallotState.OPEN).values_list("name", flat=True)}
    old = timezone.now().timestamp() - ORPHANED_SECONDS
    known = {str(name) for name in Ballot.objects.values_list("name", flat=True)}
    left = [name for name in sealing.kept_keys() if name not in open_ones and (name in known or _age(name) < old)]
    for name in left:
        sealing.destroy_key(name)
    return len(left)


def _age(name: str) -> float:
    place = Path(settings.BALLOT_KEYS_DIR) / f"{name}.key"
    return place.stat().st_mtime if place.exists() else timezone.now().timestamp()

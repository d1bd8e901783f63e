"""Move or cancel what people were invited to: all hear of it once, calendars follow, who agreed is asked again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.actions.planning import (
    demand_open,
    demand_sessions_inside,
    move_link_ends,
    says_otherwise,
    write_changed,
)
from consultations.actions.programme import demand_removable
from consultations.calendar import Gone
from consultations.emails.moving import as_written
from consultations.models import Consultation, Invitation, Session
from consultations.querysets import INVITATION_MAIL, InvitationQuerySet
from consultations.states import INVITATION, InvitationState
from portal import log
from portal.forgetting import WAITING
from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Conflict, Refusal

AGREED = tuple(state for state in InvitationState.values if INVITATION.can("reopen", state))
NOT_YET_SENT = tuple(state for state in WAITING if state != OutgoingMessage.State.SENDING)
TOLD, REDRAWN = ("send_invitations", "move", "seed"), ("add_session", "remove_session")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """What becomes of one session: taken out, or new values, with the version that the writer started from."""

    session: Session
    version: int
    out: bool = False
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many hear of it by mail, are asked again, hear it with their first mail, and are for us to tell."""

    mails: int
    agreed: int
    waiting: int
    by_hand: int


def reach(consultation: Consultation) -> Reach:
    """Return in numbers what moving or cancelling does to those who were invited."""
    concerned = consultation.invitations.concerned()
    reachable = _reachable(concerned)
    waiting = _still_waiting(consultation)
    return Reach(
        mails=reachable.exclude(pk__in=waiting).count(),
        agreed=concerned.filter(state__in=AGREED).count(),
        waiting=reachable.filter(pk__in=waiting).count(),
        by_hand=concerned.count() - reachable.count(),
    )


def _reachable(concerned: InvitationQuerySet) -> InvitationQuerySet:
    """Those with an address from which nothing came back."""
    return concerned.exclude(address="").exclude(state=InvitationState.UNDELIVERABLE)


def _still_waiting(consultation: Consultation, *, lock: bool = False) -> set[int]:
    """Return the invitations whose own mail has not left: it will say what is true when it leaves."""
    mails = OutgoingMessage.objects.about(log.topic_of(consultation))
    waiting = mails.filter(purpose=INVITATION_MAIL, state__in=NOT_YET_SENT)
    return set((waiting.select_for_update() if lock else waiting).values_list("subject_id", flat=True))


def programme_was_redrawn(consultation: Consultation) -> bool:
    """Whether sessions came or went since those invited were first invited, or last told of a move: the log knows."""
    acts = LogEntry.objects.filter(topic=log.topic_of(consultation), verb__in=(*TOLD, *REDRAWN))
    told = redrawn = 0
    for place, verb in enumerate(acts.order_by("number").values_list("verb", flat=True), start=1):
        if verb in REDRAWN:
            redrawn = place
        elif verb == "move" or not told:
            told = place
    return redrawn > told and consultation.invitations.concerned().exists()


@transaction.atomic
def move_consultation(
    consultation: Consultation, *, by: User, version: int, lines: Iterable[SessionLine] = (), **values: Any
) -> Reach:
    """Write when and where it is now, with its sessions; tell those invited once; return whom it reached.

    Who had agreed is asked again where the day, the hour or the place changed. Raises Conflict when somebody else
    changed it since `version`, Refusal where nothing is new or a session would lie outside the days.
    """
    consultation = Consultation.locked(consultation.pk)
    demand_open(consultation)
    if consultation.version != version:
        raise Conflict(consultation)
    was = as_written(consultation)
    redrawn = programme_was_redrawn(consultation)
    written = write_changed(consultation, values)
    moved_sessions, gone = _write_lines(consultation, list(lines))
    moved = bool(says_otherwise(written) or moved_sessions)
    if not (moved or gone or redrawn):
        raise Refusal(_("Nothing is new here: day, hours and place are as they were."))
    demand_sessions_inside(consultation)
    _save_moved(consultation, [*written])
    news = {"was": was, "new_venue": "venue" in says_otherwise(written), "gone": [asdict(one) for one in gone]}
    told = _tell_of_move(consultation, news, again=moved)
    log.record("move", consultation, by=by, detail=f"{told.mails} {told.agreed}")
    return told


def _write_lines(consultation: Consultation, lines: list[SessionLine]) -> tuple[int, list[Gone]]:
    """Move and take out sessions; return how many moved, and what is left of those that went."""
    there = {session.pk: session for session in consultation.sessions.select_for_update()}
    moved, gone = 0, []
    for line in lines:
        session = there.get(line.session.pk)
        if session is None or session.version != line.version:
            raise Conflict(consultation)
        if line.out:
            demand_removable(session)
            gone.append(Gone.of(session))
            session.delete()
            continue
        changed = write_changed(session, line.values)
        if changed:
            _demand_order(session)
            session.version += 1
            session.save(update_fields=[*changed, "version"])
        moved += bool(changed)
    return moved, gone


def _demand_order(session: Session) -> None:
    if session.ends_at <= session.starts_at:
        raise Refusal(_("A session ends before it begins."))


def _save_moved(consultation: Consultation, written: list[str]) -> None:
    names = [*written, "sequence", "version", "updated_at"]
    consultation.sequence += 1
    consultation.version += 1
    if consultation.state != "draft":
        consultation.moved_at = timezone.now()
        names.append("moved_at")
    consultation.save(update_fields=names)
    move_link_ends(consultation)


def _tell_of_move(consultation: Consultation, news: dict[str, Any], *, again: bool) -> Reach:
    """Ask those who agreed again, and queue one mail each. Nobody was invited to a draft."""
    if consultation.state == "draft":
        return Reach(0, 0, 0, 0)
    agreed = consultation.invitations.filter(state__in=AGREED)
    asked = agreed.update(state=InvitationState.TO_RECONFIRM, updated_at=timezone.now()) if again else 0
    told, waiting = _to_tell(consultation)
    payload = {**news, "moved_at": consultation.moved_at.isoformat()}
    mails = emails.consultation_moved(*told, version=consultation.sequence, payload=payload)
    return Reach(mails, asked, waiting, reach(consultation).by_hand)


def _to_tell(consultation: Consultation) -> tuple[list[Invitation], int]:
    """Return the invitations to write to, and how many hear it with their own invitation, which has not left yet."""
    waiting = _still_waiting(consultation, lock=True)
    reachable = _reachable(consultation.invitations.concerned()).select_related("consultation")
    found = list(reachable.select_for_update(of=("self",)))
    return [one for one in found if one.pk not in waiting], sum(one.pk in waiting for one in found)


@transaction.atomic
def cancel_consultation(consultation: Consultation, *, by: User, **reasons: str) -> Reach:
    """Call it off, for the reason given in each language; tell those invited once. What was sent in stays.

    Raises Refusal where it is in session or over. Invitations that still wait are not sent any more.
    """
    consultation = Consultation.locked(consultation.pk)
    was_announced = consultation.state != "draft"
    consultation.move(
        "cancel",
        cancelled_at=timezone.now(),
        sequence=consultation.sequence + 1,
        version=consultation.version + 1,
        **reasons,
    )
    told, waiting = _to_tell(consultation) if was_announced else ([], 0)
    mails = emails.consultation_cancelled(*told, version=consultation.sequence)
    by_hand = reach(consultation).by_hand
    log.record("cancel", consultation, by=by, detail=f"{mails}")
    return Reach(mails, 0, waiting, by_hand)

"""Answers to invitations, from whichever side they come."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations.actions.nominating import Delegate, release_delegates, same_name, seat_delegates
from consultations.models import Answer, Consultation, Invitation, Need
from consultations.querysets import kinds_of, room_of
from consultations.states import ANSWERS, INVITATION, Channel, InvitationState
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from stakeholders.querysets import standing_of

OWN_CHANNELS = (Channel.LINK, Channel.PORTAL, Channel.CALENDAR)
OVER = ("concluded", "archived")
# What a calendar says, as we say it.
PARTICIPATION = {"ACCEPTED": "yes", "TENTATIVE": "maybe", "DECLINED": "no"}
UID = re.compile(
    r"(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?P<pk>\d{1,12})(?:-[^@\s]*)?(?:@\S*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that somebody who comes needs."""

    kind: str
    detail: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an invitee says: yes, maybe or no, with how many and why; who comes and what they need, where it is said.

    `needs` replace those of the answer before; None leaves them. `delegates` are named in addition.
    """

    answer: str
    seats: int = 0
    note: str = ""
    needs: Sequence[Needed] | None = None
    delegates: Sequence[Delegate] = ()


@transaction.atomic
def answer_invitation(invitation: Invitation, *, by: User | None, reply: Reply, channel: str) -> Invitation:
    """Keep an answer; the last one counts. `by` is None for whoever holds the link.

    The consultation is locked first, so that two organisations never share the last seat: a yes for which no seat is
    left goes on the waiting list. Saying the same thing twice is one answer. Raises Refusal after the deadline, which
    is judged by the database's clock.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    now = clock.database_now()
    invitation.demand(ANSWERS[reply.answer])
    _check_time(consultation, invitation, channel, now)
    reply = reply if reply.answer == "yes" else replace(reply, seats=0, delegates=())
    _check_seats(invitation, reply)
    verb = _verb(consultation, invitation, reply, now)
    if _said_before(invitation, verb, reply, channel):
        return invitation
    _keep(invitation, reply, channel, by, now, waits=verb == "wait")
    invitation.move(verb, answered_at=now, **_seats_after(invitation, verb, reply.seats, now))
    if verb == "accept":
        seat_delegates(invitation, reply.delegates)
    elif reply.answer != "yes":
        release_delegates(invitation)
    log.record(verb, invitation, by=by, topic=consultation, detail=channel)
    return invitation


def record_answer(invitation: Invitation, *, by: User, reply: Reply, channel: str) -> Invitation:
    """Keep an answer that a convenor took by telephone, letter or in person, marked as such.

    It may come after the deadline, and after the last day. Raises Refusal for the convenor's own organisation.
    """
    if channel in OWN_CHANNELS:
        raise Refusal(_("Say how the answer came: by telephone, by letter or in person."), field="channel")
    if invitation.organisation_id in standing_of(by).organisations:
        raise Refusal(_("This is your own organisation. Answer its invitation yourself, or ask another convenor."))
    return answer_invitation(invitation, by=by, reply=reply, channel=channel)


@transaction.atomic
def record_answers(replies: Mapping[Invitation, Reply], *, by: User, channel: str) -> list[Invitation]:
    """Keep several answers that a convenor took, as `record_answer` keeps one: all of them, or none.

    Raises Refusal with the number of the invitation as its field.
    """
    noted = []
    for invitation, reply in replies.items():
        try:
            noted.append(record_answer(invitation, by=by, reply=reply, channel=channel))
        except Refusal as refusal:
            raise Refusal(refusal.reason, field=str(invitation.pk)) from refusal
    return noted


@transaction.atomic
def answer_by_calendar(uid: str, address: str, participation: str, sequence: int) -> Invitation | None:
    """Keep what a calendar program sent back for the entry with the UID; return the invitation that it is about.

    None where no invitation has the UID, it did not go to this address, or the word is none that we know: whoever got
    the entry from somebody else answers nothing. A reply to an older entry (the consultation was moved since) is
    written into the log and does not count. Yes means the seats that are held or offered, else one. Raises Refusal
    as `answer_invitation` does.
    """
    invitation = invitation_of_uid(uid, address)
    answer = PARTICIPATION.get(participation.strip().upper())
    if invitation is None or answer is None:
        return None
    consultation = invitation.consultation
    if sequence < consultation.sequence:
        log.record("outdated_reply", invitation, by=None, topic=consultation, detail=answer)
        return invitation
    waiting = invitation.waiting_seats if invitation.state in {"offered", "waitlisted"} else 0
    reply = Reply(answer, seats=(invitation.seats_accepted or waiting or 1) if answer == "yes" else 0)
    return answer_invitation(invitation, by=None, reply=reply, channel=Channel.CALENDAR)


def invitation_of_uid(uid: str, address: str) -> Invitation | None:
    """Return the invitation with the UID, if it was sent to the address and its link works."""
    found = UID.fullmatch(uid.strip())
    if not found or not address:
        return None
    sent = Invitation.objects.select_related("consultation", "organisation")
    invitation = sent.filter(pk=found["pk"], consultation__uid=found["uid"], address__iexact=address.strip()).first()
    return invitation if invitation and invitation.link_works else None


def _check_time(consultation: Consultation, invitation: Invitation, channel: str, now: datetime) -> None:
    own = channel in OWN_CHANNELS
    if consultation.state not in {"announced", "in_session", *(() if own else OVER)}:
        raise Refusal(_("This consultation is over. Answers are no longer taken."))
    offered = invitation.state == "offered" and _stands(invitation, now)
    if own and not offered and (now > consultation.answers_close_at or invitation.state == "lapsed"):
        raise Refusal(_("The time for answers is over. Write or call the convenor: your answer can still be noted."))


def _stands(invitation: Invitation, now: datetime) -> bool:
    return invitation.offered_until is not None and now <= invitation.offered_until


def _check_seats(invitation: Invitation, reply: Reply) -> None:
    if reply.answer != "yes":
        return
    if not 1 <= reply.seats <= invitation.seats_offered:
        sentence = ngettext(
            "%(most)d seat is offered to you.", "Up to %(most)d seats are offered to you.", invitation.seats_offered
        )
        raise Refusal(sentence % {"most": invitation.seats_offered}, field="seats")
    there = [one.full_name for one in invitation.delegates.living()]
    more = [one for one in reply.delegates if not any(same_name(one.full_name, name) for name in there)]
    if len(there) + len(more) > reply.seats:
        named = len(there) + len(more)
        sentence = ngettext(
            "%(named)d person is named for fewer seats. Take somebody out of those who come first.",
            "%(named)d people are named for fewer seats. Take somebody out of those who come first.",
            named,
        )
        raise Refusal(sentence % {"named": named}, field="seats")


def _verb(consultation: Consultation, invitation: Invitation, reply: Reply, now: datetime) -> str:
    """Return what the answer does: a yes waits where no seat is left. Nobody loses a seat by asking for another one."""
    if reply.answer != "yes" or consultation.state in OVER:
        return ANSWERS[reply.answer]
    held = _held(invitation, now)
    if reply.seats <= held:
        return "accept"
    kinds = kinds_of(Invitation.objects.filter(pk=invitation.pk))[invitation.pk]
    free = room_of(consultation, besides=invitation, line=True).free_for(kinds)
    if reply.seats <= free:
        return "accept"
    if held:
        most = max(held, free)
        sentence = ngettext(
            "You can have %(most)d seat; no more are free.", "You can have %(most)d seats; no more are free.", most
        )
        raise Refusal(sentence % {"most": most}, field="seats")
    return "wait"


def _held(invitation: Invitation, now: datetime) -> int:
    """Return how many seats are the invitation's already: accepted before, or offered and in time."""
    if invitation.state == InvitationState.OFFERED:
        return invitation.waiting_seats if _stands(invitation, now) else 0
    return invitation.seats_accepted if invitation.state in {"accepted", "to_reconfirm"} else 0


def _seats_after(invitation: Invitation, verb: str, seats: int, now: datetime) -> dict[str, Any]:
    """Return what the answer changes in the invitation's seats. Whoever is in the line keeps the place there."""
    if verb == "wait":
        since = invitation.waiting_since if invitation.state == "waitlisted" else None
        return {"seats_accepted": 0, "waiting_seats": seats, "waiting_since": since or now, "offered_until": None}
    return {"seats_accepted": seats, "waiting_seats": 0, "waiting_since": None, "offered_until": None}


def _said_before(invitation: Invitation, verb: str, reply: Reply, channel: str) -> bool:
    """Whether the answer that counts says the same already."""
    last = invitation.answers.first()
    if last is None or INVITATION.target(verb, invitation.state) != invitation.state:
        return False
    if verb == "wait" and invitation.waiting_since is None:
        return False
    names = [one.full_name for one in invitation.delegates.living()]
    named = all(any(same_name(one.full_name, name) for name in names) for one in reply.delegates)
    same = (last.verb, last.seats, last.channel) == (reply.answer, reply.seats, channel)
    return same and last.note == reply.note and (named or verb == "wait") and _needed_before(invitation, reply)


def _needed_before(invitation: Invitation, reply: Reply) -> bool:
    if reply.needs is None:
        return True
    there = invitation.needs.values_list("kind", "detail", "language")
    return sorted(there) == sorted((one.kind, one.detail, one.language) for one in reply.needs)


def _keep(invitation: Invitation, reply: Reply, channel: str, by: User | None, at: datetime, *, waits: bool) -> None:
    """Write the answer down, and the needs anew. Names wait in it until there are seats for them."""
    names = "\n".join(one.full_name for one in reply.delegates) if waits else ""
    Answer.objects.create(
        invitation=invitation,
        verb=reply.answer,
        seats=reply.seats,
        note=reply.note,
        delegates=names,
        channel=channel,
        by=by,
        at=at,
    )
    if reply.needs is None and reply.answer != "no":
        return
    invitation.needs.all().delete()
    Need.objects.bulk_create(
        [
            Need(invitation=invitation, kind=one.kind, detail=one.detail, language=one.language)
            for one in reply.needs or ()
        ]
    )

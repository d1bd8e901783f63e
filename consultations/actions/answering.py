"""Answers to invitations, from whichever side they come."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations.models import Answer, Consultation, Invitation
from consultations.states import ANSWERS, Channel
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from stakeholders.querysets import standing_of

OWN_CHANNELS = (Channel.LINK, Channel.PORTAL)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an invitee says: yes, maybe or no, with how many, who, what they need, and why."""

    answer: str
    seats: int = 0
    delegates: str = ""
    needs: str = ""
    note: str = ""


@transaction.atomic
def answer_invitation(invitation: Invitation, *, by: User | None, reply: Reply, channel: str) -> Invitation:
    """Keep an answer; the last one counts. `by` is None for whoever holds the link.

    The consultation is locked first, so that two organisations never share the last seat. Saying the same thing twice
    is one answer. Raises Refusal after the deadline, which is judged by the database's clock.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    _check_time(consultation, channel)
    verb = ANSWERS[reply.answer]
    invitation.demand(verb)
    seats = reply.seats if reply.answer == "yes" else 0
    _check_seats(consultation, invitation, seats, reply)
    now = clock.database_now()
    said = {"seats": seats, "delegates": reply.delegates, "needs": reply.needs, "note": reply.note}
    if _said_before(invitation, reply.answer, channel, said):
        return invitation
    Answer.objects.create(invitation=invitation, verb=reply.answer, channel=channel, by=by, at=now, **said)
    invitation.move(verb, seats_accepted=seats, answered_at=now)
    log.record(verb, invitation, by=by, topic=consultation, detail=channel)
    return invitation


def record_answer(invitation: Invitation, *, by: User, reply: Reply, channel: str) -> Invitation:
    """Keep an answer that a convenor took by telephone, letter or in person, marked as such.

    It may come after the deadline. Raises Refusal for the convenor's own organisation.
    """
    if channel in OWN_CHANNELS:
        raise Refusal(_("Say how the answer came: by telephone, by letter or in person."), field="channel")
    if invitation.organisation_id in standing_of(by).organisations:
        raise Refusal(_("This is your own organisation. Answer its invitation yourself, or ask another convenor."))
    return answer_invitation(invitation, by=by, reply=reply, channel=channel)


def _check_time(consultation: Consultation, channel: str) -> None:
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation is over. Answers are no longer taken."))
    if channel in OWN_CHANNELS and clock.database_now() > consultation.answers_close_at:
        raise Refusal(_("The time for answers is over. Write or call the convenor: your answer can still be noted."))


def _check_seats(consultation: Consultation, invitation: Invitation, seats: int, reply: Reply) -> None:
    if reply.answer != "yes":
        return
    if not 1 <= seats <= invitation.seats_offered:
        sentence = ngettext(
            "%(most)d seat is offered to you.", "Up to %(most)d seats are offered to you.", invitation.seats_offered
        )
        raise Refusal(sentence % {"most": invitation.seats_offered}, field="seats")
    if consultation.seats is None:
        return
    others = consultation.invitations.filter(state="accepted").exclude(pk=invitation.pk)
    left = consultation.seats - (others.aggregate(taken=Sum("seats_accepted"))["taken"] or 0)
    if seats > left:
        raise _full(left)


def _full(left: int) -> Refusal:
    if left <= 0:
        reason: Any = _("All seats are taken. Answer “not sure”: the convenor sees it and can find you a seat.")
        return Refusal(reason, field="answer")
    sentence = ngettext("Only %(left)d seat is left.", "Only %(left)d seats are left.", left)
    return Refusal(sentence % {"left": left}, field="seats")


def _said_before(invitation: Invitation, answer: str, channel: str, said: dict[str, Any]) -> bool:
    """Whether the answer that counts says the same already."""
    last = invitation.answers.first()
    if last is None or invitation.state in {"sent", "undeliverable"}:
        return False
    return (last.verb, last.channel) == (answer, channel) and all(getattr(last, name) == said[name] for name in said)

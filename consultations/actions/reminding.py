"""Reminders to exactly those who have not answered: by hand, or on the days that were set."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.actions.sending import zone_of
from consultations.models import Consultation, Invitation
from consultations.querysets import InvitationQuerySet
from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal

RUNNING = frozenset({"announced", "in_session"})
MOST_REMINDERS = 3
EARLIEST_DAY = 60  # before the last day for answers
NINE = time(9)  # nobody is reminded in the night


@transaction.atomic
def send_reminders(consultation: Consultation, *, by: User) -> int:
    """Remind exactly those who have not answered; return how many. A second time on the same day reminds nobody.

    Raises Refusal when there is nothing to answer any more.
    """
    consultation = _awaiting_answers(consultation.pk)
    today = clock.today_in(consultation.time_zone)
    waiting = consultation.invitations.remindable().not_reminded_since(_morning(today, consultation))
    return _remind(consultation, waiting, by=by, version=today.toordinal())


@transaction.atomic
def send_due_reminders(consultation: Consultation, *, by: User | None = None) -> int:
    """Remind for the latest day that has come; return how many. A day that was missed is not made up for twice.

    Whoever was invited or reminded since that day began is left in peace. Raises Refusal where no day has come.
    """
    consultation = _awaiting_answers(consultation.pk)
    step = consultation.reminder_due_on(clock.today_in(consultation.time_zone))
    if step is None:
        raise Refusal(_("No reminder is due."))
    began = _morning(step, consultation)
    waiting = consultation.invitations.remindable().not_reminded_since(began).filter(sent_at__lt=began)
    return _remind(consultation, waiting, by=by, version=step.toordinal(), hour=NINE)


def _awaiting_answers(pk: int) -> Consultation:
    """Return the consultation, locked, read with the database's time. Raises Refusal when no answer is awaited."""
    consultation = Consultation.objects.annotate(read_at=Now()).select_for_update(of=("self",)).get(pk=pk)
    if consultation.state not in RUNNING or consultation.read_at > consultation.answers_close_at:
        raise Refusal(_("The time for answers is over. Move the date for answers before you remind anybody."))
    return consultation


def _morning(day: date, consultation: Consultation) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(consultation.time_zone))


def _remind(
    consultation: Consultation, waiting: InvitationQuerySet, *, by: User | None, version: int, hour: time | None = None
) -> int:
    shown = ("consultation", "organisation__country", "body__country")
    invitations = list(waiting.select_related(*shown).select_for_update(of=("self",)))
    if not invitations:
        return 0
    now = timezone.now()
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).mark_reminded(now)
    emails.invitation_reminder(
        *invitations,
        version=version,
        not_before=(lambda invitation, _reader: _at(hour, now, invitation)) if hour else None,
    )
    log.record("send_reminders", consultation, by=by, detail=f"{len(invitations)}")
    return len(invitations)


def _at(hour: time, now: datetime, invitation: Invitation) -> datetime:
    """Return the hour of today where the invited are; now, if it has passed there."""
    zone = ZoneInfo(zone_of(invitation))
    return max(now, datetime.combine(now.astimezone(zone).date(), hour, zone))


@transaction.atomic
def plan_reminders(consultation: Consultation, *, by: User, days: list[int], version: int) -> Consultation:
    """Set on which days before the last one for answers the silent are reminded; none is never.

    Raises Refusal for days that cannot be meant, and Conflict where somebody else changed the plan meanwhile.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"draft", *RUNNING}:
        raise Refusal(_("This consultation is over; it cannot be changed any more."))
    if consultation.version != version:
        raise Conflict(consultation)
    if days and consultation.answer_by is None:
        raise Refusal(_("Set the last day for answers first: the days count back from it."), field="days")
    _check_days(days)
    consultation.reminder_days = " ".join(str(day) for day in sorted(set(days), reverse=True))
    consultation.version += 1
    consultation.save(update_fields=["reminder_days", "version", "updated_at"])
    log.record("plan_reminders", consultation, by=by, detail=consultation.reminder_days)
    return consultation


def _check_days(days: list[int]) -> None:
    if len(set(days)) > MOST_REMINDERS:
        raise Refusal(_("Remind at most %(most)d times: more are not read.") % {"most": MOST_REMINDERS}, field="days")
    if any(not 0 <= day <= EARLIEST_DAY for day in days):
        raise Refusal(_("Write days between 0 and %(most)d.") % {"most": EARLIEST_DAY}, field="days")

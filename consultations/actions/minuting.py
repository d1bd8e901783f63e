"""The minutes: drafted per point of the agenda, circulated, corrected by those who were there, approved, locked."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations import emails
from consultations.models import AgendaItem, Consultation, Correction, Minutes
from consultations.querysets import MINUTES_MAIL, organisations_present
from portal import clock, log
from portal.models import OutgoingMessage, User
from portal.states import Conflict, Refusal
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

WRITABLE = frozenset({"draft", "circulated"})
TAKEN_DOWN = frozenset({"announced", "in_session", "concluded", "archived"})


def demand_minutes_open(consultation: Consultation) -> None:
    """Raise Refusal once the minutes are approved or locked: their agenda and their words stand from then on."""
    minutes = Minutes.objects.filter(consultation=consultation).first()
    if minutes and minutes.state not in WRITABLE:
        raise Refusal(_("The minutes are approved. They cannot be changed any more."))


def _minutes(consultation: Consultation) -> Minutes:
    """Return the minutes of the consultation, locked, made if nobody began them."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in TAKEN_DOWN:
        raise Refusal(_("No minutes are taken of a draft, or of what was cancelled."))
    made = Minutes.objects.get_or_create(consultation=consultation)[0]
    minutes = Minutes.locked(made.pk)
    minutes.consultation = consultation
    return minutes


@transaction.atomic
def write_minutes(item: AgendaItem, *, by: User, version: int, text: str) -> AgendaItem:
    """Write what was said to one point. Raises Conflict when somebody wrote since `version`, Refusal once approved."""
    minutes = _minutes(item.session.consultation)
    demand_minutes_open(minutes.consultation)
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if item.version != version:
        raise Conflict(item)
    if item.minutes == text:
        return item
    item.minutes, item.version = text, version + 1
    item.save(update_fields=["minutes", "version"])
    log.record("write_minutes", item, by=by, topic=minutes.consultation)
    return item


@transaction.atomic
def circulate_minutes(consultation: Consultation, *, by: User, corrections_until: date) -> int:
    """Open the draft to those who were there, until the day; return the number of mails. Raises Refusal."""
    minutes = _minutes(consultation)
    minutes.demand("circulate")
    if corrections_until < clock.today_in(minutes.consultation.time_zone):
        raise Refusal(_("This day has passed."), field="corrections_until")
    items = AgendaItem.objects.filter(session__consultation=minutes.consultation)
    if not items.exclude(minutes="").exists():
        raise Refusal(_("Nothing is written yet. Write the minutes of at least one point first."))
    minutes.move("circulate", corrections_until=corrections_until, circulated_at=clock.database_now())
    count = emails.minutes_circulated(minutes, version=_next_version(minutes))
    log.record("circulate", minutes, by=by, topic=minutes.consultation, detail=f"{count}")
    return count


def _next_version(minutes: Minutes) -> int:
    """Return the number of the next mail: each circulation is an event of its own."""
    return OutgoingMessage.objects.next_version(MINUTES_MAIL, [minutes.pk])


@transaction.atomic
def take_back_minutes(consultation: Consultation, *, by: User) -> Minutes:
    """Take the minutes back to the desk; corrections that came stay. Raises Refusal once they are approved."""
    minutes = _minutes(consultation)
    minutes.move("take_back")
    log.record("take_back", minutes, by=by, topic=minutes.consultation)
    return minutes


@transaction.atomic
def propose_correction(
    minutes: Minutes, *, by: User, organisation: Organisation, text: str, item: AgendaItem | None = None
) -> Correction:
    """Keep what an organisation that was there wants changed. Raises Refusal after the day, and for anybody else."""
    minutes = _minutes(minutes.consultation)
    if minutes.state != "circulated":
        raise Refusal(_("The minutes are not open for corrections."))
    until = minutes.corrections_until
    if until and clock.database_now() > clock.end_of_day(until, minutes.consultation.time_zone):
        raise Refusal(_("The time for corrections is over."))
    if organisation.pk not in standing_of(by).speaks_for:
        raise Refusal(_("Only who speaks for an organisation can ask for a correction."))
    if not organisations_present(minutes.consultation).filter(pk=organisation.pk).exists():
        raise Refusal(_("Only organisations that were there can ask for a correction."))
    made = Correction.objects.create(minutes=minutes, organisation=organisation, item=item, text=text, by=by)
    log.record("propose_correction", made, by=by, topic=minutes.consultation)
    return made


@transaction.atomic
def settle_correction(correction: Correction, *, by: User, outcome: str, reason: str = "") -> Correction:
    """Say that it is taken over, or why not. Raises Refusal for the own organisation, and without a reason."""
    minutes = _minutes(correction.minutes.consultation)
    demand_minutes_open(minutes.consultation)
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.outcome != Correction.Outcome.OPEN:
        raise Refusal(_("This correction is settled already."))
    if correction.organisation_id in standing_of(by).organisations:
        raise Refusal(_("This is your own organisation’s correction. Another convenor decides on it."))
    if outcome == Correction.Outcome.DECLINED and not reason:
        raise Refusal(_("Say why it is not taken over: the organisation reads it."), field="reason")
    if outcome not in {Correction.Outcome.TAKEN, Correction.Outcome.DECLINED}:
        raise Refusal(_("Choose what becomes of it."), field="outcome")
    correction.outcome, correction.reason = outcome, reason
    correction.save(update_fields=["outcome", "reason"])
    log.record("settle_correction", correction, by=by, topic=minutes.consultation, detail=outcome)
    return correction


@transaction.atomic
def approve_minutes(consultation: Consultation, *, by: User) -> Minutes:
    """Approve the minutes. Raises Refusal while corrections can still come, or wait for an answer."""
    minutes = _minutes(consultation)
    minutes.demand("approve")
    until = minutes.corrections_until
    if until and clock.database_now() <= clock.end_of_day(until, minutes.consultation.time_zone):
        raise Refusal(_("Corrections can still come. Approve the minutes after the day for corrections."))
    waiting = minutes.corrections.filter(outcome=Correction.Outcome.OPEN).count()
    if waiting:
        sentence = ngettext(
            "%(count)d correction waits for an answer.", "%(count)d corrections wait for an answer.", waiting
        )
        raise Refusal(sentence % {"count": waiting})
    minutes.move("approve", approved_at=clock.database_now())
    log.record("approve", minutes, by=by, topic=minutes.consultation)
    return minutes


@transaction.atomic
def lock_minutes(consultation: Consultation, *, by: User) -> Minutes:
    """Close the minutes for good. Raises Refusal before they are approved."""
    minutes = _minutes(consultation)
    minutes.move("lock", locked_at=clock.database_now())
    log.record("lock", minutes, by=by, topic=minutes.consultation)
    return minutes

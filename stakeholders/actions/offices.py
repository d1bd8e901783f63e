"""Terms of office: liaisons of public bodies, convenors and administrators of the task force. Each has dates."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.accounts import account_for
from portal.models import User
from portal.states import Refusal
from stakeholders import emails
from stakeholders.actions.sides import lock_person
from stakeholders.models import Convenorship, LiaisonAppointment, Membership, PublicBody
from stakeholders.querysets import standing_of
from stakeholders.states import ConvenorRole

MOVED = 2  # the version of the mail that says so: ended comes once, and a new last day brings its own number


def demand_administrator(by: User) -> None:
    """Raise Refusal for anybody who is not an administrator of the task force today."""
    if not standing_of(by).administrator:
        raise Refusal(_("Only an administrator of the task force can do this."))


# --- Liaisons -----------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint_liaison(
    body: PublicBody, *, by: User, address: str, full_name: str, language: str, since: date, until: date | None
) -> LiaisonAppointment:
    """Propose somebody as liaison of the office; the person gets a mail and accepts or declines.

    Raises Refusal for an office that has ended, and for whoever sits on another side of the table.
    """
    demand_administrator(by)
    user = _locked_person(address, full_name, language)
    _demand_other(user, by)
    appointment = _propose(body, user, by, since, until)
    emails.liaison_appointed(appointment)
    log.record("appoint_liaison", appointment, by=by, topic=body)
    return appointment


@transaction.atomic
def propose_colleague(*, by: User, address: str, full_name: str, language: str) -> LiaisonAppointment:
    """Ask for a colleague of the own office as liaison. Nobody but the administrators is told before one approves."""
    mine = by.appointments.current(timezone.localdate()).select_related("body").first()
    if mine is None:
        raise Refusal(_("Only a liaison proposes a colleague."))
    user = _locked_person(address, full_name, language)
    _demand_other(user, by)
    appointment = _propose(mine.body, user, by, timezone.localdate(), mine.until)
    emails.colleague_proposed(appointment)
    log.record("propose_colleague", appointment, by=by, topic=mine.body)
    return appointment


@transaction.atomic
def approve_appointment(appointment: LiaisonAppointment, *, by: User) -> LiaisonAppointment:
    """Stand behind what a liaison asked for: from now on it is the administrator's, and the person is told."""
    demand_administrator(by)
    appointment = LiaisonAppointment.locked(appointment.pk)
    appointment.demand("activate")
    _demand_other(appointment.user, by)
    if appointment.is_approved:
        raise Refusal(_("Another administrator has approved it already."))
    appointment.by = by
    appointment.save(update_fields=["by", "updated_at"])
    emails.liaison_appointed(appointment)
    log.record("approve_appointment", appointment, by=by, topic=appointment.body)
    return appointment


def seats_of(user: User) -> Any:
    """Return the memberships that end when the person becomes a liaison."""
    return Membership.objects.filter(user=user).exclude(state="left")


@transaction.atomic
def accept_appointment(appointment: LiaisonAppointment, *, by: User, seats: int) -> LiaisonAppointment:
    """Become liaison, and stop acting for organisations the same day; the texts stay with them.

    `seats` is the number of memberships that the person was told about. Raises Refusal where it changed since, for
    whoever convenes or administers, and outside the term.
    """
    lock_person(by)
    appointment = LiaisonAppointment.locked(appointment.pk)
    if appointment.user_id != by.pk or not appointment.is_approved:
        raise Refusal(_("Only the person who was named can accept."))
    appointment.demand("activate")
    _demand_in_term(appointment)
    _demand_one_side(by, appointment.body)
    if seats_of(by).count() != seats:
        raise Refusal(_("For whom you act has changed since you looked. Read it again, then decide."))
    _close_past_terms(by)
    for membership in seats_of(by).select_for_update().order_by("pk"):
        _leave(membership, by)
    appointment.move("activate", since=max(appointment.since, timezone.localdate()))
    log.record("accept_appointment", appointment, by=by, topic=appointment.body, detail=f"{seats} memberships ended")
    return appointment


@transaction.atomic
def decline_appointment(appointment: LiaisonAppointment, *, by: User) -> LiaisonAppointment:
    """Say no: the person to the office, or an administrator to what a liaison asked for. Raises Refusal."""
    appointment = LiaisonAppointment.locked(appointment.pk)
    own = appointment.user_id == by.pk and appointment.is_approved
    if not own:
        demand_administrator(by)
    appointment.move("decline", until=timezone.localdate())
    log.record("decline_appointment", appointment, by=by, topic=appointment.body)
    return appointment


@transaction.atomic
def extend_appointment(appointment: LiaisonAppointment, *, by: User, until: date) -> LiaisonAppointment:
    """Give the term another last day, from today on. Raises Refusal for a day that has passed."""
    demand_administrator(by)
    appointment = LiaisonAppointment.locked(appointment.pk)
    _demand_other(appointment.user, by)
    appointment.demand("end")
    if until < max(timezone.localdate(), appointment.since):
        raise Refusal(_("This day has passed, or is before the first day of the term."), field="until")
    if appointment.until != until:
        appointment.until = until
        appointment.save(update_fields=["until", "updated_at"])
        emails.appointment_changed(appointment, version=until.toordinal())
        log.record("extend_appointment", appointment, by=by, topic=appointment.body)
    return appointment


@transaction.atomic
def end_appointment(appointment: LiaisonAppointment, *, by: User) -> LiaisonAppointment:
    """End the term at once: by an administrator, or the liaison who leaves. What is open stays with the office."""
    appointment = LiaisonAppointment.locked(appointment.pk)
    if appointment.user_id != by.pk:
        demand_administrator(by)
    was_active = appointment.state == "active"
    appointment.move("end", until=timezone.localdate())
    if was_active:
        emails.appointment_changed(appointment)
    log.record("end_appointment", appointment, by=by, topic=appointment.body)
    return appointment


@transaction.atomic
def run_out(appointment: LiaisonAppointment) -> LiaisonAppointment:
    """Close a term whose last day is over: the clock's own act. Raises Refusal where it was extended meanwhile."""
    appointment = LiaisonAppointment.locked(appointment.pk)
    if appointment.until is None or appointment.until >= timezone.localdate():
        raise Refusal(_("This term is not over yet."))
    appointment.move("end")
    emails.appointment_changed(appointment)
    log.record("run_out", appointment, by=None, topic=appointment.body)
    return appointment


def follow_office(appointment: LiaisonAppointment, office: PublicBody, *, on: date, by: User) -> None:
    """End the term at the old office and let it go on at the one that took over. Call it on a locked row."""
    state, since, until = appointment.state, max(on, appointment.since), appointment.until
    _end_before(appointment, on)
    values = {"user": appointment.user, "by": appointment.by, "since": since, "until": until, "state": state}
    moved = LiaisonAppointment.objects.create(body=office, **values)
    if state == "active":
        emails.appointment_changed(moved, version=MOVED)
    log.record("move_appointment", moved, by=by, topic=office)


def end_with_office(appointment: LiaisonAppointment, *, on: date, by: User) -> None:
    """End the term because the office has ended. Call it on a locked row."""
    was_active = appointment.state == "active"
    _end_before(appointment, on)
    if was_active:
        emails.appointment_changed(appointment)
    log.record("end_appointment", appointment, by=by, topic=appointment.body)


def _end_before(appointment: LiaisonAppointment, on: date) -> None:
    last = on - timedelta(days=1)
    appointment.move("end", until=min(last, appointment.until) if appointment.until else last)


def _propose(body: PublicBody, user: User, by: User, since: date, until: date | None) -> LiaisonAppointment:
    body = PublicBody.objects.select_for_update().get(pk=body.pk)
    if body.has_ended:
        raise Refusal(_("This office has ended. Appoint a liaison of the one that took over."))
    _demand_order(since, until)
    if body.appointments.exclude(state="ended").filter(user=user).exists():
        raise Refusal(_("This person is a liaison of this office, or was proposed already."), field="address")
    _demand_one_side(user, body)
    return LiaisonAppointment.objects.create(body=body, user=user, by=by, since=since, until=until)


def _demand_order(since: date, until: date | None) -> None:
    if until and until < since:
        raise Refusal(_("The last day is before the first."), field="until")
    if until and until < timezone.localdate():
        raise Refusal(_("This day has passed."), field="until")


def _demand_in_term(appointment: LiaisonAppointment) -> None:
    today = timezone.localdate()
    if appointment.since > today:
        raise Refusal(_("Your term has not begun yet. Accept on its first day."))
    if (appointment.until and appointment.until < today) or appointment.body.has_ended:
        raise Refusal(_("This term is over. Ask an administrator of the task force."))


def _demand_one_side(user: User, body: PublicBody) -> None:
    """Raise Refusal for whoever convenes, administers, or answers for another office: now or later."""
    today = timezone.localdate()
    if user.convenorships.not_over(today).exists():
        sentence = _("Whoever convenes or administers cannot be a liaison. An administrator ends that term first.")
        raise Refusal(sentence, field="address")
    if user.appointments.current(today).exclude(body=body).exists():
        raise Refusal(_("This person answers for another office. That term has to end first."), field="address")


def _close_past_terms(user: User) -> None:
    """Mark terms as ended whose last day is over: one may hold a single office at a time."""
    for old in user.appointments.select_for_update().filter(state="active"):
        old.move("end")


def _leave(membership: Membership, by: User) -> None:
    membership.move("leave" if membership.state == "active" else "withdraw", until=timezone.localdate())
    log.record("leave", membership, by=by, topic=membership.organisation, detail="became liaison")


def _locked_person(address: str, full_name: str, language: str) -> User:
    """Return the account of the address, locked: nobody comes to sit on two sides by two acts at once."""
    return User.objects.select_for_update().get(pk=account_for(address, full_name, language).pk)


def _demand_other(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise Refusal(_("Nobody names themselves. Ask another administrator."), field="address")


# --- Convenors and administrators ---------------------------------------------------------------------------------


@transaction.atomic
def name_for_term(
    *, by: User, role: str, address: str, full_name: str, language: str, since: date, until: date | None
) -> Convenorship:
    """Name a convenor or an administrator for a term. Raises Refusal for a liaison, and for oneself."""
    demand_administrator(by)
    user = _locked_person(address, full_name, language)
    _demand_other(user, by)
    _demand_order(since, until)
    if user.appointments.exclude(state="ended").exists():
        raise Refusal(_("A liaison cannot convene or administer. That term has to end first."), field="address")
    if user.convenorships.not_over(timezone.localdate()).filter(role=role).exists():
        raise Refusal(_("This person has such a term already."), field="address")
    term = Convenorship.objects.create(user=user, role=role, since=since, until=until)
    emails.term_given(term)
    log.record("name_for_term", term, by=by, detail=role)
    return term


def last_day_of(until: date | None) -> date:
    """Return the last day of a term that ends on the day, or at once where none is given."""
    return until or timezone.localdate() - timedelta(days=1)


@transaction.atomic
def end_term(term: Convenorship, *, by: User, until: date | None = None) -> Convenorship:
    """End the term with the day, or at once. Raises Refusal for the last administrator, and for a day that passed."""
    demand_administrator(by)
    terms = {one.pk: one for one in Convenorship.objects.select_for_update().order_by("pk")}
    term, last = terms[term.pk], last_day_of(until)
    if term.until and term.until < timezone.localdate():
        raise Refusal(_("This term is over already."))
    if until and until < max(timezone.localdate(), term.since):
        raise Refusal(_("This day has passed, or is before the first day of the term."), field="until")
    others = [one for one in terms.values() if one.role == term.role and one.user_id != term.user_id]
    stay = [one for one in others if one.since <= max(last, timezone.localdate()) and _lasts(one, last)]
    if term.role == ConvenorRole.ADMINISTRATOR and not stay:
        raise Refusal(_("The task force would be without an administrator. Name another one first."))
    term.until = last
    term.save(update_fields=["until", "updated_at"])
    log.record("end_term", term, by=by, detail=term.role)
    return term


def _lasts(term: Convenorship, day: date) -> bool:
    return term.until is None or term.until > day

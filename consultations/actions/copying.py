"""Copy last year's: the plan without the people. Nothing that anybody answered or sent in comes along."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from consultations.actions.planning import create_consultation
from consultations.models import AgendaItem, Consultation, Organiser, SeatQuota, Session, Wording
from consultations.states import WordingKind
from portal import clock, languages, log
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Convenorship

PLAN = (
    *("official_title", "level", "country", "form_of_dialogue", "mode", "venue", "begins_at", "ends_at", "time_zone"),
    *("seats", "reminder_days", "discreet"),
)
WORDS = ("title", "purpose", "city", "own_promise", "resting_on")
DAYS = ("answer_by", "corrections_until", "hear_back_by")
MOMENTS = ("input_opens", "input_closes")
INVITING = (WordingKind.INVITATION, WordingKind.REMINDER, WordingKind.LETTER)
SITTING = ("position", "time_zone", "mode", "country", "venue", "interpreters", "closed")


def _columns(names: Iterable[str]) -> list[str]:
    return [build_localized_fieldname(name, one.code) for name in names for one in languages.SHIPPED]


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def copy_consultation(consultation: Consultation, *, by: User, starts_on: date) -> Consultation:
    """Make a draft of the same plan, so many days later; return it.

    Deadlines that would have passed are left open. Raises Refusal for a first day that is not later than the old one.
    """
    shift = starts_on - consultation.starts_on
    if shift <= timedelta():
        raise Refusal(_("Choose a day after the first day of the old one."), field="starts_on")
    if starts_on < clock.today_in(consultation.time_zone):
        raise Refusal(_("This day has passed."), field="starts_on")
    plan = {**_values(consultation, PLAN), **_values(consultation, _columns(WORDS)), **_deadlines(consultation, shift)}
    terms = Convenorship.objects.convening(clock.today_here())
    convenors = consultation.convenors.filter(is_active=True, pk__in=terms.values("user"))
    days = {"starts_on": starts_on, "ends_on": consultation.ends_on + shift}
    made = create_consultation(by=by, convenors=convenors, follows=consultation, **plan, **days)
    _copy_rows(consultation, made)
    for session in consultation.sessions.for_programme():
        _copy_session(session, made, shift)
    log.record("copy", made, by=by)
    return made


def _deadlines(consultation: Consultation, shift: timedelta) -> dict[str, Any]:
    """Return the deadlines so many days later; none that has passed, and no window without its end."""
    today, zone = clock.today_in(consultation.time_zone), ZoneInfo(consultation.time_zone)
    days = {name: day + shift for name, day in _values(consultation, DAYS).items() if day}
    moments = {name: _later(at, shift, zone) for name, at in _values(consultation, MOMENTS).items() if at}
    closes = moments.get("input_closes")
    if closes is None or closes.date() < today:
        moments = {}
    return {**{name: day for name, day in days.items() if day >= today}, **moments}


def _later(at: datetime, shift: timedelta, zone: ZoneInfo) -> datetime:
    """Return the same hour of that place's clock, so many days later."""
    local = at.astimezone(zone)
    return datetime.combine(local.date() + shift, local.time(), zone)


def _copy_rows(consultation: Consultation, made: Consultation) -> None:
    """The organisers in their order, the seats of groups and benches, and the own words of mails and letters."""
    for model, names in (
        (Organiser, ("organisation", "name", "kind", "position")),
        (SeatQuota, ("group", "bench", "seats")),
        (Wording, ("kind", "language", "subject", "body")),
    ):
        rows = model.objects.filter(consultation=consultation).order_by("pk")
        if model is Wording:  # what was written about a move or at the end is true of that one alone
            rows = rows.filter(kind__in=INVITING)
        model.objects.bulk_create([model(consultation=made, **_values(row, names)) for row in rows])


def _copy_session(session: Session, made: Consultation, shift: timedelta) -> None:
    """A session with its agenda: no rapporteur, no link of a call, nothing that was said."""
    zone = ZoneInfo(session.time_zone)
    copied = Session(
        consultation=made,
        starts_at=_later(session.starts_at, shift, zone),
        ends_at=_later(session.ends_at, shift, zone),
        **_values(session, SITTING),
        **_values(session, _columns(("title", "city"))),
    )
    copied.save(force_insert=True)
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(session=copied, position=item.position, **_values(item, _columns(("title",))))
            for item in session.items.all()
        ]
    )

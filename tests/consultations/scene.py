"""A day at work: a consultation that meets today, with sessions, an agenda, and people who are expected."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from consultations.models import AgendaItem, Consultation, Invitation, Seat, Session
from tests import build


@dataclass
class Day:
    """What stands on the day: two organisations of the cast, a ministry, one open session and a closed one."""

    consultation: Consultation
    invitation: Invitation
    other_invitation: Invitation
    session: Session
    closed: Session
    item: AgendaItem
    seat: Seat
    other_seat: Seat
    official: Seat


def make_day(cast: Any, **values: Any) -> Day:
    """Return the day, convened by both convenors of the cast."""
    today = timezone.localdate()
    convenors = [cast.convenor, cast.second_convenor]
    values = {"state": "in_session", "starts_on": today, "ends_on": today, "answer_by": None, **values}
    consultation = build.make_consultation(convenors=convenors, **values)
    invitation = build.make_invitation(consultation, cast.organisation, state="accepted", seats_accepted=2)
    other = build.make_invitation(consultation, cast.other_organisation, state="accepted", seats_accepted=1)
    ministry = build.make_invitation_of_body(consultation, cast.body, state="accepted", seats_accepted=1)
    session = build.make_session(consultation, title_en="Opening")
    return Day(
        consultation,
        invitation,
        other,
        session,
        build.make_session(consultation, title_en="Among ourselves", closed=True),
        build.make_agenda_item(session, title_en="Recruitment fees"),
        build.make_seat(invitation, full_name="Sari Dewi", listing="name"),
        build.make_seat(other, full_name="สมชาย ใจดี"),
        build.make_seat(ministry, full_name="Pak Budi", part="official", office="Head of section"),
    )

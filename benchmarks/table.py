"""The table by the number of invitations: N in one consultation, out of a register that is the same at every size."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from benchmarks import register
from benchmarks.pages import Measured, Page, measure
from benchmarks.world import save
from consultations.models import Answer, Consultation, Invitation, Need, Seat, SeatRequest
from consultations.querysets import INVITATION_MAIL
from portal import log, mail
from portal.models import OutgoingMessage, User
from stakeholders.models import Organisation

SLUG = "the-table"
REGISTER = 6_000
OVER = "the-table-over"
STATES = (
    *("drafted", "approved", "sent", "sent", "accepted", "accepted", "tentative", "declined"),
    *("undeliverable", "waitlisted"),
)
LETTERS, NEEDY, SEATS = 7, 3, 2  # every seventh goes on paper, every third needs something, two come of each


def pages() -> list[Page]:
    """Return what is measured: the table in its three ways, its list, and the pages on which the list grows."""
    desk = {"kind": "desk", "who": "convenor", "arguments": (SLUG,)}
    paper = {**desk, "kind": "file"}
    return [
        Page("invitation_table", **desk),
        Page("invitation_table", **desk, query="?show=missing&by=bench"),
        Page("invitation_table", **desk, query="?show=accepted&by=side"),
        Page("invitation_list", **desk),
        Page("invitation_list", **desk, query="?by=group&row=trade-unions&country=ID"),
        Page("invitation_pick", **desk),
        Page("invitation_pick", **desk, query="?group=trade-unions&country=TH&language=th"),
        Page("invitation_pick", **desk, query="?q=jaringan"),
        Page("seat_quotas", **desk),
        Page("consultation_desk", **desk),
        Page("invitation_outbox", **desk),
        Page("invitation_outbox", **desk, query="?state=sent&page=2"),
        Page("invitation_send", **desk),
        Page("invitation_progress", **desk),
        Page("reminders_send", **desk),
        Page("reminders_plan", **desk),
        Page("letter_list", **desk),
        Page("who_comes", **desk),
        Page("waiting_list", **desk),
        Page("seat_request_list", **desk),
        Page("door", **desk),
        Page("door", **desk, query="?q=delegate+1"),
        Page("attendance", **desk),
        Page("consultation_log", **desk),
        Page("consultation_detail", **desk),
        Page("summary_readers", "desk", "convenor", (OVER,)),
        Page("summary_preview", "desk", "convenor", (OVER,)),
        # One file, or one sheet of paper, for all: it grows with what it prints.
        Page("attendance_sheet", **paper),
        Page("badge_sheet", **paper),
        Page("door_list", **paper),
        Page("letters_file", "file", "convenor", (SLUG, 1)),
    ]


def load(size: int, organisations: int = REGISTER) -> None:
    """Fill the register, and invite the first N of those that may be seated."""
    register.load(organisations)
    day = timezone.localdate() + timedelta(days=60)
    words = {"title_en": "The table", "title_ind": "Meja", "level": "regional"}
    seated = list(Organisation.objects.invitable().distinct().prefetch_related("groups").order_by("pk")[:size])
    for slug, state in ((SLUG, "in_session"), (OVER, "concluded")):
        consultation = Consultation.objects.create(slug=slug, starts_on=day, ends_on=day, **words, state=state)
        consultation.convenors.set(User.objects.filter(email__in=("convenor@bench.example", "second@bench.example")))
        _fill(consultation, seated)
    register.settle()


def _fill(consultation: Consultation, seated: list[Organisation]) -> None:
    """Invite them, with the mails, answers and delegates that such a list has."""
    rows = [_invitation(consultation, number, one) for number, one in enumerate(seated)]
    invitations = save(Invitation, rows)
    save(OutgoingMessage, (_message(one) for one in invitations if one.address and one.sent_at))
    coming = [one for one in invitations if one.state == "accepted"]
    save(Answer, (Answer(invitation=one, verb="yes", seats=SEATS, channel="link") for one in coming))
    save(Need, (Need(invitation=one, kind="interpretation", detail="Bahasa") for one in coming[::NEEDY]))
    save(Seat, (_seat(one, place) for one in coming for place in range(SEATS)))
    save(SeatRequest, (_request(one) for one in invitations[::10]))


def _message(invitation: Invitation) -> OutgoingMessage:
    return OutgoingMessage(
        purpose=INVITATION_MAIL,
        subject_id=invitation.pk,
        topic=log.topic_of(invitation.consultation),
        recipient=invitation.address,
        recipient_key=mail.address_key(invitation.address),
        state="failed" if invitation.state == "undeliverable" else "sent",
        sent_at=invitation.sent_at,
    )


def _seat(invitation: Invitation, place: int) -> Seat:
    seat = Seat(
        consultation=invitation.consultation,
        invitation=invitation,
        organisation=invitation.organisation,
        state="confirmed" if place else "present",
        full_name=f"Delegate {invitation.pk} {place}",
        bench=invitation.bench,
        code=f"{invitation.pk * SEATS + place:06d}"[-6:],
    )
    seat.name_key = seat.key_of_name()
    return seat


def _request(invitation: Invitation) -> SeatRequest:
    return SeatRequest(
        consultation=invitation.consultation,
        invitation=invitation,
        full_name=f"Somebody {invitation.pk}",
        email=f"somebody{invitation.pk}@bench.example",
    )


def _invitation(consultation: Consultation, number: int, organisation: Organisation) -> Invitation:
    state = STATES[number % len(STATES)]
    invitation = Invitation(
        consultation=consultation,
        organisation=organisation,
        bench=organisation.bench,
        state=state,
        address="" if number % LETTERS == 0 else organisation.contact_email,
        seats_accepted=SEATS if state == "accepted" else 0,
        waiting_since=timezone.now() if state == "waitlisted" else None,
        sent_at=None if state in {"drafted", "approved"} else timezone.now(),
    )
    invitation.seal()
    return invitation


def survey(seconds: float) -> Iterator[Measured]:
    """Measure every page."""
    for page in pages():
        yield measure(page, seconds)


def main(arguments: list[str]) -> None:
    """Load where a size is given; else print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.5)
    given = parser.parse_args(arguments)
    if given.size:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load(given.size)
    else:
        found: list[dict[str, Any]] = [asdict(one) for one in survey(given.seconds)]
        json.dump(found, sys.stdout)

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
from consultations.models import Consultation, Invitation
from portal.models import User
from stakeholders.models import Organisation

SLUG = "the-table"
REGISTER = 6_000
STATES = ("drafted", "approved", "sent", "sent", "accepted", "accepted", "tentative", "declined")


def pages() -> list[Page]:
    """Return what is measured: the table in its three ways, its list, and the pages on which the list grows."""
    desk = {"kind": "desk", "who": "convenor", "arguments": (SLUG,)}
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
    ]


def load(size: int, organisations: int = REGISTER) -> None:
    """Fill the register, and invite the first N of those that may be seated."""
    register.load(organisations)
    day = timezone.localdate() + timedelta(days=60)
    words = {"title_en": "The table", "title_ind": "Meja", "state": "announced", "level": "regional"}
    consultation = Consultation.objects.create(slug=SLUG, starts_on=day, ends_on=day, **words)
    consultation.convenors.set(User.objects.filter(email__in=("convenor@bench.example", "second@bench.example")))
    seated = Organisation.objects.invitable().distinct().prefetch_related("groups").order_by("pk")[:size]
    save(Invitation, (_invitation(consultation, number, one) for number, one in enumerate(seated)))
    register.settle()


def _invitation(consultation: Consultation, number: int, organisation: Organisation) -> Invitation:
    state = STATES[number % len(STATES)]
    invitation = Invitation(
        consultation=consultation,
        organisation=organisation,
        bench=organisation.bench,
        state=state,
        address=organisation.contact_email,
        seats_accepted=2 if state == "accepted" else 0,
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

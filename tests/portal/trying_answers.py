"""As `trying`: delegates, offers of seats, requests for one, and the invitations of public bodies."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from consultations.models import SeatRequest
from tests import build
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import SLUG, Attempt, Sight, about, at, page_of, seen
from tests.portal.world import World

NAME = {"full_name": "Ibu Wati", "listing": "nobody"}


@arranges("invitation of a public body")
def of_a_body(world: World, state: str, _chosen: str) -> None:
    world.of_body = build.make_invitation_of_body(world.consultation, world.body, state=state, seats_accepted=1)


@arranges("delegate")
def delegate(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted", seats_accepted=2)
    world.seat = build.make_seat(world.invitation, state=state, full_name="Name Of The Delegate")


@arranges("request for a seat")
def request(world: World, state: str, _chosen: str) -> None:
    world.asked = SeatRequest.objects.create(
        consultation=world.consultation, invitation=world.invitation, full_name="Name Of The Asker", state=state
    )


SUBJECTS |= {
    "invitation of a public body": lambda world: world.of_body,
    "delegate": lambda world: world.seat,
    "request for a seat": lambda world: world.asked,
}


def of_seat(name: str, **data: Any) -> Attempt:
    """Try a route of the delegate."""
    return lambda world: (at(name, world.invitation.pk, world.seat.pk), data)


def of_request(name: str, **data: Any) -> Attempt:
    """Try a route of the request."""
    return lambda world: (at(name, world.consultation.slug, world.asked.pk), data)


def of_consultation(name: str) -> Attempt:
    """Try a route of the consultation."""
    return lambda world: (at(name, world.consultation.slug), {})


def offered(world: World) -> tuple[str, dict[str, Any]]:
    """Offer a seat to the own organisation. Seats are offered before the first day."""
    later = timezone.localdate() + timedelta(days=9)
    put(world.consultation, starts_on=later, ends_on=later)
    put(world.invitation, waiting_seats=1, waiting_since=timezone.now())
    return at("seat_offer", world.consultation.slug, world.invitation.pk), {}


def recorded(world: World) -> tuple[str, dict[str, Any]]:
    """Record one answer on the page of many."""
    said = {"channel": "phone", f"{world.invitation.pk}-answer": "no"}
    return at("answers_record", world.consultation.slug), said


ATTEMPTS: dict[str, Attempt] = {
    "invitation.offer": offered,
    "invitation.record with others": recorded,
    "invitation.take the list along": of_consultation("who_comes_export"),
    "invitation of a public body.answer": about("of_body", "invitation_answer", answer="maybe"),
    "delegate.name": about("invitation", "delegate_list", **NAME),
    "delegate.confirm": of_seat("delegate_confirm"),
    "delegate.substitute": of_seat("delegate_substitute", **NAME),
    "delegate.excuse": of_seat("delegate_excuse"),
    "request for a seat.ask": about("invitation", "seat_request", full_name="Pak Tono"),
    "request for a seat.grant": of_request("seat_request_grant", seats=1),
    "request for a seat.decline": of_request("seat_request_decline"),
}

SIGHTS: dict[str, Sight] = {
    "invitation of a public body.see": seen(
        lambda world: world.consultation.title,
        page_of("invitation_answer", "of_body.pk"),
        page_of("invitation_receipt", "of_body.pk"),
        page_of("invitation_calendar", "of_body.pk"),
    ),
    "delegate.see": seen(
        lambda world: world.seat.full_name,
        page_of("delegate_list", "invitation.pk"),
        page_of("invitation_answer", "invitation.pk"),
        page_of("invitation_receipt", "invitation.pk"),
        page_of("who_comes", SLUG),
    ),
    "request for a seat.see": seen(lambda world: world.asked.full_name, page_of("seat_request_list", SLUG)),
}

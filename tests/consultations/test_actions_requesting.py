"""A forwarded link makes a request, never a seat; a convenor settles it."""

import pytest

from consultations import actions
from consultations.actions import Asking
from consultations.models import Invitation, SeatRequest
from portal.models import OutgoingMessage
from portal.states import Refusal
from tests import build

SITI = Asking("Siti", "Jaringan Siti", "siti@example.org", "id", "We speak for many")


@pytest.fixture
def invitation(cast):
    """Return the invitation whose link was passed on."""
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    return build.make_invitation(consultation, cast.organisation)


def test_a_request_is_kept_and_nothing_else_happens(invitation) -> None:
    kept = actions.request_seat(invitation, who=SITI)
    assert (kept.state, kept.invitation, kept.full_name, kept.language) == ("open", invitation, "Siti", "id")
    assert Invitation.objects.count() == 1
    assert OutgoingMessage.objects.count() == 0


def test_asking_twice_is_one_request(invitation) -> None:
    assert actions.request_seat(invitation, who=SITI) == actions.request_seat(invitation, who=SITI)


def test_a_link_that_went_astray_brings_no_flood(invitation, settings) -> None:
    settings.OPEN_SEAT_REQUESTS_AT_MOST = 2
    for name in "AB":
        actions.request_seat(invitation, who=Asking(name))
    with pytest.raises(Refusal):
        actions.request_seat(invitation, who=Asking("C"))


@pytest.mark.parametrize("state", ["draft", "concluded", "archived", "cancelled"])
def test_nobody_asks_where_nobody_meets(invitation, state) -> None:
    type(invitation.consultation).objects.update(state=state)
    with pytest.raises(Refusal):
        actions.request_seat(invitation, who=SITI)


def test_the_person_is_invited(cast, invitation) -> None:
    made = actions.grant_request(actions.request_seat(invitation, who=SITI), by=cast.convenor)
    assert (made.full_name, made.office, made.address, made.language, made.state, made.seats_offered, made.way) == (
        *("Siti", "Jaringan Siti", "siti@example.org", "id", "approved", 1),
        "mail",
    )
    kept = SeatRequest.objects.get()
    assert (kept.state, kept.by) == ("granted", cast.convenor)
    assert OutgoingMessage.objects.values_list("purpose", "recipient").get() == (
        "consultations.seat_request_settled",
        "siti@example.org",
    )


def test_an_organisation_is_written_to_at_its_own_address(cast, invitation) -> None:
    asked = actions.request_seat(invitation, who=SITI)
    made = actions.grant_request(asked, by=cast.convenor, seats=2, organisation=cast.other_organisation)
    assert (made.organisation, made.address, made.seats_offered) == (
        cast.other_organisation,
        cast.other_organisation.contact_email,
        2,
    )


def test_without_an_address_no_mail_goes(cast, invitation) -> None:
    made = actions.grant_request(actions.request_seat(invitation, who=Asking("Siti")), by=cast.convenor)
    assert (made.way, OutgoingMessage.objects.count()) == ("letter", 0)


def test_a_request_is_declined_once(cast, invitation) -> None:
    asked = actions.request_seat(invitation, who=SITI)
    assert actions.decline_request(asked, by=cast.convenor).state == "declined"
    for act in (actions.decline_request, actions.grant_request):
        with pytest.raises(Refusal):
            act(asked, by=cast.convenor)
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize("state", ["applied", "suspended", "merged"])
def test_who_cannot_be_invited_is_not(cast, invitation, state) -> None:
    asked = actions.request_seat(invitation, who=SITI)
    with pytest.raises(Refusal):
        actions.grant_request(asked, by=cast.convenor, organisation=build.make_organisation(state=state))


def test_who_is_invited_already_is_not_invited_again(cast, invitation) -> None:
    asked = actions.request_seat(invitation, who=SITI)
    with pytest.raises(Refusal):
        actions.grant_request(asked, by=cast.convenor, organisation=cast.organisation)
    assert SeatRequest.objects.get().state == "open"


def test_nobody_invites_the_own_organisation_that_way(cast, invitation) -> None:
    own = build.make_member(cast.other_organisation)
    own.convenorships.create(since=build.LONG_AGO)
    asked = actions.request_seat(invitation, who=SITI)
    with pytest.raises(Refusal):
        actions.grant_request(asked, by=own, organisation=cast.other_organisation)

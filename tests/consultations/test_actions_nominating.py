"""Delegates: named, confirmed, replaced, taken out; the acceptance stays with the invited."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.actions import Delegate
from consultations.models import Invitation, Seat
from consultations.states import SEAT, InvitationState, SeatState
from portal.models import LogEntry
from portal.states import Refusal
from tests import build

SITI = Delegate("Siti Rohani", mandate="chosen", email="siti@example.org", listing="name", mode="online")
BUDI = Delegate("Budi", email="budi@example.org")


@pytest.fixture
def invitation(cast):
    """Return an invitation with two accepted seats."""
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    return build.make_invitation(consultation, cast.organisation, state="accepted", seats_accepted=2)


def test_a_delegate_is_named_as_written(cast, invitation) -> None:
    seat = actions.nominate_delegate(invitation, by=cast.representative, who=SITI)
    kept = Seat.objects.get()
    assert seat == kept
    assert (kept.full_name, kept.mandate, kept.email, kept.listing, kept.mode, kept.state) == (
        *("Siti Rohani", "chosen", "siti@example.org", "name", "online"),
        "nominated",
    )
    assert (kept.organisation, kept.bench, kept.part, kept.user) == (cast.organisation, "workers", "delegate", None)
    assert LogEntry.objects.values_list("verb", "actor").get() == ("nominate", cast.representative.pk)


@pytest.mark.parametrize("state", [state for state in InvitationState.values if state != "accepted"])
def test_only_who_accepted_names_somebody(invitation, state) -> None:
    Invitation.objects.update(state=state)
    with pytest.raises(Refusal):
        actions.nominate_delegate(invitation, by=None, who=SITI)


def test_never_more_living_seats_than_accepted(invitation) -> None:
    for who in (SITI, BUDI):
        actions.nominate_delegate(invitation, by=None, who=who)
    with pytest.raises(Refusal) as refusal:
        actions.nominate_delegate(invitation, by=None, who=Delegate("Third"))
    assert refusal.value.field == "full_name"
    actions.excuse_delegate(Seat.objects.first(), by=None)
    actions.nominate_delegate(invitation, by=None, who=Delegate("Third"))
    assert Seat.objects.living().count() == 2


@pytest.mark.parametrize("who", [Delegate("siti ROHANI"), Delegate("Other", email="SITI@example.org")])
def test_nobody_is_named_twice(invitation, who) -> None:
    actions.nominate_delegate(invitation, by=None, who=SITI)
    with pytest.raises(Refusal):
        actions.nominate_delegate(invitation, by=None, who=who)
    assert Seat.objects.count() == 1


def test_nobody_is_named_once_it_is_over(invitation) -> None:
    past = timezone.localdate() - timedelta(days=2)
    type(invitation.consultation).objects.update(starts_on=past, ends_on=past)
    with pytest.raises(Refusal):
        actions.nominate_delegate(invitation, by=None, who=SITI)


def test_the_first_one_s_data_goes_and_the_acceptance_stays(cast, invitation) -> None:
    first = actions.nominate_delegate(invitation, by=None, who=SITI)
    code, key = first.code, first.person_key
    second = actions.substitute_delegate(first, by=cast.representative, who=BUDI)
    first.refresh_from_db()
    invitation.refresh_from_db()
    personal = ("full_name", "email", "office", "mandate", "user", "listing")
    assert [getattr(first, name) for name in personal] == ["", "", "", "", None, "nobody"]
    assert (first.state, second.state, second.replaces) == ("substituted", "nominated", first)
    assert first.code != code
    assert first.person_key != key
    assert (invitation.state, invitation.seats_accepted) == ("accepted", 2)
    assert "Siti" not in str(list(Seat.objects.values()))


@pytest.mark.parametrize("state", SeatState.values)
@pytest.mark.parametrize("verb", ["confirm", "substitute", "excuse"])
def test_every_state_and_verb(invitation, state, verb) -> None:
    seat = build.make_seat(invitation, state=state)
    act = {
        "confirm": lambda: actions.confirm_delegate(seat, by=None),
        "excuse": lambda: actions.excuse_delegate(seat, by=None),
        "substitute": lambda: actions.substitute_delegate(seat, by=None, who=BUDI),
    }[verb]
    if SEAT.can(verb, state):
        act()
        assert Seat.objects.get(pk=seat.pk).state == SEAT.target(verb, state)
    else:
        with pytest.raises(Refusal):
            act()


def test_in_place_of_somebody_excused_only_where_a_seat_is_left(invitation) -> None:
    excused = build.make_seat(invitation, state="excused")
    for _count in range(2):
        build.make_seat(invitation)
    with pytest.raises(Refusal):
        actions.substitute_delegate(excused, by=None, who=BUDI)


def test_one_delegate_for_two_organisations_is_one_person(cast, invitation) -> None:
    other = build.make_invitation(invitation.consultation, cast.other_organisation, state="accepted", seats_accepted=1)
    elsewhere = build.make_invitation(build.make_consultation(), state="accepted", seats_accepted=1)
    first = actions.nominate_delegate(invitation, by=None, who=SITI)
    second = actions.nominate_delegate(other, by=None, who=Delegate("Ibu Siti", email="Siti@Example.org"))
    third = actions.nominate_delegate(elsewhere, by=None, who=SITI)
    assert first.person_key == second.person_key
    assert third.person_key != first.person_key


def test_an_account_is_tied_only_where_it_acts_for_the_invited(cast, invitation) -> None:
    own = actions.nominate_delegate(invitation, by=None, who=Delegate("Lead", email=cast.representative.email))
    foreign = actions.nominate_delegate(invitation, by=None, who=Delegate("Other", email=cast.other_member.email))
    assert (own.user, foreign.user) == (cast.representative, None)


def test_two_without_an_address_are_two_people(invitation) -> None:
    keys = {actions.nominate_delegate(invitation, by=None, who=Delegate(name)).person_key for name in "AB"}
    assert len(keys) == 2


def test_a_name_that_was_given_while_waiting_goes_too(invitation) -> None:
    invitation.answers.create(verb="yes", seats=2, delegates="Siti Rohani\nBudi", channel="link")
    seat = actions.nominate_delegate(invitation, by=None, who=SITI)
    actions.substitute_delegate(seat, by=None, who=Delegate("Wati"))
    assert invitation.answers.get().delegates == "Budi"


@pytest.mark.parametrize("how", ["revoke", "lapse"])
def test_with_the_invitation_its_delegates_go(cast, invitation, how) -> None:
    build.make_seat(invitation, full_name="Siti Rohani", email="siti@example.org")
    came = build.make_seat(invitation, state="present", full_name="Budi")
    if how == "revoke":
        actions.revoke_invitation(invitation, by=cast.convenor)
    else:
        past = timezone.localdate() - timedelta(days=2)
        type(invitation.consultation).objects.update(starts_on=past, ends_on=past)
        Invitation.objects.update(state="to_reconfirm")
        actions.lapse_invitation(Invitation.objects.get())
    assert set(Seat.objects.values_list("state", "full_name", "email")) == {
        ("excused", "", ""),
        ("present", "Budi", ""),
    }
    assert Seat.objects.living().get() == came


def test_a_revoked_invitation_waits_for_nothing(cast, invitation) -> None:
    Invitation.objects.update(state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
    done = actions.revoke_invitation(invitation, by=cast.convenor)
    assert (done.waiting_seats, done.waiting_since) == (0, None)

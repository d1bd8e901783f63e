"""The waiting list: offers by group and in order, that lapse by the clock and go on."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from consultations import actions, tasks
from consultations.actions import Reply
from consultations.models import Invitation, SeatQuota
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from tests import build


@pytest.fixture
def consultation(cast):
    """Return a consultation with two seats."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor], seats=2)


def waiting(consultation, seats=1, minutes=0, organisation=None, **values):
    """Return somebody who waits, since some minutes after the first."""
    since = timezone.now() - timedelta(hours=2) + timedelta(minutes=minutes)
    found = build.make_invitation(
        consultation, organisation, state="waitlisted", waiting_seats=seats, waiting_since=since, **values
    )
    found.answers.create(verb="yes", seats=seats, channel="link")
    return found


def states(*invitations) -> list[tuple[str, int]]:
    """Return where they stand and with how many seats."""
    rows = Invitation.objects.in_bulk([one.pk for one in invitations])
    return [(rows[one.pk].state, rows[one.pk].waiting_seats) for one in invitations]


def test_what_is_free_is_offered_in_order(consultation) -> None:
    second, first, third = waiting(consultation, minutes=1), waiting(consultation), waiting(consultation, minutes=2)
    assert actions.offer_free_seats(consultation) == 2
    assert states(first, second, third) == [("offered", 1), ("offered", 1), ("waitlisted", 1)]
    assert OutgoingMessage.objects.filter(purpose="consultations.seat_offered").count() == 2
    assert list(LogEntry.objects.values_list("verb", "actor")) == [("offer", None)] * 2


def test_fewer_than_asked_for_are_offered_where_there_are_no_more(consultation) -> None:
    asks = waiting(consultation, seats=2)
    build.make_invitation(consultation, state="accepted", seats_accepted=1)
    actions.offer_free_seats(consultation)
    assert states(asks) == [("offered", 1)]


def test_the_group_comes_before_speed(consultation) -> None:
    group = build.make_group("domestic-workers")
    SeatQuota.objects.create(consultation=consultation, group=group, seats=2)
    quick = waiting(consultation)
    slow = waiting(consultation, minutes=30, organisation=build.make_organisation(groups=[group]))
    actions.offer_free_seats(consultation)
    assert states(quick, slow) == [("waitlisted", 1), ("offered", 1)]


def test_an_offer_stands_some_days_and_not_into_the_first_day(consultation) -> None:
    zone = consultation.time_zone
    today = actions.answering.clock.today_in(zone)
    consultation.starts_on, consultation.ends_on = today + timedelta(days=2), today + timedelta(days=2)
    assert actions.offer_ends(consultation) == actions.answering.clock.end_of_day(today + timedelta(days=1), zone)
    consultation.starts_on = today + timedelta(days=9)
    assert actions.offer_ends(consultation) == actions.answering.clock.end_of_day(today + timedelta(days=3), zone)
    consultation.starts_on = today
    with pytest.raises(Refusal):
        actions.offer_ends(consultation)


@pytest.mark.parametrize("state", ["draft", "concluded", "archived", "cancelled"])
def test_nothing_is_offered_where_nobody_meets(consultation, state) -> None:
    waiting(consultation)
    type(consultation).objects.update(state=state)
    with pytest.raises(Refusal):
        actions.offer_free_seats(consultation)


def offered(consultation, **values):
    """Return somebody to whom one seat is offered until tomorrow."""
    until = timezone.now() + timedelta(days=1)
    found = build.make_invitation(
        consultation, **{"state": "offered", "waiting_seats": 1, "offered_until": until, **values}
    )
    found.answers.create(verb="yes", seats=2, channel="link")
    return found


@pytest.mark.parametrize("deadline", [20, -2])
def test_the_offer_is_taken_by_a_yes_also_after_the_deadline(consultation, deadline) -> None:
    type(consultation).objects.update(answer_by=timezone.localdate() + timedelta(days=deadline))
    one = offered(consultation)
    build.make_invitation(consultation, state="accepted", seats_accepted=1)
    done = actions.answer_invitation(one, by=None, reply=Reply("yes", 1), channel="link")
    assert (done.state, done.seats_accepted, done.waiting_seats, done.offered_until) == ("accepted", 1, 0, None)


def test_more_than_was_offered_is_refused_and_the_offer_stands(consultation) -> None:
    one = offered(consultation)
    build.make_invitation(consultation, state="accepted", seats_accepted=1)
    with pytest.raises(Refusal) as refusal:
        actions.answer_invitation(one, by=None, reply=Reply("yes", 2), channel="link")
    assert refusal.value.field == "seats"
    assert states(one) == [("offered", 1)]


def test_an_offer_that_ran_out_is_none(consultation) -> None:
    one = offered(consultation, offered_until=timezone.now() - timedelta(minutes=1))
    build.make_invitation(consultation, state="accepted", seats_accepted=2)
    done = actions.answer_invitation(one, by=None, reply=Reply("yes", 1), channel="link")
    assert (done.state, done.offered_until) == ("waitlisted", None)
    assert done.waiting_since is not None


def test_an_offer_lapses_by_the_clock_and_goes_to_the_next(consultation) -> None:
    build.make_invitation(consultation, state="accepted", seats_accepted=1)
    first = offered(consultation, offered_until=timezone.now() - timedelta(minutes=1))
    second = waiting(consultation)
    assert tasks.offer_seats() == 2
    assert states(first, second) == [("waitlisted", 2), ("offered", 1)]
    first.refresh_from_db()
    assert first.waiting_since is None
    assert tasks.offer_seats() == 0
    Invitation.objects.filter(pk=second.pk).update(offered_until=F("offered_until") - timedelta(days=30))
    assert tasks.offer_seats() == 1  # nobody is in the line any more: nothing goes round in circles
    done = actions.answer_invitation(first, by=None, reply=Reply("yes", 1), channel="link")
    assert done.state == "accepted"


def test_an_offer_that_stands_is_not_passed_over(consultation) -> None:
    with pytest.raises(Refusal):
        actions.pass_over_offer(offered(consultation))


def test_each_offer_is_a_mail_of_its_own(consultation) -> None:
    one = waiting(consultation)
    for _count in range(2):
        tasks.offer_seats()
        Invitation.objects.update(offered_until=timezone.now() - timedelta(minutes=1))
        tasks.offer_seats()
        Invitation.objects.update(waiting_since=timezone.now())
    told = OutgoingMessage.objects.filter(subject_id=one.pk).order_by("pk").values_list("purpose", "version")
    offer, lapsed = "consultations.seat_offered", "consultations.seat_offer_lapsed"
    assert list(told) == [(offer, 1), (lapsed, 1), (offer, 2), (lapsed, 2)]


def test_that_an_offer_lapsed_is_told_once(consultation) -> None:
    build.make_invitation(consultation, state="accepted", seats_accepted=1)
    one = offered(consultation, offered_until=timezone.now() - timedelta(minutes=1))
    for _night in range(2):
        tasks.offer_seats()
    (message,) = OutgoingMessage.objects.filter(purpose="consultations.seat_offer_lapsed")
    assert (message.subject_id, message.recipient) == (one.pk, one.address)


def test_who_has_no_address_is_not_written_to_when_it_lapses(consultation) -> None:
    offered(consultation, address="", offered_until=timezone.now() - timedelta(minutes=1))
    tasks.offer_seats()
    assert not OutgoingMessage.objects.exists()


def test_a_convenor_offers_out_of_turn(cast, consultation) -> None:
    first, second = waiting(consultation), waiting(consultation, minutes=5)
    actions.offer_seat(second, by=cast.convenor)
    assert states(first, second) == [("waitlisted", 1), ("offered", 1)]
    assert LogEntry.objects.get().actor == cast.convenor


def test_what_is_not_free_cannot_be_offered(cast, consultation) -> None:
    build.make_invitation(consultation, state="accepted", seats_accepted=2)
    with pytest.raises(Refusal):
        actions.offer_seat(waiting(consultation), by=cast.convenor)


def test_nobody_offers_to_the_own_organisation(cast, consultation) -> None:
    own = build.make_member(cast.organisation)
    own.convenorships.create(since=build.LONG_AGO)
    with pytest.raises(Refusal):
        actions.offer_seat(waiting(consultation, organisation=cast.organisation), by=own)


def test_an_organisation_that_left_the_table_is_passed_by(consultation) -> None:
    gone = waiting(consultation, organisation=build.make_organisation(state="suspended"))
    there = waiting(consultation, minutes=1)
    actions.offer_free_seats(consultation)
    assert states(gone, there) == [("waitlisted", 1), ("offered", 1)]


@pytest.mark.parametrize("how", ["decline", "revoke", "fewer", "more"])
def test_whatever_makes_a_seat_free_leads_to_an_offer(cast, consultation, how) -> None:
    full = build.make_invitation(consultation, state="accepted", seats_accepted=2)
    one = waiting(consultation)
    assert tasks.offer_seats() == 0
    if how == "decline":
        actions.answer_invitation(full, by=None, reply=Reply("no"), channel="link")
    elif how == "revoke":
        actions.revoke_invitation(full, by=cast.convenor)
    elif how == "fewer":
        actions.answer_invitation(full, by=None, reply=Reply("yes", 1), channel="link")
    else:
        type(consultation).objects.update(seats=3)
    assert tasks.offer_seats() == 1
    assert states(one) == [("offered", 1)]


def test_a_broken_consultation_does_not_stop_the_others(consultation, monkeypatch) -> None:
    one, other = waiting(consultation), waiting(build.make_consultation(seats=1))
    real = actions.offer_free_seats

    def breaks(which, **kwargs):
        if which.pk == consultation.pk:
            raise RuntimeError("broken")
        return real(which, **kwargs)

    monkeypatch.setattr(actions, "offer_free_seats", breaks)
    assert tasks.offer_seats() == 1
    assert states(one, other) == [("waitlisted", 1), ("offered", 1)]

"""Answers: yes, maybe, no, in every state, before and after the deadline, by whichever way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.actions import Delegate, Needed, Reply
from consultations.models import Answer, Invitation, Need, Seat
from consultations.states import ANSWERS, INVITATION, InvitationState
from portal.models import LogEntry
from portal.states import Refusal
from tests import build

NEEDS = (Needed("interpretation", language="km"), Needed("diet", "No pork"))
YES = Reply("yes", seats=2, delegates=[Delegate("Siti")], needs=NEEDS, note="Thank you")


@pytest.fixture
def invitation(cast):
    """Return an invitation of the representative's organisation."""
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    return build.make_invitation(consultation, cast.organisation)


@pytest.mark.parametrize("state", InvitationState.values)
@pytest.mark.parametrize("answer", ANSWERS)
def test_every_state_and_answer(cast, state, answer) -> None:
    invitation = build.make_invitation(build.make_consultation(), cast.organisation, state=state)
    reply = Reply(answer, seats=1 if answer == "yes" else 0)
    if INVITATION.can(ANSWERS[answer], state) and state != "lapsed":
        done = actions.answer_invitation(invitation, by=None, reply=reply, channel="link")
        assert (done.state, done.seats_accepted) == (INVITATION.target(ANSWERS[answer], state), reply.seats)
    else:
        with pytest.raises(Refusal):
            actions.answer_invitation(invitation, by=None, reply=reply, channel="link")
        assert not Answer.objects.exists()


def test_an_answer_keeps_who_how_and_what(cast, invitation) -> None:
    actions.answer_invitation(invitation, by=cast.representative, reply=YES, channel="portal")
    kept = Answer.objects.get()
    assert (kept.verb, kept.seats, kept.delegates, kept.needs, kept.note) == ("yes", 2, "", "", "Thank you")
    assert list(Seat.objects.values_list("full_name", "state", "listing")) == [("Siti", "nominated", "nobody")]
    said = set(Need.objects.values_list("kind", "detail", "language"))
    assert said == {("interpretation", "", "km"), ("diet", "No pork", "")}
    assert (kept.by, kept.channel) == (cast.representative, "portal")
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.detail) == ("accept", "portal")


def test_the_last_answer_counts_and_each_is_kept(invitation) -> None:
    for reply in (YES, Reply("maybe"), Reply("no", note="Ill"), Reply("yes", seats=1)):
        actions.answer_invitation(invitation, by=None, reply=reply, channel="link")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.seats_accepted) == ("accepted", 1)
    assert list(Answer.objects.order_by("pk").values_list("verb", flat=True)) == ["yes", "maybe", "no", "yes"]


def test_saying_the_same_twice_is_one_answer(invitation) -> None:
    for _count in range(3):
        actions.answer_invitation(invitation, by=None, reply=YES, channel="link")
    assert (Answer.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_no_takes_no_seat_whatever_was_typed(invitation) -> None:
    done = actions.answer_invitation(invitation, by=None, reply=Reply("no", seats=2), channel="link")
    assert done.seats_accepted == 0


@pytest.mark.parametrize("seats", [0, -1, 3, 10**6])
def test_more_seats_than_offered(invitation, seats) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.answer_invitation(invitation, by=None, reply=Reply("yes", seats=seats), channel="link")
    assert refusal.value.field == "seats"


def test_where_the_seats_run_out_a_yes_waits(cast, invitation) -> None:
    consultation = invitation.consultation
    consultation.seats = 3
    consultation.save()
    build.make_invitation(consultation, state="accepted", seats_accepted=2)
    waits = actions.answer_invitation(invitation, by=None, reply=YES, channel="link")
    assert (waits.state, waits.seats_accepted, waits.waiting_seats) == ("waitlisted", 0, 2)
    assert (Answer.objects.get().delegates, Seat.objects.count()) == ("Siti", 0)
    fits = actions.answer_invitation(invitation, by=None, reply=Reply("yes", seats=1), channel="link")
    assert (fits.state, fits.seats_accepted, fits.waiting_since) == ("accepted", 1, None)
    last = build.make_invitation(consultation)
    last = actions.answer_invitation(last, by=None, reply=Reply("yes", seats=1), channel="link")
    assert (last.state, last.waiting_seats) == ("waitlisted", 1)


def test_nobody_loses_a_seat_by_asking_for_another_one(invitation) -> None:
    invitation.consultation.seats = 3
    invitation.consultation.save()
    build.make_invitation(invitation.consultation, state="accepted", seats_accepted=2)
    actions.answer_invitation(invitation, by=None, reply=Reply("yes", seats=1), channel="link")
    with pytest.raises(Refusal) as refusal:
        actions.answer_invitation(invitation, by=None, reply=Reply("yes", seats=2), channel="link")
    assert (refusal.value.field, str(refusal.value)) == ("seats", "You can have 1 seat; no more are free.")
    assert Invitation.objects.get(pk=invitation.pk).seats_accepted == 1


def test_fewer_seats_than_people_named_are_refused(invitation) -> None:
    two = [Delegate("Siti"), Delegate("Budi")]
    actions.answer_invitation(invitation, by=None, reply=Reply("yes", 2, delegates=two), channel="link")
    with pytest.raises(Refusal) as refusal:
        actions.answer_invitation(invitation, by=None, reply=Reply("yes", 1), channel="link")
    assert refusal.value.field == "seats"
    assert Seat.objects.living().count() == 2


@pytest.mark.parametrize("answer", ["maybe", "no"])
def test_who_does_not_come_has_no_delegates_and_their_data_goes(invitation, answer) -> None:
    actions.answer_invitation(invitation, by=None, reply=YES, channel="link")
    actions.answer_invitation(invitation, by=None, reply=Reply(answer), channel="link")
    seat = Seat.objects.get()
    assert (seat.state, seat.full_name, seat.email, seat.user) == ("excused", "", "", None)
    assert Need.objects.count() == (0 if answer == "no" else 2)


def test_needs_are_replaced_as_a_whole_and_left_where_nothing_is_said(invitation) -> None:
    actions.answer_invitation(invitation, by=None, reply=YES, channel="link")
    actions.answer_invitation(invitation, by=None, reply=Reply("yes", 1), channel="phone")
    assert Need.objects.count() == 2
    actions.answer_invitation(
        invitation, by=None, reply=Reply("yes", 1, needs=[Needed("other", "Shade")]), channel="link"
    )
    assert Need.objects.values_list("kind", "detail").get() == ("other", "Shade")


@pytest.mark.parametrize("state", ["concluded", "archived"])
def test_an_answer_after_the_event_is_noted_by_a_convenor(cast, state) -> None:
    consultation = build.make_consultation(state=state, seats=1)
    invitation = build.make_invitation(consultation, cast.organisation, state="lapsed")
    done = actions.record_answer(invitation, by=cast.convenor, reply=YES, channel="phone")
    assert (done.state, done.seats_accepted) == ("accepted", 2)
    assert Seat.objects.get().full_name == "Siti"


def test_after_a_move_the_former_seats_are_held(invitation) -> None:
    invitation.consultation.seats = 2
    invitation.consultation.save()
    Invitation.objects.update(state="to_reconfirm", seats_accepted=2)
    other = build.make_invitation(invitation.consultation)
    assert actions.answer_invitation(other, by=None, reply=Reply("yes", 1), channel="link").state == "waitlisted"
    done = actions.answer_invitation(invitation, by=None, reply=Reply("yes", 2), channel="link")
    assert (done.state, done.seats_accepted) == ("accepted", 2)


def test_a_liaison_answers_for_the_office(cast) -> None:
    invitation = build.make_invitation_of_body(build.make_consultation(), cast.body, office="Director")
    reply = Reply("yes", 1, delegates=[Delegate("Ibu Ani")])
    actions.answer_invitation(invitation, by=cast.liaison, reply=reply, channel="portal")
    seat = Seat.objects.get()
    assert (seat.part, seat.body, seat.organisation, seat.office, seat.bench) == (
        "official",
        cast.body,
        None,
        "Director",
        "government",
    )


def test_the_own_seats_do_not_stand_in_the_way(invitation) -> None:
    invitation.consultation.seats = 2
    invitation.consultation.save()
    for seats in (2, 1, 2):
        actions.answer_invitation(invitation, by=None, reply=Reply("yes", seats=seats), channel="link")
    assert Invitation.objects.get().seats_accepted == 2


@pytest.mark.parametrize("channel", ["link", "portal"])
def test_after_the_deadline_invitees_are_refused(cast, invitation, channel) -> None:
    close(invitation.consultation)
    with pytest.raises(Refusal):
        actions.answer_invitation(invitation, by=None, reply=YES, channel=channel)


def close(consultation) -> None:
    """Let the time for answers be over."""
    consultation.answer_by = timezone.localdate() - timedelta(days=2)
    consultation.save()


@pytest.mark.parametrize(("zone", "open_now"), [("Pacific/Kiritimati", False), ("Pacific/Pago_Pago", True)])
def test_the_deadline_ends_with_its_day_in_the_consultations_zone(invitation, zone, open_now) -> None:
    # The day before the one that is now everywhere between those two islands.
    now = timezone.now()
    invitation.consultation.time_zone = zone
    day = now.astimezone(timezone.get_fixed_timezone(-11 * 60)).date()
    invitation.consultation.answer_by = day if open_now else day - timedelta(days=1)
    invitation.consultation.save()
    if open_now:
        assert actions.answer_invitation(invitation, by=None, reply=YES, channel="link").state == "accepted"
    else:
        with pytest.raises(Refusal):
            actions.answer_invitation(invitation, by=None, reply=YES, channel="link")


@pytest.mark.parametrize("state", ["draft", "concluded", "archived", "cancelled"])
@pytest.mark.parametrize("channel", ["link", "portal", "calendar"])
def test_no_answer_to_what_is_not_ahead(cast, state, channel) -> None:
    invitation = build.make_invitation(build.make_consultation(state=state), cast.organisation)
    with pytest.raises(Refusal):
        actions.answer_invitation(invitation, by=None, reply=YES, channel=channel)


@pytest.mark.parametrize("channel", ["phone", "letter", "person"])
def test_a_convenor_notes_an_answer_also_late_and_marked(cast, invitation, channel) -> None:
    close(invitation.consultation)
    actions.record_answer(invitation, by=cast.convenor, reply=YES, channel=channel)
    kept = Answer.objects.get()
    assert (kept.by, kept.channel) == (cast.convenor, channel)


def test_several_answers_are_noted_all_or_none(cast, invitation) -> None:
    other = build.make_invitation(invitation.consultation)
    with pytest.raises(Refusal) as refused:
        actions.record_answers({other: Reply("no"), invitation: Reply("yes", 99)}, by=cast.convenor, channel="phone")
    assert refused.value.field == str(invitation.pk)
    assert not Answer.objects.exists()
    noted = actions.record_answers({other: Reply("no"), invitation: YES}, by=cast.convenor, channel="phone")
    assert [one.state for one in noted] == ["declined", "accepted"]


@pytest.mark.parametrize("channel", ["link", "portal"])
def test_a_convenor_cannot_pose_as_the_invitee(cast, invitation, channel) -> None:
    with pytest.raises(Refusal):
        actions.record_answer(invitation, by=cast.convenor, reply=YES, channel=channel)


def test_nobody_notes_the_answer_of_the_own_organisation(cast, invitation) -> None:
    own = build.make_member(cast.organisation)
    own.convenorships.create(since=build.LONG_AGO)
    with pytest.raises(Refusal):
        actions.record_answer(invitation, by=own, reply=YES, channel="phone")

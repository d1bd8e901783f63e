"""Many at once: one row of state, a consistent history, no seat given twice, nothing sent twice."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from consultations import actions
from consultations.actions import Delegate, Reply
from consultations.models import Answer, Consultation, FollowUp, Invitation, Seat, SeatQuota
from portal import clock, log
from portal.models import OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(*calls: Callable) -> list:
    """Run the calls in threads that start together; return their results, refusals as they are."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Callable) -> None:
        barrier.wait()
        try:
            results[index] = call()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def answering(invitation, reply) -> Callable:
    """Return a call that answers."""
    return lambda: actions.answer_invitation(invitation, by=None, reply=reply, channel="link")


def test_fifty_answers_of_one_organisation_are_one_state() -> None:
    invitation = build.make_invitation(build.make_consultation())
    replies = [Reply("yes", seats=1), Reply("yes", seats=2), Reply("maybe"), Reply("no"), Reply("no", note="Ill")]
    all_at_once(*[answering(invitation, replies[index % 5]) for index in range(50)])
    found, last = Invitation.objects.get(), Answer.objects.order_by("-pk").first()
    state = {"yes": "accepted", "maybe": "tentative", "no": "declined"}[last.verb]
    assert (found.state, found.seats_accepted) == (state, last.seats)
    assert log.first_break() is None


def test_fifty_equal_answers_are_one() -> None:
    invitation = build.make_invitation(build.make_consultation())
    all_at_once(*[answering(invitation, Reply("yes", seats=2)) for _index in range(50)])
    assert Answer.objects.count() == 1


def test_the_last_seats_are_given_once() -> None:
    consultation = build.make_consultation(seats=5)
    invitations = [build.make_invitation(consultation) for _index in range(8)]
    all_at_once(*[answering(one, Reply("yes", seats=2)) for one in invitations])
    assert Invitation.objects.aggregate(taken=Sum("seats_accepted"))["taken"] == 4
    assert Invitation.objects.filter(state="waitlisted").count() == 6


def test_fifty_answers_for_the_last_seats_never_oversell() -> None:
    group = build.make_group("domestic-workers")
    consultation = build.make_consultation(seats=7)
    SeatQuota.objects.create(consultation=consultation, group=group, seats=3)
    kept = [build.make_invitation(consultation, build.make_organisation(groups=[group])) for _index in range(5)]
    others = [build.make_invitation(consultation) for _index in range(45)]
    all_at_once(*[answering(one, Reply("yes", seats=1)) for one in [*others, *kept]])
    accepted = Invitation.objects.filter(state="accepted")
    assert accepted.count() == 7
    assert accepted.filter(organisation__groups=group).count() >= 3
    assert Invitation.objects.filter(state="waitlisted").count() == 43
    assert log.first_break() is None


def test_an_offer_is_made_once_whoever_makes_it() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor], seats=1)
    waiting = [
        build.make_invitation(consultation, state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
        for _index in range(3)
    ]
    by_hand = [lambda one=one: actions.offer_seat(one, by=convenor) for one in waiting]
    all_at_once(*by_hand, *[lambda: actions.offer_free_seats(consultation)] * 3)
    assert Invitation.objects.filter(state="offered").count() == 1
    assert OutgoingMessage.objects.count() == 1


def test_the_last_place_has_one_name() -> None:
    invitation = build.make_invitation(build.make_consultation(), state="accepted", seats_accepted=1)
    named = [lambda name=name: actions.nominate_delegate(invitation, by=None, who=Delegate(name)) for name in "ABCDEF"]
    results = all_at_once(*named)
    assert sum(isinstance(result, Refusal) for result in results) == 5
    assert Seat.objects.living().count() == 1


def test_sending_twice_at_once_sends_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    for _index in range(20):
        build.make_invitation(consultation, state="approved")
    results = all_at_once(*[lambda: actions.send_invitations(consultation, by=convenor)] * 4)
    assert sorted(results) == [0, 0, 0, 20]
    assert OutgoingMessage.objects.count() == 20


def test_a_revoked_invitation_never_comes_back_by_sending() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    invitation = build.make_invitation(consultation, state="approved")
    all_at_once(
        lambda: actions.send_invitations(consultation, by=convenor),
        lambda: actions.revoke_invitation(invitation, by=convenor),
    )
    assert Invitation.objects.get().state == "revoked"


def test_reminding_at_once_reminds_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    for _index in range(5):
        build.make_invitation(consultation)
    assert sorted(all_at_once(*[lambda: actions.send_reminders(consultation, by=convenor)] * 3)) == [0, 0, 5]
    assert OutgoingMessage.objects.count() == 5


def test_of_two_editors_one_wins_and_the_other_is_told() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    change = actions.change_consultation
    results = all_at_once(
        lambda: change(consultation, by=convenor, version=1, title_en="One"),
        lambda: change(consultation, by=convenor, version=1, title_en="Two"),
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 1
    assert Consultation.objects.get().title_en == lost[0].current.title_en
    assert Consultation.objects.get().version == 2


def test_concluding_at_once_tells_everybody_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    Consultation.objects.update(starts_on="2020-05-12", ends_on="2020-05-12")
    results = all_at_once(*[lambda: actions.conclude_consultation(consultation, by=convenor)] * 3)
    assert sum(result == 1 for result in results) == 1
    assert OutgoingMessage.objects.count() == 1


def test_moving_at_once_tells_everybody_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    for state in ("sent", "accepted", "accepted"):
        build.make_invitation(consultation, state=state)
    results = all_at_once(*[lambda: actions.move_consultation(consultation, by=convenor, version=1, mode="online")] * 4)
    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert OutgoingMessage.objects.count() == 3
    assert Invitation.objects.filter(state="to_reconfirm").count() == 2
    assert log.first_break() is None


def test_a_move_and_an_answer_at_once_leave_nobody_agreed_to_the_old_day_unasked() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    invitation = build.make_invitation(consultation, state="accepted", seats_accepted=1)
    all_at_once(
        lambda: actions.move_consultation(consultation, by=convenor, version=1, mode="online"),
        answering(invitation, Reply("yes", seats=2)),
    )
    # Either the answer came after the move and counts, or the invited are asked once more.
    assert Invitation.objects.get().state in {"accepted", "to_reconfirm"}
    assert OutgoingMessage.objects.count() == 1


def test_cancelling_at_once_tells_everybody_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    build.make_invitation(consultation)
    results = all_at_once(
        *[lambda: actions.cancel_consultation(consultation, by=convenor, cancelled_because_en="x")] * 3
    )
    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert OutgoingMessage.objects.count() == 1


def test_of_three_convenors_who_leave_at_once_one_does() -> None:
    convenors = [build.make_convenor() for _index in range(3)]
    consultation = build.make_consultation(convenors=convenors)
    all_at_once(*[lambda one=one: actions.leave_consultation(consultation, by=one) for one in convenors])
    assert consultation.convenors.count() == 2


def test_points_moved_at_once_keep_an_order_without_gaps() -> None:
    convenor = build.make_convenor()
    session = build.make_session(build.make_consultation(convenors=[convenor]))
    items = [actions.add_item(session, by=convenor, title_en=str(index)) for index in range(5)]
    all_at_once(*[lambda one=one: actions.shift_item(one, by=convenor, up=True) for one in items])
    assert sorted(session.items.values_list("position", flat=True)) == [0, 1, 2, 3, 4]


def test_sessions_added_at_once_have_a_place_each() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor])
    one = build.make_session(consultation)
    values = {"starts_at": one.starts_at, "ends_at": one.ends_at, "title_en": "New"}
    one.delete()
    all_at_once(*[lambda: actions.add_session(consultation, by=convenor, **values)] * 3)
    assert sorted(consultation.sessions.values_list("position", flat=True)) == [0, 1, 2]
    assert not consultation.sessions.filter(uid=consultation.uid).exists()


def test_sending_the_summary_at_once_tells_everybody_once() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor], state="concluded")
    for _index in range(10):
        build.make_invitation(consultation, state="declined")
    sending = [lambda: actions.send_summary(consultation, by=convenor, version=1, words_version=0)] * 5
    results = all_at_once(*sending)
    assert sum(result == 11 for result in results) == 1
    assert sum(isinstance(result, Refusal) for result in results) == 4
    assert OutgoingMessage.objects.count() == 11
    assert log.first_break() is None


def test_words_of_two_writers_at_once_are_not_lost() -> None:
    convenor = build.make_convenor()
    consultation = build.make_consultation(convenors=[convenor], state="concluded")
    texts = [{"en": f"Words {index}", "id": ""} for index in range(5)]
    results = all_at_once(
        *[partial(actions.save_summary_words, consultation, by=convenor, version=0, texts=one) for one in texts]
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 4
    kept = consultation.wordings.get().body
    assert {one.current.texts["en"] for one in lost} == {kept}


def test_the_clock_and_the_clock_remind_of_a_step_once() -> None:
    consultation = build.make_consultation(convenors=[build.make_convenor()], state="concluded")
    FollowUp.objects.create(consultation=consultation, due_on="2026-01-01", text_en="Send it")
    FollowUp.objects.update(due_on=clock.today_in(consultation.time_zone))
    step = FollowUp.objects.get()
    results = all_at_once(*[lambda: actions.remind_of_step(step)] * 4)
    assert sum(isinstance(result, Refusal) for result in results) == 3
    assert OutgoingMessage.objects.count() == 1

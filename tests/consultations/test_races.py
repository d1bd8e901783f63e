"""Many at once: one row of state, a consistent history, no seat given twice, nothing sent twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Sum

from consultations import actions
from consultations.actions import Reply
from consultations.models import Answer, Consultation, Invitation
from portal import log
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
    results = all_at_once(*[answering(one, Reply("yes", seats=2)) for one in invitations])
    assert Invitation.objects.aggregate(taken=Sum("seats_accepted"))["taken"] == 4
    assert sum(isinstance(result, Refusal) for result in results) == 6


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

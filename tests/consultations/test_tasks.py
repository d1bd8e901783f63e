"""Clock jobs: due and not yet done, twice as once, after a missed night, and one failure does not stop the rest."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from consultations import actions, emails, tasks
from consultations.models import Invitation
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from tests import build


def states_of() -> list[str]:
    """Return the states in order."""
    return list(Invitation.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def returned(db):
    """Return invitations of which the first and the last two came back; the last was answered by telephone since."""
    consultation = build.make_consultation()
    rows = [build.make_invitation(consultation) for _count in range(4)]
    emails.invitation_sent(*rows)
    OutgoingMessage.objects.update(state="sent")
    OutgoingMessage.objects.filter(subject_id__in=[rows[0].pk, rows[2].pk]).update(state="failed")
    OutgoingMessage.objects.filter(subject_id=rows[3].pk).update(state="bounced")
    Invitation.objects.filter(pk=rows[3].pk).update(state="accepted")
    return rows


def test_mark_undeliverable_twice_as_once(returned) -> None:
    assert [tasks.mark_undeliverable() for _count in range(2)] == [2, 0]
    assert states_of() == ["undeliverable", "sent", "undeliverable", "accepted"]
    assert LogEntry.objects.filter(verb="return").count() == 2


def test_a_repaired_invitation_is_not_marked_again(returned, cast) -> None:
    tasks.mark_undeliverable()
    actions.repair_invitation(returned[0], by=cast.convenor, address="new@example.org")
    assert tasks.mark_undeliverable() == 0


def test_one_failure_does_not_stop_the_rest(returned, caplog) -> None:
    done = []

    def act(invitation: Invitation) -> Invitation:
        if invitation == returned[0]:
            raise ZeroDivisionError
        if invitation == returned[1]:
            raise Refusal("no")
        done.append(invitation)
        return invitation

    assert tasks.each(returned, act) == 2
    assert done == returned[2:]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("days", [2, 30])  # the next night, and after many that were missed
def test_lapse_what_nobody_answered_firmly(db, days) -> None:
    day = timezone.localdate() - timedelta(days=days)
    past = build.make_consultation(starts_on=day, ends_on=day, answer_by=day)
    for state in ("sent", "tentative", "undeliverable", "accepted", "declined", "revoked", "drafted"):
        build.make_invitation(past, state=state)
    build.make_invitation(build.make_consultation())
    assert [tasks.lapse_invitations() for _count in range(2)] == [3, 0]
    assert states_of() == [*["lapsed"] * 3, "accepted", "declined", "revoked", "drafted", "sent"]


def test_the_clock_knows_the_jobs() -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"consultations.mark_undeliverable", "consultations.lapse_invitations"} <= names

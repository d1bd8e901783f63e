"""Reminders by plan: once a step and recipient, whatever the clock does; they stop by themselves."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from consultations import actions, tasks
from consultations.models import Consultation
from consultations.states import InvitationState
from portal import clock, delivery
from portal.models import OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build

LONG_AGO = timezone.now() - timedelta(days=40)


@pytest.fixture
def consultation(cast):
    """Return a consultation that is answered within seven days, with reminders a fortnight, a week, two days before."""
    last = clock.today_in("Asia/Jakarta") + timedelta(days=7)
    dates = {"answer_by": last, "starts_on": last + timedelta(days=9), "ends_on": last + timedelta(days=9)}
    return build.make_consultation(convenors=[cast.convenor], reminder_days="14 7 2", **dates)


def test_the_days_count_back_from_the_last_one(consultation) -> None:
    today = clock.today_in("Asia/Jakarta")
    days = [today - timedelta(days=7), today, today + timedelta(days=5)]
    assert consultation.reminders_on == days
    assert consultation.reminder_due_on(today) == today
    assert consultation.next_reminder_on(today) == days[2]
    assert (consultation.reminder_due_on(days[0] - timedelta(days=1)), consultation.next_reminder_on(days[2])) == (
        None,
        None,
    )
    consultation.answer_by = None
    assert consultation.reminders_on == []


def test_the_job_reminds_exactly_the_silent_once(consultation) -> None:
    made = {
        state: build.make_invitation(consultation, state=state, sent_at=LONG_AGO) for state in InvitationState.values
    }
    assert [tasks.send_due_reminders() for _count in range(2)] == [1, 1]
    reminded = set(OutgoingMessage.objects.values_list("subject_id", flat=True))
    assert reminded == {made["sent"].pk, made["to_reconfirm"].pk}
    assert OutgoingMessage.objects.count() == 2


def test_after_missed_nights_only_the_latest_step_counts(consultation) -> None:
    build.make_invitation(consultation, sent_at=LONG_AGO)
    Consultation.objects.update(answer_by=clock.today_in("Asia/Jakarta") + timedelta(days=1))
    tasks.send_due_reminders()
    tasks.send_due_reminders()
    step = clock.today_in("Asia/Jakarta") - timedelta(days=1)
    assert list(OutgoingMessage.objects.values_list("version", flat=True)) == [step.toordinal()]


@pytest.mark.parametrize("what", ["invited today", "reminded today", "waits for its hour"])
def test_whoever_heard_of_it_since_is_left_in_peace(cast, consultation, what) -> None:
    sent = {"waits for its hour": timezone.now() + timedelta(hours=3), "invited today": timezone.now()}
    build.make_invitation(consultation, sent_at=sent.get(what, LONG_AGO))
    if what == "reminded today":
        actions.send_reminders(consultation, by=cast.convenor)
    before = OutgoingMessage.objects.count()
    tasks.send_due_reminders()
    assert OutgoingMessage.objects.count() == before


def test_a_reminder_by_the_clock_waits_for_the_morning_where_they_are(consultation) -> None:
    dili = build.make_organisation(country=build.make_country("TL"))
    build.make_invitation(consultation, dili, sent_at=LONG_AGO)
    tasks.send_due_reminders()
    zone = ZoneInfo("Asia/Dili")
    nine = datetime.combine(timezone.now().astimezone(zone).date(), time(9), zone)
    found = OutgoingMessage.objects.get().next_try_at
    assert abs(found - max(nine, timezone.now())) < timedelta(minutes=5)


def test_who_answers_before_the_morning_gets_none(cast, consultation, mailoutbox) -> None:
    invitation = build.make_invitation(consultation, sent_at=LONG_AGO)
    tasks.send_due_reminders()
    actions.record_answer(invitation, by=cast.convenor, reply=actions.Reply("no"), channel="phone")
    OutgoingMessage.objects.update(next_try_at=timezone.now())
    delivery.deliver_batch()
    assert mailoutbox == []
    assert OutgoingMessage.objects.get().state == "superseded"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "draft"},
        {"state": "concluded"},
        {"state": "cancelled"},
        {"reminder_days": ""},
        {"answer_by": None},
        {"answer_by": timezone.localdate() - timedelta(days=2)},
        {"answer_by": timezone.localdate() + timedelta(days=30)},
    ],
)
def test_when_nobody_is_reminded(consultation, change) -> None:
    build.make_invitation(consultation, sent_at=LONG_AGO)
    Consultation.objects.update(**change)
    assert tasks.send_due_reminders() == 0
    assert not OutgoingMessage.objects.exists()


def test_one_that_fails_does_not_stop_the_others(consultation) -> None:
    over = build.make_consultation(
        state="announced", reminder_days="7", answer_by=timezone.localdate() - timedelta(days=3)
    )
    build.make_invitation(over, sent_at=LONG_AGO)
    build.make_invitation(consultation, sent_at=LONG_AGO)
    assert tasks.send_due_reminders() == 1


def test_the_plan_is_kept_in_order(cast, consultation) -> None:
    found = actions.plan_reminders(consultation, by=cast.convenor, days=[2, 14, 2], version=1)
    assert (found.reminder_days, found.version) == ("14 2", 2)
    assert actions.plan_reminders(consultation, by=cast.convenor, days=[], version=2).reminder_days == ""


@pytest.mark.parametrize("days", [[1, 2, 3, 4], [61], [-1]])
def test_days_that_cannot_be_meant(cast, consultation, days) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.plan_reminders(consultation, by=cast.convenor, days=days, version=1)
    assert refusal.value.field == "days"
    assert Consultation.objects.get().reminder_days == "14 7 2"


def test_two_plans_at_once(cast, consultation) -> None:
    actions.plan_reminders(consultation, by=cast.convenor, days=[3], version=1)
    with pytest.raises(Conflict):
        actions.plan_reminders(consultation, by=cast.convenor, days=[5], version=1)
    assert Consultation.objects.get().reminder_days == "3"


def test_no_plan_without_a_last_day_and_none_once_it_is_over(cast) -> None:
    open_end = build.make_consultation(answer_by=None)
    with pytest.raises(Refusal) as refusal:
        actions.plan_reminders(open_end, by=cast.convenor, days=[3], version=1)
    assert refusal.value.field == "days"
    with pytest.raises(Refusal):
        actions.plan_reminders(build.make_consultation(state="concluded"), by=cast.convenor, days=[3], version=1)

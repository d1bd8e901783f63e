"""The clock job of reminders: each consultation in which a day for reminders has come."""

from celery import shared_task

from consultations import actions
from consultations.models import Consultation
from consultations.tasks.inviting import each


@shared_task(name="consultations.send_due_reminders")
def send_due_reminders() -> int:
    """Remind those who have not answered, on the days that were set; return in how many consultations it looked."""
    running = Consultation.objects.filter(state__in=["announced", "in_session"], answer_by__isnull=False)
    return each(running.exclude(reminder_days="").order_by("pk"), actions.send_due_reminders)

"""Clock jobs: find what is due and not yet done, one action per row. Safe to run twice, safe to miss a night."""

from consultations.tasks.inviting import each, lapse_invitations, mark_undeliverable
from consultations.tasks.papers import sweep_papers
from consultations.tasks.reminding import send_due_reminders
from consultations.tasks.telling import remind_of_steps
from consultations.tasks.waiting import offer_seats

__all__ = [
    "each",
    "lapse_invitations",
    "mark_undeliverable",
    "offer_seats",
    "remind_of_steps",
    "send_due_reminders",
    "sweep_papers",
]

"""The clock's job of what follows: the convenors are told of a step on its day."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from consultations import actions
from consultations.models import FollowUp
from consultations.tasks.inviting import each

# The last zone of the region is half a day ahead of the first: the action itself knows each consultation's own.
EARLIEST = timedelta(hours=14)


@shared_task(name="consultations.remind_of_steps")
def remind_of_steps() -> int:
    """Tell the convenors of the steps that are due and of which they were not told; return of how many."""
    return each(FollowUp.objects.untold((timezone.now() + EARLIEST).date()), actions.remind_of_step)

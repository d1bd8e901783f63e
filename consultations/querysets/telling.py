"""Named reads of what is told afterwards: next steps, and which summaries went out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models

from consultations.querysets.consultations import convened_by
from portal.models import OutgoingMessage

SUMMARY_MAIL, STEP_MAIL = "consultations.consultation_summary", "consultations.next_step_due"
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Told:
    """The last summary that went out: its number and when."""

    version: int
    at: datetime


class FollowUpQuerySet(models.QuerySet):
    """Reads of next steps."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person convenes: what the public reads of them stands on other pages."""
        return self.filter(convened_by(user))

    def waiting(self) -> Self:
        """Not done yet, the first one due on top."""
        return self.filter(done_at=None).order_by("due_on", "pk")

    def due(self, day: date) -> Self:
        """Not done, and due on the day or before it, of consultations that were not cancelled."""
        return self.waiting().filter(due_on__lte=day).exclude(consultation__state="cancelled")

    def untold(self, day: date) -> list[Any]:
        """Return those due by the day of which the convenors were not told for the day that they are set to.

        Steps that are long overdue stand on the desk; a clock that stood still for a month tells of none of them.
        """
        rows = list(self.due(day).filter(due_on__gt=day - LOOK_BACK).select_related("consultation"))
        mails = OutgoingMessage.objects.filter(purpose=STEP_MAIL, subject_id__in=[row.pk for row in rows])
        told = set(mails.values_list("subject_id", "version"))
        return [row for row in rows if (row.pk, row.due_on.toordinal()) not in told]


def last_summaries(consultations: list[int]) -> dict[int, Told]:
    """Return the last summary of each consultation (ids) that has one, in one query."""
    sent = OutgoingMessage.objects.filter(purpose=SUMMARY_MAIL, subject_id__in=consultations).order_by()
    rows = sent.values_list("subject_id", "version").annotate(at=models.Min("created_at")).order_by("version")
    return {pk: Told(version, at) for pk, version, at in rows}


def last_summary(consultation: Any) -> Told | None:
    """Return the last summary of the consultation; None where none went out."""
    return last_summaries([consultation.pk]).get(consultation.pk)

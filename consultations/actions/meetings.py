"""The official calendar, which convenors keep together."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.actions.planning import write_changed
from consultations.models import OfficialMeeting
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.querysets import standing_of


def _demand_convenor(by: User) -> None:
    if not standing_of(by).convenor:
        raise Refusal(_("Only a convenor of the task force can do this."))


@transaction.atomic
def note_meeting(*, by: User, **values: Any) -> OfficialMeeting:
    """Put a meeting into the official calendar."""
    _demand_convenor(by)
    meeting = OfficialMeeting.objects.create(**values)
    log.record("note_meeting", meeting, by=by)
    return meeting


@transaction.atomic
def change_meeting(meeting: OfficialMeeting, *, by: User, version: int, **values: Any) -> OfficialMeeting:
    """Write new values. Raises Conflict when somebody else changed it since `version`."""
    _demand_convenor(by)
    meeting = OfficialMeeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.version != version:
        raise Conflict(meeting)
    changed = write_changed(meeting, values)
    if not changed:
        return meeting
    meeting.version += 1
    meeting.save(update_fields=[*changed, "version"])
    log.record("change_meeting", meeting, by=by, detail=" ".join(sorted(changed))[:200])
    return meeting

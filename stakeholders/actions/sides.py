"""What every way into an organisation checks: nobody sits on both sides, and a mandate that ended makes room."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Membership, Organisation

YOU_SPEAK_FOR_AN_OFFICE = _("You act for a public body. Somebody who does cannot act for an organisation as well.")
THEY_SPEAK_FOR_AN_OFFICE = _(
    "This person acts for a public body. Somebody who does cannot act for an organisation as well."
)


def lock_person(person: User) -> User:
    """Lock the person's account and return it: whoever comes to a side does so one act after the other.

    Before the lock of an organisation or an appointment, never after it: two acts that wait for each other end badly.
    """
    # Not the strictest lock: rows that merely name the person, such as the log's, need not wait.
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def demand_no_office(user: User, sentence: Any, *, field: str | None = None) -> None:
    """Raise Refusal with the sentence where the person acts for a public body, or is about to."""
    if user.appointments.barring(clock.today_here()).exists():
        raise Refusal(sentence, field=field)


def open_membership(organisation: Organisation, user: User) -> Membership | None:
    """Return the person's mandate, request or invitation here; close a mandate whose last day is over.

    Only inside an action that holds the organisation's lock.
    """
    membership: Membership | None = organisation.memberships.exclude(state="left").filter(user=user).first()
    if membership is None or not is_over(membership, clock.today_here()):
        return membership
    membership.move("leave")
    return None


def is_over(membership: Membership, day: date) -> bool:
    """Whether the mandate's last day was before the day."""
    return membership.state == "active" and membership.until is not None and membership.until < day

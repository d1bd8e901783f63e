"""What the tests of mandates share: terms, invitations, and people as a new request would carry them."""

from datetime import timedelta
from typing import Any

from portal import clock
from portal.models import User
from stakeholders import actions
from stakeholders.models import Membership

INVITED = "sari@example.org"


def day(days: int = 0) -> Any:
    """Return a day so many days from today."""
    return clock.today_here() + timedelta(days=days)


def terms(**values: Any) -> dict[str, Any]:
    """Return what a lead says about a colleague."""
    words = {"address": INVITED, "full_name": "Sari", "role": "drafter", "mandate": "appointed", "since": day()}
    return {**words, **values}


def invite(cast: Any, **values: Any) -> Membership:
    """Return an invitation of the lead."""
    return actions.invite_colleague(cast.organisation, by=anew(cast.representative), **terms(**values))


def anew(person: User) -> User:
    """Return the person as a request of its own would."""
    return User.objects.get(pk=person.pk)


def prove(user: User) -> User:
    """Let the person prove the address, as the sign-in with a code does."""
    user.emailaddress_set.update(verified=True)
    return anew(user)


def of(user: User) -> Membership:
    """Return the person's only mandate."""
    return Membership.objects.get(user=user)

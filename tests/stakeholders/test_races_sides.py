"""Nobody comes to sit on two sides by two acts at the same moment, whichever comes first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.states import Refusal
from stakeholders import actions
from tests import build
from tests.recommendations.test_races import at_once
from tests.stakeholders.mandates import anew, invite

pytestmark = pytest.mark.django_db(transaction=True)


def become_liaison(cast, administrator, seats=0):
    """Return the act of being named for an office and accepting at once."""
    today = timezone.localdate()
    words = {"address": cast.stranger.email, "full_name": "", "language": "en", "since": today}

    def act():
        until = today + timedelta(days=90)
        named = actions.appoint_liaison(cast.body, by=anew(administrator), until=until, **words)
        return actions.accept_appointment(named, by=anew(cast.stranger), seats=seats)

    return act


def join(cast, organisation):
    """Return the act of joining by a link to the person's own address."""
    return lambda: actions.join_organisation(organisation, address=cast.stranger.email, by=anew(cast.stranger))


def ended(results):
    """Return how many were done; whatever is not done was refused in words."""
    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
    return sum(not isinstance(one, Refusal) for one in results)


def sides(person):
    """Return how many seats, and how many offices, the person has."""
    seats = person.memberships.exclude(state="left").count()
    return seats, person.appointments.filter(state="active").count()


@pytest.mark.parametrize("turned", [False, True], ids=["join-first", "office-first"])
def test_joining_and_becoming_liaison_at_once(cast, turned):
    deeds = [join(cast, build.make_organisation()), become_liaison(cast, build.make_administrator())]
    assert ended(at_once(*(reversed(deeds) if turned else deeds))) == 1
    assert sides(cast.stranger) in {(1, 0), (0, 1)}


@pytest.mark.parametrize("turned", [False, True], ids=["mandate-first", "office-first"])
def test_taking_up_a_mandate_and_becoming_liaison_at_once(cast, turned):
    offer, office = invite(cast, address=cast.stranger.email), become_liaison(cast, build.make_administrator(), seats=1)
    deeds = [lambda: actions.accept_mandate(offer, by=anew(cast.stranger)), office]
    assert ended(at_once(*(reversed(deeds) if turned else deeds))) >= 1
    assert sides(cast.stranger) in {(1, 0), (0, 1)}


@pytest.mark.parametrize("office_first", [False, True])
def test_one_after_the_other(cast, office_first):
    deeds = [join(cast, build.make_organisation()), become_liaison(cast, build.make_administrator())]
    first, second = reversed(deeds) if office_first else deeds
    first()
    with pytest.raises(Refusal):
        second()
    assert sides(cast.stranger) == ((0, 1) if office_first else (1, 0))


def test_who_invites_and_who_takes_up_the_mandate_do_not_wait_for_each_other(cast):
    offer = invite(cast, address=cast.stranger.email)
    done = ended(
        at_once(
            lambda: actions.accept_mandate(offer, by=anew(cast.stranger)),
            lambda: invite(cast, address=cast.stranger.email, role="representative"),
            lambda: actions.join_organisation(cast.organisation, address="", by=anew(cast.stranger)),
        )
    )
    assert (done >= 1, sides(cast.stranger)) == (True, (1, 0))

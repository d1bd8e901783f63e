"""Invitations that nobody answered lapse, and accounts that nobody used: twice as once, after a missed night."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage, User
from stakeholders import actions, tasks
from stakeholders.models import Membership
from tests import build
from tests.stakeholders.mandates import INVITED, invite, prove


def age(days=31):
    """Let so many days go by for all that was written."""
    then = timezone.now() - timedelta(days=days)
    Membership.objects.update(created_at=then)
    User.objects.update(joined_at=then)


def test_lapsed_invitation_takes_the_unused_account_along(cast):
    invite(cast)
    age()
    assert [tasks.lapse_mandates() for _time in range(2)] == [1, 0]
    assert User.objects.filter(email=INVITED).count() == 0
    assert LogEntry.objects.filter(verb="lapse_mandate", actor=None).count() == 1
    assert OutgoingMessage.objects.get().user is None


@pytest.mark.parametrize("verb", ["withdraw_mandate", "decline_mandate"])
def test_account_of_a_closed_invitation_goes_too_unless_it_was_used(cast, verb):
    offer = invite(cast)
    by = prove(offer.user) if verb == "decline_mandate" else cast.representative
    getattr(actions, verb)(offer, by=by)
    age()
    tasks.lapse_mandates()
    assert User.objects.filter(email=INVITED).exists() is (verb == "decline_mandate")


def test_fresh_invitation_stays(cast):
    invite(cast)
    age(days=29)
    assert (tasks.lapse_mandates(), Membership.objects.filter(state="invited").count()) == (0, 1)
    assert User.objects.filter(email=INVITED).count() == 1


@pytest.mark.parametrize("why", ["signed in", "proved", "other invitation", "asks elsewhere", "liaison", "convenor"])
def test_account_that_is_of_use_stays(cast, why):
    offer = invite(cast)
    user = offer.user
    if why == "signed in":
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    if why == "proved":
        prove(user)
    if why == "asks elsewhere":
        Membership.objects.create(organisation=cast.other_organisation, user=user)
    if why == "liaison":
        user.appointments.create(body=cast.body, state="proposed")
    if why == "convenor":
        user.convenorships.create()
    age()
    if why == "other invitation":
        Membership.objects.create(organisation=cast.other_organisation, user=user, state="invited")
    assert tasks.lapse_mandates() == 1
    assert User.objects.filter(pk=user.pk).exists()


def test_people_who_never_were_invited_stay(cast):
    new = build.make_user()
    new.emailaddress_set.update(verified=False)
    age()
    before = User.objects.count()
    tasks.lapse_mandates()
    assert User.objects.count() == before


def test_one_failure_does_not_stop_the_rest(cast, monkeypatch):
    first, second = invite(cast), invite(cast, address="two@example.org")
    age()
    act = actions.lapse_mandate

    def break_down(membership):
        if membership.pk == first.pk:
            raise RuntimeError
        return act(membership)

    monkeypatch.setattr(actions, "lapse_mandate", break_down)
    assert tasks.lapse_mandates() == 1
    assert list(Membership.objects.filter(state="invited")) == [first]
    assert User.objects.filter(pk=second.user_id).count() == 0

"""Administrators and liaisons at once, on real transactions: one result, no loop, nobody on two sides."""

import pytest
from django.utils import timezone

from portal import log
from stakeholders import actions
from stakeholders.models import Convenorship, LiaisonAppointment, PublicBody
from tests import build
from tests.recommendations.test_races import anew, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def person(address="new@example.org"):
    """Return what a form says about a person, with a term."""
    today = timezone.localdate()
    return {"address": address, "full_name": "New", "language": "en", "since": today, "until": today}


def test_of_two_successions_at_once_one_counts(cast):
    administrator = build.make_administrator()
    first, second = build.make_body("first"), build.make_body("second")
    results = at_once(
        *[
            lambda new=new: actions.succeed_body(cast.body, new, on=timezone.localdate(), by=anew(administrator))
            for new in (first, second)
        ]
    )
    assert kinds(results) == ["done", "refused"]
    assert PublicBody.objects.get(pk=cast.body.pk).successor in {first, second}


def test_two_successions_at_once_close_no_loop(cast):
    administrator, other = build.make_administrator(), build.make_body("other")
    pairs = [(cast.body, other), (other, cast.body)]
    results = at_once(
        *[
            lambda old=old, new=new: actions.succeed_body(old, new, on=timezone.localdate(), by=anew(administrator))
            for old, new in pairs
        ]
    )
    assert kinds(results) == ["done", "refused"]
    assert log.first_break() is None


def test_appointing_five_times_at_once_appoints_once(cast):
    administrator = build.make_administrator()
    results = at_once(*[lambda: actions.appoint_liaison(cast.body, by=anew(administrator), **person())] * 5)
    assert kinds(results) == ["done", *["refused"] * 4]
    assert LiaisonAppointment.objects.filter(state="proposed").count() == 1


def test_accepting_two_offices_at_once_gives_one(cast):
    administrator = build.make_administrator()
    offices = [
        actions.appoint_liaison(body, by=administrator, **person("stranger@example.org"))
        for body in (cast.body, cast.other_body)
    ]
    results = at_once(
        *[lambda one=one: actions.accept_appointment(one, by=anew(cast.stranger), seats=0) for one in offices]
    )
    assert kinds(results) == ["done", "refused"]
    assert cast.stranger.appointments.filter(state="active").count() == 1


def test_accepting_five_times_at_once_counts_once(cast):
    administrator = build.make_administrator()
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("stranger@example.org"))
    results = at_once(*[lambda: actions.accept_appointment(appointment, by=anew(cast.stranger), seats=0)] * 5)
    assert kinds(results) == ["done", *["refused"] * 4]


def test_nobody_becomes_liaison_and_convenor_at_once(cast):
    administrator = build.make_administrator()
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("stranger@example.org"))
    at_once(
        lambda: actions.accept_appointment(appointment, by=anew(cast.stranger), seats=0),
        lambda: actions.name_for_term(by=anew(administrator), role="convenor", **person("stranger@example.org")),
    )
    assert not Convenorship.objects.filter(user=cast.stranger).exists()
    assert cast.stranger.appointments.get().state == "active"


def test_two_administrators_cannot_end_each_other(cast):
    people = [build.make_administrator(), build.make_administrator()]
    results = at_once(
        *[
            lambda by=by, other=other: actions.end_term(other.convenorships.get(), by=anew(by))
            for by, other in (people, reversed(people))
        ]
    )
    assert kinds(results) == ["done", "refused"]
    assert Convenorship.objects.current(timezone.localdate()).filter(role="administrator").count() == 1

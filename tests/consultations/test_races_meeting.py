"""Many telephones and many editors at once: one presence a person, one heir a seat, no words lost."""

import uuid

import pytest

from consultations import actions
from consultations.actions import Arrival, Newcomer
from consultations.models import AgendaItem, Minutes, Presence, Seat
from portal import log
from portal.states import Conflict, Refusal
from tests.consultations.scene import make_day
from tests.consultations.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(cast):
    return make_day(cast)


def test_twenty_telephones_with_one_person(day, cast) -> None:
    def telephone():
        arrivals = [Arrival(uuid.uuid4(), day.seat.pk, day.session.pk)]
        return actions.record_arrivals(day.consultation, by=cast.convenor, arrivals=arrivals)[0].outcome

    found = all_at_once(*[telephone] * 20)
    assert sorted(found) == ["known"] * 19 + ["written"]
    assert Presence.objects.count() == 1
    assert log.first_break() is None


def test_one_batch_sent_twenty_times(day, cast) -> None:
    batch = [Arrival(uuid.uuid4(), seat.pk) for seat in (day.seat, day.other_seat, day.official)]
    all_at_once(*[lambda: actions.record_arrivals(day.consultation, by=cast.convenor, arrivals=batch)] * 20)
    assert Presence.objects.count() == 3


def test_one_seat_is_taken_over_once(day, cast) -> None:
    calls = [
        lambda name=name: actions.substitute_at_door(day.seat, by=cast.convenor, full_name=name)
        for name in ("Ani", "Budi", "Citra", "Dewi")
    ]
    found = all_at_once(*calls)
    assert sum(isinstance(one, Seat) for one in found) == 1
    assert sum(isinstance(one, Refusal) for one in found) == 3
    assert Seat.objects.filter(replaces=day.seat).count() == 1


def test_the_seat_without_a_name_is_taken_once(day, cast) -> None:
    who = Newcomer("Ibu Ani", "workers", organisation=cast.organisation)
    found = all_at_once(*[lambda: actions.walk_in(day.consultation, by=cast.convenor, who=who)] * 3)
    assert sorted(seat.walk_in for seat in found) == [False, True, True]


def test_ten_who_write_the_same_point(day, cast) -> None:
    calls = [
        lambda text=str(number): actions.write_minutes(day.item, by=cast.convenor, version=1, text=text)
        for number in range(10)
    ]
    found = all_at_once(*calls)
    assert sum(isinstance(one, AgendaItem) for one in found) == 1
    assert sum(isinstance(one, Conflict) for one in found) == 9
    assert Minutes.objects.count() == 1

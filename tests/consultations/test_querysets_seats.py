"""How many seats are free for whom: kept for a group first, then for all, and behind those who wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Seat, SeatQuota
from consultations.querysets import kinds_of, main_bench, room_of
from consultations.querysets.seats import NO_LIMIT
from tests import build

DOMESTIC, UNIONS = "domestic-workers", "trade-unions"


@pytest.fixture
def groups(db):
    """Return two groups of one bench."""
    return {slug: build.make_group(slug) for slug in (DOMESTIC, UNIONS)}


def invited(consultation, group, **values):
    """Return the invitation of an organisation of the group."""
    return build.make_invitation(consultation, build.make_organisation(groups=[group]), **values)


def free(consultation, invitation, *, line: bool = False) -> int:
    """Return how many seats the invitation could have."""
    kinds = kinds_of(consultation.invitations.all())[invitation.pk]
    return room_of(consultation, besides=invitation, line=line).free_for(kinds)


def keep(consultation, seats, group=None, bench="") -> None:
    """Keep seats for a group or a bench."""
    SeatQuota.objects.create(consultation=consultation, group=group, bench=bench, seats=seats)


def test_without_a_number_of_seats_nobody_waits(groups) -> None:
    consultation = build.make_consultation(seats=None)
    keep(consultation, 1, groups[UNIONS])
    assert free(consultation, invited(consultation, groups[UNIONS])) == NO_LIMIT


@pytest.mark.parametrize(
    ("state", "values", "left"),
    [
        ("accepted", {"seats_accepted": 2}, 3),
        ("to_reconfirm", {"seats_accepted": 2}, 3),
        ("offered", {"waiting_seats": 2}, 3),
        ("waitlisted", {"waiting_seats": 2}, 5),
        ("tentative", {}, 5),
        ("declined", {}, 5),
        ("sent", {}, 5),
        ("revoked", {"seats_accepted": 2}, 5),
        ("lapsed", {"seats_accepted": 2}, 5),
    ],
)
def test_which_states_hold_seats(groups, state, values, left) -> None:
    consultation = build.make_consultation(seats=5)
    invited(consultation, groups[UNIONS], state=state, **values)
    assert free(consultation, invited(consultation, groups[UNIONS])) == left


def test_seats_kept_for_a_group_are_no_others(groups) -> None:
    consultation = build.make_consultation(seats=5)
    keep(consultation, 3, groups[DOMESTIC])
    union, domestic = (invited(consultation, groups[slug]) for slug in (UNIONS, DOMESTIC))
    assert (free(consultation, union), free(consultation, domestic)) == (2, 5)
    invited(consultation, groups[UNIONS], state="accepted", seats_accepted=2)
    assert (free(consultation, union), free(consultation, domestic)) == (0, 3)
    invited(consultation, groups[DOMESTIC], state="accepted", seats_accepted=3)
    assert (free(consultation, union), free(consultation, domestic)) == (0, 0)


def test_a_group_takes_its_own_seats_before_those_for_all(groups) -> None:
    consultation = build.make_consultation(seats=5)
    keep(consultation, 3, groups[DOMESTIC])
    invited(consultation, groups[DOMESTIC], state="accepted", seats_accepted=4)
    assert free(consultation, invited(consultation, groups[UNIONS])) == 1


def test_a_bench_keeps_seats_too(groups) -> None:
    consultation = build.make_consultation(seats=4)
    keep(consultation, 2, bench="government")
    office = build.make_invitation_of_body(consultation)
    abroad = build.make_invitation_of_body(consultation, build.make_body("ilo", kind="international", country=None))
    union = invited(consultation, groups[UNIONS])
    assert [free(consultation, one) for one in (office, abroad, union)] == [4, 2, 2]


def test_who_has_one_place_to_sit_comes_before_who_has_two(groups) -> None:
    consultation = build.make_consultation(seats=4)
    keep(consultation, 1, groups[DOMESTIC])
    keep(consultation, 1, groups[UNIONS])
    both = build.make_organisation(groups=list(groups.values()))
    build.make_invitation(consultation, both, state="accepted", seats_accepted=1)
    invited(consultation, groups[DOMESTIC], state="accepted", seats_accepted=1)
    assert [one.left for one in room_of(consultation).kept] == [0, 0]
    assert room_of(consultation).taken_of_all == 0


def test_more_kept_than_there_are_is_never_more_than_there_are(groups) -> None:
    consultation = build.make_consultation(seats=2)
    keep(consultation, 5, groups[DOMESTIC])
    assert free(consultation, invited(consultation, groups[DOMESTIC])) == 2
    assert free(consultation, invited(consultation, groups[UNIONS])) == 0


@pytest.mark.parametrize("kept", [False, True])
def test_nobody_passes_the_line(groups, kept) -> None:
    consultation, now = build.make_consultation(seats=3), timezone.now()
    if kept:
        keep(consultation, 1, bench="media")
    first = invited(consultation, groups[UNIONS], state="waitlisted", waiting_seats=1, waiting_since=now)
    later = now + timedelta(minutes=1)
    second = invited(consultation, groups[UNIONS], state="waitlisted", waiting_seats=1, waiting_since=later)
    quick = invited(consultation, groups[UNIONS])
    full = 2 if kept else 3
    assert [free(consultation, one, line=True) for one in (first, second, quick)] == [full, full - 1, full - 2]


def test_whoever_let_an_offer_pass_is_not_in_the_line(groups) -> None:
    consultation = build.make_consultation(seats=1)
    invited(consultation, groups[UNIONS], state="waitlisted", waiting_seats=1)
    assert free(consultation, invited(consultation, groups[UNIONS]), line=True) == 1


def test_on_which_side_delegates_sit(groups) -> None:
    consultation = build.make_consultation()
    assert main_bench(invited(consultation, groups[UNIONS])) == "workers"
    assert main_bench(invited(consultation, groups[UNIONS], bench="observer")) == "observer"
    assert main_bench(build.make_invitation_of_person(consultation)) == ""


@pytest.mark.parametrize("count", [1, 30])
def test_the_room_costs_the_same(groups, django_assert_num_queries, count) -> None:
    consultation = build.make_consultation(seats=100)
    keep(consultation, 3, groups[UNIONS])
    for _index in range(count):
        invited(consultation, groups[UNIONS], state="accepted", seats_accepted=1)
        invited(consultation, groups[UNIONS], state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
    with django_assert_num_queries(5):
        room_of(consultation, line=True)


def test_who_sees_seats(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    invitation = build.make_invitation(consultation, cast.organisation)
    build.make_seat(invitation)
    seen = {name for name, user in cast.people().items() if user and Seat.objects.visible_to(user).exists()}
    assert seen == {"convenor"}

"""Who came is counted by people and by organisations, and told without what could point at somebody."""

import uuid
from collections import Counter

import pytest
from django.utils import timezone

from consultations.models import Seat
from consultations.querysets import attendance_counts, attendance_figures, bench_of, present_seats
from tests import build


def came(consultation, count: int = 1, **values) -> list:
    """Return the seats of that many people of one organisation who came."""
    organisation = values.pop("organisation", None) or build.make_organisation()
    invitation = build.make_invitation(consultation, organisation)
    values = {"state": "present", "arrived_at": timezone.now(), **values}
    return [build.make_seat(invitation, **values) for _number in range(count)]


@pytest.mark.django_db
def test_nobody_came() -> None:
    figures = attendance_figures(build.make_consultation())
    assert (figures.people, figures.organisations, figures.benches, figures.counted) == (None, None, [], False)


@pytest.mark.django_db
def test_people_and_organisations_are_different_figures() -> None:
    consultation = build.make_consultation()
    for _number in range(5):
        came(consultation, 2)
    figures = attendance_figures(consultation)
    assert (figures.people, figures.organisations) == (10, 5)
    assert [(row.bench, row.people) for row in figures.benches] == [("workers", 10)]
    assert [(row.group.slug, row.organisations) for row in figures.groups] == [("trade-unions", 5)]
    assert not figures.some_hidden


@pytest.mark.django_db
def test_one_delegate_for_two_organisations_is_one_person() -> None:
    consultation, key = build.make_consultation(), uuid.uuid4()
    came(consultation, person_key=key)
    came(consultation, person_key=key)
    counts = attendance_counts(consultation)
    assert (counts.people, counts.organisations) == (1, 2)


@pytest.mark.django_db
def test_figures_below_five_are_for_the_desk_alone() -> None:
    consultation = build.make_consultation()
    came(consultation, 6)
    came(consultation, 3, bench="employers")
    figures, counts = attendance_figures(consultation), attendance_counts(consultation)
    # With the six and the total of nine, anybody could work out the three.
    assert (figures.people, figures.organisations, figures.benches, figures.some_hidden) == (9, None, [], True)
    assert [(row.bench, row.people) for row in counts.benches] == [("employers", 3), ("workers", 6)]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["nominated", "confirmed", "substituted", "excused", "absent"])
def test_only_who_came_counts(state) -> None:
    consultation = build.make_consultation()
    came(consultation, 6, state=state)
    assert not attendance_figures(consultation).counted


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["interpreter", "staff"])
def test_who_works_for_the_meeting_does_not_count(part) -> None:
    consultation = build.make_consultation()
    came(consultation, 6, part=part)
    assert not attendance_figures(consultation).counted


@pytest.mark.django_db
def test_bench_is_that_of_the_seat_of_the_invitation_or_of_the_body() -> None:
    consultation = build.make_consultation()
    ministry = build.make_seat(build.make_invitation_of_body(consultation))
    agency = build.make_body("agency", kind="international", country=None)
    international = build.make_seat(build.make_invitation_of_body(consultation, agency))
    professor = build.make_seat(build.make_invitation_of_person(consultation, bench="academic"))
    seat = build.make_seat(build.make_invitation(consultation), bench="observer")
    found = [bench_of(one) for one in (ministry, international, professor, seat)]
    assert found == ["government", "international", "academic", "observer"]


@pytest.mark.django_db
@pytest.mark.parametrize("organisations", [1, 3])
def test_figures_take_as_many_queries_however_many_came(organisations, django_assert_num_queries) -> None:
    consultation = build.make_consultation()
    for _number in range(organisations):
        came(consultation, 2)
    with django_assert_num_queries(2):
        attendance_figures(consultation)


@pytest.mark.django_db
def test_the_database_counts_as_one_would_seat_by_seat() -> None:
    """Benches said by the seat, the invitation, the body, the groups or an interest; people and organisations twice."""
    consultation, both, again = build.make_consultation(), uuid.uuid4(), uuid.uuid4()
    women = build.make_group("womens-groups", bench="civil-society")
    came(consultation, 2)
    came(consultation, bench="observer")
    came(consultation, 2, organisation=build.make_organisation(groups=[build.make_group(), women]))
    came(consultation, person_key=both, bench="academic")
    came(consultation, person_key=both, bench="employers")
    came(consultation, person_key=again, state="absent")
    came(consultation, person_key=again)
    came(consultation, 3, organisation=build.make_organisation(conflict="recruiter"))
    there = {"state": "present", "arrived_at": timezone.now()}
    agency = build.make_body("agency", kind="international", country=None)
    for body in (None, agency):
        build.make_seat(build.make_invitation_of_body(consultation, *filter(None, [body])), **there)
    build.make_seat(build.make_invitation_of_person(consultation, bench="academic"), **there)
    nowhere = {"invitation": None, "bench": ""}
    Seat.objects.create(consultation=consultation, full_name="Somebody", **there, **nowhere)
    Seat.objects.create(consultation=consultation, organisation=build.make_organisation(), **there, **nowhere)
    benches, organisations = {}, set()
    for seat in present_seats(consultation):
        benches.setdefault(seat.person_key, bench_of(seat))
        organisations |= {seat.organisation} - {None}
    counts = attendance_counts(consultation)
    assert {row.bench: row.people for row in counts.benches} == dict(Counter(benches.values()))
    assert (counts.people, counts.organisations) == (len(benches), len(organisations)) == (15, 8)
    groups = Counter(group for one in organisations for group in one.groups.all())
    assert {row.group: row.organisations for row in counts.groups} == dict(groups)

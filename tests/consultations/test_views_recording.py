"""A convenor notes several answers on one page: what was said, for how many, who comes; all of them or none."""

import pytest

from consultations.models import Answer, Invitation, Seat
from portal.once import FIELD, new_key
from tests import build
from tests.conftest import as_person

YES = {"answer": "yes"}


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def at(consultation) -> str:
    """Return the address of the page."""
    return f"/en/consultations/{consultation.slug}/invitations/answers/"


def note(cast, consultation, said, *, channel="phone", key=None, **more):
    """Send in what each of the invited said, as the page does."""
    typed = {f"{one.pk}-{name}": value for one, line in said.items() for name, value in line.items()}
    data = {FIELD: key or new_key(), "channel": channel, **typed, **more}
    return as_person(cast.convenor).post(at(consultation), data, follow=True)


def stands(*invitations) -> list[tuple[str, int]]:
    """Return the state and the seats of each."""
    found = {one.pk: (one.state, one.seats_accepted) for one in Invitation.objects.all()}
    return [found[one.pk] for one in invitations]


def test_several_answers_at_once(cast, consultation) -> None:
    first, second, third, quiet = (build.make_invitation(consultation, seats_offered=3) for _ in range(4))
    said = {
        first: {**YES, "names": "Siti Rohani\n\n  Phạm Minh Đức "},
        second: {**YES, "seats": "3"},
        third: {"answer": "no"},
        quiet: {"answer": ""},
    }
    page = note(cast, consultation, said, listing="name")
    assert [str(one) for one in page.context["messages"]] == ["3 answers are noted."]
    assert stands(first, second, third, quiet) == [("accepted", 2), ("accepted", 3), ("declined", 0), ("sent", 0)]
    people = Seat.objects.order_by("pk").values_list("full_name", "listing", "invitation")
    assert list(people) == [("Siti Rohani", "name", first.pk), ("Phạm Minh Đức", "name", first.pk)]
    kept = Answer.objects.values_list("by", "channel")
    assert list(kept) == [(cast.convenor.pk, "phone")] * 3
    assert [row["invitation"] for row in page.context["rows"]] == [quiet]


def test_an_official_comes_in_the_office_that_was_asked_and_is_on_no_list_unasked(cast, consultation) -> None:
    office = build.make_invitation_of_body(consultation, office="Director for Placement")
    note(cast, consultation, {office: {**YES, "names": "Budi"}}, channel="letter")
    seat = Seat.objects.get()
    assert (seat.office, seat.body, seat.listing) == ("Director for Placement", office.body, "nobody")


def test_who_is_asked_again_keeps_seats_and_names(cast, consultation) -> None:
    moved = build.make_invitation(consultation, state="to_reconfirm", seats_offered=3, seats_accepted=2)
    build.make_seat(moved, full_name="Siti")
    page = as_person(cast.convenor).get(at(consultation))
    assert "Siti" in page.content.decode()
    assert page.context["form"].lines[0]["seats"].value() == 2
    note(cast, consultation, {moved: {**YES, "seats": "2", "names": "Siti"}})
    assert stands(moved) == [("accepted", 2)]
    assert Seat.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (YES, "Say how many people will come."),
        ({**YES, "seats": "9"}, "Write a number between 1 and 2."),
        ({**YES, "seats": "1", "names": "A\nB"}, "2 people are named for fewer seats."),
        ({"answer": "no", "names": "A"}, "Names are noted with a yes."),
        ({"names": "A"}, "Names are noted with a yes."),
        ({**YES, "names": "A" * 201}, "A name is longer than 200 characters."),
        ({"answer": "perhaps"}, "Select a valid choice."),
    ],
)
def test_one_line_that_cannot_be_meant_keeps_all_from_being_noted(cast, consultation, line, sentence) -> None:
    good, bad = build.make_invitation(consultation), build.make_invitation(consultation, seats_offered=2)
    page = note(cast, consultation, {good: {**YES, "seats": "1"}, bad: line}).content.decode()
    assert sentence in page
    assert stands(good, bad) == [("sent", 0), ("sent", 0)]
    assert not Answer.objects.exists()
    if "names" in line:
        assert line["names"] in page


def test_nothing_chosen_and_no_way_said(cast, consultation) -> None:
    one = build.make_invitation(consultation)
    page = note(cast, consultation, {one: {"answer": ""}}, channel="").content.decode()
    assert "Choose the answer of one of the invited at least." in page
    assert "Choose one." in page
    assert not Answer.objects.exists()


def test_who_has_answered_meanwhile_is_not_overwritten(cast, consultation) -> None:
    one = build.make_invitation(consultation, state="accepted", seats_accepted=1)
    page = note(cast, consultation, {one: {"answer": "no"}}).content.decode()
    assert "They have answered meanwhile." in page
    assert stands(one) == [("accepted", 1)]


def test_a_second_press_notes_nothing_twice(cast, consultation) -> None:
    one, key = build.make_invitation(consultation), new_key()
    for _press in range(2):
        note(cast, consultation, {one: {**YES, "seats": "1"}}, key=key)
    assert Answer.objects.count() == 1


def test_no_seat_is_left(cast, consultation) -> None:
    consultation.seats = 1
    consultation.save()
    one, two = build.make_invitation(consultation), build.make_invitation(consultation)
    page = note(cast, consultation, {one: {**YES, "seats": "1"}, two: {**YES, "seats": "1"}})
    said = "2 answers are noted. For 1 of them no seat is free now: on the waiting list."
    assert [str(message) for message in page.context["messages"]] == [said]
    assert sorted(stands(one, two)) == [("accepted", 1), ("waitlisted", 0)]


def test_the_own_organisation_answers_itself_and_strangers_stay_out(cast, consultation) -> None:
    own = build.make_invitation(consultation, cast.organisation)
    elsewhere = build.make_invitation(build.make_consultation())
    build.Membership.objects.create(
        organisation=cast.organisation, user=cast.convenor, role="lead", state="active", since=build.LONG_AGO
    )
    page = note(cast, consultation, {own: {"answer": "no"}, elsewhere: {"answer": "no"}})
    assert page.context["rows"] == []
    assert stands(own, elsewhere) == [("sent", 0), ("sent", 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(cast, consultation, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_seat(build.make_invitation(consultation, state="to_reconfirm"))
    client = as_person(cast.convenor)
    client.get(at(consultation))
    with django_assert_num_queries(6):
        client.get(at(consultation))

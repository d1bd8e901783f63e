"""The attendance list, what is printed of it, and badges that say what their bearers chose."""

import re

import pytest
from django.urls import reverse

from consultations import actions
from consultations.models import Seat
from consultations.views.attendance import badge_of, picture_of
from tests import build
from tests.conftest import as_person
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast):
    return make_day(cast)


@pytest.fixture
def browser(cast):
    return as_person(cast.convenor)


def at(name, day, *args) -> str:
    return reverse(name, args=[day.consultation.slug, *args])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("attendance", 10), ("attendance_sheet", 7), ("badge_sheet", 7)])
def test_lists_take_as_many_queries_for_three_as_for_one(
    day, browser, name, queries, count, django_assert_num_queries
) -> None:
    Seat.objects.exclude(pk=day.seat.pk).delete()
    for _number in range(count - 1):
        build.make_seat(build.make_invitation(day.consultation))
    browser.get(at(name, day))
    with django_assert_num_queries(queries):
        response = browser.get(at(name, day))
    assert len(response.context.get("rows") or response.context["badges"]) == count


def test_the_list_has_names_in_all_scripts(day, browser) -> None:
    page = browser.get(at("attendance_sheet", day)).content.decode()
    for words in ("Sari Dewi", "สมชาย ใจดี", "Pak Budi", "Head of section", day.seat.code):
        assert words in page


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ("name", ("Sari Dewi", "a trade union, origin side", "Chair")),
        ("organisation", ("", "a trade union, origin side", "")),
        ("nobody", ("", "", "")),
    ],
)
def test_a_badge_says_what_its_bearer_chose(day, cast, listing, expected) -> None:
    cast.organisation.visibility = "withheld"
    cast.organisation.save()
    Seat.objects.filter(pk=day.seat.pk).update(listing=listing, office="Chair")
    badge = badge_of(Seat.objects.get(pk=day.seat.pk))
    assert (badge["name"], badge["behind"], badge["office"]) == expected
    assert badge["code"] == day.seat.code


def test_the_picture_holds_the_code_alone(day) -> None:
    drawing = picture_of("ABC234")
    assert drawing.startswith("<svg ")
    assert drawing == picture_of("ABC234") != picture_of("ABC235")
    assert not re.search(r"style=|<script|https?://(?!www\.w3\.org/2000/svg)", drawing)


def test_the_badges_of_a_discreet_consultation_tell_no_title(cast, browser) -> None:
    day = make_day(cast, discreet=True, title_en="Words of the title")
    page = browser.get(at("badge_sheet", day)).content.decode()
    main = page.split('class="badge-sheet"')[1].split("</main>")[0]
    assert "Words of the title" not in main


def test_somebody_is_excused(day, browser) -> None:
    response = browser.post(at("attendance_mark", day), {"seat": day.seat.pk, "verb": "excuse"}, follow=True)
    assert [str(one) for one in response.context["messages"]] == ["Sari Dewi: excused"]
    response = browser.post(at("attendance_mark", day), {"seat": day.seat.pk, "verb": "excuse"}, follow=True)
    assert [one.level_tag for one in response.context["messages"]] != ["success"]


def test_the_door_is_closed(day, browser) -> None:
    assert browser.get(at("attendance_close", day)).context["count"] == 3
    response = browser.post(at("attendance_close", day), follow=True)
    assert [str(one) for one in response.context["messages"]] == ["3 are marked as absent."]


def test_two_seats_become_one_person(day, browser) -> None:
    address = at("attendance_join", day, day.seat.pk)
    assert browser.post(address, {"other": day.seat.pk}).context["form"].errors
    browser.post(address, {"other": day.other_seat.pk})
    keys = set(Seat.objects.filter(pk__in=[day.seat.pk, day.other_seat.pk]).values_list("person_key", flat=True))
    assert len(keys) == 1


def test_counted_and_declared_stand_apart(cast, browser) -> None:
    day = make_day(cast, declared_participants_en="more than 50 participants")
    for seat in (day.seat, day.other_seat, day.official):
        actions.check_in(seat, by=cast.convenor)
    response = browser.get(at("attendance", day))
    figures = response.context["figures"]
    assert (figures.people, figures.organisations) == (3, 2)
    assert [(row.bench, row.people) for row in figures.benches] == [("government", 1), ("workers", 2)]
    assert "more than 50 participants" in response.content.decode()


def test_a_line_is_changed_and_a_slip_struck_out(day, browser, cast) -> None:
    data = {"full_name": "Sari D.", "part": "speaker", "mode": "online", "listing": "nobody", "bench": "", "office": ""}
    browser.post(at("attendance_change", day, day.seat.pk), data)
    seat = Seat.objects.get(pk=day.seat.pk)
    assert (seat.full_name, seat.part, seat.mode, seat.listing) == ("Sari D.", "speaker", "online", "nobody")
    assert browser.get(at("attendance_change", day, day.seat.pk)).context["strikes"] is False
    response = browser.post(at("attendance_change", day, day.seat.pk), {"strike": "1"}, follow=True)
    assert "Only who walked in can be struck out" in response.content.decode()
    Seat.objects.filter(pk=day.seat.pk).update(walk_in=True)
    browser.post(at("attendance_change", day, day.seat.pk), {"strike": "1"})
    assert not Seat.objects.filter(pk=day.seat.pk).exists()

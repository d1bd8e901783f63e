"""Minutes and outputs: who reads, who writes, who corrects; two editors see both texts."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import actions
from consultations.models import Correction, Minutes, Seat
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db
CONVENORS = ("convenor", "second_convenor")


@pytest.fixture
def day(cast):
    """Sari came for the cast's organisation; the other one accepted and did not come."""
    day = make_day(cast)
    actions.check_in(day.seat, by=cast.convenor)
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Fees are too high.")
    return day


def at(name, day, *args) -> str:
    return reverse(name, args=[day.consultation.slug, *args])


def circulate(day, cast, state: str = "circulated") -> None:
    actions.circulate_minutes(
        day.consultation, by=cast.convenor, corrections_until=timezone.localdate() + timedelta(days=1)
    )
    Minutes.objects.update(state=state)


def statuses(cast, address) -> dict[str, int]:
    people = cast.people()
    return {person: as_person(people[person]).get(address).status_code for person in PEOPLE}


def expected(given: dict[str, int], otherwise: int = 404) -> dict[str, int]:
    return {person: given.get(person, otherwise) for person in PEOPLE}


READ = {"convenor": 200, "second_convenor": 200, "anonymous": 302}
TOOK_PART = {**READ, "representative": 200, "colleague": 200, "other_member": 200}


@pytest.mark.parametrize(
    ("state", "readers"),
    [("draft", READ), ("circulated", TOOK_PART), ("approved", TOOK_PART), ("locked", TOOK_PART)],
)
def test_who_reads_the_minutes(cast, day, state, readers) -> None:
    circulate(day, cast, state)
    assert statuses(cast, at("minutes_detail", day)) == expected(readers)


@pytest.mark.parametrize(
    ("state", "writers"),
    [
        ("draft", {"anonymous": 302}),
        ("circulated", {"anonymous": 302, "representative": 200}),
        ("approved", {"anonymous": 302}),
        ("locked", {"anonymous": 302}),
    ],
)
def test_who_asks_for_a_correction(cast, day, state, writers) -> None:
    circulate(day, cast, state)
    assert statuses(cast, at("correction_create", day)) == expected(writers)


def test_every_link_of_the_correction_opens(cast, day) -> None:
    circulate(day, cast)
    client = as_person(cast.representative)
    body = client.get(at("correction_create", day)).content.decode()
    links = set(re.findall(r'href="(/en/consultations/[^"]+)"', body.split("<main")[1].split("</main>")[0]))
    assert links == {day.consultation.get_absolute_url(), at("minutes_detail", day)}
    assert [client.get(link).status_code for link in links] == [200, 200]


@pytest.mark.parametrize("name", ["minutes_edit", "output_list", "minutes_circulate", "rapporteur_name"])
def test_who_writes(cast, day, name) -> None:
    arguments = {"minutes_edit": [day.item.pk], "rapporteur_name": [day.session.pk]}.get(name, [])
    assert statuses(cast, at(name, day, *arguments)) == expected(READ, 403)


def test_the_rapporteur_hands_in_from_a_page_of_their_own(cast, day) -> None:
    address = at("output_edit", day, day.session.pk)
    assert statuses(cast, address) == expected(READ)
    actions.name_rapporteur(day.session, by=cast.convenor, user=cast.other_member)
    assert statuses(cast, address) == expected({**READ, "other_member": 200})
    desk = as_person(cast.other_member).get(reverse("desk")).content.decode()
    assert address in desk
    as_person(cast.other_member).post(address, {"version": 1, "output": "Agreed"})
    day.session.refresh_from_db()
    assert day.session.output == "Agreed"
    assert "Agreed" in as_person(cast.convenor).get(at("minutes_detail", day)).content.decode()


def test_who_no_longer_speaks_for_an_invited_organisation_reports_no_more(cast, day) -> None:
    actions.name_rapporteur(day.session, by=cast.convenor, user=cast.other_member)
    cast.other_member.memberships.update(until=timezone.localdate() - timedelta(days=2))
    address = at("output_edit", day, day.session.pk)
    assert as_person(cast.other_member).get(address).status_code == 404
    assert address not in as_person(cast.other_member).get(reverse("desk")).content.decode()


@pytest.mark.parametrize("name", ["minutes_edit", "output_edit"])
def test_two_editors_see_both_texts(cast, day, name) -> None:
    pk, field = (day.item.pk, "minutes") if name == "minutes_edit" else (day.session.pk, "output")
    version = 2 if name == "minutes_edit" else 1
    address = at(name, day, pk)
    as_person(cast.convenor).post(address, {"version": version, field: "What the first one wrote"})
    second = as_person(cast.second_convenor)
    response = second.post(address, {"version": version, field: "What the second one wrote"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "What the first one wrote" in page
    assert "What the second one wrote" in page
    assert response.context["form"]["version"].value() == str(version + 1)
    assert second.post(address, {"version": version + 1, field: "Both"}).status_code == 302


def test_delegates_are_listed_as_they_chose(cast, day) -> None:
    cast.organisation.visibility = "withheld"
    cast.organisation.save()
    silent = build.make_seat(day.invitation, full_name="Who Asked Not To Be Named", listing="nobody")
    for seat in (silent, day.other_seat):
        actions.check_in(seat, by=cast.convenor)
    circulate(day, cast)
    shown = as_person(cast.other_member).get(at("minutes_detail", day))
    assert shown.context["present"] == {
        "lines": ["Jaringan Buruh Migran", "Sari Dewi, a trade union, origin side"],
        "people": 3,
        "unlisted": True,
    }
    page = shown.content.decode()
    for words in ("Who Asked Not To Be Named", "สมชาย", cast.organisation.name):
        assert words not in page


def test_a_correction_is_read_by_the_convenors_and_its_own_organisation(cast, day) -> None:
    circulate(day, cast)
    data = {"organisation": cast.organisation.pk, "item": day.item.pk, "text": "Say: much too high."}
    as_person(cast.representative).post(at("correction_create", day), data)
    readers = {
        person
        for person, user in cast.people().items()
        if "much too high" in as_person(user).get(at("minutes_detail", day)).content.decode()
    }
    assert readers == {*CONVENORS, "representative", "colleague"}
    made = Correction.objects.get()
    address = at("correction_settle", day, made.pk)
    response = as_person(cast.convenor).post(address, {"outcome": "declined", "reason": ""})
    assert response.context["form"].errors["reason"] == ["Say why it is not taken over: the organisation reads it."]
    as_person(cast.convenor).post(address, {"outcome": "declined", "reason": "Nobody said it."})
    assert "Nobody said it." in as_person(cast.representative).get(at("minutes_detail", day)).content.decode()


def test_a_correction_for_a_foreign_organisation_is_not_taken(cast, day) -> None:
    circulate(day, cast)
    data = {"organisation": cast.other_organisation.pk, "text": "Words"}
    response = as_person(cast.representative).post(at("correction_create", day), data)
    assert (response.status_code, Correction.objects.count()) == (200, 0)


def test_minutes_from_draft_to_locked(cast, day) -> None:
    browser = as_person(cast.convenor)
    page = browser.get(at("minutes_circulate", day))
    assert (page.context["count"], page.context["silent"]) == (1, [])
    cast.representative.memberships.update(until=timezone.localdate() - timedelta(days=2))
    page = browser.get(at("minutes_circulate", day))
    assert (page.context["count"], page.context["silent"]) == (0, ["Serikat Pekerja Rumah Tangga"])
    past = {"corrections_until": timezone.localdate() - timedelta(days=3)}
    assert browser.post(at("minutes_circulate", day), past).context["form"].errors["corrections_until"] == [
        "This day has passed."
    ]
    browser.post(at("minutes_circulate", day), {"corrections_until": timezone.localdate()})
    Minutes.objects.update(corrections_until=timezone.localdate() - timedelta(days=2))
    for verb, state in (("approve", "approved"), ("lock", "locked")):
        assert browser.get(at("minutes_move", day, verb)).status_code == 200
        browser.post(at("minutes_move", day, verb))
        assert Minutes.objects.get().state == state
    assert browser.get(at("minutes_move", day, "unlock")).status_code == 404
    response = browser.post(at("minutes_edit", day, day.item.pk), {"version": 2, "minutes": "Changed"})
    assert "The minutes are approved. They cannot be changed any more." in response.content.decode()
    assert "Changed" in response.content.decode()


def test_a_point_or_session_of_elsewhere_is_not_there(cast, day) -> None:
    elsewhere, browser = make_day(cast), as_person(cast.convenor)
    for name, pk in (
        ("minutes_edit", elsewhere.item.pk),
        ("output_edit", elsewhere.session.pk),
        ("rapporteur_name", elsewhere.session.pk),
        ("correction_settle", 0),
    ):
        assert browser.get(at(name, day, pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("minutes_detail", 10), ("output_list", 4)])
def test_pages_take_as_many_queries_for_three_as_for_one(
    cast, day, name, queries, count, django_assert_num_queries
) -> None:
    circulate(day, cast)
    Seat.objects.exclude(pk=day.seat.pk).delete()
    day.closed.delete()
    for _number in range(count - 1):
        build.make_agenda_item(build.make_session(day.consultation))
        seat = build.make_seat(build.make_invitation(day.consultation, state="accepted"))
        actions.check_in(seat, by=cast.convenor)
    for _number in range(count):
        Correction.objects.create(
            minutes=Minutes.objects.get(), organisation=cast.organisation, text="Words", by=cast.representative
        )
    browser = as_person(cast.convenor)
    browser.get(at(name, day))
    with django_assert_num_queries(queries):
        browser.get(at(name, day))

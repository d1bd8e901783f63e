"""What the day leaves to do stands on the desks, and goes when it is done; a person's seats are in the own copy."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.actions.forgetting import forget_traces
from consultations.models import AgendaItem, Correction, Minutes, Seat, Session
from portal.views.account_data import held_about
from tests.conftest import as_person
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db
MINUTES = "Write and circulate the minutes"


def tasks(cast, day) -> list[str]:
    """Return what of the day stands on the consultation's desk."""
    page = as_person(cast.convenor).get(f"/en/consultations/{day.consultation.slug}/desk/")
    parts = ("/door/", "/attendance/", "/outputs/", "/minutes/")
    return [str(row["name"]) for row in page.context["tasks"] if any(part in row["url"] for part in parts)]


def overs(day) -> None:
    """Let the sessions be over."""
    hour = timezone.now() - timedelta(hours=1)
    Session.objects.update(starts_at=hour - timedelta(hours=1), ends_at=hour)


def test_on_the_day(cast) -> None:
    day = make_day(cast)
    Session.objects.update(ends_at=timezone.now() + timedelta(days=1))
    assert tasks(cast, day) == ["Check in who comes", MINUTES]


def test_before_the_day_nothing_is_due(cast) -> None:
    later = timezone.localdate() + timedelta(days=3)
    assert tasks(cast, make_day(cast, state="announced", starts_on=later, ends_on=later)) == []


def test_afterwards(cast) -> None:
    day = make_day(cast, state="concluded")
    overs(day)
    assert tasks(cast, day) == [
        "3 who were expected are not marked: close the door",
        "2 sessions without an output",
        MINUTES,
    ]
    actions.check_in(day.seat, by=cast.convenor)
    actions.close_door(day.consultation, by=cast.convenor)
    for session in (day.session, day.closed):
        actions.hand_in_output(session, by=cast.convenor, version=1, output="Agreed")
    assert tasks(cast, day) == [MINUTES]


def test_minutes_on_their_way(cast) -> None:
    day = make_day(cast, state="concluded")
    actions.check_in(day.seat, by=cast.convenor)
    actions.close_door(day.consultation, by=cast.convenor)
    Session.objects.update(output="Agreed")
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Words")
    actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=timezone.localdate())
    made = actions.propose_correction(
        Minutes.objects.get(), by=cast.representative, organisation=cast.organisation, text="Other words"
    )
    assert tasks(cast, day) == ["1 correction waits"]
    actions.settle_correction(made, by=cast.convenor, outcome="taken")
    assert tasks(cast, day) == ["Approve the minutes"]
    for state, left in (("approved", ["Lock the minutes"]), ("locked", [])):
        Minutes.objects.update(state=state)
        assert tasks(cast, day) == left


def test_without_an_agenda_no_minutes_are_due(cast) -> None:
    day = make_day(cast, state="concluded")
    AgendaItem.objects.all().delete()
    assert MINUTES not in tasks(cast, day)


def test_members_find_the_minutes_on_their_desk(cast) -> None:
    day = make_day(cast)
    actions.check_in(day.seat, by=cast.convenor)
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Words")
    address = f"/en/consultations/{day.consultation.slug}/minutes/"
    found = {who for who, user in cast.people().items() if user and address in desk(user)}
    assert found == set()
    actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=timezone.localdate())
    found = {who for who, user in cast.people().items() if user and address in desk(user)}
    assert found == {"representative", "colleague", "other_member"}


def desk(user) -> str:
    return as_person(user).get("/en/desk/").content.decode()


def seated(cast):
    """Return the day on which the representative sat and reported."""
    day = make_day(cast)
    Seat.objects.filter(pk=day.seat.pk).update(
        full_name="Lead", email=cast.representative.email, user=cast.representative, office="Chair"
    )
    Session.objects.filter(pk=day.session.pk).update(rapporteur=cast.representative)
    actions.check_in(Seat.objects.get(pk=day.seat.pk), by=cast.convenor)
    return day


def test_a_person_takes_the_own_seats_along(cast) -> None:
    day = seated(cast)
    held = held_about(cast.representative)["meetings"]
    seat = held["seats"][0]
    assert (seat["on"], seat["full_name"], seat["state"]) == (day.consultation.title, "Lead", "present")
    assert [one["title"] for one in held["reports"]] == ["Opening"]
    assert held_about(cast.other_member)["meetings"] == {"seats": [], "reports": [], "corrections": []}


def test_a_person_is_forgotten_and_the_count_stays(cast) -> None:
    day = seated(cast)
    forget_traces(cast.representative)
    seat = Seat.objects.get(pk=day.seat.pk)
    assert (seat.full_name, seat.email, seat.office, seat.user, seat.listing) == ("", "", "", None, "nobody")
    assert (seat.state, seat.organisation) == ("present", cast.organisation)
    assert Session.objects.get(pk=day.session.pk).rapporteur is None


def test_a_correction_is_in_the_copy_of_who_wrote_it(cast) -> None:
    day = make_day(cast)
    minutes = Minutes.objects.create(consultation=day.consultation, state="circulated")
    Correction.objects.create(
        minutes=minutes, organisation=cast.organisation, text="Other words", by=cast.representative
    )
    assert [one["text"] for one in held_about(cast.representative)["meetings"]["corrections"]] == ["Other words"]

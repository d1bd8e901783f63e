"""The door: arrivals are written once whatever the line does; who sits in, walks in, is excused or stays away."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.actions import Arrival, Newcomer
from consultations.actions.attending import free_code
from consultations.models import Answer, Presence, Seat
from consultations.querysets import attendance_counts
from portal.models import LogEntry
from portal.states import Refusal
from tests import build
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast):
    return make_day(cast)


def outcomes(day, cast, *arrivals) -> list[str]:
    receipts = actions.record_arrivals(day.consultation, by=cast.convenor, arrivals=arrivals)
    return [receipt.outcome for receipt in receipts]


def verbs() -> list[str]:
    return list(LogEntry.objects.order_by("number").values_list("verb", flat=True))


def test_a_batch_is_answered_key_by_key(day, cast) -> None:
    same = Arrival(uuid.uuid4(), day.seat.pk, day.session.pk)
    found = outcomes(day, cast, same, same, Arrival(uuid.uuid4(), 0), Arrival(uuid.uuid4(), day.official.pk))
    assert found == ["written", "known", "unknown", "written"]
    assert Presence.objects.count() == 2
    assert verbs() == ["arrive"]


def test_the_same_batch_again_writes_nothing(day, cast) -> None:
    batch = [Arrival(uuid.uuid4(), day.seat.pk), Arrival(uuid.uuid4(), day.other_seat.pk)]
    assert outcomes(day, cast, *batch) == ["written", "written"]
    assert outcomes(day, cast, *batch) == ["known", "known"]
    assert (Presence.objects.count(), verbs()) == (2, ["arrive"])


def test_two_telephones_with_one_person_make_one_presence(day, cast) -> None:
    assert outcomes(day, cast, Arrival(uuid.uuid4(), day.seat.pk), Arrival(uuid.uuid4(), day.seat.pk)) == [
        "written",
        "known",
    ]
    assert Presence.objects.count() == 1


def test_each_session_has_its_own_presence(day, cast) -> None:
    for session in (None, day.session.pk, day.closed.pk):
        assert outcomes(day, cast, Arrival(uuid.uuid4(), day.seat.pk, session)) == ["written"]
    day.seat.refresh_from_db()
    assert (day.seat.state, day.seat.presences.count()) == ("present", 3)


@pytest.mark.parametrize("values", [{"part": "observer"}, {"bench": "media"}, {"bench": "observer"}])
def test_observers_and_media_are_kept_out_of_closed_sessions(day, cast, values) -> None:
    seat = build.make_seat(day.invitation, **values)
    receipts = actions.record_arrivals(
        day.consultation, by=cast.convenor, arrivals=[Arrival(uuid.uuid4(), seat.pk, day.closed.pk)]
    )
    assert (receipts[0].outcome, str(receipts[0].reason)) == (
        "refused",
        "This session is closed: observers and media are not let in.",
    )
    assert outcomes(day, cast, Arrival(uuid.uuid4(), seat.pk, day.session.pk)) == ["written"]


def test_a_seat_of_another_consultation_is_unknown(day, cast) -> None:
    elsewhere = make_day(cast)
    assert outcomes(day, cast, Arrival(uuid.uuid4(), elsewhere.seat.pk)) == ["unknown"]
    assert outcomes(day, cast, Arrival(uuid.uuid4(), day.seat.pk, elsewhere.session.pk)) == ["unknown"]


def test_the_telephones_time_is_kept_where_it_can_be_true(day, cast) -> None:
    # From noon on this stays within the day in Jakarta.
    early = timezone.now() - timedelta(minutes=1)
    outcomes(day, cast, Arrival(uuid.uuid4(), day.seat.pk, at=early))
    outcomes(day, cast, Arrival(uuid.uuid4(), day.other_seat.pk, at=timezone.now() + timedelta(days=400)))
    outcomes(day, cast, Arrival(uuid.uuid4(), day.official.pk, at=timezone.now() - timedelta(days=400)))
    times = {one.seat_id: one.at for one in Presence.objects.all()}
    assert times[day.seat.pk] == early
    for seat in (day.other_seat, day.official):
        assert abs(times[seat.pk] - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("state", ["draft", "cancelled", "archived"])
def test_the_door_is_shut(cast, state) -> None:
    day = make_day(cast, state=state)
    with pytest.raises(Refusal, match="The door is not open"):
        actions.check_in(day.seat, by=cast.convenor)


def test_nobody_comes_before_the_first_day(cast) -> None:
    day = make_day(
        cast, starts_on=timezone.localdate() + timedelta(days=2), ends_on=timezone.localdate() + timedelta(days=2)
    )
    with pytest.raises(Refusal, match="The first day has not come yet"):
        actions.check_in(day.seat, by=cast.convenor)


def test_a_person_for_two_organisations_comes_for_both_and_is_counted_once(day, cast) -> None:
    actions.join_people(day.seat, by=cast.convenor, other=day.other_seat)
    day.seat.refresh_from_db()
    actions.check_in(day.seat, by=cast.convenor)
    day.other_seat.refresh_from_db()
    counts = attendance_counts(day.consultation)
    assert (day.other_seat.state, counts.people, counts.organisations) == ("present", 1, 2)
    actions.undo_arrival(day.seat, by=cast.convenor)
    assert not attendance_counts(day.consultation).counted
    assert Presence.objects.count() == 0


def test_a_seat_is_not_joined_to_itself_or_elsewhere(day, cast) -> None:
    for other in (day.seat, make_day(cast).seat):
        with pytest.raises(Refusal, match="Choose another seat of this consultation"):
            actions.join_people(day.seat, by=cast.convenor, other=other)


def test_an_arrival_at_one_session_is_taken_back_without_the_other(day, cast) -> None:
    for session in (day.session, day.closed):
        actions.check_in(day.seat, by=cast.convenor, session=session)
    seat = actions.undo_arrival(day.seat, by=cast.convenor, session=day.session)
    assert (seat.state, seat.presences.count()) == ("present", 1)
    seat = actions.undo_arrival(seat, by=cast.convenor, session=day.closed)
    assert (seat.state, seat.arrived_at) == ("confirmed", None)
    with pytest.raises(Refusal):
        actions.undo_arrival(seat, by=cast.convenor)


def test_somebody_sits_in_and_the_first_delegates_data_go(day, cast) -> None:
    Seat.objects.filter(pk=day.seat.pk).update(email="sari@example.org", user=cast.representative, office="Chair")
    answer = Answer.objects.create(
        invitation=day.invitation, verb="yes", seats=2, channel="link", delegates="Sari Dewi\nRina"
    )
    key = day.seat.person_key
    heir = actions.substitute_at_door(day.seat, by=cast.convenor, full_name="Ibu Ani", session=day.session)
    first = Seat.objects.get(pk=day.seat.pk)
    assert (first.state, first.full_name, first.email, first.user, first.office) == ("substituted", "", "", None, "")
    assert first.person_key not in {key, heir.person_key}
    assert (heir.replaces, heir.organisation, heir.invitation) == (first, cast.organisation, day.invitation)
    assert (heir.state, heir.listing, heir.code != first.code) == ("present", "organisation", True)
    answer.refresh_from_db()
    assert answer.delegates == "—\nRina"
    with pytest.raises(Refusal, match="Somebody else sits in this seat now"):
        actions.check_in(first, by=cast.convenor)


def test_who_has_come_is_not_replaced(day, cast) -> None:
    actions.check_in(day.seat, by=cast.convenor)
    with pytest.raises(Refusal):
        actions.substitute_at_door(day.seat, by=cast.convenor, full_name="Ibu Ani")
    day.seat.refresh_from_db()
    assert day.seat.full_name == "Sari Dewi"


def test_somebody_walks_in(day, cast) -> None:
    who = Newcomer("Nguyễn Thị Hoa", "media", part="observer", office="Radio")
    seat = actions.walk_in(day.consultation, by=cast.convenor, who=who, session=day.session)
    assert (seat.state, seat.walk_in, seat.bench, seat.invitation) == ("present", True, "media", None)
    with pytest.raises(Refusal, match="This session is closed"):
        actions.walk_in(day.consultation, by=cast.convenor, who=who, session=day.closed)
    assert Seat.objects.filter(full_name=who.full_name).count() == 1


def test_who_takes_a_seat_that_was_accepted_without_a_name_is_no_walk_in(day, cast) -> None:
    """Two seats were accepted and one delegate is named: the second one is expected, the third one is not."""
    who = Newcomer("Ibu Ani", "workers", organisation=cast.organisation)
    first, second = (actions.walk_in(day.consultation, by=cast.convenor, who=who) for _number in range(2))
    assert (first.walk_in, first.invitation) == (False, day.invitation)
    assert (second.walk_in, second.invitation) == (True, day.invitation)


def test_an_official_who_was_not_invited_has_office_and_role(day, cast) -> None:
    who = Newcomer("Officer", "government", part="official", body=cast.other_body, office="Labour attaché")
    seat = actions.walk_in(day.consultation, by=cast.convenor, who=who)
    assert (seat.body, seat.office, seat.walk_in) == (cast.other_body, "Labour attaché", True)


@pytest.mark.parametrize("values", [{"state": "suspended"}, {"state": "applied"}, {"never": True}])
def test_an_organisation_that_is_never_seated_does_not_walk_in(day, cast, values) -> None:
    groups = [build.make_group("village-militia", hearing="never")] if values.pop("never", False) else None
    organisation = build.make_organisation(groups=groups, **values)
    with pytest.raises(Refusal, match="not at the table"):
        actions.walk_in(day.consultation, by=cast.convenor, who=Newcomer("X", "observer", organisation=organisation))


@pytest.mark.parametrize(("verb", "state"), [("excuse", "excused"), ("miss", "absent")])
def test_who_did_not_come_is_excused_or_absent(day, cast, verb, state) -> None:
    assert actions.mark_seat(day.seat, by=cast.convenor, verb=verb).state == state
    with pytest.raises(Refusal):
        actions.mark_seat(day.seat, by=cast.convenor, verb=verb)
    actions.check_in(day.seat, by=cast.convenor)
    with pytest.raises(Refusal):
        actions.mark_seat(day.seat, by=cast.convenor, verb=verb)


def test_a_seat_is_marked_with_two_words_only(day, cast) -> None:
    with pytest.raises(Refusal, match="Choose excused or absent"):
        actions.mark_seat(day.seat, by=cast.convenor, verb="arrive")


def test_closing_the_door_marks_who_is_missing_and_nobody_else(day, cast) -> None:
    actions.check_in(day.seat, by=cast.convenor)
    actions.mark_seat(day.other_seat, by=cast.convenor, verb="excuse")
    assert actions.close_door(day.consultation, by=cast.convenor) == 1
    assert actions.close_door(day.consultation, by=cast.convenor) == 0
    states = [Seat.objects.get(pk=seat.pk).state for seat in (day.seat, day.other_seat, day.official)]
    assert states == ["present", "excused", "absent"]
    assert verbs() == ["arrive", "excuse", "close_door"]


def test_the_door_stays_open_until_the_last_day(cast) -> None:
    day = make_day(cast, ends_on=timezone.localdate() + timedelta(days=2))
    with pytest.raises(Refusal, match="The last day has not come yet"):
        actions.close_door(day.consultation, by=cast.convenor)


@pytest.mark.parametrize("count", [1, 3])
def test_codes_of_a_consultation_differ(day, count) -> None:
    taken = day.seat.code
    for _number in range(count):
        assert free_code(day.consultation, taken) != taken


def test_what_is_written_of_somebody_is_changed(day, cast) -> None:
    seat = actions.change_seat(day.seat, by=cast.convenor, full_name="Sari D.", listing="nobody")
    assert (seat.full_name, seat.listing, verbs()) == ("Sari D.", "nobody", ["change"])
    actions.change_seat(seat, by=cast.convenor, full_name="Sari D.")
    assert verbs() == ["change"]
    assert LogEntry.objects.get().detail == "full_name listing"


def test_only_a_slip_of_the_door_is_struck_out(day, cast) -> None:
    seat = actions.walk_in(day.consultation, by=cast.convenor, who=Newcomer("Slip", "workers"))
    for one in (seat, day.seat):
        with pytest.raises(Refusal, match="Only who walked in can be struck out"):
            actions.strike_out(one, by=cast.convenor)
    actions.strike_out(actions.undo_arrival(seat, by=cast.convenor), by=cast.convenor)
    assert not Seat.objects.filter(full_name="Slip").exists()

"""Minutes: drafted, circulated, corrected, approved, locked; outputs of sessions. Two editors lose nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Correction, Minutes
from portal.models import OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast):
    day = make_day(cast)
    actions.check_in(day.seat, by=cast.convenor)
    return day


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def circulated(day, cast):
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Fees are too high.")
    actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=tomorrow())
    return Minutes.objects.get()


def over(minutes) -> None:
    """Let the day for corrections pass."""
    Minutes.objects.filter(pk=minutes.pk).update(corrections_until=timezone.localdate() - timedelta(days=2))


def correct(day, cast, **values) -> Correction:
    values = {"by": cast.representative, "organisation": cast.organisation, "text": "Say: much too high.", **values}
    return actions.propose_correction(Minutes.objects.get(), **values)


def test_two_editors_lose_nothing(day, cast) -> None:
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="First")
    with pytest.raises(Conflict) as raised:
        actions.write_minutes(day.item, by=cast.second_convenor, version=1, text="Second")
    assert raised.value.current.minutes == "First"
    day.item.refresh_from_db()
    assert (day.item.minutes, day.item.version) == ("First", 2)


def test_minutes_go_to_who_was_there_and_wait_for_corrections(day, cast) -> None:
    minutes = circulated(day, cast)
    message = OutgoingMessage.objects.get()
    assert (minutes.state, message.recipient) == ("circulated", cast.representative.email)
    correct(day, cast, item=day.item)
    with pytest.raises(Refusal, match="Corrections can still come"):
        actions.approve_minutes(day.consultation, by=cast.convenor)
    over(minutes)
    with pytest.raises(Refusal, match="1 correction waits for an answer"):
        actions.approve_minutes(day.consultation, by=cast.convenor)
    actions.settle_correction(Correction.objects.get(), by=cast.convenor, outcome="taken")
    assert actions.approve_minutes(day.consultation, by=cast.convenor).state == "approved"
    assert actions.lock_minutes(day.consultation, by=cast.convenor).state == "locked"


def test_empty_minutes_are_not_circulated(day, cast) -> None:
    with pytest.raises(Refusal, match="Nothing is written yet"):
        actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=tomorrow())
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Words")
    with pytest.raises(Refusal, match="This day has passed"):
        actions.circulate_minutes(
            day.consultation, by=cast.convenor, corrections_until=timezone.localdate() - timedelta(days=2)
        )


def test_circulating_again_is_a_mail_of_its_own(day, cast) -> None:
    circulated(day, cast)
    actions.take_back_minutes(day.consultation, by=cast.convenor)
    actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=tomorrow())
    assert list(OutgoingMessage.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize("state", ["approved", "locked"])
def test_nothing_changes_after_approval(day, cast, state) -> None:
    minutes = circulated(day, cast)
    made = correct(day, cast)
    Minutes.objects.filter(pk=minutes.pk).update(state=state)
    attempts = [
        lambda: actions.write_minutes(day.item, by=cast.convenor, version=2, text="Changed"),
        lambda: actions.settle_correction(made, by=cast.convenor, outcome="taken"),
        lambda: correct(day, cast),
        lambda: actions.take_back_minutes(day.consultation, by=cast.convenor),
        lambda: actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=tomorrow()),
        lambda: actions.demand_minutes_open(day.consultation),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal):
            attempt()
    day.item.refresh_from_db()
    assert day.item.minutes == "Fees are too high."


def test_only_who_was_there_corrects_and_only_in_time(day, cast) -> None:
    minutes = circulated(day, cast)
    with pytest.raises(Refusal, match="Only organisations that were there"):
        correct(day, cast, by=cast.other_member, organisation=cast.other_organisation)
    for person in (cast.colleague, cast.other_member, cast.liaison, cast.convenor):
        with pytest.raises(Refusal, match="Only who speaks for an organisation"):
            correct(day, cast, by=person)
    over(minutes)
    with pytest.raises(Refusal, match="The time for corrections is over"):
        correct(day, cast)
    assert not Correction.objects.exists()


def test_a_correction_is_declined_with_a_reason_and_once(day, cast) -> None:
    circulated(day, cast)
    made = correct(day, cast)
    with pytest.raises(Refusal, match="Say why it is not taken over"):
        actions.settle_correction(made, by=cast.convenor, outcome="declined")
    with pytest.raises(Refusal, match="Choose what becomes of it"):
        actions.settle_correction(made, by=cast.convenor, outcome="open")
    actions.settle_correction(made, by=cast.convenor, outcome="declined", reason="It was not said.")
    with pytest.raises(Refusal, match="This correction is settled already"):
        actions.settle_correction(made, by=cast.convenor, outcome="taken")


def test_nobody_decides_on_the_own_organisations_correction(day, cast) -> None:
    circulated(day, cast)
    made = correct(day, cast)
    build.Membership.objects.create(
        organisation=cast.organisation, user=cast.convenor, role="drafter", state="active", since=build.LONG_AGO
    )
    with pytest.raises(Refusal, match="Another convenor decides"):
        actions.settle_correction(made, by=cast.convenor, outcome="taken")
    assert actions.settle_correction(made, by=cast.second_convenor, outcome="taken").outcome == "taken"


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_no_minutes_of_what_did_not_take_place(cast, state) -> None:
    day = make_day(cast, state=state)
    with pytest.raises(Refusal, match="No minutes are taken"):
        actions.write_minutes(day.item, by=cast.convenor, version=1, text="Words")


def test_the_rapporteur_is_a_convenor_or_speaks_for_an_invited_organisation(day, cast) -> None:
    for person in (cast.representative, cast.second_convenor):
        assert actions.name_rapporteur(day.session, by=cast.convenor, user=person).rapporteur == person
    for person in (cast.colleague, cast.stranger, cast.liaison):
        with pytest.raises(Refusal, match="Choose a convenor"):
            actions.name_rapporteur(day.session, by=cast.convenor, user=person)
    named = actions.name_rapporteur(day.session, by=cast.convenor, user=None, name="Pak Amir")
    assert (named.rapporteur, named.rapporteur_name) == (None, "Pak Amir")


def test_two_who_hand_in_lose_nothing(day, cast) -> None:
    handed = actions.hand_in_output(day.session, by=cast.representative, version=1, output="Agreed")
    assert (handed.version, handed.output_at is not None) == (2, True)
    with pytest.raises(Conflict) as raised:
        actions.hand_in_output(day.session, by=cast.convenor, version=1, output="Not agreed")
    assert raised.value.current.output == "Agreed"
    assert actions.hand_in_output(day.session, by=cast.convenor, version=2, output="Agreed").version == 2


@pytest.mark.parametrize("state", ["draft", "cancelled", "archived"])
def test_no_output_of_what_is_closed(cast, state) -> None:
    day = make_day(cast, state=state)
    with pytest.raises(Refusal, match="takes no reports"):
        actions.hand_in_output(day.session, by=cast.convenor, version=1, output="Agreed")

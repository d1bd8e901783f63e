"""Copy last year's: the plan comes along, the people and their words do not."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Answer, Consultation, SeatQuota, Wording
from portal.models import LogEntry
from portal.states import Refusal
from tests import build


@pytest.fixture
def old(cast):
    """Return a concluded consultation of last year with everything in it."""
    day = timezone.localdate() - timedelta(days=330)
    made = build.make_consultation(
        state="concluded",
        convenors=[cast.convenor, cast.second_convenor],
        starts_on=day,
        ends_on=day + timedelta(days=2),
        answer_by=day - timedelta(days=10),
        hear_back_by=day + timedelta(days=60),
        input_opens=timezone.now() - timedelta(days=360),
        input_closes=timezone.now() - timedelta(days=340),
        form_of_dialogue="negotiation",
        reminder_days="14 7",
        own_promise_en="We answer each.",
        resting_on_ind="Deklarasi",
        outcome_en="Agreed",
        moved_because_en="Rain",
        target=build.make_meeting(),
        next_due_on=timezone.localdate(),
    )
    build.make_organiser(made, name="Bakung Raya", kind="funder", position=3)
    SeatQuota.objects.create(consultation=made, group=build.make_group(), seats=12)
    Wording.objects.create(consultation=made, kind="invitation", language="id", subject="Undangan", body="Halo")
    session = build.make_session(
        made, rapporteur=cast.convenor, output="Done", call_link="https://call.example.org/1", closed=True, venue="Hall"
    )
    build.make_agenda_item(session, title_en="Fees", minutes="She said")
    Answer.objects.create(invitation=build.make_invitation(made, cast.organisation), verb="yes", channel="link")
    return made


def test_the_plan_comes_along(cast, old) -> None:
    starts = old.starts_on + timedelta(days=364)
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=starts)
    assert (made.state, made.follows, made.starts_on, made.ends_on) == (
        "draft",
        old,
        starts,
        starts + timedelta(days=2),
    )
    kept = (
        "title_en",
        "title_ind",
        "level",
        "country_id",
        "form_of_dialogue",
        "reminder_days",
        "seats",
        "resting_on_ind",
    )
    assert [getattr(made, name) for name in kept] == [getattr(old, name) for name in kept]
    assert made.own_promise_en == "We answer each."
    assert set(made.convenors.all()) == {cast.convenor, cast.second_convenor}
    assert [(one.name, one.kind) for one in made.organisers.all()] == [("Bakung Raya", "funder")]
    assert [(one.group.slug, one.seats) for one in made.quotas.all()] == [("trade-unions", 12)]
    assert [(one.kind, one.language, one.body) for one in made.wordings.all()] == [("invitation", "id", "Halo")]
    assert made.hear_back_by == old.hear_back_by + timedelta(days=364)
    assert made.slug != old.slug
    assert made.uid != old.uid
    assert "copy" in set(LogEntry.objects.values_list("verb", flat=True))


def test_sessions_are_shifted_with_their_agenda_and_without_people(cast, old) -> None:
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=364))
    before, session = old.sessions.get(), made.sessions.get()
    assert session.starts_at - before.starts_at == timedelta(days=364)
    assert [item.title_en for item in session.items.all()] == ["Fees"]
    assert (session.rapporteur, session.output, session.call_link, session.closed) == (None, "", "", True)
    assert session.items.get().minutes == ""


def test_nobody_is_invited_and_nothing_that_was_said_comes_along(cast, old) -> None:
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=364))
    assert made.invitations.count() == made.submissions.count() == 0
    found = (made.outcome, made.moved_because, made.target, made.next_due_on, made.concluded_at, made.sequence)
    assert [value or None for value in found] == [None] * 6


def test_deadlines_that_would_have_passed_are_left_open(cast, old) -> None:
    starts = timezone.localdate() + timedelta(days=5)
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=starts)
    assert (made.answer_by, made.input_opens, made.input_closes) == (None, None, None)


def test_the_hour_of_the_place_stays_across_a_change_of_its_clock(cast) -> None:
    zone = ZoneInfo("Europe/Berlin")
    old = build.make_consultation(
        state="concluded", starts_on=date(2025, 3, 20), ends_on=date(2025, 3, 20), time_zone="Europe/Berlin"
    )
    starts = datetime(2025, 3, 20, 9, tzinfo=zone)
    build.make_session(old, starts_at=starts, ends_at=starts + timedelta(hours=1), time_zone="Europe/Berlin")
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=date(2100, 7, 1))
    assert made.sessions.get().starts_at.astimezone(zone).time() == time(9)


@pytest.mark.parametrize("days", [0, -1, 300])
def test_the_new_one_is_later_and_ahead(cast, old, days) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=days))
    assert refusal.value.field == "starts_on"
    assert Consultation.objects.count() == 1


def test_who_no_longer_convenes_is_not_named_again(cast, old) -> None:
    cast.second_convenor.convenorships.update(until=timezone.localdate() - timedelta(days=1))
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=364))
    assert list(made.convenors.all()) == [cast.convenor]


def test_a_discreet_one_keeps_a_neutral_address(cast, old) -> None:
    Consultation.objects.update(discreet=True)
    old.refresh_from_db()
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=364))
    assert made.slug.startswith("consultation-")


def test_words_about_what_became_of_the_old_one_are_not_copied(cast, old) -> None:
    for kind in ("moved", "cancelled", "summary", "letter"):
        Wording.objects.create(consultation=old, kind=kind, language="en", subject="x", body="x")
    made = actions.copy_consultation(old, by=cast.convenor, starts_on=old.starts_on + timedelta(days=364))
    assert set(made.wordings.values_list("kind", flat=True)) == {"invitation", "letter"}

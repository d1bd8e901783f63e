"""Sessions and their agenda: added, changed, moved in their order, taken out; and the official calendar."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from consultations import actions
from consultations.models import AgendaItem, Consultation, OfficialMeeting, Session
from portal.models import LogEntry
from portal.states import Conflict, Refusal
from tests import build


@pytest.fixture
def planned(cast):
    """Return a draft of three days."""
    made = build.make_consultation(state="draft", convenors=[cast.convenor, cast.second_convenor])
    made.ends_on = made.starts_on + timedelta(days=2)
    made.save()
    return made


def on_day(consultation, day=0, zone="Asia/Jakarta", hour=9) -> dict:
    """Return two hours of one of its days, in a zone."""
    starts = datetime.combine(consultation.starts_on + timedelta(days=day), time(hour), ZoneInfo(zone))
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "time_zone": zone}


def test_sessions_of_days_that_are_not_adjacent_in_two_zones(cast, planned) -> None:
    first = actions.add_session(planned, by=cast.convenor, title_en="Opening", **on_day(planned))
    second = actions.add_session(planned, by=cast.convenor, title_en="Closing", **on_day(planned, 2, "Asia/Yangon"))
    assert list(planned.sessions.all()) == [first, second]
    assert len({first.uid, second.uid, planned.uid}) == 3  # the whole keeps an entry of its own
    assert Consultation.objects.get().sequence == 2
    assert [entry.verb for entry in LogEntry.objects.order_by("number")] == ["add_session", "add_session"]


@pytest.mark.parametrize("day", [-1, 3])
def test_outside_the_days_is_refused_beside_the_day(cast, planned, day) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.add_session(planned, by=cast.convenor, title_en="Late", **on_day(planned, day))
    assert refusal.value.field == "day"


def test_the_day_is_judged_in_the_sessions_own_zone(cast, planned) -> None:
    # Half past midnight of the first day in Dili is the evening before in Jakarta.
    values = on_day(planned, 0, "Asia/Dili", 0)
    assert actions.add_session(planned, by=cast.convenor, title_en="Early", **values).pk


def test_end_before_start_is_refused(cast, planned) -> None:
    values = on_day(planned)
    with pytest.raises(Refusal) as refusal:
        actions.add_session(planned, by=cast.convenor, title_en="Odd", **{**values, "ends_at": values["starts_at"]})
    assert refusal.value.field == "ends"


def test_two_editors_of_a_session_lose_nothing(cast, planned) -> None:
    session = build.make_session(planned)
    actions.change_session(session, by=cast.convenor, version=1, title_en="First")
    with pytest.raises(Conflict) as conflict:
        actions.change_session(session, by=cast.second_convenor, version=1, title_en="Second")
    assert conflict.value.current.title_en == "First"


def test_words_of_a_session_change_after_invitations_its_hours_do_not(cast, planned) -> None:
    session = build.make_session(planned)
    Consultation.objects.update(state="announced")
    build.make_invitation(planned)
    changed = actions.change_session(session, by=cast.convenor, version=1, title_en="Better", closed=True)
    assert (changed.title_en, changed.closed) == ("Better", True)
    with pytest.raises(Refusal) as refusal:
        actions.change_session(session, by=cast.convenor, version=2, **on_day(planned, 1))
    assert refusal.value.field == "day"
    with pytest.raises(Refusal):
        actions.remove_session(session, by=cast.convenor)


def test_a_session_is_taken_out_once(cast, planned) -> None:
    session = build.make_session(planned)
    actions.remove_session(session, by=cast.convenor)
    assert not Session.objects.exists()
    with pytest.raises(Refusal):
        actions.remove_session(session, by=cast.second_convenor)
    with pytest.raises(Refusal):
        actions.change_session(session, by=cast.second_convenor, version=1, title_en="Lost")


def test_what_is_on_record_keeps_a_session(cast, planned) -> None:
    session = build.make_session(planned, output="We agreed.")
    with pytest.raises(Refusal):
        actions.remove_session(session, by=cast.convenor)
    item = build.make_agenda_item(session, minutes="She said.")
    with pytest.raises(Refusal):
        actions.remove_item(item, by=cast.convenor)


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_what_is_over_has_its_programme(cast, state) -> None:
    consultation = build.make_consultation(state=state)
    session = build.make_session(consultation)
    item = build.make_agenda_item(session)
    for act in (
        lambda: actions.add_session(consultation, by=cast.convenor, title_en="x", **on_day(consultation)),
        lambda: actions.change_session(session, by=cast.convenor, version=1, title_en="x"),
        lambda: actions.remove_session(session, by=cast.convenor),
        lambda: actions.add_item(session, by=cast.convenor, title_en="x"),
        lambda: actions.change_item(item, by=cast.convenor, version=1, title_en="x"),
        lambda: actions.shift_item(item, by=cast.convenor, up=True),
        lambda: actions.remove_item(item, by=cast.convenor),
    ):
        with pytest.raises(Refusal):
            act()


def agenda(session) -> list[str]:
    """Return the points in their order."""
    return [item.title_en for item in AgendaItem.objects.filter(session=session)]


def test_points_in_their_order(cast, planned) -> None:
    session = build.make_session(planned)
    one, two, three = (actions.add_item(session, by=cast.convenor, title_en=title) for title in ("1", "2", "3"))
    actions.shift_item(three, by=cast.convenor, up=True)
    actions.shift_item(one, by=cast.convenor, up=False)
    assert agenda(session) == ["3", "1", "2"]
    actions.shift_item(three, by=cast.convenor, up=True)
    actions.shift_item(two, by=cast.convenor, up=False)
    assert agenda(session) == ["3", "1", "2"]
    actions.remove_item(one, by=cast.convenor)
    assert agenda(session) == ["3", "2"]
    with pytest.raises(Refusal):
        actions.shift_item(one, by=cast.convenor, up=True)
    assert actions.add_item(session, by=cast.convenor, title_en="4").position == 3


def test_two_editors_of_a_point_lose_nothing(cast, planned) -> None:
    item = build.make_agenda_item(build.make_session(planned))
    actions.change_item(item, by=cast.convenor, version=1, title_en="First")
    with pytest.raises(Conflict):
        actions.change_item(item, by=cast.second_convenor, version=1, title_en="Second")
    assert AgendaItem.objects.get().title_en == "First"


def test_fewer_days_do_not_leave_a_session_outside(cast, planned) -> None:
    actions.add_session(planned, by=cast.convenor, title_en="Last", **on_day(planned, 2))
    with pytest.raises(Refusal) as refusal:
        actions.change_consultation(planned, by=cast.convenor, version=1, ends_on=planned.starts_on)
    assert refusal.value.field == "ends_on"


def test_the_official_calendar(cast) -> None:
    day = build.timezone.localdate()
    meeting = actions.note_meeting(by=cast.convenor, name_en="SLOM", starts_on=day, ends_on=day)
    changed = actions.change_meeting(meeting, by=cast.second_convenor, version=1, papers_by=day)
    assert (changed.papers_by, changed.version) == (day, 2)
    with pytest.raises(Conflict):
        actions.change_meeting(meeting, by=cast.convenor, version=1, name_en="Other")


@pytest.mark.parametrize("person", ["representative", "liaison", "stranger"])
def test_only_convenors_keep_the_official_calendar(cast, person) -> None:
    day = build.timezone.localdate()
    with pytest.raises(Refusal):
        actions.note_meeting(by=getattr(cast, person), name_en="SLOM", starts_on=day, ends_on=day)
    meeting = build.make_meeting()
    with pytest.raises(Refusal):
        actions.change_meeting(meeting, by=getattr(cast, person), version=1, name_en="Other")
    assert OfficialMeeting.objects.get().version == 1


def test_a_rapporteur_who_deletes_the_account_is_forgotten(cast, planned) -> None:
    by_account = build.make_session(planned, rapporteur=cast.representative)
    by_name = build.make_session(planned, rapporteur_name=cast.representative.full_name)
    actions.forget_traces(cast.representative)
    by_account.refresh_from_db()
    by_name.refresh_from_db()
    assert (by_account.rapporteur, by_name.rapporteur_name) == (None, "—")

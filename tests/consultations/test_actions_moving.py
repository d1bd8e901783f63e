"""Move and cancel: everybody is told once, who agreed is asked again, calendars follow, nothing changes in silence."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from consultations import actions, emails
from consultations.models import Consultation, Invitation, Session
from consultations.states import ConsultationState
from portal import mail
from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build

MOVED, CANCELLED = "consultations.consultation_moved", "consultations.consultation_cancelled"
STATES = (
    *("drafted", "approved", "sent", "accepted", "tentative", "declined", "undeliverable"),
    *("revoked", "lapsed", "waitlisted", "offered", "to_reconfirm"),
)


@pytest.fixture
def planned(cast):
    """Return an announced consultation of two convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor], begins_at=time(9), ends_at=time(17))


def in_every_state(consultation) -> dict[str, Invitation]:
    """Return an invitation in each state."""
    return {state: build.make_invitation(consultation, state=state, seats_accepted=2) for state in STATES}


def later(consultation, days=7) -> dict:
    """Return the same number of days, later."""
    return {
        "starts_on": consultation.starts_on + timedelta(days=days),
        "ends_on": consultation.ends_on + timedelta(days=days),
    }


def told(purpose=MOVED) -> list[int]:
    """Return which invitations are written to."""
    return list(
        OutgoingMessage.objects.filter(purpose=purpose).order_by("subject_id").values_list("subject_id", flat=True)
    )


def move(consultation, by, version=1, **values):
    """Move it."""
    return actions.move_consultation(consultation, by=by, version=version, **values)


def test_a_move_tells_all_who_may_come_once_and_asks_who_agreed_again(cast, planned) -> None:
    made = in_every_state(planned)
    reached = move(planned, cast.convenor, **later(planned))
    states = {state: Invitation.objects.get(pk=one.pk).state for state, one in made.items()}
    assert states == {**{state: state for state in STATES}, "accepted": "to_reconfirm", "offered": "to_reconfirm"}
    written = ("sent", "accepted", "tentative", "declined", "waitlisted", "offered", "to_reconfirm")
    assert told() == [made[state].pk for state in written]
    assert reached == actions.Reach(mails=7, agreed=2, waiting=0, by_hand=1)
    planned.refresh_from_db()
    assert (planned.sequence, planned.version) == (1, 2)
    assert planned.moved_at is not None
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor, entry.detail) == ("move", planned.pk, cast.convenor, "7 2")


def test_what_the_page_says_in_numbers_is_what_happens(cast, planned) -> None:
    in_every_state(planned)
    build.make_invitation(planned, address="")
    said = actions.reach(planned)
    assert move(planned, cast.convenor, **later(planned)) == said == actions.Reach(7, 2, 0, 2)


@pytest.mark.parametrize(
    "values",
    [
        {"begins_at": time(10)},
        {"time_zone": "Asia/Dili"},
        {"city_en": "Bandung"},
        {"mode": "online"},
        {"venue": "Another hall"},
    ],
)
def test_hour_zone_city_way_and_venue_are_moves_too(cast, planned, values) -> None:
    Consultation.objects.update(venue="Hall")
    invitation = build.make_invitation(planned, state="accepted")
    move(planned, cast.convenor, **values)
    assert Invitation.objects.get().state == "to_reconfirm"
    assert told() == [invitation.pk]


def test_nothing_new_is_refused(cast, planned) -> None:
    build.make_invitation(planned)
    with pytest.raises(Refusal):
        move(planned, cast.convenor, starts_on=planned.starts_on, moved_because_en="For no reason")
    assert told() == []
    assert Consultation.objects.get().moved_because_en in {None, ""}


def test_a_second_mover_gets_a_conflict_and_nobody_is_told_twice(cast, planned) -> None:
    build.make_invitation(planned)
    move(planned, cast.convenor, **later(planned))
    with pytest.raises(Conflict):
        move(planned, cast.second_convenor, **later(planned, 14))
    assert len(told()) == 1


def test_the_link_works_as_long_after_the_new_day(cast, planned) -> None:
    before = build.make_invitation(planned).expires_at
    move(planned, cast.convenor, **later(planned))
    assert Invitation.objects.get().expires_at - before == timedelta(days=7)


@pytest.mark.parametrize(("state", "also"), [("queued", False), ("deferred", False), ("sending", True), ("sent", True)])
def test_whose_invitation_still_waits_hears_it_with_the_invitation(cast, planned, state, also) -> None:
    invitation = build.make_invitation(planned)
    emails.invitation_sent(invitation)
    OutgoingMessage.objects.update(state=state)
    reached = move(planned, cast.convenor, **later(planned))
    assert (reached.mails, reached.waiting) == ((1, 0) if also else (0, 1))
    assert told() == ([invitation.pk] if also else [])


def letter_of(purpose, invitation) -> mail.Letter | None:
    """Return what a waiting mail would say now."""
    message = OutgoingMessage.objects.filter(purpose=purpose, subject_id=invitation.pk).first()
    email = mail.REGISTRY[purpose]
    return email.letter(email.load([message])[invitation.pk], message)


def test_a_reminder_that_waits_is_overtaken_by_the_move(cast, planned) -> None:
    invitation = build.make_invitation(planned)
    emails.invitation_reminder(invitation)
    move(planned, cast.convenor, **later(planned))
    assert letter_of("consultations.invitation_reminder", invitation) is None
    assert letter_of(MOVED, invitation) is not None


def test_only_the_last_of_two_moves_is_told(cast, planned) -> None:
    invitation = build.make_invitation(planned)
    move(planned, cast.convenor, **later(planned))
    move(planned, cast.convenor, version=2, **later(planned, 14))
    first, second = OutgoingMessage.objects.order_by("version")
    found = emails.consultation_moved.load([first, second])[invitation.pk]
    assert emails.consultation_moved.letter(found, first) is None
    assert emails.consultation_moved.letter(found, second) is not None


@pytest.mark.parametrize("state", ConsultationState.values)
def test_move_in_every_state(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(consultation, state="drafted" if state == "draft" else "sent")
    if state in {"draft", "announced", "in_session"}:
        move(consultation, cast.convenor, **later(consultation))
        assert len(told()) == (state != "draft")
        assert (Consultation.objects.get().moved_at is None) == (state == "draft")
    else:
        with pytest.raises(Refusal):
            move(consultation, cast.convenor, **later(consultation))


def line(session, **values) -> actions.SessionLine:
    """Return what becomes of a session."""
    return actions.SessionLine(session, session.version, **values)


def test_sessions_move_along_in_one_go(cast, planned) -> None:
    session = build.make_session(planned)
    invitation = build.make_invitation(planned, state="accepted")
    week = timedelta(days=7)
    moved = {"starts_at": session.starts_at + week, "ends_at": session.ends_at + week, "city_en": "Bandung"}
    move(planned, cast.convenor, lines=[line(session, values=moved)], **later(planned))
    found = Session.objects.get()
    assert (found.starts_at, found.city_en, found.version) == (moved["starts_at"], "Bandung", 2)
    assert told() == [invitation.pk]


def test_a_session_alone_can_move_and_asks_again(cast, planned) -> None:
    session = build.make_session(planned)
    build.make_invitation(planned, state="accepted")
    hour = timedelta(hours=1)
    values = {"starts_at": session.starts_at + hour, "ends_at": session.ends_at + hour}
    assert move(planned, cast.convenor, lines=[line(session, values=values)]).agreed == 1


def test_a_session_left_outside_stops_the_move(cast, planned) -> None:
    build.make_session(planned)
    build.make_invitation(planned)
    with pytest.raises(Refusal) as refusal:
        move(planned, cast.convenor, **later(planned))
    assert refusal.value.field == "ends_on"
    assert told() == []


def test_a_session_that_somebody_changed_meanwhile_is_a_conflict(cast, planned) -> None:
    session = build.make_session(planned)
    mine = line(session, out=True)
    actions.change_session(session, by=cast.second_convenor, version=1, title_en="New words")
    with pytest.raises(Conflict):
        move(planned, cast.convenor, lines=[mine])
    assert Session.objects.count() == 1


def test_a_session_taken_out_is_told_and_its_entry_cancelled(cast, planned) -> None:
    stays, goes = build.make_session(planned), build.make_session(planned)
    invitation = build.make_invitation(planned, state="accepted")
    reached = move(planned, cast.convenor, lines=[line(goes, out=True)])
    assert (reached.mails, reached.agreed) == (1, 0)  # nobody has to agree again to less
    assert Invitation.objects.get().state == "accepted"
    letter = letter_of(MOVED, invitation)
    events = {
        str(one["uid"]).split(f"-{invitation.pk}@")[0]: one
        for one in Calendar.from_ical(letter.files["programme.ics"]).walk("VEVENT")
    }
    assert {uid: str(one["status"]) for uid, one in events.items()} == {
        str(stays.uid): "CONFIRMED",
        str(goes.uid): "CANCELLED",
    }


def test_a_new_session_is_told_when_the_convenor_says_so(cast, planned) -> None:
    invitation = build.make_invitation(planned, state="accepted")
    assert not actions.programme_was_redrawn(planned)
    starts = timezone.datetime.combine(planned.starts_on, time(9), ZoneInfo("Asia/Jakarta"))
    values = {"starts_at": starts, "ends_at": starts + timedelta(hours=1), "title_en": "Opening"}
    actions.add_session(planned, by=cast.convenor, **values)
    assert actions.programme_was_redrawn(planned)
    assert told() == []
    assert move(planned, cast.convenor).agreed == 0
    assert told() == [invitation.pk]
    assert not actions.programme_was_redrawn(planned)


@pytest.mark.parametrize("state", ConsultationState.values)
def test_cancel_in_every_state(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    if state in {"draft", "announced"}:
        actions.cancel_consultation(consultation, by=cast.convenor, cancelled_because_en="The hall is gone.")
        consultation.refresh_from_db()
        assert (consultation.state, consultation.cancelled_because_en) == ("cancelled", "The hall is gone.")
        assert consultation.cancelled_at is not None
        with pytest.raises(Refusal):
            actions.cancel_consultation(consultation, by=cast.second_convenor)
    else:
        with pytest.raises(Refusal):
            actions.cancel_consultation(consultation, by=cast.convenor)


def test_cancelled_tells_all_who_might_have_come_once(cast, planned) -> None:
    made = in_every_state(planned)
    waits = build.make_invitation(planned)
    emails.invitation_sent(waits)
    build.make_submission(planned, cast.organisation, cast.representative)
    reached = actions.cancel_consultation(planned, by=cast.convenor, cancelled_because_en="No hall")
    written = ("sent", "accepted", "tentative", "declined", "waitlisted", "offered", "to_reconfirm")
    assert told(CANCELLED) == [made[state].pk for state in written]
    assert reached == actions.Reach(mails=7, agreed=0, waiting=1, by_hand=1)
    assert {state: Invitation.objects.get(pk=one.pk).state for state, one in made.items()} == {
        one: one for one in STATES
    }
    assert letter_of("consultations.invitation_sent", waits) is None
    assert planned.submissions.get().state == "submitted"
    assert Consultation.objects.get().sequence == 1


def test_nobody_is_told_of_a_draft_that_is_cancelled(cast) -> None:
    consultation = build.make_consultation(state="draft", convenors=[cast.convenor])
    build.make_invitation(consultation, state="drafted")
    actions.cancel_consultation(consultation, by=cast.convenor)
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["starts_on", "ends_on", "begins_at", "ends_at", "time_zone", "mode", "city_en", "venue"]
)
def test_the_edit_page_leads_to_the_door_once_invitations_are_out(cast, planned, name) -> None:
    Consultation.objects.update(venue="Hall")
    values = {**later(planned), "begins_at": time(8), "ends_at": time(16), "time_zone": "Asia/Dili"}
    value = {**values, "mode": "online", "city_en": "Bandung", "venue": "Another"}[name]
    if name == "starts_on":
        value = planned.starts_on - timedelta(days=1)
    build.make_invitation(planned)
    with pytest.raises(actions.Elsewhere) as refusal:
        actions.change_consultation(planned, by=cast.convenor, version=1, **{name: value})
    assert refusal.value.field == name
    assert Consultation.objects.get().version == 1


def test_what_nobody_was_told_is_changed_freely(cast, planned) -> None:
    build.make_invitation(planned, state="approved")
    actions.change_consultation(planned, by=cast.convenor, version=1, venue="Hall", **later(planned))
    build.make_invitation(planned)
    answer_by = planned.answer_by - timedelta(days=1)
    changed = actions.change_consultation(planned, by=cast.convenor, version=2, answer_by=answer_by, seats=40)
    assert changed.answer_by == answer_by
    Consultation.objects.update(venue="")
    assert actions.change_consultation(planned, by=cast.convenor, version=3, venue="Hall").venue == "Hall"


def test_who_leaves_leaves_two(cast, planned) -> None:
    with pytest.raises(Refusal):
        actions.leave_consultation(planned, by=cast.convenor)
    third = build.make_convenor()
    planned.convenors.add(third)
    actions.leave_consultation(planned, by=cast.convenor)
    assert set(planned.convenors.all()) == {cast.second_convenor, third}
    with pytest.raises(Refusal):
        actions.leave_consultation(planned, by=third)


def test_who_no_longer_convenes_does_not_count(cast, planned) -> None:
    past = build.make_convenor()
    past.convenorships.update(until=timezone.localdate() - timedelta(days=1))
    planned.convenors.add(past)
    with pytest.raises(Refusal):
        actions.leave_consultation(planned, by=cast.convenor)


def test_a_translation_that_was_never_written_is_no_move_when_it_is_left_empty(cast, planned) -> None:
    session = build.make_session(planned)
    build.make_invitation(planned)
    assert Consultation.objects.get().city_ind is None
    changed = actions.change_consultation(planned, by=cast.convenor, version=1, city_ind="", seats=40)
    assert changed.seats == 40
    actions.change_session(session, by=cast.convenor, version=1, city_ind="", closed=True)
    with pytest.raises(Refusal):
        move(
            planned,
            cast.convenor,
            version=2,
            city_ind="",
            lines=[actions.SessionLine(session, 2, values={"city_ind": ""})],
        )

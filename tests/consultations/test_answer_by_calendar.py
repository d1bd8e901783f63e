"""What calendar programs send back: found by the UID, from the address it went to, to the entry as it is now."""

import pytest
from django.conf import settings
from icalendar import Calendar

from consultations import actions, calendar
from consultations.models import Answer, Invitation
from portal.models import LogEntry
from portal.states import Refusal
from tests import build


@pytest.fixture
def invitation(cast):
    """Return an invitation of the representative's organisation."""
    return build.make_invitation(build.make_consultation(sequence=2), cast.organisation)


def uid_of(invitation, suffix="") -> str:
    """Return the UID of the entry."""
    return f"{invitation.consultation.uid}-{invitation.pk}{suffix}@{settings.MAIL_DOMAIN}"


def test_the_uid_is_the_one_of_the_file(invitation) -> None:
    event = Calendar.from_ical(calendar.invitation_file(invitation)).walk("VEVENT")[0]
    assert str(event["uid"]) == uid_of(invitation)


@pytest.mark.parametrize(
    ("said", "state", "seats"),
    [("ACCEPTED", "accepted", 1), ("tentative", "tentative", 0), ("DECLINED", "declined", 0)],
)
@pytest.mark.parametrize("suffix", ["", "-3", "-session-12"])
def test_each_word_of_a_calendar(invitation, said, state, seats, suffix) -> None:
    done = actions.answer_by_calendar(uid_of(invitation, suffix), invitation.address.upper(), said, 2)
    assert (done.state, done.seats_accepted) == (state, seats)
    assert Answer.objects.values_list("channel", "by").get() == ("calendar", None)


@pytest.mark.parametrize("said", ["NEEDS-ACTION", "DELEGATED", "", "yes"])
def test_other_words_answer_nothing(invitation, said) -> None:
    assert actions.answer_by_calendar(uid_of(invitation), invitation.address, said, 2) is None


def test_from_another_address_nothing_is_answered(invitation) -> None:
    assert actions.answer_by_calendar(uid_of(invitation), "other@example.org", "ACCEPTED", 2) is None
    assert actions.answer_by_calendar(uid_of(invitation), "", "ACCEPTED", 2) is None
    assert not Answer.objects.exists()


@pytest.mark.parametrize("uid", ["", "x", "{pk}", "{uid}", "{uid}-", "{uid}-0", "{other}-{pk}", "{uid}-{pk}x@a"])
def test_other_uids_are_none_of_ours(invitation, uid) -> None:
    other = build.make_consultation().uid
    typed = uid.format(pk=invitation.pk, uid=invitation.consultation.uid, other=other)
    assert actions.answer_by_calendar(typed, invitation.address, "ACCEPTED", 2) is None


def test_a_reply_to_an_older_entry_is_kept_in_the_log_and_does_not_count(invitation) -> None:
    found = actions.answer_by_calendar(uid_of(invitation), invitation.address, "ACCEPTED", 1)
    assert (found.state, Answer.objects.count()) == ("sent", 0)
    assert LogEntry.objects.values_list("verb", "detail").get() == ("outdated_reply", "yes")


@pytest.mark.parametrize(
    ("values", "seats"),
    [
        ({"state": "accepted", "seats_accepted": 2}, 2),
        ({"state": "to_reconfirm", "seats_accepted": 2}, 2),
        ({"state": "sent"}, 1),
    ],
)
def test_yes_means_the_seats_that_are_held(invitation, values, seats) -> None:
    Invitation.objects.update(**values)
    assert actions.answer_by_calendar(uid_of(invitation), invitation.address, "ACCEPTED", 2).seats_accepted == seats


def test_the_same_reply_twice_is_one_answer(invitation) -> None:
    for _count in range(2):
        actions.answer_by_calendar(uid_of(invitation), invitation.address, "ACCEPTED", 2)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("state", ["revoked", "drafted", "approved"])
def test_what_was_taken_back_is_not_answered(invitation, state) -> None:
    Invitation.objects.update(state=state)
    assert actions.answer_by_calendar(uid_of(invitation), invitation.address, "ACCEPTED", 2) is None


def test_what_is_over_is_refused(invitation) -> None:
    type(invitation.consultation).objects.update(state="concluded")
    with pytest.raises(Refusal):
        actions.answer_by_calendar(uid_of(invitation), invitation.address, "ACCEPTED", 2)

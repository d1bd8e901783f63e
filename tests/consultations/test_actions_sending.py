"""Mailings at an hour, over several days, held back; one invitation repaired or sent again."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import Invitation
from consultations.states import InvitationState
from portal import blocking, delivery, log
from portal.models import BlockedAddress, LogEntry, OutgoingMessage
from portal.states import Refusal
from tests import build


@pytest.fixture
def consultation(cast):
    """Return an announced consultation."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def tomorrow(hour: int = 9) -> actions.Start:
    """Return nine o'clock of tomorrow."""
    return actions.Start(timezone.localdate() + timedelta(days=1), time(hour))


def hours_of(consultation) -> dict[str, datetime]:
    """Return when each mail may go, by address."""
    return dict(OutgoingMessage.objects.values_list("recipient", "next_try_at"))


def test_an_hour_is_meant_where_the_recipient_is(cast, consultation) -> None:
    start = tomorrow()
    for code, zone in (("ID", "Asia/Jakarta"), ("TL", "Asia/Dili"), ("MM", "Asia/Yangon")):
        organisation = build.make_organisation(country=build.make_country(code))
        build.make_invitation(consultation, organisation, state="approved", address=f"{zone[5:].lower()}@example.org")
    nowhere = build.make_organisation(country=None)
    build.make_invitation(consultation, nowhere, state="approved", address="nowhere@example.org")
    office = build.make_body("abroad", country=build.make_country("TH"))
    build.make_invitation_of_body(consultation, office, state="approved", way="mail", address="bangkok@example.org")
    assert actions.send_invitations(consultation, by=cast.convenor, start=start) == 5
    zones = {"jakarta": "Jakarta", "dili": "Dili", "yangon": "Yangon", "nowhere": "Jakarta", "bangkok": "Bangkok"}
    expected = {
        f"{name}@example.org": datetime.combine(start.day, time(9), ZoneInfo(f"Asia/{zone}"))
        for name, zone in zones.items()
    }
    assert hours_of(consultation) == expected
    assert {one.address: one.sent_at for one in consultation.invitations.all()} == expected
    assert delivery.deliver_batch() == 0


@pytest.mark.parametrize(
    ("start", "field", "sentence"),
    [
        (lambda: actions.Start(timezone.localdate() - timedelta(days=1), time(9)), "hour", "over already"),
        (lambda: actions.Start(timezone.localdate() + timedelta(days=400), time(9)), "day", "after the last day"),
        (lambda: actions.Start(timezone.localdate() + timedelta(days=1)), "hour", "Say at what hour."),
    ],
)
def test_an_hour_that_cannot_be_meant(cast, consultation, start, field, sentence) -> None:
    build.make_invitation(consultation, state="approved")
    with pytest.raises(Refusal) as refusal:
        actions.send_invitations(consultation, by=cast.convenor, start=start())
    assert refusal.value.field == field
    assert sentence in str(refusal.value.reason)
    assert consultation.invitations.get().state == "approved"
    assert not OutgoingMessage.objects.exists()


def test_an_hour_that_is_over_for_one_of_them_only(cast, consultation) -> None:
    """In Dili it is two hours later than in Jakarta."""
    organisation = build.make_organisation(country=build.make_country("TL"))
    build.make_invitation(consultation, organisation, state="approved")
    build.make_invitation(consultation, state="approved")
    noon = timezone.now().astimezone(ZoneInfo("Asia/Jakarta")).replace(hour=12, minute=0, second=0, microsecond=0)
    start = actions.Start(noon.date(), time(13))
    with time_machine.travel(noon, tick=False), pytest.raises(Refusal) as refusal:
        actions.send_invitations(consultation, by=cast.convenor, start=start)
    assert "In Dili this hour is over already" in str(refusal.value.reason)


def test_more_than_a_day_allows_asks_then_paces(cast, consultation, settings) -> None:
    settings.MAIL_PER_DAY, settings.MAIL_DAY_RESERVE = 2, 0
    for number in range(5):
        build.make_invitation(consultation, state="approved", address=f"a{number}@example.org")
    build.make_invitation(consultation, state="approved", address="")
    with pytest.raises(Refusal) as refusal:
        actions.send_invitations(consultation, by=cast.convenor)
    assert refusal.value.field == "paced"
    assert "5 mails are more than the 2 that may leave in a day. Spread over 3 days" in str(refusal.value.reason)
    assert set(consultation.invitations.values_list("state", flat=True)) == {"approved"}
    assert actions.send_invitations(consultation, by=cast.convenor, paced=True) == 6
    days = [(at - timezone.now() + timedelta(minutes=5)).days for _who, at in sorted(hours_of(consultation).items())]
    assert days == [0, 0, 1, 1, 2]


def test_paced_at_an_hour_keeps_the_hour(cast, consultation, settings) -> None:
    settings.MAIL_PER_DAY, settings.MAIL_DAY_RESERVE = 1, 0
    for number in range(2):
        build.make_invitation(consultation, state="approved", address=f"a{number}@example.org")
    actions.send_invitations(consultation, by=cast.convenor, start=tomorrow(), paced=True)
    first, second = sorted(hours_of(consultation).values())
    assert second - first == timedelta(days=1)


def test_ten_thousand_against_a_lower_limit_say_by_when(settings) -> None:
    settings.MAIL_PER_DAY, settings.MAIL_DAY_RESERVE = 500, 0.2
    assert actions.sending.mail.days_needed(10_000) == 25


def test_organisations_that_are_no_longer_there_are_left_out(cast, consultation) -> None:
    kept = build.make_invitation(consultation, build.make_organisation(state="suspended"), state="approved")
    build.make_invitation(consultation, state="approved")
    assert actions.send_invitations(consultation, by=cast.convenor) == 1
    kept.refresh_from_db()
    assert kept.state == "approved"


def test_hold_back_before_the_hour_and_send_anew(cast, consultation, mailoutbox) -> None:
    for number in range(3):
        build.make_invitation(consultation, state="approved", address=f"a{number}@example.org")
    actions.send_invitations(consultation, by=cast.convenor, start=tomorrow())
    # One was answered meanwhile by telephone, one is in the hands of a worker.
    first, second, third = consultation.invitations.order_by("pk")
    actions.record_answer(first, by=cast.convenor, reply=actions.Reply("no"), channel="phone")
    OutgoingMessage.objects.filter(subject_id=second.pk).update(lease="0" * 32)
    assert actions.hold_back_invitations(consultation, by=cast.convenor) == 1
    states = list(consultation.invitations.order_by("pk").values_list("state", flat=True))
    assert states == ["declined", "sent", "approved"]
    third.refresh_from_db()
    assert third.sent_at is None
    assert actions.hold_back_invitations(consultation, by=cast.convenor) == 0
    assert actions.send_invitations(consultation, by=cast.convenor) == 1
    delivery.deliver_batch()
    assert [mail.to for mail in mailoutbox] == [[third.address]]
    noted = LogEntry.objects.filter(verb="hold_back_invitations").values_list("detail", flat=True)
    assert list(noted) == ["1"]


def test_what_went_out_at_once_is_not_held_back(cast, consultation) -> None:
    build.make_invitation(consultation, state="approved")
    actions.send_invitations(consultation, by=cast.convenor)
    assert actions.hold_back_invitations(consultation, by=cast.convenor) == 0
    assert consultation.invitations.get().state == "sent"


@pytest.mark.parametrize("state", InvitationState.values)
def test_send_again_in_every_state(cast, consultation, state) -> None:
    invitation = build.make_invitation(consultation, state=state)
    if state in {"sent", "undeliverable"}:
        found = actions.resend_invitation(invitation, by=cast.convenor, address=invitation.address)
        assert found.token == invitation.token
        assert OutgoingMessage.objects.get().version == 1
    else:
        with pytest.raises(Refusal):
            actions.resend_invitation(invitation, by=cast.convenor, address=invitation.address)
        assert not OutgoingMessage.objects.exists()


def test_send_again_keeps_the_link_unless_the_address_changes(cast, consultation, mailoutbox) -> None:
    invitation = build.make_invitation(consultation, state="approved", address="old@example.org")
    actions.send_invitations(consultation, by=cast.convenor)
    with pytest.raises(Refusal) as refusal:
        actions.resend_invitation(invitation, by=cast.convenor, address="old@example.org")
    assert "still on its way" in str(refusal.value.reason)
    delivery.deliver_batch()
    same = actions.resend_invitation(invitation, by=cast.convenor, address="old@example.org")
    assert same.token == invitation.token
    other = actions.resend_invitation(invitation, by=cast.convenor, address="new@example.org")
    assert other.token != invitation.token
    delivery.deliver_batch()
    # The second mail was overtaken: its address is no longer the invitation's.
    assert [mail.to[0] for mail in mailoutbox] == ["old@example.org", "new@example.org"]
    assert other.token in mailoutbox[-1].body
    versions = OutgoingMessage.objects.order_by("version").values_list("version", "state")
    assert list(versions) == [(1, "sent"), (2, "superseded"), (3, "sent")]


def test_who_waits_for_the_hour_of_the_invitation_hears_of_no_move(cast, consultation) -> None:
    told, waiting = build.make_invitation(consultation), build.make_invitation(consultation, state="approved")
    actions.send_invitations(consultation, by=cast.convenor, start=tomorrow())
    assert set(consultation.invitations.concerned()) == {told}
    assert list(consultation.invitations.planned()) == [waiting]
    assert actions.reach(consultation).mails == 1


@pytest.mark.parametrize("act", [actions.repair_invitation, actions.resend_invitation])
def test_an_address_that_came_back_is_tried_again_by_its_old_link(cast, consultation, mailoutbox, act) -> None:
    invitation = build.make_invitation(consultation, state="undeliverable", address="dewi@example.org")
    blocking.block(blocking.address_key("dewi@example.org"), BlockedAddress.Reason.BOUNCED)
    found = act(invitation, by=cast.convenor, address="dewi@example.org")
    delivery.deliver_batch()
    assert (found.state, found.token, len(mailoutbox)) == ("sent", invitation.token, 1)


def test_nothing_is_sent_again_once_it_is_over(cast) -> None:
    invitation = build.make_invitation(build.make_consultation(state="concluded"))
    for act in (actions.resend_invitation, actions.repair_invitation):
        with pytest.raises(Refusal):
            act(invitation, by=cast.convenor, address="new@example.org")


@pytest.mark.slow
def test_a_thousand_at_an_hour_cost_as_many_queries_as_two(cast, consultation) -> None:
    def asked(count):
        organisation = build.make_organisation()
        made = []
        for number in range(count):
            organisation.pk, organisation.slug = None, f"copy-{count}-{number}"
            organisation.save(force_insert=True)
            one = Invitation(consultation=consultation, organisation_id=organisation.pk, state="approved")
            one.address = f"a{count}-{number}@example.org"
            one.seal()
            made.append(one)
        Invitation.objects.bulk_create(made)
        with CaptureQueriesContext(connection) as caught:
            actions.send_invitations(consultation, by=cast.convenor, start=tomorrow())
        marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return len([query for query in caught.captured_queries if not query["sql"].startswith(marks)])

    log.record("warm", consultation, by=None)
    # The consultation and the invitations, locked; marked as sent, at one hour; the mails; the log.
    assert [asked(2), asked(1000)] == [6, 6]
    assert OutgoingMessage.objects.count() == 1002


def test_a_day_is_told_where_the_consultation_is() -> None:
    consultation = build.Consultation(time_zone="Asia/Dili")
    late = datetime(2027, 5, 11, 23, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert actions.sending.clock_day(late, consultation) == "12 May 2027"

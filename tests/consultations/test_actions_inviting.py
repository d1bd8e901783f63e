"""Invitations, from the pick to the last reminder."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import Invitation, hash_token
from consultations.states import INVITATION, InvitationState
from portal import delivery, log
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from stakeholders.actions import merge_organisations
from stakeholders.models import Organisation
from tests import build


@pytest.fixture
def consultation(cast):
    """Return an announced consultation."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def states_of(consultation) -> list[str]:
    """Return the states of its invitations in order."""
    return list(consultation.invitations.order_by("pk").values_list("state", flat=True))


def test_pick_drafts_with_seats_address_and_language(cast, consultation) -> None:
    organisation = build.make_organisation(contact_email="office@example.org", language="th")
    assert actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 3}) == 1
    found = consultation.invitations.get()
    assert (found.state, found.seats_offered, found.address, found.language) == (
        "drafted",
        3,
        "office@example.org",
        "th",
    )
    assert found.token_hash == hash_token(found.token)
    assert LogEntry.objects.get().detail == "1"


def test_picking_again_adds_none(cast, consultation) -> None:
    chosen = {cast.organisation.pk: 2}
    assert [actions.pick_organisations(consultation, by=cast.convenor, seats=chosen) for _count in range(2)] == [1, 0]


@pytest.mark.parametrize("state", ["applied", "refused", "suspended", "merged", "dissolved"])
def test_only_verified_organisations_are_picked(cast, consultation, state) -> None:
    organisation = build.make_organisation(state=state)
    assert actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 1}) == 0


def test_who_is_never_seated_is_not_picked_even_with_a_second_group(cast, consultation) -> None:
    militia = build.make_group("militia", hearing="never")
    organisation = build.make_organisation(groups=[build.make_group(), militia])
    assert actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 1}) == 0


@pytest.mark.parametrize("seats", [0, -1, 51, 10**9])
def test_seats_that_cannot_be_meant(cast, consultation, seats) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.pick_organisations(consultation, by=cast.convenor, seats={cast.organisation.pk: seats})
    assert refusal.value.field == "seats"
    assert not consultation.invitations.exists()


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_nobody_is_picked_or_approved_once_it_is_over(cast, state) -> None:
    consultation = build.make_consultation(state=state)
    with pytest.raises(Refusal):
        actions.pick_organisations(consultation, by=cast.convenor, seats={cast.organisation.pk: 1})
    with pytest.raises(Refusal):
        actions.approve_invitations(consultation, by=cast.convenor)


def test_approve_all_or_some(cast, consultation) -> None:
    rows = [build.make_invitation(consultation, state=state) for state in ("drafted", "drafted", "sent", "revoked")]
    assert actions.approve_invitations(consultation, by=cast.convenor, invitations=[rows[0].pk, rows[2].pk]) == 1
    assert states_of(consultation) == ["approved", "drafted", "sent", "revoked"]
    assert actions.approve_invitations(consultation, by=cast.convenor) == 1
    assert actions.approve_invitations(consultation, by=cast.convenor) == 0


def test_approve_touches_only_its_own_consultation(cast, consultation) -> None:
    other = build.make_invitation(build.make_consultation(), state="drafted")
    assert actions.approve_invitations(consultation, by=cast.convenor, invitations=[other.pk]) == 0


def test_send_sends_what_is_approved_once(cast, consultation) -> None:
    for state in ("approved", "approved", "drafted", "revoked"):
        build.make_invitation(consultation, state=state)
    build.make_invitation(consultation, state="approved", address="")
    assert [actions.send_invitations(consultation, by=cast.convenor) for _count in range(2)] == [3, 0]
    assert states_of(consultation) == ["sent", "sent", "drafted", "revoked", "sent"]
    assert OutgoingMessage.objects.count() == 2  # the third gets a letter


def test_a_draft_sends_nothing(cast) -> None:
    consultation = build.make_consultation(state="draft")
    build.make_invitation(consultation, state="approved")
    with pytest.raises(Refusal):
        actions.send_invitations(consultation, by=cast.convenor)
    assert states_of(consultation) == ["approved"]


def statements(act) -> list[str]:
    """Return what an act asks of the database, without the marks of its transactions."""
    with CaptureQueriesContext(connection) as caught:
        act()
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(marks)]


@pytest.mark.slow
def test_a_thousand_invitations_cost_as_many_queries_as_two(cast, consultation) -> None:
    for _count in range(2):
        build.make_invitation(consultation, state="approved")
    actions.approve_invitations(consultation, by=cast.convenor)
    log.record("warm", consultation, by=None)
    assert len(statements(lambda: actions.send_invitations(consultation, by=cast.convenor))) == 5
    organisation = build.make_organisation()
    many = [
        Invitation(
            consultation=consultation, organisation=copy(organisation, n), state="approved", address=f"a{n}@x.org"
        )
        for n in range(1000)
    ]
    for one in many:
        one.seal()
    Invitation.objects.bulk_create(many)
    asked = statements(lambda: actions.send_invitations(consultation, by=cast.convenor))
    assert OutgoingMessage.objects.count() == 1002
    # SQLite takes fewer values at once, so that it is asked several times.
    assert len(asked) == 5 or connection.vendor == "sqlite"


def copy(organisation, number):
    """Return another organisation, quickly."""
    organisation.pk, organisation.slug = None, f"copy-{number}"
    organisation.save(force_insert=True)
    return type(organisation).objects.get(pk=organisation.pk)


def lose(invitation, state="failed") -> None:
    """Let the invitation's latest mail end badly."""
    OutgoingMessage.objects.create(
        purpose="consultations.invitation_sent", subject_id=invitation.pk, recipient_key="x", state=state
    )


@pytest.mark.parametrize("state", InvitationState.values)
def test_return_repair_revoke_lapse_in_every_state(cast, state) -> None:
    long_ago = timezone.localdate() - timedelta(days=3)
    consultation = build.make_consultation(starts_on=long_ago, ends_on=long_ago, answer_by=long_ago)
    verbs = {
        "return": actions.return_invitation,
        "repair": lambda one: actions.repair_invitation(one, by=cast.convenor, address="new@example.org"),
        "revoke": lambda one: actions.revoke_invitation(one, by=cast.convenor),
        "lapse": actions.lapse_invitation,
    }
    for verb, act in verbs.items():
        invitation = build.make_invitation(consultation, state=state)
        lose(invitation)
        if INVITATION.can(verb, state):
            assert act(invitation).state == INVITATION.target(verb, state)
        else:
            with pytest.raises(Refusal):
                act(invitation)
            invitation.refresh_from_db()
            assert invitation.state == state


def test_what_was_delivered_does_not_come_back(cast, consultation) -> None:
    invitation = build.make_invitation(consultation)
    lose(invitation, state="sent")
    with pytest.raises(Refusal):
        actions.return_invitation(invitation)


@pytest.mark.parametrize(("address", "same"), [("new@example.org", False), ("old@example.org", True)])
def test_repair_sends_one_new_mail_and_another_address_gets_another_link(cast, consultation, address, same) -> None:
    invitation = build.make_invitation(consultation, state="undeliverable", address="old@example.org")
    lose(invitation)
    old = invitation.token
    repaired = actions.repair_invitation(invitation, by=cast.convenor, address=address)
    assert (repaired.token == old) is same
    assert repaired.token_hash == hash_token(repaired.token)
    assert Invitation.objects.get().token_hash == repaired.token_hash
    versions = OutgoingMessage.objects.order_by("version").values_list("version", "state")
    assert list(versions) == [(1, "failed"), (2, "queued")]


def test_revoke_frees_seats_and_stops_the_mail(cast, consultation, mailoutbox) -> None:
    invitation = build.make_invitation(consultation, state="approved")
    actions.send_invitations(consultation, by=cast.convenor)
    actions.revoke_invitation(invitation, by=cast.convenor)
    delivery.deliver_batch()
    assert OutgoingMessage.objects.get().state == "superseded"
    assert mailoutbox == []


def test_reminders_go_to_exactly_those_who_have_not_answered(cast, consultation) -> None:
    sent = {state: build.make_invitation(consultation, state=state) for state in InvitationState.values}
    build.make_invitation(consultation, state="sent", address="")
    build.make_invitation(consultation, state="sent", sent_at=timezone.now() + timedelta(hours=1))  # waits for its hour
    build.make_invitation(consultation, state="sent", way="letter", address="office@example.org")
    assert actions.send_reminders(consultation, by=cast.convenor) == 2
    reminded = set(OutgoingMessage.objects.values_list("subject_id", flat=True))
    assert reminded == {sent["sent"].pk, sent["to_reconfirm"].pk}
    sent["sent"].refresh_from_db()
    assert sent["sent"].reminders == 1


@pytest.mark.parametrize("state", ["suspended", "dissolved"])
def test_organisations_that_are_not_at_the_table_are_not_reminded(cast, consultation, state) -> None:
    organisation = build.make_organisation(state=state)
    build.make_invitation(consultation, organisation)
    assert actions.send_reminders(consultation, by=cast.convenor) == 0
    Organisation.objects.filter(pk=organisation.pk).update(state="verified")
    assert actions.send_reminders(consultation, by=cast.convenor) == 1


def test_what_stayed_with_a_merged_record_is_not_reminded(cast, consultation) -> None:
    kept, merged = build.make_organisation(), build.make_organisation()
    invitations = [build.make_invitation(consultation, one) for one in (kept, merged)]
    merge_organisations(kept, merged, by=cast.convenor)
    assert Invitation.objects.get(pk=invitations[1].pk).organisation_id == merged.pk
    assert actions.send_reminders(consultation, by=cast.convenor) == 1
    assert OutgoingMessage.objects.get().subject_id == invitations[0].pk


def test_a_second_time_on_the_same_day_reminds_nobody(cast) -> None:
    start = timezone.now().replace(hour=1, minute=0)
    day = start.date() + timedelta(days=30)
    consultation = build.make_consultation(starts_on=day, ends_on=day, answer_by=day)
    build.make_invitation(consultation)
    counts = []
    for hours in (0, 5, 24, 25):
        with time_machine.travel(start + timedelta(hours=hours)):
            counts.append(actions.send_reminders(consultation, by=cast.convenor))
    assert counts == [1, 0, 1, 0]
    assert OutgoingMessage.objects.count() == 2


def test_no_reminder_once_the_time_is_over(cast) -> None:
    consultation = build.make_consultation(answer_by=timezone.localdate() - timedelta(days=2))
    build.make_invitation(consultation)
    with pytest.raises(Refusal):
        actions.send_reminders(consultation, by=cast.convenor)


def test_nothing_lapses_before_the_last_day_is_over_there(cast) -> None:
    today = timezone.localdate()
    consultation = build.make_consultation(starts_on=today, ends_on=today, time_zone="Pacific/Honolulu")
    with pytest.raises(Refusal):
        actions.lapse_invitation(build.make_invitation(consultation))


def test_a_revoked_invitation_is_drafted_again_with_a_new_link_and_sent_once(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, cast.organisation, state="approved", address="office@example.org")
    actions.send_invitations(consultation, by=cast.convenor)
    invitation.refresh_from_db()
    old = invitation.token_hash
    actions.revoke_invitation(invitation, by=cast.convenor)
    again = actions.redraft_invitation(invitation, by=cast.convenor)
    again.refresh_from_db()
    assert (again.state, again.sent_at, again.answered_at, again.reminders) == ("drafted", None, None, 0)
    assert (again.token_hash != old, again.token_hash == hash_token(again.token)) == (True, True)
    assert [one.state for one in OutgoingMessage.objects.all()] == ["superseded"]
    actions.approve_invitations(consultation, by=cast.convenor)
    assert actions.send_invitations(consultation, by=cast.convenor) == 1
    assert sorted(OutgoingMessage.objects.values_list("version", "state")) == [(1, "superseded"), (2, "queued")]
    assert LogEntry.objects.filter(verb="redraft").count() == 1


def test_drafting_again_twice_is_refused(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, state="revoked")
    actions.redraft_invitation(invitation, by=cast.convenor)
    with pytest.raises(Refusal):
        actions.redraft_invitation(invitation, by=cast.convenor)


@pytest.mark.parametrize("state", ["suspended", "merged", "dissolved"])
def test_who_can_no_longer_be_invited_is_not_drafted_again(cast, consultation, state) -> None:
    invitation = build.make_invitation(consultation, build.make_organisation(state=state), state="revoked")
    with pytest.raises(Refusal, match="no longer be invited"):
        actions.redraft_invitation(invitation, by=cast.convenor)


def test_an_office_that_ended_is_not_drafted_again(cast, consultation) -> None:
    body = build.make_body(until=timezone.localdate() - timedelta(days=1))
    invitation = build.make_invitation_of_body(consultation, body, state="revoked")
    with pytest.raises(Refusal, match="has ended"):
        actions.redraft_invitation(invitation, by=cast.convenor)


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_nothing_is_drafted_again_once_it_is_over(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor])
    invitation = build.make_invitation(consultation, state="revoked")
    with pytest.raises(Refusal, match="over"):
        actions.redraft_invitation(invitation, by=cast.convenor)

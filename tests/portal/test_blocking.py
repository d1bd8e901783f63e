"""Addresses that get no more mail: who is held back from what, and how it ends."""

import threading
from typing import Any

import pytest
from django.core.mail import get_connection
from django.db import connections
from django.utils import timezone, translation

from consultations import emails
from consultations.actions import repair_invitation, return_invitation
from consultations.models import Invitation
from consultations.tasks import mark_undeliverable
from portal import blocking, delivery, mail
from portal.emails import SignInCode, send_once
from portal.models import BlockedAddress, OutgoingMessage
from portal.views.account_data import held_about
from tests import build

Reason = BlockedAddress.Reason
State = OutgoingMessage.State
KEY = blocking.address_key("dewi@example.org")


def rows() -> list[tuple[str, bool]]:
    """Return what is blocked."""
    return list(BlockedAddress.objects.order_by("pk").values_list("reason", "notices_only"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "notices_only", "held"),
    [
        (Reason.BOUNCED, False, ("invitation", "notice")),
        (Reason.COMPLAINED, False, ("invitation", "notice", "code")),
        (Reason.BY_HAND, False, ("invitation", "notice", "code")),
        (Reason.BY_HAND, True, ("notice",)),
        (Reason.UNSUBSCRIBED, True, ("notice",)),
        (Reason.UNSUBSCRIBED, False, ("invitation", "notice")),
    ],
)
def test_what_is_held_back(reason: str, notices_only: bool, held: tuple[str, ...]) -> None:
    row = BlockedAddress(key=KEY, reason=reason, notices_only=notices_only)
    kinds = {
        "invitation": {"notice": False, "asked_for": False},
        "notice": {"notice": True, "asked_for": False},
        "code": {"notice": False, "asked_for": True},
    }
    assert tuple(kind for kind, how in kinds.items() if blocking.why_held(row, **how)) == held
    assert blocking.why_held(None, notice=True, asked_for=False) == ""


@pytest.mark.django_db
def test_a_stronger_block_takes_over_and_a_weaker_one_does_not() -> None:
    blocking.stop_notices(KEY)
    blocking.block(KEY, Reason.COMPLAINED)
    assert rows() == [(Reason.COMPLAINED, False)]
    blocking.stop_notices(KEY)
    blocking.block(KEY, Reason.BOUNCED)
    assert rows() == [(Reason.COMPLAINED, False)]


@pytest.mark.django_db
def test_who_had_stopped_notices_has_stopped_them_still_once_the_address_works_again() -> None:
    blocking.stop_notices(KEY)
    blocking.block(KEY, Reason.BOUNCED)
    blocking.lift("Dewi@example.org")
    assert rows() == [(Reason.UNSUBSCRIBED, True)]
    assert blocking.has_stopped_notices(KEY)


@pytest.mark.django_db
@pytest.mark.parametrize("reason", [Reason.COMPLAINED, Reason.BY_HAND])
def test_nobody_lifts_what_the_reader_asked_for(reason: str) -> None:
    blocking.block(KEY, reason)
    blocking.lift("dewi@example.org")
    blocking.resume_notices(KEY)
    assert rows() == [(reason, False)]


@pytest.mark.django_db(transaction=True)
def test_five_at_once_block_once() -> None:
    def act() -> None:
        blocking.block(KEY, Reason.BOUNCED)
        connections.close_all()

    threads = [threading.Thread(target=act) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows() == [(Reason.BOUNCED, False)]


def test_a_token_names_one_address_and_nothing_made_up() -> None:
    token = blocking.token_for(KEY)
    assert blocking.key_of(token) == KEY
    assert "dewi" not in token
    for forged in ("", "x", token[:-1], f"{token}x", token.replace("notices", "letters"), "notices..", "notices.é.x"):
        assert blocking.key_of(forged) == ""


@pytest.fixture
def box(settings: Any, tmp_path: Any) -> Any:
    """A mail server that keeps what it takes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return get_connection


def invite(**values: Any) -> Invitation:
    """Send one invitation's mail into the outbox."""
    invitation = build.make_invitation(build.make_consultation(), **values)
    emails.invitation_sent(invitation)
    return invitation


@pytest.mark.django_db
def test_a_blocked_address_is_withheld_with_a_reason_that_a_convenor_can_read(box: Any, mailoutbox: list) -> None:
    invitation = invite()
    blocking.block(blocking.address_key(invitation.address), Reason.BOUNCED)
    assert delivery.deliver_batch() == 1
    message = OutgoingMessage.objects.get()
    assert (message.state, mailoutbox) == (State.WITHHELD, [])
    assert message.reason == "mail to this address came back before"
    with translation.override("id"):
        assert message.reason
    assert Invitation.objects.came_back().get() == invitation


@pytest.mark.django_db
@pytest.mark.parametrize("same", [True, False], ids=["the same address", "another address"])
def test_a_repaired_address_gets_mail_again(box: Any, mailoutbox: list, same: bool) -> None:
    invitation = invite()
    by = build.make_convenor()
    blocking.block(blocking.address_key(invitation.address), Reason.BOUNCED)
    delivery.deliver_batch()
    assert mark_undeliverable() == 1
    address = invitation.address if same else "new@example.org"
    repair_invitation(Invitation.objects.get(), by=by, address=address)
    assert delivery.deliver_batch() == 1
    assert [sent.to for sent in mailoutbox] == [[address]]


@pytest.mark.django_db
def test_an_address_blocked_by_its_reader_stays_withheld_after_a_repair(box: Any, mailoutbox: list) -> None:
    invitation = invite()
    blocking.block(blocking.address_key(invitation.address), Reason.COMPLAINED)
    delivery.deliver_batch()
    return_invitation(invitation)
    repair_invitation(Invitation.objects.get(), by=build.make_convenor(), address=invitation.address)
    delivery.deliver_batch()
    assert mailoutbox == []
    assert set(OutgoingMessage.objects.values_list("state", flat=True)) == {State.WITHHELD}


@pytest.mark.django_db
def test_notices_stop_and_what_is_personal_goes_on(box: Any, mailoutbox: list) -> None:
    invitation = invite()
    emails.invitation_reminder(invitation)
    blocking.stop_notices(blocking.address_key(invitation.address))
    delivery.deliver_batch()
    assert dict(OutgoingMessage.objects.values_list("purpose", "state")) == {
        "consultations.invitation_sent": State.SENT,
        "consultations.invitation_reminder": State.WITHHELD,
    }


@pytest.mark.django_db
def test_a_code_reaches_somebody_whose_mail_came_back_and_typing_it_ends_that(
    box: Any, mailoutbox: list, visitor: Any
) -> None:
    user = build.make_user(email="dewi@example.org")
    blocking.block(KEY, Reason.BOUNCED)
    visitor.post("/en/account/login/code/", {"email": "dewi@example.org"})
    delivery.deliver_batch()
    code = mailoutbox[0].subject.split()[0]
    code = code if code.isdigit() else next(word for word in mailoutbox[0].body.split() if word.isdigit())
    assert rows() == [(Reason.BOUNCED, False)]
    visitor.post("/en/account/login/code/confirm/", {"code": code})
    assert (rows(), visitor.session["_auth_user_id"]) == ([], str(user.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(mail.REGISTRY))
def test_notices_alone_can_be_stopped_and_carry_the_way(kind: str) -> None:
    email = mail.REGISTRY[kind]
    message = OutgoingMessage(pk=1, purpose=kind, recipient="dewi@example.org", recipient_key=KEY, language="id")
    head = mail.headers(message)
    assert ("List-Unsubscribe" in head) == email.notice
    if email.notice:
        assert head["List-Unsubscribe"].startswith("<http")
        assert f"/id/unsubscribe/{blocking.token_for(KEY)}/>" in head["List-Unsubscribe"]
        assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert (email.secret, email.cautious) == (False, False)


def test_which_mails_are_notices() -> None:
    notices = {purpose for purpose, email in mail.REGISTRY.items() if email.notice}
    assert notices >= {
        "consultations.consultation_summary",
        "consultations.invitation_reminder",
        "recommendations.statement_published",
    }
    assert not notices & {"consultations.invitation_sent", "portal.sign_in_code", "recommendations.submission_received"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("purpose", "sender"),
    [
        ("portal.sign_in_code", "Codes <codes@example.org>"),
        ("consultations.invitation_sent", "Invitations <invitations@example.org>"),
        ("consultations.invitation_reminder", "Invitations <invitations@example.org>"),
        ("consultations.consultation_summary", "News <news@example.org>"),
        ("recommendations.submission_received", "All <all@example.org>"),
    ],
)
def test_each_kind_comes_from_its_own_address(settings: Any, purpose: str, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = "All <all@example.org>"
    settings.MAIL_SENDERS = {
        "account": "Codes <codes@example.org>",
        "invitations": "Invitations <invitations@example.org>",
        "notices": "News <news@example.org>",
    }
    settings.MAIL_REPLY_TO = "Convenors <convenors@example.org>"
    settings.MAIL_INBOX = "inbox@example.org"
    head = mail.headers(OutgoingMessage(purpose=purpose, recipient_key=KEY, language="en"))
    assert (head["From"], head["Reply-To"]) == (sender, "Convenors <convenors@example.org>")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_notice_ends_with_the_way_to_stop_it_and_comes_back_to_the_inbox(settings: Any, language: str) -> None:
    settings.MAIL_INBOX = "inbox@example.org"
    consultation = build.make_consultation()
    for _each in range(2):
        build.make_invitation(consultation, language=language)
    emails.invitation_reminder(*consultation.invitations.all())
    messages, drafts = list(OutgoingMessage.objects.order_by("pk")), mail.Drafts()
    subjects = emails.invitation_reminder.load(messages)
    for message in messages:
        letter = emails.invitation_reminder.letter(subjects[message.subject_id], message)
        composed = mail.compose(message, letter, drafts)
        url = f"/{language}/unsubscribe/{blocking.token_for(message.recipient_key)}/"
        assert composed.body.rstrip().endswith(url)
        assert composed.body.count("/unsubscribe/") == 1
        assert composed.alternatives[0].content.count(f'{url}"') == 1
        assert composed.from_email == "inbox@example.org"
        assert composed.message()["From"] != "inbox@example.org"
        assert "mailto:inbox@example.org?subject=unsubscribe%20notices." in composed.message()["List-Unsubscribe"]
    assert len(drafts) == 1


@pytest.mark.django_db
def test_the_copy_of_ones_data_says_which_address_is_stopped() -> None:
    user = build.make_user(email="dewi@example.org")
    blocking.stop_notices(KEY)
    assert held_about(user)["mail_stopped"] == [
        {"address": "dewi@example.org", "reason": Reason.UNSUBSCRIBED, "only_notices": True}
    ]


@pytest.mark.django_db
def test_administrator_blocks_by_hand_and_frees(visitor: Any) -> None:
    user = build.make_user(email="admin@example.org", is_staff=True, is_superuser=True)
    build.login(visitor, user)
    page = visitor.post("/en/admin/portal/blockedaddress/add/", {"address": "Dewi@example.org"})
    assert page.status_code == 302, page.content.decode()[:3000]
    assert rows() == [(Reason.BY_HAND, False)]
    assert BlockedAddress.objects.get().key == KEY
    again = visitor.post("/en/admin/portal/blockedaddress/add/", {"address": "dewi@example.org"})
    assert "This address is blocked already." in again.content.decode()
    visitor.post(f"/en/admin/portal/blockedaddress/{BlockedAddress.objects.get().pk}/delete/", {"post": "yes"})
    assert rows() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sought", "found"),
    [("dewi@example.org", 1), (" DEWI@Example.org ", 1), ("dewi", 0), (KEY, 0), ("nobody@example.org", 0), ("", 2)],
)
def test_administrator_finds_the_row_of_a_whole_address(visitor: Any, sought: str, found: int) -> None:
    build.login(visitor, build.make_user(email="admin@example.org", is_staff=True, is_superuser=True))
    blocking.block(KEY, Reason.BOUNCED)
    blocking.block(blocking.address_key("sari@example.org"), Reason.COMPLAINED)
    page = visitor.get("/en/admin/portal/blockedaddress/", {"q": sought})
    assert page.context["cl"].result_count == found


@pytest.mark.django_db
def test_a_code_is_not_held_back_by_stopped_notices(box: Any, mailoutbox: list) -> None:
    blocking.stop_notices(KEY)
    send_once(SignInCode, mail.Recipient("dewi@example.org"), {"code": "123456"})
    delivery.deliver_batch()
    assert len(mailoutbox) == 1
    assert timezone.now() >= OutgoingMessage.objects.get().sent_at

"""As `trying`: the verbs of wording, sending, reminding and letters."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from consultations import emails
from portal.models import OutgoingMessage
from tests import build
from tests.portal.trying import SLUG, Attempt, Sight, at, of_invitation, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]


def worded(world: World) -> Tried:
    return at("wording_edit", world.consultation.slug, "invitation", "en"), {"subject": "Come", "body": "Come"}


def reminders_planned(world: World) -> Tried:
    version = type(world.consultation).objects.get(pk=world.consultation.pk).version
    return at("reminders_plan", world.consultation.slug), {"days": "", "version": version}


def held_back(world: World) -> Tried:
    """Let an invitation that stands as the own one does wait for its hour; only one that was sent can."""
    later = timezone.now() + timedelta(hours=1)
    waiting = world.consultation.invitations.filter(organisation=world.uninvited).first()
    waiting = waiting or build.make_invitation(world.consultation, world.uninvited)
    type(waiting).objects.filter(pk=waiting.pk).update(state=world.invitation.state, sent_at=later)
    OutgoingMessage.objects.get_or_create(
        purpose=emails.invitation_sent.purpose, subject_id=waiting.pk, defaults={"next_try_at": later}
    )
    return at("invitations_hold_back", world.consultation.slug), {}


def handed_over(world: World) -> Tried:
    """Hand over the letter of an office whose invitation stands as the own one does."""
    letter = world.consultation.invitations.filter(body=world.body).first()
    letter = letter or build.make_invitation_of_body(world.consultation, world.body)
    type(letter).objects.filter(pk=letter.pk).update(state=world.invitation.state)
    return at("letter_hand_over", world.consultation.slug, letter.pk), {
        "on": timezone.localdate(),
        "handed_by": "hand",
    }


ATTEMPTS: dict[str, Attempt] = {
    "consultation.plan reminders": reminders_planned,
    "consultation.write the wording": worded,
    "invitation.resend": of_invitation("invitation_resend", address="new@example.org"),
    "invitation.hold_back": held_back,
    "invitation.try on oneself": of_invitation("invitation_test", kind="invitation", language="en"),
    "invitation.hand over": handed_over,
}

SIGHTS: dict[str, Sight] = {
    "consultation.see wording and letters": seen(
        lambda _world: 'id="main"',
        page_of("wording_list", SLUG),
        page_of("letter_list", SLUG),
        lambda world: at("letters_file", world.consultation.slug, 1),
    ),
}

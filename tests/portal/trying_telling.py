"""As `trying`: the verbs of the summary, of next steps, and what is seen of them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from consultations.models import FollowUp
from consultations.querysets import SUMMARY_MAIL
from portal.blocking import address_key
from portal.models import OutgoingMessage
from tests.portal.trying import Attempt, Sight, at, here, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
WORDS = "What the convenors promised"


def later() -> Any:
    """Return a day to come."""
    return timezone.localdate() + timedelta(days=9)


def the_step(world: World) -> FollowUp:
    """Return a next step of the consultation."""
    return FollowUp.objects.get_or_create(
        consultation=world.consultation, text_en=WORDS, defaults={"due_on": later(), "by": world.people["convenor"]}
    )[0]


def sent_again(world: World) -> Tried:
    """Send a summary again that did not reach one of the convenors."""
    user = world.consultation.convenors.order_by("pk").first()
    lost, _made = OutgoingMessage.objects.get_or_create(
        purpose=SUMMARY_MAIL,
        subject_id=world.consultation.pk,
        recipient_key=address_key(user.email),
        defaults={"recipient": user.email, "user": user, "state": "failed"},
    )
    return at("summary_resend", world.consultation.slug, lost.pk), {}


def changed(world: World) -> Tried:
    step = the_step(world)
    data = {"due_on": later(), "text_en": "Other words", "version": step.version}
    return at("next_step_edit", world.consultation.slug, step.pk), data


def settled(world: World) -> Tried:
    return at("next_step_settle", world.consultation.slug, the_step(world).pk), {"done": "yes"}


def shown(world: World) -> str:
    """Return words that stand on the list of next steps."""
    return the_step(world).text_en


ATTEMPTS: dict[str, Attempt] = {
    "consultation.write the summary": here("summary_compose", en="We agreed.", id="", version=0),
    "consultation.send the summary": here("summary_send", version=1, words_version=0),
    "consultation.send the summary again": sent_again,
    "consultation.add a next step": lambda world: (
        at("next_step_create", world.consultation.slug),
        {"due_on": later(), "text_en": "Send the letter"},
    ),
    "consultation.change a next step": changed,
    "consultation.mark a next step as done": settled,
}

SIGHTS: dict[str, Sight] = {
    "consultation.read the summary": seen(
        lambda world: world.own.name,
        page_of("summary_readers", "consultation.slug"),
    ),
    "consultation.see the next steps": seen(shown, page_of("next_step_list", "consultation.slug")),
}

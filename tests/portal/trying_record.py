"""As `trying`: papers, and the own list of invitations. And how the world is put into their cases."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from consultations.models import Paper
from tests.portal.arranging import SUBJECTS, arranges, consultation
from tests.portal.trying import Attempt, Sight, about, at, page_of, seen
from tests.portal.world import World

WORDS = "Words of the paper"


@arranges("paper")
def paper(world: World, readers: str, state: str) -> None:
    """A paper for those who take part or for everybody. No file is needed to see that it is there."""
    consultation(world, "announced" if state == "discreet" else state, "discreet" if state == "discreet" else "open")
    world.paper = Paper.objects.create(
        consultation=world.consultation,
        title_en=WORDS,
        file="papers/none.pdf",
        kind="pdf",
        public=readers == "for everybody",
        by=world.people["convenor"],
    )


SUBJECTS["paper"] = lambda world: world.paper


def attached(world: World) -> tuple[str, dict[str, Any]]:
    file = SimpleUploadedFile("agenda.txt", b"Agenda")
    return at("paper_create", world.consultation.slug), {"title_en": "Agenda", "language": "en", "file": file}


ATTEMPTS: dict[str, Attempt] = {
    "paper.add": attached,
    "paper.change": about("paper", "paper_edit", title_en="Other words", language="en"),
    "paper.take out": about("paper", "paper_remove"),
}

SIGHTS: dict[str, Sight] = {
    "paper.see": seen(
        lambda _world: WORDS,
        page_of("consultation_detail", "consultation.slug"),
        page_of("paper_list", "consultation.slug"),
    ),
    "invitation.see in the own list": seen(
        lambda world: f'id="invitation-{world.invitation.pk}"', page_of("my_invitations")
    ),
}

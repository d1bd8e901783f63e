"""As `trying`: the verbs with which a convenor draws the table."""

from typing import Any

from consultations import importing
from tests import build
from tests.portal.trying import SLUG, Attempt, Sight, at, here, of_invitation, page_of, seen
from tests.portal.world import World

LETTER = {"office": "Director", "seats_offered": 1, "way": "letter", "language": "en"}


def listed(world: World) -> tuple[str, dict[str, Any]]:
    rows = importing.folded(importing.pasted(world.uninvited.name))
    return at("invitation_import", world.consultation.slug), {"rows": rows, "seats": 2}


def again(world: World) -> tuple[str, dict[str, Any]]:
    """Try to repeat the list of an earlier consultation of the convenor."""
    convenor = world.people["convenor"]
    if not convenor.consultations.filter(slug="earlier").exists():
        earlier = build.make_consultation(slug="earlier", state="concluded", convenors=[convenor])
        build.make_invitation(earlier, world.uninvited)
    return at("invitation_repeat", world.consultation.slug), {}


def official(world: World) -> tuple[str, dict[str, Any]]:
    return at("invitation_body", world.consultation.slug), {**LETTER, "body": world.body.pk}


def kept(world: World) -> tuple[str, dict[str, Any]]:
    return at("seat_quotas", world.consultation.slug), {"version": world.consultation.version, "seats": 70}


ATTEMPTS: dict[str, Attempt] = {
    "consultation.invite from a list": listed,
    "consultation.invite as last time": again,
    "consultation.invite a public body": official,
    "consultation.invite a person": here("invitation_person", **LETTER, full_name="Ibu Sri", bench="academic"),
    "consultation.keep seats": kept,
    "invitation.change": of_invitation("invitation_edit", **{**LETTER, "seats_offered": 7}),
}

SIGHTS: dict[str, Sight] = {
    "consultation.see the table": seen(
        lambda _world: 'id="main"', page_of("invitation_table", SLUG), page_of("invitation_list", SLUG)
    ),
}

"""What the consultations of the demonstration refer to, by slug, code or address."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from portal.demo.applications import load_applications
from portal.demo.facts import by_key
from portal.demo.organisations import load_organisations
from portal.demo.people import load_people
from portal.demo.places import load_bodies, load_countries, load_groups, load_themes
from portal.demo.terms import load_terms
from portal.models import User
from recommendations.models import Theme
from stakeholders.models import Membership, Organisation, PublicBody


@dataclass(frozen=True, slots=True)
class Register:
    """The tables that are loaded first, each by its key, and who speaks for whom."""

    themes: dict[str, Theme]
    bodies: dict[str, PublicBody]
    organisations: dict[str, Organisation]
    people: dict[str, User]
    convenors: list[User]
    speakers: dict[int, User]

    @classmethod
    def read(cls) -> Self:
        """Return the register as it now stands, with what users changed in it."""
        active = Membership.objects.filter(state="active").exclude(role="drafter").select_related("user")
        people = by_key(User, "email")
        return cls(
            themes=by_key(Theme, "slug"),
            bodies=by_key(PublicBody, "slug"),
            organisations=by_key(Organisation, "slug"),
            people=people,
            convenors=list(User.objects.filter(convenorships__role="convenor").distinct().order_by("id")),
            speakers={membership.organisation_id: membership.user for membership in active.order_by("-id")},
        )

    def bodies_of(self, slugs: list[str]) -> list[PublicBody]:
        """Return the bodies of the slugs."""
        return [self.bodies[slug] for slug in slugs]


def load_register(today: date) -> None:
    """Add to the register what is missing, in the order in which one thing refers to another."""
    load_countries()
    load_groups()
    load_themes()
    load_bodies()
    load_terms()
    load_organisations(today)
    load_people(today)
    load_applications(today)

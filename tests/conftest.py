"""The fixed cast of test people, and what every test may use."""

from dataclasses import dataclass, fields

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import translation

from portal.models import User
from stakeholders.models import Organisation, PublicBody
from tests import build


@dataclass(frozen=True, slots=True)
class Cast:
    """One person per part. `organisation` is the representative's, `other_organisation` the other member's."""

    convenor: User
    second_convenor: User
    representative: User
    colleague: User
    other_member: User
    liaison: User
    other_liaison: User
    stranger: User
    anonymous: None
    organisation: Organisation
    other_organisation: Organisation
    body: PublicBody
    other_body: PublicBody

    def people(self) -> dict[str, User | None]:
        """Return everybody by name, in the order of the table; anonymous is None."""
        names = [field.name for field in fields(self)][:9]
        return {name: getattr(self, name) for name in names}


PEOPLE = (
    "convenor",
    "second_convenor",
    "representative",
    "colleague",
    "other_member",
    "liaison",
    "other_liaison",
    "stranger",
    "anonymous",
)


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, with their organisations and public bodies."""
    organisation = build.make_organisation(name="Serikat Pekerja Rumah Tangga")
    other = build.make_organisation(name="Jaringan Buruh Migran")
    body = build.make_body("ministry")
    other_body = build.make_body("other-ministry", country=build.make_country("TH"))
    return Cast(
        convenor=build.make_convenor(email="convenor@example.org", full_name="Convenor"),
        second_convenor=build.make_convenor(email="second@example.org", full_name="Second Convenor"),
        representative=build.make_member(organisation, email="lead@example.org", full_name="Lead"),
        colleague=build.make_member(
            organisation,
            role="drafter",
            email="drafter@example.org",
            full_name="Drafter",
        ),
        other_member=build.make_member(other, email="other@example.org", full_name="Other Member"),
        liaison=build.make_liaison(body, email="liaison@example.org", full_name="Liaison"),
        other_liaison=build.make_liaison(other_body, email="liaison.th@example.org", full_name="Other Liaison"),
        stranger=build.make_user(email="stranger@example.org", full_name="Stranger"),
        anonymous=None,
        organisation=organisation,
        other_organisation=other,
        body=body,
        other_body=other_body,
    )


@pytest.fixture(autouse=True)
def _clean_slate() -> None:
    """Start every test in English and with empty counters of limits."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _no_limits_left_over(request: pytest.FixtureRequest) -> None:
    """Forget what earlier tests counted against the limits on sign-in."""
    for name in ("transactional_db", "db"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
            cache.clear()
            caches["process"].clear()
            return


@pytest.fixture
def visitor() -> Client:
    """Return a browser that nobody is signed in on."""
    return Client()


def as_person(user: User | None) -> Client:
    """Return a browser on which the person is signed in."""
    return build.login(Client(), user)

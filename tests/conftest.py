"""The fixed cast of test people, and what every test may use."""

from dataclasses import dataclass, fields

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache, caches
from django.test import Client
from django.utils import translation

from portal.demo.factors import authenticator_of
from portal.models import User
from recommendations.views.printed import PRINTED
from recommendations.views.reading import WORDS
from stakeholders.models import Convenorship, LiaisonAppointment, Membership, Organisation, PublicBody
from tests import build
from tests.casting import Again
from tests.templating import django_db_keepdb, django_db_setup  # noqa: F401 - fixtures of the whole suite


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


NAMES = {
    "convenor": "Convenor",
    "second": "Second Convenor",
    "lead": "Lead",
    "drafter": "Drafter",
    "other": "Other Member",
    "liaison": "Liaison",
    "liaison.th": "Other Liaison",
    "stranger": "Stranger",
}
ORGANISATIONS = ("Serikat Pekerja Rumah Tangga", "Jaringan Buruh Migran")
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


def make_cast() -> Cast:
    """Return the cast, with their organisations and public bodies.

    Most tests ask for it, so it is written in few statements; `tests/test_build.py` compares it with the builders'.
    """
    organisation, other = build.make_organisations(*ORGANISATIONS)
    body = build.make_body("ministry", country=organisation.country)
    other_body = build.make_body("other-ministry", country=build.make_country("TH"))
    addresses = [{"email": f"{name}@example.org", "full_name": full_name} for name, full_name in NAMES.items()]
    convenor, second, lead, drafter, member, liaison, other_liaison, stranger = build.make_users(*addresses)
    Convenorship.objects.bulk_create(Convenorship(user=one, since=build.LONG_AGO) for one in (convenor, second))
    active = {"state": "active", "since": build.LONG_AGO}
    Membership.objects.bulk_create(
        Membership(user=one, organisation=owner, role=role, **active)
        for one, owner, role in (
            (lead, organisation, "lead"),
            (drafter, organisation, "drafter"),
            (member, other, "lead"),
        )
    )
    LiaisonAppointment.objects.bulk_create(
        LiaisonAppointment(user=one, body=office, **active)
        for one, office in ((liaison, body), (other_liaison, other_body))
    )
    Authenticator.objects.bulk_create(map(authenticator_of, (convenor, second, liaison, other_liaison)))
    return Cast(
        convenor=convenor,
        second_convenor=second,
        representative=lead,
        colleague=drafter,
        other_member=member,
        liaison=liaison,
        other_liaison=other_liaison,
        stranger=stranger,
        anonymous=None,
        organisation=organisation,
        other_organisation=other,
        body=body,
        other_body=other_body,
    )


CAST = Again(make_cast)


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, with their organisations and public bodies."""
    return CAST()


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
            PRINTED.clear()
            WORDS.clear()
            return


@pytest.fixture
def visitor() -> Client:
    """Return a browser that nobody is signed in on."""
    return Client()


def as_person(user: User | None) -> Client:
    """Return a browser on which the person is signed in."""
    return build.login(Client(), user)

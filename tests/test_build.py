"""The cast is written in few statements, and is what the builders make one by one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from portal.models import User
from stakeholders.models import (
    Convenorship,
    LiaisonAppointment,
    Membership,
    Organisation,
    OrganisationName,
    PublicBody,
)
from tests import build
from tests.conftest import CAST, NAMES, ORGANISATIONS, make_cast

# What differs from one time to the next: keys, running numbers, the time, random and sealed words.
OWN = {"id", "created_at", "updated_at", "joined_at", "password", "data", "slug", "contact_email"}
MODELS = (
    User,
    EmailAddress,
    Authenticator,
    Organisation,
    OrganisationName,
    Organisation.groups.through,
    PublicBody,
    Convenorship,
    Membership,
    LiaisonAppointment,
)
KEYS = {"user_id", "organisation_id", "body_id", "stakeholdergroup_id"}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the cast's tables, without what differs; a key is its place among those of its row's kind."""
    found = {}
    for model in MODELS:
        table = list(model.objects.order_by("pk").values())
        places = {name: sorted({row[name] for row in table}) for name in KEYS & set(table[0])}
        found[model._meta.label] = [
            {
                name: places[name].index(value) if name in places else value
                for name, value in row.items()
                if name not in OWN
            }
            for row in table
        ]
    return found


def one_by_one() -> None:
    """Make the cast with the builders."""
    own, other = (build.make_organisation(name=name) for name in ORGANISATIONS)
    body, other_body = build.make_body("ministry"), build.make_body("other-ministry", country=build.make_country("TH"))
    people = [{"email": f"{name}@example.org", "full_name": full} for name, full in NAMES.items()]
    build.make_convenor(**people[0])
    build.make_convenor(**people[1])
    build.make_member(own, **people[2])
    build.make_member(own, role="drafter", **people[3])
    build.make_member(other, **people[4])
    build.make_liaison(body, **people[5])
    build.make_liaison(other_body, **people[6])
    build.make_user(**people[7])


def test_the_cast_is_what_the_builders_make(db) -> None:
    found = []
    for make in (one_by_one, make_cast):
        with transaction.atomic():
            make()
            found.append(rows())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert [len(table) for table in found[1].values()] == [8, 8, 4, 2, 2, 2, 2, 2, 3, 2]


def test_the_cast_comes_again_as_it_was_made(db) -> None:
    found = []
    for _time in range(3):
        with transaction.atomic():
            cast = CAST()
            there = {name: type(one).objects.get(pk=one.pk) for name, one in cast.people().items() if one}
            assert there == {name: one for name, one in cast.people().items() if one}
            assert {cast.organisation, cast.other_organisation} == set(Organisation.objects.all())
            found.append((rows(), {name: type(one) for name, one in cast.people().items()}))
            assert not connection.check_constraints()
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert bool(CAST.things) == (connection.vendor == "sqlite")
    # Where somebody is already there, the keys may be taken.
    build.make_user(email="somebody@example.org")
    assert CAST().convenor.pk != User.objects.get(email="somebody@example.org").pk
    assert User.objects.count() == 9

"""Every permission on bodies and terms × person, also of an administrator, against whose it is and where it stands."""

import pytest
from django.contrib.auth.models import AnonymousUser

from stakeholders.models import LiaisonAppointment
from tests import build
from tests.conftest import PEOPLE
from tests.tables import few

EVERYBODY = (*PEOPLE, "administrator")
GENERAL = ("keep_bodies", "name_term", "end_term", "appoint_liaison")


def person(cast, name):
    """Return somebody of the cast, or an administrator, as a request would carry them."""
    if name == "administrator":
        return build.make_administrator()
    return cast.people()[name] or AnonymousUser()


@pytest.mark.parametrize("who", few(("administrator", "convenor", "liaison"), EVERYBODY))
@pytest.mark.parametrize("name", GENERAL)
def test_bodies_and_terms_are_kept_by_administrators(cast, who, name):
    assert person(cast, who).has_perm(f"stakeholders.{name}") is (who == "administrator")


@pytest.mark.parametrize("who", EVERYBODY)
def test_liaisons_propose_a_colleague(cast, who):
    assert person(cast, who).has_perm("stakeholders.propose_colleague") is (who in {"liaison", "other_liaison"})


def appointment(cast, state, by):
    """Return an appointment of the stranger."""
    asked_by = {"administrator": build.make_administrator, "liaison": lambda: cast.liaison, "nobody": lambda: None}
    return LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, state=state, by=asked_by[by]())


@pytest.mark.parametrize("who", few(("administrator", "liaison", "stranger"), EVERYBODY))
@pytest.mark.parametrize("by", few(("administrator", "liaison"), ["administrator", "liaison", "nobody"]))
@pytest.mark.parametrize("state", ["proposed", "active", "ended"])
def test_appointments(cast, who, by, state):
    one, user = appointment(cast, state, by), person(cast, who)
    names = ("approve_appointment", "answer_appointment", "extend_appointment", "end_appointment")
    expected = set()
    if who == "administrator":
        expected = {"end_appointment"}
        expected |= {"approve_appointment"} if state == "proposed" and by != "administrator" else set()
        expected |= {"extend_appointment"} if state == "active" else set()
    elif who == "stranger":
        expected |= {"answer_appointment"} if state == "proposed" and by == "administrator" else set()
        expected |= {"end_appointment"} if state == "active" else set()
    assert {name for name in names if user.has_perm(f"stakeholders.{name}", one)} == expected


@pytest.mark.parametrize("who", few(("administrator", "convenor", "stranger"), EVERYBODY))
@pytest.mark.parametrize("by", ["administrator", "liaison"])
def test_who_sees_an_appointment(cast, who, by):
    one = appointment(cast, "proposed", by)
    seen = LiaisonAppointment.objects.visible_to(person(cast, who)).filter(pk=one.pk).exists()
    assert seen is (who in ({"administrator", "stranger"} if by == "administrator" else {"administrator"}))


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_terms(cast, who):
    seen = cast.convenor.convenorships.visible_to(person(cast, who)).exists()
    assert seen is (who == "administrator")

"""Who comes back with a session: account and mandates in one query, of this person and of this day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from stakeholders.models import Membership
from stakeholders.querysets import mandates_of, standing
from stakeholders.signing_in import Backend
from tests.conftest import PEOPLE, as_person


@pytest.mark.parametrize("who", PEOPLE[:8])
def test_it_is_what_the_mandates_say(cast, who, django_assert_num_queries) -> None:
    person = cast.people()[who]
    with django_assert_num_queries(1):
        found = Backend().get_user(person.pk)
        known = mandates_of(found)
    assert (found, known) == (person, mandates_of(person))
    assert {name: getattr(found, name) for name in ("email", "full_name", "password", "is_active")} == {
        name: getattr(person, name) for name in ("email", "full_name", "password", "is_active")
    }


def test_nobody_is_behind_a_key_that_is_not_there_or_may_not_sign_in(cast) -> None:
    assert Backend().get_user(0) is None
    assert Backend().get_user(standing.SOMEBODY) is None
    browser = as_person(cast.stranger)
    assert browser.get("/en/desk/").status_code == 200
    cast.stranger.is_active = False
    cast.stranger.save()
    assert Backend().get_user(cast.stranger.pk) is None
    assert browser.get("/en/desk/").status_code == 302


def test_a_mandate_ends_with_its_last_day_and_with_its_person(cast) -> None:
    Membership.objects.filter(user=cast.representative).update(until=timezone.localdate())
    mine = frozenset({cast.organisation.pk})
    assert mandates_of(Backend().get_user(cast.representative.pk)).organisations == mine
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert mandates_of(Backend().get_user(cast.representative.pk)).organisations == frozenset()
        assert mandates_of(Backend().get_user(cast.colleague.pk)).organisations == mine

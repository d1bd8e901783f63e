"""An account for an address: found or made, inert until its owner signs in."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.accounts import account_for, accounts_for
from portal.models import User
from stakeholders.querysets import NOBODY, standing_of
from tests import build
from tests.recommendations.test_races import at_once


@pytest.mark.django_db
def test_it_is_made_inert():
    user = account_for(" New@Example.ORG ", "Baru", "id")
    assert (user.email, user.full_name, user.language) == ("new@example.org", "Baru", "id")
    assert (user.has_usable_password(), user.is_staff, standing_of(user)) == (False, False, NOBODY)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", False, True)]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["known@example.org", "KNOWN@example.org", "known@exam\u200bple.org"])
def test_one_that_is_there_is_found_and_not_changed(typed):
    known = build.make_user(email="known@example.org", full_name="Known", language="en")
    assert account_for(typed, "Other", "id") == known
    known.refresh_from_db()
    assert (known.full_name, known.language) == ("Known", "en")


@pytest.mark.django_db
def test_a_second_address_counts_once_it_was_proved():
    known = build.make_user()
    row = EmailAddress.objects.create(user=known, email="second@example.org", verified=False)
    assert account_for("second@example.org", "", "en") != known
    User.objects.filter(email="second@example.org").delete()
    row.verified = True
    row.save()
    assert account_for("second@example.org", "", "en") == known


@pytest.mark.django_db
def test_no_address_makes_nothing():
    with pytest.raises(ValidationError):
        account_for("nobody", "Nobody", "en")
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_five_at_once_make_one():
    results = at_once(*[transaction.atomic(lambda: account_for("new@example.org", "New", "en"))] * 5)
    assert {one.pk for one in results} == {User.objects.get().pk}
    assert EmailAddress.objects.count() == 1


def people(count):
    """Return that many new people."""
    return [(f"New{number}@Example.org", f"New {number}", "id") for number in range(count)]


@pytest.mark.django_db
def test_many_are_made_as_one_is():
    alone = account_for("alone@example.org", "New 0", "id")
    together = accounts_for(people(1))["new0@example.org"]
    for user in (alone, together):
        row = user.emailaddress_set.get()
        assert (row.email, row.verified, row.primary) == (user.email, False, True)
        assert (user.full_name, user.language, user.has_usable_password()) == ("New 0", "id", False)


@pytest.mark.django_db
def test_of_many_those_who_are_there_are_found():
    known, second = build.make_user(email="known@example.org"), build.make_user()
    for user, address, verified in ((second, "proved@example.org", True), (second, "unproved@example.org", False)):
        EmailAddress.objects.create(user=user, email=address, verified=verified)
    found = accounts_for((f"{name}@example.org", "", "en") for name in ("known", "proved", "unproved"))
    assert (found["known@example.org"], found["proved@example.org"]) == (known, second)
    assert found["unproved@example.org"].email == "unproved@example.org"
    assert accounts_for((f"{name}@example.org", "Other", "en") for name in ("known", "proved", "unproved")) == found


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 300])
def test_many_ask_as_little_as_one(django_assert_num_queries, count):
    with django_assert_num_queries(8):
        assert len(accounts_for(people(count))) == count


@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_make_each_once():
    results = at_once(*[transaction.atomic(lambda: accounts_for(people(20)))] * 2)
    assert results[0] == results[1]
    assert (User.objects.count(), EmailAddress.objects.count()) == (20, 20)

"""An account for an address: found or made, inert until its owner signs in."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from portal.accounts import account_for
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
    results = at_once(*[lambda: account_for("new@example.org", "New", "en")] * 5)
    assert {one.pk for one in results} == {User.objects.get().pk}
    assert EmailAddress.objects.count() == 1

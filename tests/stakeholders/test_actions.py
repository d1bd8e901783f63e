"""How a person comes to act for an organisation: who gets a seat at once, who asks, who answers."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from stakeholders.actions import confirm_membership, decline_membership, join_organisation
from stakeholders.models import Membership
from tests import build

INVITED = "invited@example.org"


def facts(membership):
    """Return what a membership says."""
    return membership.state, membership.role, membership.mandate


@pytest.mark.django_db
def test_owner_of_the_invited_address_gets_the_lead_where_there_is_none():
    organisation, user = build.make_organisation(), build.make_user(email=INVITED)
    membership = join_organisation(organisation, address=INVITED, by=user)
    assert facts(membership) == ("active", "lead", "invited")
    assert membership.since == timezone.localdate()
    assert list(LogEntry.objects.values_list("verb", "topic", "detail")) == [
        ("join", f"stakeholders.organisation:{organisation.pk}", "lead")
    ]
    assert OutgoingMessage.objects.count() == 0


def test_owner_of_the_invited_address_becomes_representative_beside_a_lead(cast):
    user = build.make_user(email=INVITED)
    membership = join_organisation(cast.organisation, address=INVITED, by=user)
    assert facts(membership) == ("active", "representative", "invited")


@pytest.mark.parametrize("address", ["Invited@Example.org", INVITED])
def test_case_of_the_address_does_not_matter(db, address):
    user = build.make_user(email=INVITED)
    assert join_organisation(build.make_organisation(), address=address, by=user).state == "active"


def test_forwarded_link_makes_a_request_that_the_lead_hears_of(cast):
    membership = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    assert facts(membership) == ("requested", "representative", "appointed")
    assert list(OutgoingMessage.objects.values_list("purpose", "recipient")) == [
        ("stakeholders.membership_requested", "lead@example.org")
    ]
    assert list(LogEntry.objects.values_list("verb", flat=True)) == ["request_membership"]


def test_without_a_lead_the_convenors_hear_of_it(cast):
    organisation = build.make_organisation()
    join_organisation(organisation, address=INVITED, by=cast.stranger)
    assert set(OutgoingMessage.objects.values_list("recipient", flat=True)) == {
        "convenor@example.org",
        "second@example.org",
    }


def test_address_that_was_not_proved_gives_no_seat(cast):
    cast.stranger.emailaddress_set.create(email=INVITED, verified=False)
    assert join_organisation(cast.organisation, address=INVITED, by=cast.stranger).state == "requested"


@pytest.mark.parametrize("address", ["", "other@example.org"])
def test_no_address_is_nobodys_address(cast, address):
    assert join_organisation(cast.organisation, address=address, by=cast.stranger).state == "requested"


def test_asking_twice_makes_one_request_and_one_mail(cast):
    first = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    second = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    assert (first.pk, OutgoingMessage.objects.count(), LogEntry.objects.count()) == (second.pk, 1, 1)


def test_request_becomes_a_seat_when_the_invited_address_is_proved(cast):
    first = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    cast.stranger.emailaddress_set.create(email=INVITED, verified=True)
    second = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    assert (second.pk, second.state) == (first.pk, "active")


def test_member_who_joins_again_keeps_the_role(cast):
    again = join_organisation(cast.organisation, address="drafter@example.org", by=cast.colleague)
    assert facts(again) == ("active", "drafter", "appointed")


def test_liaison_cannot_join(cast):
    with pytest.raises(Refusal) as refused:
        join_organisation(cast.organisation, address="liaison@example.org", by=cast.liaison)
    assert str(refused.value) == "You act for a public body. Somebody who does cannot act for an organisation as well."
    assert Membership.objects.filter(user=cast.liaison).count() == 0


@pytest.mark.parametrize("state", ["applied", "refused", "suspended", "merged", "dissolved"])
def test_only_verified_organisations_take_people(cast, state):
    organisation = build.make_organisation(state=state)
    with pytest.raises(Refusal):
        join_organisation(organisation, address=INVITED, by=cast.stranger)


def test_confirmed_person_has_a_seat_from_today_and_is_told(cast):
    asks = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    confirm_membership(asks, by=cast.representative)
    asks.refresh_from_db()
    assert (asks.state, asks.since, asks.until) == ("active", timezone.localdate(), None)
    mails = OutgoingMessage.objects.order_by("pk").values_list("purpose", "recipient")
    assert list(mails)[1:] == [("stakeholders.membership_confirmed", "stranger@example.org")]
    assert LogEntry.objects.first().verb == "confirm_membership"


def test_declined_person_may_ask_again(cast):
    asks = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    decline_membership(asks, by=cast.representative)
    asks.refresh_from_db()
    assert (asks.state, asks.until) == ("left", timezone.localdate())
    again = join_organisation(cast.organisation, address=INVITED, by=cast.stranger)
    assert (again.state, again.pk != asks.pk) == ("requested", True)


@pytest.mark.parametrize("action", [confirm_membership, decline_membership])
@pytest.mark.parametrize("state", ["active", "left"])
def test_answered_request_cannot_be_answered_again(cast, action, state):
    asks = Membership.objects.create(organisation=cast.organisation, user=cast.stranger, state=state)
    with pytest.raises(Refusal):
        action(asks, by=cast.representative)
    assert (LogEntry.objects.count(), OutgoingMessage.objects.count()) == (0, 0)


@pytest.mark.parametrize("action", [confirm_membership, decline_membership])
def test_nobody_answers_their_own_request(cast, action):
    asks = Membership.objects.create(organisation=cast.organisation, user=cast.convenor)
    with pytest.raises(Refusal) as refused:
        action(asks, by=cast.convenor)
    assert str(refused.value) == "Somebody else has to answer your own request."


@pytest.mark.django_db(transaction=True)
def test_two_people_who_join_at_once_make_one_lead():
    organisation = build.make_organisation()
    people = [build.make_user() for _count in range(4)]
    start = threading.Barrier(len(people))

    def join(person):
        try:
            start.wait()
            join_organisation(organisation, address=person.email, by=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    roles = organisation.memberships.filter(state="active").values_list("role", flat=True)
    assert sorted(roles) == ["lead", "representative", "representative", "representative"]


@pytest.mark.django_db(transaction=True)
def test_one_person_who_asks_five_times_at_once_makes_one_request():
    organisation, person = build.make_organisation(), build.make_user()
    start = threading.Barrier(5)

    def ask():
        try:
            start.wait()
            join_organisation(organisation, address=INVITED, by=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _count in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(organisation.memberships.values_list("state", flat=True)) == ["requested"]

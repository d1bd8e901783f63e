"""The people of the demonstration: accounts that can sign in, with the mandates that say what they may do."""

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.account.models import EmailAddress

from portal.demo.factors import load_factors
from portal.demo.facts import Facts, by_key, read
from portal.models import User
from stakeholders.models import Convenorship, LiaisonAppointment, Membership, Organisation, PublicBody
from stakeholders.states import Role

SINCE = timedelta(days=120)  # mandates began that long before the day of loading


def load_people(today: date) -> None:
    """Add the people who are missing, each with a verified address and a mandate."""
    there = set(User.objects.values_list("email", flat=True))
    missing = {facts["email"]: facts for facts in read("people")["people"] if facts["email"] not in there}
    if missing:
        _add(missing, today)
    load_factors()


def _add(missing: dict[str, Facts], today: date) -> None:
    people = User.objects.bulk_create([_person(facts) for facts in missing.values()])
    addresses = [EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in people]
    EmailAddress.objects.bulk_create(addresses)
    _give_mandates([(user, missing[user.email]) for user in people], today - SINCE)


def _person(facts: Facts) -> User:
    administrator = facts["role"] == "administrator"
    user = User(
        email=facts["email"],
        full_name=facts["full_name"],
        language=facts["language"],
        time_zone=facts["time_zone"],
        is_staff=administrator,
        is_superuser=administrator,
    )
    user.set_unusable_password()
    return user


def _give_mandates(people: Iterable[tuple[User, Facts]], since: date) -> None:
    organisations, bodies = by_key(Organisation, "slug"), by_key(PublicBody, "slug")
    for user, facts in people:
        mandate: Convenorship | LiaisonAppointment | Membership | None = None
        if facts["role"] == "convenor":
            mandate = Convenorship(user=user, since=since)
        elif facts["role"] == "administrator":
            mandate = Convenorship(user=user, since=since, role="administrator")
        elif facts["public_body"]:
            mandate = LiaisonAppointment(user=user, body=bodies[facts["public_body"]], state="active", since=since)
        elif facts["organisation"]:
            mandate = _membership(user, organisations[facts["organisation"]], facts, since)
        if mandate:
            mandate.save(force_insert=True)


def _membership(user: User, organisation: Organisation, facts: Facts, since: date) -> Membership:
    asks = facts["role"] == "requested"
    return Membership(
        user=user,
        organisation=organisation,
        role=Role.REPRESENTATIVE if asks else facts["role"],
        mandate=facts["mandate"],
        state="requested" if asks else "active",
        since=since + SINCE if asks else since,
    )


def sign_ins() -> list[tuple[str, str]]:
    """Return the addresses to try, one or more for each role, and what each is for."""
    return [(facts["email"], facts["for"]) for facts in read("people")["people"] if facts["for"]]

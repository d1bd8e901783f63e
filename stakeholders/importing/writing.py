"""Taking a checked list over: in bulk, inside one transaction that its caller holds."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.accounts import accounts_for
from portal.models import User
from stakeholders.importing.checking import SIMPLE, Outcome, other_names
from stakeholders.models import Membership, Organisation, OrganisationName
from stakeholders.states import Mandate, MembershipState, Role, RowVerdict

BATCH = 500


def write(outcomes: Iterable[Outcome], *, by: User) -> None:
    """Write everything that the verdicts say: new organisations, changed ones, invited people."""
    outcomes = list(outcomes)
    made = _create([one for one in outcomes if one.verdict == RowVerdict.CREATE])
    _update([one for one in outcomes if one.write and one.organisation])
    _invite([one for one in outcomes if one.invite], made, by)


def _create(outcomes: list[Outcome]) -> dict[int, Organisation]:
    """Make the new organisations; return them by the number of their row."""
    made = {one.row.number: new_organisation(one) for one in outcomes}
    Organisation.objects.bulk_create(made.values(), batch_size=BATCH)
    _join("groups", [(made[one.row.number].pk, one.write["groups"]) for one in outcomes])
    _join("countries", [(made[one.row.number].pk, one.row.org.get("countries", [])) for one in outcomes])
    OrganisationName.objects.renew(made.values())
    return made


def new_organisation(outcome: Outcome) -> Organisation:
    """Return the organisation of a row, not yet saved. It has applied: whether it is eligible, a convenor decides."""
    row = outcome.row
    fields = {"country_id" if name == "country" else name: row.org[name] for name in SIMPLE if row.org.get(name)}
    shipped = {language.code for language in languages.SHIPPED}
    names = {language: name for language, name in reversed(row.org["names"]) if language in shipped}
    # A name in none of the shipped languages stands as the main one until somebody translates it.
    names = names or {languages.DEFAULT: row.label}
    organisation = Organisation(
        **{build_localized_fieldname("name", language): name for language, name in names.items()},
        **fields,
        # The address of its page says nothing: the name may be withheld, or be in a script that addresses lack.
        slug=f"o-{secrets.token_hex(6)}",
        visibility=outcome.write["visibility"],
        other_names=other_names(row),
        applied_at=timezone.now(),
    )
    organisation.name_key = organisation.key_of_name()
    return organisation


def _join(relation: str, pairs: list[tuple[int, list[Any]]]) -> None:
    """Add to a relation of many organisations at once."""
    through: Any = getattr(Organisation, relation).through
    target = "stakeholdergroup_id" if relation == "groups" else "country_id"
    rows = [through(organisation_id=pk, **{target: value}) for pk, values in pairs for value in values]
    through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _update(outcomes: list[Outcome]) -> None:
    """Write the changes; each organisation gets a new version, so that somebody who edits it meanwhile notices."""
    changed = {one.organisation: one.write for one in outcomes}
    organisations = Organisation.objects.select_for_update().in_bulk(changed)
    now, touched = timezone.now(), {"name", "name_key", "version", "updated_at"}
    for pk, organisation in organisations.items():
        for name, value in changed[pk].items():
            if name not in {"groups", "countries"}:
                setattr(organisation, name, value)
                touched.add("country" if name == "country_id" else name)
        organisation.name_key = organisation.key_of_name()
        organisation.version += 1
        organisation.updated_at = now
    Organisation.objects.bulk_update(organisations.values(), sorted(touched), batch_size=BATCH // 4)
    for relation in ("groups", "countries"):
        _join(relation, [(pk, values.get(relation, [])) for pk, values in changed.items()])
    OrganisationName.objects.renew(organisations.values())


def _invite(outcomes: list[Outcome], made: dict[int, Organisation], by: User) -> None:
    """Give each person an invitation to act for the organisation, and an account where there is none. No mail goes.

    The account opens nothing: whoever owns the address signs in with a code and then accepts.
    """
    rows = {one.row.person["email"]: one.row for one in reversed(outcomes)}
    people = ((email, row.person.get("name", ""), row.org.get("language", "")) for email, row in rows.items())
    users = accounts_for(people)
    # Two addresses of a list may be one person's.
    seats = {
        (one.organisation or made[one.same_as or one.row.number].pk, users[one.row.person["email"]]): one.row
        for one in reversed(outcomes)
    }
    Membership.objects.bulk_create(
        [
            Membership(
                organisation_id=organisation,
                user=user,
                role=row.person.get("role") or Role.REPRESENTATIVE,
                mandate=Mandate.INVITED,
                state=MembershipState.INVITED,
                by=by,
            )
            for (organisation, user), row in seats.items()
        ],
        batch_size=BATCH,
    )

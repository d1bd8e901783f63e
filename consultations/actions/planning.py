"""From plan to conclusion: create, change, announce, open and conclude a consultation."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.models import Consultation, Organiser
from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

# What a calendar must be told about, with a higher sequence number.
IN_CALENDAR = frozenset(
    {"title_en", "title_ind", "starts_on", "ends_on", "begins_at", "ends_at", "time_zone", "city_en", "city_ind"}
    | {"venue", "discreet"}
)


@dataclass(frozen=True, slots=True)
class OrganiserLine:
    """One organiser as a form names it: one of the register, or a free name."""

    kind: str
    name: str = ""
    organisation: Organisation | None = None


@transaction.atomic
def create_consultation(*, by: User, convenors: Iterable[User], **values: Any) -> Consultation:
    """Make a draft. Whoever makes it is one of its convenors."""
    if not standing_of(by).convenor:
        raise Refusal(_("Only a convenor of the task force can do this."))
    consultation = Consultation(**values)
    consultation.slug = free_slug(consultation)
    consultation.save(force_insert=True)
    consultation.convenors.set({by, *convenors})
    log.record("create", consultation, by=by)
    return consultation


def free_slug(consultation: Consultation) -> str:
    """Return an address that nobody has: title and year, or nothing that tells where it is discreet."""
    words = "" if consultation.discreet else slugify(consultation.title_en or "")[:60].strip("-")
    slug = f"{words}-{consultation.starts_on.year}" if words else f"consultation-{secrets.token_hex(4)}"
    taken = Consultation.objects.filter(slug=slug).exclude(pk=consultation.pk).exists()
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug


@transaction.atomic
def change_consultation(consultation: Consultation, *, by: User, version: int, **values: Any) -> Consultation:
    """Write new values. Raises Conflict when somebody else changed it since `version`, Refusal when it is over."""
    consultation = Consultation.locked(consultation.pk)
    _demand_open(consultation)
    if consultation.version != version:
        raise Conflict(consultation)
    changed = {name for name, value in values.items() if getattr(consultation, name) != value}
    if not changed:
        return consultation
    for name in changed:
        setattr(consultation, name, values[name])
    if "discreet" in changed and consultation.discreet:
        consultation.slug = free_slug(consultation)
    if changed & IN_CALENDAR:
        consultation.sequence += 1
    consultation.version += 1
    consultation.save(update_fields=[*changed, "slug", "sequence", "version", "updated_at"])
    if changed & {"ends_on", "time_zone"}:
        _move_link_ends(consultation)
    log.record("change", consultation, by=by, detail=" ".join(sorted(changed))[:200])
    return consultation


def _move_link_ends(consultation: Consultation) -> None:
    """Links work until so many days after the last day, also when that day moved."""
    one = consultation.invitations.first()
    if one:
        one.consultation = consultation
        one.seal()
        consultation.invitations.update(expires_at=one.expires_at)


@transaction.atomic
def name_people(
    consultation: Consultation, *, by: User, version: int, convenors: Iterable[User], organisers: list[OrganiserLine]
) -> Consultation:
    """Write who convenes and who organises, in the agreed order.

    Raises Refusal where an announced consultation would be left with too few convenors, or `by` would drop out.
    """
    consultation = Consultation.locked(consultation.pk)
    _demand_open(consultation)
    if consultation.version != version:
        raise Conflict(consultation)
    people = {by, *convenors}
    if consultation.state != "draft" and len(people) < settings.CONVENORS_AT_LEAST:
        raise Refusal(_("At least two convenors are needed: no consultation depends on one person."), field="convenors")
    consultation.convenors.set(people)
    consultation.organisers.all().delete()
    Organiser.objects.bulk_create(_organisers(consultation, organisers))
    consultation.version += 1
    consultation.save(update_fields=["version", "updated_at"])
    log.record("name_people", consultation, by=by)
    return consultation


def _organisers(consultation: Consultation, lines: list[OrganiserLine]) -> list[Organiser]:
    return [
        Organiser(
            consultation=consultation,
            organisation=line.organisation,
            name="" if line.organisation else line.name,
            kind=line.kind,
            position=position,
        )
        for position, line in enumerate(lines)
    ]


def _demand_open(consultation: Consultation) -> None:
    if consultation.state not in {"draft", "announced", "in_session"}:
        raise Refusal(_("This consultation is over; it cannot be changed any more."))


@transaction.atomic
def announce_consultation(consultation: Consultation, *, by: User) -> Consultation:
    """Make the consultation public, or known to invitees where it is discreet.

    Raises Refusal with fewer than two convenors: no consultation depends on one person.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.convenors.count() < settings.CONVENORS_AT_LEAST:
        raise Refusal(_("Name at least two convenors first."))
    consultation.move("announce")
    log.record("announce", consultation, by=by)
    return consultation


@transaction.atomic
def open_session(consultation: Consultation, *, by: User) -> Consultation:
    """Say that people are meeting now. Raises Refusal before the first day."""
    consultation = Consultation.locked(consultation.pk)
    if clock.today_in(consultation.time_zone) < consultation.starts_on:
        raise Refusal(_("The first day has not come yet."))
    consultation.move("open_session")
    log.record("open_session", consultation, by=by)
    return consultation


@transaction.atomic
def conclude_consultation(consultation: Consultation, *, by: User, at: datetime | None = None, **values: Any) -> int:
    """Close the consultation and send everybody who took part a summary; return the number of mails.

    Raises Refusal before the first day: what has not taken place cannot be concluded.
    """
    consultation = Consultation.locked(consultation.pk)
    consultation.demand("conclude")
    if clock.today_in(consultation.time_zone) < consultation.starts_on:
        raise Refusal(_("The first day has not come yet."))
    consultation.move("conclude", concluded_at=at or clock.database_now(), **values)
    count = emails.consultation_summary(consultation)
    log.record("conclude", consultation, by=by, detail=f"{count}")
    return count

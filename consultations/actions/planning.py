"""From plan to conclusion: create, change, announce, open and conclude a consultation."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations import summaries
from consultations.actions.telling import queue_summary
from consultations.models import Consultation, Organiser, Session
from consultations.querysets import last_summary
from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.models import Convenorship, Organisation
from stakeholders.querysets import standing_of

# What a calendar must be told about, with a higher sequence number.
WHEN = frozenset({"starts_on", "ends_on", "begins_at", "ends_at", "time_zone"})
WHERE = frozenset({"mode", "city_en", "city_ind", "venue"})
IN_CALENDAR = WHEN | WHERE | {"title_en", "title_ind", "discreet"}


class Elsewhere(Refusal):
    """What was asked for is possible through another door, which tells those who are concerned."""

    def __init__(self, reason: Any, field: str) -> None:
        super().__init__(reason, field=field)


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
    """Write new values. Raises Conflict when somebody else changed it since `version`, Refusal when it is over.

    Raises Elsewhere when it would move what people were invited to: `move_consultation` does that, and tells them.
    """
    consultation = Consultation.locked(consultation.pk)
    demand_open(consultation)
    if consultation.version != version:
        raise Conflict(consultation)
    changed = write_changed(consultation, values)
    if not changed:
        return consultation
    _demand_unmoved(consultation, changed)
    if "discreet" in changed and consultation.discreet:
        consultation.slug = free_slug(consultation)
    if changed.keys() & IN_CALENDAR:
        consultation.sequence += 1
    consultation.version += 1
    consultation.save(update_fields=[*changed, "slug", "sequence", "version", "updated_at"])
    if changed.keys() & {"ends_on", "time_zone"}:
        move_link_ends(consultation)
    log.record("change", consultation, by=by, detail=" ".join(sorted(changed))[:200])
    return consultation


def write_changed(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the values that differ, without saving; return what stood there before, by name.

    A translation that was never written and one that is empty are the same.
    """
    before = {name: getattr(row, name) for name in values}
    before = {name: value for name, value in before.items() if value != values[name] and (value or values[name])}
    for name in before:
        setattr(row, name, values[name])
    return before


def says_otherwise(before: dict[str, Any]) -> set[str]:
    """Return which changes say otherwise when or where it is. A venue that was open is only filled in."""
    return {name for name, value in before.items() if name in WHEN | WHERE and not (name == "venue" and not value)}


def _demand_unmoved(consultation: Consultation, changed: dict[str, Any]) -> None:
    moving = says_otherwise(changed)
    if moving and consultation.invitations.concerned().exists():
        raise Elsewhere(_("Invitations are out: move it on the page for that, so that everybody is told."), min(moving))
    if changed.keys() & {"starts_on", "ends_on"}:
        demand_sessions_inside(consultation)


def demand_sessions_inside(consultation: Consultation) -> None:
    """Raise Refusal where a session would lie outside the days of the consultation."""
    outside = sum(not is_inside(consultation, session) for session in consultation.sessions.all())
    if outside:
        sentence = ngettext(
            "%(count)d session would lie outside these days. Move it with the consultation, or take it out.",
            "%(count)d sessions would lie outside these days. Move them with the consultation, or take them out.",
            outside,
        )
        raise Refusal(sentence % {"count": outside}, field="ends_on")


def is_inside(consultation: Consultation, session: Session) -> bool:
    """Whether the session lies within the days of the consultation, by the clock of its own zone."""
    zone = ZoneInfo(session.time_zone)
    first, last = (at.astimezone(zone).date() for at in (session.starts_at, session.ends_at))
    return consultation.starts_on <= first and last <= consultation.ends_on


def move_link_ends(consultation: Consultation) -> None:
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
    demand_open(consultation)
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


@transaction.atomic
def leave_consultation(consultation: Consultation, *, by: User) -> Consultation:
    """Take oneself off the convenors. Raises Refusal where fewer than two who convene today would be left."""
    consultation = Consultation.locked(consultation.pk)
    demand_open(consultation)
    terms = Convenorship.objects.convening(clock.today_here())
    left = consultation.convenors.exclude(pk=by.pk).filter(is_active=True, pk__in=terms.values("user"))
    if left.count() < settings.CONVENORS_AT_LEAST:
        raise Refusal(_("Fewer than two convenors would be left. Name another one first, then leave."))
    consultation.convenors.remove(by)
    log.record("leave", consultation, by=by)
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


def demand_open(consultation: Consultation) -> None:
    """Raise Refusal once it is concluded, archived or cancelled."""
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
def conclude_consultation(
    consultation: Consultation, *, by: User, at: datetime | None = None, tell: bool = True, **values: Any
) -> int:
    """Close the consultation; where the convenor says so, send all invited the first summary at once.

    Return the number of mails. Raises Refusal before the first day: what has not taken place cannot be concluded.
    """
    consultation = Consultation.locked(consultation.pk)
    consultation.demand("conclude")
    if clock.today_in(consultation.time_zone) < consultation.starts_on:
        raise Refusal(_("The first day has not come yet."))
    consultation.move("conclude", concluded_at=at or clock.database_now(), **values)
    count = 0
    if tell:
        count = queue_summary(consultation, last_summary(consultation), summaries.words_of(consultation))
    log.record("conclude", consultation, by=by, detail=f"{count}")
    return count

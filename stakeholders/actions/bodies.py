"""Public bodies: written down, changed, succeeded. A body is never deleted: items and answers stand on it."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.actions.offices import demand_administrator, end_with_office, follow_office
from stakeholders.models import PublicBody
from stakeholders.querysets import SUCCESSIONS
from stakeholders.states import BodyKind

Bodies = dict[int, PublicBody]


@transaction.atomic
def create_body(*, by: User, **values: Any) -> PublicBody:
    """Write down a public body. Two bodies may claim one role: nothing here decides between them. Raises Refusal."""
    demand_administrator(by)
    bodies = _all_locked()
    body = PublicBody(**values)
    _demand_sound(body, bodies)
    body.slug = _free_slug(body)
    body.save(force_insert=True)
    log.record("create_body", body, by=by)
    return body


@transaction.atomic
def change_body(body: PublicBody, *, by: User, version: int, **values: Any) -> PublicBody:
    """Write new values. Raises Conflict when somebody changed it since `version`, Refusal for what cannot be."""
    demand_administrator(by)
    bodies = _all_locked()
    body = bodies[body.pk]
    if body.version != version:
        raise Conflict(body)
    changed = {name for name, value in values.items() if (getattr(body, name) or None) != (value or None)}
    if not changed:
        return body
    if body.successor_id and "until" in changed:
        raise Refusal(_("Its last day was set when another body took over from it."), field="until")
    for name in changed:
        setattr(body, name, values[name])
    _demand_sound(body, bodies)
    body.version += 1
    body.save(update_fields=[*changed, "version"])
    log.record("change_body", body, by=by, detail=" ".join(sorted(changed))[:200])
    return body


@transaction.atomic
def succeed_body(old: PublicBody, new: PublicBody, *, on: date, by: User, move_liaisons: bool = False) -> PublicBody:
    """Let the new body take over on the day: the old one ends the day before, and what is open follows the office.

    Bodies that reported to the old one report to the new one. The liaisons' appointments end, or go on at the office
    that holds the tasks today; what a colleague only asked for ends. Old editions keep the old name. Raises Refusal
    for a loop, a second successor, a day that has not come, and a chain longer than open items are followed.
    """
    demand_administrator(by)
    bodies = _all_locked()
    old, new = bodies[old.pk], bodies[new.pk]
    _demand_followable(old, new, bodies, on)
    old.successor, old.until = new, on - timedelta(days=1)
    old.version += 1
    old.save(update_fields=["successor", "until", "version"])
    _hand_down(old, new)
    holder = new.current
    if move_liaisons and holder.has_ended:
        raise Refusal(_("The office has ended as well: appointments cannot move there."), field="liaisons")
    for appointment in old.appointments.select_for_update().exclude(state="ended").order_by("pk"):
        if move_liaisons and appointment.is_approved:
            follow_office(appointment, holder, on=on, by=by)
        else:
            end_with_office(appointment, on=on, by=by)
    log.record("succeed_body", old, by=by, topic=new, detail="liaisons moved" if move_liaisons else "liaisons ended")
    return old


def _all_locked() -> Bodies:
    """Return all bodies, locked: a loop can be closed by two acts that share no body."""
    return {body.pk: body for body in PublicBody.objects.select_for_update().order_by("pk")}


def _demand_sound(body: PublicBody, bodies: Bodies) -> None:
    """Raise Refusal for a body that cannot be: without its country, under itself, gone before it began."""
    if body.kind == BodyKind.NATIONAL and not body.country_id:
        raise Refusal(_("A national body has a country."), field="country")
    if body.kind != BodyKind.NATIONAL and body.country_id:
        raise Refusal(_("Only a national body has a country. Choose none."), field="country")
    if body.since and body.until and body.until < body.since:
        raise Refusal(_("The last day is before the first."), field="until")
    _demand_line(body, bodies)
    below = [one for one in bodies.values() if one.reports_to_id == body.pk and body.pk]
    if any(one.kind != body.kind or one.country_id != body.country_id for one in below):
        raise Refusal(_("Bodies of its present kind and country report to it. Change those first."), field="kind")


def _demand_line(body: PublicBody, bodies: Bodies) -> None:
    above = bodies.get(body.reports_to_id) if body.reports_to_id else None
    if above is None:
        return
    if BodyKind.ASEAN in {body.kind, above.kind} and body.kind != above.kind:
        raise Refusal(_("ASEAN bodies report to ASEAN bodies, and only they do."), field="reports_to")
    if body.kind != above.kind or body.country_id != above.country_id:
        raise Refusal(_("A body reports to one of its own kind and country."), field="reports_to")
    if body.pk and body.pk in line_up(above, bodies):
        raise Refusal(_("It would report to itself, through the bodies between."), field="reports_to")


def line_up(body: PublicBody, bodies: Bodies) -> list[int]:
    """Return the body and those above it, by id."""
    line: list[int] = []
    current: PublicBody | None = body
    while current is not None and current.pk not in line:
        line.append(current.pk)
        current = bodies.get(current.reports_to_id) if current.reports_to_id else None
    return line


def _demand_followable(old: PublicBody, new: PublicBody, bodies: Bodies, on: date) -> None:
    if old.successor_id:
        raise Refusal(_("Another body took over from it already."), field="new")
    ahead = _chain(new, bodies)
    if old.pk in ahead:
        raise Refusal(_("It cannot take over from its own successor."), field="new")
    if old.kind != new.kind or old.country_id != new.country_id:
        raise Refusal(_("A body is followed by one of its own kind and country."), field="new")
    if _steps_behind(old.pk, bodies) + len(ahead) > SUCCESSIONS:
        sentence = _("Recommendations are followed through %(most)d successions. This would be one more.")
        raise Refusal(sentence % {"most": SUCCESSIONS}, field="new")
    _demand_day(old, new, on)


def _demand_day(old: PublicBody, new: PublicBody, on: date) -> None:
    if on > timezone.localdate():
        raise Refusal(_("This day has not come yet. Write the succession down on the day."), field="on")
    if old.since and on <= old.since:
        raise Refusal(_("The old body began on or after this day."), field="on")
    if old.until and old.until < on - timedelta(days=1):
        raise Refusal(_("The old body ended before. Give the day after its last day."), field="on")
    if new.since and new.since > on:
        raise Refusal(_("The new body began after this day."), field="on")
    if new.until and new.until < on:
        raise Refusal(_("The new body had ended by then."), field="on")


def _chain(body: PublicBody, bodies: Bodies) -> list[int]:
    chain: list[int] = []
    current: int | None = body.pk
    while current and current not in chain:
        chain.append(current)
        current = bodies[current].successor_id
    return chain


def _steps_behind(pk: int, bodies: Bodies) -> int:
    """Return through how many successions the longest line came to this body."""
    before = [one.pk for one in bodies.values() if one.successor_id == pk]
    return 1 + max(_steps_behind(one, bodies) for one in before) if before else 0


def _hand_down(old: PublicBody, new: PublicBody) -> None:
    """Let what reported to the old body and still exists report to the new one."""
    if new.reports_to_id == old.pk:
        PublicBody.objects.filter(pk=new.pk).update(reports_to=old.reports_to_id)
    below = old.subsidiaries.exclude(pk=new.pk).filter(successor=None, until=None)
    above = set(line_up(new, {body.pk: body for body in PublicBody.objects.all()}))
    below.exclude(pk__in=above).update(reports_to=new)


def _free_slug(body: PublicBody) -> str:
    """Return an address that nobody has: where it belongs and its name in plain letters, else one that says nothing."""
    where = str(body.country_id or body.kind).lower()
    words = slugify(body.acronym or body.name_en or "")[:50].strip("-")
    slug = f"{where}-{words}" if words else f"{where}-{secrets.token_hex(4)}"
    return f"{slug}-{secrets.token_hex(3)}" if PublicBody.objects.filter(slug=slug).exists() else slug

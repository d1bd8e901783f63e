"""Who signed on to an edition after the day, as everybody may know it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal import clock
from portal.models import User
from recommendations.models import Edition
from recommendations.timeline import local_day
from recommendations.views.facts import Signed
from recommendations.views.reading import Document, shown_adopters
from stakeholders.querysets import standing_of


def may_be_offered(reader: User | AnonymousUser) -> bool:
    """Whether signing on is offered: to the public, of whom any may speak for an organisation, and to those who do."""
    return reader.is_anonymous or bool(standing_of(reader).speaks_for)


def endorsed(document: Document) -> dict[str, Any]:
    """Return who signed on and who took it back, each as it is shown to everybody; no figure that tells of a few."""
    edition, rows = document.edition, document.endorsements
    there = {one.organisation_id: one.organisation for one in rows if one.withdrawn_at is None}
    names, descriptions, total = shown_adopters(there.values())
    zone = edition.statement.consultation.time_zone
    gone = {one.organisation_id: one for one in rows if one.organisation_id not in there}
    return {
        "endorser_names": names,
        "endorser_descriptions": descriptions,
        "endorser_total": total if total >= settings.SMALLEST_PUBLISHED_COUNT else 0,
        "withdrawn": list(dict.fromkeys(_withdrawn(one, zone) for one in gone.values())),
        "sign_on_until": _until(edition, zone),
    }


def _withdrawn(signed: Signed, zone: str) -> tuple[str, date | None]:
    """Return the name with the day; of one whose name is not public no day, which could tell who it was."""
    shown = bool(signed.organisation.name) and signed.withdrawn_at
    return signed.organisation.public_name, local_day(signed.withdrawn_at, zone) if shown else None


def _until(edition: Edition, zone: str) -> date | None:
    """Return the last day on which others sign on to this edition, while it is not over."""
    statement = edition.statement
    plenary = getattr(statement, "plenary", None)
    if plenary is None or statement.state != "published" or edition.number != statement.current_edition:
        return None
    until: date | None = plenary.sign_on_until
    return until if until and until >= clock.today_in(zone) else None

"""A statement of the past becomes a record: its consultation, text and adoption, and an edition marked as imported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations import actions as consultations
from consultations.models import Consultation
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations import importing
from recommendations.actions.editions import freeze_edition
from recommendations.importing import Draft
from recommendations.models import Adoption, Edition, Recommendation, Statement
from recommendations.models.wording import as_columns
from stakeholders.models import Country, PublicBody
from stakeholders.querysets import standing_of
from stakeholders.states import Level


@dataclass(frozen=True, slots=True)
class Facts:
    """When, where and how the text was adopted; to which consultation it belongs, or what the new one is like."""

    title: str
    language: str
    adopted_on: date
    manner: str
    place: str = ""
    consultation: Consultation | None = None
    country: Country | None = None
    second: User | None = None


@transaction.atomic
def import_statement(draft: Draft, facts: Facts, *, by: User) -> Edition:
    """Make the record in one step, all or nothing. It waits as “adopted”: publishing is a step of its own.

    Without a consultation to attach it to, a concluded one is written down. Raises Refusal.
    """
    _demand_text(draft)
    if facts.adopted_on > clock.today_here():
        raise Refusal(_("This day has not come yet."), field="adopted_on")
    consultation = _attached(facts.consultation, by) if facts.consultation else _recorded(by, facts)
    statement = _write(consultation, draft, facts)
    _record_adoption(statement, draft, facts, by)
    made = list(statement.recommendations.order_by("position", "id"))
    edition = freeze_edition(statement, number=1, adopted_on=facts.adopted_on, recommendations=made, imported=True)
    Statement.objects.filter(pk=statement.pk).update(state="adopted", current_edition=edition.number)
    log.record("import", statement, by=by, topic=consultation, detail=f"{draft.count}")
    return edition


def _record_adoption(statement: Statement, draft: Draft, facts: Facts, by: User) -> None:
    """Write who adopted it: whom the register knows by its own record, others as the document names them."""
    meant = importing.matched(draft.adopters)
    adoption = Adoption.objects.create(
        statement=statement,
        adopted_on=facts.adopted_on,
        place=facts.place,
        manner=facts.manner,
        present_count=len(meant),
        named_adopters=[name for name, one in meant.items() if one is None],
        by=by,
    )
    adoption.adopters.set({one for one in meant.values() if one})


def _demand_text(draft: Draft) -> None:
    if not draft.title:
        raise Refusal(_("Say which line is the title."))
    if not draft.count:
        raise Refusal(_("There is no item yet. Say which lines are items."))


def _attached(consultation: Consultation, by: User) -> Consultation:
    consultation = Consultation.locked(consultation.pk)
    if not consultation.convenors.filter(pk=by.pk).exists():
        raise Refusal(_("You do not convene this consultation."), field="consultation")
    if consultation.state not in {"concluded", "archived"}:
        raise Refusal(_("A text of the past belongs to a consultation that is concluded."), field="consultation")
    if Statement.objects.filter(consultation=consultation).exists():
        raise Refusal(_("This consultation has a statement already."), field="consultation")
    return consultation


def _recorded(by: User, facts: Facts) -> Consultation:
    """Write down a consultation that is over. Nobody is told: those who came are not on record here."""
    second, country, day = facts.second, facts.country, facts.adopted_on
    if second is None or second == by or not standing_of(second).convenor:
        raise Refusal(_("Name a second convenor: no consultation depends on one person."), field="second")
    values: dict[str, Any] = {
        "title_en": facts.title,
        "title_ind": facts.title,
        "level": Level.NATIONAL if country else Level.REGIONAL,
        "country": country,
        "starts_on": day,
        "ends_on": day,
        "city_en": facts.place[:80],
        "time_zone": country.time_zone if country else clock.settings.TIME_ZONE,
    }
    consultation = consultations.create_consultation(by=by, convenors=[second], **values)
    consultations.announce_consultation(consultation, by=by)
    consultations.open_session(consultation, by=by)
    consultations.conclude_consultation(consultation, by=by, tell=False)
    return Consultation.locked(consultation.pk)


def _write(consultation: Consultation, draft: Draft, facts: Facts) -> Statement:
    """Write the statement with its recommendations, each in the language of the document."""
    language = facts.language
    titles = as_columns("title", {"en": facts.title, language: draft.title[:200]})
    preamble = as_columns("preamble", {language: draft.preamble} if draft.preamble else {})
    more = {**titles.pop("more_texts"), **preamble.pop("more_texts")}
    statement = Statement.objects.create(
        consultation=consultation,
        slug=consultation.slug,
        official_title=draft.title[:300],
        prevailing_language=language,
        more_texts=more,
        **titles,
        **preamble,
    )
    meant = importing.bodies_meant({name for names in draft.addressees.values() for name in names})
    for code, items in draft.sections:
        for position, words in enumerate(items, 1):
            made = Recommendation.objects.create(
                statement=statement,
                section_id=None if code == "ASEAN" else code,
                position=position,
                state="adopted",
                **as_columns("text", {language: words}),
            )
            made.addressees.set(_addressed(draft.addressees.get((code, position), ()), meant))
    return statement


def _addressed(names: Iterable[str], meant: Mapping[str, list[PublicBody]]) -> set[PublicBody]:
    """Return whom an item speaks to. Raises Refusal for a name that the register has not, or has twice."""
    for name in names:
        importing.demand_one(name, meant[name])
    return {meant[name][0] for name in names}

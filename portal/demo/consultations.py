"""Consultations: those that took place from 2006 to 2018, and the two that were made up around today."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from consultations.models import Consultation, Organiser
from consultations.states import OrganiserKind
from portal import clock, log
from portal.demo.facts import Calendar, Facts, both, one, read
from portal.demo.register import Register

ALSO_PRESENT = {"en": "Also present: ", "id": "Hadir pula: "}


def load_history(register: Register) -> list[Consultation]:
    """Add the consultations of history that are missing; return these new ones."""
    there = set(Consultation.objects.values_list("slug", flat=True))
    missing = [facts for facts in read("consultations")["consultations"] if facts["slug"] not in there]
    consultations = Consultation.objects.bulk_create([_of_history(facts) for facts in missing])
    for consultation, facts in zip(consultations, missing, strict=True):
        name_people(consultation, facts, register)
    return consultations


def _of_history(facts: Facts) -> Consultation:
    last = date.fromisoformat(facts["end"])
    return Consultation(
        state="concluded",
        starts_on=date.fromisoformat(facts["start"]),
        ends_on=last,
        concluded_at=clock.end_of_day(last, facts["time_zone"]),
        source=one(facts["source"]),
        **_common({**facts, "outcome": _on_record(facts)}),
    )


def _on_record(facts: Facts) -> dict[str, str]:
    """Return what came out, who else was there, and what the sources say or lack: a paragraph each."""
    return {language: "\n\n".join(_paragraphs(facts, language)) for language in ALSO_PRESENT}


def _paragraphs(facts: Facts, language: str) -> Iterator[str]:
    if facts["outcome"]:
        yield facts["outcome"][language]
    if facts["also_present"]:
        yield ALSO_PRESENT[language] + "; ".join(present[language] for present in facts["also_present"]) + "."
    if facts["source_note"]:
        yield facts["source_note"][language]


def make_current(facts: Facts, calendar: Calendar, register: Register) -> Consultation:
    """Write a made-up consultation, with its days counted from today."""
    consultation = Consultation.objects.create(
        state=facts["state"],
        mode=facts["mode"],
        venue=one(facts["venue"]),
        starts_on=calendar.day(facts["start_day"]),
        ends_on=calendar.day(facts["end_day"]),
        begins_at=facts["start_time"],
        ends_at=facts["end_time"],
        seats=facts["seats_total"],
        answer_by=calendar.day(facts["answer_deadline_day"]),
        input_opens=calendar.at(calendar.day(facts["input_opens_day"]), "08:00"),
        input_closes=clock.end_of_day(calendar.day(facts["input_deadline_day"]), calendar.zone),
        hear_back_by=calendar.day(facts["hear_back_day"]),
        discreet=facts["discreet"],
        illustrative=True,
        concluded_at=_concluded_at(facts, calendar),
        **_common(facts),
    )
    name_people(consultation, facts, register)
    return consultation


def _concluded_at(facts: Facts, calendar: Calendar) -> Any:
    day = calendar.of(facts, "concluded_day")
    return calendar.at(day, "10:00") if day else None


def _common(facts: Facts) -> dict[str, Any]:
    return {
        "slug": facts["slug"],
        "level": facts["level"],
        "country_id": facts["country"],
        "form_of_dialogue": facts["form_of_dialogue"],
        "time_zone": facts["time_zone"],
        **both("title", facts["title"]),
        **both("purpose", facts["purpose"]),
        **both("outcome", facts.get("outcome")),
        **both("city", facts["city"]),
        **both("declared_participants", facts.get("declared_participants")),
        **both("declared_organisations", facts.get("declared_organisations")),
    }


def name_people(consultation: Consultation, facts: Facts, register: Register) -> None:
    """Write who convenes and who organises, in the agreed order."""
    consultation.convenors.set(register.convenors)
    Organiser.objects.bulk_create(_organisers(consultation, facts, register))


def _organisers(consultation: Consultation, facts: Facts, register: Register) -> Iterable[Organiser]:
    lines = [{"organisation": facts["convened_by"], "kind": OrganiserKind.CONVENING}] if facts["convened_by"] else []
    for line in facts["co_organisers"]:
        named = line if isinstance(line, dict) else {"organisation": line}
        lines.append({**named, "kind": OrganiserKind.CO_ORGANISER})
    for position, line in enumerate(lines):
        organisation = register.organisations[line["organisation"]] if "organisation" in line else None
        yield Organiser(
            consultation=consultation,
            organisation=organisation,
            name=one(line.get("name")),
            kind=line["kind"],
            position=position,
        )


def record_loading(consultations: Iterable[Consultation]) -> None:
    """Write one log entry a consultation that was loaded; nobody did it but the command."""
    for consultation in consultations:
        log.record("seed", consultation, by=None)

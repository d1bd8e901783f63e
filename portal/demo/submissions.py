"""What the organisations sent in, and what became of it."""

from consultations.models import Consultation
from portal.demo.facts import Calendar, Facts, one
from portal.demo.register import Register
from recommendations.models import Submission
from recommendations.states import SubmissionState

ASEAN = "asean"


def section_code(facts: Facts) -> str | None:
    """Return the code of the country whose section it is; None for the ASEAN section."""
    return None if facts["section"] == ASEAN else facts["section"]


def send_in(consultation: Consultation, facts: Facts, calendar: Calendar, register: Register) -> dict[str, Submission]:
    """Write the submissions of a consultation; return them by the file's key."""
    rows = facts["submissions"]
    written = Submission.objects.bulk_create([_submission(consultation, row, calendar, register) for row in rows])
    through = Submission.addressees.through
    through.objects.bulk_create(
        through(submission=submission, publicbody=body)
        for submission, row in zip(written, rows, strict=True)
        for body in register.bodies_of(row["addressees"])
    )
    return {row["key"]: submission for submission, row in zip(written, rows, strict=True)}


def _submission(consultation: Consultation, row: Facts, calendar: Calendar, register: Register) -> Submission:
    organisation = register.organisations[row["organisation"]]
    day = calendar.of(row, "submitted_day")
    treatment = row.get("treatment") or ""
    return Submission(
        consultation=consultation,
        organisation=organisation,
        author=register.people[row["author"]] if "author" in row else register.speakers[organisation.pk],
        kind=row["kind"],
        section_id=section_code(row),
        theme=register.themes[row["theme"]],
        text=row["text"],
        reason=row["reason"] or "",
        language=row["language"],
        attribution=row["attribution"],
        state=SubmissionState.IN_TREATMENT if treatment else row["state"],
        treatment=treatment,
        treatment_reason=one(row.get("treatment_reason"), row["language"]),
        submitted_at=calendar.at(day, "14:00") if day else None,
    )

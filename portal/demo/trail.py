"""What followed an adoption: steps, documents, pledges, conveyances, responses. What is missing stays missing."""

from typing import Any

from portal.demo.facts import Calendar, Facts, both, one
from portal.demo.register import Register
from portal.demo.submissions import section_code
from portal.models import User
from recommendations.models import Conveyance, Document, Edition, Item, Pledge, Response, TrailStep
from stakeholders.models import PublicBody

NOT_STEPS = ("pledge", "conveyance")


def follow(edition: Edition, facts: Facts, calendar: Calendar, register: Register, by: User | None = None) -> None:
    """Write the documents, the steps with their bundles, and the pledges that were made at them."""
    documents = _documents(edition, facts, calendar)
    steps = []
    for row in facts["trail"]:
        if row["kind"] not in NOT_STEPS:
            step = _step(edition, row, calendar, register, by)
            step.bundle.set([documents[key] for key in row.get("bundle", [])])
            steps.append(step)
    pledges = [row for row in facts["trail"] if row["kind"] == "pledge"]
    Pledge.objects.bulk_create(_pledge(row, steps, calendar, register) for row in pledges)


def _documents(edition: Edition, facts: Facts, calendar: Calendar) -> dict[str, Document]:
    rows = facts["documents"]
    documents = [
        Document(dated=calendar.of(row), edition=edition if row["edition"] else None, **both("title", row["title"]))
        for row in rows
    ]
    Document.objects.bulk_create(documents)
    return {row["key"]: document for row, document in zip(rows, documents, strict=True)}


def _step(edition: Edition, row: Facts, calendar: Calendar, register: Register, by: User | None) -> TrailStep:
    return TrailStep.objects.create(
        statement_id=edition.statement_id,
        edition=edition,
        kind=row["kind"],
        happened_on=calendar.of(row),
        body=register.bodies.get(row["counterpart_body"]),
        by=by,
        **both("actor", row["actor"]),
        **both("counterpart", row["counterpart"]),
        **both("text", row["text"]),
        **both("evidence", row["evidence"]),
    )


def _pledge(row: Facts, steps: list[TrailStep], calendar: Calendar, register: Register) -> Pledge:
    """A pledge belongs to the talk with the same body on the same day."""
    body, day = register.bodies[row["counterpart_body"]], calendar.of(row)
    step = next(step for step in steps if step.body == body and step.happened_on == day)
    return Pledge(
        step=step,
        due_on=calendar.of({"day": row.get("pledge_due_day")}),
        state=row["pledge_state"],
        **both("who", row["actor"]),
        **both("text", row["text"]),
    )


def convey_in_history(edition: Edition, facts: Facts, calendar: Calendar, register: Register) -> None:
    """Write the conveyances of history: what the record does not tell (channel, reference, receipt) stays empty."""
    for row in facts["trail"]:
        if row["kind"] == "conveyance":
            body = register.bodies[row["counterpart_body"]]
            state, sent_on = row["conveyance"]["state"], calendar.of(row)
            Conveyance.objects.create(edition=edition, body=body, state=state, sent_on=sent_on, channel="")


def convey(edition: Edition, facts: Facts, calendar: Calendar, register: Register) -> None:
    """Write the made-up conveyances, and the responses that came to them."""
    by = register.convenors[0]
    conveyances = {}
    for row in facts["conveyances"]:
        body = register.bodies[row["body"]]
        conveyances[body.pk] = Conveyance.objects.create(
            edition=edition, body=body, by=by, **_conveyance(row, calendar)
        )
    liaisons = _liaisons(register)
    items = {(item.section_id, item.number): item for item in edition.items.all()}
    Response.objects.bulk_create(
        _response(row, items, conveyances, calendar, register, liaisons) for row in facts["responses"]
    )


def _conveyance(row: Facts, calendar: Calendar) -> dict[str, Any]:
    acknowledged = calendar.of(row, "acknowledged_day")
    return {
        "state": row["state"],
        "channel": row["channel"],
        "letter": row["letter"],
        "reference": row["reference"] or "",
        "their_reference": row["their_reference"] or "",
        "evidence": row["evidence"] or "",
        "sent_on": calendar.of(row, "sent_day"),
        "received_on": calendar.of(row, "received_day"),
        "acknowledged_at": calendar.at(acknowledged, "15:00") if acknowledged else None,
        "reply_due": calendar.of(row, "answer_due_day"),
    }


def _liaisons(register: Register) -> dict[int, User]:
    people = {user.pk: user for user in register.people.values()}
    bodies = PublicBody.objects.filter(appointments__state="active")
    return {body: people[user] for body, user in bodies.values_list("pk", "appointments__user")}


def _response(
    row: Facts,
    items: dict[tuple[str | None, int], Item],
    conveyances: dict[int, Conveyance],
    calendar: Calendar,
    register: Register,
    liaisons: dict[int, User],
) -> Response:
    body, day = register.bodies[row["body"]], calendar.of(row)
    return Response(
        item=items[section_code(row), row["number"]],
        body=body,
        conveyance=conveyances[body.pk],
        kind=row["kind"],
        text=one(row["text"]),
        language="en",
        until=calendar.of(row, "until_day"),
        published_at=calendar.at(day, "16:00") if day else None,
        by=liaisons.get(body.pk),
    )

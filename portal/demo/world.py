"""The demonstration world put together: the register, history, Jakarta 2007, two consultations around today."""

from datetime import date

from django.db import transaction
from django.utils import timezone, translation

from consultations.models import Consultation
from portal import languages
from portal.demo import editions, papers, plenary, statements, telling, trail
from portal.demo.answers import settle_seats
from portal.demo.commenting import comment
from portal.demo.consultations import load_history, make_current, record_loading
from portal.demo.facts import Calendar, Facts, read
from portal.demo.handing import hand_in
from portal.demo.invitations import UNSENT, invite
from portal.demo.meeting import meet
from portal.demo.merging import merge
from portal.demo.plan import plan, plan_next
from portal.demo.register import Register, load_register
from portal.demo.sending import prepare_sending
from portal.demo.submissions import send_in
from portal.demo.table import draw_table


@transaction.atomic
def load_world(today: date | None = None) -> int:
    """Add what is missing and leave alone what is there; return the number of consultations that were added.

    A consultation is loaded whole or not at all, by its slug: what users changed or took away inside it stays so.
    """
    today = today or timezone.localdate()
    with translation.override(languages.DEFAULT):
        load_register(today)
        register = Register.read()
        added = load_history(register)
        if any(consultation.slug == "jakarta-2007" for consultation in added):
            _load_jakarta(next(one for one in added if one.slug == "jakarta-2007"), register)
        added += _load_current(today, register)
        papers.attach(added, register)
        record_loading(added)
    return len(added)


def _load_jakarta(consultation: Consultation, register: Register) -> None:
    """The statement of 12 May 2007 with its trail, up to the report of April 2008."""
    facts = read("jakarta")
    text, on = facts["statement"], date.fromisoformat(facts["statement"]["adopted_on"])
    calendar = Calendar(on, consultation.time_zone)
    statement = statements.draw_up(consultation, text, state="published", note=facts["note"])
    statements.word(statement, facts["items"], register, {})
    statements.adopt(statement, facts, register, on=on)
    edition = statements.freeze(statement, on=on, published_at=calendar.at(on, facts["adopted_at"]))
    trail.follow(edition, facts, calendar, register)
    trail.convey_in_history(edition, facts, calendar, register)


def _load_current(today: date, register: Register) -> list[Consultation]:
    facts = read("current")
    there = set(Consultation.objects.values_list("slug", flat=True))
    added = []
    for part, load in (("in_progress", _load_in_progress), ("concluded", _load_concluded)):
        if facts[part]["slug"] not in there:
            calendar = Calendar(today, facts[part]["time_zone"])
            added.append(load(facts[part], facts["note"], calendar, register))
            if part == "concluded":
                added.append(editions.feed_the_region(added[-1], calendar, register))
    sitting = read("plenary")["consultation"]
    if sitting["slug"] not in there:
        added.append(plenary.sit(Calendar(today, sitting["time_zone"]), register))
    return added


def _load_in_progress(facts: Facts, note: dict[str, str], calendar: Calendar, register: Register) -> Consultation:
    """Announced and open for input: every desk has something to do."""
    consultation = plan(make_current(facts, calendar, register), facts, calendar, register)
    invite(consultation, facts, calendar, register)
    submissions = send_in(consultation, facts, calendar, register)
    statement = statements.draw_up(consultation, facts["statement"], state="draft", note=note)
    statements.word(statement, facts["recommendations"], register, submissions)
    settle_seats(consultation, facts, register)
    hand_in(consultation, register)
    draw_table(consultation, register)
    prepare_sending(consultation, register)
    merge(consultation, submissions, register)
    comment(consultation, facts, register)
    return consultation


def _load_concluded(facts: Facts, note: dict[str, str], calendar: Calendar, register: Register) -> Consultation:
    """Adopted, published and conveyed; some answers are there, some are awaited."""
    consultation = make_current(facts, calendar, register)
    plan_next(consultation, calendar)
    invite(consultation, facts, calendar, register)
    submissions = send_in(consultation, facts, calendar, register)
    text, by = facts["statement"], register.convenors[0]
    on = calendar.day(text["adopted_day"])
    invited = sum(row["state"] not in UNSENT for row in facts["invitations"])
    statement = statements.draw_up(consultation, text, state="published", note=note)
    editions.translate(statement, statements.word(statement, facts["items"], register, submissions))
    statements.adopt(statement, facts, register, on=on, invited=invited, by=by)
    published_at = calendar.at(calendar.day(text["published_day"]), "10:00")
    edition = statements.freeze(statement, on=on, published_at=published_at)
    trail.follow(edition, facts, calendar, register, by)
    trail.convey(edition, facts, calendar, register)
    meet(consultation, facts, calendar, register)
    telling.follow_up(consultation, calendar, by)
    plenary.let_sign_on(consultation, calendar, register)
    editions.correct(edition, register)
    return consultation

"""A plenary that sits today, in the middle of its text; and the list on which others sign on to the Dili statement."""

from consultations.models import Consultation
from portal.demo.consultations import make_current
from portal.demo.facts import Calendar, read
from portal.demo.invitations import invite
from portal.demo.register import Register
from portal.demo.statements import draw_up, word
from recommendations import actions
from recommendations.models import Recommendation, Statement
from stakeholders.models import Organisation


def sit(calendar: Calendar, register: Register) -> Consultation:
    """Convene the plenary and bring it to its fourth item: one is amended, one deferred, one is taken in secret."""
    told = read("plenary")
    consultation = make_current(told["consultation"], calendar, register)
    invite(consultation, told["consultation"], calendar, register)
    statement = draw_up(consultation, told["statement"], state="draft", note=told["note"])
    word(statement, told["items"], register, {})
    by = register.convenors[0]
    actions.state_rule(statement, by=by, version=1, **told["rule"])
    statement = actions.table_statement(statement, by=by)
    for slug in told["present"]:
        organisation = register.organisations[slug]
        actions.mark_presence(statement, by=by, organisation=organisation, present=True)
    pair = {end: register.organisations[slug] for end, slug in told["proxy"].items()}
    actions.record_proxy(statement, by=by, **pair)
    _go_through(statement, register)
    return consultation


def _go_through(statement: Statement, register: Register) -> None:
    told, by = read("plenary"), register.convenors[0]
    items = list(statement.recommendations.order_by("pk"))
    _decide(items[0], "agreed", register)
    _decide(items[1], "amended", register, words=told["amended"])
    _decide(items[2], "deferred", register)
    actions.put_on_floor(statement, by=by, recommendation=items[3])
    for slug, stance in told["said"].items():
        _speak(statement, register.organisations[slug], register, items[3], stance)
    reserved = told["reservation"]
    organisation = register.organisations[reserved["organisation"]]
    _speak(statement, organisation, register, items[3], "reservation", reserved["text"]["en"])
    _choose_in_secret(statement, items[4], told["secret"], register)


def _decide(item: Recommendation, verdict: str, register: Register, words: dict[str, str] | None = None) -> None:
    item.refresh_from_db()
    actions.decide_item(item, by=register.convenors[0], verdict=verdict, version=item.version, words=words)


def _speak(
    statement: Statement,
    organisation: Organisation,
    register: Register,
    item: Recommendation,
    stance: str,
    text: str = "",
) -> None:
    actions.take_position(
        statement,
        by=register.speakers[organisation.pk],
        organisation=organisation,
        stance=stance,
        text=text,
        recommendation=item,
    )


def _choose_in_secret(statement: Statement, item: Recommendation, choices: dict[str, str], register: Register) -> None:
    asks = register.organisations[next(iter(choices))]
    ballot = actions.ask_secrecy(statement, by=register.speakers[asks.pk], recommendation=item, organisation=asks)
    for slug, choice in choices.items():
        organisation = register.organisations[slug]
        speaker = register.speakers[organisation.pk]
        actions.cast_choice(ballot, by=speaker, organisation=organisation, choice=choice)


def let_sign_on(consultation: Consultation, calendar: Calendar, register: Register) -> None:
    """Open the list of a published statement; one organisation has signed."""
    told, statement = read("plenary")["sign_on"], Statement.objects.get(consultation=consultation)
    actions.open_sign_on(statement, by=register.convenors[0], until=calendar.day(told["until_day"]))
    organisation = register.organisations[told["organisation"]]
    edition = statement.editions.get(number=statement.current_edition)
    actions.endorse_edition(edition, by=register.speakers[organisation.pk], organisation=organisation)

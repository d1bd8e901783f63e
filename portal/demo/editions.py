"""What editions show: a third language, a regional text that is fed from below, a correction."""

from consultations import actions as consultations
from consultations.models import Consultation
from portal.demo.facts import Calendar, both, read
from portal.demo.register import Register
from portal.models import OutgoingMessage
from recommendations import actions
from recommendations.emails import items_proposed, proposal_settled
from recommendations.models import Edition, Recommendation, Statement
from recommendations.models.wording import in_each_language
from stakeholders.states import Level


def translate(statement: Statement, recommendations: list[Recommendation]) -> None:
    """Write the Portuguese of the title and of the ASEAN section, before the text is frozen."""
    facts = read("editions")
    statement.more_texts = {"title": {"pt": facts["title"]}}
    statement.save(update_fields=["more_texts"])
    regional = [one for one in recommendations if one.section_id is None]
    for one, words in zip(regional, facts["items"], strict=True):
        one.more_texts = {"text": {"pt": words}}
    Recommendation.objects.bulk_update(regional, ["more_texts"])


def correct(edition: Edition, register: Register) -> None:
    """Begin a corrigendum: one passage is set right, and somebody still has to say why."""
    by = register.convenors[0]
    corrigendum = actions.begin_corrigendum(edition.statement, by=by)
    item = edition.items.get(section=None, number=5)
    texts = {
        **in_each_language(item, "text"),
        "en": item.text_en.replace("repays it twofold", "pays it back twice over"),
    }
    actions.correct_passage(corrigendum, by=by, version=1, key=item.label, texts=texts)


def feed_the_region(consultation: Consultation, calendar: Calendar, register: Register) -> Consultation:
    """Announce a regional consultation, and propose two items to its text: one is taken up, one waits."""
    edition = Edition.objects.get(statement__consultation=consultation)
    facts, by = read("editions")["region"], register.convenors[0]
    day = calendar.day(facts["start_day"])
    region = consultations.create_consultation(
        by=by,
        convenors=register.convenors[:2],
        level=Level.REGIONAL,
        starts_on=day,
        ends_on=day,
        time_zone=facts["time_zone"],
        illustrative=True,
        **both("title", facts["title"]),
        **both("purpose", facts["purpose"]),
        **both("city", facts["city"]),
    )
    region = consultations.announce_consultation(region, by=by)
    actions.start_statement(region, by=by)
    items = list(edition.items.filter(section=None).order_by("number")[:2])
    first, _second = actions.propose_items(edition.statement, by=by, items=items, consultation=region)
    actions.take_up_proposal(first, by=register.convenors[1])
    # Of what happened before the demonstration began nobody gets a mail.
    OutgoingMessage.objects.filter(purpose__in=(items_proposed.purpose, proposal_settled.purpose)).delete()
    return region

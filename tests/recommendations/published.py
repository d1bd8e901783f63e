"""A published statement with withheld organisations behind it: what the tests of the trail stand on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from consultations.models import Consultation
from recommendations import actions
from recommendations.models import Conveyance, Edition, Item, Position, Statement
from stakeholders.models import Organisation
from tests import build
from tests.conftest import Cast

CANARY = "Kenanga Rahasia"  # the name of the withheld organisation: nobody but the convenors reads it
DESCRIPTION = "a trade union, origin side"
ADOPTED = date(2026, 5, 12)


@dataclass(slots=True)
class Published:
    """One statement that everybody may read, adopted through the actions."""

    cast: Cast
    consultation: Consultation
    statement: Statement
    edition: Edition
    withheld: Organisation

    @property
    def slug(self) -> str:
        """Return the statement's short name."""
        return self.statement.slug

    def item(self, number: int = 1, section: str | None = None) -> Item:
        """Return one item of the edition."""
        return self.edition.items.get(number=number, section=section)

    def convey(self, **values: Any) -> Conveyance:
        """Convey the edition to the ministry, as a convenor does."""
        values = {"bodies": [self.cast.body], "sent_on": build.timezone.localdate(), "channel": "portal", **values}
        return actions.convey_edition(self.edition, by=self.cast.convenor, letter="Dear Minister.", **values)[0]


def make_published(cast: Cast, items: int = 1, *, publish: bool = True, **values: Any) -> Published:
    """Return a statement with that many ASEAN items and as many national ones, adopted in Jakarta on 12 May 2026.

    Three submissions stand behind each item: by name, by description, and not shown at all. A withheld organisation
    adopts with a reservation on the first item.
    """
    days = {"starts_on": ADOPTED, "ends_on": ADOPTED, "answer_by": ADOPTED, **values}
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor], **days)
    withheld = build.make_organisation(name=CANARY, slug=f"kenanga-rahasia-{build.number()}", visibility="withheld")
    build.make_organiser(consultation, organisation=withheld, name="", kind="convening")
    statement = build.make_statement(consultation, preamble_en="We met.", preamble_ind="Kami bertemu.")
    sent = submissions_of(consultation, cast, withheld)
    made = [
        build.make_recommendation(statement, sent, state="tabled", section=section, addressees=[cast.body])
        for section in (None, build.make_country())
        for _ in range(items)
    ]
    Statement.objects.filter(pk=statement.pk).update(state="tabled")
    for organisation in (cast.organisation, cast.other_organisation):
        Position.objects.create(statement=statement, organisation=organisation, stance="consensus")
    Position.objects.create(
        statement=statement, organisation=withheld, stance="reservation", text="Not far enough.", recommendation=made[0]
    )
    edition = actions.adopt_statement(statement, by=cast.convenor, adopted_on=ADOPTED, place="Jakarta")
    if publish:
        actions.publish_statement(statement, by=cast.convenor)
    statement.refresh_from_db()
    edition.refresh_from_db()
    return Published(cast, consultation, statement, edition, withheld)


def submissions_of(consultation: Consultation, cast: Cast, withheld: Organisation) -> tuple[Any, ...]:
    """Return three submissions, each shown in another way."""
    author = build.make_member(withheld)
    return (
        build.make_submission(consultation, cast.organisation, cast.representative, attribution="named"),
        build.make_submission(consultation, withheld, author, attribution="named"),
        build.make_submission(consultation, cast.other_organisation, cast.other_member, attribution="none"),
    )


def make_next_edition(published: Published, *, text: str = "Corrected.") -> Edition:
    """Return edition 2 of the statement, in force: the same numbers, the first item in other words."""
    recommendations = list(published.statement.recommendations.order_by("position", "id"))
    recommendations[0].text_en = text
    recommendations[0].save()
    edition = actions.freeze_edition(published.statement, number=2, adopted_on=ADOPTED, recommendations=recommendations)
    Edition.objects.filter(pk=edition.pk).update(published_at=build.timezone.now())
    Statement.objects.filter(pk=published.statement.pk).update(current_edition=2)
    published.statement.refresh_from_db()
    edition.refresh_from_db()
    return edition


def answer(published: Published, conveyance: Conveyance, number: int = 1, **words: Any) -> None:
    """Publish one answer of the ministry's liaison to an ASEAN item."""
    liaison = published.cast.liaison
    if not conveyance.can("answer"):
        actions.acknowledge_conveyance(conveyance, by=liaison)
    conveyance.refresh_from_db()
    words = {"kind": "in-part", "text": "Half of it.", "language": "en", "until": None, "passed_to_id": None, **words}
    item = conveyance.edition.items.get(number=number, section=None)
    actions.save_answers(conveyance, by=liaison, drafts=[actions.Draft(item.pk, 0, words)])
    body = actions.office_of(liaison, conveyance)
    drafts = {draft.pk: draft.version for draft in actions.drafts_of(conveyance, body)}
    actions.publish_answers(conveyance, by=liaison, shown=drafts)
    conveyance.refresh_from_db()

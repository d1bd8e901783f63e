"""Named reads from submissions to the trail: visible to whom, due when, with which counts."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from consultations.querysets import convened_by
from recommendations.states import (
    IN_IT,
    UNSENT,
    RecommendationState,
    Silence,
    Stance,
    StatementState,
    SubmissionState,
)
from stakeholders.querysets import SUCCESSIONS, standing_of
from stakeholders.states import Visibility

SENT_IN = (
    SubmissionState.SUBMITTED,
    SubmissionState.LATE,
    SubmissionState.IN_TREATMENT,
)
PUBLIC = (StatementState.PUBLISHED,)


def office(path: str, body: Any, key: str = "") -> Q:
    """Where the body at the path is the given one, or one that the given one took over from."""
    found = Q()
    for step in range(SUCCESSIONS + 1):
        found |= Q(**{path + "__successor" * step + key: body})
    return found


def _held_by(outer: str) -> Q:
    """Where the body is the outer row's body, or one that took over from that."""
    found = Q()
    for step in range(SUCCESSIONS + 1):
        found |= Q(body=OuterRef(outer + "__successor" * step))
    return found


class SubmissionQuerySet(models.QuerySet):
    """Reads of submissions."""

    def visible_to(self, user: Any) -> Self:
        """Own organisations' ones; for the convenors of the consultation also all that were sent in to it."""
        organisations = standing_of(user).organisations
        own = Q(organisation__in=organisations) | Q(pk__in=self._joined_by(organisations))
        never_sent = Q(state__in=UNSENT) | Q(state=SubmissionState.WITHDRAWN, submitted_at=None)
        return self.filter(own | convened_by(user) & ~never_sent)

    def _joined_by(self, organisations: Any) -> Any:
        """Return what the organisations were asked to send in together with another, unless they are out of it.

        Being named is not yet being asked: until then the draft is its writer's alone.
        """
        joined = self.model.co_submitters.rel.related_model.objects.filter(organisation__in=organisations)
        return joined.filter(state__in=IN_IT, asked_version__gt=0).values("submission")

    def with_or_of(self, organisations: Any) -> Self:
        """Submissions of the given organisations, and those that they joined."""
        return self.filter(Q(organisation__in=organisations) | Q(pk__in=self._joined_by(organisations)))

    def of(self, organisations: Any) -> Self:
        """Submissions of the given organisations (their ids)."""
        return self.filter(organisation__in=organisations)

    def unsent(self) -> Self:
        """Drafts, and texts that wait for sign-off."""
        return self.filter(state__in=UNSENT)

    def sent_in(self) -> Self:
        """What may be worked into the common text."""
        return self.filter(state__in=SENT_IN)

    def untreated(self) -> Self:
        """Sent in and not yet decided on."""
        return self.sent_in().filter(treatment="")

    def for_list(self) -> Self:
        """With what a row shows, in a fixed number of queries."""
        return self.select_related("section", "theme", "organisation", "consultation").prefetch_related(
            "addressees", "organisation__groups"
        )

    def with_all_of_it(self) -> Self:
        """With its files, its earlier words and who sends it in together."""
        partners = self.model.co_submitters.rel.related_model.objects.select_related("organisation")
        together = Prefetch("co_submitters", partners.prefetch_related("organisation__groups").order_by("pk"))
        return self.prefetch_related(together, "evidence", "earlier_words")

    def with_fate(self) -> Self:
        """With the recommendations it went into, the published items these became, and what was told (`told`)."""
        recommendation = self.model.recommendations.rel.related_model
        item = recommendation.items.rel.related_model
        published = item.objects.filter(edition__published_at__isnull=False).order_by("-edition__number")
        items = Prefetch("items", published.select_related("edition__statement"), to_attr="published_items")
        merged = recommendation.objects.select_related("statement").prefetch_related(items)
        fate = self.model.fates.rel.related_model
        told = Prefetch("fates", fate.objects.order_by("-pk"), to_attr="told")
        return self.prefetch_related(Prefetch("recommendations", merged.order_by("id")), told)


class StatementQuerySet(models.QuerySet):
    """Reads of statements."""

    def visible_to(self, user: Any) -> Self:
        """Published ones for everybody; all for its own convenors; tabled ones also for organisations that accepted."""
        standing = standing_of(user)
        seen = Q(state__in=PUBLIC) | convened_by(user)
        if standing.organisations:
            there = Q(consultation__invitations__organisation__in=standing.organisations) & Q(
                consultation__invitations__state="accepted"
            )
            seen |= Q(pk__in=self.model.objects.filter(there, state__in=["tabled", "adopted"]).values("pk"))
        return self.filter(seen)

    def of_consultation(self) -> Self:
        """With its consultation and that one's convenors, by whom rights are judged."""
        return self.select_related("consultation__country", "plenary").prefetch_related("consultation__convenors")

    def with_objections(self) -> Self:
        """With how many objections to what was told of points are open (`objections`)."""
        submission = self.model.recommendations.rel.related_model.submissions.rel.model
        told = submission.fates.rel.related_model.objects.objections().filter(submission__state__in=SENT_IN)
        here = told.filter(letter__consultation=OuterRef("consultation")).order_by()
        count = here.values("letter__consultation").annotate(count=Count("pk")).values("count")
        return self.annotate(objections=Coalesce(Subquery(count), 0))

    def with_common_text(self) -> Self:
        """With its recommendations (`common_text`), their addressees and their sources with the senders."""
        return self.prefetch_related(self.common_text())

    def common_text(self) -> Prefetch:
        """Return how the common text of a statement that is there already is read.

        `came_up` tells of each recommendation whether a plenary said something about it.
        """
        recommendation = self.model.recommendations.rel.related_model
        outcomes = self.model.outcomes.rel.related_model.objects.filter(recommendation=OuterRef("pk"))
        source = recommendation.sources.rel.related_model
        sources = Prefetch("sources", source.objects.select_related("submission__organisation"))
        texts = recommendation.objects.exclude(state=RecommendationState.JOINED).select_related("section", "theme")
        texts = texts.annotate(came_up=Exists(outcomes)).order_by("position", "id")
        read = texts.prefetch_related("addressees", sources)
        return Prefetch("recommendations", read, to_attr="common_text")

    def published(self) -> Self:
        """What everybody may read, the latest adoption first."""
        return self.filter(state__in=PUBLIC).order_by("-adoption__adopted_on", "-id")

    def for_list(self) -> Self:
        """With what a row of the public list shows. The long texts stay in the database."""
        items = self.model.editions.rel.related_model.items.rel.related_model.objects.order_by()
        # Counted per statement: a join would group the whole collection, texts and all, for one page of it.
        current = items.filter(edition__statement=OuterRef("pk"), edition__number=OuterRef("current_edition"))
        count = current.values("edition").annotate(count=Count("pk")).values("count")
        return (
            self.select_related("consultation__country", "adoption")
            .defer("preamble", "note", "consultation__purpose", "consultation__outcome")
            .annotate(item_count=Coalesce(Subquery(count), 0))
        )


class EditionQuerySet(models.QuerySet):
    """Reads of editions."""

    def visible_to(self, user: Any) -> Self:
        """Editions of statements that are published; for the statement's own convenors all."""
        return self.filter(Q(published_at__isnull=False) | convened_by(user, "statement__consultation"))

    def current(self) -> Self:
        """The edition in force of each published statement."""
        return self.filter(statement__state__in=PUBLIC, number=F("statement__current_edition"))

    def for_trail(self) -> Self:
        """With statement, consultation, adoption, and `convened_by` as everybody may see it; the first first."""
        related = self.for_page().order_by("number")
        consultation = self.model.statement.field.related_model.consultation.field.related_model
        organisers = consultation.organisers.rel.related_model.objects.order_by("position", "id")
        local = F("organisation__" + build_localized_fieldname("name", get_language() or "en"))
        public = Coalesce(NullIf(local, Value("")), F("organisation__name"), output_field=models.CharField())
        name = Case(
            When(organisation=None, then=F("name")),
            When(organisation__visibility=Visibility.PUBLIC, then=public),
            default=Value(""),
            output_field=models.CharField(),
        )
        convening = organisers.filter(consultation=OuterRef("statement__consultation"), kind="convening")
        return related.annotate(convened_by=Subquery(convening.values_list(name)[:1]))

    def for_page(self) -> Self:
        """With statement, adoption, plenary, the corrigendum that made it; who signed on, reserved, sent in jointly."""
        signed = self.model.endorsements.rel.related_model.objects.filter(edition=OuterRef("pk"))
        positions = self.model.statement.field.related_model.positions.rel.related_model.objects
        reserved = positions.filter(statement=OuterRef("statement"), stance=Stance.RESERVATION)
        sources = positions.model.recommendation.field.related_model.sources.rel.related_model.objects
        joint = sources.filter(recommendation__statement=OuterRef("statement"), submission__joint=True)
        around = ("statement__consultation__country", "statement__adoption", "statement__plenary")
        there = {"is_endorsed": Exists(signed), "is_reserved": Exists(reserved), "is_joint": Exists(joint)}
        return self.select_related(*around, "corrigendum__corrects").annotate(**there)


class ItemQuerySet(models.QuerySet):
    """Reads of adopted items."""

    def visible_to(self, user: Any) -> Self:
        """Items of visible editions."""
        return self.filter(
            Q(edition__published_at__isnull=False) | convened_by(user, "edition__statement__consultation")
        )

    def for_document(self) -> Self:
        """With section and theme, in the order of the document: ASEAN first."""
        return self.select_related("section", "theme").order_by(F("section").asc(nulls_first=True), "number")

    def for_item_page(self) -> Self:
        """With everything around the edition; whether anybody had a reservation on it or sent it in jointly."""
        positions = self.model.recommendation.field.related_model.positions.rel.related_model.objects
        reserved = positions.filter(recommendation=OuterRef("recommendation"), stance=Stance.RESERVATION)
        sources = positions.model.recommendation.field.related_model.sources.rel.related_model.objects
        joint = sources.filter(recommendation=OuterRef("recommendation"), submission__joint=True)
        around = ("edition__statement__consultation__country", "edition__statement__adoption")
        return self.select_related(*around).annotate(is_reserved=Exists(reserved), is_joint=Exists(joint))

    def at(self, slug: str, section: str, number: int) -> Self:
        """The item at a permanent address, in each edition that has it, the latest first: section '' is ASEAN's."""
        found = self.alias(part=Coalesce("section_id", Value(""))).filter(part=section, number=number)
        return found.filter(edition__statement__slug=slug).order_by("-edition__number")

    def pairs(self) -> "PairQuerySet":
        """Return one row per item and addressee."""
        return PairQuerySet(self.model.addressees.through).filter(item__in=self)

    def for_office(self, body: int | None) -> Self:
        """Items addressed to the office or to one that it took over from, and those that were passed to it."""
        passed = office("responses__passed_to", body) & Q(responses__published_at__isnull=False)
        return self.filter(office("addressees", body) | passed).distinct()


class ConveyanceQuerySet(models.QuerySet):
    """Reads of conveyances."""

    def visible_to(self, user: Any) -> Self:
        """All for the statement's own convenors; those to the own office for liaisons; public ones for everybody."""
        standing = standing_of(user)
        seen = Q(public=True) & ~Q(state="prepared") | convened_by(user, "edition__statement__consultation")
        if standing.body:
            seen |= office("body", standing.body) & ~Q(state="prepared")
        return self.filter(seen)

    def unanswered(self) -> Self:
        """What was sent and waits for a receipt or for all of its answers."""
        return self.filter(state__in=["sent", "received", "acknowledged"])

    def addressed_to(self, body: int | None) -> Self:
        """Conveyances to one office, or to one that it took over from, that were sent and did not come back."""
        return self.filter(office("body", body)).exclude(state__in=["prepared", "returned"])

    def for_trail(self, statement: Any) -> Self:
        """What was sent of any edition of the statement, as everybody may know it, the first first."""
        sent = self.filter(edition__statement=statement, public=True).exclude(state="prepared")
        return sent.select_related("edition", "body").order_by("sent_on", "id")

    def for_desk(self) -> Self:
        """With the statement and the body that a row names."""
        return self.select_related("edition__statement__consultation", "body" + "__successor" * SUCCESSIONS)

    def overdue(self, today: date | None = None) -> Self:
        """Sent so long ago that an answer should be here."""
        day = (today or timezone.localdate()) - timedelta(days=settings.REPLY_EXPECTED_DAYS)
        return self.filter(sent_on__lte=day).exclude(state__in=["prepared", "answered", "returned"])


class ResponseQuerySet(models.QuerySet):
    """Reads of responses."""

    def visible_to(self, user: Any) -> Self:
        """Published ones for everybody; drafts for the own office, also those it took over."""
        standing = standing_of(user)
        own = office("body", standing.body) if standing.body else Q(pk__in=[])
        return self.filter(Q(published_at__isnull=False) | own)

    def published(self) -> Self:
        """What everybody may read, the latest first: a later answer is a new entry, the old one stays."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-id")

    def for_trail(self, statement: Any) -> Self:
        """What was answered to any edition of the statement, the first answer first."""
        said = self.published().filter(item__edition__statement=statement)
        return said.select_related("item__edition", "body").order_by("published_at", "id")

    def to_item(self, item: Any) -> Self:
        """Responses to the item in whichever edition: its section and number never mean another one."""
        return self.filter(
            item__edition__statement=item.edition.statement_id, item__section=item.section_id, item__number=item.number
        )


def _late(today: date | None) -> Q:
    """Where the day by which a reply was expected is over; old records may not name one."""
    day = today or timezone.localdate()
    return Q(reply_due__lt=day) | Q(reply_due=None, conveyed_on__lt=day - timedelta(days=settings.REPLY_EXPECTED_DAYS))


class PairQuerySet(models.QuerySet):
    """One row per item and addressee, with what the addressee's office said to it, in whichever edition."""

    def with_state(self, today: date | None = None) -> Self:
        """With `kind`, `answered_at`, `conveyed_on`, `reply_due` and `state`: a kind of response, or of silence."""
        state = Case(
            When(kind__isnull=False, then=F("kind")),
            When(conveyed_on=None, then=Value(Silence.NOT_CONVEYED)),
            When(_late(today), then=Value(Silence.OVERDUE)),
            default=Value(Silence.WAITING),
        )
        return self._with_answer().annotate(state=state)

    def by_urgency(self, today: date | None = None) -> Self:
        """The overdue first, then those in time, those not conveyed, and the answered ones; the oldest first."""
        urgency = Case(
            When(kind__isnull=False, then=Value(3)),
            When(conveyed_on=None, then=Value(2)),
            When(_late(today), then=Value(0)),
            default=Value(1),
        )
        return self.order_by(urgency, F("conveyed_on").asc(nulls_last=True), "item_id", "id")

    def _with_answer(self) -> Self:
        item = self.model._meta.get_field("item").related_model
        response, conveyance = (
            item.responses.rel.related_model,
            item.edition.field.related_model.conveyances.rel.related_model,
        )
        same_item = Q(
            item__edition__statement=OuterRef("item__edition__statement"), item__number=OuterRef("item__number")
        )
        answers = (
            response.objects.published()
            .alias(part=Coalesce("item__section_id", Value("")))
            .filter(same_item, _held_by("publicbody"), part=Coalesce(OuterRef("item__section_id"), Value("")))
        )
        sent = (
            conveyance.objects.filter(
                _held_by("publicbody"), edition__statement=OuterRef("item__edition__statement"), public=True
            )
            .exclude(state__in=["prepared", "returned"])
            .order_by("sent_on", "id")
        )
        return self.annotate(
            kind=Subquery(answers.values("kind")[:1]),
            answered_at=Subquery(answers.values("published_at")[:1]),
            conveyed_on=Subquery(sent.values("sent_on")[:1]),
            reply_due=Subquery(sent.values("reply_due")[:1]),
        )

    def of_office(self, body: Any) -> Self:
        """Those addressed to the office or to one that it took over from."""
        return self.filter(office("publicbody", body))

    def waiting(self) -> Self:
        """Conveyed, and without an answer."""
        return self.with_state().filter(kind=None, conveyed_on__isnull=False)

    def for_page(self) -> Self:
        """With the addressed body and the office that holds its tasks today."""
        return self.select_related("publicbody" + "__successor" * SUCCESSIONS)

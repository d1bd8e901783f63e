"""The weekly summary for members and liaisons: only what changed for them, composed where the apps meet.

It names no organisation and quotes no point: a mailbox may be read by others. What a person may see is asked again
when the mail is made, and an empty one is never sent.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Invitation
from portal import clock, dates, mail
from portal.mail import Letter, Recipient
from portal.models import LogEntry, OutgoingMessage, User
from recommendations.models import Conveyance, Edition, Fate, Item, Response, Statement
from stakeholders.models import LiaisonAppointment, Membership, PublicBody
from stakeholders.querysets import Standing, standing_of

logger = logging.getLogger(__name__)
MONDAY_MORNING = time(7)
# A clock that stood still catches up in two days; after that, next Monday tells it all.
CATCH_UP = timedelta(days=2)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed: what, where to read it, until when."""

    words: str
    url: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a summary is about: since the last one, until now."""

    since: datetime
    until: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether the moment is in it."""
        return at is not None and self.since < at <= self.until

    def came_near(self, at: datetime | None) -> bool:
        """Whether a deadline came within the days before it since the last summary: each is told once."""
        near = timedelta(days=settings.DEADLINE_NEAR_DAYS)
        return at is not None and self.until < at <= self.until + near and at > self.since + near


def sections(user: User, span: Span) -> list[Section]:
    """Return what changed for the person, in the active language; nothing they may not see at this moment."""
    standing, found = standing_of(user), []
    if standing.organisations:
        found += _for_member(user, standing, span)
    if standing.body is not None:
        found += _for_liaison(standing.body, span)
    filled = ((title, list(lines)) for title, lines in found)
    return [Section(title, lines) for title, lines in filled if lines]


def _for_member(user: User, standing: Standing, span: Span) -> list[tuple[str, Iterable[Line]]]:
    invited = Invitation.objects.visible_to(user).of(standing.organisations).select_related("consultation")
    running = list(invited.filter(consultation__state__in=("announced", "in_session")).order_by("pk"))
    return [
        (_("New invitations"), _invitations(running, span)),
        (_("Deadlines that come near"), _deadlines(running, span)),
        (_("What became of your points"), _points(standing, span)),
        (_("Texts that wait for a position"), _circulated(user, span)),
        (_("Adopted and published"), _published(invited, span)),
        (_("Answers to what you adopted"), _answers(invited, span)),
    ]


def _invitations(running: list[Invitation], span: Span) -> Iterator[Line]:
    for one in running:
        if one.state == "sent" and span.holds(one.sent_at):
            until = one.consultation.answers_close_at
            due = _("answer by %(moment)s") % {"moment": dates.moment(until, one.consultation.time_zone)}
            yield Line(one.consultation.public_title, reverse("invitation_answer", args=[one.pk]), due)


def _deadlines(running: list[Invitation], span: Span) -> Iterator[Line]:
    """Yield each deadline once, when it comes near; the one of a new invitation stands with the invitation."""
    for one in running:
        consultation, zone = one.consultation, one.consultation.time_zone
        waits = one.state in {"sent", "tentative", "undeliverable", "offered", "to_reconfirm"}
        closes, ends = consultation.answers_close_at, consultation.input_closes
        if waits and span.came_near(closes) and not span.holds(one.sent_at):
            due = _("answer by %(moment)s") % {"moment": dates.moment(closes, zone)}
            yield Line(consultation.public_title, reverse("invitation_answer", args=[one.pk]), due)
        if one.state != "declined" and consultation.is_open_for_input and span.came_near(ends):
            due = _("points until %(moment)s") % {"moment": dates.moment(ends, zone)}
            yield Line(consultation.public_title, reverse("submission_create", args=[consultation.slug]), due)


def _points(standing: Standing, span: Span) -> Iterator[Line]:
    mine = Fate.objects.filter(letter__organisation__in=standing.organisations, submission__state="in_treatment")
    told = mine.filter(created_at__gt=span.since, created_at__lte=span.until).newest().select_related("submission")
    for fate in told.order_by("created_at", "pk"):
        one = fate.submission
        day = dates.day(timezone.localdate(one.submitted_at)) if one.submitted_at else ""
        words = _("Your point of %(day)s: %(fate)s") % {"day": day, "fate": fate.get_treatment_display()}
        yield Line(words, one.get_absolute_url())


def _circulated(user: User, span: Span) -> Iterator[Line]:
    """Yield the statements that were put to the person's organisations and wait for their position."""
    told = _acts("table", "recommendations.statement", span)
    for one in Statement.objects.visible_to(user).filter(state="tabled", pk__in=told).select_related("consultation"):
        title = one.consultation.public_title if one.consultation.discreet else one.title
        yield Line(title, reverse("position_take", args=[one.consultation.slug]))


def _acts(verb: str, kind: str, span: Span) -> list[int]:
    """Return on which things of the kind the act was done in the time, as the log has it."""
    done = LogEntry.objects.filter(verb=verb, subject_type=kind, at__gt=span.since, at__lte=span.until)
    return list(done.order_by().values_list("subject_id", flat=True))


def _published(invited: Any, span: Span) -> Iterator[Line]:
    mine = invited.reached().order_by().values("consultation")
    rows = Edition.objects.current().filter(statement__consultation__in=mine)
    for one in rows.filter(published_at__gt=span.since, published_at__lte=span.until).order_by("published_at"):
        if not one.statement.consultation.discreet:
            yield Line(one.statement.title, one.statement.get_absolute_url())


def _answers(invited: Any, span: Span) -> Iterator[Line]:
    mine = invited.filter(state="accepted").order_by().values("consultation")
    said = Response.objects.published().filter(
        item__edition__statement__consultation__in=mine,
        item__edition__statement__state="published",
        item__edition__statement__consultation__discreet=False,
        published_at__gt=span.since,
        published_at__lte=span.until,
    )
    counts = said.order_by().values_list("item__edition__statement", "body")
    rows = list(counts.annotate(Count("item", distinct=True)).order_by("item__edition__statement", "body"))
    statements = Statement.objects.in_bulk({statement for statement, _body, _count in rows})
    bodies = PublicBody.objects.in_bulk({body for _statement, body, _count in rows})
    for statement, body, count in rows:
        sentence = ngettext("%(body)s answered %(count)d item of:", "%(body)s answered %(count)d items of:", count)
        words = f"{sentence % {'body': bodies[body].name, 'count': count}} {statements[statement].title}"
        yield Line(words, reverse("statement_timeline", args=[statements[statement].slug]))


def _for_liaison(body: int, span: Span) -> list[tuple[str, Iterable[Line]]]:
    sent = list(Conveyance.objects.addressed_to(body).unanswered().for_desk().order_by("sent_on", "pk"))
    new = set(_acts("convey", "recommendations.conveyance", span))
    return [
        (_("To acknowledge"), _to_acknowledge(sent, new, span)),
        (_("To answer"), _to_answer(sent, body, span)),
        (_("Due dates that come near"), _due(sent, span)),
    ]


def _conveyed(one: Conveyance, words: str = "") -> Line:
    due = _("answer expected by %(day)s") % {"day": dates.day(one.reply_due)} if one.reply_due else ""
    title = one.edition.statement.title
    return Line(f"{words} {title}".strip(), reverse("conveyance_detail", args=[one.pk]), due)


def _to_acknowledge(sent: list[Conveyance], new: set[int], span: Span) -> Iterator[Line]:
    """Yield what was conveyed in the time: as the log has it, or by its day where it came in with old records."""
    first, last = timezone.localdate(span.since), timezone.localdate(span.until)
    for one in sent:
        dated = one.sent_on and first < one.sent_on <= last
        if one.state in {"sent", "received"} and (one.pk in new or dated):
            yield _conveyed(one)


def _to_answer(sent: list[Conveyance], body: int, span: Span) -> Iterator[Line]:
    """Yield what was acknowledged in the time, with how many items wait for an answer."""
    for one in sent:
        if one.state == "acknowledged" and span.holds(one.acknowledged_at):
            items = Item.objects.filter(edition=one.edition_id)
            count = items.pairs().of_office(body).waiting().count()
            sentence = ngettext("%(count)d item waits for an answer:", "%(count)d items wait for an answer:", count)
            if count:
                yield _conveyed(one, sentence % {"count": count})


def _due(sent: list[Conveyance], span: Span) -> Iterator[Line]:
    """Yield each due date when it comes near, and once more when it is over."""
    for one in sent:
        if one.reply_due is None:
            continue
        ends = clock.end_of_day(one.reply_due, settings.TIME_ZONE)
        if span.came_near(ends):
            yield _conveyed(one)
        elif span.holds(ends):
            yield _conveyed(one, _("Overdue:"))


class WeeklyDigest(mail.Email):
    """What changed for a member or liaison since the last one. It is not sent where nothing did."""

    notice = True

    def recipients(self, subject: User) -> Iterable[Recipient]:
        """The person."""
        return [Recipient.of(subject)]

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, User]:
        """The people."""
        return User.objects.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: User, message: OutgoingMessage) -> Letter | None:
        """Nothing to somebody who wants none any more, may not sign in, or has nothing left to read."""
        times = [message.payload.get(name) for name in ("since", "until")]
        if not (subject.is_active and subject.wants_digest) or not all(times):
            return None
        span = Span(*map(datetime.fromisoformat, times))
        with translation.override(message.language), timezone.override(message.time_zone):
            found = sections(subject, span)
            links = {name: settings.SITE_URL + reverse(name) for name in ("desk", "profile")}
        return Letter({"sections": found, "person": subject, "site": settings.SITE_URL, **links}) if found else None


weekly_digest = WeeklyDigest()


def last_monday(zone: str, now: datetime) -> datetime:
    """Return the last Monday morning in the zone, at or before the moment."""
    local = now.astimezone(ZoneInfo(zone))
    day: date = local.date() - timedelta(days=local.weekday())
    at = datetime.combine(day, MONDAY_MORNING, ZoneInfo(zone))
    return at if at <= local else datetime.combine(day - timedelta(days=7), MONDAY_MORNING, ZoneInfo(zone))


@transaction.atomic
def send_digest(user: User, *, at: datetime) -> int:
    """Queue the person's summary of what changed since the last one, if anything did; return the number of mails.

    The marker moves on either way: the next one begins where this one ended. A second time in a week does nothing.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    monday, since = last_monday(user.time_zone, at), user.digest_sent_at or user.joined_at
    if not (user.is_active and user.wants_digest) or since >= monday:
        return 0
    span = Span(since, at)
    with translation.override(user.language):
        found = sections(user, span)
    User.objects.filter(pk=user.pk).update(digest_sent_at=at)
    if not found:
        return 0
    times = {"since": since.astimezone(UTC).isoformat(), "until": at.astimezone(UTC).isoformat()}
    return weekly_digest(user, version=monday.date().toordinal(), payload=times)


def due_readers(now: datetime) -> Iterator[User]:
    """Yield who had none since Monday morning in their zone, while that is at most two days ago. One query a zone."""
    today = clock.today_here()
    acting = Q(pk__in=Membership.objects.current(today).order_by().values("user"))
    acting |= Q(pk__in=LiaisonAppointment.objects.current(today).order_by().values("user"))
    readers = User.objects.filter(acting, is_active=True, wants_digest=True)
    for zone in list(readers.order_by().values_list("time_zone", flat=True).distinct()):
        monday = last_monday(zone, now)
        if now - monday < CATCH_UP:
            told = readers.annotate(told_at=Coalesce("digest_sent_at", "joined_at"))
            yield from told.filter(time_zone=zone, told_at__lt=monday).order_by("pk")[:BATCH]


@shared_task(name="portal.send_digests")
def send_digests() -> int:
    """Send the weekly summaries that are due; return how many. Safe to run twice, safe to miss a night or a week."""
    now, count = timezone.now(), 0
    for user in list(due_readers(now)):
        try:
            count += send_digest(user, at=now)
        except Exception:
            logger.exception("A weekly summary could not be made for account %s", user.pk)
    return count

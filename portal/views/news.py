"""News as an Atom feed: what was announced, moved, cancelled, concluded and published. Nothing about anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import dates
from portal.models import LogEntry
from portal.publishing import public_page
from recommendations.models import Edition

SHOWN = 50
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened. Its key is the same for ever, so that a reader program shows it once."""

    key: str
    title: str
    text: str
    url: str
    at: datetime


class Feed(Atom1Feed):
    """As Django's, but one without entries is always the same: nothing says when it was asked for."""

    def latest_post_date(self) -> datetime:
        """Return when the latest entry happened, or a day before there were any."""
        return max((item["updateddate"] for item in self.items), default=BEFORE)


@public_page
def news_feed(request: HttpRequest) -> HttpResponse:
    entries = sorted([*_of_consultations(), *_of_statements()], key=lambda one: one.at, reverse=True)[:SHOWN]
    feed = Feed(
        title=_("Mufakat: consultations and statements"),
        link=f"{settings.SITE_URL}{reverse('home')}",
        description=_("What was announced, moved, cancelled, concluded and published."),
        language=translation.get_language(),
        feed_url=f"{settings.SITE_URL}{request.path}",
        feed_guid=_tag(f"news/{translation.get_language()}"),
        author_name=_("The task force"),
    )
    for one in entries:
        times = {"pubdate": one.at, "updateddate": one.at}
        feed.add_item(one.title, f"{settings.SITE_URL}{one.url}", one.text, unique_id=_tag(one.key), **times)
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _tag(key: str) -> str:
    """Return a name by RFC 4151: it holds also where the address of the site changes its path."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{translation.get_language()}/{key}"


def _of_consultations() -> Iterator[News]:
    announced = _announcements()
    happened = Q(pk__in=announced) | Q(moved_at__isnull=False) | Q(cancelled_at__isnull=False)
    found = Consultation.objects.announced().filter(happened | Q(concluded_at__isnull=False))
    for one in found.select_related("country").order_by("-updated_at", "-pk")[: 2 * SHOWN]:
        yield from _of_consultation(one, announced.get(one.pk))


def _announcements() -> dict[int, datetime]:
    """Return when the latest consultations were announced: the log knows, and nobody else."""
    entries = LogEntry.objects.filter(subject_type=Consultation._meta.label_lower, verb="announce")
    return dict(entries.order_by("-number").values_list("subject_id", "at")[:SHOWN])


def _of_consultation(one: Consultation, announced_at: datetime | None) -> Iterator[News]:
    place = ", ".join(str(part) for part in (one.city, one.country) if part)
    when = " · ".join(filter(None, (dates.span(one.starts_on, one.ends_on), place)))
    happened: list[tuple[str, Any, str, str]] = [
        # What was written down after it had taken place is no announcement.
        ("announced", announced_at if _ahead_at(one, announced_at) else None, _("Announced: %(title)s"), one.purpose),
        ("moved", one.moved_at, _("Moved: %(title)s"), one.moved_because),
        ("cancelled", one.cancelled_at, _("Cancelled: %(title)s"), one.cancelled_because),
        ("concluded", one.concluded_at, _("Concluded: %(title)s"), one.outcome),
    ]
    for kind, at, title, words in happened:
        if at:
            key = (
                f"consultation/{one.pk}/{kind}/{at:%Y%m%d%H%M%S}"
                if kind == "moved"
                else f"consultation/{one.pk}/{kind}"
            )
            text = "\n".join(filter(None, (when, words)))
            yield News(key, title % {"title": one.title}, text, one.get_absolute_url(), at)


def _ahead_at(one: Consultation, at: datetime | None) -> bool:
    return at is not None and timezone.localdate(at) <= one.ends_on


def _of_statements() -> Iterator[News]:
    editions = Edition.objects.current().filter(published_at__isnull=False).for_page().defer("canonical")
    for edition in editions.order_by("-published_at", "-pk")[:SHOWN]:
        statement = edition.statement
        text = _("Adopted on %(day)s. Its items, their addressees and the answers stand on its page.")
        yield News(
            f"statement/{statement.pk}/edition/{edition.number}",
            _("Published: %(title)s") % {"title": statement.title},
            text % {"day": dates.day(edition.adopted_on)},
            statement.get_absolute_url(),
            edition.published_at,
        )

"""Circulated drafts on the desk: what a member can read and speak to, what waits for a convenor."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation
from portal import dates
from recommendations.models import CirculatedVersion
from stakeholders.querysets import Standing

Task = dict[str, Any]


def to_read(standing: Standing) -> list[Task]:
    """Return the versions that take comments now, of consultations to which one of the organisations goes."""
    invited = {"statement__consultation__invitations__organisation__in": standing.organisations}
    mine = Q(**invited, statement__consultation__invitations__state="accepted")
    found = CirculatedVersion.objects.with_newer().filter(mine, newer=False, statement__state="draft").distinct()
    open_now = found.filter(closes_at__gte=Now()).select_related("statement__consultation")
    return [
        {
            "name": _("Version %(number)d: %(title)s") % {"number": one.number, "title": one.statement.title},
            "url": one.get_absolute_url(),
            "note": one.statement.consultation.title,
            "due": _("until %(moment)s")
            % {"moment": dates.moment(one.closes_at, one.statement.consultation.time_zone)},
            "label": _("open"),
            "state": "info",
        }
        for one in open_now.order_by("closes_at")
    ]


def said(consultations: list[Consultation], waiting: dict[int, Any]) -> Iterator[Task]:
    """Yield how many comments and amendments wait in each consultation."""
    for consultation in consultations:
        count = waiting[consultation.pk]["comments"] + waiting[consultation.pk]["amendments"]
        if count:
            words = ngettext("%d comment or amendment waits for you", "%d comments and amendments wait for you", count)
            url = reverse("said_list", args=[consultation.slug])
            yield {"name": words % count, "url": url, "note": consultation.title, "due": "", "state": "needs"}

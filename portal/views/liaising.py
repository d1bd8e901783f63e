"""A liaison's part of the desk: what was conveyed to the office and waits for a receipt or an answer."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal import dates
from recommendations.models import Conveyance


def conveyances(body: int) -> list[dict[str, Any]]:
    """Return what was conveyed to the office, what waits for it first."""
    sent = Conveyance.objects.addressed_to(body).for_desk().order_by("sent_on", "pk")
    return sorted(map(_conveyance, sent), key=lambda task: task["state"] != "needs")


def _conveyance(conveyance: Conveyance) -> dict[str, Any]:
    steps = {
        "sent": _("Acknowledge receipt"),
        "received": _("Acknowledge receipt"),
        "acknowledged": _("Answer the items"),
    }
    step = steps.get(conveyance.state, "")
    due = conveyance.reply_due
    return {
        "name": conveyance.edition.statement.title,
        "url": reverse("conveyance_detail", args=[conveyance.pk]),
        "note": step,
        "due": _("answer expected by %(day)s") % {"day": dates.day(due)} if step and due else "",
        "label": _("overdue") if conveyance.is_overdue else _("waits for you") if step else _("answered"),
        "state": "needs" if step else "ok",
    }

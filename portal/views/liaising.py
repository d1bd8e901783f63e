"""A liaison's part of the desk: what was conveyed to the office and waits for a receipt or an answer."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Invitation
from portal import dates
from recommendations.models import Conveyance


def conveyances(body: int) -> list[dict[str, Any]]:
    """Return what was conveyed to the office, what waits for it first."""
    sent = Conveyance.objects.addressed_to(body).for_desk().order_by("sent_on", "pk")
    return sorted(map(_conveyance, sent), key=lambda task: task["state"] != "needs")


def invitations(body: int) -> list[dict[str, Any]]:
    """Return the invitations of the office to consultations ahead, those without an answer first."""
    sent = Invitation.objects.filter(body=body).reached().exclude(state="lapsed")
    ahead = sent.filter(consultation__state__in=("announced", "in_session")).select_related("consultation")
    tasks = map(_invitation, ahead.order_by("consultation__starts_on", "pk"))
    return sorted(tasks, key=lambda task: task["state"] != "needs")


def _invitation(invitation: Invitation) -> dict[str, Any]:
    consultation = invitation.consultation
    waits = invitation.state in {"sent", "undeliverable", "tentative", "to_reconfirm", "offered"}
    until = dates.day(consultation.answer_by or consultation.ends_on)
    return {
        "name": consultation.title,
        "url": reverse("invitation_answer", args=[invitation.pk]),
        "note": dates.span(consultation.starts_on, consultation.ends_on),
        "due": _("answer by %(day)s") % {"day": until} if waits else "",
        "label": _("waits for you") if waits else invitation.get_state_display(),
        "state": "needs" if waits else "ok",
    }


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

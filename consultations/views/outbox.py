"""The outbox: every invitation with its state and what became of its mail; preview; progress while it sends."""

from collections import Counter
from typing import Any

import nh3
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import emails
from consultations.models import Consultation, Invitation
from consultations.querysets import ANSWERED, HIDDEN_INVITATIONS, INVITATION_MAIL
from consultations.states import InvitationState
from consultations.views import filters
from portal import access, languages, log, mail
from portal.access import signed_in
from portal.models import OutgoingMessage
from stakeholders.models import Country, StakeholderGroup
from stakeholders.querysets import standing_of

State = OutgoingMessage.State
ON_THE_WAY = (State.QUEUED, State.SENDING, State.DEFERRED)
LOST = (State.FAILED, State.BOUNCED, State.WITHHELD)
PREVIEW_TOKEN = "0" * 40
KINDS = {
    "invitation": (emails.invitation_sent, gettext_lazy("Invitation")),
    "reminder": (emails.invitation_reminder, gettext_lazy("Reminder")),
}
BADGES = {
    **dict.fromkeys(("accepted",), "ok"),
    **dict.fromkeys(("sent", "tentative", "approved", "waitlisted", "to_reconfirm"), "wait"),
    **dict.fromkeys(("offered",), "info"),
    **dict.fromkeys(("declined", "revoked", "lapsed"), "no"),
    **dict.fromkeys(("undeliverable",), "needs"),
}


def to_outbox(consultation: Consultation) -> HttpResponseRedirect:
    """Return to the list of invitations."""
    return HttpResponseRedirect(reverse("invitation_outbox", args=[consultation.slug]))


def sending_counts(invitations: QuerySet) -> dict[str, Any]:
    """Return exactly what sending these would do: mails, in which languages, and letters for want of an address."""
    rows = list(invitations.values_list("address", "language"))
    spoken = Counter(languages.shipped_or_default(language) for address, language in rows if address)
    return {
        "mails": sum(spoken.values()),
        "letters": sum(not address for address, _language in rows),
        "in_languages": [{"code": code, "count": count} for code, count in sorted(spoken.items())],
    }


def _at_desk(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.select_related("country").prefetch_related("convenors")
    return access.fetch(request, found, "consultations.see_desk", slug=slug)


@signed_in
def invitation_outbox(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _at_desk(request, slug)
    now = filters.chosen(request, _allowed())
    page = filters.page_of(request, _rows(consultation, now))
    standing = standing_of(request.user)
    approved = consultation.invitations.filter(state="approved")
    tally = Counter(consultation.invitations.values_list("state", flat=True))
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "page": page,
        "rows": [_row(invitation, standing) for invitation in page.object_list],
        "query": filters.query(now),
        "filter_rows": [{"label": _("State"), "links": filters.links(now, "state", _state_options(tally))}],
        "drafted": tally["drafted"],
        "total": sum(tally.values()),
        **sending_counts(approved),
    }
    return render(request, "consultations/invitation_outbox.html", context)


def _state_options(tally: Counter) -> list[tuple[str, str]]:
    return [(state.value, f"{state.label} ({tally[state.value]})") for state in InvitationState if tally[state.value]]


def _allowed() -> dict[str, Any]:
    return {
        "state": [*InvitationState.values, "reached", "answered"],
        "group": StakeholderGroup.objects.values_list("slug", flat=True),
        "country": [*Country.objects.values_list("pk", flat=True), "none"],
    }


def _rows(consultation: Consultation, now: dict[str, str]) -> QuerySet:
    rows = consultation.invitations.for_desk().with_delivery().order_by("organisation__name", "pk")
    state = now.get("state", "")
    if state in {"reached", "answered"}:
        rows = rows.exclude(state__in=HIDDEN_INVITATIONS) if state == "reached" else rows.filter(state__in=ANSWERED)
    elif state:
        rows = rows.filter(state=state)
    if "group" in now:
        rows = rows.filter(organisation__groups__slug=now["group"])
    if "country" in now:
        rows = rows.filter(organisation__country=None if now["country"] == "none" else now["country"])
    return rows


def _row(invitation: Invitation, standing: Any) -> dict[str, Any]:
    sent = invitation.state not in {"drafted", "approved"}
    by_letter = not invitation.address
    delivery = State(invitation.delivery).label if invitation.delivery else ""
    return {
        "invitation": invitation,
        "name": invitation.shown_name(standing),
        "badge": BADGES.get(invitation.state, ""),
        "language": languages.shipped_or_default(invitation.language),
        "delivery": _("by letter") if by_letter else delivery,
        "lost": invitation.delivery in LOST,
        "repairable": invitation.can("repair"),
        "answerable": invitation.can("accept"),
        "revocable": invitation.can("revoke"),
        "by_letter": by_letter and sent,
        "by_trusted": invitation.by_trusted and invitation.state in ANSWERED,
    }


@signed_in
def invitation_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _at_desk(request, slug)
    invitation = access.fetch(request, Invitation.objects.for_mail(), consultation=consultation, pk=pk)
    own = languages.shipped_or_default(invitation.language)
    codes = [language.code for language in languages.SHIPPED]
    now = {"language": own, **filters.chosen(request, {"language": codes, "kind": KINDS})}
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "invitation": invitation,
        "name": invitation.shown_name(standing_of(request.user)),
        "mail": _as_read(invitation, now),
        "language": now["language"],
        "kinds": filters.links(
            {"kind": "invitation", **now}, "kind", [(kind, name) for kind, (_mail, name) in KINDS.items()]
        )[1:],
        "languages": filters.links(now, "language", languages.interface_choices())[1:],
        "own_language": own,
        "by_letter": _goes_by_letter(invitation),
    }
    return render(request, "consultations/invitation_preview.html", context)


def _as_read(invitation: Invitation, now: dict[str, str]) -> dict[str, str]:
    """Return the mail as its reader would get it in that language."""
    kind = KINDS[now.get("kind", "invitation")][0]
    letter = kind.content(invitation, now["language"], "" if _goes_by_letter(invitation) else PREVIEW_TOKEN)
    composed = mail.compose(_unsaved(kind, invitation, now["language"]), letter)
    return {"subject": composed.subject, "to": invitation.address, "text": composed.body, "html": _harmless(composed)}


def _goes_by_letter(invitation: Invitation) -> bool:
    """Whether the convenor prints it: only then does the page show the link that really opens."""
    return invitation.state == "sent" and not invitation.address


def _unsaved(kind: Any, invitation: Invitation, language: str) -> OutgoingMessage:
    zone = invitation.consultation.time_zone
    return OutgoingMessage(
        purpose=kind.purpose, subject_id=invitation.pk, recipient=invitation.address, language=language, time_zone=zone
    )


def _harmless(composed: Any) -> str:
    """Return the HTML part as a fragment without styles and scripts; the stylesheet of this page dresses it."""
    page = next((part.content for part in composed.alternatives if part.mimetype == "text/html"), "")
    tags = {"p", "strong", "br", "ul", "li", "a", "ol"}
    return nh3.clean(page, tags=tags, clean_content_tags={"script", "style", "title"}, link_rel=None)


@signed_in
def invitation_progress(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _at_desk(request, slug)
    messages = OutgoingMessage.objects.about(log.topic_of(consultation)).filter(purpose=INVITATION_MAIL)
    tally = messages.tally()
    total = sum(tally.values()) - tally.get(State.SUPERSEDED, 0)
    left = sum(tally.get(state, 0) for state in ON_THE_WAY)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "total": total,
        "sent": tally.get(State.SENT, 0) + tally.get(State.DELIVERED, 0),
        "deferred": tally.get(State.DEFERRED, 0),
        "lost": sum(tally.get(state, 0) for state in LOST),
        "finished": not left,
    }
    fragment = "parts/progress" if request.headers.get("HX-Request") else "invitation_progress"
    return render(request, f"consultations/{fragment}.html", context)

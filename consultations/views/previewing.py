"""The mail and the letter as each recipient reads them, in any language, before anything is sent; a test to oneself."""

from typing import Any

import nh3
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consultations import actions, emails, letters, placeholders
from consultations.models import Consultation, Invitation
from consultations.views import filters
from consultations.views.inviting import INVITE, own
from consultations.views.outbox import at_desk
from portal import access, languages, mail
from portal.access import signed_in
from portal.models import OutgoingMessage
from portal.once import once
from stakeholders.querysets import standing_of

KINDS = {
    "invitation": (emails.invitation_sent, gettext_lazy("Invitation")),
    "reminder": (emails.invitation_reminder, gettext_lazy("Reminder")),
    "moved": (emails.consultation_moved, gettext_lazy("Moved")),
    "cancelled": (emails.consultation_cancelled, gettext_lazy("Cancelled")),
}
LETTER = "letter"
REAL = frozenset({"sent", "tentative", "accepted", "to_reconfirm"})  # a letter is on its way


@signed_in
def invitation_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = at_desk(request, slug)
    invitation = access.fetch(request, Invitation.objects.for_mail(), consultation=consultation, pk=pk)
    now = _asked(request, consultation, invitation)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "invitation": invitation,
        "name": invitation.shown_name(standing_of(request.user)),
        "mail": _as_read(invitation, now),
        "language": now["language"],
        "kind": now["kind"],
        "kinds": filters.links(
            now, "kind", [*((kind, name) for kind, (_m, name) in KINDS.items()), (LETTER, _("Letter"))]
        )[1:],
        "languages": filters.links(
            now, "language", [(code, languages.own_name(code)) for code in _codes(consultation)]
        )[1:],
        "own_language": invitation.language,
        "real": now["kind"] == LETTER and is_real(invitation),
        "query": filters.query(now).rstrip("&"),
        **_of_kind(now["kind"]),
        **_neighbours(consultation, invitation),
    }
    return render(request, "consultations/invitation_preview.html", context)


def _of_kind(kind: str) -> dict[str, bool]:
    """Return whether it is a letter, tells what is still ahead, and brings an entry for calendars."""
    return {"by_letter": kind == LETTER, "ahead": kind in placeholders.BELOW, "entry": kind not in {"reminder", LETTER}}


def _codes(consultation: Consultation) -> list[str]:
    """Return the languages to choose from: those of the portal, of the recipients, and of the convenors' own words."""
    spoken = set(consultation.invitations.order_by().values_list("language", flat=True).distinct())
    written = {wording.language for wording in consultation.wordings.all()}
    known = {language.code for language in languages.SHIPPED} | spoken | written
    return [language.code for language in languages.LANGUAGES if language.code in known]


def _asked(request: HttpRequest, consultation: Consultation, invitation: Invitation) -> dict[str, str]:
    kind = LETTER if invitation.goes_on_paper else "invitation"
    chosen = filters.chosen(request, {"language": _codes(consultation), "kind": [*KINDS, LETTER]})
    return {"kind": kind, "language": invitation.language, **chosen}


def _neighbours(consultation: Consultation, invitation: Invitation) -> dict[str, Any]:
    """Return the invitations before and after, so that one can leaf through all of them."""
    others = consultation.invitations.order_by("pk").values_list("pk", flat=True)
    return {
        "before": others.filter(pk__lt=invitation.pk).last(),
        "after": others.filter(pk__gt=invitation.pk).first(),
    }


def is_real(invitation: Invitation) -> bool:
    """Whether the page shows the link that really opens: only that of a letter which is on its way."""
    return invitation.goes_on_paper and invitation.state in REAL


def _as_read(invitation: Invitation, now: dict[str, str]) -> dict[str, Any]:
    """Return the mail or the letter as its reader would get it in that language."""
    if now["kind"] == LETTER:
        token = "" if is_real(invitation) else emails.TEST_TOKEN
        return {"sheet": letters.sheet(invitation, now["language"], token), "to": ""}
    kind = KINDS[now["kind"]][0]
    letter = kind.content(invitation, now["language"], emails.TEST_TOKEN)
    composed = mail.compose(_unsaved(kind, invitation, now["language"]), letter)
    to = invitation.address if invitation.goes_by_mail else ""
    return {"subject": composed.subject, "to": to, "text": composed.body, "html": harmless(composed)}


def _unsaved(kind: Any, invitation: Invitation, language: str) -> OutgoingMessage:
    return OutgoingMessage(
        purpose=kind.purpose,
        subject_id=invitation.pk,
        recipient=invitation.address,
        language=languages.shipped_or_default(language),
        time_zone=invitation.consultation.time_zone,
    )


def harmless(composed: Any) -> str:
    """Return the HTML part as a fragment without styles and scripts; the stylesheet of this page dresses it."""
    page = next((part.content for part in composed.alternatives if part.mimetype == "text/html"), "")
    tags = {"p", "strong", "br", "ul", "li", "a", "ol"}
    return nh3.clean(page, tags=tags, clean_content_tags={"script", "style", "title"}, link_rel=None)


@signed_in
@require_POST
@once
def invitation_test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    invitation = access.fetch(request, Invitation.objects.for_mail(), consultation=consultation, pk=pk)
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    purpose = KINDS.get(kind, KINDS["invitation"])[0].purpose
    language = language if language in languages.BY_CODE else invitation.language
    actions.send_test(invitation, by=request.user, purpose=purpose, language=language)
    messages.success(
        request, _("A test is on its way to you, and to nobody else: %(address)s") % {"address": request.user.email}
    )
    query = f"?kind={kind if kind in KINDS else 'invitation'}&language={language}"
    return HttpResponseRedirect(reverse("invitation_preview", args=[consultation.slug, invitation.pk]) + query)

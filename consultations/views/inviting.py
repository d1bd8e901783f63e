"""The convenor approves invitations and takes them back; what is said about one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.models import Consultation, Invitation
from consultations.views.outbox import to_outbox
from portal import access
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders.querysets import standing_of

SEND = "consultations.send_invitations"
INVITE = "consultations.invite_organisations"


def own(request: HttpRequest, slug: str, permission: str) -> Consultation:
    """Return the consultation of one of its convenors."""
    found = Consultation.objects.select_related("country").asked_by(request.user)
    return access.fetch(request, found, permission, slug=slug)


def invitation_of(request: HttpRequest, consultation: Consultation, pk: int) -> Invitation:
    """Return one invitation of the consultation."""
    found = Invitation.objects.for_desk().select_related("consultation__country", "organisation__country")
    return access.fetch(request, found, consultation=consultation, pk=pk)


@signed_in
@require_POST
@once
def invitation_approve(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    ids = None if "all" in request.POST else [int(pk) for pk in request.POST.getlist("invitations") if pk.isdigit()]
    try:
        count = actions.approve_invitations(consultation, by=request.user, invitations=ids)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        sentence = ngettext("%(count)d invitation is approved.", "%(count)d invitations are approved.", count)
        messages.success(request, sentence % {"count": count})
    return to_outbox(consultation)


@signed_in
@require_POST
@once
def invitation_redraft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    invitation = invitation_of(request, consultation, pk)
    try:
        actions.redraft_invitation(invitation, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The invitation is drafted again, with a new link. Approve it, then send it."))
    return redirect("invitation_state", slug, pk)


def one_of(request: HttpRequest, consultation: Consultation, invitation: Invitation) -> dict[str, Any]:
    """Return what a page about one invitation begins with."""
    name = invitation.shown_name(standing_of(request.user))
    return {"consultation": consultation, "invitation": invitation, "name": name, "nav_current": "desk"}


@signed_in
@once
def invitation_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    invitation = invitation_of(request, consultation, pk)
    if request.method == "POST":
        try:
            actions.revoke_invitation(invitation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The invitation is revoked. Its link no longer works."))
        return to_outbox(consultation)
    return render(request, "consultations/invitation_revoke.html", one_of(request, consultation, invitation))

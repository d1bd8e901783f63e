"""The convenor invites: approve, send, remind, repair, revoke."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import RepairForm
from consultations.models import Consultation, Invitation
from consultations.views.outbox import sending_counts, to_outbox
from consultations.views.planning import refuse
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal
from stakeholders.querysets import standing_of

SEND = "consultations.send_invitations"
INVITE = "consultations.invite_organisations"


def own(request: HttpRequest, slug: str, permission: str) -> Consultation:
    """Return the consultation of one of its convenors."""
    found = Consultation.objects.select_related("country").prefetch_related("convenors")
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
@once
def invitation_send(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    if request.method == "POST":
        try:
            actions.send_invitations(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
            return to_outbox(consultation)
        return HttpResponseRedirect(reverse("invitation_progress", args=[consultation.slug]))
    counts = sending_counts(consultation.invitations.filter(state="approved"))
    context = {"consultation": consultation, "nav_current": "desk", **counts}
    return render(request, "consultations/invitation_send.html", context)


@signed_in
@once
def reminders_send(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    if request.method == "POST":
        try:
            count = actions.send_reminders(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            sentence = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
            messages.success(
                request, sentence % {"count": count} if count else _("Everybody was reminded today already.")
            )
        return to_outbox(consultation)
    waiting = consultation.invitations.remindable()
    letters = consultation.invitations.filter(state="sent", address="").count()
    context = {"consultation": consultation, "nav_current": "desk", "letters": letters, **sending_counts(waiting)}
    return render(request, "consultations/reminders_send.html", context)


@signed_in
@once
def invitation_repair(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    invitation = invitation_of(request, consultation, pk)
    form = RepairForm(request.POST or None, initial=kept_initial(request), invitation=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.repair_invitation(invitation, by=request.user, address=form.cleaned_data["address"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("The invitation is on its way to the new address. The old link no longer works.")
            )
            return to_outbox(consultation)
    context = {"form": form, **_one(request, consultation, invitation)}
    return render(request, "consultations/invitation_repair.html", context)


def _one(request: HttpRequest, consultation: Consultation, invitation: Invitation) -> dict[str, Any]:
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
    return render(request, "consultations/invitation_revoke.html", _one(request, consultation, invitation))

"""Who comes, as the invited name them: with the link of the mail, signed in, or by a convenor whom they called."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import DelegateForm
from consultations.models import Invitation, Seat
from consultations.states import Channel
from consultations.views.answering import gated, nameable, own_delegates, shown, whose
from portal.access import public
from portal.forms import kept_initial
from portal.models import User
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal

NAME = "consultations.name_delegates"


def _by(request: HttpRequest, channel: Channel) -> User | None:
    return request.user if channel == Channel.PORTAL else None


def _to_list(invitation: Invitation) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("delegate_list", args=[invitation.pk]))


def _seat(invitation: Invitation, pk: int) -> Seat:
    """Return one of those who come. Of another invitation there is none."""
    found = invitation.delegates.living().filter(pk=pk).first()
    if found is None:
        raise Http404
    found.invitation = invitation
    return found


def _context(request: HttpRequest, invitation: Invitation, channel: Channel) -> dict[str, Any]:
    context = shown(invitation, channel)
    convening = channel == Channel.PORTAL and not request.user.has_perm("consultations.see_invitation", invitation)
    name = "" if context["by_link"] else whose(invitation)
    return {**context, "convening": convening, "whose": name, "quick_exit": not convening}


@public
@once
def delegate_list(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _list_page, NAME)


def _list_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    if not nameable(invitation):
        return HttpResponseRedirect(reverse("invitation_answer", args=[invitation.pk]))
    form = DelegateForm(request.POST or None, invitation=invitation, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.nominate_delegate(invitation, by=_by(request, channel), who=form.delegate())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The name is noted."))
            return _to_list(invitation)
    seats = own_delegates(invitation)
    context = {"form": form, "seats": seats, "left": max(invitation.seats_accepted - len(seats), 0)}
    return render(request, "consultations/delegate_list.html", {**context, **_context(request, invitation, channel)})


@public
@require_POST
@once
def delegate_confirm(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    def act(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
        try:
            actions.confirm_delegate(_seat(invitation, seat), by=_by(request, channel))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        return _to_list(invitation)

    return gated(request, pk, act, NAME)


@public
@once
def delegate_substitute(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    def act(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
        return _substitute_page(request, _seat(invitation, seat), channel)

    return gated(request, pk, act, NAME)


def _substitute_page(request: HttpRequest, seat: Seat, channel: Channel) -> HttpResponse:
    invitation = seat.invitation
    initial = {"mode": seat.mode, "mandate": seat.mandate, **kept_initial(request)}
    form = DelegateForm(request.POST or None, invitation=invitation, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.substitute_delegate(seat, by=_by(request, channel), who=form.delegate())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Somebody else comes now. What was noted about the first person is deleted."))
            return _to_list(invitation)
    context = {"form": form, "seat": seat, **_context(request, invitation, channel)}
    return render(request, "consultations/delegate_substitute.html", context)


@public
@require_POST
@once
def delegate_excuse(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    def act(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
        try:
            actions.excuse_delegate(_seat(invitation, seat), by=_by(request, channel))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("This person no longer comes. Somebody else can be named."))
        return _to_list(invitation)

    return gated(request, pk, act, NAME)

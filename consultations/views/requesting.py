"""A forwarded link: whoever is not meant asks for a seat; a convenor settles it."""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import GrantForm, SeatRequestForm
from consultations.models import Consultation, Invitation, SeatRequest
from consultations.states import Channel
from consultations.views import filters
from consultations.views.answering import gated, shown
from consultations.views.inviting import SEND, own
from portal import access, text
from portal.access import public, signed_in
from portal.forms import kept_initial
from portal.limits import within_limit
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import standing_of


@public
@once
def seat_request(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _request_page)


def _request_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    form = SeatRequestForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        if not within_limit(request, "seat_request", f"invitation:{invitation.pk}"):
            return respond_429(request)
        try:
            actions.request_seat(invitation, who=form.asking(), by=request.user if channel == Channel.PORTAL else None)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("seat_request_receipt", invitation.pk)
    context = {"form": form, **shown(invitation, channel)}
    return render(request, "consultations/seat_request.html", context)


@public
def seat_request_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _receipt_page)


def _receipt_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    return render(request, "consultations/seat_request_receipt.html", shown(invitation, channel))


def _requests(consultation: Consultation) -> QuerySet:
    return SeatRequest.objects.filter(consultation=consultation).select_related(
        "invitation__organisation", "invitation__body", "by"
    )


@signed_in
def seat_request_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.see_desk")
    # Open, then granted, then declined: it happens to be the alphabet backwards.
    page = filters.page_of(request, _requests(consultation).order_by("-state", "asked_at", "pk"))
    standing = standing_of(request.user)
    context = {
        "consultation": consultation,
        "page": page,
        "rows": [_row(one, standing) for one in page.object_list],
        "query": "",
        "nav_current": "desk",
    }
    return render(request, "consultations/seat_request_list.html", context)


def _row(one: SeatRequest, standing: Any) -> dict[str, Any]:
    badges = {"open": "needs", "granted": "ok", "declined": "no"}
    return {"request": one, "badge": badges[one.state], "through": _through(one, standing)}


def _through(one: SeatRequest, standing: Any) -> str:
    return one.invitation.shown_name(standing) if one.invitation else ""


@signed_in
@once
def seat_request_grant(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    asked = access.fetch(request, _requests(consultation), pk=pk)
    sought = text.clean(request.GET.get("name", asked.organisation_name))[:200]
    form = GrantForm(request.POST or None, asked=asked, sought=sought, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_request(asked, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The invitation is approved. Check and send it with the others."))
            return HttpResponseRedirect(reverse("invitation_outbox", args=[slug]) + "?state=approved")
    context = {"consultation": consultation, "asked": asked, "form": form, "sought": sought, "nav_current": "desk"}
    context["through"] = _through(asked, standing_of(request.user))
    return render(request, "consultations/seat_request_grant.html", context)


@signed_in
@require_POST
@once
def seat_request_decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    asked = access.fetch(request, _requests(consultation), pk=pk)
    try:
        actions.decline_request(asked, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The request is declined."))
    return HttpResponseRedirect(reverse("seat_request_list", args=[slug]))

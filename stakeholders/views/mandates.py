"""One person's mandate: the person answers an invitation, a lead changes, ends or withdraws."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders import actions
from stakeholders.forms.mandates import MandateForm
from stakeholders.models import Membership


def _fetch(request: HttpRequest, pk: int) -> Membership:
    found: Membership = access.fetch(request, Membership.objects.select_related("organisation", "user"), pk=pk)
    return found


@signed_in
@once
def mandate_accept(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("You act for this organisation now. What waits for you is on your desk.")
    return _answered(request, pk, actions.accept_mandate, said)


@signed_in
@once
def mandate_decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _answered(request, pk, actions.decline_mandate, _("You declined. You see nothing of this organisation."))


def _answered(request: HttpRequest, pk: int, action: Callable[..., Membership], said: str) -> HttpResponse:
    """Answer an invitation and return to the desk. A plain visit changes nothing."""
    membership = _fetch(request, pk)
    if request.method == "POST":
        _do(request, membership, "stakeholders.answer_mandate", "invited", action, said)
    return redirect("desk")


def _do(
    request: HttpRequest, membership: Membership, permission: str, state: str, action: Callable[..., Any], said: str
) -> None:
    """Do it, and say so or why not. Somebody who was late reads that, others are not permitted."""
    if membership.state == state:
        access.require(request, permission, membership)
    try:
        action(membership, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, said)


@signed_in
@once
def mandate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _fetch(request, pk)
    access.require(request, "stakeholders.lead_people", membership.organisation)
    if request.method == "POST":
        said = _("The invitation is withdrawn.")
        _do(request, membership, "stakeholders.withdraw_mandate", "invited", actions.withdraw_mandate, said)
    return redirect("organisation_people", membership.organisation.slug)


@signed_in
@once
def mandate_change(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _fetch(request, pk)
    organisation = membership.organisation
    access.require(request, "stakeholders.lead_people", organisation)
    if request.method == "GET" and not request.user.has_perm("stakeholders.change_mandate", membership):
        return redirect("organisation_people", organisation.slug)
    form = MandateForm.of(membership, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_mandate(membership, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        else:
            messages.success(request, _("The mandate is changed."))
            return redirect("organisation_people", organisation.slug)
    context = {"membership": membership, "organisation": organisation, "form": form, "nav_current": "organisations"}
    return render(request, "stakeholders/mandate_change.html", context)


@signed_in
@once
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _fetch(request, pk)
    access.require(request, "stakeholders.lead_people", membership.organisation)
    if request.method != "POST":
        return redirect("mandate_change", pk)
    said = _("The mandate is ended. The person sees nothing of the organisation from now on.")
    _do(request, membership, "stakeholders.change_mandate", "active", actions.end_mandate, said)
    return redirect("organisation_people", membership.organisation.slug)

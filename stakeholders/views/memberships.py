"""The answer to somebody who asks for a seat."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders import actions
from stakeholders.models import Membership


@signed_in
@once
def membership_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _answered(request, pk, actions.confirm_membership, _("The seat is given. We have told the person."))


@signed_in
@once
def membership_decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _answered(request, pk, actions.decline_membership, _("The request is declined."))


def _answered(request: HttpRequest, pk: int, action: Callable[..., Membership], said: str) -> HttpResponse:
    """Answer a request and return to the desk, where the next one may wait. A plain visit changes nothing."""
    membership = access.fetch(request, Membership.objects.all(), pk=pk)
    if request.method == "POST":
        try:
            membership.demand("confirm")
            access.require(request, "stakeholders.confirm_membership", membership)
            action(membership, by=request.user)
            messages.success(request, said)
        except Refusal as refusal:
            messages.error(request, refusal.reason)
    return redirect("desk")

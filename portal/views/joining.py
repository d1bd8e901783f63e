"""From an invitation's link to a seat: whoever answered for an organisation may come to act for it."""

import hmac

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations.models import Invitation
from consultations.views.answering import HELD
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders.actions import join_organisation, owns_address
from stakeholders.models import Membership
from stakeholders.querysets import standing_of


@signed_in
@once
def organisation_join(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _opened(request, pk)
    organisation = invitation.organisation
    if request.method == "POST":
        try:
            membership = join_organisation(organisation, address=invitation.address, by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _said(membership))
            return redirect("desk")
    is_theirs = owns_address(request.user, invitation.address)
    name = organisation.name if is_theirs else organisation.shown_name(standing_of(request.user))
    context = {"invitation": invitation, "name": name, "is_theirs": is_theirs, "nav_current": "desk"}
    return render(request, "portal/organisation_join.html", context)


def _opened(request: HttpRequest, pk: int) -> Invitation:
    """Return the invitation whose link was opened in this browser. Any other does not exist here."""
    nonce = request.session.get(HELD, {}).get(str(pk), "")
    found = Invitation.objects.select_related("organisation", "consultation").filter(pk=pk).first()
    if not found or not found.link_works or not hmac.compare_digest(nonce.encode(), found.nonce.encode()):
        raise Http404
    return found


def _said(membership: Membership) -> str:
    if membership.state == "active":
        return _("You act for this organisation now. What waits for you is on your desk.")
    if membership.state == "invited":
        return _("You are invited to act for this organisation already. Answer on your desk.")
    return _("We have asked the organisation. You get a mail as soon as somebody confirms your seat.")

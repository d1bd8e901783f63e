"""The convenor's waiting list: how many seats are kept and free, who waits, what is offered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.models import Consultation, Invitation
from consultations.querysets import Room, kinds_of, room_of
from consultations.views import filters
from consultations.views.inviting import SEND, invitation_of, own
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders.querysets import standing_of

WAITING = ("offered", "waitlisted")


@signed_in
def waiting_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.see_desk")
    room = room_of(consultation)
    waiting = consultation.invitations.for_desk().filter(state__in=WAITING)
    page = filters.page_of(request, waiting.order_by("state", "offered_until", "waiting_since", "pk"))
    context = {
        "consultation": consultation,
        "kept": [{"name": _kept_name(one.quota), "kept": one} for one in room.kept],
        "room": room,
        "limited": consultation.seats is not None,
        "for_all_left": min(max(room.for_all - room.taken_of_all, 0), room.left),
        "page": page,
        "rows": _rows(consultation, page.object_list, room, standing_of(request.user)),
        "query": "",
        "nav_current": "desk",
    }
    return render(request, "consultations/waiting_list.html", context)


def _kept_name(quota: Any) -> str:
    return quota.group.name if quota.group else quota.get_bench_display()


def _rows(consultation: Consultation, shown: Any, room: Room, standing: Any) -> list[dict[str, Any]]:
    invitations = list(shown)
    kinds = kinds_of(consultation.invitations.filter(pk__in=[one.pk for one in invitations]))
    return [
        {
            "invitation": one,
            "name": one.shown_name(standing),
            "groups": _groups(one),
            "badge": "info" if one.state == "offered" else "wait",
            "fits": one.state == "waitlisted" and room.free_for(kinds[one.pk]) > 0,
            "passed": one.state == "waitlisted" and one.waiting_since is None,
            "to_call": one.state == "offered" and not one.address,
        }
        for one in invitations
    ]


def _groups(invitation: Invitation) -> str:
    if invitation.organisation:
        return ", ".join(group.name for group in invitation.organisation.groups.all())
    return invitation.get_bench_display()


def _to_list(slug: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("waiting_list", args=[slug]))


@signed_in
@require_POST
@once
def seats_offer(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    try:
        count = actions.offer_free_seats(consultation, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        sentence = ngettext("%(count)d offer is on its way.", "%(count)d offers are on their way.", count)
        nothing = _("No seat is free for anybody in the line.")
        messages.success(request, sentence % {"count": count} if count else nothing)
    return _to_list(slug)


@signed_in
@require_POST
@once
def seat_offer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    invitation = invitation_of(request, consultation, pk)
    try:
        invitation = actions.offer_seat(invitation, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        by_mail = _("The offer is on its way.")
        messages.success(request, by_mail if invitation.address else _("The seat is offered. Call them: no address."))
    return _to_list(slug)

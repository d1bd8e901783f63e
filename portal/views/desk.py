"""The personal page: what waits for this person, by what the person is today."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access import signed_in
from portal.models import User
from portal.views import convening, keeping, liaising, taking_part
from stakeholders.models import Membership, Organisation, PublicBody
from stakeholders.querysets import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the desk: what a person does in one of their roles."""

    title: str
    tasks: list[dict[str, Any]]
    empty: str = ""
    url: str = ""
    action: str = ""


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    user, standing = request.user, standing_of(request.user)
    context = {
        "parts": list(_parts(user, standing)),
        "requests": Membership.objects.answerable_by(user) if standing.member else [],
        "waiting": Membership.objects.open_requests().filter(user=user).prefetch_related("organisation__groups"),
        "acts_for": _acts_for(standing),
        "is_nobody_yet": not standing.member and not standing.trusted,
        "nav_current": "desk",
    }
    return render(request, "portal/desk.html", context)


def _parts(user: User, standing: Standing) -> Iterator[Part]:
    """Yield the parts of the desk: those with something to do stand first within each role."""
    proposed = keeping.proposed(user)
    if proposed:
        yield Part(_("You are proposed as a liaison"), proposed)
    if standing.administrator:
        tasks = keeping.due()
        yield Part(
            _("The offices"),
            tasks,
            _("Nothing waits for you."),
            reverse("administration"),
            _("Bodies, liaisons, terms"),
        )
    if standing.convenor:
        yield from _convenor_parts(user)
    if standing.organisations:
        yield from _member_parts(user, standing)
    if standing.body is not None:
        tasks = liaising.conveyances(standing.body)
        none = _("Nothing has been conveyed to your office through the portal.")
        yield Part(_("Conveyed to your office"), tasks, none, reverse("liaison_desk"), _("The desk of your office"))


def _convenor_parts(user: User) -> Iterator[Part]:
    consultations = convening.running(user)
    due = convening.due(consultations, user)
    yield Part(_("What is due"), due, _("Nothing waits for you."))
    yield Part(
        _("Your consultations"),
        convening.overview(consultations),
        _("You convene none at the moment."),
        reverse("consultation_create"),
        _("Schedule a consultation"),
    )


def _member_parts(user: User, standing: Standing) -> Iterator[Part]:
    yield Part(_("Invitations to answer"), taking_part.invitations(standing), _("Every invitation is answered."))
    tabled = taking_part.tabled(user, standing)
    if tabled:
        yield Part(_("Statements that wait for your position"), tabled)
    yield Part(
        _("Send in your points"), taking_part.open_for_points(standing), _("No consultation is open for you now.")
    )
    drafts = taking_part.drafts(standing)
    if drafts:
        yield Part(_("Drafts"), drafts)
    points = taking_part.points(standing)
    all_points = reverse("submission_list") if points else ""
    yield Part(
        _("What became of your points"),
        points,
        _("You see it here as soon as you have sent something in."),
        all_points,
        _("All your points"),
    )


def _acts_for(standing: Standing) -> list[dict[str, str]]:
    """Return for whom the person acts, as links."""
    organisations = Organisation.objects.filter(pk__in=standing.organisations) if standing.organisations else []
    found = [{"name": one.name, "url": one.get_absolute_url()} for one in organisations]
    if standing.body is not None:
        found += [
            {"name": body.name, "url": body.get_absolute_url()} for body in PublicBody.objects.filter(pk=standing.body)
        ]
    return found

"""The personal page: what waits for this person, by what the person is today."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import dates
from portal.access import signed_in
from portal.models import User
from portal.views import circulated, convening, keeping, liaising, mailing, registering, reporting, taking_part
from stakeholders.models import Membership, Organisation, PublicBody
from stakeholders.querysets import Standing, standing_of
from stakeholders.views.hats import chosen_organisation


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
    chosen, mine = chosen_organisation(request), list(Membership.objects.waiting_for(user))
    acts_for = _acts_for(standing, chosen)
    context = {
        "parts": list(_parts(user, standing.narrowed(chosen))),
        "requests": Membership.objects.answerable_by(user) if standing.member else [],
        "waiting": [one for one in mine if one.state == "requested"],
        "offers": [one for one in mine if one.state == "invited" and one.offer_ends_at > timezone.now()],
        "acts_for": acts_for,
        "acting_for": next((one for one in acts_for if one.get("current")), None),
        "hats": acts_for if len(standing.organisations) > 1 else [],
        "any_chosen": chosen is not None,
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
        none, url = _("Nothing waits for you."), reverse("administration")
        yield Part(_("The offices"), [*mailing.due(), *keeping.due()], none, url, _("Bodies, liaisons, terms"))
    if standing.convenor:
        yield from _convenor_parts(user)
    if standing.organisations:
        yield from _member_parts(user, standing)
    if meeting := reporting.due(user, standing):
        yield Part(_("Sessions and minutes"), meeting)
    if applications := _applications(user, standing):
        yield Part(_("Your organisation’s application"), applications)
    if standing.body is not None:
        yield from _office_parts(standing.body)


def _office_parts(body: int) -> Iterator[Part]:
    if invited := liaising.invitations(body):
        yield Part(_("Your office is invited"), invited, "", reverse("my_invitations"), _("All your invitations"))
    tasks = liaising.conveyances(body)
    none = _("Nothing has been conveyed to your office through the portal.")
    yield Part(_("Conveyed to your office"), tasks, none, reverse("liaison_desk"), _("The desk of your office"))


def _convenor_parts(user: User) -> Iterator[Part]:
    consultations = convening.running(user)
    due = [*mailing.due(), *registering.due(), *convening.due(consultations, user)]
    yield Part(_("What is due"), due, _("Nothing waits for you."), reverse("register_desk"), _("Register desk"))
    yield Part(
        _("Your consultations"),
        convening.overview(consultations),
        _("You convene none at the moment."),
        reverse("consultation_create"),
        _("Schedule a consultation"),
    )


def _member_parts(user: User, standing: Standing) -> Iterator[Part]:
    mine, comes = taking_part.invitations(standing)
    none = _("Every invitation is answered.")
    yield Part(_("Invitations to answer"), mine, none, reverse("my_invitations"), _("All your invitations"))
    if comes:
        yield Part(_("Where you come"), comes)
    if drafts := circulated.to_read(standing):
        yield Part(_("Drafts to read and to comment on"), drafts)
    tabled = taking_part.tabled(user, standing)
    if tabled:
        yield Part(_("Statements that wait for your position"), tabled)
    yield Part(
        _("Send in your points"), taking_part.open_for_points(standing), _("No consultation is open for you now.")
    )
    yield from _unsent_parts(user, standing)
    points = taking_part.points(standing)
    all_points = reverse("submission_list") if points else ""
    yield Part(
        _("What became of your points"),
        points,
        _("You see it here as soon as you have sent something in."),
        all_points,
        _("All your points"),
    )


def _unsent_parts(user: User, standing: Standing) -> Iterator[Part]:
    to_sign, drafts = taking_part.unsent(user, standing)
    if to_sign:
        yield Part(_("Texts that wait for your sign-off"), to_sign)
    if drafts:
        yield Part(_("Drafts"), drafts)


def _applications(user: User, standing: Standing) -> list[dict[str, Any]]:
    """Return the applications that are the person's business, until the person acts for the organisation."""
    found = Organisation.objects.applied_by(user).exclude(pk__in=standing.organisations)
    return [
        {
            "name": _("Application of %(day)s") % {"day": dates.day(timezone.localdate(one.applied_at))},
            "url": reverse("application_status", args=[one.slug]),
            "label": one.get_state_display(),
            "state": "wait" if one.state == "applied" else "needs",
        }
        for one in found.order_by("-applied_at")
    ]


def _acts_for(standing: Standing, chosen: int | None) -> list[dict[str, Any]]:
    """Return for whom the person acts, as links, with the page of the people of each."""
    organisations = Organisation.objects.filter(pk__in=standing.organisations) if standing.organisations else []
    found: list[dict[str, Any]] = [
        {
            "name": one.name,
            "url": one.get_absolute_url(),
            "people": reverse("organisation_people", args=[one.slug]),
            "pk": one.pk,
            "current": one.pk == chosen,
        }
        for one in organisations
    ]
    if standing.body is not None:
        found += [
            {"name": body.name, "url": body.get_absolute_url()} for body in PublicBody.objects.filter(pk=standing.body)
        ]
    return found

"""Pages for everybody: the first page, what the portal is, and an organisation with what it took part in."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import clock
from portal.models import User
from portal.publishing import public_page
from recommendations.models import Statement
from stakeholders.models import Country, Organisation
from stakeholders.querysets import standing_of
from stakeholders.views.portrait import organisation_at, portrait_of

SHOWN_OPEN = 6
SHOWN_STATEMENTS = 4


@public_page
def home(request: HttpRequest) -> HttpResponse:
    visible = Consultation.objects.visible_to(request.user)
    context = {
        "upcoming": visible.upcoming().for_list()[:SHOWN_OPEN],
        "statements": Statement.objects.published().for_list()[:SHOWN_STATEMENTS],
        "tiles": _tiles(Consultation.objects.visible_to(request.user)),
        "nav_current": "home",
    }
    return render(request, "portal/home.html", context)


@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@public_page
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the page's name
    return render(request, "portal/help.html")


@public_page
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_at(request, slug)
    if organisation.slug != slug:
        return redirect(organisation, permanent=True)
    may_see_people = request.user.has_perm("stakeholders.see_people", organisation)
    visible = Consultation.objects.visible_to(request.user)
    context = {
        "organisation": organisation,
        **portrait_of(organisation, request.user),
        "facts": _facts(organisation, may_see_people=may_see_people),
        "organised": visible.filter(organisers__organisation=organisation).for_list().distinct(),
        "adopted": _adopted(organisation),
        "own_bench": _own_bench(organisation, request.user),
        "may_decide": request.user.has_perm("stakeholders.decide_organisations", organisation),
        "may_see_people": may_see_people,
        "may_change": request.user.has_perm("stakeholders.change_organisation", organisation),
        **(_inside(organisation, request.user) if may_see_people else {}),
        "nav_current": "organisations",
    }
    return render(request, "portal/organisation_detail.html", context)


def _own_bench(organisation: Organisation, user: User) -> str:
    """Return the bench of one that is not civil society. A conflict that its groups do not tell is for members only."""
    told = not organisation.may_be_eligible or standing_of(user).member
    return organisation.hearing_bench if told and not organisation.is_civil_society else ""


def _adopted(organisation: Organisation) -> Any:
    """Return what it adopted, also under the name of a record that was merged into it since."""
    under = Q(adoption__adopters=organisation) | Q(adoption__adopters__merged_into=organisation)
    return Statement.objects.published().filter(under).for_list().distinct()


def _tiles(visible: Any) -> list[dict[str, Any]]:
    """Return the member states with the number of their consultations, placed as on the map."""
    there = Count("consultations", filter=Q(consultations__in=visible))
    page = reverse("consultation_list")
    return [
        {
            "code": country.code,
            "name": country.name,
            "url": f"{page}?country={country.code}",
            "count": country.there,
            "row": country.row,
            "col": country.column,
        }
        for country in Country.objects.annotate(there=there)
    ]


def _facts(organisation: Organisation, *, may_see_people: bool) -> list[dict[str, Any]]:
    register = reverse("organisation_list")
    country = organisation.country
    rows = [
        {
            "label": _("Country"),
            "value": country.name if country else _("several"),
            "url": f"{register}?country={country.code}" if country else "",
        },
        {"label": _("Works on the level"), "value": organisation.get_level_display()},
        {"label": _("Side of the migration"), "value": organisation.get_side_display()},
    ]
    if may_see_people and organisation.conflict:
        rows.append({"label": _("Heard on its own bench because it"), "value": organisation.get_conflict_display()})
    return [row for row in rows if row["value"]]


def _inside(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return what only convenors and the organisation's own people see."""
    return {
        "people": organisation.memberships.visible_to(user).acting(clock.today_here()).select_related("user"),
        "invitations": organisation.invitations.visible_to(user).select_related("consultation"),
    }

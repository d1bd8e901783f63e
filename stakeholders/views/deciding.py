"""The register desk: what waits for a decision; the page of one decision; groups that cannot apply."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders import actions, likeness, merging
from stakeholders.forms import DecisionForm, RecordForm
from stakeholders.models import Country, Organisation, OrganisationLink, OrganisationName
from stakeholders.states import OrganisationState, Verdict
from stakeholders.views import dossier

PER_PAGE = 50
TIES = Prefetch("links", OrganisationLink.objects.select_related("other"))  # who is tied comes along with the tie
DECIDE = "stakeholders.decide_organisations"
LISTS = {
    "applications": gettext_lazy("Applications"),
    "appeals": gettext_lazy("Appeals"),
    "retests": gettext_lazy("To be tested again"),
    "doubles": gettext_lazy("Possible doubles"),
    "suspended": gettext_lazy("Suspended"),
    "refused": gettext_lazy("Refused"),
}
# What can be decided in which state; the organisation's groups narrow it further.
POSSIBLE = {
    OrganisationState.APPLIED: (Verdict.ELIGIBLE, Verdict.OWN_BENCH, Verdict.REFUSED),
    OrganisationState.REFUSED: (Verdict.ELIGIBLE, Verdict.OWN_BENCH),
    OrganisationState.VERIFIED: (Verdict.ELIGIBLE, Verdict.OWN_BENCH, Verdict.SUSPENDED, Verdict.DISSOLVED),
    OrganisationState.SUSPENDED: (Verdict.REINSTATED, Verdict.DISSOLVED),
}


@signed_in
def register_desk(request: HttpRequest) -> HttpResponse:
    access.require(request, DECIDE)
    today = timezone.localdate()
    counts = Organisation.objects.desk_counts(today)
    counts["doubles"] = OrganisationName.objects.doubles().count()
    asked = request.GET.get("show", "")
    show = asked if asked in LISTS else next((name for name in LISTS if counts[name]), "applications")
    countries = {country.code: country.name for country in Country.objects.all()}
    country = request.GET.get("country", "") if request.GET.get("country") in countries and show != "doubles" else ""
    page = _page(request, _listed(show, today).filter(**({"country": country} if country else {})))
    context = {
        "lists": [_link(name, f"{label} ({counts[name]})", show, {}) for name, label in LISTS.items()],
        "countries": [_link(show, name, country, {"country": code}) for code, name in countries.items()],
        "country": country,
        "show": show,
        "page": page,
        "rows": _met(page) if show == "doubles" else list(page),
        "query": urlencode({"show": show, **({"country": country} if country else {})}) + "&",
        "nav_current": "desk",
    }
    return render(request, "stakeholders/register_desk.html", context)


def _link(show: str, name: str, now: str, more: dict[str, str]) -> dict[str, Any]:
    """Return one plain link of the filters."""
    return {"name": name, "url": "?" + urlencode({"show": show, **more}), "current": now in (more.values() or {show})}


def _listed(show: str, today: Any) -> QuerySet:
    found = {
        "applications": Organisation.objects.waiting,
        "appeals": Organisation.objects.appealing,
        "retests": lambda: Organisation.objects.to_retest(today),
        "suspended": lambda: Organisation.objects.filter(state=OrganisationState.SUSPENDED),
        "refused": lambda: Organisation.objects.filter(state=OrganisationState.REFUSED),
    }
    if show == "doubles":
        return OrganisationName.objects.doubles()
    rows = found[show]().select_related("country").prefetch_related("groups")
    return rows.order_by("retest_on", "pk") if show == "retests" else rows.oldest_first()


def _page(request: HttpRequest, rows: QuerySet) -> Page:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _met(page: Page) -> list[dict[str, Organisation]]:
    """Return the records that meet, two by two, the one to keep first. A third meets one of them after the merge."""
    rows = list(page)
    ids = {row[end] for row in rows for end in ("first", "last")}
    there = Organisation.objects.select_related("country").in_bulk(ids)
    pairs = [sorted((there[row["first"]], there[row["last"]]), key=_rank) for row in rows]
    return [{"kept": kept, "other": other} for kept, other in pairs]


def _rank(organisation: Organisation) -> tuple[int, int]:
    """Put the record first that would be kept: the one that stands highest, then the oldest."""
    return -merging.STANDING.index(OrganisationState(organisation.state)), organisation.pk


@signed_in
@once
def organisation_decide(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = fetched(request, slug)
    decisions = list(organisation.decisions.select_related("by", "appeal"))
    form = _form(request, organisation, decisions)
    if request.method == "POST" and form and form.is_valid():
        try:
            actions.DECISIONS[form.verdict](organisation, by=request.user, grounds=form.grounds())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The decision is on record."))
            return redirect("register_desk")
    return render(request, "stakeholders/organisation_decide.html", _context(organisation, decisions, form))


def fetched(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation with all that convenors read about it."""
    rows = Organisation.objects.select_related("country", "applicant", "terms", "decided_by")
    rows = rows.prefetch_related("groups", "countries", "traits", TIES)
    return access.fetch(request, rows, DECIDE, slug=slug)


def _possible(organisation: Organisation) -> list[Verdict]:
    """Return what can be decided now. Groups that are never seated can only be refused."""
    barred = set() if organisation.may_be_eligible else {Verdict.ELIGIBLE}
    if organisation.is_never_seated:
        barred |= {Verdict.OWN_BENCH, Verdict.REINSTATED}
    return [one for one in POSSIBLE.get(organisation.state, ()) if one not in barred]


def _form(request: HttpRequest, organisation: Organisation, decisions: list[Any]) -> DecisionForm | None:
    """Return the form of the decision that is asked for, or the first that is possible; None where none is."""
    possible = _possible(organisation)
    asked = request.GET.get("verdict", "")
    verdict = next((one for one in possible if one == asked), possible[0] if possible else None)
    if request.method == "POST" and asked in Verdict.values:
        verdict = Verdict(asked)  # never another decision than the one that was asked for: the action says why not
    if verdict is None or organisation.concerns(request.user) or _own_refusal(request.user, organisation, decisions):
        return None
    last = decisions[0].pk if decisions else 0
    typed = request.POST or None
    return DecisionForm(typed, verdict=verdict, organisation=organisation, seen=last, initial=kept_initial(request))


def _own_refusal(user: Any, organisation: Organisation, decisions: list[Any]) -> bool:
    """Whether the organisation appeals against what this person decided."""
    last = decisions[0] if decisions and organisation.state == OrganisationState.APPLIED else None
    return last is not None and last.by_id == user.pk and hasattr(last, "appeal")


def _context(organisation: Organisation, decisions: list[Any], form: Any) -> dict[str, Any]:
    chosen = form.verdict if form else None
    return {
        "organisation": organisation,
        "parts": dossier.application(organisation),
        "history": dossier.history(decisions),
        "alike": dossier.rows(likeness.look_alikes(organisation)),
        "form": form,
        "verdict": chosen,
        "own": form is None and bool(_possible(organisation)),
        "verdicts": [
            {"name": one.label, "url": f"?verdict={one}", "current": one == chosen} for one in _possible(organisation)
        ],
        "nav_current": "desk",
    }


@signed_in
@once
def organisation_record(request: HttpRequest) -> HttpResponse:
    access.require(request, DECIDE)
    form = RecordForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            organisation = actions.record_organisation(by=request.user, **form.facts())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is written down. Look for doubles, then decide."))
            return redirect("organisation_decide", organisation.slug)
    return render(request, "stakeholders/organisation_record.html", {"form": form, "nav_current": "desk"})

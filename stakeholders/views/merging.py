"""Two records become one: choose the other, see in numbers what would happen, then do it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import text
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders import actions, likeness, merging
from stakeholders.forms import MergeForm
from stakeholders.models import Organisation, OrganisationName
from stakeholders.states import NameKind, Visibility
from stakeholders.views import dossier
from stakeholders.views.deciding import fetched

SHOWN = 20


@signed_in
@once
def organisation_merge(request: HttpRequest, slug: str) -> HttpResponse:
    kept, other = fetched(request, slug), _other(request)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and other and form.is_valid():
        try:
            actions.merge_organisations(kept, other, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The two records are one now."))
            return redirect(kept)
    context = {"organisation": kept, "other": other, "form": form, "nav_current": "desk"}
    context |= _preview(kept, other) if other else _choice(request, kept)
    return render(request, "stakeholders/organisation_merge.html", context)


def _other(request: HttpRequest) -> Organisation | None:
    """Return the record that would go, where one is chosen."""
    asked = request.GET.get("with", "")
    return fetched(request, asked) if asked else None


def _choice(request: HttpRequest, kept: Organisation) -> dict[str, Any]:
    """Return who may be the same organisation: those alike, or those that a search found."""
    typed = text.clean(request.GET.get("q", ""))[:200]
    if typed:
        names = OrganisationName.objects.standing().filter(key__contains=text.comparison_key(typed))
        found = Organisation.objects.filter(pk__in=names.values("organisation")).exclude(pk=kept.pk)
        rows = [{"organisation": one, "name": one.name} for one in found.for_list()[:SHOWN]]
    else:
        rows = dossier.rows(likeness.look_alikes(kept))
    for row in rows:
        row["merge_url"] = merge_url(kept, row["organisation"])
    return {"typed": typed, "rows": rows}


def merge_url(kept: Organisation, other: Organisation) -> str:
    """Return the address of the preview."""
    return reverse("organisation_merge", args=[kept.slug]) + "?" + urlencode({"with": other.slug})


def _preview(kept: Organisation, other: Organisation) -> dict[str, Any]:
    """Return what would happen, or why it cannot."""
    try:
        merging.demand_mergeable(kept, other)
    except Refusal as refusal:
        return {"refused": refusal.reason, "swap_url": merge_url(other, kept)}
    gained = merging.new_names(kept, other, former=False)
    return {
        "rows": merging.preview(kept, other),
        "names": [{**name, "kind": NameKind(name["kind"]).label} for name in gained],
        "groups": [group.name for group in other.groups.all() if group not in kept.groups.all()],
        "visibility": Visibility(merging.stricter(kept, other)).label,
        "asking": other.state != "verified" and other.memberships.filter(state="active").count(),
        "to_own_bench": kept.is_civil_society and not other.is_civil_society,
        "swap_url": merge_url(other, kept),
        "sides": [_side(kept), _side(other)],
    }


def _side(organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "parts": dossier.application(organisation)}

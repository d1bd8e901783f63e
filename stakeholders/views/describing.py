"""What becomes of an application, for whoever sent it; and an organisation that changes its own profile."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Conflict, Refusal
from stakeholders import actions
from stakeholders.forms import EDITED, AppealForm, PartForm
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@signed_in
def application_status(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _applied(request, slug)
    acts_for_it = organisation.memberships.exclude(state="left").filter(user=request.user).first()
    decision = organisation.decisions.first()
    context = {
        "organisation": organisation,
        "name": _name(organisation, request.user),
        "decision": decision if decision and not hasattr(decision, "appeal") else None,
        "appealed": decision is not None and hasattr(decision, "appeal"),
        "membership": acts_for_it,
        "nav_current": "desk",
    }
    return render(request, "stakeholders/application_status.html", context)


def _applied(request: HttpRequest, slug: str) -> Organisation:
    """Return the person's own application. Any other looks absent."""
    found = Organisation.objects.applied_by(request.user).select_related("terms").prefetch_related("groups")
    return get_object_or_404(found, slug=slug)


def _name(organisation: Organisation, user: Any) -> str:
    """Return the name for its contact, and for whoever typed it until the decision; later as any reader may see it."""
    if organisation.state in {"applied", "refused"} or actions.owns_address(user, organisation.contact_email):
        return organisation.name
    return organisation.shown_name(standing_of(user))


@signed_in
@once
def application_appeal(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _applied(request, slug)
    form = AppealForm(request.POST or None, initial=kept_initial(request))
    if request.method != "POST" and not organisation.can("appeal"):
        return redirect("application_status", slug)
    if request.method == "POST" and form.is_valid():
        try:
            actions.appeal_decision(organisation, by=request.user, text=form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The appeal is sent. Another convenor reads it."))
            return redirect("application_status", slug)
    context = {"organisation": organisation, "form": form, "decision": organisation.decisions.first()}
    return render(request, "stakeholders/application_appeal.html", {**context, "nav_current": "desk"})


@signed_in
@once
def application_lead(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _applied(request, slug)
    if request.method != "POST":
        return redirect("application_status", slug)
    try:
        seat = actions.join_organisation(organisation, address=organisation.contact_email, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("application_status", slug)
    if seat.state != "active":
        messages.success(
            request, _("We have asked the organisation. You get a mail as soon as somebody confirms your seat.")
        )
        return redirect("application_status", slug)
    messages.success(request, _("You act for this organisation now. What waits for you is on your desk."))
    return redirect("desk")


@signed_in
@once
def organisation_edit(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    if part not in EDITED:
        raise Http404
    organisation = access.fetch(request, Organisation.objects.all(), "stakeholders.change_organisation", slug=slug)
    form, status, clash = _edit_form(request, organisation, part), 200, None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            saved = actions.change_organisation(organisation, by=request.user, version=version, **form.values())
        except Conflict as conflict:
            clash, status = form.clash(conflict.current), 409
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation_edit", saved.slug, part)
    parts = [{"name": name, "title": one.title} for name, one in EDITED.items()]
    context = {"organisation": organisation, "form": form, "part": part, "parts": parts, "conflict": clash}
    return render(request, "stakeholders/organisation_edit.html", context, status=status)


def _edit_form(request: HttpRequest, organisation: Organisation, part: str) -> PartForm:
    examples = (organisation.name, organisation.description)
    initial = kept_initial(request)
    return EDITED[part](
        request.POST or None, by=request.user, organisation=organisation, examples=examples, initial=initial
    )

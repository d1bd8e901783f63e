"""The people who act for an organisation: who they are, who is invited, who leads."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access, clock
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import OutgoingMessage
from portal.once import once
from portal.states import Refusal
from stakeholders import actions, emails
from stakeholders.forms.mandates import HandOverForm, LeadForm, OfferForm
from stakeholders.models import Membership, Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import Mandate, Role


def _of(request: HttpRequest, slug: str, permission: str = "stakeholders.see_people") -> Organisation:
    """Return the organisation through the one door, for whoever may see its people and do this."""
    organisation = access.fetch(request, Organisation.objects.for_list(), "stakeholders.see_people", slug=slug)
    access.require(request, permission, organisation)
    found: Organisation = organisation
    return found


def _refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentence beside the field that it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))


def _frame(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    name = organisation.shown_name(standing_of(request.user))
    return {"organisation": organisation, "name": name, "nav_current": "organisations"}


@signed_in
def organisation_people(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, standing, day = _of(request, slug), standing_of(request.user), clock.today_here()
    leads = organisation.pk in standing.leads
    everybody = organisation.memberships.visible_to(request.user).select_related("user")
    acting = list(everybody.acting(day).order_by("since", "pk"))
    context = {
        **_frame(request, organisation),
        "acting": [
            {"membership": one, "begins": one.since > day, "own": one.user_id == request.user.pk} for one in acting
        ],
        "offers": _offers(list(everybody.offered().order_by("pk")), named=leads or standing.convenor),
        "former": everybody.former(day).order_by("-until", "-pk"),
        "leads": leads,
        "names_shown": leads or standing.convenor,
        "is_own": organisation.pk in standing.organisations,
        "has_lead": any(one.role == Role.LEAD and one.since <= day for one in acting),
        "may_name_lead": request.user.has_perm("stakeholders.name_lead", organisation),
    }
    return render(request, "stakeholders/organisation_people.html", context)


def _offers(offered: list[Membership], *, named: bool) -> list[dict[str, Any]]:
    """Return the open invitations with the name and address that were typed: an account might tell others."""
    if not named or not offered:
        return [{"membership": one} for one in offered]
    sent = OutgoingMessage.objects.filter(
        purpose=emails.mandate_offered.purpose, subject_id__in=[one.pk for one in offered]
    )
    typed = dict(sent.values_list("subject_id", "payload"))
    return [{"membership": one, **typed.get(one.pk, {})} for one in offered]


@signed_in
@once
def mandate_offer(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of(request, slug, "stakeholders.lead_people")
    begin = {"role": Role.REPRESENTATIVE, "mandate": Mandate.APPOINTED, "since": clock.today_here()}
    form = OfferForm(request.POST or None, initial={**begin, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_colleague(organisation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            sent_to = {"address": form.cleaned_data["address"]}
            messages.success(request, _("The invitation is on its way to %(address)s.") % sent_to)
            return redirect("organisation_people", slug)
    return render(request, "stakeholders/mandate_offer.html", {**_frame(request, organisation), "form": form})


def _colleagues(request: HttpRequest, organisation: Organisation) -> list[Membership]:
    """Return the others who act for the organisation today."""
    current = organisation.memberships.current(clock.today_here()).exclude(user=request.user.pk)
    return list(current.select_related("user").order_by("since", "pk"))


@signed_in
@once
def lead_hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of(request, slug, "stakeholders.lead_people")
    people = _colleagues(request, organisation)
    form = HandOverForm(request.POST or None, people=people, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            heir = actions.hand_over_lead(organisation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s leads now.") % {"name": heir.user})
            return redirect("desk")
    context = {**_frame(request, organisation), "form": form, "people": people}
    return render(request, "stakeholders/lead_hand_over.html", context)


@signed_in
@once
def lead_name(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of(request, slug, "stakeholders.name_lead")
    people = _colleagues(request, organisation)
    form = LeadForm(request.POST or None, people=people, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            heir = actions.name_lead(organisation, by=request.user, to=form.cleaned_data["to"])
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s leads now.") % {"name": heir.user})
            return redirect("organisation_people", slug)
    context = {**_frame(request, organisation), "form": form, "people": people}
    return render(request, "stakeholders/lead_name.html", context)


@signed_in
@once
def organisation_leave(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of(request, slug)
    own = organisation.memberships.acting(clock.today_here()).filter(user=request.user.pk).first()
    if own is None:
        raise PermissionDenied
    if actions.is_last_lead(organisation, request.user):
        messages.info(request, _("You are the only one who leads. Say first who leads from now on."))
        return redirect("lead_hand_over", slug)
    if request.method == "POST":
        actions.leave_organisation(own, by=request.user)
        messages.success(request, _("You no longer act for this organisation. What you wrote stays with it."))
        return redirect("desk")
    return render(request, "stakeholders/organisation_leave.html", {**_frame(request, organisation), "own": own})


@signed_in
@once
def sign_off_set(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _of(request, slug, "stakeholders.lead_people")
    if request.method == "POST":
        on = request.POST.get("sign_off") == "on"
        actions.set_sign_off(organisation, by=request.user, on=on)
        said = _("From now on only a lead representative sends texts in.") if on else _("Representatives send in too.")
        messages.success(request, said)
    return redirect("organisation_people", slug)

"""Terms of office: an administrator names, a liaison asks for a colleague, the person accepts or declines."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders import actions
from stakeholders.forms.offices import AcceptForm, AppointForm, ExtendForm, PersonForm, TermForm
from stakeholders.models import LiaisonAppointment, Organisation, PublicBody
from stakeholders.querysets import standing_of


def typed(request: HttpRequest) -> dict[str, Any]:
    """Return the initial values of a form about a person: the language of the page, and what was typed before."""
    return {"language": get_language(), **kept_initial(request)}


@signed_in
@once
def liaison_appoint(request: HttpRequest, slug: str) -> HttpResponse:
    body = access.fetch(request, PublicBody.objects.all(), "stakeholders.appoint_liaison", slug=slug)
    form = AppointForm(request.POST or None, initial=typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.appoint_liaison(body, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The appointment is proposed. The person gets a mail and accepts or declines."))
            return redirect("administration")
    return render(request, "stakeholders/liaison_appoint.html", {"form": form, "body": body, "nav_current": "desk"})


@signed_in
@once
def colleague_propose(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.propose_colleague")
    body = PublicBody.objects.get(pk=standing_of(request.user).body)
    form = PersonForm(request.POST or None, initial=typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_colleague(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("We have asked the administrators. Your colleague gets a mail once one approves.")
            )
            return redirect("desk")
    return render(request, "stakeholders/colleague_propose.html", {"form": form, "body": body, "nav_current": "desk"})


@signed_in
@once
def appointment_approve(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = access.fetch(request, LiaisonAppointment.objects.not_over(), pk=pk)
    if request.method == "POST":
        access.require(request, "stakeholders.appoint_liaison")
        declines = request.POST.get("answer") == "decline"
        try:
            action = actions.decline_appointment if declines else actions.approve_appointment
            action(appointment, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Declined.") if declines else _("Approved. The person gets a mail."))
    return redirect("administration")


@signed_in
@once
def appointment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    mine = LiaisonAppointment.objects.not_over().filter(user=request.user)
    appointment = access.fetch(request, mine, "stakeholders.answer_appointment", pk=pk)
    held = Organisation.objects.filter(pk__in=actions.seats_of(request.user).values("organisation"))
    standing = standing_of(request.user)
    seats = [one.shown_name(standing) for one in held.prefetch_related("groups").order_by("pk")]
    form = AcceptForm(request.POST or None, initial={"seats": len(seats)})
    if request.method == "POST" and (request.POST.get("answer") == "decline" or form.is_valid()):
        try:
            said = _answer(request, appointment, form)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
            return redirect("appointment_answer", pk)
        messages.success(request, said)
        return redirect("desk")
    context = {"form": form, "appointment": appointment, "seats": seats, "nav_current": "desk"}
    return render(request, "stakeholders/appointment_answer.html", context)


def _answer(request: HttpRequest, appointment: LiaisonAppointment, form: AcceptForm) -> str:
    if request.POST.get("answer") == "decline":
        actions.decline_appointment(appointment, by=request.user)
        return _("You declined. The administrators see it.")
    actions.accept_appointment(appointment, by=request.user, seats=form.cleaned_data["seats"])
    return _("You answer for this office now. What waits for it is on your desk.")


@signed_in
@once
def appointment_extend(request: HttpRequest, pk: int) -> HttpResponse:
    shown = LiaisonAppointment.objects.not_over()
    appointment = access.fetch(request, shown, "stakeholders.extend_appointment", pk=pk)
    form = ExtendForm(request.POST or None, initial={"until": appointment.until, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend_appointment(appointment, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The term has a new last day. We have told the liaison."))
            return redirect("administration")
    context = {"form": form, "appointment": appointment, "nav_current": "desk"}
    return render(request, "stakeholders/appointment_extend.html", context)


@signed_in
@once
def term_create(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.name_term")
    form = TermForm(request.POST or None, initial=typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_for_term(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The term is on record. We have told the person."))
            return redirect("administration")
    return render(request, "stakeholders/term_create.html", {"form": form, "nav_current": "desk"})

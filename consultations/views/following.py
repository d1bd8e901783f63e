"""The convenor writes down what happens next and by when, changes it, and marks it as done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import StepForm
from consultations.models import Consultation, FollowUp
from portal import access, clock, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal

PLAN = "consultations.plan_next_steps"


def _own(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.select_related("country").asked_by(request.user)
    return access.fetch(request, found, PLAN, slug=slug)


def _step(request: HttpRequest, consultation: Consultation, pk: int) -> FollowUp:
    return access.fetch(request, FollowUp.objects.select_related("consultation"), consultation=consultation, pk=pk)


def _to_list(consultation: Consultation) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("next_step_list", args=[consultation.slug]))


@signed_in
def next_step_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug)
    today = clock.today_in(consultation.time_zone)
    steps = list(consultation.follow_ups.order_by("due_on", "pk"))
    waiting = [{"step": step, "late": step.due_on < today} for step in steps if not step.done_at]
    done = [step for step in steps if step.done_at]
    context = {"consultation": consultation, "waiting": waiting, "done": done, "nav_current": "desk"}
    return render(request, "consultations/next_step_list.html", context)


@signed_in
@once
def next_step_create(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug)
    form = StepForm(request.POST or None, consultation=consultation, initial=kept_initial(request))
    if saving.save(form, lambda: actions.add_next_step(consultation, by=request.user, **form.values())).done:
        messages.success(request, _("Saved."))
        return _to_list(consultation)
    context = {"consultation": consultation, "form": form, "nav_current": "desk"}
    return render(request, "consultations/next_step_create.html", context)


@signed_in
@once
def next_step_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _own(request, slug)
    step = _step(request, consultation, pk)
    form = StepForm(request.POST or None, consultation=consultation, step=step, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.change_next_step(
            step, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return _to_list(consultation)
    context = {"consultation": consultation, "step": step, "form": form, "nav_current": "desk", **tried.page}
    return render(request, "consultations/next_step_edit.html", context, status=tried.status)


@signed_in
@require_POST
@once
def next_step_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _own(request, slug)
    done = request.POST.get("done") != "no"
    try:
        actions.settle_next_step(_step(request, consultation, pk), by=request.user, done=done)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("Marked as done.") if done else _("Marked as not done."))
    return redirect("next_step_list", consultation.slug)

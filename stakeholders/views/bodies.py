"""An administrator writes down and changes public bodies."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Conflict, Refusal
from stakeholders import actions
from stakeholders.forms.bodies import BodyForm
from stakeholders.models import PublicBody


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentence beside the field that it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))


@signed_in
@once
def public_body_create(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.keep_bodies")
    form = BodyForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            body = actions.create_body(by=request.user, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The body is written down."))
            return redirect(body)
    return render(request, "stakeholders/public_body_create.html", {"form": form, "nav_current": "desk"})


@signed_in
@once
def public_body_edit(request: HttpRequest, slug: str) -> HttpResponse:
    body = access.fetch(request, PublicBody.objects.all(), "stakeholders.keep_bodies", slug=slug)
    form = BodyForm(request.POST or None, instance=body, initial=kept_initial(request))
    context, status = {"form": form, "body": body, "nav_current": "desk"}, 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_body(body, by=request.user, version=form.cleaned_data["version"], **form.values())
        except Conflict as conflict:
            context["conflict"], status = form.clash(conflict.current), 409
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(body)
    return render(request, "stakeholders/public_body_edit.html", context, status=status)

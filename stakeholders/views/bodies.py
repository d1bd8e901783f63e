"""An administrator writes down and changes public bodies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from stakeholders import actions
from stakeholders.forms.bodies import BodyForm
from stakeholders.models import PublicBody


@signed_in
@once
def public_body_create(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.keep_bodies")
    form = BodyForm(request.POST or None, initial=kept_initial(request))
    tried = saving.save(form, lambda: actions.create_body(by=request.user, **form.values()))
    if tried.done:
        messages.success(request, _("The body is written down."))
        return redirect(tried.made)
    return render(request, "stakeholders/public_body_create.html", {"form": form, "nav_current": "desk"})


@signed_in
@once
def public_body_edit(request: HttpRequest, slug: str) -> HttpResponse:
    body = access.fetch(request, PublicBody.objects.all(), "stakeholders.keep_bodies", slug=slug)
    form = BodyForm(request.POST or None, instance=body, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.change_body(body, by=request.user, version=form.cleaned_data["version"], **form.values()),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect(body)
    context = {"form": form, "body": body, "nav_current": "desk", **tried.page}
    return render(request, "stakeholders/public_body_edit.html", context, status=tried.status)

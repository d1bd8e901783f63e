"""The desk of a task-force administrator: public bodies, liaisons, terms of office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions import end_convenorship
from portal import access
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from portal.views.keeping import Offices
from stakeholders.forms.offices import EndTermForm
from stakeholders.models import Convenorship


@signed_in
def administration(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.keep_bodies")
    desk = Offices()
    context = {
        "tasks": list(desk.due()),
        "offices": desk.rows(),
        "asked": [one for one in desk.appointments if not one.approved],
        "terms": desk.terms,
        "today": desk.today,
        "nav_current": "desk",
    }
    return render(request, "portal/administration.html", context)


@signed_in
@once
def term_end(request: HttpRequest, pk: int) -> HttpResponse:
    terms = Convenorship.objects.not_over(timezone.localdate())
    term = access.fetch(request, terms, "stakeholders.end_term", pk=pk)
    form = EndTermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_convenorship(term, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The end of the term is on record."))
            return redirect("administration")
    return render(request, "portal/term_end.html", {"form": form, "term": term, "nav_current": "desk"})

"""The official calendar, as convenors keep it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms import MeetingForm
from consultations.models import OfficialMeeting
from portal import access, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once

KEEP = "consultations.keep_meetings"
PER_PAGE = 50


@signed_in
def meeting_list(request: HttpRequest) -> HttpResponse:
    access.require(request, KEEP)
    today = timezone.localdate()
    meetings = OfficialMeeting.objects.visible_to(request.user).for_list()
    past = request.GET.get("when") == "past"
    found = meetings.over(today) if past else meetings.ahead(today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "past": past, "query": "when=past&" if past else "", "nav_current": "desk"}
    return render(request, "consultations/meeting_list.html", context)


@signed_in
@once
def meeting_create(request: HttpRequest) -> HttpResponse:
    access.require(request, KEEP)
    form = MeetingForm(request.POST or None, initial=kept_initial(request))
    if saving.save(form, lambda: actions.note_meeting(by=request.user, **form.values())).done:
        messages.success(request, _("The meeting is in the official calendar."))
        return redirect("meeting_list")
    return render(request, "consultations/meeting_create.html", {"form": form, "nav_current": "desk"})


@signed_in
@once
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = access.fetch(request, OfficialMeeting.objects.all(), KEEP, pk=pk)
    form = MeetingForm(request.POST or None, meeting=meeting, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.change_meeting(
            meeting, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("meeting_list")
    context = {"form": form, "meeting": meeting, "nav_current": "desk", **tried.page}
    return render(request, "consultations/meeting_edit.html", context, status=tried.status)

"""The convenor plans: create, change one part at a time, announce, open, conclude."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions, emails
from consultations.forms import PARTS, ConcludeForm, CreateForm, PartForm, PeopleForm
from consultations.models import Consultation
from consultations.views.countdown import counted_back, warnings
from portal import access, clock
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal

# The parts in which days and places stand: they have a door of their own once people were invited.
MOVED_PARTS = ("when", "where")
MOST_EARLIER = 12  # consultations that are offered to be planned again


def to_desk(consultation: Consultation) -> HttpResponseRedirect:
    """Return to the consultation's desk."""
    return HttpResponseRedirect(reverse("consultation_desk", args=[consultation.slug]))


@signed_in
@once
def consultation_create(request: HttpRequest) -> HttpResponse:
    access.require(request, "consultations.create_consultation")
    form = CreateForm(request.POST or None, by=request.user, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        second = form.cleaned_data["second_convenor"]
        try:
            made = actions.create_consultation(by=request.user, convenors=[second] if second else [], **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The draft is saved. Only convenors see it until you announce it."))
            return to_desk(made)
    earlier = Consultation.objects.copied_by(request.user)[:MOST_EARLIER]
    context = {"form": form, "earlier": earlier, "nav_current": "desk"}
    return render(request, "consultations/consultation_create.html", context)


@signed_in
@once
def consultation_edit(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    if part not in PARTS:
        raise Http404
    consultation = own(request, slug, "consultations.change_consultation")
    form = _part_form(request, consultation, part)
    context, status = _edit_page(consultation, form, part), 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, consultation, form)
        except Conflict as conflict:
            context["conflict"], status = form.clash(conflict.current), 409
        except actions.Elsewhere as elsewhere:
            return _to_the_door(request, consultation, elsewhere)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _saved_message(form))
            return to_desk(saved)
    return render(request, "consultations/consultation_edit.html", context, status=status)


def _edit_page(consultation: Consultation, form: PartForm, part: str) -> dict[str, Any]:
    out = part in MOVED_PARTS and consultation.invitations.concerned().exists()
    counted, late = (counted_back(consultation), warnings(consultation)) if part == "ahead" else ([], [])
    context = {"consultation": consultation, "form": form, "part": part, "parts": _parts(), "nav_current": "desk"}
    return {**context, "out": out, "counted": counted, "late": late}


def _to_the_door(request: HttpRequest, consultation: Consultation, elsewhere: actions.Elsewhere) -> HttpResponse:
    """Lead to the page that moves, with what was typed: nothing is moved in silence, nothing is lost."""
    door = reverse("consultation_move", args=[consultation.slug])
    access.keep_input(request, door)
    messages.warning(request, str(elsewhere.reason))
    return HttpResponseRedirect(door)


def own(request: HttpRequest, slug: str, permission: str) -> Consultation:
    """Return the consultation, where the person has the permission on it."""
    found = Consultation.objects.select_related("country", "target").asked_by(request.user)
    return access.fetch(request, found, permission, slug=slug)


def _parts() -> list[dict[str, Any]]:
    return [{"name": name, "title": form.title} for name, form in PARTS.items()]


def _part_form(request: HttpRequest, consultation: Consultation, part: str) -> PartForm:
    kind = PARTS[part]
    values: dict[str, Any] = {"consultation": consultation, "initial": kept_initial(request)}
    if kind is PeopleForm:
        values["by"] = request.user
    return kind(request.POST or None, **values)


def _save(request: HttpRequest, consultation: Consultation, form: PartForm) -> Consultation:
    version = form.cleaned_data["version"] or 0
    if not isinstance(form, PeopleForm):
        return actions.change_consultation(consultation, by=request.user, version=version, **form.values())
    lines = [actions.OrganiserLine(kind, name, organisation) for kind, name, organisation in form.organisers]
    convenors = form.cleaned_data["convenors"]
    return actions.name_people(consultation, by=request.user, version=version, convenors=convenors, organisers=lines)


def _saved_message(form: PartForm) -> str:
    """Say which organisers were found in the register: a name that was not is shown to everybody as written."""
    if not isinstance(form, PeopleForm):
        return _("Saved.")
    free = [name for _kind, name, organisation in form.organisers if organisation is None]
    if not free:
        return _("Saved.")
    return _("Saved. Not in the register, so shown to everybody as written: %(names)s") % {"names": "; ".join(free)}


@signed_in
@once
def consultation_announce(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.announce_consultation")
    if request.method == "POST":
        try:
            actions.announce_consultation(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The consultation is announced."))
        return to_desk(consultation)
    context = {"consultation": consultation, "nav_current": "desk", "drafted": consultation.invitations.count()}
    return render(request, "consultations/consultation_announce.html", context)


@signed_in
@once
def consultation_open(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.open_session")
    if request.method == "POST":
        try:
            actions.open_session(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The consultation is in session."))
        return to_desk(consultation)
    too_early = clock.today_in(consultation.time_zone) < consultation.starts_on
    context = {"consultation": consultation, "nav_current": "desk", "too_early": too_early}
    return render(request, "consultations/consultation_open.html", context)


@signed_in
@once
def consultation_conclude(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.conclude_consultation")
    stored = {name: getattr(consultation, name) for name in ConcludeForm.base_fields if hasattr(consultation, name)}
    form = ConcludeForm(request.POST or None, initial={**stored, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        tell = values.pop("tell") == "now"
        try:
            count = actions.conclude_consultation(consultation, by=request.user, tell=tell, **values)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _concluded(count))
            return redirect("summary_readers" if tell else "summary_compose", consultation.slug)
    context = {
        "consultation": consultation,
        "form": form,
        "count": emails.invited(consultation).count(),
        "too_early": clock.today_in(consultation.time_zone) < consultation.starts_on,
        "nav_current": "desk",
    }
    return render(request, "consultations/consultation_conclude.html", context)


def _concluded(count: int) -> str:
    if not count:
        return _("The consultation is concluded. Nobody was told yet: read the summary, then send it.")
    sentence = ngettext(
        "The consultation is concluded. %(count)d summary is on its way.",
        "The consultation is concluded. %(count)d summaries are on their way.",
        count,
    )
    return sentence % {"count": count}

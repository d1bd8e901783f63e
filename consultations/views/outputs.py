"""Sessions with who reports from them and what they handed in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms import OutputForm, RapporteurForm
from consultations.models import Consultation, Session
from consultations.views.inviting import own
from portal import access, dates, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once

MINUTE = "consultations.write_minutes"
HAND_IN = "consultations.hand_in_output"


@signed_in
def output_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    sessions = consultation.sessions.select_related("rapporteur")
    context = {"consultation": consultation, "rows": [_row(one) for one in sessions], "nav_current": "desk"}
    return render(request, "consultations/output_list.html", context)


def _row(session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "when": dates.moment(session.starts_at, session.time_zone),
        "rapporteur": str(session.rapporteur) if session.rapporteur else session.rapporteur_name,
        "handed_in": dates.moment(session.output_at, session.time_zone) if session.output_at else "",
    }


def _session(request: HttpRequest, slug: str, pk: int, permission: str) -> Session:
    """Return the session, if the consultation is visible and the named right is given; else it does not exist."""
    found = Consultation.objects.select_related("country").asked_by(request.user)
    consultation = access.fetch(request, found, slug=slug)
    session = consultation.sessions.select_related("rapporteur").filter(pk=pk).first()
    if session is None:
        raise Http404
    session.consultation = consultation
    if not request.user.has_perm(permission, session):
        raise Http404
    return session


@signed_in
@once
def output_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    session = _session(request, slug, pk, HAND_IN)
    stored = {"version": session.version, "output": session.output}
    form = OutputForm(request.POST or None, initial={**stored, **kept_initial(request)})
    tried = saving.save(form, lambda: actions.hand_in_output(session, by=request.user, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("The output is handed in. You can change it until the consultation is archived."))
        return redirect("output_edit", slug, pk)
    context = {"session": session, "consultation": session.consultation, "form": form, "nav_current": "desk"}
    context |= tried.page
    context["when"] = dates.moment(session.starts_at, session.time_zone)
    context["is_convenor"] = request.user.has_perm(MINUTE, session.consultation)
    return render(request, "consultations/output_edit.html", context, status=tried.status)


@signed_in
@once
def rapporteur_name(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    session = consultation.sessions.filter(pk=pk).first()
    if session is None:
        raise Http404
    form = RapporteurForm(request.POST or None, session=session, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.name_rapporteur(
            session,
            by=request.user,
            user=form.cleaned_data["rapporteur"],
            name=form.cleaned_data["rapporteur_name"],
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("output_list", slug)
    context = {"consultation": consultation, "session": session, "form": form, "nav_current": "desk"}
    return render(request, "consultations/rapporteur_name.html", context)

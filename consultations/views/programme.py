"""The convenor's programme: sessions with their own day and place, and the agenda of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import ItemForm, SessionForm
from consultations.models import AgendaItem, Consultation, Session
from consultations.views.planning import own
from portal import saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal

CHANGE = "consultations.change_consultation"
Page = dict[str, Any]


def _session(consultation: Consultation, pk: int) -> Session:
    session = consultation.sessions.for_programme().filter(pk=pk).first()
    if session is None:
        raise Http404
    session.consultation = consultation
    return session


def _item(session: Session, pk: int) -> AgendaItem:
    item = session.items.filter(pk=pk).first()
    if item is None:
        raise Http404
    item.session = session
    return item


def _to_programme(consultation: Consultation, session: Session | None = None) -> HttpResponseRedirect:
    anchor = f"#session-{session.pk}" if session else ""
    return HttpResponseRedirect(reverse("programme_edit", args=[consultation.slug]) + anchor)


def _page(consultation: Consultation, **more: Any) -> Page:
    return {"consultation": consultation, "nav_current": "desk", **more}


@signed_in
def programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    sessions = list(consultation.sessions.for_programme())
    redrawn = actions.programme_was_redrawn(consultation)
    context = _page(consultation, sessions=sessions, redrawn=redrawn, out=_out(consultation))
    return render(request, "consultations/programme_edit.html", context)


def _out(consultation: Consultation) -> bool:
    """Whether people were invited, so that days and places are moved by the one door."""
    return consultation.invitations.concerned().exists()


@signed_in
@once
def session_create(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    form = SessionForm(request.POST or None, of=consultation, initial=kept_initial(request))
    tried = saving.save(form, lambda: actions.add_session(consultation, by=request.user, **form.values()))
    if tried.done:
        messages.success(request, _("The session is in the programme."))
        return _to_programme(consultation, tried.made)
    return render(request, "consultations/session_create.html", _page(consultation, form=form, out=_out(consultation)))


@signed_in
@once
def session_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    form = SessionForm(request.POST or None, of=consultation, session=session, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.change_session(
            session, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return _to_programme(consultation, session)
    context = _page(consultation, form=form, session=session, out=_out(consultation), **tried.page)
    return render(request, "consultations/session_edit.html", context, status=tried.status)


@signed_in
@once
def session_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    if request.method == "POST":
        try:
            actions.remove_session(session, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The session is out of the programme."))
        return _to_programme(consultation)
    context = _page(consultation, session=session, items=len(session.items.all()), out=_out(consultation))
    return render(request, "consultations/session_remove.html", context)


@signed_in
@once
def agenda_item_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    form = ItemForm(request.POST or None, initial=kept_initial(request))
    if saving.save(form, lambda: actions.add_item(session, by=request.user, **form.values())).done:
        messages.success(request, _("The point is on the agenda."))
        return _to_programme(consultation, session)
    return render(request, "consultations/agenda_item_create.html", _page(consultation, form=form, session=session))


@signed_in
@once
def agenda_item_edit(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    point = _item(session, item)
    form = ItemForm(request.POST or None, item=point, initial=kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.change_item(point, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return _to_programme(consultation, session)
    context = _page(consultation, form=form, session=session, item=point, **tried.page)
    return render(request, "consultations/agenda_item_edit.html", context, status=tried.status)


@signed_in
@require_POST
@once
def agenda_item_shift(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    try:
        actions.shift_item(_item(session, item), by=request.user, up=request.POST.get("to") == "up")
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    return _to_programme(consultation, session)


@signed_in
@require_POST
@once
def agenda_item_remove(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    session = _session(consultation, pk)
    try:
        actions.remove_item(_item(session, item), by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The point is off the agenda."))
    return _to_programme(consultation, session)

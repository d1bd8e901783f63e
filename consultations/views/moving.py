"""The doors through which a consultation is moved, called off, left or copied. Each says first what happens."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions
from consultations.forms import CancelForm, CopyForm, MoveForm
from consultations.models import Consultation
from consultations.states import WordingKind
from consultations.views.planning import own, to_desk
from portal import languages, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal


@signed_in
@once
def consultation_move(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.move_consultation")
    out = consultation.invitations.concerned().exists()
    form = MoveForm(request.POST or None, consultation=consultation, out=out, initial=kept_initial(request))
    tried = saving.save(form, lambda: _move(request, consultation, form))
    if tried.done:
        messages.success(request, _told(_("It is moved."), tried.made))
        return to_desk(consultation)
    context = _page(consultation, WordingKind.MOVED, form=form, out=out, **tried.page)
    return render(request, "consultations/consultation_move.html", context, status=tried.status)


def _page(consultation: Consultation, kind: WordingKind, **more: Any) -> dict[str, Any]:
    reach, redrawn = actions.reach(consultation), actions.programme_was_redrawn(consultation)
    written = consultation.wordings.filter(kind=kind).order_by("language").values_list("language", flat=True)
    words = {"kind": kind, "own_words": [languages.own_name(code) for code in written]}
    return {"consultation": consultation, "reach": reach, "redrawn": redrawn, "nav_current": "desk", **words, **more}


def _move(request: HttpRequest, consultation: Consultation, form: MoveForm) -> actions.Reach:
    lines = [actions.SessionLine(**line) for line in form.moved_lines()]
    version = form.cleaned_data["version"] or 0
    return actions.move_consultation(consultation, by=request.user, version=version, lines=lines, **form.values())


def _told(done: str, reached: actions.Reach) -> str:
    """Say whom it reached, and who is left for the convenor to tell."""
    words = [done]
    if reached.mails:
        sentence = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", reached.mails)
        words.append(sentence % {"count": reached.mails})
    if reached.by_hand:
        sentence = ngettext(
            "%(count)d has no address that works: call or write.",
            "%(count)d have no address that works: call or write.",
            reached.by_hand,
        )
        words.append(sentence % {"count": reached.by_hand})
    return " ".join(words)


@signed_in
@once
def consultation_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.cancel_consultation")
    form = CancelForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            reached = actions.cancel_consultation(consultation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _told(_("The consultation is cancelled."), reached))
            return to_desk(consultation)
    points = consultation.submissions.filter(submitted_at__isnull=False).count()
    context = _page(consultation, WordingKind.CANCELLED, form=form, points=points)
    return render(request, "consultations/consultation_cancel.html", context)


@signed_in
@once
def consultation_leave(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.leave_consultation")
    if request.method == "POST":
        try:
            actions.leave_consultation(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
            return to_desk(consultation)
        messages.success(request, _("You no longer convene this consultation."))
        return redirect("desk")
    context = {"consultation": consultation, "nav_current": "desk"}
    return render(request, "consultations/consultation_leave.html", context)


@signed_in
@once
def consultation_copy(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.copy_consultation")
    form = CopyForm(request.POST or None, consultation=consultation, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.copy_consultation(consultation, by=request.user, starts_on=form.cleaned_data["starts_on"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The draft is saved. Look at each of its parts before you announce it."))
            return to_desk(made)
    counts = {name: getattr(consultation, name).count() for name in ("sessions", "organisers", "quotas", "wordings")}
    context = {"consultation": consultation, "form": form, "counts": counts, "nav_current": "desk"}
    return render(request, "consultations/consultation_copy.html", context)

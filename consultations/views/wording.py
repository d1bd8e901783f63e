"""The convenors' own words: which are written in which language, and the page on which one of them is written."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import actions, placeholders
from consultations.forms import WordingForm
from consultations.models import Consultation, Wording
from consultations.states import WordingKind
from consultations.views.inviting import own
from consultations.views.outbox import at_desk
from consultations.views.sending import CHANGE
from portal import languages
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal


@signed_in
def wording_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    invited = consultation.invitations.exclude(state="revoked").order_by()
    readers = Counter(dict(invited.values_list("language").annotate(Count("pk"))))
    written = {(one.kind, one.language): one for one in consultation.wordings.all()}
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "kinds": [{"code": kind.value, "name": kind.label} for kind in placeholders.KINDS],
        "rows": [
            {
                "language": language.code,
                "readers": readers[language.code],
                "shipped": language.shipped,
                "cells": [
                    {"kind": kind.value, "name": kind.label, "own": (kind.value, language.code) in written}
                    for kind in placeholders.KINDS
                ],
            }
            for language in _in_order(readers)
        ],
    }
    return render(request, "consultations/wording_list.html", context)


def _in_order(readers: Counter) -> list[languages.Language]:
    """Return the languages: those that recipients read first, the most read on top."""
    return sorted(languages.LANGUAGES, key=lambda one: (-readers[one.code], not one.shipped))


@signed_in
@once
def wording_edit(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    if kind not in placeholders.KINDS or language not in languages.BY_CODE:
        raise Http404
    consultation = own(request, slug, CHANGE)
    there = consultation.wordings.filter(kind=kind, language=language).first()
    form = _form(request, consultation, kind, language, there)
    context, status = {"form": form, "there": there, **_around(consultation, kind, language)}, 200
    if request.method == "POST" and form.is_valid():
        try:
            values = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
            saved = actions.save_wording(consultation, by=request.user, kind=kind, language=language, **values)
        except Conflict as conflict:
            context["conflict"], status = form.clash(conflict.current), 409
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            _tell(request, form, saved)
            return _after(consultation, kind, language)
    return render(request, "consultations/wording_edit.html", context, status=status)


def _form(
    request: HttpRequest, consultation: Consultation, kind: str, language: str, there: Wording | None
) -> WordingForm:
    """Return the form with what is written, or with the usual words to begin from."""
    subject, body = placeholders.usual(consultation, kind, language)
    stored = {"subject": subject, "body": body, "version": 0}
    if there:
        stored = {"subject": there.subject, "body": there.body, "version": there.version}
    initial = {**stored, **kept_initial(request)}
    return WordingForm(request.POST or None, consultation=consultation, kind=kind, language=language, initial=initial)


def _around(consultation: Consultation, kind: str, language: str) -> dict[str, Any]:
    names = placeholders.offered(consultation, kind)
    return {
        "nav_current": "desk",
        "consultation": consultation,
        "kind": WordingKind(kind),
        "language": language,
        "shipped": languages.shipped_or_default(language) == language,
        "names": [{"name": "{" + name + "}", "says": placeholders.NAMES[name]} for name in names],
        "in_subject": ", ".join("{" + name + "}" for name in placeholders.offered(consultation, kind, subject=True)),
        "below": kind in placeholders.BELOW,
        "readers": consultation.invitations.filter(language=language).exclude(state="revoked").count(),
    }


def _tell(request: HttpRequest, form: WordingForm, saved: Wording | None) -> None:
    """Say what stands now, and what is worth a second look."""
    messages.success(request, _("Saved.") if saved else _("The usual words stand again."))
    for remark in form.remarks():
        messages.warning(request, remark)


def _after(consultation: Consultation, kind: str, language: str) -> HttpResponseRedirect:
    """Show the words as somebody would read them who reads this language; else the list."""
    readers = consultation.invitations.exclude(state="revoked").order_by("pk")
    one = readers.filter(language=language).first() or readers.first()
    if one is None:
        return HttpResponseRedirect(reverse("wording_list", args=[consultation.slug]))
    address = reverse("invitation_preview", args=[consultation.slug, one.pk])
    return HttpResponseRedirect(f"{address}?kind={kind}&language={language}")

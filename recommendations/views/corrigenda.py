"""The convenors set letters right in a published text: by passage, explained, confirmed, issued as an edition."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import access, differences, languages
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.forms.corrigenda import CorrigendumForm, PassageForm
from recommendations.models import Corrigendum, Edition, Statement
from recommendations.views.answers import clash, to

PERMISSION = "recommendations.correct_edition"
NAMES = {
    "title": gettext_lazy("Title"),
    "official_title": gettext_lazy("Official title"),
    "preamble": gettext_lazy("Preamble"),
}


@signed_in
@once
def corrigendum_begin(request: HttpRequest, slug: str) -> HttpResponse:
    statement = access.fetch(request, Statement.objects.of_consultation(), PERMISSION, slug=slug)
    if request.method == "POST":
        actions.begin_corrigendum(statement, by=request.user)
        return to("corrigendum_edit", slug)
    if Corrigendum.objects.open().filter(statement=statement).exists():
        return to("corrigendum_edit", slug)
    context = {"statement": statement, "consultation": statement.consultation, "nav_current": "desk"}
    return render(request, "recommendations/corrigendum_begin.html", context)


def _open(request: HttpRequest, slug: str) -> Corrigendum:
    """Return the corrigendum that is being prepared; whoever may not correct the statement sees none (403 or 404)."""
    statement = access.fetch(request, Statement.objects.of_consultation(), PERMISSION, slug=slug)
    found = Corrigendum.objects.open().for_desk().filter(statement=statement).first()
    if found is None:
        raise Http404
    return found


@signed_in
@once
def corrigendum_edit(request: HttpRequest, slug: str) -> HttpResponse:
    corrigendum = _open(request, slug)
    form = CorrigendumForm(request.POST or None, instance=corrigendum, initial=kept_initial(request))
    context = _context(request, corrigendum, form)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.explain_corrigendum(corrigendum, by=request.user, version=version, **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/corrigendum_edit.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("corrigendum_edit", slug, anchor="issue")
    return render(request, "recommendations/corrigendum_edit.html", context)


def _context(request: HttpRequest, corrigendum: Corrigendum, form: CorrigendumForm) -> dict[str, Any]:
    second = settings.TWO_CONVENORS
    proposed = corrigendum.state == "proposed"
    return {
        "corrigendum": corrigendum,
        "statement": corrigendum.statement,
        "consultation": corrigendum.statement.consultation,
        "form": form,
        "rows": list(_rows(corrigendum)),
        "lacks": actions.what_a_corrigendum_lacks(corrigendum),
        "next_number": corrigendum.corrects.number + 1,
        "proposed": proposed,
        "two": second,
        "may_issue": (proposed and corrigendum.by_id != request.user.pk) if second else True,
        "nav_current": "desk",
    }


def name_of(key: str) -> str:
    """Return what a passage is called."""
    return str(NAMES.get(key) or _("Item %(label)s") % {"label": key})


def _rows(corrigendum: Corrigendum) -> Iterator[dict[str, Any]]:
    """Yield each passage, with what is changed in it."""
    for key, texts in actions.passages_of(corrigendum.corrects).items():
        changed = corrigendum.texts.get(key, {})
        opening = texts.get(corrigendum.corrects.prevailing_language) or next(iter(texts.values()))
        yield {
            "key": key.replace(" ", "-"),
            "name": name_of(key),
            "opening": opening,
            "language": next(code for code, text in texts.items() if text == opening),
            "changes": [
                {
                    "language": code,
                    "name": languages.own_name(code),
                    "difference": differences.marked(texts[code], text),
                }
                for code, text in changed.items()
            ],
        }


@signed_in
@once
def corrigendum_passage(request: HttpRequest, slug: str, passage: str) -> HttpResponse:
    corrigendum = _open(request, slug)
    key = passage if passage in NAMES else passage.replace("-", " ")
    form = _passage_form(request, corrigendum, key)
    context = {"statement": corrigendum.statement, "form": form, "name": name_of(key), "nav_current": "desk"}
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.correct_passage(corrigendum, by=request.user, version=version, key=key, texts=form.texts)
        except Conflict as conflict:
            return clash(request, "recommendations/corrigendum_passage.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("corrigendum_edit", slug)
    return render(request, "recommendations/corrigendum_passage.html", context)


def _passage_form(request: HttpRequest, corrigendum: Corrigendum, key: str) -> PassageForm:
    """Return the form of one passage, or nothing (404) where the edition has none of this name."""
    before = actions.passages_of(corrigendum.corrects).get(key)
    if before is None:
        raise Http404
    initial = {"version": corrigendum.version, **kept_initial(request)}
    return PassageForm(
        request.POST or None, key=key, before=before, now=corrigendum.texts.get(key, {}), initial=initial
    )


@signed_in
@once
def corrigendum_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose it, take it back, give it up, or issue it."""
    corrigendum = _open(request, slug)
    verb = request.POST.get("verb", "")
    if request.method != "POST" or verb not in MOVES:
        return to("corrigendum_edit", slug)
    try:
        MOVES[verb](corrigendum, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return to("corrigendum_edit", slug)
    if verb == "issue":
        messages.success(request, _("The new edition is in force."))
        return to("statement_detail", slug)
    return to("corrigendum_edit", slug) if verb != "drop" else to("trail_desk", slug)


MOVES = {
    "propose": actions.propose_corrigendum,
    "reopen": actions.reopen_corrigendum,
    "drop": actions.drop_corrigendum,
    "issue": actions.issue_corrigendum,
}


def corrections(edition: Edition) -> list[dict[str, Any]]:
    """Return what the corrigendum that made the edition changed, as differences; nothing where none did."""
    found = getattr(edition, "corrigendum", None)
    if found is None:
        return []
    return [
        {"name": name_of(key), "language": code, "difference": differences.marked(old, new)}
        for key, code, old, new in actions.changes_between(found.corrects, edition)
    ]

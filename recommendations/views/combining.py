"""One recommendation of the common text with everything around it: sources, versions, place, join, split."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal import differences, languages, text
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions, canonical
from recommendations.forms.combining import AddSourcesForm, JoinForm, MarkSourceForm, PlaceForm, SplitForm
from recommendations.models import Recommendation, Source, Statement, Submission
from recommendations.views.answers import numbered, statement_of, to
from recommendations.views.common_text import back, code_of
from stakeholders.querysets import standing_of

SEE, CHANGE = "recommendations.see_workspace", "recommendations.change_statement"
MOST_CHOSEN = 50
LONGEST = 15  # digits of a number that a row may have


def frame(statement: Statement, **more: Any) -> dict[str, Any]:
    """Return what every page of the desk around one text has."""
    return {"statement": statement, "consultation": statement.consultation, "nav_current": "desk", **more}


def plain_statement(request: HttpRequest, slug: str) -> Statement:
    """Return the consultation's statement through the one door."""
    return statement_of(request, slug, SEE)


def one_of(statement: Statement, pk: int) -> Recommendation:
    """Return a recommendation of the text with its sources, or 404; `label` is how it stands in the text."""
    texts = statement.recommendations.select_related("section", "theme", "joined_into")
    texts = texts.prefetch_related("addressees", "sources__submission__organisation", "sources__submission__section")
    found: Recommendation = get_object_or_404(texts, pk=pk)
    found.label = {one.pk: label for label, one in numbered(statement.common_text)}.get(pk, "")
    return found


def may_change(request: HttpRequest, statement: Statement) -> bool:
    """Whether its words may still change; if not, the person is told."""
    if request.user.has_perm(CHANGE, statement):
        return True
    messages.error(request, _("The statement is tabled or adopted: its words stand still."))
    return False


@signed_in
def recommendation_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    context = frame(
        statement,
        one=one,
        texts=_texts(one),
        sources=list(one.sources.all()),
        brackets=one.brackets.prefetch_related("wordings__submissions__organisation").select_related("chosen"),
        versions=one.revisions.count(),
        standings=actions.standing_of_languages(one, [code for code, _own in languages.interface_choices()]),
        own=standing_of(request.user).organisations,
        can_change=request.user.has_perm(CHANGE, statement) and one.state in {"drafting", "deferred"},
    )
    return render(request, "recommendations/recommendation_detail.html", context)


def _texts(one: Any) -> list[dict[str, str]]:
    """Return the words in each language that has some."""
    return [{"language": code, "text": words} for code, words in canonical.in_each_language(one, "text").items()]


@signed_in
def recommendation_versions(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    rows = list(one.revisions.select_related("by", "section").order_by("-number"))
    new, old = _two(request, rows)
    context = frame(statement, one=one, rows=rows, new=new, old=old, changes=_changes(old, new) if old else [])
    return render(request, "recommendations/recommendation_versions.html", context)


def _two(request: HttpRequest, rows: list[Any]) -> tuple[Any, Any]:
    """Return the newer and the older version that are compared: as asked, else the last two."""
    by_number = {str(row.number): row for row in rows}
    asked = [by_number.get(request.GET.get(name, "")) for name in ("new", "old")]
    pair = [row for row in asked if row] if all(asked) else rows[:2]
    pair = sorted(pair, key=lambda row: -row.number)
    return (pair[0] if pair else None), (pair[1] if len(pair) > 1 else None)


def _changes(old: Any, new: Any) -> list[dict[str, Any]]:
    """Return, per language in which one of the two has words, the difference."""
    before, after = canonical.in_each_language(old, "text"), canonical.in_each_language(new, "text")
    return [
        {"language": one, "difference": differences.marked(before.get(one.code, ""), after.get(one.code, ""))}
        for one in languages.LANGUAGES
        if one.code in before or one.code in after
    ]


@signed_in
@once
def recommendation_place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    if request.method == "GET" and not may_change(request, statement):
        return back(request, one)
    here = {"section": code_of(one.section_id), "place": _place(one)}
    form = PlaceForm(
        request.POST or None, initial={**here, **kept_initial(request)}, consultation=statement.consultation
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_recommendation(one, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return back(request, one, moved=one.pk, from_section=here["section"], from_place=here["place"])
    return render(request, "recommendations/recommendation_place.html", frame(statement, one=one, form=form))


def _place(one: Any) -> int:
    """Return the place of a recommendation in its section, as its label says it."""
    last = one.label.rpartition(" ")[2]
    return int(last) if last else 1


@signed_in
@once
def recommendation_join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    if request.method == "GET" and not may_change(request, statement):
        return back(request, one)
    asked = request.GET.get("with", "")
    if not (asked.isascii() and asked.isdigit()):
        rows = [(label, row) for label, row in numbered(statement.common_text) if row.pk != pk]
        return render(request, "recommendations/recommendation_pick.html", frame(statement, one=one, rows=rows))
    other = one_of(statement, int(asked))
    form = JoinForm(request.POST or None, instance=one, initial=kept_initial(request), other=other)
    context = frame(statement, one=one, other=other, other_texts=_texts(other), form=form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.join_recommendation(
                other, by=request.user, into=one, versions=form.versions, words=form.texts("text")
            )
        except Refusal as refusal:
            return _again(request, "recommendations/recommendation_join.html", context, refusal)
        return back(request, one)
    return render(request, "recommendations/recommendation_join.html", context)


def _again(request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal) -> HttpResponse:
    """Show the form again with what was typed; after a clash also what stands there now, with 409."""
    form = context["form"]
    refuse(form, refusal)
    if not isinstance(refusal, Conflict):
        return render(request, template, context)
    form.data = form.data.copy()
    for name, about in (("version", context["one"]), ("other_version", context.get("other"))):
        if about and name in form.fields:
            form.data[name] = str(Recommendation.objects.values_list("version", flat=True).get(pk=about.pk))
    context["now"] = _texts(Recommendation.objects.get(pk=context["one"].pk))
    return render(request, template, context, status=409)


@signed_in
@once
def recommendation_split(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    if request.method == "GET" and not may_change(request, statement):
        return back(request, one)
    form = SplitForm(request.POST or None, instance=one, initial=kept_initial(request), sources=list(one.sources.all()))
    context = frame(statement, one=one, form=form)
    if request.method == "POST" and form.is_valid():
        words = {"words": form.texts("text"), "other_words": form.other_words, "places": form.places}
        try:
            other = actions.split_recommendation(one, by=request.user, version=form.cleaned_data["version"], **words)
        except Refusal as refusal:
            return _again(request, "recommendations/recommendation_split.html", context, refusal)
        return back(request, other)
    return render(request, "recommendations/recommendation_split.html", context)


@signed_in
@once
def sources_add(request: HttpRequest, slug: str) -> HttpResponse:
    statement = plain_statement(request, slug)
    chosen = chosen_of(statement, request)
    if not chosen:
        messages.error(request, _("Choose at least one submission."))
        return to("workspace", slug)
    live = [one for one in statement.common_text if one.state in {"drafting", "deferred"}]
    choices = [(f"{label}: {text.opening(one.shown.text)}", one) for label, one in numbered(live)]
    supports = all(one.kind in {"testimony", "data", "lesson"} for one in chosen)
    initial = {"use": "evidence" if supports else "words", **kept_initial(request)}
    form = AddSourcesForm(request.POST or None, initial=initial, recommendations=choices)
    if request.method == "POST" and form.is_valid():
        one, evidence = form.cleaned_data["recommendation"], form.cleaned_data["use"] == "evidence"
        try:
            actions.add_sources(one, by=request.user, submissions=chosen, evidence=evidence)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return back(request, one)
    return render(request, "recommendations/sources_add.html", frame(statement, form=form, chosen=chosen))


def chosen_of(statement: Statement, request: HttpRequest) -> list[Submission]:
    """Return the submissions that were ticked, one by one (`s`) or as a whole group (`g`)."""
    given = request.POST if request.method == "POST" and "s" in request.POST else request.GET
    ids, groups = _numbers(given.getlist("s")), _numbers(given.getlist("g"))
    received = Submission.objects.sent_in().filter(consultation=statement.consultation_id)
    grouped = received.filter(likeness__group__in=groups, treatment="") if groups else received.none()
    wanted = [*ids, *grouped.order_by("pk").values_list("pk", flat=True)][:MOST_CHOSEN]
    return list(received.filter(pk__in=wanted).for_list().order_by("id")) if wanted else []


def _numbers(given: list[str]) -> list[int]:
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) <= LONGEST][:MOST_CHOSEN]


@signed_in
@once
def source_mark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    found = Source.objects.filter(recommendation__statement=statement)
    source = get_object_or_404(found.select_related("submission__organisation", "submission__section"), pk=pk)
    now = "evidence" if source.evidence else source.submission.treatment
    form = MarkSourceForm(request.POST or None, initial={"treatment": now})
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_source(source, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("recommendation_detail", slug, source.recommendation_id)
    return render(request, "recommendations/source_mark.html", frame(statement, source=source, form=form))

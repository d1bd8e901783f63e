"""The convenors' workspace: what was sent in on the left, the common text on the right."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions, canonical
from recommendations.forms import RecommendationForm, StatementForm, TreatmentForm
from recommendations.forms.statements import columns
from recommendations.forms.submissions import ASEAN
from recommendations.models import Recommendation, Source, Statement, Submission, Theme
from recommendations.querysets import SENT_IN
from recommendations.states import Treatment
from recommendations.views.answers import by_section, clash, statement_of, to
from stakeholders.models import Country, StakeholderGroup
from stakeholders.querysets import standing_of

PER_PAGE = 50
Tally = dict[Any, int]
TREATED = {
    "open": ("",),
    "used": (Treatment.USED, Treatment.JOINED),
    "referred": (Treatment.REFERRED,),
    "not-used": (Treatment.NOT_USED,),
}


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.for_list().select_related("statement").asked_by(request.user)
    consultation: Consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    return consultation


@signed_in
def workspace(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    statement = getattr(consultation, "statement", None)
    if statement:
        prefetch_related_objects([statement], Statement.objects.common_text())
    received = Submission.objects.sent_in().filter(consultation=consultation)
    chosen, tallies = _allowed(request.GET), _tallies(received, "treatment", "section", "theme__slug")
    found = _filtered(received, chosen).for_list().order_by("treatment", "id")
    pages = Paginator(found, PER_PAGE)
    if not chosen:
        pages.count = sum(tallies[0].values())  # type: ignore[misc] # counted already
    context = {
        "consultation": consultation,
        "statement": statement,
        "sections": by_section(statement.common_text) if statement else [],
        "page": pages.get_page(request.GET.get("page")),
        "total": sum(tallies[0].values()),
        "filters": _filters(received, tallies, chosen),
        "query": urlencode(chosen) + "&" if chosen else "",
        "own": standing_of(request.user).organisations,
        "nav_current": "desk",
    }
    return render(request, "recommendations/workspace.html", context)


def _allowed(given: QueryDict) -> dict[str, str]:
    """Return the filters that we know; whatever else stands in the address is not looked at."""
    chosen = {name: given[name] for name in ("treatment", "section", "theme", "group") if given.get(name)}
    if chosen.get("treatment") not in TREATED:
        chosen.pop("treatment", None)
    return chosen


def _filtered(received: QuerySet[Submission], chosen: dict[str, str]) -> Any:
    if "treatment" in chosen:
        received = received.filter(treatment__in=TREATED[chosen["treatment"]])
    if "section" in chosen:
        received = received.filter(section=None if chosen["section"] == ASEAN else chosen["section"])
    if "theme" in chosen:
        received = received.filter(theme__slug=chosen["theme"])
    if "group" in chosen:
        received = received.filter(organisation__groups__slug=chosen["group"])
    return received


def _filters(received: QuerySet[Submission], tallies: list[Tally], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Return each row of filter links, with how many submissions stand behind each."""
    by_treatment, by_section, by_theme = tallies
    (by_group,) = _tallies(received, "organisation__groups__slug")
    treated = {key: sum(by_treatment.get(value, 0) for value in values) for key, values in TREATED.items()}
    names = {"open": _("Not decided on"), "used": _("In the common text"), "referred": _("Referred")}
    sections = {code or ASEAN: count for code, count in by_section.items()}
    countries = {one.pk: one.name for one in Country.objects.filter(pk__in=sections)}
    rows = [
        ("treatment", _("State"), {**names, "not-used": _("Not used")}, treated),
        ("section", _("Section"), {ASEAN: canonical.ASEAN, **countries}, sections),
        ("theme", _("Theme"), _names(Theme), by_theme),
        ("group", _("Group"), _names(StakeholderGroup), by_group),
    ]
    return [_filter(*row, chosen) for row in rows]


def _tallies(received: QuerySet[Submission], *columns: str) -> list[Tally]:
    """Count by each column, all in one query."""
    tallies: list[Tally] = [defaultdict(int) for _column in columns]
    for *values, count in received.order_by().values_list(*columns).annotate(Count("id")):
        for tally, value in zip(tallies, values, strict=True):
            tally[value] += count
    return tallies


def _names(model: Any) -> dict[str, str]:
    return {one.slug: one.name for one in model.objects.all()}


def _filter(
    key: str, label: str, names: dict[str, str], counts: dict[str, int], chosen: dict[str, str]
) -> dict[str, Any]:
    """Return one row: all, then each value that occurs."""
    others = {name: value for name, value in chosen.items() if name != key}
    links = [{"name": _("All"), "url": f"?{urlencode(others)}", "current": key not in chosen}]
    for value, name in names.items():
        if counts.get(value) or chosen.get(key) == value:
            url = f"?{urlencode({**others, key: value})}"
            link = {"name": name, "url": url, "count": counts.get(value, 0), "current": chosen.get(key) == value}
            links.append(link)
    return {"label": label, "links": links}


@signed_in
@once
def statement_start(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    if request.method == "POST":
        try:
            actions.start_statement(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
    return to("workspace", slug)


@signed_in
@once
def statement_edit(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    if request.method == "GET" and not request.user.has_perm("recommendations.change_statement", statement):
        messages.error(request, _("The statement is tabled or adopted: its words stand still."))
        return to("workspace", slug)
    form = StatementForm(request.POST or None, instance=statement, initial=kept_initial(request))
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "nav_current": "desk"}
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_statement(statement, by=request.user, version=form.cleaned_data["version"], **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/statement_edit.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("workspace", slug)
    return render(request, "recommendations/statement_edit.html", context)


@signed_in
@once
def submissions_merge(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(statement, given.getlist("s"))
    if not chosen:
        messages.error(request, _("Choose at least one submission."))
        return to("workspace", slug)
    initial = kept_initial(request) or _first_words(chosen)
    form = RecommendationForm(request.POST or None, initial=initial, consultation=statement.consultation)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.merge_submissions(statement, by=request.user, submissions=chosen, **form.words)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("workspace", slug, anchor=f"recommendation-{made.pk}")
    own = [one for one in chosen if one.organisation_id in standing_of(request.user).organisations]
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "chosen": chosen}
    return render(request, "recommendations/submissions_merge.html", {**context, "own": own, "nav_current": "desk"})


def _chosen(statement: Statement, given: list[str]) -> list[Submission]:
    ids = [int(one) for one in given if one.isascii() and one.isdigit()][:PER_PAGE]
    received = Submission.objects.sent_in().filter(consultation=statement.consultation_id, pk__in=ids)
    return list(received.for_list().order_by("id"))


def _first_words(chosen: list[Submission]) -> dict[str, Any]:
    """Return the words to begin with: per language the longest text, and all addressees together."""
    longest = sorted(chosen, key=lambda one: len(one.text))
    words: dict[str, Any] = {}
    for column, language in columns("text").items():
        words[column] = next((one.text for one in reversed(longest) if one.language == language.code), "")
    words["section"] = chosen[0].section_id or ASEAN
    words["theme"] = next((one.theme_id for one in chosen if one.theme_id), None)
    words["addressees"] = list({body.pk for one in chosen for body in one.addressees.all()})
    return words


@signed_in
@once
def submission_treat(request: HttpRequest, pk: int) -> HttpResponse:
    submission = access.fetch(
        request, Submission.objects.for_list(), "recommendations.treat_submission", pk=pk, state__in=SENT_IN
    )
    initial = {"treatment": submission.treatment, "reason": submission.treatment_reason, **kept_initial(request)}
    form = TreatmentForm(request.POST or None, initial=initial)
    slug = submission.consultation.slug
    if request.method == "POST" and form.is_valid():
        try:
            actions.treat_submission(submission, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("workspace", slug)
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "form": form,
        "own": submission.organisation_id in standing_of(request.user).organisations,
        "sender": submission.shown_sender(standing_of(request.user)),
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_treat.html", context)


def _recommendation(statement: Statement, pk: int) -> Recommendation:
    texts = statement.recommendations.prefetch_related("sources__submission__organisation", "addressees")
    found: Recommendation = get_object_or_404(texts, pk=pk)
    return found


@signed_in
@once
def recommendation_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    one = _recommendation(statement, pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.change_statement", statement):
        messages.error(request, _("The statement is tabled or adopted: its words stand still."))
        return to("workspace", slug)
    form = RecommendationForm(
        request.POST or None, instance=one, initial=kept_initial(request), consultation=statement.consultation
    )
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "recommendation": one}
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_recommendation(one, by=request.user, version=form.cleaned_data["version"], **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/recommendation_edit.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("workspace", slug, anchor=f"recommendation-{pk}")
    return render(request, "recommendations/recommendation_edit.html", context)


@signed_in
@once
def recommendation_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    if request.method == "POST":
        one = _recommendation(statement, pk)
        verb = request.POST.get("verb")
        try:
            if verb in {"up", "down"}:
                actions.move_recommendation(one, by=request.user, up=verb == "up")
            elif verb in {"defer", "resume"}:
                actions.set_aside_recommendation(one, by=request.user, back=verb == "resume")
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
    return to("workspace", slug, anchor=f"recommendation-{pk}")


@signed_in
@once
def source_unlink(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    source = get_object_or_404(Source.objects.filter(recommendation__statement=statement), pk=pk)
    if request.method != "POST":
        return to("workspace", slug, anchor=f"recommendation-{source.recommendation_id}")
    try:
        submission = actions.unlink_source(source, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return to("workspace", slug, anchor=f"recommendation-{source.recommendation_id}")
    if request.POST.get("alone"):
        response = to("submissions_merge", slug)
        response["Location"] += f"?s={submission.pk}"
        return response
    messages.success(request, _("Submission %(number)s waits for a decision again.") % {"number": submission.pk})
    return to("workspace", slug, anchor=f"recommendation-{source.recommendation_id}")

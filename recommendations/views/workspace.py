"""The convenors' workspace: what was sent in on the left, one section of the common text on the right."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from consultations.models import Consultation
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.forms import RecommendationForm, StatementForm, TreatmentForm
from recommendations.forms.submissions import ASEAN
from recommendations.forms.wording import is_adding, typed_so_far
from recommendations.models import LikeGroup, Recommendation, Source, Statement, Submission
from recommendations.querysets import SENT_IN
from recommendations.views import received as left
from recommendations.views.answers import clash, statement_of, to
from recommendations.views.combining import chosen_of
from recommendations.views.common_text import back, begun_with, text_of, to_received
from stakeholders.querysets import standing_of

PER_PAGE = 50
GROUPS_PER_PAGE = 10


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.for_list().asked_by(request.user)
    consultation: Consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    return consultation


@signed_in
def workspace(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    statement = Statement.objects.with_objections().filter(consultation=consultation).first()
    if statement:
        statement.consultation = consultation
    received = left.Received(request, consultation)
    context = {
        "consultation": consultation,
        "statement": statement,
        "text": text_of(request, statement) if statement else {},
        "received": received,
        "page": _page(request, received),
        "own": standing_of(request.user).organisations,
        "objections": statement.objections if statement else 0,
        "moved": begun_with(request),
        "nav_current": "desk",
    }
    return render(request, "recommendations/workspace.html", context)


def _page(request: HttpRequest, received: left.Received) -> Any:
    """Return a page of submissions, or of groups of those that are alike."""
    if received.shows_groups:
        groups = LikeGroup.objects.filter(consultation=received.consultation).with_members(received.with_fate)
        return Paginator(groups, GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    paginator = Paginator(received.rows, PER_PAGE)
    if not received.chosen:
        paginator.count = received.total
    return paginator.get_page(request.GET.get("page"))


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
    form = StatementForm(*bound_to(request), instance=statement, initial=begun(request))
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "nav_current": "desk"}
    if form.is_bound and form.is_valid():
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
    chosen = chosen_of(statement, request)
    if not chosen:
        messages.error(request, _("Choose at least one submission."))
        return to("workspace", slug)
    initial = begun(request) or _first_words(chosen)
    ours = {"consultation": statement.consultation, "prevailing": statement.prevailing_language}
    form = RecommendationForm(*bound_to(request), initial=initial, **ours)
    if form.is_bound and form.is_valid():
        try:
            made = actions.merge_submissions(statement, by=request.user, submissions=chosen, **form.words)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return back(request, made)
    own = [one for one in chosen if one.organisation_id in standing_of(request.user).organisations]
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "chosen": chosen}
    return render(request, "recommendations/submissions_merge.html", {**context, "own": own, "nav_current": "desk"})


def bound_to(request: HttpRequest) -> tuple[Any]:
    """Return what the form is bound to: nothing while the person only asks for fields of one more language."""
    return (None if is_adding(request) else request.POST or None,)


def begun(request: HttpRequest) -> dict[str, Any]:
    """Return the words to begin with: those that were typed before a language was added, or a session ran out."""
    return typed_so_far(request) if is_adding(request) else kept_initial(request)


def _first_words(chosen: list[Submission]) -> dict[str, Any]:
    """Return the words to begin with: per language the longest text, and all addressees together."""
    longest = sorted(chosen, key=lambda one: len(one.text))
    words: dict[str, Any] = {}
    for code in dict.fromkeys(one.language for one in longest):
        column = build_localized_fieldname("text", code)
        words[column] = next(one.text for one in reversed(longest) if one.language == code)
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
    form = _treatment_form(request, submission)
    if request.method == "POST" and form.is_valid():
        try:
            actions.treat_submission(submission, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to_received(request, submission)
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "form": form,
        "own": submission.organisation_id in standing_of(request.user).organisations,
        "sender": submission.shown_sender(standing_of(request.user)),
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_treat.html", context)


def _treatment_form(request: HttpRequest, submission: Submission) -> TreatmentForm:
    """Return the form; a referral leads only to consultations that the sender may see: not to discreet ones."""
    referral = getattr(submission, "referral", None)
    initial = {"treatment": submission.treatment, "reason": submission.treatment_reason}
    if referral:
        initial |= {"consultation": referral.consultation_id, "body": referral.body_id}
    return TreatmentForm(
        request.POST or None,
        initial={**initial, **kept_initial(request)},
        consultation=submission.consultation,
        consultations=Consultation.objects.announced().order_by("-starts_on", "id"),
    )


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
    ours = {"consultation": statement.consultation, "prevailing": statement.prevailing_language}
    form = RecommendationForm(*bound_to(request), instance=one, initial=begun(request), **ours)
    context = {"statement": statement, "consultation": statement.consultation, "form": form, "recommendation": one}
    if form.is_bound and form.is_valid():
        try:
            actions.revise_recommendation(one, by=request.user, version=form.cleaned_data["version"], **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/recommendation_edit.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return back(request, one)
    return render(request, "recommendations/recommendation_edit.html", context)


@signed_in
@once
def recommendation_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    one = _recommendation(statement, pk)
    if request.method == "POST":
        verb = request.POST.get("verb")
        try:
            if verb in {"up", "down"}:
                actions.move_recommendation(one, by=request.user, up=verb == "up")
            elif verb in {"defer", "resume"}:
                actions.set_aside_recommendation(one, by=request.user, back=verb == "resume")
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
    return back(request, one)


@signed_in
@once
def source_unlink(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    source = get_object_or_404(Source.objects.filter(recommendation__statement=statement), pk=pk)
    if request.method != "POST":
        return to("recommendation_detail", slug, source.recommendation_id)
    try:
        submission = actions.unlink_source(source, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return to("recommendation_detail", slug, source.recommendation_id)
    if request.POST.get("alone"):
        response = to("submissions_merge", slug)
        response["Location"] += f"?s={submission.pk}"
        return response
    messages.success(request, _("Submission %(number)s waits for a decision again.") % {"number": submission.pk})
    return to("recommendation_detail", slug, source.recommendation_id)

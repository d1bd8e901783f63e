"""A member's pages: write, check, send in, withdraw, and see what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation, Invitation
from portal import access, clock, languages
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import FIELD, once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.forms import SubmissionForm
from recommendations.forms.handing_in import CodeForm
from recommendations.models import CoSubmitter, Submission
from recommendations.querysets import SENT_IN, UNSENT
from recommendations.states import Attribution, CoSubmissionState, RecommendationState, SubmissionState, Treatment
from recommendations.views.all_of_it import corrections_of, joined, partners_of
from recommendations.views.answers import clash, to
from stakeholders.models import Membership, Organisation
from stakeholders.querysets import standing_of
from stakeholders.views.hats import chosen_organisation

PER_PAGE = 50
PROPOSED = (RecommendationState.DRAFTING, RecommendationState.DEFERRED)
KINDS = {
    "draft": (SubmissionState.DRAFT,),
    "ready": (SubmissionState.READY,),
    "sent": SENT_IN,
    "withdrawn": (SubmissionState.WITHDRAWN,),
}


@signed_in
def submission_list(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    seen = Submission.objects.visible_to(request.user)
    mine = seen.of(standing.organisations) | seen.with_or_of(standing.organisations).sent_in()
    asked = CoSubmitter.objects.open_to(standing.organisations).for_list()
    kind = request.GET.get("kind", "")
    chosen = mine.filter(state__in=KINDS[kind]) if kind in KINDS else mine
    page = Paginator(chosen.for_list().with_fate().order_by("-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"submission": one, **fate_of(one)} for one in page],
        "asked": [] if kind else list(asked),
        "filters": _kinds(mine, kind),
        "query": f"kind={kind}&" if kind in KINDS else "",
        "hats": len(standing.organisations),
        "open_now": Consultation.objects.visible_to(request.user).open_for_input().order_by("input_closes")[:PER_PAGE],
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_list.html", context)


def _kinds(mine: Any, kind: str) -> list[dict[str, Any]]:
    """Return the filters with their counts, in one query."""
    tally = dict(mine.order_by().values_list("state").annotate(Count("id")))
    names = [
        ("", _("All")),
        ("draft", _("Drafts")),
        ("ready", _("Wait for sign-off")),
        ("sent", _("Sent in")),
        ("withdrawn", _("Withdrawn")),
    ]
    return [
        {
            "name": name,
            "count": sum(count for state, count in tally.items() if not key or state in KINDS[key]),
            "url": f"?kind={key}" if key else "?",
            "current": key == (kind if kind in KINDS else ""),
        }
        for key, name in names
    ]


def fate_of(submission: Submission, *, at_desk: bool = False) -> dict[str, Any]:
    """Return in words what became of a submission, with the badge's state and the address of the adopted item.

    What the convenors have not told yet is only proposed: the desk sees it, the organisation does not.
    """
    if submission.state == SubmissionState.DRAFT:
        return {"words": _("Draft, not sent in"), "badge": "needs"}
    if submission.state == SubmissionState.READY:
        return {"words": _("Waits for sign-off, not sent in"), "badge": "wait"}
    if submission.state == SubmissionState.WITHDRAWN:
        return {"words": _("Withdrawn"), "badge": ""}
    recommendations = list(submission.recommendations.all())
    items = [one.published_items[0] for one in recommendations if one.published_items]
    if items:
        return {"words": _("Adopted"), "badge": "ok", "adopted": [_item(item) for item in items]}
    untold = not submission.told and not at_desk
    if recommendations and not (untold and recommendations[0].state in PROPOSED):
        return _fate_in_text(recommendations[0].state)
    treatment, reason = _treated(submission, at_desk=at_desk)
    shapes = {Treatment.REFERRED: "info", Treatment.NOT_USED: "no", Treatment.EVIDENCE: "ok"}
    badge = shapes.get(Treatment(treatment), "wait") if treatment else "wait"
    words = Treatment(treatment).label.capitalize() if treatment in shapes else _("Sent in, not decided on yet")
    return {"words": words, "badge": badge, "treatment": treatment, "reason": reason}


def _treated(submission: Submission, *, at_desk: bool) -> tuple[str, str]:
    """Return treatment and reason: as they stand for the desk, as they were told for the organisation."""
    if at_desk:
        return submission.treatment, submission.treatment_reason
    told = submission.told[0] if submission.told else None
    return (told.treatment, told.reason) if told else ("", "")


def _item(item: Any) -> dict[str, Any]:
    edition = item.edition
    return {"item": item, "statement": edition.statement, "url": f"{edition.get_absolute_url()}#{item.anchor}"}


def _fate_in_text(state: str) -> dict[str, str]:
    fates = {
        RecommendationState.DRAFTING: (_("In the common text that is being drafted"), "wait"),
        RecommendationState.TABLED: (_("In the text that is before the plenary"), "wait"),
        RecommendationState.AGREED: (_("In the text that is before the plenary"), "wait"),
        RecommendationState.AMENDED: (_("In the text that is before the plenary"), "wait"),
        RecommendationState.BRACKETED: (_("In the text that is before the plenary"), "wait"),
        RecommendationState.WITHDRAWN: (_("Withdrawn by the plenary"), "no"),
        RecommendationState.DEFERRED: (_("Set aside for now"), ""),
        RecommendationState.NOT_ADOPTED: (_("Not adopted"), "no"),
        RecommendationState.JOINED: (_("In the common text that is being drafted"), "wait"),
    }
    words, badge = fates.get(RecommendationState(state), (_("Adopted, not published yet"), "ok"))
    return {"words": words, "badge": badge}


@signed_in
@once
def submission_create(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.for_list()
    consultation = access.fetch(request, found, "recommendations.write_submission", slug=slug)
    kept = kept_initial(request)
    hats = hats_for(request, consultation)
    initial = {"language": request.user.language, "attribution": Attribution.NONE, **first_hat(request, hats), **kept}
    form = SubmissionForm(request.POST or None, initial=initial, consultation=consultation, organisations=hats)
    if request.method == "POST" and form.is_valid():
        try:
            submission = actions.begin_draft(consultation, by=request.user, **begun_with(request, form))
        except Conflict as conflict:
            context = {**_writing(consultation, form, reverse("submission_list")), "asked": True}
            return clash(request, "recommendations/submission_create.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _after_writing(request, submission)
    context = {**_writing(consultation, form, reverse("submission_list")), "kept_key": kept.get(FIELD, "")}
    context["asked"] = bool(request.method == "POST" or kept or not context["closed"])
    return render(request, "recommendations/submission_create.html", context)


def begun_with(request: HttpRequest, form: SubmissionForm) -> dict[str, Any]:
    """Return what a draft is begun with: the words, for whom, and by which form."""
    version = form.cleaned_data["version"]
    return {"organisation": form.organisation, "form_key": form_key(request), "version": version, **form.words}


def form_key(request: HttpRequest) -> str:
    """Return the one-time key of the form, by which a draft knows that the same form writes again."""
    return request.POST.get(FIELD, "")[:64]


def hats_for(request: HttpRequest, consultation: Consultation) -> list[Organisation]:
    """Return the organisations for which the person may write here, the chosen one first.

    Raises PermissionDenied where there is none.
    """
    mine = Organisation.objects.filter(pk__in=standing_of(request.user).organisations).prefetch_related("groups")
    if consultation.discreet:
        mine = mine.filter(invitations__in=Invitation.objects.filter(consultation=consultation).reached())
    hats = list(mine.distinct())
    if not hats:
        raise PermissionDenied
    return sorted(hats, key=lambda one: one.pk != chosen_organisation(request))


def first_hat(request: HttpRequest, hats: list[Organisation]) -> dict[str, int]:
    """Return for which organisation the form begins: the one that the person chose, if it can be chosen here."""
    chosen = chosen_organisation(request)
    return {"organisation": chosen} if chosen in {one.pk for one in hats} else {}


def _writing(consultation: Consultation, form: SubmissionForm, back: str) -> dict[str, Any]:
    closed = actions.closed_sentence(consultation)
    begins = not form.instance.pk
    name, argument = ("submission_begin", consultation.slug) if begins else ("submission_keep", form.instance.pk)
    keep = reverse(name, args=[argument])
    return {
        "consultation": consultation,
        "form": form,
        "back": back,
        "closed": closed,
        "keep": keep,
        "nav_current": "desk",
    }


def _after_writing(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Go on to check the answers, or back to the saved draft."""
    if request.POST.get("then") == "check":
        return to("submission_check", submission.pk)
    messages.success(request, _("Your draft is saved."))
    return redirect(submission)


def own(request: HttpRequest, pk: int) -> Submission:
    """Return a submission of an organisation that the person acts for; any other does not exist for the person."""
    mine = Submission.objects.of(standing_of(request.user).organisations)
    found: Submission = access.fetch(request, mine.for_list().with_fate().with_all_of_it(), pk=pk)
    return found


@signed_in
@once
def submission_edit(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.change_submission", submission):
        return redirect(submission)
    consultation = submission.consultation
    form = SubmissionForm(
        request.POST or None,
        instance=submission,
        initial=kept_initial(request),
        consultation=consultation,
        organisations=[submission.organisation],
    )
    context = {**_writing(consultation, form, submission.get_absolute_url()), "submission": submission}
    if request.method == "POST" and form.is_valid():
        try:
            known = {"version": form.cleaned_data["version"], "form_key": form_key(request)}
            actions.revise_submission(submission, by=request.user, **known, **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/submission_edit.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _after_writing(request, submission)
    return render(request, "recommendations/submission_edit.html", context)


@signed_in
def submission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    submission = access.fetch(request, Submission.objects.for_list().with_fate().with_all_of_it(), pk=pk)
    standing = standing_of(request.user)
    mine = submission.organisation_id in standing.organisations
    partners = partners_of(submission, standing)
    joins = next((one for one in partners if one.organisation_id in standing.organisations and not mine), None)
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "fate": fate_of(submission, at_desk=not (mine or joins)),
        "sender": submission.organisation.shown_name(standing) if joins else submission.shown_sender(standing),
        "others_read": _others_read(submission),
        "own": mine,
        "joins": joins,
        "joined": joined(partners, submission, standing),
        "files": submission.evidence.all(),
        "corrections": corrections_of(submission),
        "speakers": _speakers(submission) if mine and submission.state in UNSENT else [],
        "closed": actions.closed_sentence(submission.consultation),
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_detail.html", context)


def _others_read(submission: Submission) -> str:
    """Return what everybody else reads beside the text: what the senders chose, made visible."""
    joined_too = [one for one in submission.co_submitters.all() if one.state == CoSubmissionState.AGREED]
    shown = [shown_to_others(one.organisation, one.attribution) for one in (submission, *joined_too)]
    return "; ".join(dict.fromkeys(shown))


def shown_to_others(organisation: Organisation, attribution: str) -> str:
    """Return one of the senders as it chose to be shown to everybody."""
    if attribution == Attribution.NAMED:
        return str(organisation.public_name)
    return str(organisation.description) if attribution == Attribution.DESCRIBED else _("a participating organisation")


def _speakers(submission: Submission) -> list[str]:
    """Return who may send in for the organisation, for others to ask."""
    people = Membership.objects.current(clock.today_here()).filter(organisation=submission.organisation)
    people = people.filter(role="lead") if submission.organisation.sign_off else people.exclude(role="drafter")
    return [str(one.user) for one in people.select_related("user")]


@signed_in
def submission_check(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if submission.state not in UNSENT:
        return redirect(submission)
    return checked(request, submission, CodeForm())


def checked(request: HttpRequest, submission: Submission, code: CodeForm) -> HttpResponse:
    """Show what will be sent; after the deadline also where the code of a convenor goes."""
    may_change = request.user.has_perm("recommendations.change_submission", submission)
    consultation = submission.consultation
    context = {
        "submission": submission,
        "consultation": consultation,
        "rows": _answers(submission, reverse("submission_edit", args=[submission.pk]) if may_change else ""),
        "closed": actions.closed_sentence(consultation),
        "over": bool(consultation.input_closes and consultation.input_closes < timezone.now()),
        "code": code,
        "missing": submission.co_submitters.missing().count(),
        "speakers": _speakers(submission),
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_check.html", context)


def _answers(submission: Submission, url: str) -> list[dict[str, Any]]:
    """Return what will be sent, row by row, each with the way to change it."""
    bodies = "\n".join(body.name for body in submission.addressees.all())
    words = {"lang": submission.language, "url": url}
    return [
        {"label": _("For"), "value": submission.organisation.name},
        {"label": _("Section"), "value": submission.section.name if submission.section else "ASEAN", "url": url},
        {"label": _("Kind"), "value": submission.get_kind_display(), "url": url},
        {"label": _("What should be done, or known?"), "value": submission.text, **words},
        {"label": _("Why?"), "value": submission.reason, **words},
        {"label": _("Who is concerned?"), "value": submission.concerned, **words},
        {"label": _("Who should act?"), "value": bodies, "url": url},
        {"label": _("Theme"), "value": submission.theme.name if submission.theme else "", "url": url},
        {"label": _("Law, treaty or plan it is about"), "value": submission.instrument, **words},
        {"label": _("Article or paragraph"), "value": submission.paragraph, "url": url},
        {"label": _("Language"), "value": languages.own_name(submission.language), "url": url},
        {"label": _("Others read as sender"), "value": _others_read(submission), "url": url},
    ]


@signed_in
@once
def submission_submit(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method != "POST" or submission.state not in UNSENT:
        return to("submission_check", pk)
    access.require(request, "recommendations.submit_submission", submission)
    try:
        actions.submit_submission(submission, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return to("submission_check", pk)
    messages.success(request, _("Received. Your submission has the number %(number)s.") % {"number": pk})
    return redirect(submission)


@signed_in
@once
def submission_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if submission.state == SubmissionState.WITHDRAWN:
        return redirect(submission)
    access.require(request, "recommendations.withdraw_submission", submission)
    if request.method == "POST":
        actions.withdraw_submission(submission, by=request.user)
        messages.success(request, _("Submission %(number)s is withdrawn.") % {"number": pk})
        return redirect("submission_list")
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "passes_on": submission.submitted_at and submission.co_submitters.filter(state="agreed").exists(),
        "files": submission.evidence.exists(),
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_withdraw.html", context)

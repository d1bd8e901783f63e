"""What became of each point: the convenors tell it, organisations read it and answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultations.models import Consultation
from consultations.views.previewing import harmless
from portal import access, languages, mail
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import OutgoingMessage
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions, canonical, emails
from recommendations.forms.combining import ObjectionForm, SettlementForm
from recommendations.models import Fate, FateLetter
from recommendations.querysets import SENT_IN
from recommendations.states import FateState
from recommendations.views.answers import to
from stakeholders.querysets import standing_of

PER_PAGE = 50
TELL = "consultations.see_desk"
BADGES = {
    FateState.TOLD: "wait",
    FateState.AGREED: "ok",
    FateState.NOTED: "info",
    FateState.OBJECTED: "no",
    FateState.SETTLED: "ok",
}


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.for_list().prefetch_related("convenors")
    consultation: Consultation = access.fetch(request, found, TELL, slug=slug)
    return consultation


@signed_in
@once
def fates_tell(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    if request.method == "POST":
        try:
            count = actions.tell_fates(consultation, by=request.user, shown=request.POST.get("shown", ""))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            words = ngettext("%(count)d organisation is told.", "%(count)d organisations are told.", count)
            messages.success(request, words % {"count": count})
        return to("fates_tell", slug)
    rows = actions.untold(consultation)
    told = [row for row in rows if row.reader]
    context = {
        "consultation": consultation,
        "page": Paginator(told, PER_PAGE).get_page(request.GET.get("page")),
        "left_out": [row for row in rows if not row.reader],
        "count": len(told),
        "points": sum(len(row.points) for row in told),
        "by_language": _by_language(told),
        "shown": actions.shown_key(told),
        "nav_current": "desk",
    }
    return render(request, "recommendations/fates_tell.html", context)


def _by_language(rows: list[Any]) -> list[tuple[str, int]]:
    """Return how many mails go out in each language."""
    codes = [languages.shipped_or_default(row.reader.language) for row in rows]
    return [(code, codes.count(code)) for code in dict.fromkeys(sorted(codes))]


@signed_in
def fates_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _consultation(request, slug)
    row = next((row for row in actions.untold(consultation) if row.organisation.pk == pk and row.reader), None)
    if row is None:
        raise Http404
    asked = request.GET.get("language", "")
    own = languages.shipped_or_default(row.reader.language)
    language = asked if asked in dict(languages.interface_choices()) else own
    context = {
        "consultation": consultation,
        "mail": _as_read(consultation, row, language),
        "name": row.organisation.shown_name(standing_of(request.user)),
        "points": row.points,
        "language": language,
        "own_language": own,
        "languages": [
            {"name": name, "url": f"?language={code}", "current": code == language}
            for code, name in languages.interface_choices()
        ],
        "nav_current": "desk",
    }
    return render(request, "recommendations/fates_preview.html", context)


def _as_read(consultation: Consultation, row: Any, language: str) -> dict[str, str]:
    """Return the mail as its reader would get it in that language, were it told now."""
    letter = FateLetter(consultation=consultation, organisation=row.organisation)
    letter.again = FateLetter.objects.filter(consultation=consultation, organisation=row.organisation).exists()
    points = [Fate(submission=point.submission, treatment=point.submission.treatment) for point in row.points]
    message = OutgoingMessage(
        purpose=emails.fates_told.purpose,
        recipient=row.reader.address,
        user_id=row.reader.user_id,
        language=language,
        time_zone=row.reader.time_zone,
    )
    composed = mail.compose(message, emails.fates_told.as_read(letter, points, language))
    return {"subject": composed.subject, "text": composed.body, "html": harmless(composed)}


@signed_in
def fate_list(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    mine = Fate.objects.filter(letter__organisation__in=standing.organisations).visible_to(request.user)
    live = mine.filter(submission__state__in=SENT_IN)
    page = Paginator(live.newest().for_list().order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [shown(fate, standing) for fate in page],
        "hats": len(standing.organisations),
        "nav_current": "desk",
    }
    return render(request, "recommendations/fate_list.html", context)


def shown(fate: Fate, standing: Any) -> dict[str, Any]:
    """Return a fate as its organisation reads it: the words of the common text as they were when it was told."""
    return {
        "fate": fate,
        "badge": BADGES.get(FateState(fate.state), ""),
        "texts": [_words(revision) for revision in fate.revisions.all()],
        "referral": getattr(fate.submission, "referral", None) if fate.treatment == "referred" else None,
        "speaks": fate.letter.organisation_id in standing.speaks_for,
    }


def _words(revision: Any) -> dict[str, str]:
    texts = canonical.in_each_language(revision, "text")
    now = get_language() or ""
    language = now if now in texts else next(iter(texts), "")
    now_in = revision.recommendation.section
    named = now_in.name if now_in and now_in.pk == revision.section_id else revision.section_id
    return {"language": language, "text": texts.get(language, ""), "section": named or canonical.ASEAN}


@signed_in
@once
def fate_answer(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Fate.objects.filter(letter__organisation__in=standing_of(request.user).organisations)
    fate = access.fetch(request, mine.for_list(), pk=pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.answer_fate", fate):
        return _to_point(fate)
    access.require(request, "recommendations.answer_fate", fate)
    verb = request.POST.get("verb", "object")
    form = ObjectionForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and (verb != "object" or form.is_valid()):
        try:
            actions.answer_fate(fate, by=request.user, verb=verb, **(form.cleaned_data if verb == "object" else {}))
        except Refusal as refusal:
            if verb == "object":
                refuse(form, refusal)
            else:
                messages.error(request, str(refusal.reason))
                return _to_point(fate)
        else:
            messages.success(request, _("Your answer on point %(number)s is noted.") % {"number": fate.submission_id})
            return _to_point(fate)
    context = {**shown(fate, standing_of(request.user)), "form": form, "nav_current": "desk"}
    return render(request, "recommendations/fate_answer.html", context)


def _to_point(fate: Fate) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('fate_list')}#fate-{fate.pk}")


@signed_in
def objection_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    standing = standing_of(request.user)
    everything = Fate.objects.filter(letter__consultation=consultation, submission__state__in=SENT_IN)
    answered = everything.exclude(state=FateState.TOLD).filter(answered_at__isnull=False)
    wanted = answered if request.GET.get("show") == "all" else everything.objections()
    page = Paginator(wanted.for_list().order_by("-answered_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "consultation": consultation,
        "page": page,
        "rows": [{**shown(one, standing), "own": _is_own(one, standing)} for one in page],
        "all": request.GET.get("show") == "all",
        "query": "show=all&" if request.GET.get("show") == "all" else "",
        "nav_current": "desk",
    }
    return render(request, "recommendations/objection_list.html", context)


@signed_in
@once
def objection_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _consultation(request, slug)
    fate = access.fetch(request, Fate.objects.filter(letter__consultation=consultation).for_list(), pk=pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.settle_objection", fate):
        return to("objection_list", slug)
    reworded = actions.is_reworded(fate)
    form = SettlementForm(request.POST or None, initial=kept_initial(request), fate=fate, reworded=reworded)
    if request.method == "POST" and (request.POST.get("alone") or form.is_valid()):
        try:
            _settle(request, fate, form)
        except Refusal as refusal:
            refuse(form, refusal) if form.is_bound and form.is_valid() else messages.error(request, str(refusal.reason))
        else:
            words = _("The objection to point %(number)s is settled.") % {"number": fate.submission_id}
            messages.success(request, words)
            return to("objection_list", slug)
    standing = standing_of(request.user)
    context = {**shown(fate, standing), "consultation": consultation, "form": form, "own": _is_own(fate, standing)}
    context |= {"recommendations": fate.submission.recommendations.all(), "nav_current": "desk"}
    return render(request, "recommendations/objection_settle.html", context)


def _is_own(fate: Fate, standing: Any) -> bool:
    return fate.submission.organisation_id in standing.organisations


def _settle(request: HttpRequest, fate: Fate, form: SettlementForm) -> None:
    if request.POST.get("alone"):
        actions.let_stand_alone(fate, by=request.user)
    else:
        actions.settle_objection(fate, by=request.user, **form.cleaned_data)

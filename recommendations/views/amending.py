"""Amendments: changed words beside those they stand on, who supports them, and what the convenors decide."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access, languages, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal
from recommendations import actions, paragraphs
from recommendations.forms.circulating import AmendmentForm, DecideForm, OwnForm, own_in
from recommendations.models import Amendment
from recommendations.views.circulating import said
from recommendations.views.combining import frame
from recommendations.views.commenting import chosen_language, text_to_speak_to
from stakeholders.querysets import standing_of

DECIDE, SUPPORT = "recommendations.settle_amendment", "recommendations.support_amendment"


@signed_in
@once
def amendment_create(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_to_speak_to(request, pk)
    language = chosen_language(request, text)
    statement = text.version.statement
    own = own_in(statement.consultation, standing_of(request.user).speaks_for)
    initial = {"language": language, **kept_initial(request)}
    form = AmendmentForm(request.POST or None, about=text, language=language, own=own, initial=initial)
    tried = saving.save(form, lambda: actions.propose_amendment(text, by=request.user, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("Your amendment is proposed. Others can support it."))
        return redirect(tried.made)
    context = frame(statement, text=text, version=text.version, language=language, form=form)
    context["words"] = text.texts[language]
    return render(request, "recommendations/amendment_create.html", context)


def _amendment(request: HttpRequest, pk: int, permission: str = "") -> Amendment:
    """Return an amendment through the one door."""
    amendment: Amendment = access.fetch(request, Amendment.objects.for_list(), permission, pk=pk)
    return amendment


@signed_in
def amendment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = _amendment(request, pk)
    standing = standing_of(request.user)
    voices = list(amendment.supports.all())
    own = list(_supporters(request, amendment)) if request.user.has_perm(SUPPORT, amendment) else []
    there = {one.organisation_id for one in voices}
    context = frame(
        amendment.text.version.statement,
        **said(amendment, standing),
        **shown(amendment),
        voices=[one.organisation.shown_name(standing) for one in voices],
        to_support=[one for one in own if one.pk not in there],
        to_drop=[one for one in own if one.pk in there],
        several=len(own) > 1,
    )
    return render(request, "recommendations/amendment_detail.html", context)


def _supporters(request: HttpRequest, amendment: Amendment) -> Any:
    """Return the own organisations that may support it."""
    others = standing_of(request.user).speaks_for - {amendment.organisation_id}
    return own_in(amendment.text.version.statement.consultation, others)


def shown(amendment: Amendment) -> dict[str, Any]:
    """Return an amendment by paragraph, and how it stands to the draft as it is now."""
    open_now = amendment.state == "proposed"
    found = amendment.on_draft if open_now else None
    return {
        "version": amendment.text.version,
        "language": languages.BY_CODE[amendment.language],
        "rows": paragraphs.by_paragraph(amendment.base, amendment.proposal),
        "kind": found.kind if found else "",
        "since": paragraphs.by_paragraph(amendment.base, amendment.now) if open_now else [],
        "written": paragraphs.by_paragraph(amendment.proposal, amendment.written) if amendment.written else [],
        "joined": amendment.target.pk != amendment.text.recommendation_id,
    }


@signed_in
@once
def amendment_support(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = _amendment(request, pk, SUPPORT)
    form = OwnForm(request.POST or None, own=_supporters(request, amendment))
    if request.method == "POST" and form.is_valid():
        act = actions.drop_support if request.POST.get("verb") == "drop" else actions.support_amendment
        try:
            act(amendment, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Saved."))
    return redirect(amendment)


@signed_in
@once
def amendment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = _amendment(request, pk, "recommendations.withdraw_amendment")
    if request.method == "POST":
        try:
            actions.withdraw_amendment(amendment, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Your amendment is withdrawn."))
    return redirect(amendment)


@signed_in
@once
def amendment_settle(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = _amendment(request, pk, DECIDE)
    standing = standing_of(request.user)
    form = DecideForm(request.POST or None, amendment=amendment, initial=kept_initial(request))
    tried = saving.save(form, lambda: _decide(request, amendment, form))
    if tried.done:
        messages.success(request, _("The organisation is told."))
        return redirect(amendment)
    if tried.status != 200:  # noqa: PLR2004 - the draft moved: the page shows it as it stands now
        amendment = _amendment(request, pk, DECIDE)
    context = frame(amendment.text.version.statement, form=form, **said(amendment, standing), **shown(amendment))
    return render(request, "recommendations/amendment_settle.html", {**context, **tried.page}, status=tried.status)


def _decide(request: HttpRequest, amendment: Amendment, form: DecideForm) -> Amendment:
    data = form.cleaned_data
    if data["verdict"] == "decline":
        return actions.decline_amendment(amendment, by=request.user, answer=data["answer"])
    if data["verdict"] == "adapt":
        words = {"words": data["words"], "answer": data["answer"]}
        return actions.adapt_amendment(amendment, by=request.user, version=data["version"], **words)
    return actions.accept_amendment(amendment, by=request.user, version=data["version"])

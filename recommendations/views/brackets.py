"""Rival wordings at the desk: put a passage in brackets, choose one wording."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions, canonical
from recommendations.forms.combining import BracketForm, ChooseWordingForm
from recommendations.models import Bracket, Recommendation
from recommendations.views.answers import to
from recommendations.views.combining import frame, may_change, one_of, plain_statement
from recommendations.views.common_text import back
from stakeholders.querysets import standing_of


@signed_in
@once
def bracket_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    if request.method == "GET" and not may_change(request, statement):
        return back(request, one)
    texts = canonical.in_each_language(one, "text")
    initial = {"version": one.version, "language": get_language() if get_language() in texts else next(iter(texts), "")}
    initial |= kept_initial(request)
    form = BracketForm(request.POST or None, initial=initial, sources=list(one.sources.all()), spoken=texts)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _put(one, request, form)
        except Refusal as refusal:
            status = _refused(form, refusal, one)
        else:
            return to("recommendation_detail", slug, pk)
    rows = [{"language": code, "text": words} for code, words in canonical.in_each_language(one, "text").items()]
    context = frame(statement, one=one, texts=rows, form=form)
    return render(request, "recommendations/bracket_create.html", context, status=status)


def _put(one: Recommendation, request: HttpRequest, form: BracketForm) -> Bracket:
    given = {name: form.cleaned_data[name] for name in ("version", "language", "passage")}
    return actions.bracket_passage(one, by=request.user, rivals=form.rivals, **given)


def _refused(form: Any, refusal: Refusal, one: Recommendation) -> int:
    """Say why. After a clash the page shows the text as it stands now, and the form is moved on to it."""
    refuse(form, refusal)
    if not isinstance(refusal, Conflict):
        return 200
    form.data = form.data.copy()
    one.refresh_from_db()
    form.data["version"] = str(one.version)
    return 409


@signed_in
@once
def bracket_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = plain_statement(request, slug)
    found = Bracket.objects.filter(recommendation__statement=statement).select_related("recommendation__section")
    bracket = get_object_or_404(found.prefetch_related("wordings__submissions__organisation"), pk=pk)
    if request.method == "GET" and (bracket.settled_at or not may_change(request, statement)):
        return to("recommendation_detail", slug, bracket.recommendation_id)
    form = ChooseWordingForm(request.POST or None, bracket=bracket)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_bracket(bracket, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("recommendation_detail", slug, bracket.recommendation_id)
    context = frame(statement, bracket=bracket, form=form, wordings=origins(bracket, request))
    return render(request, "recommendations/bracket_settle.html", context)


def origins(bracket: Bracket, request: HttpRequest) -> list[dict[str, Any]]:
    """Return each wording with the senders it comes from, shown as this reader may see them."""
    standing = standing_of(request.user)
    return [
        {"text": one.text, "from": [(sent.pk, sent.shown_sender(standing)) for sent in one.submissions.all()]}
        for one in bracket.wordings.all()
    ]

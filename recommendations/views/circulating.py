"""Circulated versions: the convenors circulate the draft, those who take part read it, and two are compared."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from portal import access, clock, languages, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from recommendations import actions, canonical, emails, paragraphs
from recommendations.forms.circulating import CirculateForm
from recommendations.models import Amendment, CirculatedText, CirculatedVersion, Comment, Recommendation
from recommendations.models.wording import passage
from recommendations.views.answers import statement_of, to
from recommendations.views.combining import SEE, frame, may_change, plain_statement
from stakeholders.querysets import standing_of

STATES = {"accepted": "ok", "adapted": "ok", "declined": "no", "proposed": "wait", "answered": "ok", "open": "wait"}


@signed_in
def circulated_list(request: HttpRequest, slug: str) -> HttpResponse:
    found = CirculatedVersion.objects.filter(statement__consultation__slug=slug).visible_to(request.user)
    waiting = Q(texts__amendments__state="proposed")
    counted = found.for_page().annotate(open_amendments=Count("texts__amendments", filter=waiting, distinct=True))
    versions = list(counted.order_by("-number"))
    statement = versions[0].statement if versions else statement_of(request, slug, SEE)
    now = clock.database_now()
    rows = [{"version": one, "open": one.takes_words(now)} for one in versions]
    context = frame(statement, rows=rows, desk=request.user.has_perm(SEE, statement))
    return render(request, "recommendations/circulated_list.html", context)


@signed_in
@once
def statement_circulate(request: HttpRequest, slug: str) -> HttpResponse:
    statement = plain_statement(request, slug)
    if request.method == "GET" and not may_change(request, statement):
        return to("workspace", slug)
    access.require(request, "recommendations.circulate_statement", statement)
    last = max(statement.circulated.values_list("number", flat=True), default=0)
    initial = {"last": last, **kept_initial(request)}
    form = CirculateForm(request.POST or None, zone=statement.consultation.time_zone, initial=initial)
    tried = saving.save(form, lambda: actions.circulate_statement(statement, by=request.user, **form.cleaned_data))
    if tried.done:
        return redirect(tried.made)
    readers = len(emails.draft_circulated.recipients(CirculatedVersion(statement=statement)))
    context = frame(statement, form=form, number=last + 1, readers=readers, behind=behind(statement))
    context["said"] = open_words(statement)
    return render(request, "recommendations/statement_circulate.html", context)


def behind(statement: Any) -> list[dict[str, Any]]:
    """Return the recommendations whose translations are behind their source, with the languages."""
    rows = []
    texts = Recommendation.objects.filter(statement=statement, state__in=["drafting", "tabled"])
    for one in texts.select_related("statement").prefetch_related("language_states").order_by("position", "id"):
        late = [row for row in actions.standing_of_languages(one) if row.behind]
        if late:
            rows.append({"one": one, "languages": [languages.own_name(row.language) for row in late]})
    return rows


def open_words(statement: Any) -> dict[str, int]:
    """Return how many comments and amendments wait for the convenors."""
    here = {"text__version__statement": statement}
    comments, amendments = Comment.objects.filter(**here).open(), Amendment.objects.filter(**here).open()
    return {"comments": comments.count(), "amendments": amendments.count()}


def version_of(request: HttpRequest, slug: str, number: int) -> CirculatedVersion:
    """Return a version of the consultation's draft through the one door."""
    found = CirculatedVersion.objects.for_page().filter(statement__consultation__slug=slug)
    version: CirculatedVersion = access.fetch(request, found, number=number)
    return version


@signed_in
def circulated_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = version_of(request, slug, number)
    texts = list(version.texts.with_all_said().order_by("id"))
    codes = [code for code in languages.BY_CODE if any(code in one.texts for one in texts)]
    asked = request.GET.get("language", "")
    wanted = asked if asked in codes else get_language() or languages.DEFAULT
    can_speak = request.user.has_perm("recommendations.comment_version", version)
    standing = standing_of(request.user)
    context = frame(
        version.statement,
        version=version,
        sections=_sections(version, texts, wanted, standing),
        languages=[
            {"name": languages.own_name(code), "url": f"?language={code}", "current": code == wanted} for code in codes
        ],
        can_speak=can_speak,
        open=version.takes_words(clock.database_now()),
        desk=request.user.has_perm(SEE, version.statement),
    )
    return render(request, "recommendations/circulated_detail.html", context)


def _sections(version: CirculatedVersion, texts: list[CirculatedText], wanted: str, standing: Any) -> list[Any]:
    """Return the sections of a version, each with its texts by paragraph and what was said to them."""
    sections: dict[str, dict[str, Any]] = {}
    for one in texts:
        code = one.section_id or canonical.ASEAN
        name = one.section.name if one.section else canonical.ASEAN
        sections.setdefault(code, {"name": name, "rows": []})["rows"].append(_text(version, one, wanted, standing))
    return list(sections.values())


def _text(version: CirculatedVersion, one: CirculatedText, wanted: str, standing: Any) -> dict[str, Any]:
    shown = passage(one.texts, wanted, version.statement.prevailing_language)
    comments = [said(comment, standing) for comment in one.said]
    return {
        "text": one,
        "shown": shown,
        "paragraphs": list(enumerate(paragraphs.paragraphs(shown.text), 1)),
        "comments": comments,
        "amendments": [said(amendment, standing) for amendment in one.proposed],
    }


def said(one: Any, standing: Any) -> dict[str, Any]:
    """Return a comment or an amendment as this reader sees it."""
    return {
        "one": one,
        "name": one.organisation.shown_name(standing),
        "badge": STATES.get(one.state, ""),
        "own": one.organisation_id in standing.speaks_for,
        "mine": one.organisation_id in standing.organisations,
    }


@signed_in
def circulated_compare(request: HttpRequest, slug: str) -> HttpResponse:
    found = CirculatedVersion.objects.filter(statement__consultation__slug=slug).visible_to(request.user)
    versions = list(found.for_page().order_by("-number"))
    if not versions:
        raise Http404
    old, new = _two(request, versions)
    changes = _changes(old, new) if old else []
    context = frame(
        versions[0].statement,
        versions=versions,
        old=old,
        new=new,
        changes=[row for row in changes if row["kind"] != "same"],
        same=sum(row["kind"] == "same" for row in changes),
    )
    return render(request, "recommendations/circulated_compare.html", context)


def _two(request: HttpRequest, versions: list[CirculatedVersion]) -> tuple[Any, Any]:
    """Return the older and the newer version that are compared: as asked, else the last two."""
    by_number = {str(one.number): one for one in versions}
    asked = {by_number[request.GET[name]] for name in ("old", "new") if request.GET.get(name) in by_number}
    pair = sorted(asked if len(asked) > 1 else versions[:2], key=lambda one: one.number)
    return (pair[0], pair[1]) if len(pair) > 1 else (None, pair[0])


def _changes(old: CirculatedVersion, new: CirculatedVersion) -> list[dict[str, Any]]:
    """Return, recommendation by recommendation, what became of it from one version to the other."""
    was = {one.recommendation_id: one for one in old.texts.select_related("section")}
    now = {one.recommendation_id: one for one in new.texts.select_related("section")}
    order = [*now, *(pk for pk in was if pk not in now)]
    return [_change(was.get(pk), now.get(pk)) for pk in order]


def _change(old: CirculatedText | None, new: CirculatedText | None) -> dict[str, Any]:
    before, after = (old.texts if old else {}), (new.texts if new else {})
    rows = [
        {
            "language": languages.BY_CODE[code],
            "rows": paragraphs.by_paragraph(before.get(code, ""), after.get(code, "")),
        }
        for code in languages.BY_CODE
        if before.get(code, "") != after.get(code, "")
    ]
    moved = old is not None and new is not None and old.label != new.label
    kind = "new" if old is None else "gone" if new is None else "changed" if rows else "moved" if moved else "same"
    return {"kind": kind, "old": old, "new": new, "moved": moved, "texts": rows}

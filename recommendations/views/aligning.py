"""Two languages of a recommendation side by side, by paragraph, with what changed in the source since."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import languages, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from recommendations import actions, paragraphs
from recommendations.forms.circulating import LanguageForm
from recommendations.views.combining import frame, may_change, one_of, plain_statement


@signed_in
@once
def recommendation_language(request: HttpRequest, slug: str, pk: int, language: str) -> HttpResponse:
    statement = plain_statement(request, slug)
    one = one_of(statement, pk)
    if language not in languages.BY_CODE or language == statement.prevailing_language:
        raise Http404
    if request.method == "GET" and not may_change(request, statement):
        return redirect("recommendation_detail", slug, pk)
    standing = next(row for row in actions.standing_of_languages(one, [language]) if row.language == language)
    stored = {"version": one.version, "words": standing.words, "state": standing.state or "draft"}
    form = LanguageForm(request.POST or None, language=language, initial={**stored, **kept_initial(request)})
    values = {"by": request.user, "language": language}
    tried = saving.save(form, lambda: actions.write_language(one, **values, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("Saved. No other language was changed."))
        return redirect("recommendation_language", slug, pk, language)
    context = frame(statement, one=one, standing=standing, form=form, **_side_by_side(standing, statement))
    return render(
        request, "recommendations/recommendation_language.html", {**context, **tried.page}, status=tried.status
    )


def _side_by_side(standing: Any, statement: Any) -> dict[str, Any]:
    """Return both languages paragraph by paragraph, and the source with what moved since it was followed."""
    theirs, mine = paragraphs.paragraphs(standing.source), paragraphs.paragraphs(standing.words)
    longest = max(len(theirs), len(mine))
    rows = [
        {"number": at + 1, "source": "".join(theirs[at : at + 1]), "words": "".join(mine[at : at + 1])}
        for at in range(longest)
    ]
    return {
        "language": languages.BY_CODE[standing.language],
        "prevailing": languages.BY_CODE[statement.prevailing_language],
        "rows": rows,
        "uneven": len(theirs) != len(mine) and bool(mine),
        "moved": paragraphs.by_paragraph(standing.followed, standing.source) if standing.behind else [],
    }

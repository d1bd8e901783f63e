"""What a form's script sends while somebody writes: the draft is kept, and the answer says in words what came of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.models import Consultation
from portal import access, differences
from portal.access import signed_in
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.forms import KeptForm
from recommendations.models import Submission
from recommendations.views.submissions import begun_with, form_key, hats_for
from stakeholders.querysets import standing_of


@signed_in
@require_POST
def submission_begin(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.for_list()
    consultation = access.fetch(request, found, "recommendations.write_submission", slug=slug)
    hats = hats_for(request, consultation)
    form = KeptForm(request.POST, consultation=consultation, organisations=hats)

    def keep() -> Submission:
        return actions.begin_draft(consultation, by=request.user, kept=True, **begun_with(request, form))

    return _kept(form, keep)


@signed_in
@require_POST
def submission_keep(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Submission.objects.of(standing_of(request.user).organisations)
    submission = access.fetch(request, mine.for_list(), pk=pk)
    form = KeptForm(
        request.POST,
        instance=submission,
        consultation=submission.consultation,
        organisations=[submission.organisation],
    )

    def keep() -> Submission:
        known = {"version": form.cleaned_data["version"], "form_key": form_key(request)}
        return actions.keep_draft(submission, by=request.user, **known, **form.words)

    return _kept(form, keep)


def _kept(form: KeptForm, keep: Any) -> JsonResponse:
    """Return what came of it, in words for the writer's page: the words typed there stay in any case."""
    if not form.is_valid():
        return JsonResponse({"state": "unsaved", "said": _unsaved(form)})
    try:
        submission = keep()
    except Conflict as conflict:
        rows = differences.clash(form, conflict.current)
        shown = render_to_string("components/conflict.html", {"rows": rows})
        answer = {"state": "conflict", "html": shown, "version": conflict.current.version}
        return JsonResponse({**answer, "said": str(conflict.reason)})
    except Refusal as refusal:
        return JsonResponse({"state": "refused", "said": str(refusal.reason)})
    said = _("Saved as a draft at %(time)s.") % {"time": f"{timezone.localtime():%H:%M}"}
    edit = reverse("submission_edit", args=[submission.pk])
    return JsonResponse({"state": "saved", "said": said, "version": submission.version, "edit": edit})


def _unsaved(form: KeptForm) -> str:
    """Return why nothing is saved yet: what is missing first."""
    name, errors = next(iter(form.errors.items()))
    if name == "text" and not form.data.get(form.add_prefix("text"), "").strip():
        return ""
    label = form.fields[name].label if name in form.fields else ""
    return _("Not saved yet. %(label)s · %(error)s") % {"label": label, "error": errors[0]}

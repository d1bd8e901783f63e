"""Evidence of a submission: attached to a draft, handed out after a check of rights."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.papers.reading import MEGABYTE
from consultations.states import PaperKind
from consultations.views.papers import CONTENT_TYPES
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.handing_in import EvidenceForm
from recommendations.models import Evidence, Submission
from recommendations.views.submissions import own
from stakeholders.querysets import standing_of


@signed_in
@once
def evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.change_submission", submission):
        return redirect(submission)
    form = EvidenceForm(request.POST or None, request.FILES or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        prepared, title = form.cleaned_data["file"], form.cleaned_data["title"]
        try:
            actions.add_evidence(submission, by=request.user, prepared=prepared, title=title)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, " ".join(filter(None, (_("The file is attached."), prepared.told))))
            return redirect(submission)
    most = settings.PAPER_MAX_BYTES // MEGABYTE
    context = {"submission": submission, "consultation": submission.consultation, "form": form, "megabytes": most}
    return render(request, "recommendations/evidence_create.html", {**context, "nav_current": "desk"})


@signed_in
@once
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = access.fetch(request, Evidence.objects.select_related("submission__consultation"), pk=pk)
    submission: Submission = evidence.submission
    if submission.organisation_id not in standing_of(request.user).organisations:
        raise Http404
    if request.method == "GET" and not request.user.has_perm("recommendations.change_submission", submission):
        return redirect(submission)
    if request.method == "POST":
        try:
            actions.remove_evidence(evidence, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The file is gone, here and from the disk."))
        return redirect(submission)
    context = {"submission": submission, "consultation": submission.consultation, "evidence": evidence}
    return render(request, "recommendations/evidence_remove.html", {**context, "nav_current": "desk"})


@signed_in
@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    evidence = access.fetch(request, Evidence.objects.all(), pk=pk)
    try:
        stream = evidence.file.open("rb")
    except OSError as error:
        raise Http404 from error
    kind = CONTENT_TYPES[PaperKind(evidence.kind)]
    response = FileResponse(stream, as_attachment=True, filename=evidence.file_name, content_type=kind)
    response["Cache-Control"], response["X-Content-Type-Options"] = "private, no-store", "nosniff"
    return response

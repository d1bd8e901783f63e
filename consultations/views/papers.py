"""Papers: handed out after a check of rights, kept by the convenors."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations import actions
from consultations.forms.papers import PaperForm, UploadForm
from consultations.models import Consultation, Paper
from consultations.papers.reading import MEGABYTE
from consultations.states import PaperKind
from portal import access
from portal.access import public, signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal

CONTENT_TYPES = {
    PaperKind.PDF: "application/pdf",
    PaperKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperKind.ODT: "application/vnd.oasis.opendocument.text",
    PaperKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PaperKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    PaperKind.TXT: "text/plain; charset=utf-8",
    PaperKind.JPEG: "image/jpeg",
    PaperKind.PNG: "image/png",
}


@public
@require_safe
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = access.fetch(request, Paper.objects.select_related("consultation"), pk=pk)
    etag = f'"{paper.digest[:32]}"'
    response: HttpResponseBase
    if paper.public and etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = _file(paper)
    if paper.public and not paper.consultation.discreet:
        # Asked for each time: a paper can stop being public.
        response["Cache-Control"], response["ETag"] = "public, no-cache", etag
    else:
        response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(paper: Paper) -> FileResponse:
    """Hand the file out to be saved: it is never shown inside a page of ours."""
    try:
        stream = paper.file.open("rb")
    except OSError as error:
        raise Http404 from error
    kind = CONTENT_TYPES[PaperKind(paper.kind)]
    return FileResponse(stream, as_attachment=True, filename=paper.file_name, content_type=kind)


@signed_in
def paper_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _kept(request, slug, "consultations.see_desk")
    context = {
        "consultation": consultation,
        "papers": consultation.papers.for_page(),
        "can_keep": request.user.has_perm("consultations.keep_papers", consultation),
        "nav_current": "desk",
    }
    return render(request, "consultations/paper_list.html", context)


@signed_in
@once
def paper_create(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _kept(request, slug, "consultations.keep_papers")
    form = UploadForm(
        request.POST or None, request.FILES or None, consultation=consultation, initial=kept_initial(request)
    )
    if request.method == "POST" and form.is_valid():
        prepared = form.cleaned_data["file"]
        try:
            actions.add_paper(consultation, by=request.user, prepared=prepared, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, " ".join(filter(None, (_("The paper is attached."), prepared.told))))
            return redirect("paper_list", slug)
    most = settings.PAPER_MAX_BYTES // MEGABYTE
    context = {"consultation": consultation, "form": form, "megabytes": most, "nav_current": "desk"}
    return render(request, "consultations/paper_create.html", context)


@signed_in
@once
def paper_edit(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _own(request, pk)
    form = PaperForm(request.POST or None, consultation=paper.consultation, initial=_stored(request, paper))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_paper(paper, by=request.user, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("paper_list", paper.consultation.slug)
    context = {"consultation": paper.consultation, "paper": paper, "form": form, "nav_current": "desk"}
    return render(request, "consultations/paper_edit.html", context)


@signed_in
@once
def paper_remove(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _own(request, pk)
    if request.method == "POST":
        actions.remove_paper(paper, by=request.user)
        messages.success(request, _("The paper is gone, here and from the disk."))
        return redirect("paper_list", paper.consultation.slug)
    context = {"consultation": paper.consultation, "paper": paper, "nav_current": "desk"}
    return render(request, "consultations/paper_remove.html", context)


def _kept(request: HttpRequest, slug: str, permission: str) -> Consultation:
    return access.fetch(request, Consultation.objects.asked_by(request.user), permission, slug=slug)


def _own(request: HttpRequest, pk: int) -> Paper:
    found = Paper.objects.select_related("consultation", "session").prefetch_related("consultation__convenors")
    return access.fetch(request, found, "consultations.change_paper", pk=pk)


def _stored(request: HttpRequest, paper: Paper) -> dict[str, Any]:
    stored = {name: getattr(paper, name) for name in PaperForm.base_fields}
    return {**stored, "session": paper.session_id, **kept_initial(request)}

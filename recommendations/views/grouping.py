"""What is alike: ask for the search, see how far it is, take groups apart, translate for the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.combining import TranslationForm
from recommendations.models import Grouping, LikeGroup, Submission


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    found = Consultation.objects.for_list().prefetch_related("convenors")
    consultation: Consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    return consultation


def to_groups(slug: str) -> HttpResponseRedirect:
    """Lead to the groups of the workspace."""
    return HttpResponseRedirect(f"{reverse('workspace', args=[slug])}?show=groups#received")


@signed_in
@once
def grouping_start(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    if request.method == "POST":
        actions.ask_grouping(consultation, by=request.user)
    return HttpResponseRedirect(reverse("grouping_progress", args=[slug]))


@signed_in
def grouping_progress(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _consultation(request, slug)
    grouping = Grouping.objects.filter(consultation=consultation).first()
    if grouping is None:
        return to_groups(slug)
    context = {"consultation": consultation, "grouping": grouping, "nav_current": "desk"}
    if request.headers.get("HX-Request"):
        return render(request, "recommendations/parts/grouping_progress.html", context)
    return render(request, "recommendations/grouping_progress.html", context)


@signed_in
@once
def group_dissolve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _consultation(request, slug)
    if request.method == "POST":
        group = get_object_or_404(LikeGroup, consultation=consultation, pk=pk)
        try:
            actions.dissolve_group(group, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The group is dissolved. A new search keeps these apart."))
    return to_groups(slug)


@signed_in
@once
def group_take_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _consultation(request, slug)
    if request.method == "POST":
        found = Submission.objects.sent_in().filter(consultation=consultation, likeness__group__isnull=False)
        submission = get_object_or_404(found, pk=pk)
        try:
            actions.take_out_submission(submission, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            words = _("Submission %(number)s stands by itself. A new search keeps it apart.") % {"number": pk}
            messages.success(request, words)
    return to_groups(slug)


@signed_in
@once
def submission_translate(request: HttpRequest, pk: int) -> HttpResponse:
    found = Submission.objects.sent_in().for_list().prefetch_related("translations__by")
    submission = access.fetch(request, found, "recommendations.treat_submission", pk=pk)
    texts = {one.language: one.text for one in submission.translations.all()}
    form = TranslationForm(request.POST or None, initial=kept_initial(request), submission=submission)
    if request.method == "GET" and not form.initial:
        form.initial["text"] = texts.get(form.fields["language"].initial, "")
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_translation(submission, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The working translation is saved."))
            return HttpResponseRedirect(submission.get_absolute_url())
    context = {"submission": submission, "consultation": submission.consultation, "form": form, "nav_current": "desk"}
    return render(request, "recommendations/submission_translate.html", context)

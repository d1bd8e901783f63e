"""Letters on paper: to print one by one or all at once, and to mark as handed over."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import actions, letters
from consultations.emails import TEST_TOKEN
from consultations.forms import HandOverForm
from consultations.models import Consultation, Invitation
from consultations.querysets import InvitationQuerySet
from consultations.states import HandedBy
from consultations.views.inviting import SEND, invitation_of, one_of, own
from consultations.views.outbox import at_desk
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import LogEntry
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import standing_of

MOST_FILES = 10_000  # what nobody ever reaches, and every database can count to
TO_PRINT = ("approved", "sent", "tentative", "accepted", "to_reconfirm")


@signed_in
def letter_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    # A page of the list is a file: however many letters there are, this page offers those that it shows.
    page = Paginator(_letters(consultation), letters.MOST_IN_ONE).get_page(request.GET.get("page"))
    standing, handed = standing_of(request.user), handed_over(page.object_list)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "page": page,
        "query": "",
        "rows": [_row(one, standing, handed) for one in page.object_list],
    }
    return render(request, "consultations/letter_list.html", context)


def _row(invitation: Invitation, standing: Any, handed: dict[int, Any]) -> dict[str, Any]:
    return {
        "invitation": invitation,
        "name": invitation.shown_name(standing),
        "reference": letters.reference_of(invitation),
        "handed": handed.get(invitation.pk),
        "open": invitation.can("accept") or invitation.state == "approved",
    }


def _letters(consultation: Consultation) -> InvitationQuerySet:
    return consultation.invitations.letters().filter(state__in=TO_PRINT).for_desk().order_by("pk")


def handed_over(invitations: Iterable[Invitation]) -> dict[int, dict[str, Any]]:
    """Return when and how each letter was handed over, as the log has it; the last time counts. One query."""
    ids = [invitation.pk for invitation in invitations]
    entries = LogEntry.objects.filter(
        subject_type=Invitation._meta.label_lower, subject_id__in=ids, verb="hand_over"
    ).order_by("number")
    found = {}
    for entry in entries.values_list("subject_id", "detail"):
        way, _space, day = entry[1].partition(" ")
        found[entry[0]] = {"way": HandedBy(way).label, "on": date.fromisoformat(day)}
    return found


@signed_in
def invitation_letter(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = at_desk(request, slug)
    invitation = access.fetch(request, _to_print(consultation), pk=pk)
    real = invitation.goes_on_paper and invitation.state in TO_PRINT
    return _file(letters.typeset([invitation], token="" if real else TEST_TOKEN), f"letter-{invitation.pk}")


@signed_in
def letters_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    consultation = at_desk(request, slug)
    first = (number - 1) * letters.MOST_IN_ONE
    listed = _letters(consultation).values_list("pk", flat=True) if 0 < number < MOST_FILES else []
    part = list(listed[first : first + letters.MOST_IN_ONE])
    if not part:
        raise Http404
    return _file(letters.typeset(_to_print(consultation).filter(pk__in=part).order_by("pk")), f"letters-{number}")


def _to_print(consultation: Consultation) -> InvitationQuerySet:
    shown = ("organisation__country", "body__country")
    return consultation.invitations.for_mailing().select_related(*shown).prefetch_related("consultation__convenors")


def _file(content: bytes, name: str) -> HttpResponse:
    """Return the PDF to be saved. Its name tells nothing of anybody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@signed_in
@once
def letter_hand_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    invitation = invitation_of(request, consultation, pk)
    stored = {"reference": invitation.reference, "handed_by": HandedBy.POST}
    form = HandOverForm(request.POST or None, initial={**stored, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over_letter(invitation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Noted. The link of the letter works."))
            return HttpResponseRedirect(reverse("letter_list", args=[consultation.slug]))
    context = {"form": form, "handed": handed_over([invitation]).get(invitation.pk)}
    return render(
        request, "consultations/letter_hand_over.html", {**context, **one_of(request, consultation, invitation)}
    )

"""A convenor notes answers that came another way: by telephone, by letter, in person; one or several, also late."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions
from consultations.forms import RecordForm, RepliesForm
from consultations.models import Answer, Consultation, Invitation, Seat
from consultations.querysets import WAITS_FOR_ANSWER
from consultations.views import filters
from consultations.views.answering import nameable, own_delegates
from consultations.views.coming import how_it_came
from consultations.views.inviting import invitation_of, own
from consultations.views.outbox import to_outbox
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import LogEntry
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import standing_of

RECORD = "consultations.record_answer"


@signed_in
@once
def answer_record(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, "consultations.see_desk")
    invitation = invitation_of(request, consultation, pk)
    if not request.user.has_perm(RECORD, invitation):
        raise PermissionDenied
    form = RecordForm(request.POST or None, invitation=invitation, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        reply, channel = actions.Reply(**form.said()), form.cleaned_data["channel"]
        try:
            noted = actions.record_answer(invitation, by=request.user, reply=reply, channel=channel)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            waits = _("The answer is noted. No seat is free for them now: they are on the waiting list.")
            messages.success(request, waits if noted.state == "waitlisted" else _("The answer is noted."))
            return to_outbox(consultation)
    context = {"form": form, **_shown(consultation, invitation)}
    context["name"] = invitation.shown_name(standing_of(request.user))
    return render(request, "consultations/answer_record.html", context)


@signed_in
@once
def answers_record(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, "consultations.see_desk")
    page = filters.page_of(request, _waiting(request, consultation))
    form = RepliesForm(request.POST or None, invitations=page.object_list, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        replies, channel = form.replies(), form.cleaned_data["channel"]
        try:
            noted = actions.record_answers(replies, by=request.user, channel=channel)
        except Refusal as refusal:
            form.refuse(refusal.field, str(refusal.reason))
        else:
            messages.success(request, _noted(noted))
            return HttpResponseRedirect(reverse("answers_record", args=[consultation.slug]))
    return render(request, "consultations/answers_record.html", _list_page(request, consultation, form, page))


def _waiting(request: HttpRequest, consultation: Consultation) -> Any:
    """Return whose answer is awaited, and of whom one is sent in; never the convenor's own organisation."""
    living = Prefetch("delegates", Seat.objects.living(), to_attr="living")
    found = consultation.invitations.exclude(organisation__in=standing_of(request.user).organisations)
    sent_in = [name.removesuffix("-answer") for name, said in request.POST.items() if name.endswith("-answer") and said]
    waits = Q(state__in=WAITS_FOR_ANSWER) | Q(pk__in=[int(pk) for pk in sent_in if pk.isdecimal() and pk.isascii()])
    found = found.filter(waits)
    found = found.select_related("consultation", "organisation", "body").prefetch_related(living)
    return found.order_by("organisation__name", "body__name", "full_name", "pk")


def _list_page(request: HttpRequest, consultation: Consultation, form: RepliesForm, page: Page) -> dict[str, Any]:
    standing = standing_of(request.user)
    return {
        "consultation": consultation,
        "form": form,
        "page": page,
        "rows": [
            {"line": line, "invitation": line.invitation, "name": line.invitation.shown_name(standing)}
            for line in form.lines
        ],
        "late": timezone.now() > consultation.answers_close_at,
        "nav_current": "desk",
    }


def _noted(noted: list[Invitation]) -> str:
    count, waits = len(noted), sum(one.state == "waitlisted" for one in noted)
    said = ngettext("%(count)d answer is noted.", "%(count)d answers are noted.", count) % {"count": count}
    if not waits:
        return said
    sentence = ngettext(
        "For %(count)d of them no seat is free now: on the waiting list.",
        "For %(count)d of them no seat is free now: on the waiting list.",
        waits,
    )
    return f"{said} {sentence % {'count': waits}}"


def _shown(consultation: Consultation, invitation: Invitation) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "invitation": invitation,
        "said": [*(_said(invitation, one) for one in invitation.answers.all()), *_outdated(invitation)],
        "late": timezone.now() > consultation.answers_close_at,
        "own_delegates": own_delegates(invitation),
        "nameable": nameable(invitation),
        "nav_current": "desk",
    }


def _said(invitation: Invitation, one: Answer) -> dict[str, Any]:
    return {
        "words": _word(one.verb, one.seats),
        "texts": [text for text in (one.delegates, one.needs, one.note) if text],
        "at": one.at,
        "how": ", ".join(how_it_came(invitation, one)),
    }


def _word(verb: str, seats: int) -> str:
    words = {"yes": _("Yes, for %(seats)d") % {"seats": seats}, "maybe": _("Not sure yet"), "no": _("No")}
    return words.get(verb, verb)


def _outdated(invitation: Invitation) -> list[dict[str, Any]]:
    """Return what calendars answered to an older entry: shown, and not counted."""
    entries = LogEntry.objects.filter(
        verb="outdated_reply", subject_type=invitation._meta.label_lower, subject_id=invitation.pk
    )
    how = _("from a calendar, about the older date: it does not count")
    words = {"yes": _("Yes"), "maybe": _("Not sure yet"), "no": _("No")}
    return [{"words": words.get(one.detail, ""), "at": one.at, "how": how} for one in entries.order_by("-number")]

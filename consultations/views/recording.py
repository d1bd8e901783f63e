"""A convenor notes an answer that came another way: by telephone, by letter, in person; also late."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms import RecordForm
from consultations.models import Answer, Consultation, Invitation
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

"""The convenor sends: exact counts first, now or at an hour, a live bar, held back, reminders by hand and by plan."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Min, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions, placeholders
from consultations.forms import ReminderForm, SendForm
from consultations.models import Consultation
from consultations.querysets import INVITATION_MAIL
from consultations.states import InvitationState, WordingKind
from consultations.views.inviting import SEND, own
from consultations.views.outbox import LOST, State, at_desk, sending_counts, to_outbox
from consultations.views.planning import to_desk
from portal import clock, dates, log, mail
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import BlockedAddress, OutgoingMessage
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal

ON_THE_WAY = (State.QUEUED, State.SENDING, State.DEFERRED)
CHANGE = "consultations.change_consultation"


@signed_in
@once
def invitation_send(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, initial={"when": "now", **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        try:
            paced = form.cleaned_data.get("paced", False)
            actions.send_invitations(consultation, by=request.user, start=actions.Start(**form.start()), paced=paced)
        except Refusal as refusal:
            if refusal.field is None:
                messages.error(request, str(refusal.reason))
                return to_outbox(consultation)
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(reverse("invitation_progress", args=[consultation.slug]))
    context = {"consultation": consultation, "nav_current": "desk", "form": form, **_before(consultation)}
    return render(request, "consultations/invitation_send.html", context)


def _before(consultation: Consultation) -> dict[str, Any]:
    """Return what to know before sending: exact counts, who is left out and why, how long it takes, whom to look at."""
    prefetch_related_objects([consultation], "wordings")
    counts = sending_counts(consultation, consultation.invitations.sendable())
    days = mail.days_needed(counts["mails"])
    approved = consultation.invitations.filter(state=InvitationState.APPROVED)
    last = timezone.now() + timedelta(days=days - 1)
    return {
        **counts,
        "drafted": consultation.invitations.filter(state=InvitationState.DRAFTED).count(),
        "gone": approved.count() - approved.sendable().count(),
        "blocked": _blocked(approved.sendable()),
        "telling": [wording for wording in consultation.wordings.all() if placeholders.tells_too_much(wording)],
        "days": days,
        "most": settings.MAIL_PER_DAY,
        "last": dates.moment(last, consultation.time_zone),
        "late": last > consultation.answers_close_at,
        "first": approved.sendable().order_by("pk").values_list("pk", flat=True).first(),
    }


def _blocked(invitations: Any) -> int:
    """Return how many go to an address that gets no mail: they come back to be repaired."""
    keys = set(BlockedAddress.objects.filter(notices_only=False).values_list("key", flat=True))
    addresses = invitations.exclude(address="").values_list("address", flat=True) if keys else ()
    return sum(mail.address_key(address) in keys for address in addresses)


@signed_in
def invitation_progress(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    context = {"nav_current": "desk", "consultation": consultation, **_progress(consultation)}
    fragment = "parts/progress" if request.headers.get("HX-Request") else "invitation_progress"
    return render(request, f"consultations/{fragment}.html", context)


def _progress(consultation: Consultation) -> dict[str, Any]:
    about = OutgoingMessage.objects.about(log.topic_of(consultation)).filter(purpose=INVITATION_MAIL)
    tally = about.tally()
    later = about.filter(state=State.QUEUED, next_try_at__gt=timezone.now(), attempts=0)
    planned = later.count() if tally.get(State.QUEUED) else 0
    left = sum(tally.get(state, 0) for state in ON_THE_WAY) - planned
    first = later.aggregate(first=Min("next_try_at"))["first"] if planned else None
    return {
        "total": sum(tally.values()) - tally.get(State.SUPERSEDED, 0),
        "sent": tally.get(State.SENT, 0) + tally.get(State.DELIVERED, 0),
        "deferred": tally.get(State.DEFERRED, 0),
        "withheld": tally.get(State.WITHHELD, 0),
        # What is held back has a sentence of its own.
        "lost": sum(tally.get(state, 0) for state in LOST if state != State.WITHHELD),
        "planned": planned,
        "first": dates.moment(first, consultation.time_zone) if first else "",
        "finished": not left,
    }


@signed_in
@once
def invitations_hold_back(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    if request.method == "POST":
        count = actions.hold_back_invitations(consultation, by=request.user)
        sentence = ngettext(
            "%(count)d invitation is held back. It is approved, and can be sent anew.",
            "%(count)d invitations are held back. They are approved, and can be sent anew.",
            count,
        )
        messages.success(request, sentence % {"count": count} if count else _("Nothing waits for its hour any more."))
        return to_outbox(consultation)
    planned = consultation.invitations.planned().mailed().count()
    context = {"consultation": consultation, "nav_current": "desk", "planned": planned}
    return render(request, "consultations/invitations_hold_back.html", context)


@signed_in
@once
def reminders_send(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEND)
    if request.method == "POST":
        try:
            count = actions.send_reminders(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            sentence = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
            messages.success(
                request, sentence % {"count": count} if count else _("Everybody was reminded today already.")
            )
        return to_outbox(consultation)
    counts = sending_counts(consultation, consultation.invitations.remindable(), WordingKind.REMINDER)
    silent = consultation.invitations.filter(state=InvitationState.SENT).without_mail().count()
    context = {"consultation": consultation, "nav_current": "desk", **counts, "letters": silent}
    context["next_on"] = consultation.next_reminder_on(clock.today_in(consultation.time_zone))
    return render(request, "consultations/reminders_send.html", context)


@signed_in
@once
def reminders_plan(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, CHANGE)
    stored = {"days": consultation.reminder_days, "version": consultation.version}
    form = ReminderForm(request.POST or None, initial={**stored, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        days, version = form.cleaned_data["days"], form.cleaned_data["version"] or 0
        try:
            actions.plan_reminders(consultation, by=request.user, days=days, version=version)
        except Conflict as conflict:
            consultation = conflict.current
            form.data = {**form.data.dict(), "version": consultation.version}
            form.add_error(
                "days",
                _("Somebody else changed the plan meanwhile: %(days)s. Save again to keep yours.")
                % {"days": consultation.reminder_days or "–"},
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return to_desk(consultation)
    return render(request, "consultations/reminders_plan.html", {"form": form, **_plan(consultation)})


def _plan(consultation: Consultation) -> dict[str, Any]:
    today = clock.today_in(consultation.time_zone)
    return {
        "nav_current": "desk",
        "consultation": consultation,
        "days": [{"day": day, "over": day < today, "today": day == today} for day in consultation.reminders_on],
        "silent": consultation.invitations.remindable().count(),
    }

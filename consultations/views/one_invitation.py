"""One invitation: where it stands and why, what was sent and said, and what can be done about it."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import actions, emails, placeholders
from consultations.emails import InvitationEmail
from consultations.forms import RepairForm, ResendForm
from consultations.models import Invitation
from consultations.views.inviting import SEND, invitation_of, one_of, own
from consultations.views.letters import handed_over
from consultations.views.outbox import BADGES, LOST, State, at_desk, to_outbox
from portal import access, bounces, languages, mail
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import OutgoingMessage
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import standing_of

# What a mail server means by its number, as somebody who sends invitations needs to know it.
REASONS: dict[str, Any] = {
    "550": gettext_lazy("Their server says that there is no such mailbox. Ask for another address."),
    "551": gettext_lazy("Their server says that there is no such mailbox. Ask for another address."),
    "553": gettext_lazy("Their server says that there is no such mailbox. Ask for another address."),
    "552": gettext_lazy("Their mailbox is full. Call, or send it again in some days."),
    "452": gettext_lazy("Their mailbox is full. Call, or send it again in some days."),
    "554": gettext_lazy("Their server takes our mail for unwanted. Write from your own mailbox, or call."),
    "571": gettext_lazy("Their server takes our mail for unwanted. Write from your own mailbox, or call."),
}
WORDS: dict[str, Any] = {
    "given up": gettext_lazy("Tried for three days without success. Ask for another address, or call."),
    "could not be made": gettext_lazy("The mail could not be made. That is our fault: tell whoever runs the portal."),
    "the mail server": gettext_lazy("Our own mail server did not take it. It is tried again by itself."),
    "the line broke": gettext_lazy("The line broke. Nobody knows whether it arrived."),
    "worker": gettext_lazy("The program that was sending it was stopped. It is tried again by itself."),
    "came back": gettext_lazy("Mail to this address came back before. Ask for another address."),
    "unwanted": gettext_lazy("Its reader reported our mail as unwanted. Do not write again: call."),
    "by hand": gettext_lazy("This address is blocked by hand."),
}
HISTORY = 50


def why(message: OutgoingMessage) -> str:
    """Return in words why a mail did not arrive, or not yet; for the rest, the reason as it was noted."""
    said = message.last_error
    code = re.search(r"\((\d{3})", said)
    if code and code[1] in REASONS:
        return str(REASONS[code[1]])
    if code and code[1].startswith("4"):
        return _("Their server asked us to wait. It is tried again by itself.")
    return next((str(words) for part, words in WORDS.items() if part in said), message.reason)


def trouble(invitation: Invitation, mails: list[OutgoingMessage]) -> str:
    """Return what to know before anybody writes again: a complaint from this address, or that the last mail was lost.

    A mail that came back before a later one arrived is history.
    """
    unwanted = (one for one in mails if one.last_error == bounces.UNWANTED and one.recipient == invitation.address)
    last = (one for one in mails if one.state != State.SUPERSEDED)
    told = next(unwanted, None) or next(last, None)
    return why(told) if told and (told.state in LOST or told.last_error == bounces.UNWANTED) else ""


@signed_in
def invitation_state(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = at_desk(request, slug)
    invitation = access.fetch(request, Invitation.objects.for_desk(), consultation=consultation, pk=pk)
    mails = _mails(invitation)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "invitation": invitation,
        "name": invitation.shown_name(standing_of(request.user)),
        "badge": BADGES.get(invitation.state, ""),
        "mails": [_mail_row(message) for message in mails],
        "trouble": trouble(invitation, mails),
        "answers": invitation.answers.select_related("by")[:HISTORY],
        "handed": handed_over([invitation]).get(invitation.pk),
        "repairable": invitation.can("repair"),
        "answerable": invitation.can("accept"),
        "revocable": invitation.can("revoke"),
        "redraftable": invitation.can("redraft"),
        "resendable": invitation.state == "sent" and invitation.goes_by_mail and not invitation.waits_for_its_hour,
    }
    return render(request, "consultations/invitation_state.html", context)


def _mails(invitation: Invitation) -> list[OutgoingMessage]:
    """Return all mails about the invitation, the latest first."""
    purposes = [purpose for purpose, email in mail.REGISTRY.items() if isinstance(email, InvitationEmail)]
    about = OutgoingMessage.objects.filter(purpose__in=purposes, subject_id=invitation.pk)
    return list(about.order_by("-created_at", "-pk")[:HISTORY])


def _mail_row(message: OutgoingMessage) -> dict[str, Any]:
    kinds = {
        emails.invitation_sent.purpose: _("Invitation"),
        emails.invitation_reminder.purpose: _("Reminder"),
        emails.consultation_moved.purpose: _("Moved"),
        emails.consultation_cancelled.purpose: _("Cancelled"),
    }
    waits = message.state == State.QUEUED and message.next_try_at > timezone.now()
    arrived = message.state in {State.SENT, State.DELIVERED, State.SUPERSEDED}
    return {
        "kind": kinds.get(message.purpose, _("Message")),
        "version": message.version,
        "to": message.recipient,
        "state": _("waits for its hour") if waits else message.get_state_display(),
        "badge": {State.SENT: "ok", State.DELIVERED: "ok", State.SUPERSEDED: ""}.get(
            message.state, "no" if message.state in LOST else "wait"
        ),
        "at": message.sent_at or (message.next_try_at if waits else message.created_at),
        "why": "" if arrived and message.last_error != bounces.UNWANTED else why(message),
    }


@signed_in
@once
def invitation_repair(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    invitation = invitation_of(request, consultation, pk)
    form = RepairForm(request.POST or None, initial=kept_initial(request), invitation=invitation)
    if request.method == "POST" and form.is_valid():
        address, before = form.cleaned_data["address"], invitation.address
        try:
            actions.repair_invitation(invitation, by=request.user, address=address)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _on_its_way(address, before))
            return to_outbox(consultation)
    lost = next((message for message in _mails(invitation) if message.state in LOST), None)
    context = {"form": form, "why": why(lost) if lost else "", **one_of(request, consultation, invitation)}
    return render(request, "consultations/invitation_repair.html", context)


def _on_its_way(address: str, before: str) -> str:
    if address == before:
        return _("The invitation is on its way once more. Its link is the same.")
    return _("The invitation is on its way to the new address. The old link no longer works.")


@signed_in
@once
def invitation_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, SEND)
    invitation = invitation_of(request, consultation, pk)
    form = ResendForm(request.POST or None, initial={"address": invitation.address, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        address, before = form.cleaned_data["address"], invitation.address
        try:
            actions.resend_invitation(invitation, by=request.user, address=address)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _on_its_way(address, before))
            return HttpResponseRedirect(reverse("invitation_state", args=[consultation.slug, invitation.pk]))
    known = trouble(invitation, _mails(invitation))
    context = {"form": form, "trouble": known, **one_of(request, consultation, invitation)}
    return render(request, "consultations/invitation_resend.html", context)


@signed_in
def invitation_message(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = at_desk(request, slug)
    invitation = access.fetch(request, Invitation.objects.for_mail(), consultation=consultation, pk=pk)
    live = invitation.state not in {"drafted", "approved", "revoked", "lapsed"}
    context = {
        # Whoever is reached by mail gets the link alone: nobody else could answer for them.
        "text": _short(invitation) if live and not invitation.goes_by_mail else "",
        "language": languages.shipped_or_default(invitation.language),
        **one_of(request, consultation, invitation),
    }
    return render(request, "consultations/invitation_message.html", context)


def _short(invitation: Invitation) -> str:
    """Return a few words to copy into a messenger: neutral, with the link of this invitation and nobody's name."""
    values = placeholders.values_of(invitation.consultation, invitation.language)
    letter = emails.invitation_sent.content(invitation, invitation.language)
    with translation.override(languages.shipped_or_default(invitation.language)):
        words = _("You are invited to a consultation, {days}, {place}. Please answer by {answer_by}: {link}")
        return placeholders.filled(words, {**values, **letter.personal})

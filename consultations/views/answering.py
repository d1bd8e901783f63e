"""The invitee answers, with the link of the mail or signed in: one page, no account, nothing about anybody else."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import actions, calendar
from consultations.forms import AnswerForm
from consultations.models import Invitation, Seat, hash_token
from consultations.states import Channel
from portal import access
from portal.access import public, signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal

HELD = "invitation_links"  # in the session: which invitations this browser opened a link of
TOKEN_LENGTH = 40
SEE = "consultations.see_invitation"
Act = Callable[[HttpRequest, Invitation, Channel], HttpResponse]


@public
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    token = token.strip()
    if len(token) != TOKEN_LENGTH:
        return no_link(request, "cut", HTTPStatus.NOT_FOUND)
    invitations = Invitation.objects.select_related("consultation", "organisation")
    invitation = invitations.filter(token_hash=hash_token(token.lower())).first()
    if invitation is None:
        return no_link(request, "unknown", HTTPStatus.NOT_FOUND)
    if not invitation.link_works:
        return no_link(request, "ended", HTTPStatus.GONE)
    if request.method == "GET":
        held = request.session.get(HELD, {})
        request.session[HELD] = {**held, str(invitation.pk): invitation.nonce}
    return redirect("invitation_answer", invitation.pk)


def no_link(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    """Say what to do. Whether such an invitation ever existed is not told to a wrong link."""
    return render(request, "consultations/invitation_link.html", {"why": why, "quick_exit": True}, status=status)


def gated(request: HttpRequest, pk: int, act: Act, permission: str = SEE) -> HttpResponse:
    """Find whose invitation it is: by the link this browser opened, else by the account; then go on with the page."""
    nonce = request.session.get(HELD, {}).get(str(pk))
    invitation = Invitation.objects.for_mail().filter(pk=pk, nonce=nonce).first() if nonce else None
    if invitation and invitation.link_works:
        return act(request, invitation, Channel.LINK)
    if nonce and not request.user.is_authenticated:
        access.keep_input(request)
        return no_link(request, "ended", HTTPStatus.GONE)
    return signed_in(_by_account)(request, pk, act, permission)


def _by_account(request: HttpRequest, pk: int, act: Act, permission: str) -> HttpResponse:
    invitation = access.fetch(request, Invitation.objects.for_mail(), permission, pk=pk)
    return act(request, invitation, Channel.PORTAL)


@public
@once
def invitation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _answer_page)


def _answer_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    form = AnswerForm(request.POST or None, invitation=invitation, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        by = request.user if channel == Channel.PORTAL else None
        try:
            actions.answer_invitation(invitation, by=by, reply=actions.Reply(**form.said()), channel=channel)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("invitation_receipt", invitation.pk)
    closed = not answerable(invitation)
    context = {"form": form, "closed": closed, "typed": form.is_bound, "own_delegates": own_delegates(invitation)}
    return render(request, "consultations/invitation_answer.html", {**context, **shown(invitation, channel)})


def answerable(invitation: Invitation) -> bool:
    """Whether the invited can still answer: until the deadline, or while a seat is offered."""
    consultation = invitation.consultation
    if consultation.state not in {"announced", "in_session"} or invitation.state == "lapsed":
        return False
    in_time = timezone.now() <= consultation.answers_close_at or invitation.offer_stands
    return invitation.can("accept") and in_time


def nameable(invitation: Invitation) -> bool:
    """Whether those who come can be named: seats were accepted, and it is not over."""
    return invitation.state == "accepted" and invitation.consultation.state in {"announced", "in_session"}


def whose(invitation: Invitation) -> str:
    """Return who is invited, for a reader who speaks for them."""
    named = invitation.organisation or invitation.body
    return named.name if named else invitation.full_name


def own_delegates(invitation: Invitation) -> list[Seat]:
    """Return who was named to come."""
    return list(invitation.delegates.living())


def shown(invitation: Invitation, channel: Channel) -> dict[str, Any]:
    """What this reader may see: a link alone shows the public title, the days, the city and the form of dialogue."""
    consultation = invitation.consultation
    by_link = channel == Channel.LINK
    return {
        "invitation": invitation,
        "consultation": consultation,
        "title": consultation.public_title if by_link else consultation.title,
        "by_link": by_link,
        "begins": calendar.begins(consultation),
        "answers_close_at": consultation.answers_close_at,
        "whose": "" if by_link else whose(invitation),
        "quick_exit": True,
        "nav_current": "",
    }


@public
def invitation_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _receipt_page)


def _receipt_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    last = invitation.answers.first() if invitation.answered_at else None
    if last is None:
        return redirect("invitation_answer", invitation.pk)
    context = {
        "answer": last,
        "needs": list(invitation.needs.all()),
        "own_delegates": own_delegates(invitation),
        "changeable": answerable(invitation),
        "nameable": nameable(invitation),
        **shown(invitation, channel),
    }
    return render(request, "consultations/invitation_receipt.html", context)


@public
def invitation_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    return gated(request, pk, _calendar_file)


def _calendar_file(_request: HttpRequest, invitation: Invitation, _channel: Channel) -> HttpResponse:
    response = HttpResponse(calendar.invitation_file(invitation), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return response

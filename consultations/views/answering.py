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
from consultations.models import Invitation, hash_token
from consultations.states import Channel
from consultations.views.planning import refuse
from portal import access
from portal.access import public, signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.states import Refusal

HELD = "invitation_links"  # in the session: which invitations this browser opened a link of
TOKEN_LENGTH = 40
Act = Callable[[HttpRequest, Invitation, Channel], HttpResponse]


@public
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    token = token.strip()
    if len(token) != TOKEN_LENGTH:
        return _no_link(request, "cut", HTTPStatus.NOT_FOUND)
    invitations = Invitation.objects.select_related("consultation", "organisation")
    invitation = invitations.filter(token_hash=hash_token(token.lower())).first()
    if invitation is None:
        return _no_link(request, "unknown", HTTPStatus.NOT_FOUND)
    if not invitation.link_works:
        return _no_link(request, "ended", HTTPStatus.GONE)
    if request.method == "GET":
        held = request.session.get(HELD, {})
        request.session[HELD] = {**held, str(invitation.pk): invitation.nonce}
    return redirect("invitation_answer", invitation.pk)


def _no_link(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    """Say what to do. Whether such an invitation ever existed is not told to a wrong link."""
    return render(request, "consultations/invitation_link.html", {"why": why, "quick_exit": True}, status=status)


def _answer(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """Find whose invitation it is: by the link this browser opened, else by the account; then go on with the page."""
    nonce = request.session.get(HELD, {}).get(str(pk))
    invitation = Invitation.objects.for_mail().filter(pk=pk, nonce=nonce).first() if nonce else None
    if invitation and invitation.link_works:
        return act(request, invitation, Channel.LINK)
    if nonce and not request.user.is_authenticated:
        access.keep_input(request)
        return _no_link(request, "ended", HTTPStatus.GONE)
    return signed_in(_by_account)(request, pk, act)


def _by_account(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    invitation = access.fetch(request, Invitation.objects.for_mail(), "consultations.see_invitation", pk=pk)
    return act(request, invitation, Channel.PORTAL)


@public
@once
def invitation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, _answer_page)


def _answer_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    form = AnswerForm(request.POST or None, invitation=invitation, initial=kept_initial(request))
    closed = timezone.now() > invitation.consultation.answers_close_at
    if request.method == "POST" and form.is_valid():
        by = request.user if channel == Channel.PORTAL else None
        try:
            actions.answer_invitation(invitation, by=by, reply=actions.Reply(**form.said()), channel=channel)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("invitation_receipt", invitation.pk)
    open_now = invitation.can("accept") and invitation.consultation.state in {"announced", "in_session"}
    context = {"form": form, "closed": closed or not open_now, "typed": form.is_bound}
    return render(request, "consultations/invitation_answer.html", {**context, **_shown(invitation, channel)})


def _shown(invitation: Invitation, channel: Channel) -> dict[str, Any]:
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
        "quick_exit": True,
        "nav_current": "",
    }


@public
def invitation_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, _receipt_page)


def _receipt_page(request: HttpRequest, invitation: Invitation, channel: Channel) -> HttpResponse:
    last = invitation.answers.first() if invitation.answered_at else None
    if last is None:
        return redirect("invitation_answer", invitation.pk)
    changeable = timezone.now() <= invitation.consultation.answers_close_at and invitation.can("accept")
    context = {"answer": last, "changeable": changeable, **_shown(invitation, channel)}
    return render(request, "consultations/invitation_receipt.html", context)


@public
def invitation_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, _calendar_file)


def _calendar_file(_request: HttpRequest, invitation: Invitation, _channel: Channel) -> HttpResponse:
    response = HttpResponse(calendar.invitation_file(invitation), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return response

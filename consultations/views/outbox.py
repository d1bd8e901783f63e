"""The outbox: every invitation with its state and what became of its mail."""

from collections import Counter
from typing import Any

from django.db.models import Case, Count, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import placeholders
from consultations.models import Consultation, Invitation
from consultations.querysets import ANSWERED, HIDDEN_INVITATIONS
from consultations.states import InvitationState, Way, WordingKind
from consultations.views import filters
from portal import access, dates
from portal.access import signed_in
from portal.models import OutgoingMessage
from stakeholders.models import Country, StakeholderGroup
from stakeholders.querysets import standing_of

State = OutgoingMessage.State
LOST = (State.FAILED, State.BOUNCED, State.WITHHELD)
BADGES = {
    **dict.fromkeys(("accepted",), "ok"),
    **dict.fromkeys(("sent", "tentative", "approved", "waitlisted", "to_reconfirm"), "wait"),
    **dict.fromkeys(("offered",), "info"),
    **dict.fromkeys(("declined", "revoked", "lapsed"), "no"),
    **dict.fromkeys(("undeliverable",), "needs"),
}


def to_outbox(consultation: Consultation) -> HttpResponseRedirect:
    """Return to the list of invitations."""
    return HttpResponseRedirect(reverse("invitation_outbox", args=[consultation.slug]))


def sending_counts(
    consultation: Consultation, invitations: QuerySet, kind: str = WordingKind.INVITATION
) -> dict[str, Any]:
    """Return exactly what sending these would do: mails and in which languages, letters, and through trusted contacts.

    `fallbacks` are the readers of a language in which nothing is written: who reads what instead.
    """
    reachable = Case(When(address="", then=Value(0)), default=Value(1))
    grouped = invitations.order_by().annotate(reachable=reachable).values_list("way", "reachable", "language")
    mailed, letters, trusted, by_hand = Counter(), 0, 0, 0
    for way, address, language, count in grouped.annotate(count=Count("pk")):
        trusted += count if way == Way.TRUSTED else 0
        if address and way != Way.LETTER:
            mailed[language] += count
        elif way == Way.TRUSTED:
            by_hand += count
        else:
            letters += count
    return {
        "mails": sum(mailed.values()),
        "letters": letters,
        "trusted": trusted,
        "by_hand": by_hand,
        **_languages(consultation, kind, mailed),
    }


def _languages(consultation: Consultation, kind: str, mailed: Counter) -> dict[str, Any]:
    spoken = {language: placeholders.written_in(consultation, kind, language) for language in sorted(mailed)}
    written = Counter()
    for language, count in mailed.items():
        written[spoken[language]] += count
    return {
        "in_languages": [{"code": code, "count": count} for code, count in sorted(written.items())],
        "fallbacks": [
            {"code": code, "written": instead, "count": mailed[code]}
            for code, instead in spoken.items()
            if instead != code
        ],
    }


def at_desk(request: HttpRequest, slug: str) -> Consultation:
    """Return the consultation of one of its convenors, whatever its state."""
    found = Consultation.objects.select_related("country").prefetch_related("wordings").asked_by(request.user)
    return access.fetch(request, found, "consultations.see_desk", slug=slug)


@signed_in
def invitation_outbox(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    now = filters.chosen(request, _allowed())
    page = filters.page_of(request, _rows(consultation, now))
    standing = standing_of(request.user)
    approved = consultation.invitations.sendable()
    tally = Counter(dict(consultation.invitations.order_by().values_list("state").annotate(Count("pk"))))
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "page": page,
        "rows": [_row(invitation, standing, consultation.time_zone) for invitation in page.object_list],
        "query": filters.query(now),
        "filter_rows": [{"label": _("State"), "links": filters.links(now, "state", _state_options(tally))}],
        "drafted": tally["drafted"],
        "choosable": any(invitation.state == "drafted" for invitation in page.object_list),
        "total": sum(tally.values()),
        **sending_counts(consultation, approved),
    }
    return render(request, "consultations/invitation_outbox.html", context)


def _state_options(tally: Counter) -> list[tuple[str, str]]:
    return [(state.value, f"{state.label} ({tally[state.value]})") for state in InvitationState if tally[state.value]]


def _allowed() -> dict[str, Any]:
    return {
        "state": [*InvitationState.values, "reached", "answered"],
        "group": StakeholderGroup.objects.values_list("slug", flat=True),
        "country": [*Country.objects.values_list("pk", flat=True), "none"],
    }


def _rows(consultation: Consultation, now: dict[str, str]) -> QuerySet:
    rows = consultation.invitations.for_desk().with_delivery().order_by("organisation__name", "pk")
    state = now.get("state", "")
    if state in {"reached", "answered"}:
        rows = rows.exclude(state__in=HIDDEN_INVITATIONS) if state == "reached" else rows.filter(state__in=ANSWERED)
    elif state:
        rows = rows.filter(state=state)
    if "group" in now:
        rows = rows.filter(organisation__groups__slug=now["group"])
    if "country" in now:
        rows = rows.filter(organisation__country=None if now["country"] == "none" else now["country"])
    return rows


def _row(invitation: Invitation, standing: Any, zone: str) -> dict[str, Any]:
    sent = invitation.state not in {"drafted", "approved"}
    by_letter = invitation.goes_on_paper
    # The mail before says nothing about an invitation that is on its way back to be sent anew.
    delivery = State(invitation.delivery).label if sent and invitation.delivery else ""
    if invitation.waits_for_its_hour:
        delivery = _("goes out on %(moment)s") % {"moment": dates.moment(invitation.sent_at, zone)}
    return {
        "invitation": invitation,
        "name": invitation.shown_name(standing),
        "badge": BADGES.get(invitation.state, ""),
        "language": invitation.language,
        "delivery": _("by letter") if by_letter else delivery,
        "lost": invitation.delivery in LOST,
        "repairable": invitation.can("repair"),
        "answerable": invitation.can("accept"),
        "revocable": invitation.can("revoke"),
        "redraftable": invitation.can("redraft"),
        "by_letter": by_letter and sent,
        "by_hand": invitation.way == Way.TRUSTED and not invitation.address and sent,
        "by_trusted": invitation.by_trusted and invitation.state in ANSWERED,
    }

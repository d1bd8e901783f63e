"""The invitations of a person's organisations, or of the office: what is open and until when, and the past ones."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Invitation
from consultations.querysets import WAITS_FOR_ANSWER
from consultations.views import filters
from portal import dates
from portal.access import signed_in
from stakeholders.models import Organisation
from stakeholders.querysets import Standing, standing_of
from stakeholders.views.hats import chosen_organisation

BADGES = {
    "accepted": "ok",
    "declined": "no",
    "revoked": "no",
    "lapsed": "no",
    "tentative": "wait",
    "waitlisted": "wait",
}


@signed_in
def my_invitations(request: HttpRequest) -> HttpResponse:
    everything = standing_of(request.user)
    now, links = _chosen(request, everything)
    standing = everything.narrowed(int(now["organisation"]) if now else chosen_organisation(request))
    mine = Invitation.objects.to_any_of(standing).reached().for_own_list()
    ahead = [_row(one, request.user) for one in mine.ahead()]
    page = filters.page_of(request, mine.behind())
    context = {
        "open_rows": [row for row in ahead if row["open"]],
        "settled_rows": [row for row in ahead if not row["open"]],
        "past_rows": [_row(one, request.user) for one in page],
        "page": page,
        "query": filters.query(now),
        "filter_row": {"label": _("Organisation"), "links": links} if links else None,
        "several": len(standing.organisations) > 1,
        "zone": dates.zone_name(timezone.localtime()),
        "belongs": bool(everything.organisations or everything.body),
        "nav_current": "desk",
    }
    return render(request, "consultations/my_invitations.html", context)


def _chosen(request: HttpRequest, standing: Standing) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the organisation that the address asks for, and a link per organisation where there are several."""
    if len(standing.organisations) < 2:  # noqa: PLR2004 - one leaves nothing to choose
        return {}, []
    options = [(one.pk, one.name) for one in Organisation.objects.filter(pk__in=standing.organisations)]
    now = filters.chosen(request, {"organisation": [pk for pk, _name in options]})
    return now, filters.links(now, "organisation", options)


def _row(invitation: Invitation, user: Any) -> dict[str, Any]:
    consultation = invitation.consultation
    offer = invitation.offered_until
    waits = invitation.state in WAITS_FOR_ANSWER
    ahead = consultation.state in {"announced", "in_session"}
    in_time = timezone.now() <= consultation.answers_close_at
    speaks = user.has_perm("consultations.see_invitation", invitation)
    answerable = speaks and ahead and invitation.can("accept")
    address = reverse("invitation_answer", args=[invitation.pk]) if answerable else ""
    return {
        "invitation": invitation,
        "consultation": consultation,
        "who": invitation.organisation.name if invitation.organisation else str(invitation.body),
        "open": waits and ahead and in_time,
        "until": dates.moment(consultation.answers_close_at) if ahead and in_time else "",
        "offered_until": dates.moment(offer) if offer and invitation.state == "offered" else "",
        "points_until": dates.moment(consultation.input_closes) if consultation.is_open_for_input else "",
        "label": invitation.get_state_display(),
        "badge": "needs" if waits and answerable and in_time else BADGES.get(invitation.state, "wait"),
        "answer_url": address if in_time else "",
        "receipt_url": reverse("invitation_receipt", args=[invitation.pk]) if speaks and invitation.answered_at else "",
    }

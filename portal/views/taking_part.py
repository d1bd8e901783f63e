"""A member's part of the desk: invitations, points, positions, and what became of it all."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Consultation, Invitation
from consultations.querysets import LIVING
from portal import dates
from portal.models import User
from recommendations.models import Fate, Statement, Submission
from recommendations.querysets import UNSENT
from recommendations.states import Treatment
from stakeholders.models import Organisation
from stakeholders.querysets import Standing

Task = dict[str, Any]
SHOWN_POINTS = 10
WORDS_SHOWN = 110
UNSETTLED = ("sent", "undeliverable", "tentative", "to_reconfirm", "offered", "waitlisted")
LABELS = {
    "tentative": gettext_lazy("not sure yet"),
    "to_reconfirm": gettext_lazy("it was moved: answer again"),
    "offered": gettext_lazy("a seat is offered"),
    "waitlisted": gettext_lazy("on the waiting list"),
}


def invitations(standing: Standing) -> tuple[list[Task], list[Task]]:
    """Return the invitations without a firm answer, and those that were accepted; the next consultation first.

    Of those accepted it says how many are named: names can be given and changed there.
    """
    named = Count("delegates", filter=Q(delegates__state__in=LIVING))
    mine = Invitation.objects.of(standing.organisations).filter(state__in=(*UNSETTLED, "accepted"))
    ahead = mine.filter(consultation__state__in=("announced", "in_session")).order_by("consultation__starts_on", "pk")
    found = list(ahead.select_related("consultation", "organisation").annotate(named=named))
    coming = [one for one in found if one.state == "accepted" and one.organisation_id in standing.speaks_for]
    return [_invitation(one, standing) for one in found if one.state != "accepted"], [_coming(one) for one in coming]


def _invitation(invitation: Invitation, standing: Standing) -> Task:
    consultation = invitation.consultation
    until = dates.day(consultation.answer_by or consultation.ends_on)
    if invitation.offer_stands:
        until = dates.moment(invitation.offered_until, consultation.time_zone)
    speaks = invitation.organisation_id in standing.speaks_for
    page = "invitation_answer" if speaks else "consultation_detail"
    return {
        "name": consultation.title,
        "url": reverse(page, args=[invitation.pk if speaks else consultation.slug]),
        "note": _("for %(organisation)s") % {"organisation": invitation.organisation.name},
        "due": "" if invitation.state == "waitlisted" else _("answer by %(day)s") % {"day": until},
        "label": LABELS.get(invitation.state, _("no answer yet")),
        "state": "needs" if speaks and invitation.state != "waitlisted" else "wait",
    }


def _coming(invitation: Invitation) -> Task:
    consultation, figures = invitation.consultation, {"named": invitation.named, "seats": invitation.seats_accepted}
    all_named = invitation.named >= invitation.seats_accepted
    return {
        "name": consultation.title,
        "url": reverse("invitation_receipt" if all_named else "delegate_list", args=[invitation.pk]),
        "note": _("for %(organisation)s") % {"organisation": invitation.organisation.name},
        "due": dates.span(consultation.starts_on, consultation.ends_on),
        "label": _("%(named)d of %(seats)d named") % figures,
        "state": "ok" if all_named else "wait",
    }


def open_for_points(standing: Standing) -> list[Task]:
    """Return the consultations that take points now and to which one of the organisations was invited."""
    mine = Invitation.objects.of(standing.organisations).reached().exclude(state="declined")
    taking = Consultation.objects.open_for_input().filter(pk__in=mine.values("consultation")).order_by("input_closes")
    return [
        {
            "name": one.title,
            "url": reverse("submission_create", args=[one.slug]),
            "note": one.promise,
            "due": _("until %(moment)s") % {"moment": dates.moment(one.input_closes, one.time_zone)},
            "label": _("open"),
            "state": "info",
        }
        for one in taking
    ]


def unsent(user: User, standing: Standing) -> tuple[list[Task], list[Task]]:
    """Return the points that wait for the person's sign-off, and the others that were written and not sent in."""
    mine = Submission.objects.of(standing.organisations).unsent().select_related("consultation", "organisation")
    to_sign, rest = [], []
    for one in mine.order_by("-updated_at"):
        if one.state == "ready" and user.has_perm("recommendations.submit_submission", one):
            to_sign.append(_unsent(one, standing, "submission_check", "needs"))
        elif one.state == "ready":
            rest.append(_unsent(one, standing, "submission_detail", "wait"))
        else:
            rest.append(
                _unsent(one, standing, "submission_edit", "needs" if one.consultation.is_open_for_input else "")
            )
    return to_sign, rest


def _whose(one: Submission, standing: Standing) -> str:
    """Return the consultation, and the organisation where the desk shows several."""
    title = str(one.consultation.title)
    return f"{title} · {one.organisation.name}" if len(standing.organisations) > 1 else title


def _unsent(one: Submission, standing: Standing, page: str, state: str) -> Task:
    closes = one.consultation.input_closes
    given_back = one.state == "draft" and one.returned_because
    return {
        "name": shortened(one.text),
        "url": reverse("submission_detail" if given_back else page, args=[one.pk]),
        "note": _whose(one, standing),
        "due": dates.moment(closes, one.consultation.time_zone) if closes else "",
        "label": _("given back") if given_back else one.get_state_display(),
        "state": state,
    }


def tabled(user: User, standing: Standing) -> list[Task]:
    """Return the tabled statements to which one of the organisations has taken no position yet."""
    mine = Statement.objects.visible_to(user).filter(state="tabled")
    # Who is heard on its own bench adopts nothing.
    adopting = Organisation.objects.civil_society().filter(pk__in=standing.speaks_for)
    open_ones = mine.filter(consultation__invitations__organisation__in=adopting)
    silent = open_ones.exclude(positions__organisation__in=standing.speaks_for, positions__recommendation=None)
    return [
        {
            "name": one.title,
            "url": reverse("position_take", args=[one.consultation.slug]),
            "note": _("Say whether your organisation joins it."),
            "due": dates.day(one.consultation.ends_on),
            "label": one.get_state_display(),
            "state": "needs",
        }
        for one in silent.select_related("consultation").distinct()
    ]


def points(standing: Standing) -> list[Task]:
    """Return the latest points that were sent in, each with what its organisation was told became of it."""
    mine = Submission.objects.of(standing.organisations).exclude(state__in=UNSENT)
    last = Fate.objects.filter(submission=OuterRef("pk")).order_by("-pk")
    told = mine.annotate(told=Subquery(last.values("treatment")[:1]), answer=Subquery(last.values("state")[:1]))
    return [
        {
            "name": shortened(one.text),
            "url": one.get_absolute_url(),
            "note": _whose(one, standing),
            "due": dates.day(one.submitted_at) if one.submitted_at else "",
            **_told(one),
        }
        for one in told.select_related("consultation", "organisation").order_by("-submitted_at", "-pk")[:SHOWN_POINTS]
    ]


def _told(one: Any) -> Task:
    """Return what the organisation was told, or that nothing was; what it has not answered asks for an answer."""
    if not one.told or one.state == "withdrawn":
        return {"label": one.get_state_display(), "state": "wait"}
    shape = {"used": "ok", "joined": "ok", "evidence": "ok", "referred": "wait", "not-used": "no"}[one.told]
    waits = one.answer == "told"
    return {"label": str(Treatment(one.told).label), "state": "needs" if waits else shape}


def shortened(words: str) -> str:
    """Return the beginning of a text on one line. A mark is never parted from its letter."""
    line = " ".join(words.split())
    return line if len(line) <= WORDS_SHOWN else f"{line[: _end(line)].rstrip()}…"


def _end(line: str) -> int:
    """Return where to cut: after a word where words are spaced, else before a letter that carries no mark."""
    space = line.rfind(" ", WORDS_SHOWN // 2, WORDS_SHOWN)
    if space > 0:
        return space
    return next((at for at in range(WORDS_SHOWN, 0, -1) if line[at].isalnum()), WORDS_SHOWN)

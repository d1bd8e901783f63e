"""Sessions from which a person reports, and minutes that are open to them: a part of the desk."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Minutes, Session
from consultations.querysets import can_report, reported_by
from portal import dates
from portal.models import User
from stakeholders.querysets import Standing

Task = dict[str, Any]
SHOWN_MINUTES = 5


def due(user: User, standing: Standing) -> list[Task]:
    """Return the outputs to hand in, then the minutes to read, the latest first."""
    if not (standing.convenor or standing.organisations):
        return []
    return [*_outputs(user), *(_minutes(standing) if standing.organisations else [])]


def _outputs(user: User) -> list[Task]:
    sessions = reported_by(Session.objects.select_related("consultation"), user)
    return [_output(one) for one in sessions if can_report(one.consultation, user)]


def _output(session: Session) -> Task:
    done = bool(session.output)
    return {
        "name": _("Output: %(session)s") % {"session": session.title},
        "url": reverse("output_edit", args=[session.consultation.slug, session.pk]),
        "note": session.consultation.title,
        "due": dates.moment(session.ends_at, session.time_zone),
        "label": _("handed in") if done else _("to hand in"),
        "state": "ok" if done else "needs",
    }


def _minutes(standing: Standing) -> list[Task]:
    own = standing.organisations
    accepted = Q(consultation__invitations__organisation__in=own, consultation__invitations__state="accepted")
    came = Q(consultation__delegates__organisation__in=own, consultation__delegates__state="present")
    found = Minutes.objects.exclude(state="draft").filter(accepted | came).distinct()
    latest = found.select_related("consultation").order_by("-circulated_at", "-pk")[:SHOWN_MINUTES]
    return [_of_minutes(one) for one in latest]


def _of_minutes(minutes: Minutes) -> Task:
    until = minutes.corrections_until
    circulated = minutes.state == "circulated"
    return {
        "name": _("Minutes: %(consultation)s") % {"consultation": minutes.consultation.title},
        "url": reverse("minutes_detail", args=[minutes.consultation.slug]),
        "due": _("corrections until %(day)s") % {"day": dates.day(until)} if circulated and until else "",
        "label": minutes.get_state_display(),
        "state": "wait" if circulated else "ok",
    }

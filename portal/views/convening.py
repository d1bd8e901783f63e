"""A convenor's part of the desk: what is due in each consultation, and how it stands."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation, FollowUp
from consultations.querysets import AHEAD
from consultations.views import due as due_afterwards
from portal import dates
from portal.models import User
from portal.views import circulated
from recommendations.models import Amendment, Comment, Conveyance, Fate, Submission
from recommendations.states import FateState

Task = dict[str, Any]
RECENT = timedelta(days=90)
SPOKEN_IN = "text__version__statement__consultation"


def running(user: User) -> list[Consultation]:
    """Return the person's consultations that are at work or were lately, the next one first, with their counts."""
    unsent = Count("invitations", filter=Q(invitations__state__in=("drafted", "approved")))
    lately = timezone.localdate() - RECENT
    at_work = Q(state__in=AHEAD) | Q(state="concluded", ends_on__gte=lately)
    unfinished = Q(state="concluded", statement__state__in=("draft", "tabled", "adopted"))
    to_follow = Q(pk__in=FollowUp.objects.waiting().order_by().values("consultation")) & ~Q(state="cancelled")
    mine = Consultation.objects.filter(at_work | unfinished | to_follow, convenors=user)
    counted = mine.with_progress().annotate(unsent=unsent).select_related("statement__adoption").ahead_first()
    return list(counted)


def due(consultations: list[Consultation], user: User) -> list[Task]:
    """Return what the convenor has to do, in the order of a consultation's life."""
    waiting = _waiting(consultations)
    tasks = [task for one in consultations for task in _of_consultation(one, waiting[one.pk]["untreated"])]
    tasks += [*_objections(consultations, waiting), *circulated.said(consultations, waiting)]
    return [*tasks, *_afterwards(consultations), *_series(user), *_overdue_answers(user)]


def _waiting(consultations: list[Consultation]) -> dict[int, Any]:
    """Return, for each consultation, how much of what others sent in waits for its convenors."""
    points = Submission.objects.sent_in()
    counts = {
        "untreated": _number(points.filter(treatment=""), "consultation"),
        "objections": _number(
            Fate.objects.filter(state=FateState.OBJECTED, submission__in=points), "submission__consultation"
        ),
        "comments": _number(Comment.objects.filter(state="open"), SPOKEN_IN),
        "amendments": _number(Amendment.objects.filter(state="proposed"), SPOKEN_IN),
    }
    found = Consultation.objects.filter(pk__in=[one.pk for one in consultations]).order_by()
    return {row["pk"]: row for row in found.values("pk").annotate(**counts)}


def _number(rows: QuerySet, path: str) -> Coalesce:
    """Return how many rows a consultation has, as a column; the path leads from a row to the consultation."""
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def _objections(consultations: list[Consultation], waiting: dict[int, Any]) -> Iterator[Task]:
    """Yield how many organisations do not agree with what became of a point of theirs."""
    for consultation in consultations:
        count = waiting[consultation.pk]["objections"]
        if count:
            words = ngettext("%d objection to settle", "%d objections to settle", count) % count
            yield _task(consultation, "objection_list", words)


def _afterwards(consultations: list[Consultation]) -> Iterator[Task]:
    """Yield what is due after consultations; what is for later stands on the desk of each."""
    found = due_afterwards.tasks_of(consultations)
    for consultation in consultations:
        for task in found.get(consultation.pk, ()):
            if task["state"] == "needs":
                yield {**task, "note": consultation.title, "label": ""}


def overview(consultations: list[Consultation]) -> list[Task]:
    """Return each consultation with how many were invited and have accepted."""
    return [_overview(consultation) for consultation in consultations]


def _overview(consultation: Consultation) -> Task:
    figures = {"invited": consultation.invited, "accepted": consultation.accepted, "seats": consultation.seats_taken}
    return {
        "name": consultation.title,
        "url": reverse("consultation_desk", args=[consultation.slug]),
        "note": _("%(invited)d invited, %(accepted)d accepted, %(seats)d seats taken") % figures,
        "due": dates.span(consultation.starts_on, consultation.ends_on),
        "label": consultation.get_state_display(),
        "state": "info" if consultation.state in {"announced", "in_session"} else "",
    }


def _of_consultation(consultation: Consultation, untreated: int) -> Iterator[Task]:
    yield from _steps(consultation)
    yield from _counts(consultation, untreated)
    yield from _adoption(consultation)


def _steps(consultation: Consultation) -> Iterator[Task]:
    if consultation.state == "draft":
        yield _task(
            consultation, "consultation_desk", _("Announce the consultation"), dates.day(consultation.starts_on)
        )
    if consultation.can("conclude") and consultation.ends_on < timezone.localdate():
        yield _task(consultation, "consultation_desk", _("It is over: conclude it and thank those who took part"))


def _counts(consultation: Consultation, untreated: int) -> Iterator[Task]:
    if not consultation.can("conclude"):
        return
    silent = consultation.unanswered - consultation.undeliverable
    answer_by = _("answers by %(day)s") % {"day": dates.day(consultation.answer_by or consultation.ends_on)}
    for count, page, sentence, due in (
        (consultation.unsent, "invitation_outbox", _unsent(consultation.unsent), answer_by),
        (consultation.undeliverable, "invitation_outbox", _came_back(consultation.undeliverable), answer_by),
        (silent, "invitation_outbox", _silent(silent), answer_by),
        (untreated, "workspace", _to_work_in(untreated), ""),
    ):
        if count:
            yield _task(consultation, page, sentence, due)


def _unsent(count: int) -> str:
    return ngettext("%d invitation waits to be sent", "%d invitations wait to be sent", count) % count


def _came_back(count: int) -> str:
    return ngettext("%d invitation came back: repair it", "%d invitations came back: repair them", count) % count


def _silent(count: int) -> str:
    return ngettext("%d has not answered: remind them", "%d have not answered: remind them", count) % count


def _to_work_in(count: int) -> str:
    return ngettext("%d point to work into the common text", "%d points to work into the common text", count) % count


def _adoption(consultation: Consultation) -> Iterator[Task]:
    state = consultation.statement.state if hasattr(consultation, "statement") else ""
    if state == "tabled":
        yield _task(consultation, "plenary", _("Record the positions and adopt the statement"))
    if state == "adopted":
        yield _task(consultation, "plenary", _("Publish the adopted statement"))


def _series(user: User) -> Iterator[Task]:
    """Yield the next ones of series that are to be planned now."""
    for consultation in Consultation.objects.filter(convenors=user).next_due(timezone.localdate()):
        due = _("due on %(day)s") % {"day": dates.day(consultation.next_due_on)}
        yield _task(consultation, "consultation_copy", _("Plan the next one of the series"), due)


def _overdue_answers(user: User) -> Iterable[Task]:
    mine = Conveyance.objects.overdue().filter(edition__statement__consultation__convenors=user).for_desk()
    for conveyance in mine:
        yield {
            "name": _("%(body)s has not answered") % {"body": conveyance.body.current.name},
            "url": reverse("conveyance_detail", args=[conveyance.pk]),
            "note": conveyance.edition.statement.title,
            "due": _("sent %(day)s") % {"day": dates.day(conveyance.sent_on)},
            "label": _("overdue"),
            "state": "needs",
        }


def _task(consultation: Consultation, page: str, name: str, due: str = "") -> Task:
    return {
        "name": name,
        "url": reverse(page, args=[consultation.slug]),
        "note": consultation.title,
        "due": due,
        "state": "needs",
    }

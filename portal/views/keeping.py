"""An administrator's part of the desk: who answers for which office, what is open there, and what of it is due."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import dates
from portal.models import User
from recommendations.models import Edition, Item
from stakeholders.models import Convenorship, LiaisonAppointment, PublicBody
from stakeholders.states import ConvenorRole

Task = dict[str, Any]


def due() -> list[Task]:
    """Return what is due on the administrators' desk."""
    return list(Offices().due())


def proposed(user: User) -> list[Task]:
    """Return the offices for which the person was proposed and has not answered."""
    waiting = LiaisonAppointment.objects.not_over().with_approval().filter(user=user, state="proposed", approved=True)
    return [
        {
            "name": one.body.name,
            "url": reverse("appointment_answer", args=[one.pk]),
            "note": _("An administrator of the task force proposes you. Accept or decline."),
            "due": _("from %(day)s") % {"day": dates.day(one.since)},
            "label": _("waits for you"),
            "state": "needs",
        }
        for one in waiting
    ]


class Offices:
    """The offices as they stand today, read in a few queries."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.bodies = {body.pk: body for body in PublicBody.objects.select_related("country")}
        self.appointments = list(LiaisonAppointment.objects.not_over().with_approval().order_by("body__name", "pk"))
        self.terms = list(Convenorship.objects.not_over(self.today))
        self.open: Counter[int] = Counter()
        items = Item.objects.filter(edition__in=Edition.objects.current())
        waiting = items.pairs().waiting().order_by().values_list("publicbody").annotate(Count("pk"))
        for pk, count in waiting:
            self.open[self.holder(pk)] += count

    def holder(self, pk: int) -> int:
        """Return the body that holds the office today."""
        seen: set[int] = set()
        while (follower := self.bodies[pk].successor_id) and pk not in seen:
            seen.add(pk)
            pk = follower
        return pk

    def of(self, body: int) -> list[LiaisonAppointment]:
        """Return the appointments at the office that an administrator stands behind."""
        return [one for one in self.appointments if one.body_id == body and one.approved]

    def answering(self, body: int) -> bool:
        """Whether somebody answers for the office today."""
        return any(one.state == "active" and _holds(one, self.today) for one in self.of(body))

    def rows(self) -> list[dict[str, Any]]:
        """Return the offices that have a liaison or open items, by name."""
        shown = {one.body_id for one in self.appointments if one.approved} | {pk for pk, n in self.open.items() if n}
        bodies = sorted((self.bodies[pk] for pk in shown), key=lambda body: (str(body.country or ""), body.name))
        return [{"body": body, "open": self.open[body.pk], "liaisons": self.of(body.pk)} for body in bodies]

    def due(self) -> Iterator[Task]:
        """Yield what waits for an administrator: asked for, unattended, ending soon, too few convenors."""
        for one in self.appointments:
            if not one.approved:
                yield _task(
                    _("A liaison of %(body)s proposes a colleague") % {"body": one.body.name}, _asked(), "needs"
                )
        for pk, count in self.open.items():
            if count and not self.answering(pk):
                yield _unattended(self.bodies[pk], count)
        soon = self.today + timedelta(days=settings.TERM_ENDS_SOON_DAYS)
        for one in self.appointments:
            if one.state == "active" and one.until and one.until <= soon:
                yield _ending(one)
        convenors = {one.user_id for one in self.terms if one.role == ConvenorRole.CONVENOR and _holds(one, self.today)}
        if len(convenors) < settings.CONVENORS_AT_LEAST:
            yield _task(_("Fewer than two people convene"), reverse("term_create"), "needs", _("Name a convenor."))


def _holds(term: Any, day: Any) -> bool:
    return term.since <= day and (term.until is None or term.until >= day)


def _asked() -> str:
    return reverse("administration") + "#asked"


def _task(name: str, url: str, state: str, note: str = "") -> Task:
    return {"name": name, "url": url, "state": state, "note": note, "label": _("waits for you")}


def _unattended(body: PublicBody, count: int) -> Task:
    sentence = ngettext("%(count)d open item and no liaison", "%(count)d open items and no liaison", count)
    return _task(body.name, reverse("liaison_appoint", args=[body.slug]), "needs", sentence % {"count": count})


def _ending(appointment: LiaisonAppointment) -> Task:
    values = {"person": str(appointment.user), "body": appointment.body.name}
    task = _task(
        _("The term of %(person)s at %(body)s ends") % values,
        reverse("appointment_extend", args=[appointment.pk]),
        "wait",
    )
    return {**task, "due": dates.day(appointment.until)}

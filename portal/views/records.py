"""The record: what was done in a consultation, for its convenors; and for everybody what they did themselves.

The log holds no text of anybody. Even so it tells of things that a reader may not know of: see `_told_to`.
"""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consultations.models import Consultation, Invitation
from portal import access, log
from portal.access import signed_in
from portal.acts import words_of
from portal.models import LogEntry, User
from recommendations.models import Conveyance, CoSubmitter, Evidence, LateCode, Position, Submission
from stakeholders.models import Convenorship, Organisation, PublicBody
from stakeholders.querysets import Standing, standing_of

PER_PAGE = 50
# What an organisation does with a text before it is sent in, and an office with answers before they are published.
INSIDE = ("draft", "revise", "ask_sign_off", "return", "split", "ask_co_submitters")
UNPUBLISHED = "save_answers"
WITH_DRAFTS = tuple(model._meta.label_lower for model in (CoSubmitter, Evidence))
OF_ORGANISATIONS = (Invitation, Submission, Position, LateCode, CoSubmitter)


@signed_in
def account_acts(request: HttpRequest) -> HttpResponse:
    acts = LogEntry.objects.done_by(request.user)
    page = Paginator(acts, PER_PAGE).get_page(request.GET.get("page"))
    topics = _topics(page.object_list, request.user)
    rows = [_row(entry, topics.get(entry.topic, "")) for entry in page.object_list]
    return render(request, "portal/account_acts.html", {"page": page, "rows": rows, "nav_current": "account"})


@signed_in
def consultation_log(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.asked_by(request.user)
    consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    entries = _told_to(request.user, consultation).select_related("actor")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    names = _organisations(page.object_list, standing_of(request.user))
    actors = _actors(page.object_list)
    rows = [
        {**_row(entry, names.get((entry.subject_type, entry.subject_id), "")), "by": actors[entry.pk]}
        for entry in page.object_list
    ]
    context = {"consultation": consultation, "page": page, "rows": rows, "nav_current": "desk"}
    return render(request, "portal/consultation_log.html", context)


def _row(entry: LogEntry, about: str) -> dict[str, Any]:
    return {"entry": entry, "words": words_of(entry), "about": about}


def _told_to(user: User, consultation: Consultation) -> QuerySet[LogEntry]:
    """Return the entries of the consultation without those that tell its convenors of what is not theirs to know."""
    label = Submission._meta.label_lower
    sent_in = Submission.objects.visible_to(user).filter(consultation=consultation).order_by().values("pk")
    inside = Q(subject_type=label) & (Q(verb__in=INSIDE) | ~Q(subject_id__in=sent_in))
    inside |= Q(subject_type__in=WITH_DRAFTS) & ~Q(verb="leave")
    drafted = Q(subject_type=Conveyance._meta.label_lower, verb=UNPUBLISHED)
    return LogEntry.objects.under(log.topic_of(consultation)).exclude(inside | drafted)


def _organisations(entries: Iterable[LogEntry], standing: Standing) -> dict[tuple[str, int], str]:
    """Return the organisation that each entry is about, as the reader may see it: a query for each kind of thing."""
    found = {}
    for model in OF_ORGANISATIONS:
        label = model._meta.label_lower
        wanted = {entry.subject_id for entry in entries if entry.subject_type == label}
        rows = model.objects.filter(pk__in=wanted).select_related("organisation") if wanted else ()
        found.update({(label, one.pk): _named(one, standing) for one in rows})
    return found


def _named(one: Any, standing: Standing) -> str:
    """Return whom a row is about. Only an invitation can be of an office or a person instead of an organisation."""
    return one.shown_name(standing) if isinstance(one, Invitation) else one.organisation.shown_name(standing)


def _actors(entries: Iterable[LogEntry]) -> dict[int, str]:
    """Return who did each: convenors by name. Which person acted for an organisation or an office stays with it."""
    people = {entry.actor_id for entry in entries if entry.actor_id}
    convenors = set(Convenorship.objects.filter(user__in=people).values_list("user", flat=True))
    return {entry.pk: str(entry.actor) if entry.actor_id in convenors else _side(entry) for entry in entries}


def _side(entry: LogEntry) -> str:
    """Return who is behind an act that no convenor did; whoever answers over a link has no account."""
    kind = entry.subject_type
    if kind == Conveyance._meta.label_lower and entry.actor_id:
        return _("a public body")
    answered = kind == Invitation._meta.label_lower and entry.verb in {"accept", "doubt", "decline"}
    return _("an organisation") if entry.actor_id or answered else _("the portal")


def _topics(entries: Iterable[LogEntry], user: User) -> dict[str, str]:
    """Return the names of what the entries are listed under, of those that the person may see today."""
    standing, topics = standing_of(user), {entry.topic for entry in entries}
    found: dict[str, str] = {}
    for model in (Consultation, Organisation, PublicBody):
        label = f"{model._meta.label_lower}:"
        wanted = [topic.removeprefix(label) for topic in topics if topic.startswith(label)]
        rows = model.objects.visible_to(user).filter(pk__in=wanted) if wanted else ()
        found.update({log.topic_of(one): _name(one, standing) for one in rows})
    return found


def _name(thing: Any, standing: Standing) -> str:
    if isinstance(thing, Organisation):
        return thing.shown_name(standing)
    return str(thing.title if isinstance(thing, Consultation) else thing.name)

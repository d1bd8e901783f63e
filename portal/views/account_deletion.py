"""Leaving: what goes, what stays, whether others can spare the person, and the deletion itself."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions import forget_traces
from consultations.models import Answer, Consultation, Invitation
from consultations.querysets import AHEAD
from portal.factors import lately
from portal.models import LogEntry, User
from portal.once import once
from portal.states import Refusal
from recommendations.models import Submission
from stakeholders.actions import forget_person
from stakeholders.actions.sides import lock_person
from stakeholders.models import Appeal, Convenorship, ListImport, Membership, Organisation
from stakeholders.querysets import mandates_of

UNFINISHED = ("draft", "ready", "submitted", "late", "in_treatment")
UNDER_WAY = ("sent", "accepted", "tentative", "undeliverable")


@lately
@once
def account_delete(request: HttpRequest) -> HttpResponse:
    person, refused = request.user, ""
    if request.method == "POST":
        try:
            take_leave(person)
        except Refusal as refusal:
            refused = str(refusal.reason)
        else:
            auth.logout(request)
            response = render(request, "portal/account_deleted.html", {"signed_in": False})
            response["Clear-Site-Data"] = '"cache", "storage"'
            return response
    context = {"goes": _goes(person), "stays": _stays(person), "hindrances": list(hindrances(person))}
    return render(request, "portal/account_delete.html", {**context, "refused": refused, "nav_current": "account"})


@transaction.atomic
def take_leave(person: User) -> None:
    """Delete the account, unless others would be left alone. Raises Refusal.

    What is shared is locked first, always in the same order, so that the last two cannot both go at once.
    """
    today = timezone.localdate()
    # Lists come first, as where a worker takes one over: it holds the list before it writes organisations.
    list(ListImport.objects.select_for_update().filter(by=person, ended_at=None).order_by("pk"))
    person = lock_person(person)
    list(Consultation.objects.select_for_update().filter(convenors=person, state__in=AHEAD).order_by("pk"))
    list(Organisation.objects.select_for_update().filter(memberships__user=person).order_by("pk"))
    list(Convenorship.objects.select_for_update().current(today).filter(role="administrator").order_by("pk"))
    for reason in hindrances(person):
        raise Refusal(reason)
    forget_traces(person)
    forget_person(person, by=person)


def hindrances(person: User) -> Iterator[str]:
    """Yield why the person cannot go yet, and how to hand over."""
    mandates = mandates_of(person)
    for organisation in Organisation.objects.filter(pk__in=mandates.leads):
        if not _other_leads(organisation, person) and _has_open_matters(organisation):
            yield _(
                "You are the last lead representative of %(name)s, and something is open there. "
                "Make a colleague lead representative first, or withdraw what is open."
            ) % {"name": organisation.name}
    for consultation in Consultation.objects.filter(convenors=person, state__in=AHEAD):
        if consultation.convenors.filter(is_active=True).count() <= settings.CONVENORS_AT_LEAST:
            yield _("“%(title)s” would be left with fewer than two convenors. Add another convenor to it first.") % {
                "title": consultation.title
            }
    if mandates.administrator and not _other_administrators(person):
        yield _("You are the last administrator. Appoint another one first.")


def _other_leads(organisation: Organisation, person: User) -> bool:
    leads = Membership.objects.current(timezone.localdate()).filter(organisation=organisation, role="lead")
    return leads.exclude(user=person).exists()


def _has_open_matters(organisation: Organisation) -> bool:
    under_way = {"organisation": organisation, "consultation__state__in": AHEAD}
    invited = Invitation.objects.filter(state__in=UNDER_WAY, **under_way)
    return invited.exists() or Submission.objects.filter(state__in=UNFINISHED, **under_way).exists()


def _other_administrators(person: User) -> bool:
    terms = Convenorship.objects.current(timezone.localdate()).filter(role="administrator", user__is_active=True)
    return terms.exclude(user=person).exists()


def _goes(person: User) -> list[dict[str, Any]]:
    memberships = Membership.objects.filter(user=person).exclude(state="left").count()
    terms = Convenorship.objects.current(timezone.localdate()).filter(user=person).count()
    offices = person.appointments.exclude(state="ended").count()
    lists = ListImport.objects.filter(by=person, ended_at=None).count()
    rows = [
        {"label": _("Addresses"), "value": person.emailaddress_set.count()},
        {"label": _("Ways to take the second step"), "value": Authenticator.objects.filter(user=person).count()},
        {"label": _("Mandates that end today"), "value": memberships + terms + offices},
    ]
    # Few people have lists or appeals; the others need not wonder what they are.
    return [*rows, *([{"label": _("Lists whose import is not finished"), "value": lists}] if lists else [])]


def _stays(person: User) -> list[dict[str, Any]]:
    appeals = Appeal.objects.filter(by=person).count()
    rows = [
        {"label": _("Points that you wrote for an organisation"), "value": person.submissions.count()},
        {"label": _("Answers to invitations that you gave"), "value": Answer.objects.filter(by=person).count()},
        {"label": _("Lines of the log, without a name"), "value": LogEntry.objects.filter(actor=person).count()},
    ]
    return [*rows, *([{"label": _("Appeals that you wrote for an organisation"), "value": appeals}] if appeals else [])]

"""What the portal holds about a person, as one file for that person. Nothing of anybody else is in it."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consultations.models import Answer, Correction, Paper, Seat, SeatRequest, Session
from portal import log
from portal.access import signed_in
from portal.blocking import address_key
from portal.factors import lately
from portal.forgetting import addresses_of
from portal.models import BlockedAddress, LogEntry, OutgoingMessage, User
from portal.once import once
from portal.views.said_to_drafts import said_to_drafts
from recommendations.models import CoSubmitter, EarlierWords, Evidence, Fate, LateCode, Position


@signed_in
def account_data(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/account_data.html", {"nav_current": "account"})


@lately
@require_POST
@once
@transaction.atomic
def account_data_file(request: HttpRequest) -> HttpResponse:
    content = json.dumps(held_about(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    log.record("export_account", request.user, by=request.user)
    name = f"mufakat-{timezone.localdate():%Y-%m-%d}.json"
    return HttpResponse(
        content, "application/json; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def held_about(person: User) -> dict[str, Any]:
    """Return everything that is about the person or was written by them, by kind."""
    return {
        "account": _account(person),
        "signing_in": _signing_in(person),
        "mandates": _mandates(person),
        "submissions": _submissions(person),
        "with_submissions": _with_submissions(person),
        "answers": _answers(person),
        "said_to_fates": _said_to_fates(person),
        "said_to_drafts": said_to_drafts(person),
        "meetings": _meetings(person),
        "requests_for_seats": _requests(person),
        "papers": _papers(person),
        "positions": _positions(person),
        "endorsements": _endorsements(person),
        "acts": _acts(person),
        "mail": _mail(person),
        "mail_stopped": _stopped(person),
    }


def _acts(person: User) -> list[dict[str, Any]]:
    done = LogEntry.objects.filter(actor=person).order_by("number")
    return list(done.values("at", "verb", "subject_type", "subject_id", "detail"))


def _mail(person: User) -> list[dict[str, Any]]:
    sent = OutgoingMessage.objects.filter(user=person).order_by("pk")
    return list(sent.values("created_at", "purpose", "recipient", "state", "sent_at"))


def _positions(person: User) -> list[dict[str, Any]]:
    """Return the positions that the person took or wrote down. What was chosen in secret is kept with nobody."""
    said = Position.objects.filter(by=person).order_by("pk").annotate(on=F("statement__title"))
    return list(said.values("on", "stance", "text", "created_at"))


def _endorsements(person: User) -> list[dict[str, Any]]:
    """Return the signatures that the person gave for an organisation."""
    given = person.endorsements.order_by("pk").annotate(
        on=F("edition__statement__title"), for_organisation=F("organisation__name")
    )
    return list(given.values("on", "for_organisation", "given_at", "withdrawn_at"))


def _stopped(person: User) -> list[dict[str, Any]]:
    """Return which of the person's addresses get no mail, or no notices, and why."""
    keys = {address_key(address): address for address in addresses_of(person)}
    rows = BlockedAddress.objects.filter(key__in=keys).order_by("pk")
    return [{"address": keys[row.key], "reason": row.reason, "only_notices": row.notices_only} for row in rows]


def _account(person: User) -> dict[str, Any]:
    names = ("full_name", "email", "language", "time_zone", "joined_at", "last_login", "wants_digest", "digest_sent_at")
    addresses = person.emailaddress_set.order_by("pk").values("email", "primary", "verified")
    return {**{name: getattr(person, name) for name in names}, "addresses": list(addresses)}


def _signing_in(person: User) -> dict[str, Any]:
    factors = Authenticator.objects.filter(user=person).order_by("pk")
    sessions = person.usersession_set.order_by("pk")
    return {
        "second_step": list(factors.values("type", "created_at", "last_used_at")),
        "sessions": list(sessions.values("created_at", "ip", "user_agent")),
    }


def _mandates(person: User) -> dict[str, Any]:
    dated = ("since", "until")
    memberships = person.memberships.order_by("pk").annotate(name=F("organisation__name"))
    appointments = person.appointments.order_by("pk").annotate(office=F("body__name"))
    return {
        "organisations": list(memberships.values("name", "role", "mandate", "state", *dated)),
        "task_force": list(person.convenorships.order_by("pk").values("role", *dated)),
        "public_bodies": list(appointments.values("office", "state", *dated)),
    }


def _submissions(person: User) -> list[dict[str, Any]]:
    """Return what the person wrote. What became of it is the organisation's to know."""
    written = person.submissions.order_by("pk").annotate(
        on=F("consultation__title"), for_organisation=F("organisation__name")
    )
    words = ("kind", "text", "reason", "concerned", "instrument", "paragraph", "language")
    facts = (*words, "attribution", "state", "created_at", "submitted_at")
    return list(written.values("on", "for_organisation", *facts))


def _with_submissions(person: User) -> dict[str, Any]:
    """Return what the person did around submissions: files, corrections, answers to be joined, leave to be late."""
    files = Evidence.objects.filter(by=person).order_by("pk").annotate(number=F("submission"))
    words = EarlierWords.objects.filter(by=person).order_by("pk").annotate(number=F("submission"))
    joined = CoSubmitter.objects.filter(by=person).order_by("pk").annotate(number=F("submission"))
    codes = LateCode.objects.filter(by=person).order_by("pk").annotate(on=F("consultation__title"))
    return {
        "files": list(files.values("number", "title", "kind", "size", "at")),
        "corrected": list(words.values("number", "text", "reason", "concerned", "at")),
        "joined": list(joined.values("number", "state", "attribution", "at")),
        "late_codes": list(codes.values("on", "until", "reason", "at", "revoked_at")),
    }


def _answers(person: User) -> list[dict[str, Any]]:
    """Return the answers that the person gave, without the names of those who were to come."""
    given = Answer.objects.filter(by=person).order_by("pk").annotate(on=F("invitation__consultation__title"))
    return list(given.values("on", "verb", "seats", "note", "channel", "at"))


def _said_to_fates(person: User) -> list[dict[str, Any]]:
    """Return what the person said to what became of points, for an organisation."""
    said = Fate.objects.filter(answered_by=person).order_by("pk")
    said = said.annotate(on=F("letter__consultation__title"), point=F("submission"))
    return list(said.values("on", "point", "state", "words", "wants_alone", "answered_at"))


def _meetings(person: User) -> dict[str, Any]:
    """Return the person's own seats and when they came, the sessions they report from, the corrections they wrote."""
    sessions = Session.objects.filter(rapporteur=person).order_by("pk").annotate(on=F("consultation__title"))
    written = Correction.objects.filter(by=person).order_by("pk").annotate(on=F("minutes__consultation__title"))
    return {
        "seats": _seats(person),
        "reports": list(sessions.values("on", "title", "output", "output_at")),
        "corrections": list(written.values("on", "text", "outcome", "reason", "at")),
    }


def _seats(person: User) -> list[dict[str, Any]]:
    """Return the seats that the person was named for, by account or by an address that was proved."""
    mine = Seat.objects.filter(_at(person) | Q(user=person)).order_by("pk").select_related("consultation")
    facts = (
        "full_name",
        "email",
        "mandate",
        "office",
        "bench",
        "part",
        "mode",
        "listing",
        "state",
        "created_at",
        "arrived_at",
    )
    return [{"on": one.consultation.public_title, **{name: getattr(one, name) for name in facts}} for one in mine]


def _requests(person: User) -> list[dict[str, Any]]:
    """Return the requests for a seat that came with an address that was proved to be theirs."""
    mine = SeatRequest.objects.filter(_at(person)).order_by("pk").select_related("consultation")
    facts = ("full_name", "organisation_name", "email", "reason", "state", "asked_at", "settled_at")
    return [{"on": one.consultation.public_title, **{name: getattr(one, name) for name in facts}} for one in mine]


def _at(person: User) -> Q:
    """Where the address is one that the person has proved: anybody can type somebody else's into an account."""
    proved = person.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    return Q(email__in=[address.lower() for address in proved])


def _papers(person: User) -> list[dict[str, Any]]:
    """Return the papers that the person attached, without the files."""
    attached = Paper.objects.filter(by=person).order_by("pk").annotate(on=F("consultation__title"))
    return list(attached.values("on", "title", "language", "kind", "size", "public", "at"))

"""The door: find somebody by code or name, check them in, also on a telephone without a line."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations import actions
from consultations.forms import ArrivalsForm, SubstituteForm, WalkInForm
from consultations.models import Consultation, Presence, Seat, Session
from consultations.querysets import bench_of, invited_called, seats_called, seats_to_name
from consultations.states import SeatState
from consultations.views.inviting import own
from portal import text
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.states import Bench

DOOR = "consultations.run_door"
MOST_FOUND = 25
BADGES = {"present": "ok", "excused": "no", "absent": "no", "substituted": "no", "confirmed": "wait"}


def session_of(request: HttpRequest, consultation: Consultation) -> Session | None:
    """Return the session that the address or the form speaks of; None for the consultation as a whole."""
    asked = request.POST.get("session") or request.GET.get("session") or ""
    if not asked:
        return None
    found = consultation.sessions.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if found is None:
        raise Http404
    return found


def seat_of(consultation: Consultation, pk: Any) -> Seat:
    """Return one seat of a consultation that was fetched with the right to its door; Http404 for any other."""
    found = seats_of(consultation).filter(pk=pk).first() if str(pk).isdecimal() else None
    if found is None:
        raise Http404
    return found


def seats_of(consultation: Consultation) -> QuerySet:
    """Return the seats with what a line about them says."""
    seats = consultation.delegates.select_related("organisation", "body", "invitation", "consultation")
    return seats.prefetch_related("organisation__groups", "presences", "replaces").order_by("full_name", "pk")


def to_door(consultation: Consultation, session: Session | None = None) -> HttpResponseRedirect:
    """Return to the door, of the session where one was chosen."""
    query = f"?session={session.pk}" if session else ""
    return HttpResponseRedirect(reverse("door", args=[consultation.slug]) + query)


def behind(seat: Seat) -> str:
    """Return for whom somebody sits, as convenors read it."""
    if seat.organisation:
        return seat.organisation.name
    return str(seat.body or "")


@signed_in
def door(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    session = session_of(request, consultation)
    asked = text.clean(request.GET.get("q", ""))[:80]
    found = _found(consultation, asked) if asked else []
    unnamed = list(invited_called(seats_to_name(consultation), asked)[: MOST_FOUND + 1]) if asked else []
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "session": session,
        "sessions": _choices(consultation, session),
        "asked": asked,
        "rows": [_row(seat, session) for seat in found[:MOST_FOUND]],
        "unnamed": _unnamed(unnamed[:MOST_FOUND]),
        "more": max(len(found), len(unnamed)) > MOST_FOUND,
        "expected": consultation.delegates.exclude(state__in=("substituted", "excused")).count(),
        "come": _come(consultation, session),
    }
    return render(request, "consultations/door.html", context)


def _choices(consultation: Consultation, session: Session | None) -> list[dict[str, Any]]:
    rows = [{"name": _("The whole consultation"), "url": "?", "current": session is None}]
    rows += [
        {"name": one.title, "url": f"?session={one.pk}", "current": session == one}
        for one in consultation.sessions.all()
    ]
    return rows if len(rows) > 1 else []


def _come(consultation: Consultation, session: Session | None) -> int:
    """How many people have come, each once."""
    there = consultation.delegates.filter(state=SeatState.PRESENT)
    if session:
        there = there.filter(presences__session=session)
    return there.order_by().values("person_key").distinct().count()


def _found(consultation: Consultation, asked: str) -> list[Seat]:
    """Return the seats with that code, else those called so: one more than are shown, where there are more."""
    by_code = list(seats_of(consultation).filter(code__iexact=asked.replace(" ", "").replace("-", "")))
    return by_code or list(seats_called(seats_of(consultation), asked)[: MOST_FOUND + 1])


def _unnamed(invitations: QuerySet) -> list[dict[str, Any]]:
    """Return the invited who said yes to more seats than they named people for."""
    rows = []
    for one in invitations:
        left = one.seats_accepted - one.named
        words = ngettext("%(count)d seat without a name", "%(count)d seats without a name", left)
        name = one.organisation.name if one.organisation else str(one.body) if one.body else one.full_name
        rows.append({"name": name, "left": left, "words": words % {"count": left}, "invitation": one.pk})
    return rows


def _row(seat: Seat, session: Session | None) -> dict[str, Any]:
    """Return a line of the door's list."""
    come = seat.state == SeatState.PRESENT
    at = [one for one in seat.presences.all() if session is None or one.session_id == session.pk]
    bench = bench_of(seat)
    return {
        "seat": seat,
        "name": seat.full_name or _("Name not known"),
        "behind": behind(seat),
        "bench": Bench(bench).label if bench else "",
        "badge": BADGES.get(seat.state, ""),
        "here": come and bool(at),
        "elsewhere": come and not at,
        "may_arrive": seat.state != SeatState.SUBSTITUTED,
        "may_be_replaced": seat.can("substitute"),
    }


@signed_in
def door_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    session = session_of(request, consultation)
    rows = [_row(seat, session) for seat in seats_of(consultation)]
    keys = {name: text.comparison_key(name) for name in {row["behind"] for row in rows}}
    seats = [
        {
            "id": row["seat"].pk,
            "code": row["seat"].code,
            "name": row["name"],
            "behind": row["behind"],
            "about": " · ".join(str(part) for part in (row["bench"], row["seat"].office) if part),
            "here": row["here"],
            "replaced": not row["may_arrive"],
            "key": f"{row['seat'].name_key} {keys[row['behind']]}".strip(),
        }
        for row in rows
    ]
    return JsonResponse(
        {"seats": seats, "unnamed": [_told(one, session) for one in _unnamed(seats_to_name(consultation))]}
    )


def _told(one: dict[str, Any], session: Session | None) -> dict[str, str]:
    """Return what the telephone keeps of the invited who named nobody for some of their seats."""
    query = urlencode({"invitation": one["invitation"], **({"session": session.pk} if session else {})})
    return {"name": one["name"], "left": one["words"], "query": query, "key": text.comparison_key(one["name"])}


@signed_in
@require_POST
def door_sync(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    form = ArrivalsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"reason": form.errors["arrivals"][0]}, status=HTTPStatus.BAD_REQUEST)
    arrivals = [actions.Arrival(**row) for row in form.cleaned_data["arrivals"]]
    try:
        receipts = actions.record_arrivals(consultation, by=request.user, arrivals=arrivals)
    except Refusal as refusal:
        return JsonResponse({"reason": str(refusal.reason)}, status=HTTPStatus.CONFLICT)
    answers = [{"key": str(one.key), "outcome": one.outcome, "reason": str(one.reason)} for one in receipts]
    return JsonResponse({"receipts": answers, "here": _here(consultation, session_of(request, consultation))})


def _here(consultation: Consultation, session: Session | None) -> list[int]:
    """Return the seats of those who have come, so that two telephones at one door know of each other."""
    there = Presence.objects.filter(seat__consultation=consultation, seat__state=SeatState.PRESENT)
    there = there.filter(session=session) if session else there
    return sorted(set(there.values_list("seat", flat=True)))


@signed_in
@require_POST
@once
def door_check_in(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat, session = seat_of(consultation, request.POST.get("seat", "")), session_of(request, consultation)
    try:
        receipt = actions.check_in(seat, by=request.user, session=session)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        known = _("%(name)s was checked in already.") if receipt.outcome == "known" else _("%(name)s has come.")
        messages.success(request, known % {"name": seat.full_name or seat.code})
    return to_door(consultation, session)


@signed_in
@require_POST
@once
def door_undo(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat, session = seat_of(consultation, request.POST.get("seat", "")), session_of(request, consultation)
    try:
        actions.undo_arrival(seat, by=request.user, session=session)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("Taken back: %(name)s has not come.") % {"name": seat.full_name or seat.code})
    return to_door(consultation, session)


@signed_in
@once
def door_walk_in(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    session, initial = session_of(request, consultation), _expected(request, consultation)
    form = WalkInForm(request.POST or None, consultation=consultation, initial={**initial, **kept_initial(request)})
    if request.method == "POST" and form.is_valid():
        who = actions.Newcomer(**form.who())
        try:
            seat = actions.walk_in(consultation, by=request.user, who=who, session=session)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s has come.") % {"name": seat.full_name})
            return to_door(consultation, session)
    context = {"consultation": consultation, "session": session, "form": form, "nav_current": "desk"}
    return render(request, "consultations/door_walk_in.html", context)


def _expected(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Return what is known of somebody whom the invited did not name."""
    asked = request.GET.get("invitation", "")
    found = consultation.invitations.filter(pk=int(asked), state="accepted") if asked.isdecimal() else None
    invitation = found.first() if found else None
    if invitation is None:
        return {}
    seat = Seat(consultation=consultation, invitation=invitation, **_side(invitation))
    return {**_side(invitation), "bench": bench_of(seat), "full_name": invitation.full_name}


def _side(invitation: Any) -> dict[str, Any]:
    part = "official" if invitation.body else "delegate"
    return {"organisation": invitation.organisation, "body": invitation.body, "office": invitation.office, "part": part}


@signed_in
@once
def door_substitute(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat, session = seat_of(consultation, pk), session_of(request, consultation)
    form = SubstituteForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            heir = actions.substitute_at_door(seat, by=request.user, session=session, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s has come.") % {"name": heir.full_name})
            return to_door(consultation, session)
    context = {"consultation": consultation, "session": session, "seat": seat, "behind": behind(seat), "form": form}
    return render(request, "consultations/door_substitute.html", {**context, "nav_current": "desk"})

"""The convenors' list of who is expected and who came, to look at and to print; badges."""

import re
from collections import Counter
from typing import Any

import qrcode
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from consultations import actions
from consultations.forms import ChangeSeatForm, JoinForm
from consultations.models import Consultation, Seat
from consultations.querysets import attendance_counts, bench_of
from consultations.states import Listing, SeatPart, SeatState
from consultations.views import filters
from consultations.views.door import BADGES, DOOR, behind, seat_of, seats_of
from consultations.views.inviting import own
from portal.access import signed_in
from portal.forms import kept_initial
from portal.models import User
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import NOBODY
from stakeholders.states import Bench

SEE = "consultations.see_attendance"
ON_A_SHEET = 400
BADGES_ON_A_PAGE = 120
EXPECTED = ("nominated", "confirmed")


def to_attendance(consultation: Consultation) -> HttpResponseRedirect:
    """Return to the attendance list."""
    return HttpResponseRedirect(reverse("attendance", args=[consultation.slug]))


@signed_in
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEE)
    now = filters.chosen(request, {"state": SeatState.values, "part": SeatPart.values})
    page = filters.page_of(request, seats_of(consultation).filter(**now))
    tally = Counter(dict(consultation.delegates.order_by().values_list("state").annotate(Count("pk"))))
    options = [(one.value, f"{one.label} ({tally[one.value]})") for one in SeatState if tally[one.value]]
    figures = attendance_counts(consultation)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "page": page,
        "rows": [line_of(seat) for seat in page.object_list],
        "query": filters.query(now),
        "filter_rows": [{"label": _("State"), "links": filters.links(now, "state", options)}],
        "total": sum(tally.values()),
        "expected": sum(tally[state] for state in EXPECTED),
        "figures": figures,
        "declared": _declared(consultation),
    }
    return render(request, "consultations/attendance.html", context)


def _declared(consultation: Consultation) -> list[dict[str, Any]]:
    """Return what the convenors said, beside what was counted."""
    known = [
        (_("Participants, as declared"), consultation.declared_participants),
        (_("Organisations, as declared"), consultation.declared_organisations),
    ]
    return [{"label": label, "value": value} for label, value in known if value]


def line_of(seat: Seat) -> dict[str, Any]:
    """Return a line of the convenors' list: all names."""
    bench = bench_of(seat)
    return {
        "seat": seat,
        "name": seat.full_name or _("Name not known"),
        "behind": behind(seat),
        "bench": Bench(bench).label if bench else "",
        "badge": BADGES.get(seat.state, ""),
        "excusable": seat.can("excuse"),
        "missable": seat.can("miss"),
        "sessions": sum(one.session_id is not None for one in seat.presences.all()),
        "in_place": seat.replaces_id is not None,
    }


@signed_in
@require_POST
@once
def attendance_mark(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat = seat_of(consultation, request.POST.get("seat", ""))
    try:
        seat = actions.mark_seat(seat, by=request.user, verb=request.POST.get("verb", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, f"{seat.full_name or seat.code}: {seat.get_state_display()}")
    return to_attendance(consultation)


@signed_in
@once
def attendance_close(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    if request.method == "POST":
        try:
            count = actions.close_door(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            sentence = ngettext("%(count)d is marked as absent.", "%(count)d are marked as absent.", count)
            messages.success(request, sentence % {"count": count})
        return to_attendance(consultation)
    count = consultation.delegates.filter(state__in=EXPECTED).count()
    context = {"consultation": consultation, "count": count, "nav_current": "desk"}
    return render(request, "consultations/attendance_close.html", context)


@signed_in
@once
def attendance_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat = seat_of(consultation, pk)
    form = ChangeSeatForm(request.POST or None, initial={**ChangeSeatForm.stored(seat), **kept_initial(request)})
    strikes = "strike" in request.POST
    if request.method == "POST" and (strikes or form.is_valid()):
        try:
            _change(seat, request.user, None if strikes else form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Struck out.") if strikes else _("Saved."))
        return to_attendance(consultation)
    context = {"consultation": consultation, "line": line_of(seat), "form": form, "nav_current": "desk"}
    context["strikes"] = seat.walk_in and seat.state not in {"present", "substituted"}
    return render(request, "consultations/attendance_change.html", context)


def _change(seat: Seat, by: User, values: dict[str, Any] | None) -> None:
    if values is None:
        actions.strike_out(seat, by=by)
    else:
        actions.change_seat(seat, by=by, **values)


@signed_in
@once
def attendance_join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, DOOR)
    seat = seat_of(consultation, pk)
    form = JoinForm(request.POST or None, seat=seat, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.join_people(seat, by=request.user, other=form.cleaned_data["other"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Both seats are one person’s. The person is counted once."))
            return to_attendance(consultation)
    same = seats_of(consultation).filter(person_key=seat.person_key).exclude(pk=seat.pk)
    context = {"consultation": consultation, "line": line_of(seat), "same": [line_of(one) for one in same]}
    return render(request, "consultations/attendance_join.html", {**context, "form": form, "nav_current": "desk"})


@signed_in
def attendance_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEE)
    seats = seats_of(consultation).exclude(state="substituted")
    page = Paginator(seats, ON_A_SHEET).get_page(request.GET.get("page"))
    context = {"consultation": consultation, "page": page, "rows": [line_of(seat) for seat in page.object_list]}
    return render(request, "consultations/attendance_sheet.html", {**context, "nav_current": "desk"})


@signed_in
def badge_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEE)
    seats = seats_of(consultation).exclude(state__in=("substituted", "excused"))
    page = Paginator(seats, BADGES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"consultation": consultation, "page": page, "badges": [badge_of(seat) for seat in page.object_list]}
    return render(request, "consultations/badge_sheet.html", {**context, "nav_current": "desk"})


def badge_of(seat: Seat) -> dict[str, Any]:
    """Return what stands on a badge. Everybody in the room reads it, so it says what the delegate chose, no more."""
    named = seat.listing == Listing.NAME
    shown = seat.listing != Listing.NOBODY
    organisation = seat.organisation.shown_name(NOBODY) if seat.organisation and shown else ""
    return {
        "code": seat.code,
        "name": seat.full_name if named else "",
        "behind": organisation or (str(seat.body) if seat.body and shown else ""),
        "office": seat.office if named else "",
        "part": seat.get_part_display(),
        "picture": picture_of(seat.code),
    }


def picture_of(code: str) -> SafeString:
    """Return the QR code of a badge's code, and of nothing else, as a drawing inside the page."""
    drawn = qrcode.make(code, image_factory=SvgPathImage, border=2, box_size=10).to_string(encoding="unicode")
    # Millimetres of the library give way to the sheet's own size; the attribute that colours it is one our rules set.
    drawing = re.sub(r' (?:width|height)="[^"]*mm"', "", drawn)
    return mark_safe(drawing.replace("<svg ", '<svg role="img" aria-hidden="true" ', 1))  # noqa: S308 - made of six letters of ours

"""The minutes: written by the convenors, read and corrected by those who were there, approved, locked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations import actions, emails
from consultations.forms import CirculateForm, CorrectionForm, MinutesForm, SettleForm
from consultations.models import AgendaItem, Consultation, Correction, Minutes
from consultations.querysets import present_seats, spoke_there, without_reader
from consultations.states import Listing
from consultations.views.inviting import own
from consultations.views.outputs import MINUTE
from portal import access, dates, saving
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import standing_of

READ = "consultations.read_minutes"
CORRECT = "consultations.correct_minutes"
BADGES = {"circulated": "wait", "approved": "ok", "locked": "ok"}
MOVES = {
    "take-back": (actions.take_back_minutes, gettext_lazy("Take the minutes back to the desk"), "take_back"),
    "approve": (actions.approve_minutes, gettext_lazy("Approve the minutes"), "approve"),
    "lock": (actions.lock_minutes, gettext_lazy("Lock the minutes"), "lock"),
}


def minutes_of(request: HttpRequest, slug: str, permission: str) -> Minutes:
    """Return the minutes for whom they are open; for everybody else there are none."""
    found = Consultation.objects.select_related("country").asked_by(request.user)
    consultation = access.fetch(request, found, slug=slug)
    minutes = Minutes.objects.filter(consultation=consultation).first() or Minutes(consultation=consultation)
    minutes.consultation = consultation
    if not request.user.has_perm(permission, minutes):
        raise Http404
    return minutes


@signed_in
def minutes_detail(request: HttpRequest, slug: str) -> HttpResponse:
    minutes = minutes_of(request, slug, READ)
    consultation = minutes.consultation
    writes = request.user.has_perm(MINUTE, consultation)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "minutes": minutes,
        "badge": BADGES.get(minutes.state, ""),
        "writes": writes,
        "open": writes and minutes.state in {"draft", "circulated"},
        "corrects": request.user.has_perm(CORRECT, minutes),
        "sessions": _sessions(consultation),
        "present": _present(consultation, standing_of(request.user)),
        "corrections": _corrections(minutes, request.user, all_of_them=writes),
        "moves": _moves(minutes) if writes else [],
        "facts": _facts(minutes),
    }
    return render(request, "consultations/minutes_detail.html", context)


def _sessions(consultation: Consultation) -> list[dict[str, Any]]:
    return [
        {"session": one, "when": dates.moment(one.starts_at, one.time_zone), "items": list(one.items.all())}
        for one in consultation.sessions.prefetch_related("items")
    ]


def _present(consultation: Consultation, standing: Any) -> dict[str, Any]:
    """Return who came as this reader may read it: each listed as the delegate chose, the rest as a number."""
    lines, counted, unlisted = [], set(), set()
    for seat in present_seats(consultation):
        counted.add(seat.person_key)
        behind = seat.organisation.shown_name(standing) if seat.organisation else str(seat.body or "")
        if seat.listing == Listing.NAME and seat.full_name:
            lines.append(", ".join(part for part in (seat.full_name, seat.office, behind) if part))
        elif seat.listing != Listing.NOBODY and behind:
            lines.append(behind)
        else:
            unlisted.add(seat.person_key)
    return {"lines": sorted(set(lines)), "people": len(counted), "unlisted": bool(unlisted)}


def _corrections(minutes: Minutes, user: Any, *, all_of_them: bool) -> list[dict[str, Any]]:
    """Return the corrections that the person may read: the convenors all, others those of their own organisations."""
    if minutes.pk is None:
        return []
    standing = standing_of(user)
    rows = minutes.corrections.select_related("item", "organisation").prefetch_related("organisation__groups")
    if not all_of_them:
        rows = rows.filter(organisation__in=standing.organisations)
    badges = {"open": "needs" if all_of_them else "wait", "taken": "ok", "declined": "no"}
    return [
        {"correction": one, "name": one.organisation.shown_name(standing), "badge": badges[one.outcome]} for one in rows
    ]


def _moves(minutes: Minutes) -> list[dict[str, Any]]:
    slug = minutes.consultation.slug
    rows = [
        {"name": label, "url": reverse("minutes_move", args=[slug, name])}
        for name, (_act, label, verb) in MOVES.items()
        if minutes.can(verb)
    ]
    if minutes.can("circulate"):
        rows.append({"name": _("Circulate"), "url": reverse("minutes_circulate", args=[slug])})
    return rows


def _facts(minutes: Minutes) -> list[dict[str, Any]]:
    zone = minutes.consultation.time_zone
    until = minutes.corrections_until
    known = [
        (_("Circulated"), minutes.circulated_at),
        (_("Approved"), minutes.approved_at),
        (_("Locked"), minutes.locked_at),
    ]
    rows = [{"label": label, "value": dates.moment(at, zone)} for label, at in known if at]
    return rows + ([{"label": _("Corrections until"), "value": dates.day(until)}] if until else [])


@signed_in
@once
def minutes_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    item = AgendaItem.objects.filter(session__consultation=consultation).select_related("session").filter(pk=pk).first()
    if item is None:
        raise Http404
    form = MinutesForm(request.POST or None, initial=_stored(item) | kept_initial(request))
    tried = saving.save(
        form,
        lambda: actions.write_minutes(
            item, by=request.user, version=form.cleaned_data["version"], text=form.cleaned_data["minutes"]
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("minutes_detail", slug)
    context = {"consultation": consultation, "item": item, "form": form, "nav_current": "desk", **tried.page}
    return render(request, "consultations/minutes_edit.html", context, status=tried.status)


def _stored(item: AgendaItem) -> dict[str, Any]:
    return {"version": item.version, "minutes": item.minutes}


@signed_in
@once
def minutes_circulate(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    initial = {"corrections_until": consultation.corrections_until, **kept_initial(request)}
    form = CirculateForm(request.POST or None, zone=consultation.time_zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.circulate_minutes(consultation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            sentence = ngettext(
                "The minutes are circulated. %(count)d mail is on its way.",
                "The minutes are circulated. %(count)d mails are on their way.",
                count,
            )
            messages.success(request, sentence % {"count": count})
            return redirect("minutes_detail", slug)
    count = len(list(emails.minutes_circulated.recipients(Minutes(consultation=consultation))))
    silent = [one.name for one in without_reader(consultation, timezone.localdate())]
    context = {"consultation": consultation, "form": form, "count": count, "silent": silent, "nav_current": "desk"}
    return render(request, "consultations/minutes_circulate.html", context)


@signed_in
@once
def minutes_move(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    if verb not in MOVES:
        raise Http404
    act, label, _verb = MOVES[verb]
    if request.method == "POST":
        try:
            minutes = act(consultation, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The minutes: %(state)s.") % {"state": minutes.get_state_display()})
        return redirect("minutes_detail", slug)
    context = {"consultation": consultation, "verb": verb, "label": label, "nav_current": "desk"}
    return render(request, "consultations/minutes_move.html", context)


@signed_in
@once
def correction_create(request: HttpRequest, slug: str) -> HttpResponse:
    minutes = minutes_of(request, slug, CORRECT)
    own_ones = spoke_there(minutes.consultation, request.user).order_by("pk")
    form = CorrectionForm(request.POST or None, minutes=minutes, organisations=own_ones, initial=kept_initial(request))
    if saving.save(form, lambda: actions.propose_correction(minutes, by=request.user, **form.cleaned_data)).done:
        messages.success(request, _("The convenors have it. You see here what becomes of it."))
        return redirect("minutes_detail", slug)
    context = {"consultation": minutes.consultation, "minutes": minutes, "form": form, "nav_current": "desk"}
    return render(request, "consultations/correction_create.html", context)


@signed_in
@once
def correction_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = own(request, slug, MINUTE)
    rows = Correction.objects.filter(minutes__consultation=consultation).select_related("item", "organisation")
    correction = rows.select_related("minutes__consultation").filter(pk=pk).first()
    if correction is None:
        raise Http404
    form = SettleForm(request.POST or None, initial=kept_initial(request))
    if saving.save(form, lambda: actions.settle_correction(correction, by=request.user, **form.cleaned_data)).done:
        messages.success(request, _("Saved."))
        return redirect("minutes_detail", slug)
    context = {"consultation": consultation, "correction": correction, "form": form, "nav_current": "desk"}
    context["name"] = correction.organisation.shown_name(standing_of(request.user))
    return render(request, "consultations/correction_settle.html", context)

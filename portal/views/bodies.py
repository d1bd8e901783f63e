"""A public body with what was conveyed to it, the day another takes over, and the end of a liaison's term."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal import access, dates, languages
from portal.access import signed_in
from portal.once import once
from portal.publishing import public_page
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.models import Conveyance
from recommendations.states import ResponseKind, Silence
from recommendations.timeline import capitalised
from stakeholders.forms.bodies import SuccessionForm
from stakeholders.models import LiaisonAppointment, PublicBody

Rows = list[dict[str, Any]]


@public_page
def public_body_detail(request: HttpRequest, slug: str) -> HttpResponse:
    bodies = PublicBody.objects.for_list().select_related("country", "successor", "reports_to")
    body = access.fetch(request, bodies, slug=slug)
    context = {
        "body": body,
        "other_names": list(_other_names(body)),
        "facts": _facts(body),
        "history": _history(body),
        "below": body.subsidiaries.standing_today(),
        "alike": _alike(body),
        "figures": _figures(body),
        "conveyances": _conveyances(body),
        "keeps": request.user.has_perm("stakeholders.keep_bodies"),
        "nav_current": "organisations",
    }
    return render(request, "portal/public_body_detail.html", context)


def _other_names(body: PublicBody) -> Iterable[dict[str, str]]:
    for language in languages.SHIPPED:
        name = getattr(body, build_localized_fieldname("name", language.code)) or ""
        if name and language.code != get_language() and name != body.name:
            yield {"text": name, "lang": language.code}


def _facts(body: PublicBody) -> Rows:
    above = body.reports_to
    rows = [
        {"label": _("Acronym"), "value": body.acronym},
        {"label": _("Kind"), "value": capitalised(body.get_kind_display())},
        {"label": _("Country"), "value": body.country.name if body.country else ""},
        {"label": _("Matter"), "value": capitalised(body.get_matter_display())},
        {
            "label": _("Reports to"),
            "value": above.name if above else "",
            "url": above.get_absolute_url() if above else "",
        },
        {"label": _("Since"), "value": dates.day(body.since) if body.since else ""},
        {"label": _("Until"), "value": dates.day(body.until) if body.until else ""},
    ]
    return [row for row in rows if row["value"]]


def _history(body: PublicBody) -> Rows:
    """Return those it took over from, itself, and the one that took over, with the days on record."""
    before = sorted(body.predecessors.all(), key=lambda one: (one.until is None, one.until or one.pk))
    rows = [_era(one) for one in before]
    rows.append({**_era(body), "url": "", "state": "current"})
    if body.successor:
        rows.append(_era(body.successor))
    return rows if len(rows) > 1 else []


def _era(body: PublicBody) -> dict[str, Any]:
    until = _("until %(day)s") % {"day": dates.day(body.until)} if body.until else ""
    row = {"name": body.name, "url": body.get_absolute_url(), "note": until}
    return {**row, "when": dates.day(body.since), "iso": body.since.isoformat()} if body.since else row


def _alike(body: PublicBody) -> Any:
    """Return other bodies of the country that hold or claim the same matter: nobody here decides between them."""
    if not body.country_id or not body.matter or body.has_ended:
        return []
    return PublicBody.objects.standing_today().filter(country=body.country_id, matter=body.matter).exclude(pk=body.pk)


def _figures(body: PublicBody) -> Rows:
    """Return how many items are answered, open and not conveyed; each number leads to them."""
    counts = dict(actions.pairs_of(body).with_state().order_by().values_list("state").annotate(Count("pk")))
    answered = sum(counts.get(kind, 0) for kind in ResponseKind.values)
    figures = (
        (_("items answered"), "answered", answered),
        (_("items open, in time"), Silence.WAITING.value, counts.get(Silence.WAITING, 0)),
        (_("items open, overdue"), Silence.OVERDUE.value, counts.get(Silence.OVERDUE, 0)),
        (_("items not conveyed"), Silence.NOT_CONVEYED.value, counts.get(Silence.NOT_CONVEYED, 0)),
    )
    page = reverse("follow_up") + f"?body={body.slug}&state="
    return [{"name": name, "url": page + state, "count": count} for name, state, count in figures if count]


def _conveyances(body: PublicBody) -> Rows:
    sent = Conveyance.objects.addressed_to(body.pk).filter(public=True, edition__published_at__isnull=False)
    return [
        {
            "name": one.edition.statement.title,
            "url": reverse("statement_timeline", args=[one.edition.statement.slug]),
            "note": _("To %(body)s") % {"body": one.body.name} if one.body_id != body.pk else "",
            "due": dates.day(one.sent_on) if one.sent_on else "",
            "label": _("overdue") if one.is_overdue else one.get_state_display(),
            "state": {"answered": "ok"}.get(one.state, "wait"),
        }
        for one in sent.for_desk().order_by("-sent_on", "-pk")
    ]


@signed_in
@once
def public_body_succeed(request: HttpRequest, slug: str) -> HttpResponse:
    bodies = PublicBody.objects.filter(successor=None).select_related("country")
    old = access.fetch(request, bodies, "stakeholders.keep_bodies", slug=slug)
    form = SuccessionForm(request.POST or None, old=old)
    checked = request.method == "POST" and "change" not in request.POST and form.is_valid()
    if checked and "confirmed" in request.POST:
        try:
            _succeed(request, old, form)
        except Refusal as refusal:
            refuse(form, refusal)
            checked = False
        else:
            messages.success(request, _("The succession is on record. What was open follows the office."))
            return redirect("administration")
    context = {"form": form, "body": old, "moves": actions.what_moves(old), "checked": checked, "nav_current": "desk"}
    return render(request, "portal/public_body_succeed.html", context)


def _succeed(request: HttpRequest, old: PublicBody, form: SuccessionForm) -> None:
    data = form.cleaned_data
    moves, shown = data["liaisons"] == "move", request.POST.get("shown", "")
    actions.succeed_office(old, data["new"], on=data["on"], by=request.user, move_liaisons=moves, shown=shown)


@signed_in
@once
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    shown = LiaisonAppointment.objects.not_over()
    appointment = access.fetch(request, shown, "stakeholders.end_appointment", pk=pk)
    own = appointment.user_id == request.user.pk
    if request.method == "POST":
        try:
            actions.leave_office(appointment, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The term has ended. What is open stays with the office."))
        return redirect("desk" if own else "administration")
    items = actions.pairs_of(appointment.body).waiting().count()
    others = appointment.body.appointments.filter(state="active").exclude(pk=pk).count()
    context = {"appointment": appointment, "own": own, "items": items, "others": others, "nav_current": "desk"}
    return render(request, "portal/appointment_end.html", context)

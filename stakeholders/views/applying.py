"""An organisation applies, without an account: short pages, then a check of the answers, then it is sent."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import access
from portal.access import public
from portal.limits import within_limit
from portal.once import once
from portal.publishing import public_page
from portal.states import Refusal
from stakeholders import actions
from stakeholders.forms import PARTS, CheckForm, Draft
from stakeholders.models import Organisation, TermsOfReference

HELD, SENT = "application", "applied"  # where the session keeps what is typed, and what was sent from this browser
CHECK = "check"


@public_page
def application_start(request: HttpRequest) -> HttpResponse:
    terms = TermsOfReference.objects.in_force(timezone.localdate())
    may_apply = request.user.has_perm("stakeholders.apply_organisation")
    context = {"terms": terms, "may_apply": may_apply, "nav_current": "organisations"}
    return render(request, "stakeholders/application_start.html", context)


@public
def application_part(request: HttpRequest, part: str) -> HttpResponse:
    # Without a one-time key on purpose: keeping an answer twice is the same, and one may come back and change it.
    access.require(request, "stakeholders.apply_organisation")
    if part not in PARTS:
        raise Http404
    draft = _draft(request)
    form = draft.blank(part, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        draft.keep(part, request.POST)
        request.session[HELD] = draft.kept
        if "back" in request.POST:
            return redirect(*_before(part))
        if form.is_valid():
            return redirect(*_after(part, straight=request.GET.get("to") == CHECK))
    return render(request, "stakeholders/application_part.html", _frame(part) | {"form": form, "part": part})


def _draft(request: HttpRequest) -> Draft:
    draft = Draft(request.session.get(HELD), by=request.user)
    known = {"language": [get_language() or ""]}
    if request.user.is_authenticated:
        known |= {"contact_name": [request.user.full_name], "contact_email": [request.user.email]}
    draft.kept["parts"].setdefault("contact", known)
    return draft


def _before(part: str) -> tuple[str, ...]:
    at = list(PARTS).index(part)
    return ("application_part", list(PARTS)[at - 1]) if at else ("application_start",)


def _after(part: str, *, straight: bool) -> tuple[str, ...]:
    rest = list(PARTS)[list(PARTS).index(part) + 1 :]
    return ("application_part", rest[0]) if rest and not straight else ("application_check",)


def _frame(here: str) -> dict[str, Any]:
    """Return the stage bar, and what every page of the application says around its form."""
    names = [(part, form.stage) for part, form in PARTS.items()] + [(CHECK, _("Send"))]
    at = [part for part, _name in names].index(here)
    step = _("Step %(step)d of %(steps)d") % {"step": at + 1, "steps": len(names)}
    stages = [
        {
            "name": name,
            "state": "done" if index < at else "current" if index == at else "next",
            "url": reverse("application_part", args=[part]) if index < at else "",
            "note": step if index == at else "",
        }
        for index, (part, name) in enumerate(names)
    ]
    return {"stages": stages, "quick_exit": True, "nav_current": "organisations"}


@public
@once
def application_check(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.apply_organisation")
    draft = _draft(request)
    missing = next(draft.missing(), None)
    if missing:
        return redirect("application_part", missing)
    terms, status = TermsOfReference.objects.in_force(timezone.localdate()), 200
    form = CheckForm(request.POST or None, initial={"terms": terms.number if terms else None})
    if request.method == "POST" and form.is_valid():
        values = draft.values()
        if not within_limit(request, "application", values["contact_email"]):
            form.add_error(None, _("Too many applications came from here or for this address. Try again tomorrow."))
            status = 429
        elif made := _sent(request, form, values):
            return redirect("application_receipt", made.slug)
    answers = [{"part": part, "title": one.title, "rows": _rows(draft, part)} for part, one in PARTS.items()]
    context = {"form": form, "terms": terms, "answers": answers, "key": draft.key, **_frame(CHECK)}
    return render(request, "stakeholders/application_check.html", context, status=status)


def _rows(draft: Draft, part: str) -> list[dict[str, Any]]:
    """Return what was answered on a page, each with the way back to it."""
    form, url = draft.answered(part), reverse("application_part", args=[part]) + f"?to={CHECK}"
    form.is_valid()
    return [{**row, "url": url} for row in form.rows() if row["value"]]


def _sent(request: HttpRequest, form: Form, values: dict[str, Any]) -> Organisation | None:
    """Send the application, and forget what was typed: the device may be somebody else's."""
    by = request.user if request.user.is_authenticated else None
    try:
        made = actions.apply_organisation(by=by, terms=form.cleaned_data["terms"], **values)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        return None
    request.session.pop(HELD, None)
    request.session[SENT] = [*request.session.get(SENT, []), made.slug]
    return made


@public
@once
def application_drop(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        request.session.pop(HELD, None)
    return redirect("application_start")


@public
def application_receipt(request: HttpRequest, slug: str) -> HttpResponse:
    # In another browser, or an hour later, the way back is to sign in: the status page asks who is there.
    if slug not in request.session.get(SENT, []):
        return redirect("application_status", slug)
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    status_url = reverse("application_status", args=[slug])
    context = {"organisation": found, "status_url": status_url, "quick_exit": True, "nav_current": "organisations"}
    return render(request, "stakeholders/application_receipt.html", context)


@public_page
def terms_detail(request: HttpRequest, number: int = 0) -> HttpResponse:
    issued = TermsOfReference.objects.filter(since__lte=timezone.localdate())
    in_force = issued.first()
    shown = access.fetch(request, issued, number=number) if number else in_force
    context = {"terms": shown, "in_force": in_force, "versions": issued, "nav_current": "organisations"}
    return render(request, "stakeholders/terms_detail.html", context)

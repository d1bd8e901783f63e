"""The convenors' desk of one trail: record steps, convey, write down receipts and what became of pledges."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import access, dates
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions, emails
from recommendations.forms.trail import ConveyanceForm, PledgeStateForm, ReceiptForm, StepForm
from recommendations.models import Conveyance, Edition, Pledge, Statement
from recommendations.states import StepKind
from recommendations.timeline import capitalised, trail_of
from recommendations.views.answers import to


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was typed: sent now, or kept from before the session ran out."""
    if request.method == "POST":
        return request.POST
    kept = access.kept_input(request)
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    return data or None


def statement_of(request: HttpRequest, slug: str, permission: str) -> Statement:
    """Return the statement by its own name, through the one door."""
    rows = Statement.objects.select_related("consultation", "adoption").prefetch_related("consultation__convenors")
    return access.fetch(request, rows, permission, slug=slug)


@signed_in
def trail_desk(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.record_step")
    editions = list(Edition.objects.for_trail().filter(statement=statement, published_at__isnull=False))
    events = trail_of(statement, editions)
    pledges = (
        Pledge.objects.filter(step__statement=statement).select_related("step").order_by("step__happened_on", "id")
    )
    conveyances = Conveyance.objects.for_trail(statement)
    context = {
        "nav_current": "desk",
        "statement": statement,
        "kinds": [(kind.value, capitalised(str(kind.label))) for kind in StepKind],
        "pledges": [(pledge, PledgeStateForm(instance=pledge, auto_id=f"pledge-{pledge.pk}-%s")) for pledge in pledges],
        "conveyances": [(conveyance, conveyance.can("receive")) for conveyance in conveyances],
        "doubtful": doubtful(conveyances),
        "events": events,
        "gaps": [event for event in events if event.state == "missing"],
    }
    return render(request, "recommendations/trail_desk.html", context)


@signed_in
@once
def step_create(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.record_step")
    if kind not in StepKind.values:
        raise Http404
    form = StepForm(typed(request), statement=statement, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_step(statement, by=request.user, kind=kind, **form.words)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The step is on record and on the public timeline."))
            return to("trail_desk", slug)
    label = capitalised(str(StepKind(kind).label))
    context = {"nav_current": "desk", "statement": statement, "form": form, "label": label}
    return render(request, "recommendations/step_create.html", context)


@signed_in
@once
def pledge_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.record_step")
    pledge = get_object_or_404(Pledge, pk=pk, step__statement=statement)
    if request.method == "POST":
        try:
            actions.settle_pledge(pledge, by=request.user, state=request.POST.get("state", ""))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
    return to("trail_desk", slug, anchor="pledges")


@signed_in
@once
def conveyance_create(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.convey_edition")
    edition = statement.editions.get(number=statement.current_edition)
    form = ConveyanceForm(typed(request), edition=edition)
    checked = request.method == "POST" and "change" not in request.POST and form.is_valid()
    if checked and "confirmed" in request.POST:
        try:
            done = actions.convey_edition(edition, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
            checked = False
        else:
            sentence = ngettext("Conveyed to %(count)s body.", "Conveyed to %(count)s bodies.", len(done))
            messages.success(request, sentence % {"count": len(done)})
            return to("trail_desk", slug, anchor="conveyances")
    context = {"nav_current": "desk", "statement": statement, "edition": edition, "form": form}
    check = what_is_sent(form, slug) if checked else {}
    return render(request, "recommendations/conveyance_create.html", {**context, **check})


def what_is_sent(form: ConveyanceForm, slug: str) -> dict[str, Any]:
    """Return what the check page says: to whom, how, and how many mails go out."""
    data = form.cleaned_data
    bodies = list(data["bodies"])
    channel = dict(form.fields["channel"].choices)[data["channel"]]
    url = reverse("conveyance_create", args=[slug])
    rows = [
        {"label": _("To"), "value": "\n".join(body.name for body in bodies)},
        {"label": _("How"), "value": capitalised(str(channel))},
        {"label": _("Date"), "value": dates.day(data["sent_on"])},
        {"label": _("Our reference"), "value": data["reference"]},
        {"label": _("Covering letter"), "value": data["letter"]},
    ]
    mails = sum(len(emails.liaisons_of(body)) for body in bodies)
    return {"check": rows, "body_count": len(bodies), "mail_count": mails, "change_url": url}


def doubtful(conveyances: Iterable[Conveyance]) -> list[Conveyance]:
    """Return the conveyances whose mail may or may not have arrived."""
    ids = set(actions.doubtful_mails(list(conveyances)).values_list("subject_id", flat=True))
    return [conveyance for conveyance in conveyances if conveyance.pk in ids]


@signed_in
@once
def conveyance_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.repeat_mail", pk=pk)
    if request.method == "POST":
        try:
            actions.repeat_conveyance_mail(conveyance, by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("The mail is on its way again."))
    return to("trail_desk", conveyance.edition.statement.slug, anchor="conveyances")


@signed_in
@once
def conveyance_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.receive_conveyance", pk=pk)
    form = ReceiptForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            write_receipt(conveyance, form, request)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Written down."))
            return to("trail_desk", conveyance.edition.statement.slug, anchor="conveyances")
    context = {"nav_current": "desk", "conveyance": conveyance, "statement": conveyance.edition.statement, "form": form}
    return render(request, "recommendations/conveyance_receipt.html", context)


def write_receipt(conveyance: Conveyance, form: ReceiptForm, request: HttpRequest) -> None:
    """Call the one of two verbs that the form chose."""
    data = dict(form.cleaned_data)
    if data.pop("outcome") == "returned":
        actions.return_conveyance(conveyance, by=request.user, evidence=data["evidence"])
    else:
        actions.receive_conveyance(conveyance, by=request.user, **data)

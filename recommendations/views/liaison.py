"""The liaison's desk: what was conveyed to the own office, to acknowledge and to answer item by item."""

from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import access, dates, differences, languages
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.actions import Draft
from recommendations.canonical import in_each_language
from recommendations.forms.trail import AcknowledgeForm, AnswerForm, AnswerSheet, bodies_to_pass_to
from recommendations.models import Conveyance, Edition, Item, Response
from recommendations.querysets import office
from recommendations.states import SHAPES
from recommendations.timeline import capitalised, is_late
from recommendations.views.answers import to
from recommendations.views.reading import Document, Part, passage
from recommendations.views.trail import typed
from stakeholders.models import PublicBody


@signed_in
def liaison_desk(request: HttpRequest) -> HttpResponse:
    access.require(request, "recommendations.see_liaison_desk")
    appointment = request.user.appointments.current(timezone.localdate()).select_related("body").first()
    body = appointment.body
    conveyances = list(Conveyance.objects.addressed_to(body.pk).for_desk())
    asked, answered = asked_and_answered(conveyances, body)
    tasks = [task_of(conveyance, asked, answered) for conveyance in conveyances]
    tasks.sort(key=lambda task: task["order"])
    waiting = [task for task in tasks if task["state"] != "ok"]
    context = {"nav_current": "desk", "body": body, "tasks": waiting, "done": [t for t in tasks if t["state"] == "ok"]}
    context["appointment"] = appointment.pk
    return render(request, "recommendations/liaison_desk.html", context)


def asked_and_answered(conveyances: list[Conveyance], body: PublicBody) -> tuple[Counter, Counter]:
    """Return per edition how many items the office is asked about, and how many it has answered."""
    editions = [conveyance.edition_id for conveyance in conveyances]
    items = dict(Item.objects.filter(edition__in=editions).for_office(body.pk).values_list("pk", "edition"))
    said = Response.objects.published().filter(office("body", body.pk), item__in=items)
    answered = set(said.values_list("item", flat=True))
    return Counter(items.values()), Counter(edition for pk, edition in items.items() if pk in answered)


def task_of(conveyance: Conveyance, asked: Counter, answered: Counter) -> dict[str, Any]:
    """Return the desk's row for one conveyance: what is to do with it, and until when."""
    total, done = asked[conveyance.edition_id], answered[conveyance.edition_id]
    late, left = is_late(conveyance), total - done
    acknowledged = conveyance.can("answer")
    if not acknowledged:
        label, state = _("Acknowledge receipt"), "needs"
    elif left:
        sentence = ngettext("%(count)s item to answer", "%(count)s items to answer", left)
        label, state = sentence % {"count": left}, "needs" if late else "wait"
    else:
        label, state = _("All items answered"), "ok"
    due = conveyance.reply_due
    when = (_("was due on %(day)s") if late else _("due by %(day)s")) % {"day": dates.day(due)} if due and left else ""
    note = _("Conveyed on %(day)s · %(done)s of %(total)s items answered")
    values = {"day": dates.day(conveyance.sent_on or conveyance.edition.adopted_on), "done": done, "total": total}
    return {
        "name": conveyance.edition.statement.title,
        "url": to("conveyance_detail", conveyance.pk).url,
        "note": note % values,
        "state": state,
        "label": label,
        "due": when,
        "order": (not late or not left, acknowledged, due or timezone.localdate(), conveyance.pk),
    }


@signed_in
def conveyance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.read_conveyance", pk=pk)
    return render(request, "recommendations/conveyance_detail.html", page_of_conveyance(conveyance, AcknowledgeForm()))


def page_of_conveyance(conveyance: Conveyance, form: AcknowledgeForm) -> dict[str, Any]:
    """Return the page: the letter, then the text with the office's own country and ASEAN first."""
    edition = Edition.objects.for_page().get(pk=conveyance.edition_id)
    document = Document(edition, translation.get_language() or languages.DEFAULT)
    own = (conveyance.body.country_id or "asean").lower()

    def nearness(part: Part) -> tuple[bool, bool]:
        return part.code != own, part.code != "asean"

    return {
        "nav_current": "desk",
        "conveyance": conveyance,
        "statement": edition.statement,
        "edition": edition,
        "document": document,
        "parts": sorted(document.parts, key=nearness),
        "mine": items_for(conveyance, conveyance.body.current),
        "late": is_late(conveyance),
        "form": form,
    }


@signed_in
@once
def conveyance_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return to("conveyance_detail", pk)
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.acknowledge_conveyance", pk=pk)
    form = AcknowledgeForm(request.POST)
    if form.is_valid():
        try:
            actions.acknowledge_conveyance(conveyance, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Receipt acknowledged. The convenors are told; you can answer now."))
            return to("answer_sheet", pk)
    return render(request, "recommendations/conveyance_detail.html", page_of_conveyance(conveyance, form))


@signed_in
@once
def answer_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.answer_items", pk=pk)
    sheet, context = sheet_of(request, conveyance)
    if request.method == "POST" and sheet.is_valid():
        try:
            saved = actions.save_answers(conveyance, by=request.user, drafts=drafts_on(sheet))
        except Conflict as conflict:
            context["conflict"] = clash(sheet, conflict.current)
            return render(request, "recommendations/answer_sheet.html", context, status=409)
        if request.POST.get("then") == "publish":
            return to("answers_publish", pk)
        sentence = ngettext("%(count)s answer saved.", "%(count)s answers saved.", saved)
        messages.success(request, sentence % {"count": saved} + " " + _("Only your office sees it until you publish."))
        return to("answer_sheet", pk)
    return render(request, "recommendations/answer_sheet.html", context)


def sheet_of(request: HttpRequest, conveyance: Conveyance) -> tuple[AnswerSheet, dict[str, Any]]:
    """Return the sheet of the office, and the page around it."""
    body = actions.office_of(request.user, conveyance)
    items = list(items_for(conveyance, body))
    kept = actions.drafts_of(conveyance, body)
    choices, language = bodies_to_pass_to(conveyance), request.user.language
    sheet = AnswerSheet(typed(request), items=items, drafts=kept, bodies=choices, language=language)
    earlier = said_before(items, body)
    prevailing = conveyance.edition.prevailing_language
    now = translation.get_language() or languages.DEFAULT
    rows = [
        {
            "item": item,
            "form": form,
            "text": passage(in_each_language(item, "text"), now, prevailing),
            "earlier": earlier[item.pk],
            "more": any(form[name].errors or form[name].value() for name in ("until", "passed_to")),
        }
        for item, form in sheet
    ]
    context = {"nav_current": "desk", "conveyance": conveyance, "statement": conveyance.edition.statement}
    return sheet, {**context, "body": body, "rows": rows, "wrong": sheet.wrong, "kept": len(kept)}


def items_for(conveyance: Conveyance, body: PublicBody) -> Any:
    """Return the items of the conveyed edition that the office is asked about, in the order of the document."""
    return Item.objects.filter(edition=conveyance.edition_id).for_office(body.pk).for_document()


def said_before(items: list[Item], body: PublicBody) -> dict[int, list[dict[str, Any]]]:
    """Return what the office published on each item: it stays, whatever is added."""
    found = defaultdict(list)
    responses = Response.objects.published().filter(office("body", body.pk), item__in=items)
    for response in responses:
        shape = SHAPES.get(response.kind, "")
        label = capitalised(response.get_kind_display())
        found[response.item_id].append({"response": response, "label": label, "shape": shape})
    return found


def drafts_on(sheet: AnswerSheet) -> list[Draft]:
    """Return what was typed, as the action takes it."""
    return [Draft(item.pk, form.cleaned_data["version"] or 0, form.words) for item, form in sheet]


def clash(sheet: AnswerSheet, current: dict[int, Response | None]) -> list[dict[str, Any]]:
    """Return per item what a colleague saved meanwhile and the difference; the sheet keeps what was typed."""
    rows = []
    for item, form in sheet:
        if item.pk in current:
            move_on(form, current[item.pk])
            theirs, mine = getattr(current[item.pk], "text", ""), form.cleaned_data["text"]
            rows.append({"label": item.label, "theirs": theirs, "difference": differences.marked(theirs, mine)})
    return rows


def move_on(form: AnswerForm, current: Response | None) -> None:
    """Let the row start from what is saved now, so that sending it again is a decision and not an accident."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(current.version if current else 0)


@signed_in
@once
def answers_publish(request: HttpRequest, pk: int) -> HttpResponse:
    conveyance = access.fetch(request, Conveyance.objects.for_desk(), "recommendations.answer_items", pk=pk)
    if request.method == "POST":
        try:
            done = actions.publish_answers(conveyance, by=request.user, shown=shown_to(request))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
            return to("answers_publish", pk)
        sentence = ngettext("%(count)s answer is public now.", "%(count)s answers are public now.", done)
        messages.success(request, sentence % {"count": done})
        return to("conveyance_detail", pk)
    return render(request, "recommendations/answers_publish.html", what_is_published(request, conveyance))


def shown_to(request: HttpRequest) -> dict[int, int]:
    """Return the drafts and versions that the check page showed."""
    pairs = [value.partition(":") for value in request.POST.getlist("shown")]
    return {int(pk): int(version) for pk, _colon, version in pairs if pk.isdigit() and version.isdigit()}


def what_is_published(request: HttpRequest, conveyance: Conveyance) -> dict[str, Any]:
    """Return the check page: the answers that are ready, and in numbers what stays open."""
    body = actions.office_of(request.user, conveyance)
    kept = actions.drafts_of(conveyance, body)
    ready = [draft for draft in kept if draft.kind]
    items = list(items_for(conveyance, body))
    answered = {draft.item_id for draft in ready} | set(said_before(items, body))
    rows = [
        {"draft": one, "label": capitalised(one.get_kind_display()), "shape": SHAPES.get(one.kind, "")} for one in ready
    ]
    return {
        "nav_current": "desk",
        "conveyance": conveyance,
        "statement": conveyance.edition.statement,
        "rows": rows,
        "ready": len(ready),
        "open": sum(item.pk not in answered for item in items),
        "unfinished": [draft for draft in kept if not draft.kind],
    }

"""The convenor tells what came of it: add words, read as any reader, send, see who got what."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import actions, emails, summaries
from consultations.forms import SummaryForm, SummaryResendForm
from consultations.models import Consultation
from consultations.querysets import SUMMARY_MAIL, last_summary
from consultations.views import filters
from consultations.views.one_invitation import why
from consultations.views.previewing import harmless
from portal import access, languages, mail
from portal.access import signed_in
from portal.forms import kept_initial
from portal.mail import Recipient
from portal.models import OutgoingMessage
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from stakeholders.querysets import standing_of

COMPOSE, SEND = "consultations.compose_summary", "consultations.send_summary"
State = OutgoingMessage.State
ON_THE_WAY = (State.QUEUED, State.SENDING, State.DEFERRED)
LOST = (State.FAILED, State.BOUNCED)
ARRIVED = (State.SENT, State.DELIVERED)
PARTS = {
    "convenor": gettext_lazy("Convenor"),
    "member": gettext_lazy("Organisation"),
    "office": gettext_lazy("Office"),
    "person": gettext_lazy("Person"),
    "delegate": gettext_lazy("Delegate"),
}
BADGES = {
    **dict.fromkeys(ARRIVED, "ok"),
    **dict.fromkeys(ON_THE_WAY, "wait"),
    **dict.fromkeys(LOST, "needs"),
    State.WITHHELD: "no",
}


NOBODY = emails.Reader(Recipient(""), "convenor")


def _own(request: HttpRequest, slug: str, permission: str) -> Consultation:
    return access.fetch(request, Consultation.objects.for_page().asked_by(request.user), permission, slug=slug)


@signed_in
@once
def summary_compose(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug, COMPOSE)
    words = summaries.words_of(consultation)
    form = SummaryForm(request.POST or None, words=words, initial=kept_initial(request))
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, consultation, form)
        except Conflict as clash:
            conflict, status = form.clash(clash.current), 409
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. Nothing was sent."))
            return redirect("summary_compose", consultation.slug)
    context = {"form": form, "conflict": conflict, **_composed(consultation, words)}
    return render(request, "consultations/summary_compose.html", context, status=status)


def _save(request: HttpRequest, consultation: Consultation, form: SummaryForm) -> None:
    version = form.cleaned_data["version"] or 0
    actions.save_summary_words(consultation, by=request.user, version=version, texts=form.texts())


def _composed(consultation: Consultation, words: summaries.Words) -> dict[str, Any]:
    """Return what the record says now, and how many would read it."""
    last = last_summary(consultation)
    return {
        "nav_current": "desk",
        "consultation": consultation,
        "sections": summaries.sections(consultation, words, last.at if last else None),
        "last": last,
    }


@signed_in
def summary_preview(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug, COMPOSE)
    now = filters.chosen(request, {"language": [one.code for one in languages.SHIPPED], "part": PARTS})
    asked = emails.reader_at(consultation, request.GET.get("reader", ""))
    reader = asked or emails.first_reader(consultation, now.get("part", "convenor")) or NOBODY
    language = now.get("language") or languages.shipped_or_default(reader.recipient.language)
    parts, rest = [(part, PARTS[part]) for part in emails.parts_told(consultation)], dict(now)
    if asked:
        # Neither an address nor its digest stands in a link: the server's log keeps what was opened.
        now["reader"] = asked.key
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "mail": _as_read(consultation, reader, language),
        "name": _name(reader, standing_of(request.user)),
        "language": language,
        "own_language": languages.shipped_or_default(reader.recipient.language),
        "parts": filters.links({"part": reader.part, **rest}, "part", parts)[1:],
        "languages": filters.links({**now, "language": language}, "language", languages.interface_choices())[1:],
    }
    return render(request, "consultations/summary_preview.html", context)


def _name(reader: emails.Reader, standing: Any) -> str:
    """Return who reads it, for the convenor: the person, and whom they were invited for."""
    invited = reader.invitation.shown_name(standing) if reader.invitation else ""
    return " · ".join(part for part in (reader.name, invited) if part)


def _as_read(consultation: Consultation, reader: emails.Reader, language: str) -> dict[str, str]:
    """Return the mail as that reader would get it in that language, were it sent now."""
    words, last = summaries.words_of(consultation), last_summary(consultation)
    message = OutgoingMessage(
        purpose=SUMMARY_MAIL,
        subject_id=consultation.pk,
        version=actions.next_number(last),
        recipient=reader.recipient.address,
        user_id=reader.recipient.user_id,
        language=language,
        time_zone=reader.recipient.time_zone,
        payload={"words": words.texts, **({"since": last.at.isoformat()} if last else {})},
    )
    composed = mail.compose(message, emails.consultation_summary.content(consultation, message, reader.part))
    return {
        "subject": composed.subject,
        "to": "" if message.user_id else message.recipient,
        "text": composed.body,
        "html": harmless(composed),
    }


@signed_in
@once
def summary_send(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug, SEND)
    if request.method == "POST":
        numbers = {name: _number(request.POST.get(name, "")) for name in ("version", "words_version")}
        try:
            actions.send_summary(consultation, by=request.user, **numbers)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
            return redirect("summary_send", consultation.slug)
        return redirect("summary_readers", consultation.slug)
    return render(request, "consultations/summary_send.html", _before_sending(request, consultation))


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0  # noqa: PLR2004 - a column holds no more


def _before_sending(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Return exactly what sending does: how many mails in which languages, and who must be told in another way."""
    last, words = last_summary(consultation), summaries.words_of(consultation)
    spoken = Counter(languages.shipped_or_default(one.recipient.language) for one in _all(consultation))
    standing = standing_of(request.user)
    without = [language for language in spoken if any(words.texts.values()) and not words.texts.get(language)]
    return {
        "nav_current": "desk",
        "consultation": consultation,
        "mails": sum(spoken.values()),
        "in_languages": [{"code": code, "count": count} for code, count in sorted(spoken.items())],
        "untold": [one.shown_name(standing) for one in emails.untold(consultation)],
        "without_words": [] if consultation.discreet else without,
        "last": last,
        "version": actions.next_number(last),
        "words_version": words.version,
        "says_nothing": summaries.says_nothing(consultation, words),
        "nothing_new": bool(last) and not actions.whats_new(consultation, last, words),
    }


def _all(consultation: Consultation) -> Iterable[emails.Reader]:
    return emails.readers(consultation).values()


@signed_in
def summary_readers(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _own(request, slug, COMPOSE)
    last = last_summary(consultation)
    versions = [str(number) for number in range(1, actions.next_number(last))]
    now = filters.chosen(request, {"version": versions})
    shown = int(now.get("version", versions[-1] if versions else 0))
    sent = _mails(consultation).filter(version=shown)
    context = {"consultation": consultation, "version": shown, **_progress(sent.tally())}
    if request.headers.get("HX-Request"):
        return render(request, "consultations/parts/summary_progress.html", context)
    rows = sent.order_by("pk") if last else emails.invited(consultation).select_related("organisation", "body")
    page = Paginator(rows, filters.PER_PAGE).get_page(request.GET.get("page"))
    listed = _sent_to(consultation, page) if last else _to_be_told(consultation, page)
    context |= {
        "nav_current": "desk",
        "page": page,
        "rows": _rows(listed, standing_of(request.user)),
        "repairable": bool(last and last.version == shown and request.user.has_perm(SEND, consultation)),
        "query": filters.query(now),
        "versions": filters.links({"version": str(shown)}, "version", [(one, one) for one in versions])[1:],
    }
    return render(request, "consultations/summary_readers.html", context)


@signed_in
@once
def summary_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    consultation = _own(request, slug, SEND)
    message = get_object_or_404(_mails(consultation), pk=pk)
    fixed, initial = message.user_id is not None, {"address": message.recipient, **kept_initial(request)}
    form = SummaryResendForm(request.POST if request.method == "POST" else None, initial=initial, fixed=fixed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.resend_summary(message, by=request.user, address=form.cleaned_data.get("address", ""))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The summary is on its way once more."))
            return redirect("summary_readers", consultation.slug)
    reader = emails.readers_of(consultation, [message]).get(message.recipient_key)
    context = {"nav_current": "desk", "consultation": consultation, "form": form, "why": why(message)}
    context["name"] = _name(reader, standing_of(request.user)) if reader else _("No longer among those invited")
    return render(request, "consultations/summary_resend.html", context)


def _mails(consultation: Consultation) -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(purpose=SUMMARY_MAIL, subject_id=consultation.pk)


def _progress(tally: dict[str, int]) -> dict[str, Any]:
    return {
        "total": sum(tally.values()) - tally.get(State.SUPERSEDED, 0),
        "sent": sum(tally.get(state, 0) for state in ARRIVED),
        "deferred": tally.get(State.DEFERRED, 0),
        "lost": sum(tally.get(state, 0) for state in LOST),
        "finished": not sum(tally.get(state, 0) for state in ON_THE_WAY),
    }


Listed = Iterable[tuple[OutgoingMessage | None, emails.Reader | None]]


def _sent_to(consultation: Consultation, page: Page) -> Listed:
    """Return each mail of the page with who reads it, if the reader is still among those who are told."""
    found = emails.readers_of(consultation, page.object_list)
    return [(message, found.get(message.recipient_key)) for message in page.object_list]


def _to_be_told(consultation: Consultation, page: Page) -> Listed:
    """Return who would be told because of the invitations of the page; before the first of them, whoever needs none."""
    found = emails.readers_behind(consultation, page.object_list)
    if page.number == 1:
        found = {**emails.walked_in(consultation), **found}
    return [(None, reader) for reader in found.values()]


def _rows(listed: Listed, standing: Any) -> list[dict[str, Any]]:
    """Return a row for each mail that was sent, or for each reader to whom one would be sent."""
    rows = []
    for message, reader in listed:
        who = {
            "key": reader.key if reader else "",
            "name": _name(reader, standing) if reader else _("No longer among those invited"),
            "part": PARTS[reader.part] if reader else "",
        }
        rows.append({**who, **(_sent(message) if message else _unsent(reader or NOBODY))})
    return rows


def _sent(message: OutgoingMessage) -> dict[str, Any]:
    told_why = message.state in (*LOST, State.DEFERRED, State.WITHHELD)
    return {
        "lost": message.pk if message.state in actions.NOT_ARRIVED else None,
        # The address of an account is the person's own affair: its reader is named by the organisation.
        "address": "" if message.user_id else message.recipient,
        "language": message.language,
        "state": State(message.state).label,
        "badge": BADGES.get(message.state, ""),
        "why": why(message) if told_why else "",
    }


def _unsent(reader: emails.Reader) -> dict[str, Any]:
    language = languages.shipped_or_default(reader.recipient.language)
    address = "" if reader.recipient.user_id else reader.recipient.address
    return {"address": address, "language": language, "state": _("not sent"), "badge": ""}

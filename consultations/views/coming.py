"""Who comes and what they need, for the organisers alone: a page, and the same as a spreadsheet."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import actions
from consultations.models import Answer, Consultation, Invitation, Need, Seat
from consultations.states import NeedKind
from consultations.views import filters
from consultations.views.inviting import own
from portal import languages
from portal.access import signed_in
from portal.once import once
from stakeholders.querysets import standing_of
from stakeholders.tables import SEPARATOR, write_spreadsheet

SEE = "consultations.see_desk"
COMING = ("accepted", "offered", "waitlisted", "tentative", "to_reconfirm")
CHUNK = 500
IN_MEMORY = 1024 * 1024


@signed_in
def who_comes(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEE)
    needed = Counter(dict(_needs(consultation).order_by().values_list("kind").annotate(Count("pk"))))
    kinds = [kind for kind in NeedKind if needed[kind]]
    now = filters.chosen(request, {"need": kinds})
    rows = _rows(consultation)
    if "need" in now:
        rows = rows.filter(needs__kind=now["need"]).distinct()
    page = filters.page_of(request, rows)
    options = [(kind.value, f"{kind.label} ({needed[kind]})") for kind in kinds]
    context = {
        "consultation": consultation,
        "page": page,
        "rows": [_row(one, standing_of(request.user)) for one in page.object_list],
        "query": filters.query(now),
        "filter_rows": [{"label": _("Needs"), "links": filters.links(now, "need", options)}] if kinds else [],
        "nav_current": "desk",
    }
    return render(request, "consultations/who_comes.html", context)


@signed_in
@once
def who_comes_export(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, SEE)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("who_comes", args=[slug]))
    actions.record_export(consultation, by=request.user)
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write_spreadsheet(_table(consultation, standing_of(request.user)), target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"who-comes-{timezone.localdate():%Y-%m-%d}.xlsx")


def _needs(consultation: Consultation) -> QuerySet:
    return Need.objects.filter(invitation__in=_coming(consultation))


def _coming(consultation: Consultation) -> QuerySet:
    return consultation.invitations.filter(state__in=COMING)


def _rows(consultation: Consultation) -> QuerySet:
    living = Prefetch("delegates", Seat.objects.living(), to_attr="living")
    answers = Prefetch("answers", Answer.objects.order_by("-at", "-pk"), to_attr="said")
    found = _coming(consultation).select_related("organisation", "body", "consultation")
    return found.prefetch_related(living, answers, "needs").order_by("state", "organisation__name", "pk")


def _row(invitation: Invitation, standing: Any) -> dict[str, Any]:
    last = invitation.said[0] if invitation.said else None
    accepted = invitation.state in {"accepted", "to_reconfirm"}
    seats = invitation.seats_accepted if accepted else invitation.waiting_seats
    return {
        "invitation": invitation,
        "name": invitation.shown_name(standing),
        "seats": seats or "",
        "state": invitation.get_state_display(),
        "badge": {"accepted": "ok", "to_reconfirm": "needs"}.get(invitation.state, "wait"),
        "delegates": invitation.living,
        "needs": [{"kind": one.get_kind_display(), "detail": _detail(one)} for one in invitation.needs.all()],
        "old": [words for words in (last.delegates, last.needs) if words] if last else [],
        "how": ", ".join(how_it_came(invitation, last)),
        "nameable": invitation.state == "accepted" and invitation.consultation.state in {"announced", "in_session"},
    }


def _detail(need: Need) -> str:
    """Return what exactly: a language with the name that organisers read, and its own."""
    if not need.language:
        return need.detail
    known, own_name = languages.BY_CODE.get(need.language), languages.own_name(need.language)
    return own_name if known is None or known.english == own_name else f"{known.english} ({own_name})"


def how_it_came(invitation: Invitation, last: Answer | None) -> Iterator[str]:
    """Yield how the last answer came, and what is to be marked about it."""
    if last is None:
        return
    yield str(last.get_channel_display())
    if invitation.by_trusted:
        yield _("answered by a trusted contact")
    if last.at > invitation.consultation.answers_close_at:
        yield _("after the last day for answers")


def _table(consultation: Consultation, standing: Any) -> Iterator[list[str]]:
    """Yield the header, then a row a delegate; a row for those who named nobody yet."""
    kinds = list(NeedKind)
    yield [
        *(_("Invited"), _("State"), _("Seats"), _("Name"), _("Office or role"), _("Mandate"), _("Comes")),
        *(_("On lists that others read"), _("How it came")),
        *(str(kind.label).capitalize() for kind in kinds),
        _("As it was written"),
    ]
    for invitation in _rows(consultation).iterator(chunk_size=CHUNK):
        row = _row(invitation, standing)
        needs = {one.kind: _detail(one) for one in invitation.needs.all()}
        needed = [needs.get(kind, "") for kind in kinds]
        first = [row["name"], str(row["state"]), str(row["seats"])]
        for seat in row["delegates"] or [None]:
            yield [*first, *_delegate(seat), row["how"], *needed, SEPARATOR.join(row["old"])]


def _delegate(seat: Seat | None) -> list[str]:
    if seat is None:
        return [""] * 5
    shown = (seat.get_mandate_display(), seat.get_mode_display(), seat.get_listing_display())
    return [seat.full_name, seat.office, *map(str, shown)]

"""What a summary says and to whom: composed from the record, part by part, in the language that is active."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultations.models import Consultation
from consultations.querysets import attendance_figures, publishable
from portal import clock, dates, languages, text
from stakeholders.models import PublicBody

ITEMS_SHOWN = 12  # a mail stays short; the page has all
ITEM_LETTERS = 160
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s<>]*|\bwww\.[^\s<>]+|(?<![@\w.-])(?:[\w-]+\.)+[a-z]{2,}/[^\s<>]*"
    r"|(?<![@\w.-])(?:[\w-]+\.)+(?:com|org|net|info|biz|io|ly|me|link|site|online)\b",
    re.IGNORECASE,
)


def foreign_links(words: str) -> list[str]:
    """Return what would lead to another host: a summary comes from us, and must not carry anybody elsewhere."""
    return [found for found in _LINK.findall(words) if _host(found) != settings.SITE_HOST.lower()]


def _host(link: str) -> str:
    return re.split(r"[/\\?#]", re.sub(r"^https?://", "", link.lower()), maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Words:
    """The convenors' own words by language, and the version that a writer starts from."""

    texts: dict[str, str]
    version: int

    def read_in(self, language: str) -> tuple[str, str]:
        """Return the words as a reader of the language gets them, and in which language they are: first their own."""
        order = [language, *[one.code for one in languages.SHIPPED]]
        return next(((self.texts[code], code) for code in order if self.texts.get(code)), ("", language))


def words_of(consultation: Consultation) -> Words:
    """Return the convenors' own words of the next summary. One query."""
    rows = consultation.wordings.filter(kind="summary").values_list("language", "body", "version")
    found = list(rows)
    return Words({language: body for language, body, _version in found}, sum(version for *_rest, version in found))


@dataclass(slots=True)
class Section:
    """One part of a summary: a heading with lines, or with somebody's own words."""

    title: str
    lines: list[str] = field(default_factory=list)
    words: str = ""
    language: str = ""
    note: str = ""


def sections(consultation: Consultation, words: Words, since: datetime | None = None) -> list[Section]:
    """Return the parts of the summary that have something to say; `since` is when the last one went out.

    Of a discreet consultation no part tells what it is about.
    """
    found = [
        _news(consultation, since),
        *([] if consultation.discreet else _own_words(consultation, words)),
        _who_took_part(consultation),
        _points(consultation),
        _adopted(consultation),
        _next(consultation),
    ]
    return [one for one in found if one.lines or one.words]


def says_nothing(consultation: Consultation, words: Words) -> bool:
    """Whether there is nothing to tell: nobody invited, nothing sent in, no text, no step, no word."""
    return not (
        any(words.texts.values())
        or consultation.outcome
        or consultation.hear_back_by
        or consultation.invitations.reached().exists()
        or consultation.submissions.exclude(submitted_at=None).exists()
        or consultation.follow_ups.exists()
        or getattr(consultation, "statement", None)
    )


def news(consultation: Consultation, since: datetime) -> list[str]:
    """Return what the record holds that it did not hold at the moment: adoption, publication, answers, steps done."""
    found, statement = [], getattr(consultation, "statement", None)
    adoption = getattr(statement, "adoption", None)
    if adoption and adoption.created_at > since:
        found.append(_("The common text was adopted on %(day)s.") % {"day": dates.day(adoption.adopted_on)})
    if statement and statement.editions.filter(published_at__gt=since).exists():
        found.append(_("The adopted text is published."))
    if statement and not consultation.discreet:
        found += _answers(statement, since)
    for step in consultation.follow_ups.filter(done_at__gt=since):
        done = _("Done: a step that was due on %(day)s.") % {"day": dates.day(step.due_on)}
        found.append(done if consultation.discreet else _("Done: %(step)s") % {"step": step.text})
    return found


def _news(consultation: Consultation, since: datetime | None) -> Section:
    return Section(_("New since the last summary"), news(consultation, since) if since else [])


def _answers(statement: Any, since: datetime) -> Iterator[str]:
    """Say how many items each addressed body answered, under the name that the body has now."""
    said = statement.editions.filter(items__responses__published_at__gt=since).order_by()
    counts = dict(
        said.values_list("items__responses__body").annotate(count=Count("items__responses__item", distinct=True))
    )
    for body in PublicBody.objects.filter(pk__in=counts).order_by("pk"):
        count = counts[body.pk]
        sentence = ngettext("%(body)s answered %(count)d item.", "%(body)s answered %(count)d items.", count)
        yield sentence % {"body": body.name, "count": count}


def _own_words(consultation: Consultation, words: Words) -> Iterator[Section]:
    if consultation.outcome:
        yield Section(_("What came out"), words=consultation.outcome)
    language = get_language() or languages.DEFAULT
    said, written_in = words.read_in(language)
    foreign = written_in != language
    note = _("Written in %(language)s.") % {"language": languages.own_name(written_in)} if foreign else ""
    yield Section(_("From the convenors"), words=said, language=written_in if foreign else "", note=note)


def _who_took_part(consultation: Consultation) -> Section:
    """Say who came where somebody counted, else who accepted; what was declared stands apart from what was counted."""
    section, came, invited = Section(_("Who took part")), attendance_figures(consultation), None
    declared = [consultation.declared_participants, consultation.declared_organisations]
    if any(declared) and not consultation.discreet:
        section.lines.append(_("As declared: %(words)s") % {"words": ", ".join(filter(None, declared))})
    invited = consultation.invitations.figures()
    for count, line in (
        (invited.invited, _("Organisations invited: %(count)d")),
        (invited.accepted, _("Organisations that accepted: %(count)d")),
        (came.people, _("People who came: %(count)d")),
        (came.organisations, _("Organisations that came: %(count)d")),
    ):
        if count:
            section.lines.append(line % {"count": count})
    if not consultation.discreet:
        section.lines += _by_group(came, invited)
        section.note = _hidden(came.some_hidden if came.counted else invited.some_hidden)
    return section


def _hidden(some: bool) -> str:  # noqa: FBT001 - one question, one answer
    sentence = _("Groups of fewer than five are not listed, so that nobody can be singled out.")
    return sentence if some else ""


def _by_group(came: Any, invited: Any) -> Iterator[str]:
    for row in came.benches:
        yield _("%(group)s: %(count)d people came") % {"group": capfirst(row.label), "count": row.people}
    for row in came.groups:
        yield _("%(group)s: %(count)d organisations came") % {"group": row.group.name, "count": row.organisations}
    if came.counted:
        return
    for row in invited.groups:
        figures = {"group": row.group.name, "invited": row.invited, "accepted": row.accepted}
        both = _("%(group)s: %(invited)d invited, %(accepted)d accepted")
        yield (both if row.accepted else _("%(group)s: %(invited)d invited")) % figures


def _points(consultation: Consultation) -> Section:
    """Say how many points came in and what became of them; small counts stay untold."""
    rows = consultation.submissions.exclude(submitted_at=None).exclude(state="withdrawn").order_by()
    tally = dict(rows.values_list("treatment").annotate(Count("pk")))
    total, section = sum(tally.values()), Section(_("What was sent in"))
    if not total:
        return section
    shown = publishable([total], total)[0]
    if not shown:
        section.lines = [_("Points sent in: fewer than five")]
        return section
    section.lines = [_("Points sent in: %(count)d") % {"count": shown}]
    kinds = [kind for kind in ("used", "joined", "evidence", "referred", "not-used", "") if tally.get(kind)]
    counts = publishable([tally[kind] for kind in kinds], total)
    section.lines += [_fate(kind) % {"count": count} for kind, count in zip(kinds, counts, strict=True) if count]
    section.note = _("Whoever sent in a point can sign in and read what became of it.")
    return section


def _fate(kind: str) -> str:
    return {
        "used": _("Used as they are: %(count)d"),
        "evidence": _("Used as evidence: %(count)d"),
        "joined": _("Joined with others: %(count)d"),
        "referred": _("Referred elsewhere: %(count)d"),
        "not-used": _("Not used: %(count)d"),
        "": _("Still being worked on: %(count)d"),
    }[kind]


def _adopted(consultation: Consultation) -> Section:
    """Say what became of the common text. What is not published yet is told by its day alone."""
    section, statement = Section(_("What was adopted")), getattr(consultation, "statement", None)
    adoption = getattr(statement, "adoption", None)
    if statement is None:
        return section
    if adoption is None:
        section.lines = [_("Statement: %(state)s") % {"state": statement.get_state_display()}]
        return section
    section.lines = [_("Adopted on %(day)s.") % {"day": dates.day(adoption.adopted_on)}]
    if statement.state != "published":
        section.lines.append(_("It is published next."))
    elif not consultation.discreet:
        section.lines += _items(statement)
    return section


def _items(statement: Any) -> Iterator[str]:
    yield _("Statement: %(title)s") % {"title": statement.title}
    edition = statement.editions.filter(number=statement.current_edition).first()
    rows = list(edition.items.for_document()) if edition else []
    for item in rows[:ITEMS_SHOWN]:
        yield f"{item.label}: {text.opening(item.shown.text, ITEM_LETTERS)}"
    rest = len(rows) - ITEMS_SHOWN
    if rest > 0:
        yield ngettext("and %(count)d more on its page", "and %(count)d more on its page", rest) % {"count": rest}


def _next(consultation: Consultation) -> Section:
    """Say what happens next and by when; where no step is written down, what usually follows."""
    section, today = Section(_("What happens next")), clock.today_in(consultation.time_zone)
    for step in consultation.follow_ups.waiting():
        said = _late_step() if step.due_on < today else _step_ahead()
        named = said["discreet"] if consultation.discreet else said["named"]
        section.lines.append(named % {"day": dates.day(step.due_on), "step": step.text})
    if not section.lines:
        section.lines = [_usual(getattr(getattr(consultation, "statement", None), "state", ""))]
    day = consultation.hear_back_by
    if day:
        promised = (
            _("You hear back by %(day)s.") if day >= today else _("You were to hear back by %(day)s: this is it.")
        )
        section.lines.append(promised % {"day": dates.day(day)})
    return section


def _step_ahead() -> dict[str, str]:
    return {"named": _("By %(day)s: %(step)s"), "discreet": _("By %(day)s: the next step")}


def _late_step() -> dict[str, str]:
    return {
        "named": _("Due on %(day)s and not done yet: %(step)s"),
        "discreet": _("Due on %(day)s and not done yet: the next step"),
    }


def _usual(state: str) -> str:
    if state == "published":
        return _("The adopted text goes to the bodies it addresses, and their answers appear on its page.")
    if state == "adopted":
        return _("The adopted text is published and goes to the bodies it addresses.")
    return _("The convenors finish the common text; you see what became of each point you sent in.")

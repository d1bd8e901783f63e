"""Letters of invitation on paper: for officials, and for people without an address. One PDF each, or all in one."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import partial
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from consultations import placeholders
from consultations.models import Consultation, Invitation
from consultations.states import WordingKind
from portal import clock, dates, languages, typesetting

TEMPLATE = "consultations/print/letters.typ"
MOST_IN_ONE = 50  # letters of one file: more take longer than a reader waits


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one letter says, as plain words in the reader's language."""

    lang: str
    letterhead: str
    addressee: str
    date: str
    reference_label: str
    reference: str
    subject: str
    paragraphs: list[str]
    link: str
    code: str
    code_label: str
    answer_label: str
    alone: str
    signatures: list[str]


def sheet(invitation: Invitation, language: str = "", token: str = "") -> Sheet:
    """Return what the letter says. A draft shows a token of its own, which opens nothing."""
    consultation, language = invitation.consultation, language or invitation.language
    subject, body, written = _words(consultation, language)
    shipped = languages.shipped_or_default(written)
    with translation.override(shipped):
        link = settings.SITE_URL + reverse("invitation_link", args=[token or invitation.token])
        name = _name(invitation)
        values = placeholders.values_of(consultation, written, invitation.seats_offered)
        fill = partial(placeholders.filled, values={**values, "organisation": name, "link": link})
        return Sheet(
            lang=written.partition("-")[0],
            letterhead=values["organisers"],
            addressee=_addressee(invitation, name),
            date=dates.day(day_of(invitation), written),
            reference_label=_("Reference:"),
            reference=reference_of(invitation),
            subject=fill(subject),
            paragraphs=[fill(part) for part in re.split(r"\n\s*\n", body) if part.strip()],
            link=link,
            code=_code(link),
            code_label=_("Code that leads to the page on which you answer"),
            answer_label=_("Your answer:"),
            alone=_("This address is for this invitation alone."),
            signatures=_signatures(consultation),
        )


def _words(consultation: Consultation, language: str) -> tuple[str, str, str]:
    """Return subject and text of the letter with placeholders, and the language they are in."""
    own = placeholders.own_wording(consultation, WordingKind.LETTER, language)
    if own:
        return own.subject, own.body, own.language
    shipped = languages.shipped_or_default(language)
    return *placeholders.usual(consultation, WordingKind.LETTER, shipped), shipped


def _name(invitation: Invitation) -> str:
    """Return the name of the invited. The letter is for them, so that it is their own."""
    if invitation.organisation:
        return invitation.organisation.name
    return str(invitation.body or invitation.full_name)


def _addressee(invitation: Invitation, name: str) -> str:
    """Return to whom it is: the office, or the person with the role in which they are asked."""
    invited = invitation.organisation or invitation.body
    country = str(invited.country) if invited and invited.country else ""
    order = (invitation.office, name, country) if invitation.body else (name, invitation.office, country)
    return "\n".join(filter(None, order))


def day_of(invitation: Invitation) -> date:
    """Return the date of the letter: when it was sent, else today where the consultation is."""
    zone = ZoneInfo(invitation.consultation.time_zone)
    return invitation.sent_at.astimezone(zone).date() if invitation.sent_at else clock.today_in(zone.key)


def reference_of(invitation: Invitation) -> str:
    """Return the reference: the convenors' own, else the consultation's year and two numbers that stay the same."""
    consultation = invitation.consultation
    return invitation.reference or f"{consultation.starts_on.year}/{consultation.pk}/{invitation.pk}"


def _signatures(consultation: Consultation) -> list[str]:
    """Return who signs. Of a discreet consultation nobody is named: whoever hands it over signs by hand."""
    if consultation.discreet:
        return [_("For the convenors")]
    return [str(convenor) for convenor in consultation.convenors.all()] or [_("For the convenors")]


def _code(link: str) -> str:
    drawn = BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def typeset(invitations: Iterable[Invitation], token: str = "") -> bytes:
    """Return the PDF of these letters, each on its own sheet. The same letters make the same bytes."""
    rows = list(invitations)
    sheets = [sheet(invitation, token=token) for invitation in rows]
    data: dict[str, Any] = {
        "title": sheets[0].subject if len(sheets) == 1 else _("Letters of invitation"),
        "lang": sheets[0].lang,
        "letters": [asdict(one) for one in sheets],
    }
    newest = max(day_of(invitation) for invitation in rows)
    zone = ZoneInfo(rows[0].consultation.time_zone)
    return typesetting.pdf(TEMPLATE, data, datetime.combine(newest, time(12), zone))

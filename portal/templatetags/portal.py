"""Template words of the kit: dates by CLDR, the form's one-time key, percentages."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import dates, languages, once, text

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """Return a date as the reader writes it."""
    return dates.day(value) if value else ""


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """Return a time with its zone named: the given one, else the reader's."""
    return dates.moment(value, zone) if value else ""


@register.simple_tag
def span(start: date, end: date | None = None) -> str:
    """Return one date or an interval."""
    return dates.span(start, end)


@register.filter
def own_language(code: str) -> str:
    """Return the language's name in itself, as its speakers look for it."""
    return languages.own_name(code)


@register.filter
def named_language(code: str) -> str:
    """Return the language's name in the reader's language. Django's own `language_name` is English for everybody."""
    return languages.name(code)


@register.simple_tag(takes_context=True)
def one_time_key(context: dict[str, Any]) -> SafeString:
    """Return the hidden field that makes a form count once, the same again when the form is shown again.

    `kept_key` is the key of a form that was sent when the session had run out.
    """
    request = context.get("request")
    sent = request.POST.get(once.FIELD, "") if request else ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', once.FIELD, sent or context.get("kept_key") or once.new_key()
    )


@register.filter
def opening(value: str | None, most: int = 80) -> str:
    """Return how a text begins, cut where no script is damaged."""
    return text.opening(value or "", most)


@register.filter
def percent(part: int | None, whole: int | None) -> int:
    """Return the part of the whole in whole percent, 0 where there is no whole."""
    return round(100 * (part or 0) / whole) if whole else 0

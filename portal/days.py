"""The field for a day, in the digits of any script."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BUDDHIST = 543  # years by which the Thai, Lao and Khmer calendar is ahead
FIRST_YEAR, LAST_YEAR = 1967, 2200  # ASEAN was founded in 1967; beyond 2200 a year is a slip or another calendar


class DayField(forms.DateField):
    """A day. Understands native digits, and asks back when the year is of the Buddhist era."""

    def __init__(self, *, first_year: int = FIRST_YEAR, **kwargs: Any) -> None:
        self.first_year = first_year
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"])
        kwargs.setdefault("error_messages", {"invalid": _("Write a day, for example 2027-05-12.")})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError with a question where the year cannot be meant."""
        day = super().to_python(plain_digits(value) if isinstance(value, str) else value)
        if day and not self.first_year <= day.year <= LAST_YEAR:
            raise ValidationError(year_question(day.year))
        return day


def plain_digits(value: str) -> str:
    """Return the text with Thai, Khmer, Lao, Burmese and other digits as 0 to 9."""
    return "".join(str(unicodedata.decimal(char, char)) for char in value)


def year_question(year: int) -> str:
    """Return what to say about a year that cannot be meant."""
    meant = year - BUDDHIST
    if FIRST_YEAR <= meant <= LAST_YEAR:
        return _("%(year)d: did you mean %(meant)d?") % {"year": year, "meant": meant}
    return _("%(year)d: please check the year.") % {"year": year}

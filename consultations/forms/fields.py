"""Fields for days, times, seats, zones and texts in several languages."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.days import plain_digits
from portal.forms import TextField

MOST_SEATS = 5000
NEAR = (
    *("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Phnom_Penh"),
    *(
        "Asia/Vientiane",
        "Asia/Yangon",
        "Asia/Singapore",
        "Asia/Kuala_Lumpur",
        "Asia/Brunei",
        "Asia/Manila",
        "Asia/Dili",
    ),
)


def zone_choices() -> list[tuple[str, Any]]:
    """Return the zones of the region first, then all others."""
    rest = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [
        (_("The region"), [(zone, zone_label(zone)) for zone in NEAR]),
        (_("Elsewhere"), [("UTC", "UTC"), *[(zone, zone.replace("_", " ")) for zone in rest if zone not in NEAR]]),
    ]


def zone_label(zone: str) -> str:
    """Return the city of a zone."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


class ZoneField(forms.ChoiceField):
    """A time zone by its city."""

    default_error_messages = {"invalid_choice": _("We do not know this time zone. Choose a city near the meeting.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, **kwargs)


class HourField(forms.TimeField):
    """A time of day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        kwargs.setdefault("error_messages", {"invalid": _("Write a time, for example 09:00.")})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Understand native digits."""
        return super().to_python(plain_digits(value) if isinstance(value, str) else value)


class SeatsField(forms.IntegerField):
    """A number of seats."""

    def __init__(self, *, most: int = MOST_SEATS, **kwargs: Any) -> None:
        # Said in the language of whoever sends the form, not of whoever loaded this module.
        wrong = lazy(lambda: _("Write a number between 1 and %(most)d.") % {"most": most}, str)()
        kwargs["error_messages"] = {
            "invalid": wrong,
            "min_value": wrong,
            "max_value": wrong,
            **kwargs.get("error_messages", {}),
        }
        super().__init__(min_value=1, max_value=most, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """Understand native digits."""
        return super().to_python(plain_digits(value) if isinstance(value, str) else value)


def in_each_language(name: str, label: Any, *, required: bool = True, **kwargs: Any) -> dict[str, forms.Field]:
    """Return one text field per shipped language, by column name. Only the first language can be required."""
    fields = {}
    for language in languages.SHIPPED:
        field = TextField(
            label=format_lazy("{} ({})", label, language.own),
            required=required and language.code == languages.DEFAULT,
            **kwargs,
        )
        field.widget.attrs["lang"] = language.code
        fields[build_localized_fieldname(name, language.code)] = field
    return fields

"""Names typed one a line, and in which language and of which kind each is."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal import text
from portal.forms import TextField
from stakeholders.models import Organisation
from stakeholders.states import NameKind

MOST_LINES = 20
LONGEST_LINE = 200
# Scripts of the region that tell the language: pages choose the font by it.
_SCRIPTS = {"KHMER": "km", "THAI": "th", "LAO": "lo", "MYANMAR": "my", "TAMIL": "ta", "CJK": "zh-hans"}
_WEB_ADDRESS = re.compile(r"https?:|www\.|://", re.IGNORECASE)


def no_web_address(value: str) -> None:
    """Refuse a web address in a name: a name goes into mail to an address that nobody has proved yet."""
    if _WEB_ADDRESS.search(value):
        raise ValidationError(_("A name holds no web address. There is a field for that."))


class LinesField(TextField):
    """Several short texts, one a line; what shows nothing does not count."""

    def __init__(self, *, most: int = MOST_LINES, **kwargs: Any) -> None:
        self.most = most
        super().__init__(rows=3, required=False, max_characters=most * LONGEST_LINE, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return what is on record as lines; what was typed as it was typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the lines, each once. Raises ValidationError where there are too many or one is too long."""
        lines = list(
            dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if not text.is_blank(line))
        )
        if len(lines) > self.most:
            raise ValidationError(_("Up to %(most)d lines are possible.") % {"most": self.most})
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(_("A name is longer than 200 characters. Write one name a line."))
        return lines


def language_of(name: str) -> str:
    """Return the language that the script of the name tells; nothing where a script serves many languages."""
    letters = (unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha())
    return _SCRIPTS.get(next(letters, ""), "")


def entries(organisation: Organisation, kind: str = "") -> list[dict[str, str]]:
    """Return the other names on record, each with text, language and kind; all of them, or those of one kind."""
    found = []
    for one in organisation.other_names:
        named = one if isinstance(one, dict) else {"text": one}
        row = {"text": named["text"], "lang": named.get("lang") or "", "kind": named.get("kind") or str(NameKind.OTHER)}
        found += [row] if kind in {"", row["kind"]} else []
    return found

"""Two versions of one text side by side, when two people changed it at once: nothing typed is lost."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST_WORD = 30  # a longer run has no spaces between its words (Thai, Khmer...): it is compared letter by letter


def words(value: str) -> list[str]:
    """Return the text in pieces that can be compared: words, spaces, and letters with their marks."""
    return [piece for run in re.split(r"(\s+|\u200b)", value) for piece in _pieces(run)]


def _pieces(run: str) -> Iterator[str]:
    if len(run) <= LONGEST_WORD:
        if run:
            yield run
        return
    letter = ""
    for char in run:
        if letter and unicodedata.category(char)[0] != "M":
            yield letter
            letter = ""
        letter += char
    yield letter


def marked(old: str, new: str) -> SafeString:
    """Return the new text as HTML with what was taken out and put in marked."""
    before, after = words(old), words(new)
    parts = []
    for kind, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(None, before, after).get_opcodes():
        same = kind == "equal"
        out = "" if same else format_html("<del>{}</del>", "".join(before[old_from:old_to]))
        put = "".join(after[new_from:new_to])
        parts.append((out if old_to > old_from else "", format_html("{}" if same else "<ins>{}</ins>", put)))
    return format_html_join("", "{}{}", ((out, put if put != "<ins></ins>" else "") for out, put in parts))


def clash(form: forms.ModelForm, current: Any) -> list[dict[str, Any]]:
    """Return, per text that differs, label, what is saved now, what was typed, and the difference.

    A form whose texts stand elsewhere than in a column of their name says in `saved` what is there now.

    The form is moved on to the version that is saved now, so that sending it again is a decision and not an accident.
    """
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(current.version)
    rows = []
    saved = form.saved(current) if hasattr(form, "saved") else {}
    for name, field in form.fields.items():
        mine, theirs = form.cleaned_data.get(name), saved.get(name) or getattr(current, name, None) or ""
        if isinstance(mine, str) and isinstance(theirs, str) and mine != theirs:
            label = field.label or name
            rows.append({"label": label, "mine": mine, "theirs": theirs, "difference": marked(theirs, mine)})
    return rows

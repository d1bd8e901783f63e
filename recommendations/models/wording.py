"""Texts in every language of the region: a column for each shipped language, and one column for all the others.

A consultation in Bangkok adopts in Thai, although the pages are not shipped in Thai. So a text may stand in any of
`portal.languages`; what has no column of its own stands in `more_texts`, by field and language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in one language; `missing` where the wanted one is not there and the prevailing text stands in."""

    text: str
    language: str
    missing: bool = False


def passage(texts: Texts, wanted: str, prevailing: str) -> Passage:
    """Return the text in the wanted language, else the prevailing one, which then says so.

    Where there is neither, the first of `portal.languages` stands in: the same one on a page and in a document.
    """
    if texts.get(wanted):
        return Passage(texts[wanted], wanted)
    order = (prevailing, *languages.BY_CODE)
    language = next((code for code in order if texts.get(code)), prevailing)
    return Passage(texts.get(language, ""), language, missing=bool(texts))


def in_each_language(thing: Any, field: str) -> dict[str, str]:
    """Return the field's text per language, in the order of `portal.languages`; those without a text are left out."""
    more = getattr(thing, "more_texts", {}).get(field, {})
    columns = {one.code: getattr(thing, build_localized_fieldname(field, one.code)) for one in languages.SHIPPED}
    texts = {one.code: columns.get(one.code) or more.get(one.code, "") for one in languages.LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def as_columns(field: str, texts: Texts) -> dict[str, Any]:
    """Return the texts of one field as a row holds them: a value per column, and the rest under `more_texts`."""
    columns = {build_localized_fieldname(field, one.code): texts.get(one.code, "") for one in languages.SHIPPED}
    shipped = {one.code for one in languages.SHIPPED}
    rest = {code: text for code, text in texts.items() if text and code not in shipped}
    return {**columns, "more_texts": {field: rest} if rest else {}}


def by_language(field: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of one field, of those that the values of a row hold: what `as_columns` takes."""
    names = {build_localized_fieldname(field, one.code): one.code for one in languages.SHIPPED}
    columns = {code: values[name] or "" for name, code in names.items() if name in values}
    return {**columns, **values.get("more_texts", {}).get(field, {})}


class InMoreLanguages(models.Model):
    """Has a column for the texts in languages that have none of their own."""

    more_texts = models.JSONField(_("texts in more languages"), default=dict, blank=True)

    class Meta:
        abstract = True

    def put(self, field: str, texts: Texts) -> None:
        """Take the texts as the only ones of the field; nothing is saved."""
        values = as_columns(field, texts)
        others = {name: found for name, found in self.more_texts.items() if name != field}
        self.more_texts = {**others, **values.pop("more_texts")}
        for name, value in values.items():
            setattr(self, name, value)


class Worded(InMoreLanguages):
    """Has texts in any language of the region, and one that prevails."""

    class Meta:
        abstract = True

    @property
    def prevails(self) -> str:
        """Return the code of the language that decides in case of doubt."""
        raise NotImplementedError

    @property
    def shown(self) -> Passage:
        """Return the text as the reader sees it: in the language of the page, else the one that prevails."""
        return passage(in_each_language(self, "text"), get_language() or languages.DEFAULT, self.prevails)

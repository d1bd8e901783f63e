"""Editions in languages that the pages are not shipped in: what the tests of wording and documents stand on."""

from datetime import date
from typing import Any

from recommendations import actions, canonical
from recommendations.models import Edition, Item, Statement
from recommendations.models.wording import as_columns
from tests import build
from tests.conftest import Cast

DAY = date(2026, 5, 12)
# One text in each script of the region.
WORDS = {
    "en": "Ban recruitment fees.",
    "id": "Larang biaya perekrutan.",
    "th": "ห้ามเก็บค่าธรรมเนียมการจัดหางาน",
    "vi": "Cấm thu phí tuyển dụng.",
    "km": "ហាមឃាត់ថ្លៃជ្រើសរើស។",
    "lo": "ຫ້າມເກັບຄ່າທຳນຽມ",
    "my": "အလုပ်အကိုင်ခများကို တားမြစ်ပါ။",
    "ms": "Haramkan yuran pengambilan.",
    "fil": "Ipagbawal ang singil sa pagre-recruit.",
    "ta": "ஆட்சேர்ப்புக் கட்டணத்தைத் தடை செய்க.",
    "zh-hans": "禁止收取招聘费。",
    "pt": "Proíbam as taxas de recrutamento.",
    "tet": "Bandu taxa rekrutamentu nian.",
}


def make_worded(cast: Cast, prevailing: str = "th", codes: tuple[str, ...] = (), **values: Any) -> Edition:
    """Return a published edition of two items in these languages, adopted through the actions."""
    codes = codes or (prevailing,)
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor], **values)
    titles = {code: f"{WORDS[code]} ({code})" for code in {*codes, "en"}}
    more = {code: text for code, text in titles.items() if code not in {"en", "id"}}
    statement = build.make_statement(
        consultation,
        **{**as_columns("title", titles), "more_texts": {"title": more}},
        state="tabled",
        prevailing_language=prevailing,
        official_title=WORDS[prevailing],
    )
    for section in (None, build.make_country()):
        texts = as_columns("text", {code: WORDS[code] for code in codes})
        build.make_recommendation(statement, state="tabled", section=section, addressees=[cast.body], **texts)
    for organisation in (cast.organisation, cast.other_organisation):
        statement.positions.create(organisation=organisation, stance="consensus")
    edition = actions.adopt_statement(statement, by=cast.convenor, adopted_on=DAY, place="Bangkok")
    actions.publish_statement(statement, by=cast.convenor)
    edition.refresh_from_db()
    return edition


def edition_of(content: dict[str, Any], slug: str = "any-statement") -> Edition:
    """Return an edition with this content that is in no database."""
    statement = Statement(slug=slug, prevailing_language=content["prevailing"])
    statement.official_title = content.get("official_title", "")
    for field in ("title", "preamble"):
        columns = as_columns(field, content.get(field, {}))
        statement.more_texts = {**statement.more_texts, **columns.pop("more_texts")}
        for name, text in columns.items():
            setattr(statement, name, text)
    text = canonical.form(statement, number=1, adopted_on=DAY, entries=content["entries"])
    return Edition(
        statement=statement,
        number=1,
        canonical=text,
        fingerprint=canonical.fingerprint(text),
        adopted_on=DAY,
        prevailing_language=content["prevailing"],
    )


def first_item(edition: Edition) -> Item:
    """Return the first item of the ASEAN section."""
    return edition.items.get(section=None, number=1)

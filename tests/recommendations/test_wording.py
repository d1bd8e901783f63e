"""Texts in every language of the region: written, shown, tabled, adopted, frozen, and never lost."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from portal import languages
from portal.states import Conflict, Refusal
from recommendations import actions, canonical
from recommendations.models import Item, Recommendation
from recommendations.models.wording import as_columns, in_each_language, passage
from tests import build
from tests.conftest import as_person
from tests.recommendations.worded import WORDS, first_item, make_worded


def test_columns_and_the_rest_together_in_one_order():
    one = Recommendation(**as_columns("text", WORDS))
    assert in_each_language(one, "text") == WORDS
    assert list(in_each_language(one, "text")) == [language.code for language in languages.LANGUAGES]
    assert (one.text_en, one.more_texts["text"]["th"]) == (WORDS["en"], WORDS["th"])


def test_a_language_without_a_text_is_left_out():
    one = Recommendation(**as_columns("text", {"th": WORDS["th"], "my": "", "en": ""}))
    assert in_each_language(one, "text") == {"th": WORDS["th"]}
    assert Recommendation(text_en="Only.").more_texts == {}


@pytest.mark.parametrize(
    ("wanted", "prevailing", "shown"),
    [
        ("en", "th", ("English", "en", False)),
        ("id", "th", ("ไทย", "th", True)),
        ("id", "my", ("English", "en", True)),
    ],
)
def test_what_is_shown_where_the_wanted_one_is_missing(wanted, prevailing, shown):
    found = passage({"en": "English", "th": "ไทย"}, wanted, prevailing)
    assert (found.text, found.language, found.missing) == shown


@pytest.mark.parametrize("code", [language.code for language in languages.LANGUAGES])
def test_a_statement_prevails_in_each_language(cast, code):
    edition = make_worded(cast, code)
    content = json.loads(edition.canonical)
    assert content["prevailing_language"] == edition.prevailing_language == code
    assert content["sections"][0]["items"][0]["text"] == {code: WORDS[code]}
    assert content["title"][code] == f"{WORDS[code]} ({code})"
    assert in_each_language(first_item(edition), "text") == {code: WORDS[code]}


@pytest.mark.parametrize("values", [{"more_texts": {}}, {"more_texts": {"text": {"th": "อื่น"}}}, {"text_en": "Other"}])
def test_the_database_refuses_other_words_in_any_language(cast, values):
    edition = make_worded(cast, "th")
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Item.objects.update(**values)
    assert in_each_language(first_item(edition), "text") == {"th": WORDS["th"]}


def test_the_database_refuses_it_by_hand(cast):
    make_worded(cast, "my")
    sql = "UPDATE recommendations_item SET more_texts = '{}'"
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_it_is_tabled_with_the_prevailing_text_only(scene):
    build.make_recommendation(scene.statement)
    actions.revise_statement(
        scene.statement, by=scene.cast.convenor, version=1, prevailing_language="th", more_texts={"title": {"th": "ก"}}
    )
    scene.statement.refresh_from_db()
    assert [words for _one, words in actions.what_lacks(scene.statement)] == [
        "It has no text in the prevailing language."
    ]
    with pytest.raises(Refusal):
        actions.table_statement(scene.statement, by=scene.cast.convenor)
    Recommendation.objects.update(more_texts={"text": {"th": WORDS["th"]}})
    assert actions.table_statement(scene.statement, by=scene.cast.convenor).state == "tabled"


def test_pages_show_the_words_with_their_language(cast, visitor):
    edition = make_worded(cast, "my")
    item = reverse("item_detail", args=[edition.statement.slug, "asean", 1])
    for address in (edition.statement.get_absolute_url(), edition.get_absolute_url(), item):
        page = " ".join(visitor.get(address).content.decode().split())
        assert f'<div lang="my"><p>{WORDS["my"]}</p></div>' in page.replace("> <", "><")
        assert "There is no translation into English" in page
    follow_up = visitor.get(reverse("follow_up")).content.decode()
    assert f'lang="my">{WORDS["my"]}' in follow_up


def test_another_language_of_the_region_stands_beside_it(cast, visitor):
    edition = make_worded(cast, "th", ("th", "en"))
    url = edition.get_absolute_url()
    page = visitor.get(url + "?beside=th").content.decode()
    assert page.count('class="alt-text" lang="th"') == 2
    assert f'href="{url}?beside=th"' in visitor.get(url).content.decode()
    assert "alt-text" not in visitor.get(url + "?beside=km").content.decode()


# --- Forms --------------------------------------------------------------------------------------------------------


def edit(client, scene, name="statement_edit", **data):
    """Send the form of the statement, or of a recommendation."""
    arguments = [scene.consultation.slug, *data.pop("args", [])]
    return client.post(reverse(name, args=arguments), data)


def test_the_form_offers_the_shipped_languages_and_the_prevailing_one(scene):
    client = as_person(scene.cast.convenor)
    scene.statement.prevailing_language = "km"
    scene.statement.save()
    page = client.get(reverse("statement_edit", args=[scene.consultation.slug])).content.decode()
    named = [code for code in ("en", "ind", "km", "th") if f'name="title_{code}"' in page]
    assert named == ["en", "ind", "km"]
    assert 'name="title_km"' in page
    assert '<option value="th">' in page


def test_adding_a_language_loses_nothing_typed(scene):
    client = as_person(scene.cast.convenor)
    response = edit(
        client, scene, title_en="Typed just now", another_language="my", add_language="1", version=1,
        prevailing_language="en", preamble_ind="Sudah ditulis",
    )  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="Typed just now"' in page
    assert "Sudah ditulis" in page
    assert 'name="preamble_my"' in page
    assert "errorlist" not in page
    scene.statement.refresh_from_db()
    assert scene.statement.title_en != "Typed just now"


def test_a_title_and_preamble_in_burmese_are_saved_and_prevail(scene):
    client = as_person(scene.cast.convenor)
    response = edit(
        client, scene, title_en="In English", title_my=WORDS["my"], preamble_my=WORDS["my"], version=1,
        prevailing_language="my",
    )  # fmt: skip
    assert response.status_code == 302
    scene.statement.refresh_from_db()
    assert scene.statement.more_texts == {"title": {"my": WORDS["my"]}, "preamble": {"my": WORDS["my"]}}
    assert scene.statement.prevailing_language == "my"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title_en": "A", "prevailing_language": "my"}, "Write the title in the prevailing language."),
        ({"title_my": "က", "prevailing_language": "my"}, "Write the title in one of these languages, too."),
        ({"title_en": "A", "prevailing_language": "xx"}, "is not one of the available choices"),
    ],
)
def test_what_the_form_asks_for(scene, data, sentence):
    page = edit(as_person(scene.cast.convenor), scene, version=1, **data)
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_a_recommendation_in_thai_alone(scene):
    one = build.make_recommendation(scene.statement)
    data = {"text_th": WORDS["th"], "section": "asean", "version": 1, "addressees": [scene.cast.body.pk]}
    response = edit(as_person(scene.cast.convenor), scene, "recommendation_edit", args=[one.pk], **data)
    assert response.status_code == 302
    one.refresh_from_db()
    assert in_each_language(one, "text") == {"th": WORDS["th"]}
    page = as_person(scene.cast.convenor).get(reverse("workspace", args=[scene.consultation.slug])).content.decode()
    assert f'lang="th" dir="auto"><p>{WORDS["th"]}</p>' in page


def test_submissions_in_thai_begin_the_thai_text(scene):
    submission = scene.submissions[0]
    type(submission).objects.filter(pk=submission.pk).update(language="th", text=WORDS["th"])
    address = reverse("submissions_merge", args=[scene.consultation.slug]) + f"?s={submission.pk}"
    page = as_person(scene.cast.convenor).get(address).content.decode()
    assert 'name="text_th"' in page
    assert WORDS["th"] in page.split('name="text_th"')[1][:300]


def test_two_editors_of_one_thai_text_see_both(scene):
    one = build.make_recommendation(scene.statement, **as_columns("text", {"th": "ห้าม"}))
    data = {"text_th": "ของฉัน", "section": "asean", "version": 1}
    actions.revise_recommendation(one, by=scene.cast.second_convenor, version=1, **as_columns("text", {"th": "ของเขา"}))
    response = edit(as_person(scene.cast.convenor), scene, "recommendation_edit", args=[one.pk], **data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "ของเขา" in page
    assert "ของฉัน" in page
    with pytest.raises(Conflict):
        actions.revise_recommendation(one, by=scene.cast.convenor, version=1)


def test_verify_reads_every_language(cast):
    edition = make_worded(cast, "lo", ("lo", "th"))
    assert canonical.fingerprint(edition.canonical) == edition.fingerprint
    with translation.override("id"):
        assert first_item(edition).shown.language == "lo"

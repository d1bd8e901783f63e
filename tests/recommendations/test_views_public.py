"""Statements, editions, items and data, as everybody reads them."""

import hashlib
import json

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from portal.models import LogHead
from recommendations.models import Item, Statement
from stakeholders.models import Organisation, PublicBody
from tests import build
from tests.conftest import as_person
from tests.recommendations.published import CANARY, DESCRIPTION, answer, make_next_edition, make_published
from tests.tables import diagonal

READERS = ("anonymous", "representative", "other_member", "liaison", "stranger")
PAGES = ("statement_detail", "edition_detail", "edition_data", "edition_text", "item_detail", "statement_timeline")


def address(published, name, **query):
    """Return the address of one of the statement's pages."""
    edition = published.edition
    arguments = {
        "edition_detail": [edition.number],
        "edition_data": [edition.number, edition.fingerprint],
        "edition_text": [edition.number, edition.fingerprint],
        "item_detail": ["asean", 1],
    }
    url = reverse(name, args=[published.slug, *arguments.get(name, [])])
    return url + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def read(client, url, status=200):
    """Return the text of a page."""
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_the_document_reads_in_order(cast, visitor):
    published = make_published(cast, items=2)
    page = read(visitor, address(published, "statement_detail"))
    places = [page.index(f'id="{anchor}"') for anchor in ("asean", "asean-1", "asean-2", "id", "id-1", "id-2")]
    assert places == sorted(places)
    for words in (
        "We met.",
        "12 May 2026",
        "Jakarta",
        "by consensus, with reservations",
        published.edition.fingerprint,
        "Not conveyed yet",
        "Ministry ministry",
        "Not far enough.",
        "sha256sum",
    ):
        assert words in page


def test_sources_are_shown_as_their_senders_chose(cast, visitor):
    page = read(visitor, address(make_published(cast), "statement_detail"))
    line = f"Joined from 3 submissions: {cast.organisation.name}; {DESCRIPTION}; others who are not shown"
    assert page.count(line.replace("'", "&#x27;")) == 2
    assert cast.other_organisation.name not in page.split('id="adoption"')[0]


def test_a_withdrawn_source_is_not_named(cast, visitor):
    published = make_published(cast)
    item = published.item()
    item.recommendation.sources.filter(submission__organisation=cast.organisation).update(withdrawn=True)
    line = read(visitor, address(published, "item_detail"))
    assert cast.organisation.name not in line
    assert "Joined from 2 submissions" in line


@diagonal(reader=READERS, name=[*PAGES, "statement_list", "follow_up"])
def test_nobody_reads_a_withheld_name(cast, name, reader):
    published = make_published(cast)
    published.convey()
    make_next_edition(published)
    Organisation.objects.filter(pk=published.withheld.pk).update(name_en=CANARY + " Baru")
    url = reverse(name) if name in {"statement_list", "follow_up"} else address(published, name)
    page = read(as_person(cast.people()[reader]), url)
    assert CANARY not in page
    assert published.withheld.slug not in page
    if name in {"statement_detail", "edition_detail"}:
        assert f"Reservation of {DESCRIPTION}" in page
        assert page.count("name withheld") == 1


def test_few_unnamed_adopters_are_not_counted(cast, visitor):
    published = make_published(cast)
    adopters = published.statement.adoption.adopters
    adopters.add(*(build.make_organisation() for _ in range(5)))
    assert "organisations adopted it" not in read(visitor, address(published, "statement_detail"))
    adopters.add(*(build.make_organisation(visibility="withheld") for _ in range(4)))
    page = read(visitor, address(published, "statement_detail"))
    assert "12 organisations adopted it." in page
    assert page.count(DESCRIPTION + " <span") == 1


@pytest.mark.parametrize("name", PAGES)
def test_before_publication_only_convenors_read_it(cast, visitor, name):
    published = make_published(cast, publish=False)
    assert visitor.get(address(published, name)).status_code == 404
    assert as_person(cast.liaison).get(address(published, name)).status_code == 404
    seen = as_person(cast.convenor).get(address(published, name)).status_code
    assert seen == (404 if name in {"statement_detail", "statement_timeline"} else 200)


def test_the_data_is_the_canonical_form_byte_for_byte(cast, visitor):
    published = make_published(cast)
    response = visitor.get(address(published, "edition_data"))
    assert response.content == published.edition.canonical.encode()
    assert hashlib.sha256(response.content).hexdigest() == published.edition.fingerprint
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_page_text_and_data_say_the_same(cast, visitor):
    published = make_published(cast, items=2)
    page, text = (read(visitor, address(published, name)) for name in ("edition_detail", "edition_text"))
    sections = json.loads(published.edition.canonical)["sections"]
    texts = [item["text"]["en"] for section in sections for item in section["items"]]
    assert len(texts) == 4
    for words in texts:
        assert words in page
        assert words in text
    assert published.edition.fingerprint in text


def test_a_wrong_fingerprint_leads_nowhere(cast, visitor):
    published = make_published(cast)
    right = address(published, "edition_data")
    wrong = right.replace(published.edition.fingerprint, "0" * 64)
    assert visitor.get(wrong).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "statement_list", "follow_up"])
def test_public_pages_set_no_cookie_and_answer_304(cast, visitor, name):
    published = make_published(cast)
    url = reverse(name) if name in {"statement_list", "follow_up"} else address(published, name)
    first = visitor.get(url)
    assert first.status_code == 200
    assert not first.cookies
    again = visitor.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor.post(url).status_code == 405


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("statement_detail", 9, 8),  # the frozen words of the items are read once a process
        ("edition_detail", 9, 8),
        ("item_detail", 8, 8),
        ("edition_data", 2, 2),
        ("edition_text", 3, 3),
    ],
)
def test_reads_stay_flat(cast, visitor, django_assert_num_queries, settings, name, first, then, items):
    settings.KEPT_PAGES = 0
    published = make_published(cast, items=items)
    answer(published, published.convey())
    LogHead.objects.get_or_create(pk=1)
    for queries in (first, then):
        with django_assert_num_queries(queries):
            read(visitor, address(published, name))


@pytest.mark.parametrize("statements", [1, 3])
def test_the_list_stays_flat(cast, visitor, django_assert_num_queries, statements):
    for _ in range(statements):
        build.make_edition(build.make_statement(build.make_consultation()))
    with django_assert_num_queries(5):
        page = read(visitor, reverse("statement_list"))
    assert page.count("<article") == statements


def test_the_list_is_filtered_by_plain_links(cast, visitor):
    here = make_published(cast).statement
    there = build.make_statement(build.make_consultation(country=None))
    build.make_edition(there, adopted_on=build.date(2007, 5, 12))
    url = reverse("statement_list")

    def found(query):
        page = read(visitor, url + query)
        return {statement.pk for statement in (here, there) if statement.get_absolute_url() in page}

    assert found("") == {here.pk, there.pk}
    assert found("?country=asean") == {there.pk}
    assert found("?country=ID&year=2026") == {here.pk}
    assert found("?year=2007") == {there.pk}
    assert found("?year=2007&country=ID") == set()
    assert found("?year=abc&country=XX&consultation__discreet=1") == {here.pk, there.pk}


def test_the_list_has_pages_of_fifty(cast, visitor):
    for _ in range(51):
        build.make_edition(build.make_statement(build.make_consultation()), items=0)
    url = reverse("statement_list")
    assert read(visitor, url).count("<article") == 50
    assert read(visitor, url + "?page=2").count("<article") == 1
    assert read(visitor, url + "?page=x").count("<article") == 50


def test_another_language_stands_beside_it(cast, visitor):
    published = make_published(cast)
    page = read(visitor, address(published, "statement_detail", beside="id"))
    assert page.count('class="alt-text" lang="id"') == 2
    assert "Kami bertemu." in page
    for other in ("en", "xx", "th"):
        assert "alt-text" not in read(visitor, address(published, "statement_detail", beside=other))


def test_a_missing_translation_shows_the_prevailing_text_and_says_so(cast, visitor):
    published = make_published(cast)
    missing = Item.objects.filter(pk=published.item().pk)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER recommendations_item_frozen" + _on_table())
    missing.update(text_ind=None)
    with translation.override("id"):
        page = read(visitor, address(published, "statement_detail"))
        single = read(visitor, address(published, "item_detail"))
    text = published.item().text_en
    for shown in (page, single):
        assert f'<div lang="en"><p>{text}</p></div>' in " ".join(shown.split()).replace("> <", "><")
        assert 'class="alert is-wait"' in shown


def _on_table():
    return "" if connection.vendor == "sqlite" else " ON recommendations_item"


def test_the_language_that_prevails_is_marked(cast, visitor):
    published = make_published(cast)
    assert "This is the text that prevails" in read(visitor, address(published, "statement_detail"))
    with translation.override("id"):
        page = read(visitor, address(published, "statement_detail"))
    assert "This is the text that prevails" not in page
    assert 'class="alert is-wait"' not in page


def test_an_old_edition_keeps_its_words_and_says_that_there_is_a_newer_one(cast, visitor):
    published = make_published(cast)
    old_text = published.item().text_en
    make_next_edition(published)
    Statement.objects.filter(pk=published.statement.pk).update(title_en="Another title")
    old, new = (
        read(visitor, address(published, "edition_detail")),
        read(visitor, address(published, "statement_detail")),
    )
    assert old_text in old
    assert "This is an earlier edition" in old
    assert published.statement.title_en in old
    assert "Corrected." in new
    assert "This is an earlier edition" not in new


def test_an_old_edition_keeps_the_old_name_of_a_ministry(cast, visitor):
    published = make_published(cast)
    PublicBody.objects.filter(pk=cast.body.pk).update(name_en="Ministry of Everything")
    page = read(visitor, address(published, "edition_detail"))
    assert "To: Ministry ministry" in " ".join(page.split())


def test_answers_to_an_earlier_edition_stay_with_the_item(cast, visitor):
    published = make_published(cast)
    answer(published, published.convey())
    make_next_edition(published)
    page = read(visitor, address(published, "statement_detail"))
    assert page.count("Accepted in part") == 1
    assert "Half of it." in read(visitor, address(published, "item_detail"))


def test_an_answer_of_the_successor_counts_for_the_old_ministry(cast, visitor):
    old = build.make_body("old-ministry")
    published = make_published(cast)
    PublicBody.objects.filter(pk=old.pk).update(successor=cast.body)
    for item in published.edition.items.all():
        item.addressees.set([old])
    answer(published, published.convey())
    page = read(visitor, address(published, "item_detail"))
    assert "Accepted in part" in page
    assert "Its tasks are now with: Ministry ministry" in page


def test_all_answers_stand_on_the_item_the_first_one_first(cast, visitor):
    published = make_published(cast)
    conveyance = published.convey()
    answer(published, conveyance, kind="noted", text="First we noted it.")
    answer(published, conveyance, kind="accepted", text="Then we accepted it.")
    page = read(visitor, address(published, "item_detail"))
    assert 0 < page.index("First we noted it.") < page.index("Then we accepted it.")


def test_an_answer_of_the_office_it_was_passed_to_stands_apart(cast, visitor):
    published = make_published(cast)
    answer(published, published.convey(), kind="not-competent", passed_to_id=cast.other_body.pk)
    page = read(visitor, address(published, "item_detail"))
    assert "Passed to: Ministry other-ministry" in " ".join(page.split())


def test_silence_is_dated_and_never_called_rejection(cast, visitor):
    published = make_published(cast)
    published.convey(sent_on=build.date(2026, 5, 14))
    for name in ("statement_detail", "item_detail", "statement_timeline"):
        page = read(visitor, address(published, name))
        assert "No response since 14 May 2026" in page
        assert "reject" not in page.lower()


@pytest.mark.parametrize("path", ["asean-9", "xx-1", "ASEAN-1", "asean-x", "th-1"])
def test_an_item_that_does_not_exist(cast, visitor, path):
    published = make_published(cast)
    assert visitor.get(address(published, "statement_detail") + f"items/{path}/").status_code == 404

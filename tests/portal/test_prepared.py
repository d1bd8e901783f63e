"""Reads whose SQL is kept answer as the query set does, for each value, language and thread."""

import threading
from datetime import date, datetime

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import translation

from portal.prepared import day_of, moment_of, packed, prepared, unpacked
from stakeholders.models import Country, Organisation
from tests import build


@prepared
def by_place(slug: str, key: int) -> QuerySet:
    """Return one organisation as a model."""
    return Organisation.objects.select_related("country").filter(slug=slug, pk=key)


@prepared
def names_from(key: int) -> QuerySet:
    """Return names in the language of the page."""
    return Country.objects.order_by("code").filter(row__gte=key).values_list("code", "name")


@packed
def rows_from(key: int) -> QuerySet:
    """Return rows as one text, in an order that is not that of the table."""
    rows = QuerySet(Organisation).order_by("-pk").filter(pk__gte=key)
    return rows.values_list("pk", "slug", "retest_on", "created_at", "terms_id", "sign_off")


@pytest.mark.django_db
def test_models_come_with_what_was_asked_for(django_assert_num_queries):
    first, second = build.make_organisations("First", "Second")
    for one in (first, second, first):
        with django_assert_num_queries(1):
            (found,) = by_place(one.slug, one.pk)
            assert (found, found.name, found.country) == (one, one.name, one.country)
    assert by_place(first.slug, second.pk) == []


@pytest.mark.django_db
def test_each_language_has_its_own_words():
    country = build.make_country()
    Country.objects.filter(pk=country.pk).update(name_en="Indonesia (en)", name_ind="Indonesia (id)")
    found = {}
    for language in ("en", "id", "en"):
        with translation.override(language):
            found[language] = dict(names_from(0))[country.pk]
    assert found == {"en": "Indonesia (en)", "id": "Indonesia (id)"}


@pytest.mark.django_db
def test_packed_rows_are_the_rows_in_their_order():
    made = build.make_organisations("Ä “quoted”", "ข้ามชาติ", "Third")
    Organisation.objects.filter(pk=made[0].pk).update(retest_on=date(2027, 1, 31))
    text = rows_from(made[1].pk)
    assert isinstance(text, str)
    assert [row[0] for row in unpacked(text)] == [made[2].pk, made[1].pk]
    (row,) = unpacked(rows_from(made[2].pk))
    one = Organisation.objects.get(pk=made[2].pk)
    assert (row[1], row[2], moment_of(row[3]), row[4], bool(row[5])) == (one.slug, None, one.created_at, None, False)
    first = unpacked(rows_from(made[0].pk))[-1]
    assert day_of(first[2]) == date(2027, 1, 31)
    assert unpacked(rows_from(made[2].pk + 1)) == []


def test_nothing_is_no_day_and_no_moment():
    assert (day_of(None), moment_of(None)) == (None, None)
    assert isinstance(moment_of("2026-05-12 09:00:00"), datetime)
    assert moment_of("2026-05-12 09:00:00") == moment_of("2026-05-12T16:00:00+07:00")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    one = build.make_organisation()
    by_place(one.slug, one.pk)
    found = []

    def ask():
        try:
            found.extend(by_place(one.slug, one.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [one]


@pytest.mark.django_db
def test_a_value_that_is_not_asked_for_is_a_mistake():
    @prepared
    def forgetful(key: int, _other: int) -> QuerySet:
        return Organisation.objects.filter(pk=key)

    with pytest.raises(ValueError, match="forgetful"):
        forgetful(1, 2)

"""The command that proves that no adopted text and no entry of the log was changed."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from portal.models import LogEntry
from recommendations import actions
from recommendations.models import Edition, Item
from tests.recommendations.published import make_next_edition, make_published


def verify():
    """Return the exit code and the lines."""
    out = StringIO()
    try:
        call_command("verify_editions", stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def thaw(table):
    """Take the database's own guard away, as somebody with its password could."""
    where = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_frozen{where}")


@pytest.fixture
def published(cast):
    published = make_published(cast, items=2)
    make_next_edition(published)
    return published


def test_all_holds(published):
    assert verify() == (0, ["2 editions and the log checked, 0 problems"])


def test_an_empty_world_holds(db):
    assert verify() == (0, ["0 editions and the log checked, 0 problems"])


def test_a_changed_item(published):
    thaw("recommendations_item")
    Item.objects.filter(pk=published.item(2).pk).update(text_ind="Lain.")
    name = f"{published.slug} edition 1"
    assert verify() == (1, [f"{name}: item ASEAN 2 is not as adopted", "2 editions and the log checked, 1 problems"])


def test_another_addressee(published):
    published.item(1, "ID").addressees.set([published.cast.other_body])
    assert verify()[1][0] == f"{published.slug} edition 1: item ID 1 is not as adopted"


def test_a_changed_canonical_form(published):
    thaw("recommendations_edition")
    Edition.objects.filter(pk=published.edition.pk).update(canonical=published.edition.canonical.replace("We", "They"))
    assert verify()[1][0] == f"{published.slug} edition 1: the fingerprint is not that of the text"


def test_a_canonical_form_that_is_none(published):
    thaw("recommendations_edition")
    Edition.objects.filter(pk=published.edition.pk).update(canonical="{}")
    assert verify()[1][:2] == [
        f"{published.slug} edition 1: the fingerprint is not that of the text",
        f"{published.slug} edition 1: the canonical form cannot be read",
    ]


def test_an_edition_that_names_another_one_before_it(cast):
    published = make_published(cast)
    by, words = cast.convenor, {"reason": "A slip.", "authority": "We", "keeps_meaning": True}
    one = actions.begin_corrigendum(published.statement, by=by)
    one = actions.correct_passage(one, by=by, version=1, key="ASEAN 1", texts={"en": "A.", "id": "B."})
    edition = actions.issue_corrigendum(actions.explain_corrigendum(one, by=by, version=2, **words), by=by)
    assert verify()[0] == 0
    thaw("recommendations_edition")
    Edition.objects.filter(pk=edition.pk).update(
        canonical=edition.canonical.replace(published.edition.fingerprint, "0" * 64)
    )
    assert f"{published.slug} edition 2: it does not name the edition that it corrects" in verify()[1]


def test_a_broken_log(published):
    if connection.vendor != "sqlite":
        connection.check_constraints()  # a trigger is not dropped while rows wait for their checks
    thaw("portal_logentry")
    LogEntry.objects.filter(number=1).update(verb="forged")
    assert verify() == (1, ["log entry 1: changed", "2 editions and the log checked, 1 problems"])

"""The measuring rig loads, and every page that it measures is there. Nothing is timed."""

import pytest

from benchmarks import consolidating, pages, register, table
from benchmarks.load import load
from benchmarks.world import BROAD, FULL, SMALL, WIDE
from consultations.models import Consultation
from portal import log
from recommendations.models import Edition, Item, Submission
from stakeholders.models import Organisation

NOT_BUILT = {"search?q=migran"}


@pytest.fixture
def loaded(db):
    load(2 * FULL)


@pytest.mark.slow
def test_a_small_load_holds_what_it_says_and_every_page_answers(loaded):
    assert Consultation.objects.count() == SMALL + 3
    assert Submission.objects.count() == 2 * SMALL + 2 * FULL + BROAD
    over = Consultation.objects.filter(state="concluded")
    assert Edition.objects.count() == over.count()
    assert Item.objects.filter(edition__statement__slug=f"statement-{SMALL}").count() == FULL
    assert Item.objects.filter(edition__statement__slug=f"statement-{WIDE}").count() == BROAD
    assert log.first_break() is None
    found = {(page.name, page.who): page.missing for page in pages.survey(0)}
    assert {name: why for name, why in found.items() if why and name[0] not in NOT_BUILT} == {}


@pytest.mark.slow
def test_a_small_register_is_there_and_every_page_of_it_answers(db):
    register.load(120)
    assert Organisation.objects.count() == 120
    assert {page.missing for page in register.survey(0)} == {""}


@pytest.mark.slow
def test_a_small_table_is_there_and_every_page_of_it_answers(db):
    table.load(30, organisations=120)
    assert Consultation.objects.get(slug=table.SLUG).invitations.count() == 30
    assert {page.missing for page in table.survey(0)} == {""}


@pytest.mark.slow
def test_a_small_workspace_is_there_is_searched_and_every_page_of_it_answers(db):
    consolidating.load(60)
    assert consolidating.search()["total"] == 60
    assert {page.missing for page in consolidating.survey(0)} == {""}

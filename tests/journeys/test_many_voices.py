"""From many voices to one adopted statement: ten organisations in Jakarta, from submissions to the second edition.

Everybody uses nothing but the pages; only who accepted the invitation is there before. Web server, Celery worker, mail
server and browser are real. MUFAKAT_PICTURES names a folder for pictures of each station, at both widths.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import (
    voices_after,
    voices_circulate,
    voices_hand_in,
    voices_merge,
    voices_plenary,
    voices_read,
)
from tests.journeys.jakarta import telling
from tests.journeys.voices_cast import Story
from tests.processes import Site, site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ACTS = (
    voices_hand_in.union_hands_in_a_sheet,
    voices_hand_in.seafarers_upload_a_paper,
    voices_hand_in.women_split_and_show_evidence,
    voices_hand_in.lead_signs_off,
    voices_hand_in.two_send_in_together,
    voices_hand_in.others_write_one_point_each,
    voices_hand_in.too_late_with_a_code,
    voices_merge.begins_the_text,
    voices_merge.finds_what_is_alike,
    voices_merge.merges,
    voices_merge.adds_and_marks,
    voices_merge.shapes_the_text,
    voices_merge.tells_the_fates,
    voices_merge.organisations_answer,
    voices_merge.one_objects,
    voices_merge.tells_again,
    voices_circulate.translates,
    voices_circulate.circulates,
    voices_circulate.comments_and_amends,
    voices_circulate.decides,
    voices_circulate.brings_the_translation_up,
    voices_circulate.circulates_again,
    voices_plenary.makes_it_whole,
    voices_plenary.states_the_rule_and_tables,
    voices_plenary.calls_the_roll,
    voices_plenary.goes_item_by_item,
    voices_plenary.votes_in_secret,
    voices_plenary.reserves_and_agrees_to_the_rest,
    voices_plenary.joins_and_adopts,
    voices_plenary.publishes,
    voices_read.anybody_reads,
    voices_read.anybody_downloads,
    voices_read.anybody_checks,
    voices_after.signs_on_later,
    voices_after.corrects,
    voices_after.anybody_reads_edition_two,
    voices_after.every_point_has_a_fate,
    voices_after.every_item_is_traced_back,
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with web server, worker and mail server: a register, and a consultation that ten organisations attend."""
    with site(tmp_path_factory.mktemp("voices")) as made:
        made.shell("from tests.journeys.voices_cast import lay; lay()")
        made.start_worker()
        made.start_web()
        yield made


@pytest.fixture
def story(prepared: Site, browser_here: Browser, tmp_path: Path) -> Iterator[Story]:
    """The story before its first act."""
    told = Story(prepared, browser_here, tmp_path)
    yield told
    for visitor in told.desks.values():
        visitor.leave()


def test_ten_organisations_make_one_statement(story: Story) -> None:
    with telling(story):
        for act in ACTS:
            act(story)

"""A regional consultation, from first draft to summary, run by one person who uses nothing but the pages.

Web server, Celery worker, mail server and browser are real. MUFAKAT_PICTURES names a folder for pictures of each step.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import one_gathers, one_invites, one_meets, one_plans, one_tells
from tests.journeys.convening import Story
from tests.journeys.jakarta import telling
from tests.processes import Site, site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ACTS = (
    one_plans.drafts,
    one_plans.says_when_and_where,
    one_plans.says_what_it_rests_on,
    one_plans.draws_the_programme,
    one_invites.draws_the_table,
    one_invites.keeps_seats,
    one_invites.writes_the_words,
    one_invites.announces_and_sends,
    one_invites.prints_letters,
    one_gathers.invited_answer,
    one_gathers.convenor_notes_a_call,
    one_gathers.moves_the_days,
    one_gathers.reminds,
    one_gathers.answers_again,
    one_gathers.officials_answer,
    one_meets.opens_and_prints,
    one_meets.checks_in,
    one_meets.others_come,
    one_meets.hands_in_outputs,
    one_meets.writes_minutes,
    one_tells.concludes,
    one_tells.sends_the_summary,
    one_tells.anybody_reads,
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with web server, worker and mail server, in which nothing stands but a register."""
    with site(tmp_path_factory.mktemp("register")) as made:
        made.shell("from tests.journeys.register import lay; lay()")
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


def test_one_person_runs_it_from_draft_to_summary(story: Story) -> None:
    with telling(story):
        for act in ACTS:
            act(story)

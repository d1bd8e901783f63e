"""Pages of the workspace that no link leads to: the search at work, what is ticked, refused forms, a moved text."""

import pytest

from tests.browser.test_states import CONVENOR, MEMBER, PAGES, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]
TEXTS = """
from recommendations.models import Recommendation
at = {"statement__consultation__slug": "jakarta-fees-passports-domestic-work", "statement__state": "draft"}
rows = Recommendation.objects.filter(state="drafting", **at).order_by("pk")
print(" ".join(str(one.pk) for one in rows))
"""
FATE = """
from recommendations.models import Fate
print(Fate.objects.filter(state="told", letter__organisation__slug="bakung-raya").first().pk)
"""


def test_the_groups_and_what_is_ticked_in_them(running: Site, come: Come) -> None:
    convenor = come(CONVENOR)
    assert looks(convenor, PAGES + "workspace/?show=groups") == []
    convenor.page.locator("input[name=g]").first.check()
    with convenor.page.expect_navigation():
        convenor.page.get_by_role("button", name="Add the chosen to a recommendation").first.click()
    assert convenor.page.url.count("&g=") == 1
    assert looks(convenor, convenor.page.url.partition(running.url)[2]) == []


def test_the_search_is_asked_for_and_seen(running: Site, come: Come) -> None:
    convenor = come(CONVENOR)
    convenor.go(PAGES + "workspace/?show=groups")
    with convenor.page.expect_navigation():
        convenor.page.get_by_role("button", name="Look for what is alike").click()
    assert convenor.page.url.endswith("/workspace/groups/")
    assert looks(convenor, PAGES + "workspace/groups/") == []


def test_refused_forms_of_the_desk(running: Site, come: Come) -> None:
    pk = running.shell(TEXTS).split()[-1]
    convenor = come(CONVENOR)
    at = f"{PAGES}workspace/recommendations/{pk}/"
    assert refused(convenor, at + "bracket/", passage="No such words", rival_1="Others") == []
    assert refused(convenor, at + "place/", place="0") == []
    assert refused(convenor, at + "split/", text_en="The first") == []


def test_a_bracket_is_made_and_settled(running: Site, come: Come) -> None:
    pk = running.shell(TEXTS).split()[-1]
    convenor = come(CONVENOR)
    convenor.go(f"{PAGES}workspace/recommendations/{pk}/bracket/")
    passage = convenor.page.locator("main .serif").first.inner_text().split(".")[0]
    convenor.fill(language="en", passage=passage, rival_1="They act")
    convenor.press()
    convenor.follow("/workspace/brackets/")
    assert looks(convenor, convenor.page.url.partition(running.url)[2]) == []
    convenor.page.locator("input[name=wording]").first.check()
    convenor.press()
    assert passage in convenor.text()


def test_an_objection_without_words_is_refused(running: Site, come: Come) -> None:
    pk = running.shell(FATE)
    assert refused(come(MEMBER), f"/en/fates/{pk}/", words="") == []


def test_a_group_is_taken_apart_by_its_button(come: Come) -> None:
    convenor = come(CONVENOR)
    convenor.go(PAGES + "workspace/?show=groups")
    groups = convenor.page.locator("article[id^=group-]")
    count = groups.count()
    with convenor.page.expect_navigation():
        groups.last.get_by_role("button", name="These are not alike").click()
    assert groups.count() == count - 1

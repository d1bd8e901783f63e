"""Pages of circulated versions that no link leads to: refused forms, a decision on what collided, a translation."""

import pytest

from tests.browser.test_states import CONVENOR, MEMBER, PAGES, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]
LATEST = """
from recommendations.models import CirculatedVersion
version = CirculatedVersion.objects.order_by("-number").first()
print(version.texts.order_by("pk").first().pk)
"""
COLLIDED = """
from recommendations.models import Amendment
print(Amendment.objects.get(state="proposed").pk)
"""
OPEN = """
from recommendations.models import Comment
print(Comment.objects.filter(state="open").last().pk)
"""


def test_refused_forms_of_those_who_take_part(running: Site, come: Come) -> None:
    pk = running.shell(LATEST)
    member = come(MEMBER)
    assert refused(member, f"/en/circulated-texts/{pk}/comment/", words="") == []
    assert refused(member, f"/en/circulated-texts/{pk}/amend/", reason="") == []


def test_refused_forms_of_the_desk(running: Site, come: Come) -> None:
    convenor = come(CONVENOR)
    assert refused(convenor, PAGES + "versions/circulate/", closes_on="2001-01-01") == []
    assert refused(convenor, f"/en/comments/{running.shell(OPEN)}/answer/", answer="") == []


def test_what_collided_shows_three_texts(running: Site, come: Come) -> None:
    convenor = come(CONVENOR)
    address = f"/en/amendments/{running.shell(COLLIDED)}/settle/"
    assert looks(convenor, address) == []
    assert "Three texts" in convenor.text()

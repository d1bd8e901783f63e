"""The plenary of the demonstration, in every state of its pages: on a desk, on a telephone, on a wall."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, MEMBER, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

PAGES = "/en/consultations/makassar-fishers-at-sea/"
DILI = "/en/statements/dili-statement/"
ITEMS = """
from recommendations.models import Statement
print(*Statement.objects.get(slug="makassar-statement").recommendations.order_by("pk").values_list("pk", flat=True))
"""
BALLOT = """
from recommendations.models import Ballot
print(Ballot.objects.get(state="open").pk)
"""


def test_item_by_item(running: Site, come: Come) -> None:
    convenor, member = come(CONVENOR), come(MEMBER)
    items, ballot = running.shell(ITEMS).split(), running.shell(BALLOT)
    wrong = {
        "the rule stands still": looks(convenor, PAGES + "plenary/rule/"),
        "amended": looks(convenor, f"{PAGES}plenary/items/{items[1]}/"),
        "on the floor": looks(convenor, f"{PAGES}plenary/items/{items[3]}/"),
        "in secret": looks(convenor, f"{PAGES}plenary/items/{items[4]}/"),
        "roll on an item": looks(convenor, f"{PAGES}plenary/roll/?item={items[3]}"),
        "proxies": looks(convenor, PAGES + "plenary/proxies/"),
        "projector": looks(convenor, PAGES + "floor/?view=screen"),
        "telephone": looks(member, PAGES + "floor/"),
        "no words": refused(member, f"{PAGES}position/items/{items[5]}/", stance="reservation"),
        "no choice": refused(member, f"{PAGES}ballots/{ballot}/"),
        "asked": looks(member, f"{PAGES}ballots/new/?item={items[5]}"),
    }
    member.go(f"{PAGES}ballots/{ballot}/")
    member.fill(choice="blocks")
    member.press()
    wrong["sealed"] = fits_and_speaks(member)
    convenor.go(f"{PAGES}ballots/{ballot}/count/")
    convenor.press()
    wrong["counted"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_signing_on(come: Come) -> None:
    convenor, member = come(CONVENOR), come(MEMBER)
    wrong = {
        "wrong day": refused(convenor, DILI + "sign-on/open/", until="2001-01-01"),
        "before": looks(member, DILI + "sign-on/"),
    }
    member.press()
    wrong["signed"] = fits_and_speaks(member)
    wrong["read"] = looks(member, DILI)
    assert {what: found for what, found in wrong.items() if found} == {}

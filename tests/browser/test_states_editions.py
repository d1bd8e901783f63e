"""The states of the pages of editions: checked documents, a corrigendum, items proposed upward, an imported text."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import Come, come, looks, refused  # noqa: F401 - a fixture of the same kind

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONVENOR = "ratna@mufakat.example"
DILI = "/en/statements/dili-statement/"
TEXT = "Old statement\nWe met.\nASEAN\n1. Act.\n(a) now\n2. Listen.\n1. Begin anew.\nAdopted by:\nA union"


def test_a_text_is_checked(come: Come) -> None:  # noqa: F811
    visitor = come("")
    assert refused(visitor, "/en/check/", text="") == []
    visitor.go("/en/check/")
    visitor.fill(text="0" * 64)
    visitor.press()
    assert "No edition on this portal is like this" in visitor.text()
    assert fits_and_speaks(visitor) == []


def test_a_corrigendum_from_passage_to_edition(come: Come) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    assert looks(visitor, DILI + "corrigendum/") == []
    assert refused(visitor, DILI + "corrigendum/passages/ASEAN-1/", text_en="\u200b") == []
    visitor.go(DILI + "corrigendum/")
    visitor.fill(reason="A slip.", authority="The drafting committee")
    visitor.page.check("input[name=keeps_meaning]")
    visitor.press()
    assert fits_and_speaks(visitor) == []
    visitor.page.click("button[value=issue]")
    assert "Corrigendum: what edition 2 sets right" in visitor.text()
    assert fits_and_speaks(visitor) == []


def test_an_item_is_proposed_and_a_text_is_brought_in(come: Come) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    assert looks(visitor, DILI + "propose/") == []
    visitor.go("/en/desk/import-statement/")
    visitor.fill(text=TEXT)
    visitor.press()
    assert "numbers begin again" in visitor.text()
    assert fits_and_speaks(visitor) == []

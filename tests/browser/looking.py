"""What the browser finds on a page: accessibility, overflow, requests and bytes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.driving import Visitor

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CULPRITS = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table-wrap'))
  .slice(0, 3).map(one => one.outerHTML.slice(0, 90))"""
WIDTHS = (1280, 768, 320)
HEIGHT = 900


class Meter:
    """Counts the requests of a page and their bytes as they came over the line, with an empty cache."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.bytes = 0
        line = page.context.new_cdp_session(page)
        line.on("Network.requestWillBeSent", self._asked)
        line.on("Network.loadingFinished", self._came)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def reset(self) -> None:
        """Begin with the next page."""
        self.urls, self.bytes = [], 0

    def _asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.urls.append(event["request"]["url"])

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, one line each."""
    page.evaluate(AXE)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in page.evaluate(RUN)]


def overflow(page: Page, width: int) -> list[str]:
    """Return what sticks out of the page at a width; nothing where one never has to scroll sideways."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    over = page.evaluate(WIDE)
    return [f"{over} px too wide at {width}: {page.evaluate(CULPRITS)}"] if over > 0 else []


def fits_and_speaks(visitor: Visitor) -> list[str]:
    """Return what is wrong with the page as it stands now, at every width."""
    wrong = [one for width in WIDTHS for one in overflow(visitor.page, width)] + violations(visitor.page)
    wrong += [f"console: {one}" for one in visitor.complaints]
    visitor.complaints.clear()
    return wrong


@dataclass
class Look:
    """One page as the browser found it."""

    name: str
    path: str
    requests: int
    bytes: int
    wrong: list[str]


def look(visitor: Visitor, meter: Meter, name: str, path: str, *, closely: bool) -> Look:
    """Open a page in English at every width; `closely` also in Indonesian and in the dark. Note what is wrong."""
    page, wrong = visitor.page, []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    meter.reset()
    page.goto(visitor.site + path)
    weight = (len(meter.urls), meter.bytes)
    wrong += [f"asks somebody else: {one}" for one in meter.urls if not one.startswith(visitor.site)]
    wrong += fits_and_speaks(visitor)
    if closely:
        page.emulate_media(color_scheme="dark")
        page.goto(visitor.site + path.replace("/en/", "/id/", 1))
        wrong += [f"id: {one}" for one in fits_and_speaks(visitor)]
    return Look(name, path, *weight, wrong)

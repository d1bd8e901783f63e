"""What the browser finds on a page: accessibility, overflow, requests and bytes."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CULPRITS = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table-wrap'))
  .slice(0, 3).map(one => one.outerHTML.slice(0, 90))"""
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

"""What the acts of one convenor share: who is at which browser, the days, how the desk is reached."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from portal.children import wait_for
from portal.demo.factors import PERIOD, code_now
from tests.browser.driving import Visitor
from tests.journeys.jakarta import sign_in
from tests.journeys.register import CONVENOR
from tests.processes import Site

ZONE = ZoneInfo("Asia/Jakarta")
TITLE = "Jakarta consultation on fees and passports"
TITLE_ID = "Konsultasi Jakarta tentang biaya dan paspor"
DESK = {"width": 1280, "height": 900}
PICTURES = os.environ.get("MUFAKAT_PICTURES", "")


@dataclass
class Story:
    """What one act tells the next."""

    site: Site
    browser: Browser
    folder: Path
    desks: dict[str, Visitor] = field(default_factory=dict)
    code: str = ""  # what the convenor's app showed at the desk: no second browser takes it

    @property
    def ratna(self) -> Visitor:
        """The convenor, at a desk; signed in with the code from the mail."""
        if CONVENOR not in self.desks:
            self.desks[CONVENOR] = sign_in(self, CONVENOR, viewport=DESK)
            self.code = code_now()
        return self.desks[CONVENOR]

    def visitor(self, **options: object) -> Visitor:
        """Return somebody at a browser of their own."""
        return Visitor(self.browser, self.site.url, **options)

    def picture(self, visitor: Visitor, name: str) -> None:
        """Take a picture of the page, where MUFAKAT_PICTURES names a folder for them."""
        if PICTURES:
            Path(PICTURES).mkdir(exist_ok=True, parents=True)
            visitor.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def another_browser(self, **options: object) -> Visitor:
        """The convenor at another browser, signed in as soon as the app shows another code."""
        assert wait_for(lambda: code_now() != self.code, PERIOD + 5)
        return sign_in(self, CONVENOR, **options)

    def at_desk(self) -> Visitor:
        """The convenor comes to the desk of the consultation, from the start page, by its links."""
        ratna = self.ratna
        ratna.go("/en/desk/")
        ratna.open(TITLE)
        return ratna


def today() -> date:
    """Return the day in Jakarta."""
    return datetime.now(ZONE).date()


def ahead(days: int) -> date:
    """Return a day so many days ahead."""
    return today() + timedelta(days=days)

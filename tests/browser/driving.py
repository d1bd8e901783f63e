"""A real Chromium for tests, and a visitor who reads, fills in and presses as a person would."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, sync_playwright

from tests.services import find_chromium

FLAGS = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--no-first-run")
MOBILE = {"width": 360, "height": 740}
PATIENCE = 20_000  # milliseconds: two cores carry the suite, the site and the browser


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser of this machine. It ends with the block, so that no other test meets its event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One person at one browser. What the browser complains about is kept; nobody may leave before it is empty."""

    def __init__(self, browser: Browser, site: str, *, script: bool = True, **options: Any) -> None:
        self.site = site
        options.setdefault("viewport", MOBILE)
        self.context: BrowserContext = browser.new_context(java_script_enabled=script, **options)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def leave(self) -> None:
        """Close the browser. Raises AssertionError with what it complained about."""
        self.context.close()
        assert self.complaints == []

    def go(self, path: str) -> Response:
        """Open a page of the site, or a full address. Raises AssertionError unless it is there."""
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer

    def follow(self, link: str | Locator) -> None:
        """Follow the first link of the page's content whose address has these words in it."""
        found = self.page.locator(f'main a[href*="{link}"]').first if isinstance(link, str) else link
        with self.page.expect_navigation() as turned:
            found.click()
        assert turned.value
        assert turned.value.status == 200, f"{link}: {turned.value.status}"

    def open(self, name: str, of: str = "", part: str = "main") -> None:
        """Follow the first link of this name in a part of the page; `of` is the row's name, heard and not seen."""
        said = re.compile(rf"^{re.escape(name)}\s*:\s*{re.escape(of)}$") if of else name
        self.follow(self.page.locator(part).get_by_role("link", name=said, exact=not of).first)

    def send(self, name: str, part: str = "main", *, exact: bool = True) -> Response:
        """Press the first button that a reader sees under this name. Refusals fail the test."""
        return self._press(self.page.locator(part).get_by_role("button", name=name, exact=exact).first)

    def fill(self, form: str = "main", **values: Any) -> None:
        """Fill fields by their names: texts, choices, and lists for boxes to tick."""
        for name, value in values.items():
            fields = self.page.locator(f'{form} [name="{name}"]')
            for one in value if isinstance(value, list | tuple) else [value]:
                self._fill(fields, str(one))

    def _fill(self, fields: Locator, value: str) -> None:
        first = fields.first
        self._unfold(first)
        kind = first.get_attribute("type") or first.evaluate("field => field.tagName")
        if kind in {"radio", "checkbox"}:
            box = fields.and_(self.page.locator(f'[value="{value}"]'))
            self._unfold(box)
            box.check()
        elif kind == "SELECT":
            first.select_option(value)
        else:
            first.fill(value)

    def _unfold(self, field: Locator) -> None:
        """Open the group that the field stands in, as one has to before it can be filled in."""
        folded = field.locator("xpath=ancestor::details[not(@open)]/summary")
        if folded.count():
            folded.click()

    def press(self, button: str = "button[type=submit]", form: str = "main form[method=post]") -> Response:
        """Press a form's first button, or the one given; return the page that it led to. Refusals fail the test."""
        return self._press(self.page.locator(f"{form} {button}").first)

    def tick(self, name: str) -> None:
        """Tick the first box, or choose the first answer, that a reader sees under this name."""
        box = self.page.locator("main").get_by_label(name).first
        self._unfold(box)
        box.check()

    def tap(self, button: Locator) -> Response:
        """Press this button; return the page that it led to. Refusals fail the test."""
        return self._press(button)

    def _press(self, button: Locator) -> Response:
        with self.page.expect_navigation() as turned:
            button.click()
        answer = turned.value
        assert answer
        assert answer.status == 200, f"{self.page.url}: {answer.status}"
        assert self.refusals() == []
        return answer

    def refusals(self) -> list[str]:
        """Return what the error summary says."""
        return self.page.locator(".error-summary li, .alert.is-no").all_inner_texts()

    def text(self, part: str = "main") -> str:
        """Return the words of a part of the page."""
        return self.page.locator(part).first.inner_text()

"""A visitor over real HTTP: cookies, redirects, forms filled in as a browser would send them."""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

LOST = (OSError, http.client.HTTPException)


class _Form(HTMLParser):
    """The fields of the last form of a page that is sent by POST, with what a browser would send of each."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = False
        self.text = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field's name and value."""
        known = {name: value or "" for name, value in attrs}
        name, value = known.get("name", ""), known.get("value", "")
        if tag == "form" and known.get("method", "").lower() == "post":
            self.fields, self.inside = {}, True
        elif not self.inside:
            return
        elif tag == "textarea":
            self.text = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in known or self.select not in self.fields):
            self.fields[self.select] = value
        elif tag == "input" and self._counts(known):
            self.fields[name] = value

    def _counts(self, known: dict[str, str]) -> bool:
        """Whether a browser would send this one: of several circles the marked one, or here the first."""
        name, kind = known.get("name", ""), known.get("type")
        if not name or kind in {"checkbox", "file", "submit"}:
            return False
        return kind != "radio" or "checked" in known or name not in self.fields

    def handle_endtag(self, tag: str) -> None:
        """Leave the field or the form."""
        if tag == "textarea":
            self.text = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        """Take what stands in a large field."""
        if self.text:
            self.fields[self.text] += data.strip()


class Visitor:
    """One browser. `status` and `url` are of the last answer, after redirects."""

    def __init__(self, site: str, session: str = "") -> None:
        """Nothing is opened yet; a session is that of somebody who is signed in."""
        self.site = site
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.session = session
        self.status, self.url, self.fields = 0, "", {}

    def get(self, path: str) -> str:
        """Open a page and return it; its form can be sent afterwards."""
        return self._shown(self._open(urllib.request.Request(self._whole(path))))  # noqa: S310 - our own site

    def post(self, path: str = "", **values: str) -> str:
        """Send the form of the page that is open, with these values in it, and return the page that follows."""
        data = urllib.parse.urlencode({**self.fields, **values}).encode()
        request = urllib.request.Request(self._whole(path or self.url), data, method="POST")  # noqa: S310 - as above
        return self._shown(self._open(request))

    def _shown(self, page: str) -> str:
        form = _Form()
        form.feed(page)
        self.fields = form.fields
        return page

    def _whole(self, path: str) -> str:
        return path if path.startswith("http") else self.site + path

    def _open(self, request: Any) -> str:
        if self.session:
            request.add_header("Cookie", f"sessionid={self.session}; csrftoken={'c' * 32}")
            request.add_header("X-CSRFToken", "c" * 32)
        request.add_header("Referer", self.site)
        try:
            with self.opener.open(request, timeout=20) as answer:
                self.status, self.url = answer.status, answer.url
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            self.status, self.url = error.code, error.url
            return error.read().decode(errors="replace")

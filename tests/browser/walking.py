"""A walk over every page that a person can reach by links: fast, over HTTP, before the browser looks closer."""

import http.client
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve
from django.utils import translation

LINK = re.compile(r"""<a\b[^>]*\bhref=["']([^"'#]*)""")
EACH = 6  # pages of one kind that are opened; a register of 300 organisations has one kind of page
# The link in the preview of an invitation opens nothing, and says so.
NOT_FOLLOWED = {"invitation_link"}


@dataclass
class Walk:
    """Where a person came: pages by the name of their route, and what was wrong on the way."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    files: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cookies_set: list[str] = field(default_factory=list)
    known: frozenset[str] = frozenset()  # routes of which one page is enough

    def begin(self, *paths: str) -> "Walk":
        """Walk from these pages to all that can be reached."""
        waiting, seen, kinds = list(paths), set(paths), defaultdict(int)
        while waiting:
            for link in self._open(waiting.pop(0)):
                kind = kind_of(link)
                if kind and link not in seen and kinds[kind] < (1 if kind[0] in self.known else EACH):
                    kinds[kind] += 1
                    seen.add(link)
                    waiting.append(link)
        return self

    def _open(self, path: str) -> Iterator[str]:
        """Open one page; yield where it leads. A redirect leads to one place."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request("GET", path, headers={"Cookie": cookies} if cookies else {})
        answer = line.getresponse()
        body = answer.read().decode(errors="replace")
        line.close()
        self._take_cookies(path, answer)
        if answer.status in {301, 302}:
            yield local(answer.getheader("Location") or "", path)
        elif answer.status != http.HTTPStatus.OK:
            self.wrong.append(f"{path}: {answer.status}")
        elif "text/html" not in (answer.getheader("Content-Type") or ""):
            self.files.append(path)
        else:
            self.pages[name_of(path)].append(path)
            yield from (local(unescape(link), path) for link in LINK.findall(body))

    def _take_cookies(self, path: str, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies_set.append(f"{path}: {name}")
            self.cookies[name] = value


def local(link: str, page: str) -> str:
    """Return the path and query of a link as it stands on a page; nothing for links that leave the site."""
    if link.startswith("?"):
        return urlsplit(page).path + link
    parts = urlsplit(link)
    if parts.netloc and parts.hostname != "127.0.0.1":
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.path.startswith("/en/") else ""


def kind_of(path: str) -> tuple[str, str] | None:
    """Return what pages of one kind share: the route and the parameter. Combined filters are not walked."""
    name = name_of(path)
    keys = [key for key, _value in parse_qsl(urlsplit(path).query)]
    return (name, *keys, "")[:2] if name and name not in NOT_FOLLOWED and len(keys) < 2 else None


def name_of(path: str) -> str:
    """Return the name of the route, nothing where there is none."""
    with translation.override("en"):
        try:
            return resolve(urlsplit(path).path).view_name
        except Resolver404:
            return ""

"""Who takes part in the Jakarta story, and what one act tells the next."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from portal.demo.factors import code_now
from tests.browser.driving import Visitor
from tests.journeys import post
from tests.processes import Site

ZONE = ZoneInfo("Asia/Jakarta")
TITLE = "Jakarta consultation on passports and contracts"
TITLE_ID = "Konsultasi Jakarta tentang paspor dan perjanjian kerja"
COMMON = "Member states should make it an offence for an employer to keep a worker's passport."
COMMON_ID = "Negara anggota hendaknya menjadikan penahanan paspor pekerja oleh majikan sebagai pelanggaran."
RESERVATION = "We join, but ask for a term of two years."
ANSWER = "Contracts are given in the worker's language from next year on."

CONVENOR, SECOND, LIAISON = "ratna@mufakat.example", "arun@mufakat.example", "bambang@mufakat.example"
MINISTRY, SECRETARIAT = "id-migrant-workers", "asean-secretariat"


@dataclass(frozen=True, slots=True)
class Guest:
    """An invited organisation that answers, and the person who comes to act for it."""

    slug: str
    address: str
    person: str
    asean: str
    national: str
    language: str = "id"


FIRST = Guest(
    "jejak-pulang",
    "forum@jejak-pulang.example",
    "Siti Rohani",
    "No employer may keep the passport of a worker.",
    "Contracts must be written in the worker's language.",
)
OTHERS = (
    Guest(
        "harbour-kitchen",
        "hello@harbour-kitchen.example",
        "Mei Ling",
        "Whoever holds back a passport should be fined.",
        "A worker must get a copy of the contract before leaving home.",
        language="en",
    ),
    Guest(
        "sinar-benang",
        "sekretariat@sinar-benang.example",
        "Pak Darto",
        "Passports stay with their owners, at work and at home.",
        "Offices of the ministry should check each contract.",
    ),
)
GUESTS = (FIRST, *OTHERS)
DECLINES = "redaksi@wirasaba.example"
ABROAD = {"harbour-kitchen", "sinar-estate", "layag", "straits-network"}
SILENT = {
    "kapuas-transport": "pengurus@kapuas-transport.example",
    "karya-nusa": "kantor@karya-nusa.example",
    "sekolah-rantau-blitar": "halo@sekolah-rantau.example",
    "suara-anak-rantau": "kantor@suara-anak-rantau.example",
    "lintas-iman-lombok": "lingkar@lintas-iman.example",
    "sinar-estate": "help@sinar-estate.example",
    "layag": "secretariat@layag.example",
    "straits-network": "network@straits.example",
}
INVITED = {**{one.slug: one.address for one in GUESTS}, "wirasaba": DECLINES, **SILENT}
# Who acts for one of the invited in the demonstration is told too.
SPEAKERS = ("hotma@mufakat.example", "kavitha@mufakat.example", "josephine@mufakat.example")
TOLD = (CONVENOR, SECOND, *INVITED.values(), *SPEAKERS)


@dataclass
class Story:
    """What one act tells the next."""

    site: Site
    browser: Browser
    folder: Path
    keys: dict[str, int] = field(default_factory=dict)
    slug: str = ""
    statement: str = ""
    desks: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, **options: object) -> Visitor:
        """Return somebody at a browser of their own."""
        return Visitor(self.browser, self.site.url, **options)

    def desk_of(self, address: str) -> Visitor:
        """Return the person's browser, signed in with a code from the mail."""
        if address not in self.desks:
            self.desks[address] = sign_in(self, address)
        return self.desks[address]


KEYS = """
import json
from stakeholders.models import Organisation, PublicBody
from portal.models import User
print(json.dumps({
    **dict(Organisation.objects.values_list("slug", "pk")),
    **dict(PublicBody.objects.values_list("slug", "pk")),
    **dict(User.objects.values_list("email", "pk")),
}))
"""


def sign_in(story: Any, address: str, **options: object) -> Visitor:
    """Somebody signs in with the code that came by mail, and stands at the desk."""
    had = len(post.to(story.site, address))
    person = story.visitor(**options)
    person.go("/en/account/login/")
    person.fill(email=address)
    person.press()
    person.fill(code=post.code(post.next_one(story.site, address, had)))
    person.press()
    take_second_step(person)
    assert person.page.url == story.site.url + "/en/desk/"
    return person


def take_second_step(person: Visitor) -> None:
    """Type what the app of the demonstration's people shows, where it is asked for."""
    if "/two-step/enter/" in person.page.url:
        person.fill(code=code_now())
        person.press()


@contextlib.contextmanager
def telling(story: Any) -> Iterator[None]:
    """Add to a failure what was on each screen."""
    try:
        yield
    except BaseException as failure:
        for who, visitor in story.desks.items():
            failure.add_note(f"--- {who} at {visitor.page.url}\n{visitor.text('body')[:2000]}")
        raise

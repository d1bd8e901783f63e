"""Ten organisations of a national consultation in Jakarta, and who speaks for them. Run inside the site by `lay`."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Browser

from consultations.models import Consultation
from portal.demo.places import load_bodies, load_countries, load_groups, load_themes
from portal.demo.terms import load_terms
from portal.models import User
from stakeholders.models import Country, Organisation, StakeholderGroup
from tests import build
from tests.browser.driving import Visitor
from tests.journeys.jakarta import sign_in
from tests.processes import Site

CONVENOR, SECOND = "ratna@convenors.example", "arun@convenors.example"
SLUG, TITLE = "jakarta-2007", "Jakarta consultation on the Declaration"
DESK = {"width": 1280, "height": 900}
PICTURES = os.environ.get("MUFAKAT_PICTURES", "")


@dataclass(frozen=True, slots=True)
class Voice:
    """An organisation of the register and the person who speaks for it."""

    slug: str
    name: str
    group: str
    person: str
    visibility: str = "public"
    country: str = "ID"

    @property
    def address(self) -> str:
        """Where the speaker gets mail."""
        return f"speaker@{self.slug}.example"


SPN = Voice("spn", "Serikat Pembantu Nusantara", "trade-unions", "Siti Rohani")
PELAUT = Voice("pelaut", "Ikatan Pelaut Rantau", "trade-unions", "Ilham Saputra")
BUMI = Voice("bumi", "Bumi Perempuan", "non-governmental-organisations", "Retno Wulandari")
BANTUAN = Voice("bantuan", "Bantuan Hukum Rantau", "non-governmental-organisations", "Taufik Basari")
JEJAK = Voice("jejak", "Jejak Pulang", "migrant-workers-associations", "Sumiyati")
KAMPUNG = Voice("kampung", "Kampung Asal Lombok", "community-based-organisations", "Baiq Nurul", "withheld")
IMAN = Voice("iman", "Lingkar Iman", "religious-leaders", "Romo Paskalis")
KAJIAN = Voice("kajian", "Kajian Rantau", "academics", "Aswatini")
USAHA = Voice("usaha", "Himpunan Pengusaha Kota", "employers-associations", "Hendra Gunawan")
TEMPAT = Voice("tempat", "Perhimpunan Penempatan", "recruitment-agencies", "Lina Marlina")
VOICES = (SPN, PELAUT, BUMI, BANTUAN, JEJAK, KAMPUNG, IMAN, KAJIAN, USAHA, TEMPAT)
ADOPTING = VOICES[:8]  # employers and recruiters are heard on their own bench
LATER = Voice("layag", "Layag Network", "cross-border-organisations", "Ellene Sana", country="PH")
WRITER = "writer@bantuan.example"


@dataclass
class Story:
    """What one act tells the next."""

    site: Site
    browser: Browser
    folder: Path
    desks: dict[str, Visitor] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # what somebody read on a page and another types

    @property
    def ratna(self) -> Visitor:
        """The convenor, at a desk."""
        return self.desk_of(CONVENOR, viewport=DESK)

    def desk_of(self, who: Voice | str, **options: object) -> Visitor:
        """Return the person's browser, on a telephone unless told otherwise, signed in with a code from the mail."""
        address = who if isinstance(who, str) else who.address
        if address not in self.desks:
            self.desks[address] = sign_in(self, address, **options)
        return self.desks[address]

    def visitor(self, **options: object) -> Visitor:
        """Return somebody at a browser of their own."""
        return Visitor(self.browser, self.site.url, **options)

    def at_desk(self, *links: str) -> Visitor:
        """The convenor comes to the desk of the consultation, from the start page, and follows links from there."""
        self.ratna.go("/en/desk/")
        self.ratna.open(TITLE)
        for link in links:
            self.ratna.open(link)
        return self.ratna

    def at_work(self, *links: str) -> Visitor:
        """The convenor comes to the workspace, up the path or from the desk; follows links from there."""
        up = self.ratna.page.locator("p.crumbs").get_by_role("link", name="Workspace", exact=True)
        if up.count():
            self.ratna.follow(up)
        elif not self.ratna.page.url.endswith("/workspace/"):
            self.at_desk("Points and common text")
        for link in links:
            self.ratna.open(link)
        return self.ratna

    def picture(self, visitor: Visitor, name: str) -> None:
        """Take pictures of the page at both widths, where MUFAKAT_PICTURES names a folder for them."""
        if PICTURES:
            Path(PICTURES).mkdir(exist_ok=True, parents=True)
            was = visitor.page.viewport_size
            for width in (1280, 360):
                visitor.page.set_viewport_size({"width": width, "height": 800})
                visitor.page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
            visitor.page.set_viewport_size(was or DESK)


def lay() -> None:
    """Fill an empty site: the register, two convenors, and a consultation that is open, with ten that accepted."""
    for load in (load_countries, load_groups, load_themes, load_bodies, load_terms):
        load()
    convenors = [
        build.make_convenor(email=CONVENOR, full_name="Ratna Dewi"),
        build.make_convenor(email=SECOND, full_name="Arun Pillai"),
    ]
    consultation = _convene(convenors)
    groups = {group.slug: group for group in StakeholderGroup.objects.all()}
    for voice in (*VOICES, LATER):
        organisation = _enter(voice, groups[voice.group])
        if voice is not LATER:
            build.make_invitation(consultation, organisation, state="accepted", seats_offered=2)
    bantuan = Organisation.objects.get(slug=BANTUAN.slug)
    Organisation.objects.filter(pk=bantuan.pk).update(sign_off=True)
    build.make_member(bantuan, "representative", email=WRITER, full_name="Ibu Wiwik")


def _convene(convenors: list[User]) -> Consultation:
    today = timezone.localdate()
    return build.make_consultation(
        slug=SLUG,
        title_en=TITLE,
        title_ind="Konsultasi Jakarta tentang Deklarasi",
        level="national",
        country=Country.objects.get(pk="ID"),
        starts_on=today,
        ends_on=today,
        answer_by=today,
        convenors=convenors,
    )


def _enter(voice: Voice, group: StakeholderGroup) -> Organisation:
    organisation = build.make_organisation(
        name=voice.name,
        slug=voice.slug,
        country=Country.objects.get(pk=voice.country),
        groups=[group],
        language="en",
        visibility=voice.visibility,
        contact_email=f"office@{voice.slug}.example",
    )
    build.make_member(organisation, email=voice.address, full_name=voice.person, language="en")
    return organisation

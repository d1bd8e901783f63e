"""The register of a regional consultation: who could be invited, and who comes. Run inside the site by `lay`."""

from dataclasses import dataclass

from portal.demo.places import load_bodies, load_countries, load_groups, load_themes
from portal.demo.terms import load_terms
from stakeholders.models import Country, Organisation, PublicBody, StakeholderGroup
from tests import build

CONVENOR, SECOND = "ratna@convenors.example", "arun@convenors.example"
LIAISONS = {"id-migrant-workers": "bambang@ministry.example", "asean-secretariat": "liew@secretariat.example"}


@dataclass(frozen=True, slots=True)
class Guest:
    """An organisation of the register, and those whom it would send."""

    slug: str
    name: str
    country: str
    group: str
    people: tuple[str, ...]
    language: str = "en"

    @property
    def address(self) -> str:
        """Where its mail goes."""
        return f"office@{self.slug}.example"


def _guest(slug: str, name: str, country: str, group: str, people: str, language: str = "en") -> Guest:
    return Guest(slug, name, country, group, tuple(people.split(", ")), language)


GUESTS = (
    _guest("spn", "Serikat Pembantu Nusantara", "ID", "trade-unions", "Siti Rohani, Darto Wibowo, Nining Elitos", "id"),
    _guest("jejak", "Jejak Pulang", "ID", "migrant-workers-associations", "Sumiyati, Anis Hidayah, Yuli Riswati", "id"),
    _guest("pelaut", "Ikatan Pelaut Rantau", "ID", "trade-unions", "Ilham Saputra, Mulyadi Karim", "id"),
    _guest("bumi", "Bumi Perempuan", "ID", "non-governmental-organisations", "Retno Wulandari, Dewi Anggraini", "id"),
    _guest("karya", "Karya Penempatan", "ID", "recruitment-agencies", "Hendra Gunawan, Lina Marlina", "id"),
    _guest("kampung", "Kampung Asal Lombok", "ID", "community-based-organisations", "Zainal Abidin, Baiq Nurul", "id"),
    _guest("tenaga", "Tenaga Maju", "MY", "trade-unions", "Kamal Hassan, Suriani Ismail"),
    _guest("rumah", "Rumah Kita Klang", "MY", "migrant-workers-associations", "Glorene Das, Irene Xavier"),
    _guest("mewm", "Malaysian Estates and Works", "MY", "employers-associations", "Tan Boon Huat, Azlina Omar"),
    _guest("harbour", "Harbour Kitchen", "SG", "non-governmental-organisations", "Mei Ling, Jolovan Tan, Ruth Ong"),
    _guest("strait", "Straits Domestic Workers", "SG", "migrant-workers-associations", "Jec Sernande, Rahayu"),
    _guest("layag", "Layag Network", "PH", "cross-border-organisations", "Ellene Sana, Rex Varona, Tina Palma"),
    _guest("bayani", "Bayani Federation", "PH", "trade-unions", "Josua Mata, Annie Geron"),
    _guest("tinig", "Tinig ng Kababaihan", "PH", "non-governmental-organisations", "Carmen Abubakar, Lorna Reyes"),
    _guest("mekong", "Mekong Return", "TH", "non-governmental-organisations", "สมชาย ใจดี, Adisorn Kerd", "th"),
    _guest("rak", "Rak Raeng Ngan", "TH", "migrant-workers-associations", "มาลี แสงทอง, Ko Htwe", "th"),
    _guest("chang", "Chang Industry Council", "TH", "employers-associations", "Vichai Boon, Napa Srisuk", "th"),
    _guest("hoasen", "Hoa Sen Center", "VN", "non-governmental-organisations", "Nguyễn Thị Hoa, Trần Văn Nam"),
    _guest("lien", "Liên Đoàn Lao Động", "VN", "trade-unions", "Phạm Minh Đức, Lê Thu Hà"),
    _guest("khemara", "Khemara Legal Aid", "KH", "non-governmental-organisations", "Sok Dara, Chan Sophea"),
    _guest("phnom", "Phnom Penh Workers Union", "KH", "trade-unions", "Ath Thorn, Yang Sophorn"),
    _guest("shwe", "Shwe Hlaing Group", "MM", "migrant-workers-associations", "Aung Kyaw, Daw Khin"),
    _guest("hlaing", "Hlaing Teachers", "MM", "academics", "U Thant Zin, Ma Phyu"),
    _guest("fetin", "Feto Timor", "TL", "non-governmental-organisations", "Lurdes Bessa, Manuela Leong"),
    _guest("vientiane", "Vientiane Learning House", "LA", "academics", "Khamla Phommachanh, Bounmy"),
    _guest("brunei", "Brunei Care Circle", "BN", "religious-leaders", "Fr Paul Shie, Aminah Salleh"),
)
WOMEN = {"bumi", "tinig"}
DESTINATION = {"MY", "SG", "TH", "BN"}
NETWORK, MEMBERS = "layag", ("bayani", "harbour", "tinig")


def lay() -> None:
    """Fill an empty site: countries, groups, offices, the organisations with a person each, two convenors."""
    for load in (load_countries, load_groups, load_themes, load_bodies, load_terms):
        load()
    groups = {group.slug: group for group in StakeholderGroup.objects.all()}
    for guest in GUESTS:
        _enter(guest, groups[guest.group])
    network = Organisation.objects.get(slug=NETWORK)
    for member in MEMBERS:
        build.make_link(Organisation.objects.get(slug=member), network)
    build.make_convenor(email=CONVENOR, full_name="Ratna Dewi")
    build.make_convenor(email=SECOND, full_name="Arun Pillai")
    for slug, address in LIAISONS.items():
        build.make_liaison(PublicBody.objects.get(slug=slug), email=address, full_name=address.split("@")[0].title())


def _enter(guest: Guest, group: StakeholderGroup) -> None:
    """Write down an organisation and the member who acts for it."""
    organisation = build.make_organisation(
        name=guest.name,
        slug=guest.slug,
        country=Country.objects.get(pk=guest.country),
        groups=[group],
        language=guest.language,
        contact_email=guest.address,
        side="destination" if guest.country in DESTINATION else "origin",
    )
    if guest.slug in WOMEN:
        build.make_trait(organisation, "basis", "women")
    build.make_member(organisation, email=f"lead@{guest.slug}.example", full_name=f"Lead of {guest.name}")

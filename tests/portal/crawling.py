"""The crawl: every route that there is, on every row that it could be about, as every person."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from consultations.emails.moving import as_written
from consultations.models import (
    AgendaItem,
    Consultation,
    Correction,
    FollowUp,
    Invitation,
    OfficialMeeting,
    Paper,
    Seat,
    SeatRequest,
    Session,
)
from consultations.querysets import SUMMARY_MAIL
from portal import mail
from portal.blocking import token_for
from portal.models import OutgoingMessage
from recommendations.models import (
    Amendment,
    Ballot,
    Bracket,
    CirculatedText,
    CirculatedVersion,
    Comment,
    Conveyance,
    CoSubmitter,
    Edition,
    Endorsement,
    Evidence,
    Fate,
    LateCode,
    LikeGroup,
    Pledge,
    Position,
    Proposal,
    Proxy,
    Recommendation,
    Source,
    Statement,
    Submission,
)
from recommendations.states import StepKind
from stakeholders.forms import PARTS
from stakeholders.models import (
    Convenorship,
    LiaisonAppointment,
    ListImport,
    Membership,
    Organisation,
    PublicBody,
)
from tests.portal.planting import Aviary, Canary
from tests.portal.world import World, undone
from tests.test_house import routes

SOME_ORGANISATIONS, SOME_CONSULTATIONS = 6, 3


def _pks(model: Any, **of: Any) -> list[int]:
    return list(model.objects.filter(**of).order_by("pk").values_list("pk", flat=True))


def _organisations() -> list[str]:
    return list(Organisation.objects.order_by("pk").values_list("slug", flat=True)[:SOME_ORGANISATIONS])


def _consultations() -> list[str]:
    """Return the first consultations (announced, discreet, draft), and those of statements that were adopted."""
    first = Consultation.objects.order_by("pk").values_list("slug", flat=True)[:SOME_CONSULTATIONS]
    adopted = Consultation.objects.filter(statement__state="adopted").values_list("slug", flat=True)
    return list(dict.fromkeys([*first, *adopted]))


# What an argument of a route may be: by the beginning of the route's address (the longest that fits), then by the
# argument's name. Rows are in the order in which they were made; so many of a kind tell everything that there is.
PLACES: dict[str, dict[str, Any]] = {
    "account/sessions/": {"pk": lambda: _pks(UserSession)[:3]},
    "account/two-step/passkeys/": {"pk": lambda: [1]},
    "appointments/": {"pk": lambda: _pks(LiaisonAppointment)},
    "apply/": {"part": lambda: [*PARTS, "nothing"]},
    "apply/receipt/": {"slug": _organisations},
    "applications/": {"slug": _organisations},
    "co-submissions/": {"pk": lambda: _pks(CoSubmitter)},
    "evidence/": {"pk": lambda: _pks(Evidence)},
    "consultations/<slug:slug>/late-codes/new/": {"organisation": lambda: _pks(Organisation)[:SOME_ORGANISATIONS]},
    "conveyances/": {"pk": lambda: _pks(Conveyance)},
    "consultations/": {
        "slug": _consultations,
        "part": lambda: ["what", "people", "promise", "ahead"],
        "verb": lambda: ["approve"],
        "language": lambda: ["id"],
    },
    "consultations/<slug:slug>/invitations/letters/": {"number": lambda: [1]},
    "consultations/<slug:slug>/wording/": {"kind": lambda: ["invitation", "letter"], "language": lambda: ["en"]},
    "fates/": {"pk": lambda: _pks(Fate)},
    "amendments/": {"pk": lambda: _pks(Amendment)},
    "circulated-texts/": {"pk": lambda: _pks(CirculatedText)},
    "comments/": {"pk": lambda: _pks(Comment)},
    "calendar/": {"country": lambda: ["ID", "XX"]},
    "i/": {"token": lambda: [one.token for one in Invitation.objects.order_by("pk")[:2]] + ["0" * 40, "cut"]},
    "imports/": {"pk": lambda: _pks(ListImport) or [1]},
    "invitations/": {"pk": lambda: _pks(Invitation)},
    "join/": {"pk": lambda: _pks(Organisation)[:SOME_ORGANISATIONS]},
    "mailbox/": {"name": lambda: ["none"]},
    "mandates/": {"pk": lambda: _pks(Membership)},
    "meetings/": {"pk": lambda: _pks(OfficialMeeting)},
    "memberships/": {"pk": lambda: _pks(Membership)},
    "organisations/": {"slug": _organisations, "part": lambda: ["names", "contact", "shown"]},
    "organisations/export/": {"kind": lambda: ["csv", "xlsx"]},
    "proposals/": {"pk": lambda: _pks(Proposal)},
    "papers/": {"pk": lambda: _pks(Paper)},
    "public-bodies/": {"slug": lambda: PublicBody.objects.order_by("pk").values_list("slug", flat=True)[:3]},
    "statements/": {
        "slug": lambda: Statement.objects.order_by("pk").values_list("slug", flat=True),
        "kind": lambda: StepKind.values[:1],
        "passage": lambda: ["title", "ASEAN-1"],
        "number": lambda: [1],
        "section": lambda: ["asean"],
        "fingerprint": lambda: Edition.objects.values_list("fingerprint", flat=True),
    },
    "submissions/": {"pk": lambda: _pks(Submission)},
    "terms/": {"number": lambda: [1], "pk": lambda: _pks(Convenorship)},
    "unsubscribe/": {"token": lambda: [token_for("0" * 64), "cut"]},
}
# What else an address of these routes may say. Everything that a form of them offers is in `Crawl.follow`.
QUERIES = {
    "organisation_list": (
        *("q=kanari", "q=Serikat", "q=KANARI00001", "country=ID", "group=trade-unions", "sort=-name", "page=2"),
        *("role=advocacy", "side=origin", "bench=workers", "level=national", "language=en", "country=several"),
    ),
    "organisation_export": ("q=kanari", "role=advocacy"),
    "register_desk": ("show=applications", "show=appeals", "show=retests", "show=doubles", "page=2"),
    "import_detail": ("verdict=create", "page=2"),
    "invitation_preview": ("kind=invitation&language=en", "kind=reminder&language=id", "kind=letter&language=en"),
    "statement_list": ("page=2",),
    "submission_joint": ("q=kanari",),
    "late_code_list": ("q=kanari",),
    "door": ("q=kanari", "q=KANARI00001"),
    "attendance": ("state=present",),
    "consultation_list": ("page=2",),
    "workspace": ("show=groups", "treatment=open", "kind=testimony", "text=ID", "moved=1&from_place=1&from_section=ID"),
    "objection_list": ("show=all",),
    "said_list": ("show=all",),
    "circulated_compare": ("old=1&new=1",),
    "recommendation_versions": ("old=1&new=1",),
}
# A part of a consultation or statement, found by the short name that stands before it.
INSIDE = {
    "late-codes/": lambda slug: _pks(LateCode, consultation__slug=slug),
    "next/": lambda slug: _pks(FollowUp, consultation__slug=slug),
    "mails/": lambda slug: _pks(OutgoingMessage, purpose=SUMMARY_MAIL, subject_id__in=_pks(Consultation, slug=slug)),
    "recommendations/": lambda slug: _pks(Recommendation, statement__consultation__slug=slug),
    "sources/": lambda slug: _pks(Source, recommendation__statement__consultation__slug=slug),
    "pledges/": lambda slug: _pks(Pledge, step__statement__slug=slug),
    "invitations/": lambda slug: _pks(Invitation, consultation__slug=slug),
    "programme/": lambda slug: _pks(Session, consultation__slug=slug),
    "seats/": lambda slug: _pks(Seat, consultation__slug=slug),
    "outputs/": lambda slug: _pks(Session, consultation__slug=slug),
    "points/": lambda slug: _pks(AgendaItem, session__consultation__slug=slug),
    "corrections/": lambda slug: _pks(Correction, minutes__consultation__slug=slug),
    "waiting/": lambda slug: _pks(Invitation, consultation__slug=slug),
    "versions/": lambda slug: CirculatedVersion.objects.filter(statement__consultation__slug=slug).values_list(
        "number", flat=True
    ),
    "groups/": lambda slug: _pks(LikeGroup, consultation__slug=slug),
    "take-out/": lambda slug: _pks(Submission, consultation__slug=slug, likeness__group__isnull=False),
    "brackets/": lambda slug: _pks(Bracket, recommendation__statement__consultation__slug=slug),
    "fates/": lambda slug: _pks(Organisation, submissions__consultation__slug=slug),
    "objections/": lambda slug: _pks(Fate, letter__consultation__slug=slug),
    "requests/": lambda slug: _pks(SeatRequest, consultation__slug=slug),
    "items/": lambda slug: _pks(Recommendation, statement__consultation__slug=slug),
    "proxies/": lambda slug: _pks(Proxy, statement__consultation__slug=slug),
    "position/": lambda slug: _pks(Position, statement__consultation__slug=slug),
    "ballots/": lambda slug: _pks(Ballot, statement__consultation__slug=slug),
    "sign-on/": lambda slug: _pks(Endorsement, edition__statement__slug=slug),
}
# A part of what the id before it names.
BELOW = {"seat": lambda pk: _pks(Seat, invitation=pk)}
CONTACT = "contact"  # whoever reads the mail of an organisation's contact address
LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)""")
LEFT_OUT = {"account_logout": "signs the person out", "admin:logout": "as above", "admin:jsi18n": "words of Django"}
JUNK = {
    "organisation": "999999",
    "text": "'\"<x>",
    "version": "x",
    "answer": "?",
    "state": "?",
    "pk": "-1",
    "page": "x",
}
HEADERS = ("Location", "Content-Disposition", "ETag", "Set-Cookie", "Link", "Content-Location")


@dataclass
class Found:
    """What escaped: which word, to whom, where."""

    leaks: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    visits: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, canaries: Iterable[Canary], role: str, place: str, address: str) -> None:
        """Write down a leak once per field, row, person and place."""
        for canary in canaries:
            self.leaks.setdefault((canary.name, canary.row, role, place), address)

    @property
    def sentences(self) -> list[str]:
        """Return a sentence per leak."""
        return [
            f"{name} of “{row}” is shown to {role} by {place} ({at})"
            for (name, row, role, place), at in self.leaks.items()
        ]


@dataclass
class Crawl:
    """One world of canaries, walked."""

    world: World
    aviary: Aviary
    found: Found = field(default_factory=Found)

    def look(self, response: Any, role: str, place: str, address: str, typed: str = "") -> None:
        """Search everything that the answer carries: its body, and the headers that hold words."""
        self.found.visits += 1
        body = b"".join(response.streaming_content) if response.streaming else response.content
        carried = [unescape(words_of(body)), *(response.get(name, "") for name in HEADERS)]
        carried += [str(response.reason_phrase), response.cookies.output()]
        if response.status_code >= 500:
            self.found.broken.append(f"{address} as {role}: {response.status_code}")
        self.found.add(self.aviary.escaped("\n".join(carried), role, f"{address} {typed}"), role, place, address)

    def visit(self, role: str, name: str, address: str, methods: Iterable[str]) -> int:
        """Ask for one address in each way; return the last status. What it did is taken back."""
        status = 0
        for method in methods:
            client = self.world.browser(role)
            ask = client.post if method in {"post", "junk"} else getattr(client, method)
            with undone():  # also a visit: the link of an invitation, once opened, lets the browser answer
                response = ask(address, JUNK if method == "junk" else {})
            status = response.status_code
            self.look(response, role, f"{name} {method.upper()}", address)
        return status

    def seen(self, role: str, address: str) -> set[Canary]:
        """Return every canary on the page, also those that the person may read."""
        with undone():
            response = self.world.browser(role).get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return self.aviary.escaped(unescape(words_of(body)), "nobody at all")

    def follow(self, role: str, starts: Iterable[str], most: int) -> None:
        """Follow the links of lists: filters, sorting, pages; each way of asking once, not with each other."""
        waiting, seen = list(starts), set()
        while waiting and len(seen) < most:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            response = self.world.browser(role).get(address)
            self.look(response, role, "a link", address)
            if response.status_code != 200 or response.streaming:
                continue
            links = LINK.findall(response.content.decode(errors="replace"))
            found = {local(unescape(link), address) for link in links}
            waiting += sorted(one for one in found if one and simple(one) and one not in seen)


def simple(address: str) -> bool:
    """Whether the address asks one thing of a page: what is chosen together shows less, never more."""
    return "logout" not in address and urlsplit(address).query.count("=") <= 1


def words_of(body: bytes) -> str:
    """Return the words of an answer; of a spreadsheet or another packed file those of everything that is packed."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "\n".join(f"{name}\n{words_of(packed.read(name))}" for name in packed.namelist())


def local(link: str, page: str) -> str:
    """Return a link of ours with its query; nothing for one that leads elsewhere."""
    if link.startswith("?"):
        return urlsplit(page).path + link
    return link if link.startswith(("/en/", "/id/")) and "/static/" not in link else ""


def addresses(each: int = 1000) -> Iterator[tuple[str, str]]:
    """Yield every route of ours with the addresses that its arguments make, at most so many of each, in the language.

    What a route may be asked besides comes last.
    """
    asked = []
    for pattern, name, _view in routes():
        if not name or name in LEFT_OUT or "/admin/" in f"/{pattern}":
            continue
        for arguments in arguments_of(pattern)[:each]:
            try:
                address = reverse(name, kwargs=arguments)
            except NoReverseMatch:  # two routes of one name
                continue
            asked += [(name, f"{address}?{query}") for query in QUERIES.get(name, ())]
            yield name, address
    yield from asked


def arguments_of(pattern: str) -> list[dict[str, Any]]:
    """Return what the arguments of a route may be. A route that nobody told us about fails with its address."""
    place = re.sub(r"^[a-z]{2}/", "", pattern).lstrip("^")
    found: list[dict[str, Any]] = [{}]
    for argument in re.findall(r"<(?:\w+:)?(\w+)>", pattern):
        found = [{**one, argument: value} for one in found for value in _values(place, argument, one)]
    return found


def _values(place: str, argument: str, so_far: dict[str, Any]) -> Iterable[Any]:
    inside = next((read for part, read in INSIDE.items() if f"/{part}<int:{argument}>" in place), None)
    if inside and "slug" in so_far:
        return inside(so_far["slug"])
    if argument in BELOW and "pk" in so_far:
        return BELOW[argument](so_far["pk"])
    starts = sorted((start for start in PLACES if place.startswith(start)), key=len, reverse=True)
    for start in starts:
        if argument in PLACES[start]:
            return PLACES[start][argument]()
    raise AssertionError(f"Say in PLACES what “{argument}” of {place} may be.")


def back_office(rows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield every page of the back office: lists, searches, forms, histories of every row."""
    yield "admin:index", reverse("admin:index")
    for model in admin.site._registry:  # noqa: SLF001 - Django has no public list
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{base}_changelist", reverse(f"{base}_changelist")
        yield f"{base}_changelist", reverse(f"{base}_changelist") + "?q=kanari"
        yield f"{base}_add", reverse(f"{base}_add")
        for pk in _pks(model):
            yield f"{base}_change", reverse(f"{base}_change", args=[pk])
            yield f"{base}_history", reverse(f"{base}_history", args=[pk])
    for model, name in (("membership", "user"), ("liaisonappointment", "body"), ("liaisonappointment", "user")):
        asked = f"?term=kanari&app_label=stakeholders&model_name={model}&field_name={name}"
        yield "admin:autocomplete", reverse("admin:autocomplete") + asked


def letters(world: World, purpose: str, subject: Any, language: str) -> Iterator[tuple[str, str, str]]:
    """Yield the mail as each of its readers would get it: the reader's role, address, and all that it says."""
    by_address = {user.email: role for role, user in world.people.items() if user}
    kind = mail.REGISTRY[purpose]
    stranger = CONTACT if purpose.startswith("stakeholders.") else "link holder"
    try:
        readers = list(kind.recipients(subject))
    except NotImplementedError:  # a mail about an account: it is queued with its reader
        readers = [mail.Recipient.of(subject)]
    for reader in readers:
        message = _message(purpose, subject, reader, language)
        letter = kind.letter(kind.load([message])[subject.pk], message)
        if letter is not None:
            composed = mail.compose(message, letter)
            pages = [str(one[0]) for one in composed.alternatives]
            parts = [composed.subject, composed.body, letter.calendar, *letter.files.values(), *pages]
            headers = [f"{name}: {value}" for name, value in composed.message().items()]
            yield by_address.get(reader.address, stranger), reader.address, unescape("\n".join([*parts, *headers]))


def _of_a_test() -> dict[str, Any]:
    """Return what a convenor's test of a mailing says: whose invitation, which mail, in which language."""
    return {
        "invitation": Invitation.objects.order_by("pk").values_list("pk", flat=True).first(),
        "purpose": "consultations.invitation_sent",
        "language": "en",
    }


def _message(purpose: str, subject: Any, reader: mail.Recipient, language: str) -> OutgoingMessage:
    message = OutgoingMessage(
        purpose=purpose,
        subject_id=subject.pk,
        recipient=reader.address,
        recipient_key=mail.address_key(reader.address),
        user_id=reader.user_id,
        language=language,
        time_zone=reader.time_zone,
        payload={
            "code": "123456",
            "event": "email_added",
            "count": 1,
            "since": "2020-01-01T00:00:00+00:00",
            "until": timezone.now().isoformat(),
            **_moved(purpose, subject),
            **_of_a_test(),
        },
    )
    message.created_at = message.next_try_at
    return message


def _moved(purpose: str, subject: Any) -> dict[str, Any]:
    """Return what the mail about a move carries along."""
    if purpose != "consultations.consultation_moved" or not subject.consultation.moved_at:
        return {}
    moved_at = subject.consultation.moved_at.isoformat()
    return {"was": as_written(subject.consultation), "new_venue": False, "gone": [], "moved_at": moved_at}

"""The crawl: every route that there is, on every row that it could be about, as every person."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from consultations.models import Consultation, Invitation
from portal import mail
from portal.models import OutgoingMessage
from recommendations.models import Conveyance, Edition, Pledge, Recommendation, Source, Statement, Submission
from recommendations.states import StepKind
from stakeholders.models import Membership, Organisation, PublicBody
from tests.portal.planting import Aviary, Canary
from tests.portal.world import World
from tests.test_house import routes

# What an argument of a route may be: by the beginning of the route's address, then by the argument's name.
PLACES: dict[str, dict[str, Any]] = {
    "organisations/": {"slug": lambda: Organisation.objects.values_list("slug", flat=True)},
    "join/": {"pk": lambda: _pks(Invitation)},
    "memberships/": {"pk": lambda: _pks(Membership)},
    "invitations/": {"pk": lambda: _pks(Invitation)},
    "i/": {"token": lambda: [one.token for one in Invitation.objects.all()] + ["0" * 40, "cut"]},
    "submissions/": {"pk": lambda: _pks(Submission)},
    "conveyances/": {"pk": lambda: _pks(Conveyance)},
    "consultations/": {
        "slug": lambda: Consultation.objects.values_list("slug", flat=True),
        "part": lambda: ["what", "when", "where", "people"],
    },
    "statements/": {
        "slug": lambda: Statement.objects.values_list("slug", flat=True),
        "kind": lambda: StepKind.values,
        "number": lambda: [1],
        "section": lambda: ["asean"],
        "fingerprint": lambda: Edition.objects.values_list("fingerprint", flat=True),
    },
    "mailbox/": {"name": lambda: ["none"]},
}
# A part of a consultation or statement, found by the short name that stands before it.
INSIDE = {
    "recommendations/": lambda slug: _pks(Recommendation, statement__consultation__slug=slug),
    "sources/": lambda slug: _pks(Source, recommendation__statement__consultation__slug=slug),
    "pledges/": lambda slug: _pks(Pledge, step__statement__slug=slug),
    "invitations/": lambda slug: _pks(Invitation, consultation__slug=slug),
}
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


def _pks(model: Any, **of: Any) -> list[int]:
    return list(model.objects.filter(**of).order_by("pk").values_list("pk", flat=True))


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
        carried = [unescape(body.decode(errors="replace")), *(response.get(name, "") for name in HEADERS)]
        carried += [str(response.reason_phrase), response.cookies.output()]
        if response.status_code >= 500:
            self.found.broken.append(f"{address} as {role}: {response.status_code}")
        self.found.add(self.aviary.escaped("\n".join(carried), role, f"{address} {typed}"), role, place, address)

    def visit(self, role: str, name: str, address: str, methods: Iterable[str]) -> None:
        """Ask for one address in each way. What a POST would do is taken back by the caller."""
        for method in methods:
            client = self.world.browser(role)
            data = JUNK if method == "junk" else {}
            ask = client.post if method in {"post", "junk"} else getattr(client, method)
            self.look(ask(address, data), role, f"{name} {method.upper()}", address)

    def follow(self, role: str, starts: Iterable[str], most: int) -> None:
        """Follow the links of lists: filters, sorting, pages."""
        waiting, seen = list(starts), set()
        while waiting and len(seen) < most:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            response = self.world.browser(role).get(address)
            self.look(response, role, "a link", address)
            links = LINK.findall(response.content.decode(errors="replace")) if response.status_code == 200 else ()
            found = (local(unescape(link), address) for link in links)
            waiting += [one for one in found if one and "logout" not in one]


def local(link: str, page: str) -> str:
    """Return a link of ours with its query; nothing for one that leads elsewhere."""
    if link.startswith("?"):
        return urlsplit(page).path + link
    return link if link.startswith(("/en/", "/id/")) and "/static/" not in link else ""


def addresses(telling: frozenset[Any] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield every route of ours with every address that its arguments make, in the active language.

    With `telling` rows given, only those consultations are walked that one of them belongs to.
    """
    for pattern, name, _view in routes():
        if not name or name in LEFT_OUT or "/admin/" in f"/{pattern}":
            continue
        for arguments in _arguments(pattern):
            if telling and "consultations/" in pattern and arguments.get("slug", "") not in {*telling, ""}:
                continue
            try:
                yield name, reverse(name, kwargs=arguments)
            except NoReverseMatch:
                continue


def _arguments(pattern: str) -> list[dict[str, Any]]:
    place = re.sub(r"^(\^|[a-z]{2}/)", "", pattern)
    found: list[dict[str, Any]] = [{}]
    for argument in re.findall(r"<(?:\w+:)?(\w+)>", pattern):
        found = [{**one, argument: value} for one in found for value in _values(place, argument, one)]
    return found


def _values(place: str, argument: str, so_far: dict[str, Any]) -> Iterable[Any]:
    """Return what the argument may be. A route that nobody told us about is tried with everything."""
    inside = next((read for part, read in INSIDE.items() if f"/{part}<int:{argument}>" in place), None)
    if inside and "slug" in so_far:
        return inside(so_far["slug"])
    known = next((read for start, read in PLACES.items() if place.startswith(start)), {})
    if argument in known:
        return known[argument]()
    return everything(argument)


def everything(argument: str) -> Iterable[Any]:
    """Return every id, or every short name, that any row of ours has."""
    models = (Organisation, Consultation, Statement, PublicBody, Submission, Membership, Invitation, Conveyance)
    if argument in {"slug", "name", "code"}:
        return [value for model in models[:4] for value in model.objects.values_list("slug", flat=True)]
    return sorted({pk for model in models for pk in _pks(model)})


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
    try:
        readers = list(kind.recipients(subject))
    except NotImplementedError:  # a mail about an account: it is queued with its reader
        readers = [mail.Recipient.of(subject)]
    for reader in readers:
        message = _message(purpose, subject, reader, language)
        letter = kind.letter(kind.load([message])[subject.pk], message)
        if letter is not None:
            composed = mail.compose(message, letter)
            parts = [composed.subject, composed.body, letter.calendar, *(str(one[0]) for one in composed.alternatives)]
            headers = [f"{name}: {value}" for name, value in composed.message().items()]
            yield by_address.get(reader.address, "link holder"), reader.address, unescape("\n".join([*parts, *headers]))


def _message(purpose: str, subject: Any, reader: mail.Recipient, language: str) -> OutgoingMessage:
    message = OutgoingMessage(
        purpose=purpose,
        subject_id=subject.pk,
        recipient=reader.address,
        recipient_key=mail.address_key(reader.address),
        user_id=reader.user_id,
        language=language,
        time_zone=reader.time_zone,
        payload={"code": "123456", "event": "email_added", "count": 1},
    )
    message.created_at = message.next_try_at
    return message

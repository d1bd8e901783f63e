"""As `trying`, with the arrangement: the plenary, secret ballots, signing on."""

import tempfile
from typing import Any

from django.conf import settings
from django.utils import timezone

from recommendations import sealing
from recommendations.models import Ballot, Endorsement, OpenedChoice, Plenary, Position, Proxy, SealedVoice
from tests import build
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import SLUG, Attempt, Sight, at, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
RULE = {"kind": "simple", "base": "positions", "parts": "", "quorum": 0, "percent": 0, "version": 1}


def own_keys() -> None:
    """Keep the keys of tried ballots apart from those of the server."""
    settings.BALLOT_KEYS_DIR = tempfile.mkdtemp(prefix="mufakat-keys-")


@arranges("secret ballot")
def secret_ballot(world: World, state: str, _chosen: str) -> None:
    """On the whole tabled text, with five sealed choices; counted, they are open and the seals empty."""
    own_keys()
    put(world.invitation, state="accepted")
    put(world.recommendation, state="tabled")
    put(world.statement, state="tabled")
    world.ballot = Ballot.objects.create(statement=world.statement, state=state, cast=5 if state == "counted" else 0)
    sealing.make_key(str(world.ballot.name))
    for organisation in build.make_organisations(*(f"Voter {build.number()}" for _ in range(5))):
        sealed = sealing.seal(str(world.ballot.name), organisation.pk, "consensus") if state == "open" else b""
        SealedVoice.objects.create(ballot=world.ballot, organisation=organisation, sealed=sealed)
        if state == "counted":
            OpenedChoice.objects.create(ballot=world.ballot, stance="consensus")


SUBJECTS["secret ballot"] = lambda world: world.ballot


def decided(verdict: str, **data: Any) -> Attempt:
    """Try to decide on the item."""

    def attempt(world: World) -> Tried:
        item = world.recommendation
        address = at("item_decide", world.consultation.slug, item.pk)
        return address, {"verdict": verdict, "version": item.version, **data}

    return attempt


def here(name: str, **data: Any) -> Attempt:
    return lambda world: (at(name, world.consultation.slug), data)


def on_item(name: str, **data: Any) -> Attempt:
    return lambda world: (at(name, world.consultation.slug, world.recommendation.pk), data)


def of_own(name: str, *, item: bool = False, **data: Any) -> Attempt:
    """Try something for the own organisation."""

    def attempt(world: World) -> Tried:
        args = [world.consultation.slug, *([world.recommendation.pk] if item else [])]
        return at(name, *args), {"organisation": world.own.pk, **data}

    return attempt


def called(world: World) -> Tried:
    return at("roll_call", world.consultation.slug), {"organisation": world.participating.pk, "present": "yes"}


def carried(world: World) -> Tried:
    pair = {"giver": world.own.pk, "holder": world.participating.pk}
    return at("proxy_list", world.consultation.slug), pair


def revoked(world: World) -> Tried:
    pair = {"statement": world.statement, "giver": world.own, "holder": world.participating, "revoked_at": None}
    proxy = Proxy.objects.get_or_create(**pair)[0]
    return at("proxy_revoke", world.consultation.slug, proxy.pk), {}


def taken_back(world: World) -> Tried:
    said = {"statement": world.statement, "organisation": world.own, "recommendation": world.recommendation}
    position = Position.objects.get_or_create(**said, defaults={"stance": "abstains"})[0]
    return at("position_take_back", world.consultation.slug, position.pk), {}


def asked(world: World) -> Tried:
    own_keys()
    return at("ballot_ask", world.consultation.slug), {}


def of_ballot(name: str, **data: Any) -> Attempt:
    return lambda world: (at(name, world.consultation.slug, world.ballot.pk), data)


def chosen(world: World) -> Tried:
    data = {"organisation": world.own.pk, "choice": "blocks"}
    return at("ballot_choose", world.consultation.slug, world.ballot.pk), data


def signed(world: World) -> Tried:
    today = timezone.localdate()
    Plenary.objects.update_or_create(statement=world.statement, defaults={"sign_on_until": today})
    return at("sign_on", world.statement.slug), {"organisation": world.own.pk}


def withdrawn(world: World) -> Tried:
    edition, endorsement = world.statement.editions.first(), None
    if edition:
        given = {"edition": edition, "organisation": world.own, "withdrawn_at": None}
        endorsement = Endorsement.objects.get_or_create(**given)[0]
    return at("sign_on_withdraw", world.statement.slug, endorsement.pk if endorsement else 0), {}


ATTEMPTS: dict[str, Attempt] = {
    "recommendation.agree": decided("agreed"),
    "recommendation.amend": decided("amended", text_en="Other words", text_id="Kata lain"),
    "recommendation.bracket": decided("bracketed"),
    "recommendation.withdraw": decided("withdrawn"),
    "recommendation.reopen": decided("reopened"),
    "statement.state the rule": here("adoption_rule", **RULE),
    "statement.call the roll": called,
    "statement.record a proxy": carried,
    "statement.revoke a proxy": revoked,
    "statement.put an item on the floor": on_item("item_open"),
    "statement.agree to the rest": here("items_agree"),
    "statement.fail": here("statement_fail", note="Next year"),
    "statement.take a position on an item": of_own("item_position", item=True, stance="abstains"),
    "statement.take a position back": taken_back,
    "statement.ask for a secret ballot": asked,
    "statement.set the last day for signing on": lambda world: (
        at("sign_on_open", world.statement.slug),
        {"until": timezone.localdate()},
    ),
    "statement.sign on": signed,
    "statement.withdraw the signature": withdrawn,
    "secret ballot.choose": chosen,
    "secret ballot.count": of_ballot("ballot_count", deed="count"),
    "secret ballot.drop": of_ballot("ballot_count", deed="drop"),
}

SIGHTS: dict[str, Sight] = {
    "statement.follow the floor": seen(lambda _world: 'id="floor"', page_of("floor", SLUG)),
    "secret ballot.see": seen(
        lambda _world: "<h1>Secret ballot</h1>",
        page_of("ballot_choose", SLUG, "ballot.pk"),
        page_of("ballot_count", SLUG, "ballot.pk"),
    ),
}

"""What happened to a person who tried: the one place where an answer over HTTP becomes a word of the policy table."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse

from portal import urls
from portal.models import LogEntry
from portal.policy import Verb
from stakeholders.querysets import standing
from tests.portal import trying, trying_register
from tests.portal.world import World, undone

ATTEMPTS = {**trying.ATTEMPTS, **trying_register.ATTEMPTS}
SIGHTS = {**trying.SIGHTS, **trying_register.SIGHTS}


@contextmanager
def hurried() -> Iterator[None]:
    """Spare what thousands of cells of one case would repeat: the words of a refusal, and what a person is today.

    Every request of a case finds the same mandates: what is done is taken back. Pages of refusals have tests of their
    own, and the rights are compared without this.
    """
    worked_out, known = standing._standing, {}  # noqa: SLF001 - the one place where the mandates are read

    def remembered(user: Any) -> Any:
        if user.pk not in known:
            known[user.pk] = worked_out(user)
        return known[user.pk]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(standing, "_standing", remembered)
        patched.setattr(urls, "handler403", lambda _request, exception=None: HttpResponse(status=403))  # noqa: ARG005
        patched.setattr(urls, "handler404", lambda _request, exception=None: HttpResponse(status=404))  # noqa: ARG005
        yield


def sign_in(response: Any) -> bool:
    """Whether the answer asks for sign-in."""
    return response.status_code == 302 and (
        "/account/login" in response["Location"] or "/login/" in response["Location"]
    )


def kind_of(response: Any) -> str:
    """Return what an answer without the words, or without a deed, means."""
    if sign_in(response):
        return "sign-in"
    return "absent" if response.status_code in {404, 410} else "refused"


def looked(world: World, verb: str, role: str) -> str:
    """Return what the person sees of a thing on all pages that could show it."""
    signs, pages = SIGHTS[verb](world)
    client, first = world.browser(role), ""
    for page in pages:
        response = client.get(page)
        content = unescape(response.content.decode()) if response.status_code == 200 else ""
        for said, words in signs.items():
            if words in content:
                return said
        first = first or ("absent" if response.status_code == 200 else kind_of(response))
    return first


def tried(world: World, verb: str, role: str) -> str:
    """Return what comes of a POST with valid data: whether anything was written in the log tells if it was done."""
    address, data = ATTEMPTS[verb](world)
    before = LogEntry.objects.count()
    with undone():
        response = world.browser(role).post(address, data)
        done = LogEntry.objects.count() > before
    assert response.status_code < 500, f"{verb} by {role}: {response.status_code}"
    return "act" if done else kind_of(response)


def outcome(world: World, verb: str, role: str) -> str:
    """Return what happens to the role in the world as it stands."""
    return looked(world, verb, role) if verb in SIGHTS else tried(world, verb, role)


def plain_visit_changes_nothing(world: World, verb: str, role: str) -> bool:
    """Whether GET and HEAD on the address of a verb leave no trace: machines follow links."""
    address, data = ATTEMPTS[verb](world)
    before = LogEntry.objects.count()
    with undone():
        client = world.browser(role)
        client.get(address, data)
        client.head(address)
        return LogEntry.objects.count() == before


def compared(world: World, thing: str, verb: Verb, case: str, roles: list[str]) -> list[str]:
    """Return a sentence per cell that is not as the table says."""
    wrong = []
    for role in roles:
        expected = verb.cells[case][role]
        found = outcome(world, f"{thing}.{verb.name}", role)
        if found != expected:
            wrong.append(f"{thing} ({case}), {verb.name}, {role}: the table says {expected}, the portal {found}")
    return wrong

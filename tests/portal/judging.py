"""What happened to a person who tried: the one place where an answer over HTTP becomes a word of the policy table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse

from portal import urls
from portal.models import LogEntry, User
from portal.policy import Verb
from recommendations.models import SealedVoice
from stakeholders.querysets import standing
from stakeholders.views.applying import HELD
from stakeholders.views.hats import HAT
from tests.portal import (
    trying,
    trying_answers,
    trying_commenting,
    trying_editions,
    trying_handing,
    trying_meeting,
    trying_merging,
    trying_names,
    trying_plan,
    trying_plenary,
    trying_record,
    trying_register,
    trying_sending,
    trying_table,
    trying_telling,
)
from tests.portal.world import World, undone

TRIED = (
    trying,
    trying_register,
    trying_sending,
    trying_names,
    trying_plan,
    trying_meeting,
    trying_answers,
    trying_editions,
    trying_telling,
    trying_record,
    trying_table,
    trying_handing,
    trying_merging,
    trying_plenary,
    trying_commenting,
)
ATTEMPTS = {name: attempt for part in TRIED for name, attempt in getattr(part, "ATTEMPTS", {}).items()}
SIGHTS = {name: sight for part in TRIED for name, sight in getattr(part, "SIGHTS", {}).items()}


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

    def found(key: int) -> Any:
        user = User.objects.filter(pk=key).first()
        if user:
            user._standing = remembered(user)  # noqa: SLF001 - as above
        return user

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(standing, "_standing", remembered)
        patched.setattr(standing, "person", found)
        patched.setattr(urls, "handler403", lambda _request, exception=None: HttpResponse(status=403))  # noqa: ARG005
        patched.setattr(urls, "handler404", lambda _request, exception=None: HttpResponse(status=404))  # noqa: ARG005
        yield


def sign_in(response: Any) -> bool:
    """Whether the answer asks for sign-in."""
    return response.status_code == 302 and (
        "/account/login" in response["Location"] or "/login/" in response["Location"]
    )


def asked_again(response: Any) -> bool:
    """Whether somebody who is signed in is asked who is there: for a code by mail, or for the second step."""
    page = any(template.name == "account/sign_in_again.html" for template in response.templates)
    return page or (response.status_code == 302 and "/account/two-step/confirm/" in response["Location"])


def kind_of(response: Any) -> str:
    """Return what an answer without the words, or without a deed, means."""
    if sign_in(response):
        return "sign-in"
    if asked_again(response):
        return "again"
    return "absent" if response.status_code in {404, 410} else "refused"


def looked(world: World, verb: str, role: str) -> str:
    """Return what the person sees of a thing on all pages that could show it."""
    signs, pages = SIGHTS[verb](world)
    client, first = world.browser(role), ""
    for page in pages:
        response = client.get(page)
        assert response.status_code < 500, f"{verb} by {role}: {response.status_code}"
        content = words_of(response)
        for said, sign in signs.items():
            if sign.is_on(content):
                return said
        silent = response.status_code == 200 and not asked_again(response)
        first = first or ("absent" if silent else kind_of(response))
    return first


def words_of(response: Any) -> str:
    """Return what a page holds, without the gaps between its elements; nothing of a refusal."""
    whole = response.getvalue().decode() if response.status_code == 200 else ""
    return re.sub(r">\s+<", "><", unescape(whole))


def traces(client: Any) -> list[Any]:
    """Return what a deed leaves behind: an entry in the log, a second step that is another, a choice in the session."""
    session = client.session if settings.SESSION_COOKIE_NAME in client.cookies else {}
    factors = Authenticator.objects.order_by("pk").values_list("pk", "data")
    # No choice in secret is written into the log.
    sealed = [bytes(one) for one in SealedVoice.objects.order_by("pk").values_list("sealed", flat=True)]
    return [LogEntry.objects.count(), sealed, list(factors), *(session.get(name) for name in (HAT, HELD))]


def tried(world: World, verb: str, role: str) -> str:
    """Return what comes of a POST with valid data, after the steps before it: its traces tell if it was done."""
    client = world.browser(role)
    with undone():
        steps = ATTEMPTS[verb](world)
        *earlier, deed = steps if isinstance(steps, list) else [steps]
        for step in earlier:
            client.post(*step)
        before = traces(client)
        response = client.post(*deed)
        done = traces(client) != before
    assert response.status_code < 500, f"{verb} by {role}: {response.status_code}"
    return "act" if done else kind_of(response)


def outcome(world: World, verb: str, role: str) -> str:
    """Return what happens to the role in the world as it stands."""
    return looked(world, verb, role) if verb in SIGHTS else tried(world, verb, role)


def plain_visit_changes_nothing(world: World, verb: str, role: str) -> bool:
    """Whether GET and HEAD on the address of a verb leave no trace: machines follow links."""
    steps = ATTEMPTS[verb](world)
    *earlier, (address, data) = steps if isinstance(steps, list) else [steps]
    with undone():
        client = world.browser(role)
        for step in earlier:
            client.post(*step)
        before = traces(client)
        client.get(address, data)
        client.head(address)
        return traces(client) == before


def pages_of(world: World, verb: str) -> list[str]:
    """Return every address at which the verb is tried."""
    if verb in SIGHTS:
        return SIGHTS[verb](world)[1]
    steps = ATTEMPTS[verb](world)
    return [address for address, _data in (steps if isinstance(steps, list) else [steps])]


def compared(world: World, thing: str, verb: Verb, case: str, roles: list[str]) -> list[str]:
    """Return a sentence per cell that is not as the table says."""
    wrong = []
    for role in roles:
        expected = verb.cells[case][role]
        found = outcome(world, f"{thing}.{verb.name}", role)
        if found != expected:
            wrong.append(f"{thing} ({case}), {verb.name}, {role}: the table says {expected}, the portal {found}")
    return wrong

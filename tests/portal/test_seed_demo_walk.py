import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from recommendations.models import Statement
from stakeholders.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# People's names, contacts and needs beside the names of organisations: nothing of it is for everybody.
PRIVATE = ("relay.example", "Jumirah", "Rahim", "Melani Wijaya", "Lastri", "Joins by telephone", "Kapal masih melaut")
AGAIN = re.compile(r"/static/|^/id/(organisations|statements/[^/]+/items)/|/(items|editions)/.*\?|^/id/.*\?")
CRAWL_LIMIT = 600


def withheld_names() -> list[str]:
    """Return what must not be read: the names of withheld organisations in each language."""
    withheld = Organisation.objects.filter(visibility="withheld")
    return sorted({name for pair in withheld.values_list("name_en", "name_ind") for name in pair})


def starts() -> list[str]:
    """Return the pages from which a visitor sets out, in both languages."""
    statements = Statement.objects.filter(state="published").values_list("slug", flat=True)
    named = [
        ("home", []),
        ("consultation_list", []),
        ("statement_list", []),
        ("organisation_list", []),
        ("follow_up", []),
        ("public_body_list", []),
    ]
    for name in ("statement_detail", "statement_timeline"):
        named += [(name, [slug]) for slug in statements]
    found = []
    for language in ("en", "id"):
        with translation.override(language):
            for name, arguments in named:
                found.append(reverse(name, args=arguments))
    return found


def test_a_visitor_meets_no_withheld_name(settings) -> None:
    """Walk the site by its links as anybody: every page answers, and none tells what must stay unsaid."""
    settings.LIMITS = {**settings.LIMITS, "search": "1000/m/ip"}  # faster than any reader
    call_command("seed_demo", verbosity=0, stdout=StringIO())
    forbidden = [*withheld_names(), *PRIVATE]
    visitor, waiting, seen = Client(), starts(), set()
    while waiting and len(seen) < CRAWL_LIMIT:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = visitor.get(address)
        assert answer.status_code in {200, 301, 302}, address
        if answer.status_code == 200 and not answer.streaming:
            body = answer.content.decode(errors="replace")
            assert [name for name in forbidden if name in body or name in address] == [], address
            waiting += [link for link in links(body) if link not in seen]
    assert len(seen) > 60
    assert dict(visitor.session) == {}


def links(page: str) -> list[str]:
    """Return the addresses on our own site that a page leads to, less those that would say the same again.

    Of filters one at a time; of items and organisations no other views, and in one language.
    """
    found = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', page)]
    return [link for link in found if link.count("=") < 2 and not AGAIN.search(link)]

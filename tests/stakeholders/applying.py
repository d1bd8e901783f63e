"""An application as a person types it, page by page, and as the action takes it."""

import re
from typing import Any

from django.test import Client

from stakeholders.models import Organisation
from stakeholders.states import TraitKind
from tests import build

ADDRESS = "sekretariat@example.org"
NAME = "Serikat Buruh Migran Blitar"


def answers(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a person types on each page; `changed` gives a page other answers on top."""
    build.make_country()
    typed: dict[str, dict[str, Any]] = {
        "names": {
            "name_en": "Blitar Migrant Workers' Union",
            "name_ind": NAME,
            "acronym": "SBMB",
            "former": "Serikat Lama",
        },
        "who": {
            "groups": [build.make_group().pk],
            "bases": ["workers"],
            "issues": ["labour"],
            "speaks_for_omitted": "on",
        },
        "work": {
            "service_health": "gap",
            "service_legal-aid": "access",
            "roles": ["advocacy"],
            "introduction": "Kami.",
        },
        "where": {"side": "origin", "country": "ID", "level": "national", "languages": ["id", "km"]},
        "contact": {
            "contact_email": ADDRESS,
            "language": "id",
            "contact_phone": "+62 811",
            "website": "www.example.org",
        },
        "shown": {"visibility": "public"},
    }
    return {part: {**fields, **changed.get(part, {})} for part, fields in typed.items()}


def type_in(client: Client, language: str = "en", **changed: dict[str, Any]) -> None:
    """Answer every page."""
    for part, fields in answers(**changed).items():
        assert client.post(f"/{language}/apply/{part}/", fields).status_code == 302, part


def send(client: Client, language: str = "en", **extra: Any) -> Any:
    """Accept the terms and send; return the answer."""
    page = client.get(f"/{language}/apply/check/")
    key = re.findall(r'name="one_time_key" value="([^"]+)"', page.content.decode())
    return client.post(f"/{language}/apply/check/", {"terms": 1, "accept": "on", "one_time_key": key[0], **extra})


def values(**changed: Any) -> dict[str, Any]:
    """Return what the action takes besides who applies."""
    return {
        "terms": 1,
        "name_en": NAME,
        "contact_email": ADDRESS,
        "visibility": "public",
        "side": "origin",
        "groups": [build.make_group()],
        "countries": [build.make_country("TH")],
        "traits": {TraitKind.BASIS: {"workers": ""}, TraitKind.SERVICE: {"health": "gap"}},
        "networks": [(None, "Jaringan Utara")],
        **changed,
    }


def applied() -> Organisation:
    """Return the only organisation that applied."""
    return Organisation.objects.get(applied_at__isnull=False)

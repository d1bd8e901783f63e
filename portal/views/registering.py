"""A convenor's part of the desk about the register: who waits for a decision."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from stakeholders.models import Organisation


def due() -> list[dict[str, Any]]:
    """Return what waits for the convenors in the register, as tasks. One query."""
    counts = Organisation.objects.desk_counts(timezone.localdate())
    said = {"applications": _applications, "appeals": _appeals, "retests": _retests}
    page = reverse("register_desk")
    return [
        {"name": sentence(counts[name]), "url": f"{page}?show={name}", "state": "needs"}
        for name, sentence in said.items()
        if counts[name]
    ]


def _applications(count: int) -> str:
    return ngettext("%d application waits", "%d applications wait", count) % count


def _appeals(count: int) -> str:
    return ngettext("%d appeal waits", "%d appeals wait", count) % count


def _retests(count: int) -> str:
    return ngettext("%d organisation is to be tested again", "%d organisations are to be tested again", count) % count

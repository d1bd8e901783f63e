"""What the loaded texts are made of: the demonstration's own sentences, in the scripts in which people wrote them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parent.parent / "portal" / "demo"


@dataclass(frozen=True, slots=True)
class Stock:
    """Sentences to draw from. Items, names and purposes in English and Indonesian; submissions as (language, text)."""

    items: list[tuple[str, str]]
    submissions: list[tuple[str, str]]
    names: list[tuple[str, str]]
    purposes: list[tuple[str, str]]


def read(name: str) -> dict[str, Any]:
    """Return a file of the demonstration."""
    found: dict[str, Any] = json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))
    return found


def pair(text: dict[str, str]) -> tuple[str, str]:
    """Return the English and the Indonesian form of a text."""
    return text["en"], text["id"]


def stock() -> Stock:
    """Collect the sentences."""
    current, jakarta = read("current"), read("jakarta")
    return Stock(
        items=[pair(item["text"]) for item in jakarta["items"]],
        submissions=[(found["language"], found["text"]) for found in _submissions(current)],
        names=[pair(found["name"]) for found in read("organisations")["organisations"]],
        purposes=[pair(current[part]["purpose"]) for part in ("in_progress", "concluded")],
    )


def _submissions(current: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in ("in_progress", "concluded"):
        yield from current[part]["submissions"]

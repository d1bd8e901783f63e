"""The terms of reference: a first version to start from, in the form in which a task force writes its own."""

from datetime import date
from typing import Any

from portal.demo.facts import Facts, add_missing, both, read
from stakeholders.models import TermsOfReference


def load_terms() -> None:
    """Add the versions that are missing."""
    rows = [TermsOfReference(**columns(facts)) for facts in read("terms")["terms"]]
    add_missing(TermsOfReference, "number", rows)


def columns(facts: Facts) -> dict[str, Any]:
    """Return one version of a file as columns."""
    words = {**both("title", facts["title"]), **both("text", facts["text"])}
    return {"number": facts["number"], "since": date.fromisoformat(facts["since"]), **words}

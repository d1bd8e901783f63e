"""`make test`: every check in turn, then one summary that also says what could not be run."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.services import missing, required

PYTHON = sys.executable
PYTEST = (PYTHON, "-m", "pytest", "-n", "2")
NOT_TWICE = (
    *("tests/browser", "tests/journeys/test_many_voices.py", "tests/recommendations/test_documents.py"),
    "tests/recommendations/test_withheld_always.py",
)
NO_TESTS = 5  # pytest's exit code when nothing was collected


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to run, and what it needs of the machine."""

    title: str
    command: Sequence[str]
    needs: frozenset[str] = frozenset()


LINT = (
    Check("dependencies", (PYTHON, "-m", "pip", "check")),
    Check("style", (PYTHON, "-m", "ruff", "check", ".")),
    Check("formatting", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Check("templates", (PYTHON, "-m", "djlint", "--lint", "--quiet", "templates")),
    Check("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
)
SUITE = (
    Check("suite on SQLite and Valkey", PYTEST),
    # How a page or a document looks does not depend on the database. The journeys do run on both, but for the longest:
    # each of its acts has tests of its own that do.
    Check(
        "suite on PostgreSQL and Redis",
        (*PYTEST, "--servers", *(f"--ignore={part}" for part in NOT_TWICE)),
        needs=frozenset({"postgres", "redis"}),
    ),
)
CHOICES = {"lint": LINT, "test": (*LINT, *SUITE)}


def main(choice: str) -> int:
    """Run the checks of one choice; all of them, whatever fails."""
    lacking = missing()
    verdicts = [(check, _run(check, lacking)) for check in CHOICES[choice]]
    _summarise(verdicts, lacking if choice == "test" else {})
    failed = any(verdict.startswith("FAILED") for _, verdict in verdicts)
    return 1 if failed or (choice == "test" and required() & lacking.keys()) else 0


def _run(check: Check, lacking: dict[str, str]) -> str:
    absent = sorted(check.needs & lacking.keys())
    if absent:
        return f"NOT RUN: {'; '.join(lacking[name] for name in absent)}"
    print(f"\n--- {check.title}: {' '.join(check.command[1:])}", flush=True)
    began = time.monotonic()
    code = subprocess.run(check.command, check=False, env={**os.environ, "DEMO": "1"}).returncode
    spent = f"{time.monotonic() - began:.0f} s"
    if not code:
        return f"passed ({spent})"
    return f"FAILED ({spent}): {'no test was found' if (check in SUITE and code == NO_TESTS) else f'exit code {code}'}"


def _summarise(verdicts: list[tuple[Check, str]], lacking: dict[str, str]) -> None:
    print(f"\n{' Summary ':=^100}")
    for check, verdict in verdicts:
        print(f"{check.title:32} {verdict}")
    if "chromium" in lacking:
        print(f"{'tests in a browser':32} NOT RUN: {lacking['chromium']}")
    for name in sorted(required() & lacking.keys()):
        print(f"{'MUFAKAT_REQUIRE':32} FAILED: {name} must not be missing here")
    print("=" * 100, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "test"))

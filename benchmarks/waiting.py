"""How processes that are to start at the same moment warm up and wait for each other."""

import time
import uuid
from pathlib import Path

WARM_UP = 50  # mails that each process sends before it is ready
PATIENCE = 60  # seconds


def wait_for_the_word(go: Path | None) -> None:
    """Say that we are ready, with a file beside `go`, and wait until `go` is there."""
    if not go:
        return
    go.with_name(f"{go.name}.{uuid.uuid4().hex}").touch()
    until = time.monotonic() + PATIENCE
    while not go.exists() and time.monotonic() < until:
        time.sleep(0.005)

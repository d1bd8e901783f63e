"""Read one mail from the standard input, with the settings of the services: a mail server starts this, not systemd."""

import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
SETTINGS = Path("/etc/mufakat.env")


def main() -> None:
    """Take the settings as systemd does, line by line, and become the command."""
    for line in SETTINGS.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith("#"):
            os.environ[name.strip()] = value.strip()
    os.execv(sys.executable, [sys.executable, str(HOME / "manage.py"), "receive_mail"])  # noqa: S606 - our own command


if __name__ == "__main__":
    main()

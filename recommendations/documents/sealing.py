"""The seal: by it the portal knows a file that it issued, and that no byte of it was changed.

A file names its edition and carries a seal of fixed length: a keyed digest of the file with an empty seal. Nothing is
stored for it, and a name that an adopter withdrew since does not turn an honest old file into a forgery.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

EMPTY = "0" * 64
SALT = b"mufakat.documents.seal"
SEAL = re.compile(rb"mufakat-seal:([0-9a-f]{64})")
EDITION = re.compile(rb"mufakat-edition:([0-9a-f]{64})")
FINGERPRINT = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")


def marks(fingerprint: str) -> tuple[str, str]:
    """Return the two words that a file carries: of which edition it is, and the place of its seal."""
    return f"mufakat-edition:{fingerprint}", f"mufakat-seal:{EMPTY}"


def sealed(content: bytes) -> bytes:
    """Return the file with its seal in the place that was left for it."""
    digest = _digest(content, settings.SECRET_KEY)
    return content.replace(f"mufakat-seal:{EMPTY}".encode(), f"mufakat-seal:{digest}".encode())


def _digest(content: bytes, key: str) -> str:
    return hmac.new(SALT + key.encode(), content, hashlib.sha256).hexdigest()


def is_untouched(content: bytes) -> bool:
    """Whether the portal issued exactly this file. Keys that were replaced still count."""
    found = SEAL.search(content)
    if not found:
        return False
    empty = content.replace(b"mufakat-seal:" + found[1], f"mufakat-seal:{EMPTY}".encode())
    return any(hmac.compare_digest(_digest(empty, key), found[1].decode()) for key in _keys())


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def named_edition(content: bytes) -> str:
    """Return the fingerprint of the edition that the file says it is of; nothing where it says none."""
    found = EDITION.search(content)
    return found[1].decode() if found else ""

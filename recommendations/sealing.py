"""Sealed choices: one key for each ballot, kept in a file beside the database and never in it, destroyed at the count.

A copy of the database, old or new, holds ciphertext that nothing opens any more. Every choice is padded to one length
and bound to its ballot and organisation: a sealed choice put into another row does not open.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.states import Refusal

LENGTH = 16  # longer than every choice
NONCE = 12


def _place(name: str) -> Path:
    return Path(settings.BALLOT_KEYS_DIR) / f"{name}.key"


def make_key(name: str) -> None:
    """Write a new key that only this service reads."""
    folder = Path(settings.BALLOT_KEYS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_place(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(AESGCM.generate_key(bit_length=256))
        file.flush()
        os.fsync(file.fileno())


def _key(name: str) -> AESGCM:
    try:
        return AESGCM(_place(name).read_bytes())
    except (FileNotFoundError, ValueError):
        raise Refusal(_("The key of this ballot is gone. Drop the ballot and begin another one.")) from None


def seal(name: str, owner: int, choice: str) -> bytes:
    """Return the choice as ciphertext. The same choice looks another way each time."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _key(name).encrypt(nonce, choice.encode().ljust(LENGTH, b"\0"), f"{name}:{owner}".encode())


def unseal(name: str, owner: int, sealed: bytes) -> str:
    """Return the choice. Raises Refusal where the key is gone, or the row is not the one that was written."""
    try:
        plain = _key(name).decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), f"{name}:{owner}".encode())
    except InvalidTag:
        raise Refusal(_("A sealed choice was changed. Drop the ballot and begin another one.")) from None
    return plain.rstrip(b"\0").decode()


def destroy_key(name: str) -> None:
    """Overwrite the key and take the file away; nothing happens where it is gone already."""
    with suppress(FileNotFoundError):
        place = _place(name)
        with place.open("r+b") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        place.unlink()


def kept_keys() -> list[str]:
    """Return the names of the ballots whose keys are there."""
    return sorted(place.stem for place in Path(settings.BALLOT_KEYS_DIR).glob("*.key"))

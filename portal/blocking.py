"""Addresses that get no more mail, or no more notices: who put them there, what it holds back, how it ends.

Only the digest of an address is kept. Every mail is looked at again when it is sent (`portal/delivery.py`), so that an
address which is blocked while mail waits gets none of it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models import BlockedAddress

Reason = BlockedAddress.Reason
NOTICES = "notices"  # the class of mails that a reader may stop
_SALT = "portal.unsubscribe"
_WHY = {
    Reason.BOUNCED: gettext_noop("mail to this address came back before"),
    Reason.COMPLAINED: gettext_noop("its reader reported our mail as unwanted"),
    Reason.UNSUBSCRIBED: gettext_noop("its reader wants no notices"),
    Reason.BY_HAND: gettext_noop("this address is blocked by hand"),
}


def address_key(address: str) -> str:
    """Return the digest by which one address is recognised after the address itself was deleted."""
    return hashlib.sha256(address.lower().encode()).hexdigest()


def block(key: str, reason: str) -> None:
    """Send nothing more to the address with this digest. Who had stopped notices is remembered with it."""
    values = {"reason": reason, "notices_only": False, "at": timezone.now()}
    row, made = BlockedAddress.objects.get_or_create(key=key, defaults=values)
    if made or not row.notices_only:
        return
    if reason == Reason.BOUNCED:
        values["reason"] = Reason.UNSUBSCRIBED
    BlockedAddress.objects.filter(pk=row.pk, notices_only=True).update(**values)


def stop_notices(key: str) -> None:
    """Send no more notices to the address. What is asked of its reader in person still goes there."""
    values = {"reason": Reason.UNSUBSCRIBED, "notices_only": True}
    BlockedAddress.objects.get_or_create(key=key, defaults=values)


def resume_notices(key: str) -> None:
    """Send notices again to somebody who had stopped them and thinks better of it."""
    BlockedAddress.objects.filter(key=key, reason=Reason.UNSUBSCRIBED, notices_only=True).delete()


def has_stopped_notices(key: str) -> bool:
    """Whether the reader stopped notices to this address."""
    return BlockedAddress.objects.filter(key=key, reason=Reason.UNSUBSCRIBED).exists()


def lift(address: str) -> None:
    """Try again an address that mail came back from: somebody put it right, or typed a code that arrived there.

    What its reader asked for stays, and so does what was blocked by hand.
    """
    theirs = BlockedAddress.objects.filter(key=address_key(address), notices_only=False)
    theirs.filter(reason=Reason.BOUNCED).delete()
    theirs.filter(reason=Reason.UNSUBSCRIBED).update(notices_only=True)


def held(keys: Iterable[str]) -> dict[str, BlockedAddress]:
    """Return those of the digests that are blocked, in one query."""
    return {row.key: row for row in BlockedAddress.objects.filter(key__in=set(keys))}


def why_held(row: BlockedAddress | None, *, notice: bool, asked_for: bool) -> str:
    """Return why a mail to a blocked address is held back; nothing where it may go.

    A code is asked for by somebody who waits for it at this moment: one that came back earlier does not lock them out.
    """
    if row is None or (row.notices_only and not notice):
        return ""
    came_back = row.reason in {Reason.BOUNCED, Reason.UNSUBSCRIBED}
    if asked_for and came_back:
        return ""
    return _WHY[Reason.BOUNCED] if came_back and not row.notices_only else _WHY[Reason(row.reason)]


def token_for(key: str) -> str:
    """Return the signed word that stops notices to one address. It says nothing else and opens nothing."""
    short = urlsafe_b64encode(bytes.fromhex(key)).decode().rstrip("=")
    return signing.Signer(salt=_SALT).sign(f"{NOTICES}.{short}").replace(":", ".")


def key_of(token: str) -> str:
    """Return the digest that a token names, or nothing for a token that is not ours."""
    word, _dot, signature = token.rpartition(".")
    kind, _dot, short = word.partition(".")
    try:
        signing.Signer(salt=_SALT).unsign(f"{word}:{signature}")
        key = urlsafe_b64decode(short + "=").hex()
    except (signing.BadSignature, ValueError):
        return ""
    return key if kind == NOTICES else ""


def unsubscribe_url(key: str) -> str:
    """Return the full address of the page that stops notices, in the language that is active."""
    return settings.SITE_URL + reverse("unsubscribe", args=[token_for(key)])

"""What the kit itself knows about a person, and how it is forgotten: sign-in, sessions, mail."""

import json
import re
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry as BackOfficeEntry
from django.contrib.sessions.models import Session
from django.db.models import F, Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from portal import languages, mail
from portal.models import OneTimeKey, OutgoingMessage, User

# From Thai on, scripts of the region put no space between words.
FIRST_WITHOUT_SPACES = "\u0e00"
WAITING = ("queued", "sending", "deferred")


def addresses_of(person: User) -> list[str]:
    """Return every address that is or was proved to be the person's, in lower case."""
    others = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return sorted({person.email.lower(), *(address.lower() for address in others)})


def traces_of(person: User) -> list[re.Pattern[str]]:
    """Return how name and addresses are found in words that stay. Call it before the account is emptied."""
    # Addresses first: a name may be a part of one.
    addresses = [rf"(?<![\w.+-]){re.escape(address)}" for address in addresses_of(person)]
    return [*(re.compile(one, re.IGNORECASE) for one in addresses), *name_traces(person.full_name)]


def name_traces(name: str) -> list[re.Pattern[str]]:
    """Return how a name is found: as a word of its own, except in scripts that write without spaces between words."""
    if not name:
        return []
    word = re.escape(name)
    alone = rf"(?<!\w){word}(?!\w)" if max(name) < FIRST_WITHOUT_SPACES else word
    return [re.compile(alone, re.IGNORECASE)]


def without(words: str, traces: list[re.Pattern[str]]) -> str:
    """Return the words with a dash where the person stood."""
    for trace in traces:
        words = trace.sub("—", words)
    return words


def end_sessions(person: User, addresses: list[str] | None = None) -> None:
    """Sign the person out everywhere; delete sessions that hold one of the addresses, such as a half-done sign-in."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        held = session.get_decoded()
        written = json.dumps(held, ensure_ascii=False, default=str).lower() if addresses else ""
        if held.get("_auth_user_id") == str(person.pk) or any(one in written for one in addresses or ()):
            session.delete()
    UserSession.objects.filter(user=person).delete()


def forget_account(person: User, *, at: datetime) -> User:
    """Empty the account. The row stays, because acts of organisations stand on it; nothing personal is left in it.

    Call it inside the action's transaction, on a locked row, after everything that needs the name or the addresses.
    """
    addresses = addresses_of(person)
    end_sessions(person, addresses)
    Authenticator.objects.filter(user=person).delete()
    _forget_mail(person, addresses)
    EmailAddress.objects.filter(user=person).delete()
    OneTimeKey.objects.filter(key__startswith=f"{person.pk}:").delete()
    BackOfficeEntry.objects.filter(content_type__model="user", object_id=str(person.pk)).update(
        object_repr="", change_message=""
    )
    person.groups.clear()
    person.user_permissions.clear()
    blank = {
        "email": f"deleted-{person.pk}@invalid.example",
        "full_name": "",
        "language": languages.DEFAULT,
        "time_zone": "Asia/Jakarta",
        "is_active": False,
        "is_staff": False,
        "is_superuser": False,
        "wants_digest": False,
        "digest_sent_at": None,
        "deleted_at": at,
    }
    for name, value in blank.items():
        setattr(person, name, value)
    person.save(update_fields=list(blank))
    return person


def _forget_mail(person: User, addresses: list[str]) -> None:
    """Nothing more is sent to the person, and what was sent no longer says to whom.

    The digest of an address that wants no mail stays: it alone keeps the next mailing from writing there.
    """
    theirs = OutgoingMessage.objects.filter(
        Q(user=person) | Q(recipient_key__in=[mail.address_key(one) for one in addresses])
    )
    theirs.filter(state__in=WAITING).update(state=OutgoingMessage.State.SUPERSEDED, lease=None, leased_until=None)
    nobody = Concat(Value("forgotten-"), Cast(F("pk"), CharField()))
    theirs.update(recipient="", recipient_key=nobody, payload={}, last_error="", user=None)

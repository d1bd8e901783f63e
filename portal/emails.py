"""The kit's own mails: sign-in codes and notices about an account."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone

from portal import languages, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User


@dataclass(frozen=True, slots=True)
class Person:
    """The subject of an account mail: an account, or nobody where the address is not known."""

    pk: int
    full_name: str = ""


class AccountEmail(mail.Email):
    """A mail about signing in. It matters for ten minutes and its code is forgotten once sent."""

    purpose: ClassVar[str]
    secret: ClassVar[bool] = True

    def recipients(self, subject: Any) -> Iterable[Recipient]:
        """Return nobody: account mails are queued with their reader by `send_once`."""
        raise NotImplementedError

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Person]:
        """Return the accounts by id; id 0 is an address without an account."""
        users = User.objects.in_bulk({message.subject_id for message in messages})
        return {
            0: Person(0),
            **{pk: Person(pk, user.full_name) for pk, user in users.items()},
        }

    def letter(self, subject: Person, message: OutgoingMessage) -> Letter | None:
        """Return the code, unless it is too old to be used."""
        if (timezone.now() - message.created_at).total_seconds() > 600:  # noqa: PLR2004 - the code's ten minutes
            return None
        return Letter({"person": subject, "code": message.payload.get("code", "")})


class SignInCode(AccountEmail):
    """The six digits that sign a person in."""


class AddressCode(AccountEmail):
    """The six digits that prove an address."""


class UnknownAccount(AccountEmail):
    """To an address without an account that somebody tried to sign in with."""


class AccountExists(AccountEmail):
    """To the owner of an address that somebody tried to sign up with."""


class AccountNotice(AccountEmail):
    """That something about the account was changed."""


def send_once(
    kind: type[AccountEmail], reader: Recipient, payload: dict[str, Any]
) -> None:
    """Queue one account mail to one reader. Each call is an event of its own."""
    OutgoingMessage.objects.create(
        purpose=kind.purpose,
        subject_id=reader.user_id or 0,
        version=secrets.randbelow(2**31 - 1) + 1,
        topic="account",
        recipient=reader.address,
        recipient_key=mail.address_key(reader.address),
        user_id=reader.user_id,
        language=languages.shipped_or_default(reader.language),
        time_zone=reader.time_zone,
        payload=payload,
    )
    transaction.on_commit(mail.wake)

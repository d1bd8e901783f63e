"""The kit's own mails: sign-in codes and notices about an account."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from portal import languages, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User


@dataclass(frozen=True, slots=True)
class Person:
    """The subject of an account mail: an account, or nobody where the address is not known."""

    pk: int
    full_name: str = ""


class AccountEmail(mail.Email, abstract=True):
    """A mail about signing in. It matters for ten minutes and its code is forgotten once sent."""

    secret: ClassVar[bool] = True
    sender: ClassVar[str] = "account"
    page: ClassVar[str] = "account_login"
    good_for: ClassVar[timedelta] = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)

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
        """Return what happened, the code if there is one, and one link; None when it is too old to be of use."""
        if timezone.now() - message.created_at > self.good_for:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse(self.page)
        return Letter({"person": subject, "link": link, **message.payload})


class SignInCode(AccountEmail):
    """The six digits that sign a person in."""


class AddressCode(AccountEmail):
    """The six digits that prove an address."""


class UnknownAccount(AccountEmail):
    """To an address without an account that somebody tried to sign in with."""

    page: ClassVar[str] = "account_signup"


class AccountExists(AccountEmail):
    """To the owner of an address that somebody tried to sign up with."""


class AccountNotice(AccountEmail):
    """That something about the account was changed. It matters until it is read."""

    page: ClassVar[str] = "account_email"
    good_for: ClassVar[timedelta] = timedelta(days=3)


class FactorNotice(AccountNotice):
    """That something about the second step of signing in was changed."""

    page: ClassVar[str] = "mfa_index"


def send_once(kind: type[AccountEmail], reader: Recipient, payload: dict[str, Any]) -> None:
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

"""Sign-in through django-allauth: its mails go through the outbox, its forms clean what copying brings along."""

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import blocking, emails, languages, text
from portal.factors import CodeField, signed_in_lately
from portal.forms import AddressField, TextField
from portal.mail import Recipient
from portal.models import User

BATCH = 500
_MAILS = {
    "account/email/login_code": emails.SignInCode,
    "account/email/email_confirmation": emails.AddressCode,
    "account/email/email_confirmation_signup": emails.AddressCode,
    "account/email/unknown_account": emails.UnknownAccount,
    "account/email/account_already_exists": emails.AccountExists,
}
_NOTICES = {
    "mfa/email/totp_activated": emails.FactorNotice,
    "mfa/email/totp_deactivated": emails.FactorNotice,
    "mfa/email/webauthn_added": emails.FactorNotice,
    "mfa/email/webauthn_removed": emails.FactorNotice,
    "mfa/email/recovery_codes_generated": emails.FactorNotice,
}
_OUR_WORDS = {
    "mfa/messages/totp_activated.txt": _("The app is set up. From now on signing in asks for its code."),
    "mfa/messages/totp_deactivated.txt": _("The app is removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("These recovery codes are new. Older ones work no longer."),
    "usersessions/messages/sessions_logged_out.txt": _("Signed out everywhere else."),
}
# The next page says the same in its own words.
_SAID_BY_THE_PAGE = {
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmation_sent.txt",
}


def account_for(address: str, full_name: str, language: str) -> User:
    """Return the account behind an address, locked; it is made where there is none.

    A new one can do nothing: whoever signs in proves the address with the code, as everybody does. Callers say the
    same whether it was there or not, and show what was typed, never what the account tells. Only an address that was
    proved finds somebody else's account. Call it inside the action's transaction.
    """
    address = text.clean_address(address)
    proved = EmailAddress.objects.filter(email=address, verified=True).values("user")
    user = User.objects.select_for_update().filter(pk__in=proved).first() or _account_of(address)
    return user or _new_account(address, full_name, languages.shipped_or_default(language))


def accounts_for(people: Iterable[tuple[str, str, str]]) -> dict[str, User]:
    """Return the same as `account_for`, for many at once: by address, each with a name and a language.

    A fixed number of queries for every few hundred people. Their rows are locked in one order.
    """
    wanted = {text.clean_address(address): (name, language) for address, name, language in people}
    missing = wanted.keys() - known_accounts(wanted).keys()
    new = [_unsaved(address, *wanted[address]) for address in sorted(missing)]
    # Somebody else may invite the same people at this moment: what is there by then is taken.
    User.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    made = User.objects.filter(email__in=missing).order_by("pk")
    rows = [EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in made]
    EmailAddress.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    found = known_accounts(wanted)
    locked = User.objects.select_for_update().order_by("pk").in_bulk({user.pk for user in found.values()})
    return {address: locked[user.pk] for address, user in found.items()}


def known_accounts(addresses: Iterable[str]) -> dict[str, User]:
    """Return who is there, by address: two queries. Whoever proved an address comes before an account of that name."""
    addresses = list(addresses)
    found = {user.email: user for user in User.objects.filter(email__in=addresses)}
    proved = EmailAddress.objects.filter(email__in=addresses, verified=True).select_related("user")
    return found | {row.email: row.user for row in proved}


def _unsaved(address: str, full_name: str, language: str) -> User:
    user = User(email=address, full_name=full_name, language=languages.shipped_or_default(language))
    user.set_unusable_password()
    return user


def _account_of(address: str) -> User | None:
    return User.objects.select_for_update().filter(email=address).first()


def _new_account(address: str, full_name: str, language: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, full_name=full_name, language=language)
            # The sign-in by code marks this row as verified; without one allauth would ask for a second code.
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=False)
    except IntegrityError:  # somebody else invited the same person at this moment
        return User.objects.select_for_update().get(email=address)
    return user


class Adapter(DefaultAccountAdapter):
    """allauth's seam: where mail leaves, where addresses are cleaned, and what a refusal says."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code we sent last. Check the six digits. You have three tries."),
        "too_many_login_attempts": _("Too many tries. Wait a minute, then ask for a new code."),
        "rate_limited": _("That was too fast. Wait a minute, then try again."),
        "duplicate_email": _("This address belongs to your account already."),
        "same_as_current": _("This is the address you have now. Write the new one."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail in the outbox instead of sending it within the request."""
        kind = {**_MAILS, **_NOTICES}.get(template_prefix, emails.AccountNotice)
        user = context.get("user")
        reader = Recipient(
            email,
            translation.get_language() or "en",
            getattr(user, "time_zone", "Asia/Jakarta"),
            getattr(user, "pk", None),
        )
        emails.send_once(kind, reader, {"code": context.get("code", ""), "event": template_prefix.rsplit("/", 1)[-1]})

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Write again to an address whose mail came back once: a code that was sent there has just been typed."""
        for one in get_authentication_records(request, user):
            if address := one.get("email"):
                blocking.lift(address)
        return super().post_login(request, user, **more)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody signs up with it. There is no password to reset."""
        self.send_mail("account/email/account_already_exists", email, {})

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *words: Any, **more: Any
    ) -> None:
        """Leave out what the next page says anyway."""
        if message_template in _OUR_WORDS:
            super().add_message(request, level, message=str(_OUR_WORDS[message_template]))
        elif message_template not in _SAID_BY_THE_PAGE:
            super().add_message(request, level, message_template, *words, **more)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask again who is there: not of somebody who signed in just now, with both steps."""
        return super().is_reauthentication_required(app=app, **kwargs) and not signed_in_lately(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to show who one is, in our words."""
        words = {"mfa_reauthenticate": _("Use a code"), "mfa_reauthenticate:webauthn": _("Use a passkey")}
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def clean_email(self, email: str) -> str:
        """Return the address without invisible characters, in lower case."""
        return text.clean_address(email)

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """Keep the name, and the language in which the person signed up."""
        user.full_name = form.cleaned_data["full_name"]
        user.language = translation.get_language() or user.language
        return super().save_user(request, user, form, commit=commit)


def address_field() -> AddressField:
    """Return the field for the address that a person signs in with."""
    return AddressField(label=_("Email address"))


class SignInForm(allauth_forms.RequestLoginCodeForm):
    """Asks for the address to send a code to."""

    email = address_field()


class SignUpForm(allauth_forms.SignupForm):
    """Asks for one name, as the person writes it, and an address."""

    field_order = ("full_name", "email")
    full_name = TextField(
        label=_("Your name"),
        help_text=_("As you write it yourself. One name is enough."),
        max_characters=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field()


class AddAddressForm(allauth_forms.AddEmailForm):
    """Asks for another address of the same person."""

    email = address_field()


class ChangeAddressForm(allauth_forms.ChangeEmailForm):
    """Asks for the right address where the first one had a slip."""

    email = address_field()


class SignInCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """Asks for the code that was sent."""

    code = CodeField()


class AddressCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """Asks for the code that proves an address."""

    code = CodeField()

"""Sign-in through django-allauth: its mails go through the outbox, its forms clean what copying brings along."""

import unicodedata
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import emails, languages, text
from portal.forms import AddressField, TextField
from portal.mail import Recipient
from portal.models import User

_MAILS = {
    "account/email/login_code": emails.SignInCode,
    "account/email/email_confirmation": emails.AddressCode,
    "account/email/email_confirmation_signup": emails.AddressCode,
    "account/email/unknown_account": emails.UnknownAccount,
    "account/email/account_already_exists": emails.AccountExists,
}
# The next page says the same in its own words.
_SAID_BY_THE_PAGE = {
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/email_confirmation_sent.txt",
}


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
        kind = _MAILS.get(template_prefix, emails.AccountNotice)
        user = context.get("user")
        reader = Recipient(
            email,
            translation.get_language() or "en",
            getattr(user, "time_zone", "Asia/Jakarta"),
            getattr(user, "pk", None),
        )
        emails.send_once(kind, reader, {"code": context.get("code", ""), "event": template_prefix.rsplit("/", 1)[-1]})

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody signs up with it. There is no password to reset."""
        self.send_mail("account/email/account_already_exists", email, {})

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *words: Any, **more: Any
    ) -> None:
        """Leave out what the next page says anyway."""
        if message_template not in _SAID_BY_THE_PAGE:
            super().add_message(request, level, message_template, *words, **more)

    def clean_email(self, email: str) -> str:
        """Return the address without invisible characters, in lower case."""
        return text.clean_address(email)

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """Keep the name, and the language in which the person signed up."""
        user.full_name = form.cleaned_data["full_name"]
        user.language = translation.get_language() or user.language
        return super().save_user(request, user, form, commit=commit)


def account_for(address: str, full_name: str, language: str) -> User:
    """Return the account of the address, made where there is none: it can do nothing until somebody signs in with it.

    An account that is there is not changed, and nobody is told whether it was. Raises ValidationError for no address.
    """
    address = text.clean_address(address)
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user").first()
    found = proved.user if proved else User.objects.filter(email__iexact=address).first()
    if found:
        return found
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                address, full_name=full_name, language=languages.shipped_or_default(language)
            )
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    except IntegrityError:  # somebody else was as fast
        return User.objects.get(email=address)
    return user


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


class CodeField(forms.CharField):
    """Six digits, in the digits of any script, with or without spaces between them."""

    def __init__(self) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "dir": "ltr"}
        super().__init__(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=attributes))

    def to_python(self, value: Any) -> str:
        """Return plain digits."""
        typed = super().to_python(value) or ""
        return "".join(str(unicodedata.digit(char)) for char in typed if char.isdigit())


class SignInCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """Asks for the code that was sent."""

    code = CodeField()


class AddressCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    """Asks for the code that proves an address."""

    code = CodeField()

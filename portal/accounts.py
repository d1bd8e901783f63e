"""Sign-in through django-allauth: its mails go through the outbox, its forms ask for the name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import emails, text
from portal.forms import TextField
from portal.mail import Recipient
from portal.models import User

_MAILS = {
    "account/email/login_code": emails.SignInCode,
    "account/email/email_confirmation": emails.AddressCode,
    "account/email/email_confirmation_signup": emails.AddressCode,
    "account/email/unknown_account": emails.UnknownAccount,
    "account/email/account_already_exists": emails.AccountExists,
}


class Adapter(DefaultAccountAdapter):
    """allauth's seam: where mail leaves and where addresses are cleaned."""

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Queue the mail in the outbox instead of sending it within the request."""
        kind = _MAILS.get(template_prefix, emails.AccountNotice)
        user = context.get("user")
        reader = Recipient(
            email,
            translation.get_language() or "en",
            getattr(user, "time_zone", "Asia/Jakarta"),
            getattr(user, "pk", None),
        )
        payload = {"code": context.get("code", ""), "prefix": template_prefix}
        emails.send_once(kind, reader, payload)

    def clean_email(self, email: str) -> str:
        """Return the address without invisible characters, in lower case."""
        return text.clean_address(email)

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """Keep the name and the language in which the person signed up."""
        user.language = translation.get_language() or user.language
        return super().save_user(request, user, form, commit=commit)


class NameForm(forms.Form):
    """What we ask at sign-up beside the address: one name, as the person writes it."""

    full_name = TextField(
        label=_("Your name"),
        help_text=_("As you write it yourself. One name is enough."),
        max_characters=200,
    )

    def signup(self, _request: HttpRequest, user: User) -> None:
        """Keep the name."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])

"""The second step of signing in, through allauth's seams: secrets are encrypted, codes work once, words are ours."""

import base64
import hashlib
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from allauth.account import app_settings as account_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access import signed_in
from portal.forms import TextField

logger = logging.getLogger(__name__)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Longer than a one-time code is taken for: its own half minute, and the ones before and after.
CODE_REMEMBERED = 3 * 30


def _box() -> MultiFernet:
    """Return what locks and opens secrets; keys that were replaced still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class FactorAdapter(DefaultMFAAdapter):
    """allauth's seam for second factors."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your part in the task force asks for a second step. Set up another one first, then remove this one."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes come with a second step. Set one up first."),
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one and type that."),
        "unverified_email": _("Confirm your email address first. Then come back here."),
    }

    def encrypt(self, text: str) -> str:
        """Lock a secret before it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret. One that was locked with a lost key is replaced by one that nobody knows."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor was stored with another SECRET_KEY: nobody can sign in with it.")  # noqa: TRY400 - the trace tells nothing
            return generate_totp_secret()

    def get_totp_issuer(self) -> str:
        """Return the name that an app on the telephone lists: it says nothing about workers or unions."""
        return "Mufakat"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return our name beside the site's address."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Mufakat"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's signature
        """Return a name to begin with: which passkey it is."""
        return gettext("Passkey %(number)d") % {"number": user.authenticator_set.filter(type=type).count() + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether a second step is left, or the person may go without."""
        others = authenticator.user.authenticator_set.filter(type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not authenticator.user.has_perm("stakeholders.need_second_factor")


class CodeField(forms.CharField):
    """A code of an app or from the list of recovery codes, in the digits of any script, with or without gaps."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "dir": "ltr"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **{"label": _("Code"), **kwargs})

    def to_python(self, value: Any) -> str:
        """Return plain digits."""
        typed = super().to_python(value) or ""
        return "".join(str(int(char)) for char in typed if char.isdecimal())


class CodeOnce:
    """A code that was taken once is not taken again for as long as it could be."""

    user: Any

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError where it is wrong or was used."""
        code = super().clean_code()  # type: ignore[misc]
        digest = hashlib.sha256(f"{self.user.pk}:{code}".encode()).hexdigest()
        if not cache.add(f"second-factor-used:{digest}", "1", CODE_REMEMBERED):
            raise FactorAdapter().validation_error("incorrect_code")
        return code


class SecondStepForm(CodeOnce, base_forms.AuthenticateForm):
    """Asks for the code of the app, or a recovery code, when signing in."""

    code = CodeField(help_text=_("Six digits from the app, or eight from your recovery codes."))


class ConfirmForm(CodeOnce, base_forms.ReauthenticateForm):
    """Asks for a code before something about the account is changed."""

    code = CodeField(help_text=_("Six digits from the app, or eight from your recovery codes."))


class ActivateAppForm(CodeOnce, totp_forms.ActivateTOTPForm):
    """Asks for the first code of an app, which proves that it has the secret."""

    code = CodeField(label=_("Code that the app shows now"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """Asks for a name; the browser fills in the rest. Every passkey can sign in by itself."""

    field_order = ("name", "passwordless")
    name = TextField(label=_("Name"), max_characters=60, required=False, help_text=_("So that you know it again."))
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone"),
        required=False,
        initial=True,
        help_text=_("Then no code is needed. The device asks for its own PIN, a finger or a face."),
    )


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Asks for another name."""

    name = TextField(label=_("Name"), max_characters=60)


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last minutes, with everything that signing in asks for."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT


def lately(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask again who is there, unless the person signed in just now: by the second step, else by a new code by mail."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if signed_in_lately(request):
            return view(request, *args, **kwargs)
        if request.user.authenticator_set.filter(type__in=FACTORS).exists():
            raise ReauthenticationRequired
        return render(request, "account/sign_in_again.html", {"back": request.path, "nav_current": "account"})

    return signed_in(guarded)

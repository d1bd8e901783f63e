"""The second step of the demonstration's people. Its secret is public: it protects nothing but the look of things."""

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt

from portal.demo.facts import Facts, read
from portal.models import User

SECRET = "MUFAKATDEMOMUFAKATDEMOMUFAKATDEM"  # noqa: S105 - public on purpose
PERIOD = 30


@dataclass(frozen=True, slots=True)
class Code:
    """What an app would show for one person now."""

    name: str
    address: str
    code: str


def needs_factor(facts: Facts) -> bool:
    """Whether the person's part asks for a second step."""
    return facts["role"] in {"convenor", "administrator"} or bool(facts["public_body"])


def load_factors() -> None:
    """Give the app to everybody of the demonstration who needs a second step and has none."""
    addresses = [facts["email"] for facts in read("people")["people"] if needs_factor(facts)]
    without = User.objects.filter(email__in=addresses, authenticator__isnull=True)
    Authenticator.objects.bulk_create(authenticator_of(user) for user in without)


def authenticator_of(user: User) -> Authenticator:
    """Return an app with the public secret, not saved."""
    return Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)})


def code_now() -> str:
    """Return what an app with the public secret shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // PERIOD))


def codes() -> list[Code]:
    """Return the present code of everybody whose app has the public secret; of nobody else."""
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("user_id")
    return [
        Code(app.user.full_name, app.user.email, code_now()) for app in apps if decrypt(app.data["secret"]) == SECRET
    ]

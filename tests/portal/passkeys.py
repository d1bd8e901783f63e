"""A passkey as a browser would register it, without a browser: nobody can sign in with it, pages can ask for it."""

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from portal.models import User

REGISTERED = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED


def make_passkey(user: User, name: str = "Telephone") -> Authenticator:
    """Return a passkey of the person."""
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": _credential(user)}
    )


def _credential(user: User) -> dict[str, object]:
    number = user.pk.to_bytes(16)
    key = ES256({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    data = AttestedCredentialData.create(bytes(16), number, key)
    registered = AuthenticatorData.create(bytes(32), REGISTERED, 0, data)
    client = CollectedClientData.create("webauthn.create", bytes(32), "https://mufakat.example")
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", registered, {})),
    }
    return {"id": websafe_encode(number), "rawId": websafe_encode(number), "type": "public-key", "response": response}

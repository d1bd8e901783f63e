"""The settings of mail, from the environment: which server, from whom, where answers go, how much at once."""

import os
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env


def read(env: Env, domain: str) -> dict[str, Any]:
    """Return the settings by name. `domain` is the host that readers know."""
    by_default = f"Mufakat <consultations@{domain.replace('127.0.0.1', 'mufakat.example')}>"
    sender = env.str("MAIL_FROM", default=by_default)
    return {
        **_server(env),
        "EMAIL_TIMEOUT": env.int("MAIL_TIMEOUT", default=30),
        "DEFAULT_FROM_EMAIL": sender,
        # Mails of one kind may come from an address of their own, so that a reader or a filter can tell them apart.
        "MAIL_SENDERS": {
            kind: env.str(f"MAIL_FROM_{kind.upper()}", default=sender) for kind in ("account", "invitations", "notices")
        },
        # Where people's answers go: the mailbox that the convenors read.
        "MAIL_REPLY_TO": env.str("MAIL_REPLY_TO", default=""),
        # Where programs' answers go, such as a report that a mail came back: piped to `manage.py receive_mail`.
        "MAIL_INBOX": env.str("MAIL_INBOX", default=""),
        # What the server allows us, by all workers together; 0 is as much as we like. Codes are never kept waiting.
        "MAIL_PER_MINUTE": env.int("MAIL_PER_MINUTE", default=0),
        "MAIL_PER_DAY": env.int("MAIL_PER_DAY", default=0),
        "MAIL_DAY_RESERVE": 0.2,  # of a day's mails, kept from large mailings for what happens on that day
        # A batch goes over one connection. The lease is longer than a batch takes.
        "MAIL_BATCH": env.int("MAIL_BATCH", default=100),
        "MAIL_LEASE_SECONDS": env.int("MAIL_LEASE_SECONDS", default=120),
        "MAIL_PARALLEL": env.int("MAIL_PARALLEL", default=4),
        # Until the second try; each later pause is twice as long.
        "MAIL_RETRY_SECONDS": env.int("MAIL_RETRY_SECONDS", default=60),
    }


def _server(env: Env) -> dict[str, Any]:
    """Return how mail leaves: through a provider, a mail server, or into the demonstration's mailbox."""
    provider = env.str("MAIL_PROVIDER", default="")
    if provider and env.str("EMAIL_URL", default=""):
        raise ImproperlyConfigured("Set EMAIL_URL or MAIL_PROVIDER, not both: mail leaves by one door.")
    if provider and not find_spec("anymail"):
        raise ImproperlyConfigured("MAIL_PROVIDER needs django-anymail: pip install -r deploy/requirements-anymail.txt")
    if provider:
        keys = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name[:8] == "ANYMAIL_"}
        found = {"EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend", "ANYMAIL": keys}
    elif env.str("EMAIL_URL", default=""):
        found = env.email_url("EMAIL_URL")
    else:
        found = {"EMAIL_BACKEND": "portal.mailbox.Backend"}
    shown = found["EMAIL_BACKEND"] == "portal.mailbox.Backend"
    return {**found, "MAIL_PROVIDER": provider, "MAILBOX_SHOWN": shown}

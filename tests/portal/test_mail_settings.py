"""The settings of mail: one door by which it leaves, senders by kind, no limit unless one is set."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from portal import mail_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: Any) -> None:
    for name in ("EMAIL_URL", "MAIL_PROVIDER", "MAIL_FROM", "MAIL_FROM_NOTICES", "MAIL_PER_MINUTE", "MAIL_PER_DAY"):
        monkeypatch.delenv(name, raising=False)


def read() -> dict[str, Any]:
    """Return the settings as the environment has them."""
    return mail_settings.read(Env(), "consult.example.org")


def test_nothing_set_is_the_mailbox_without_limits() -> None:
    found = read()
    assert (found["MAILBOX_SHOWN"], found["MAIL_PROVIDER"], found["MAIL_INBOX"]) == (True, "", "")
    assert (found["MAIL_PER_MINUTE"], found["MAIL_PER_DAY"]) == (0, 0)
    assert set(found["MAIL_SENDERS"].values()) == {"Mufakat <consultations@consult.example.org>"}


def test_a_mail_server(monkeypatch: Any) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:word@mail.example.org:587")
    found = read()
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)
    assert found["MAILBOX_SHOWN"] is False


def test_one_kind_from_an_address_of_its_own(monkeypatch: Any) -> None:
    monkeypatch.setenv("MAIL_FROM", "All <all@example.org>")
    monkeypatch.setenv("MAIL_FROM_NOTICES", "News <news@example.org>")
    assert read()["MAIL_SENDERS"] == {
        "account": "All <all@example.org>",
        "invitations": "All <all@example.org>",
        "notices": "News <news@example.org>",
    }


def test_two_doors_are_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://127.0.0.1:25")
    monkeypatch.setenv("MAIL_PROVIDER", "postmark")
    with pytest.raises(ImproperlyConfigured, match="one door"):
        read()


def test_a_provider_whose_package_is_missing_is_named(monkeypatch: Any) -> None:
    monkeypatch.setenv("MAIL_PROVIDER", "postmark")
    monkeypatch.setattr(mail_settings, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match="requirements-anymail"):
        read()


def test_a_provider_and_its_keys(monkeypatch: Any) -> None:
    monkeypatch.setenv("MAIL_PROVIDER", "postmark")
    monkeypatch.setenv("ANYMAIL_POSTMARK_SERVER_TOKEN", "x")
    monkeypatch.setattr(mail_settings, "find_spec", lambda name: name)
    found = read()
    assert found["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert found["ANYMAIL"] == {"POSTMARK_SERVER_TOKEN": "x"}

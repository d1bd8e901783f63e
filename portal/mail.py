"""Mail is a row first: actions queue messages, the worker makes and sends them.

Each app's `emails.py` has one instance of `Email` per mail. Calling it queues one message per recipient, in the
transaction that changes the world; a worker is woken after commit. The words live in one template file with the
blocks `subject`, `text` and `html`.
"""

import logging
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template import Context, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from portal import blocking, languages
from portal.blocking import address_key
from portal.models import OutgoingMessage, User

logger = logging.getLogger(__name__)
REGISTRY: dict[str, "Email"] = {}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader: an address, the language and zone to write in, and the account if there is one."""

    address: str
    language: str = languages.DEFAULT
    time_zone: str = "Asia/Jakarta"
    user_id: int | None = None

    @classmethod
    def of(cls, user: User) -> "Recipient":
        """Return the reader behind an account."""
        return cls(user.email, user.language, user.time_zone, user.pk)


NotBefore = Callable[[Any, Recipient], datetime | None] | datetime | None


@dataclass(slots=True)
class Letter:
    """What a mail says to one reader: the template's data, an optional calendar part, and files for calendars by name.

    Letters that differ in nothing but `personal` may say so with an equal `shared`: a batch then renders their words
    once per language and zone, and fills in what is each reader's own. Nothing of one reader may be in the `context`
    of a shared letter, and templates use personal values as they are, without filters.
    """

    context: dict[str, Any]
    calendar: str = ""
    calendar_method: str = "PUBLISH"
    files: Mapping[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    shared: Hashable = None


class Email:
    """One kind of mail. Subclasses say who reads it, whether it still matters, and what it says."""

    purpose: ClassVar[str]
    template: ClassVar[str]
    secret: ClassVar[bool] = False
    # News that nobody has to act on: its reader may stop it with one click.
    notice: ClassVar[bool] = False
    # Whose address it comes from: a key of the setting MAIL_SENDERS; notices have their own.
    sender: ClassVar[str] = ""
    # A formal letter must not arrive twice by accident: when nobody knows whether it arrived, a human decides.
    cautious: ClassVar[bool] = False

    @classmethod
    def urgent(cls) -> list[str]:
        """Return the purposes of mails that somebody waits for at this moment: codes, and notes about an account."""
        return sorted(purpose for purpose, email in REGISTRY.items() if email.secret)

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        """Name the mail after its class and register it; an abstract one only serves as a base."""
        super().__init_subclass__(**kwargs)
        if abstract:
            return
        app = cls.__module__.split(".")[0]
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")
        cls.purpose = f"{app}.{name}"
        cls.template = f"{app}/emails/{name}.html"
        REGISTRY[cls.purpose] = cls()

    def recipients(self, subject: Any) -> Iterable[Recipient]:
        """Return the readers of a mail about the subject. Nobody means nobody."""
        raise NotImplementedError

    def topic(self, subject: Any) -> str:
        """Return the name under which the messages are counted together."""
        return f"{subject._meta.label_lower}:{subject.pk}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Any]:
        """Return the subjects of a batch by id, in as few queries as a page would need."""
        raise NotImplementedError

    def letter(self, subject: Any, message: OutgoingMessage) -> Letter | None:
        """Return what to say now, or None when the mail no longer matters or the reader lost the right to it."""
        raise NotImplementedError

    def __call__(
        self,
        *subjects: models.Model,
        version: int = 1,
        payload: dict[str, Any] | None = None,
        not_before: NotBefore = None,
    ) -> int:
        """Queue one message per subject and reader; return how many were asked for. A repeat adds none.

        `not_before` is the hour before which it is not tried: one for all, or asked for each subject and reader. The
        sweep finds what has come due; nobody has to be awake for it.
        """
        rows = list(self._rows(subjects, version, payload or {}, not_before))
        OutgoingMessage.objects.bulk_create(rows, ignore_conflicts=True)
        now = timezone.now()
        if due := sum(row.next_try_at <= now for row in rows):
            transaction.on_commit(lambda: wake(due))
        return len(rows)

    def _rows(
        self, subjects: Iterable[Any], version: int, payload: dict[str, Any], not_before: NotBefore
    ) -> Iterator[OutgoingMessage]:
        now = timezone.now()
        for subject in subjects:
            topic = self.topic(subject)
            for reader in self.recipients(subject):
                yield OutgoingMessage(
                    purpose=self.purpose,
                    subject_id=subject.pk,
                    version=version,
                    topic=topic,
                    recipient=reader.address,
                    recipient_key=address_key(reader.address),
                    user_id=reader.user_id,
                    language=languages.shipped_or_default(reader.language),
                    time_zone=reader.time_zone,
                    payload=payload,
                    next_try_at=max(now, _hour(not_before, subject, reader) or now),
                )


def _hour(not_before: NotBefore, subject: Any, reader: Recipient) -> datetime | None:
    return not_before(subject, reader) if callable(not_before) else not_before


def wake(count: int = 1) -> None:
    """Ring the bell. A broker that is down costs nothing: the sweep finds the rows."""
    try:
        for _round in range(min(settings.MAIL_PARALLEL, -(-count // settings.MAIL_BATCH))):
            current_app.send_task("portal.deliver", ignore_result=True)
    except Exception:  # noqa: BLE001 - whatever the broker raises, the change is committed and the sweep will send
        logger.warning("The broker did not answer; the sweep will send %s messages.", count)


def send_again(message: OutgoingMessage, *, to: str = "") -> None:
    """Queue a message anew that did not arrive, to another address where one is given. Call it in an action."""
    values: dict[str, Any] = {"state": OutgoingMessage.State.QUEUED, "attempts": 0, "last_error": "", "sent_at": None}
    if to:
        values |= {"recipient": to, "recipient_key": address_key(to)}
    now = timezone.now()
    fresh = {"next_try_at": now, "updated_at": now, "lease": None, "leased_until": None}
    OutgoingMessage.objects.filter(pk=message.pk).update(**values, **fresh)
    transaction.on_commit(wake)


def days_needed(count: int) -> int:
    """Return over how many days a mailing of that size goes, so that room is left for what happens meanwhile."""
    return max(1, math.ceil(count / _a_day(count)))


def pace(count: int, start: datetime | None = None) -> list[datetime]:
    """Return for each mail of a mailing the moment before which it is not sent: as many a day as the limit leaves."""
    start = start or timezone.now()
    return [start + timedelta(days=number // _a_day(count)) for number in range(count)]


def _a_day(count: int) -> int:
    if not settings.MAIL_PER_DAY:
        return max(1, count)
    return max(1, int(settings.MAIL_PER_DAY * (1 - settings.MAIL_DAY_RESERVE)))


@lru_cache(maxsize=256)
def _blocks(name: str) -> dict[str, Template]:
    source: Any = get_template(name).template  # type: ignore[attr-defined]
    return {node.name: node.nodelist for node in source.nodelist.get_nodes_by_type(BlockNode)} | {"": source}


def render(template: str, context: dict[str, Any]) -> dict[str, str]:
    """Return the blocks `subject`, `text` and `html` of a mail template, in the language that is active."""
    blocks: Any = _blocks(template)
    result = {}
    for name in ("subject", "text", "html"):
        scope = Context(context, autoescape=name == "html")
        with (
            scope.render_context.push_state(blocks[""]),
            scope.bind_template(blocks[""]),
        ):
            result[name] = blocks[name].render(scope).strip()
    result["subject"] = " ".join(result["subject"].split())
    return result


Drafts = dict[Hashable, dict[str, str]]


def compose(message: OutgoingMessage, letter: Letter, drafts: Drafts | None = None) -> EmailMultiAlternatives:
    """Return the mail as it will be handed to the server: text, HTML and, where there is one, the calendar part.

    A batch passes the same `drafts` with each of its messages, so that shared words are rendered once.
    """
    parts, head = _words(message, letter, {} if drafts is None else drafts), headers(message)
    page = parts["page"]
    mail = EmailMultiAlternatives(
        subject=parts["subject"],
        body=parts["text"] + "\n",
        from_email=settings.MAIL_INBOX or head["From"],
        to=[message.recipient],
        headers={**head, **letter.headers},
    )
    if settings.MAIL_PROVIDER:
        # A provider knows a mail by a number of its own: ours comes back with what it reports.
        mail.metadata = {"message": message.message_id}  # type: ignore[attr-defined]
    if page:
        mail.attach_alternative(page, "text/html")
    if letter.calendar:
        mail.attach_alternative(letter.calendar, f"text/calendar; method={letter.calendar_method}")
        mail.attach("invitation.ics", letter.calendar, "text/calendar")
    for name, content in letter.files.items():
        mail.attach(name, content, "text/calendar")
    return mail


def headers(message: OutgoingMessage) -> dict[str, str]:
    """Return what every mail of its kind says beside the words: who it is from, where an answer goes, how to stop it.

    Reports that it could not be delivered go to `MAIL_INBOX`, where a program reads them; see `portal.receiving`.
    """
    email = REGISTRY[message.purpose]
    sender = email.sender or (blocking.NOTICES if email.notice else "")
    found = {
        "From": settings.MAIL_SENDERS.get(sender, settings.DEFAULT_FROM_EMAIL),
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if settings.MAIL_REPLY_TO:
        found["Reply-To"] = settings.MAIL_REPLY_TO
    if email.notice and message.recipient_key:
        found |= _ways_to_stop(message)
    return found


def _ways_to_stop(message: OutgoingMessage) -> dict[str, str]:
    """Return the headers of RFC 8058: one click in the mail program, without opening a page."""
    ways = [f"<{_stop_url(message)}>"]
    if settings.MAIL_INBOX:
        words = quote(f"unsubscribe {blocking.token_for(message.recipient_key)}")
        ways.append(f"<mailto:{settings.MAIL_INBOX}?subject={words}>")
    return {"List-Unsubscribe": ", ".join(ways), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _stop_url(message: OutgoingMessage) -> str:
    with translation.override(message.language):
        return blocking.unsubscribe_url(message.recipient_key)


def _words(message: OutgoingMessage, letter: Letter, drafts: Drafts) -> dict[str, str]:
    """Return subject, text and page; shared ones with the reader's own values filled in."""
    personal = dict(letter.personal)
    if REGISTRY[message.purpose].notice and message.recipient_key:  # a preview is nobody's to stop
        personal["stop_url"] = _stop_url(message)
    if letter.shared is None:
        return _draft(message, {"message": message, **letter.context, **personal})
    key = (message.purpose, message.language, message.time_zone, letter.shared)
    if key not in drafts:
        drafts[key] = _draft(message, {**letter.context, **{name: _blank(name) for name in personal}})
    return {part: _filled(words, personal, html=part == "page") for part, words in drafts[key].items()}


def _draft(message: OutgoingMessage, context: dict[str, Any]) -> dict[str, str]:
    with translation.override(message.language), timezone.override(message.time_zone):
        context = {"site_url": settings.SITE_URL, "language": message.language, **context}
        parts = render(REGISTRY[message.purpose].template, context)
        framed = get_template("emails/page.html").render({**context, **parts}) if parts["html"] else ""
        stop = _("Stop notices to this address:") + f"\n{context['stop_url']}" if "stop_url" in context else ""
    return {"subject": parts["subject"], "text": f"{parts['text']}\n\n{stop}".rstrip(), "page": framed}


def _blank(name: str) -> str:
    """Return what stands where a reader's own value goes: characters that no language uses."""
    return f"\ue000{name}\ue001"


def _filled(words: str, personal: dict[str, str], *, html: bool) -> str:
    for name, value in personal.items():
        words = words.replace(_blank(name), escape(value) if html else value)
    return words

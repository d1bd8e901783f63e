"""What is told afterwards: the summary to all invited, version by version, and the next steps with their days."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultations import emails, summaries
from consultations.actions.sending import readdressed
from consultations.emails.telling import TOLD
from consultations.models import Consultation, FollowUp, Invitation, Wording
from consultations.querysets import STEP_MAIL, SUMMARY_MAIL, Told, last_summary
from portal import blocking, clock, log, mail
from portal.models import OutgoingMessage, User
from portal.states import Conflict, Refusal

State = OutgoingMessage.State
NOT_ARRIVED = frozenset({State.FAILED, State.BOUNCED, State.WITHHELD})
IN_WORDS = frozenset({"in_session", "concluded", "archived"})


@transaction.atomic
def save_summary_words(consultation: Consultation, *, by: User, version: int, texts: dict[str, str]) -> None:
    """Keep the convenors' own words of the next summary, by language.

    Raises Conflict with what is there now where somebody else wrote since `version`, Refusal for a link to elsewhere.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in IN_WORDS:
        raise Refusal(_("There is nothing to sum up yet."))
    there = summaries.words_of(consultation)
    if there.version != version:
        raise Conflict(there)
    if any(map(summaries.foreign_links, texts.values())):
        raise Refusal(_("A summary leads to no other site."))
    changed = [language for language, words in texts.items() if there.texts.get(language, "") != words]
    for language in changed:
        row, _made = Wording.objects.get_or_create(
            consultation=consultation, kind="summary", language=language, defaults={"version": 0}
        )
        row.body, row.version = texts[language], row.version + 1
        row.save(update_fields=["body", "version"])
    if changed:
        log.record("save_summary_words", consultation, by=by, detail=" ".join(changed))


@transaction.atomic
def send_summary(consultation: Consultation, *, by: User, version: int, words_version: int) -> int:
    """Send the summary of that number to all who were invited; return the number of mails. Raises Refusal.

    The numbers are those that the convenor read: whoever comes second, or read older words, sends nothing.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in TOLD:
        raise Refusal(_("Conclude the consultation first: a summary tells what came of it."))
    last, words = last_summary(consultation), summaries.words_of(consultation)
    if version != next_number(last):
        raise Refusal(_("This summary went out already. Nobody gets it twice."))
    if words_version != words.version:
        raise Refusal(_("Somebody changed the words meanwhile. Read them before you send."))
    if summaries.says_nothing(consultation, words):
        raise Refusal(_("There is nothing to tell yet: write what came of it, or what happens next."))
    if last and not whats_new(consultation, last, words):
        raise Refusal(_("Nothing is new since the last summary. Write what is new, or wait."))
    count = queue_summary(consultation, last, words)
    log.record("send_summary", consultation, by=by, detail=f"{version} {count}")
    return count


@transaction.atomic
def resend_summary(message: OutgoingMessage, *, by: User, address: str = "") -> OutgoingMessage:
    """Send a summary once more that did not arrive, to the same or to another address; return its message.

    Another address takes the place of the one it went to, in the invitation or with the delegate. That of an account is
    the person's own affair. Raises Refusal where it arrived, is overtaken, or its reader wants no such mail.
    """
    consultation = Consultation.locked(message.subject_id)
    message = OutgoingMessage.objects.select_for_update().get(pk=message.pk, purpose=SUMMARY_MAIL)
    last = last_summary(consultation)
    if message.state not in NOT_ARRIVED:
        raise Refusal(_("This mail has arrived, or is on its way."))
    if last is None or message.version != last.version:
        raise Refusal(_("A later summary went out. It says all that this one says."))
    reader = emails.readers_of(consultation, [message]).get(message.recipient_key)
    if reader is None:
        raise Refusal(_("Nobody at this address is among those invited any more."))
    other = address if address and address != message.recipient and message.user_id is None else ""
    _demand_welcome(consultation, message, other)
    if other:
        _readdress(consultation, reader, other)
    mail.send_again(message, to=other)
    log.record("resend_summary", consultation, by=by, detail=f"{message.version}")
    return message


def _demand_welcome(consultation: Consultation, message: OutgoingMessage, other: str) -> None:
    """Lift what only says that mail came back. Raises Refusal where the reader wants none, or has it already."""
    address = other or message.recipient
    key = mail.address_key(address)
    if other and key in emails.readers(consultation):
        raise Refusal(_("Somebody reads the summary at this address already."), field="address")
    blocking.lift(address)
    if blocking.why_held(blocking.held([key]).get(key), notice=True, asked_for=False):
        raise Refusal(
            _("The reader of this address wants no such mail. Call, or use another address."), field="address"
        )


def _readdress(consultation: Consultation, reader: emails.Reader, address: str) -> None:
    if reader.part == "delegate":
        seats = consultation.delegates.filter(email__iexact=reader.recipient.address, user=None)
        seats.update(email=address)
    elif reader.invitation:
        invitation = Invitation.locked(reader.invitation.pk)
        values = readdressed(invitation, address)
        for name, value in values.items():
            setattr(invitation, name, value)
        invitation.save(update_fields=[*values, "updated_at"])


def next_number(last: Told | None) -> int:
    """Return the number of the summary that is to come."""
    return last.version + 1 if last else 1


def whats_new(consultation: Consultation, last: Told, words: summaries.Words) -> bool:
    """Whether the record or the words say more than the last summary did."""
    sent = OutgoingMessage.objects.filter(purpose=SUMMARY_MAIL, subject_id=consultation.pk, version=last.version)
    said = next((row["words"] for row in sent.values_list("payload", flat=True)[:1] if "words" in row), None)
    mine = {language: words for language, words in words.texts.items() if words}
    return bool(summaries.news(consultation, last.at)) or (bool(mine) and mine != said)


def queue_summary(consultation: Consultation, last: Told | None, words: summaries.Words) -> int:
    """Queue the next summary with the words as they were read, and since when things are new. Call it in an action."""
    texts = {language: said for language, said in words.texts.items() if said}
    payload: dict[str, Any] = {"words": texts, **({"since": last.at.isoformat()} if last else {})}
    return emails.consultation_summary(consultation, version=next_number(last), payload=payload)


@transaction.atomic
def add_next_step(consultation: Consultation, *, by: User, due_on: date, **words: str) -> FollowUp:
    """Write down what happens next, and by when. Raises Refusal for a day that has passed."""
    consultation = _planning(consultation)
    _demand_ahead(consultation, due_on)
    step = FollowUp.objects.create(consultation=consultation, by=by, due_on=due_on, **words)
    log.record("add_step", step, by=by, topic=consultation)
    return step


@transaction.atomic
def change_next_step(step: FollowUp, *, by: User, version: int, due_on: date, **words: str) -> FollowUp:
    """Put a step in other words or on another day. Raises Conflict where somebody else changed it since `version`."""
    consultation = _planning(step.consultation)
    step = FollowUp.objects.select_for_update().get(pk=step.pk)
    if step.version != version:
        raise Conflict(step)
    if due_on != step.due_on:
        _demand_ahead(consultation, due_on)
    for name, value in {"due_on": due_on, **words}.items():
        setattr(step, name, value)
    step.version += 1
    step.save(update_fields=["due_on", *words, "version"])
    log.record("change_step", step, by=by, topic=consultation)
    return step


@transaction.atomic
def settle_next_step(step: FollowUp, *, by: User, done: bool) -> FollowUp:
    """Mark a step as done, or as not done after all. A second time changes nothing."""
    consultation = _planning(step.consultation)
    step = FollowUp.objects.select_for_update().get(pk=step.pk)
    if bool(step.done_at) == done:
        return step
    step.done_at = clock.database_now() if done else None
    step.version += 1
    step.save(update_fields=["done_at", "version"])
    log.record("finish_step" if done else "reopen_step", step, by=by, topic=consultation)
    return step


@transaction.atomic
def remind_of_step(step: FollowUp) -> FollowUp:
    """Tell the convenors that a step is due; once for each day it was set to. Raises Refusal where it is not."""
    step = FollowUp.objects.select_for_update().select_related("consultation").get(pk=step.pk)
    consultation = step.consultation
    if step.done_at or consultation.state == "cancelled" or step.due_on > clock.today_in(consultation.time_zone):
        raise Refusal(_("This step is not due."))
    number = step.due_on.toordinal()
    if OutgoingMessage.objects.filter(purpose=STEP_MAIL, subject_id=step.pk, version=number).exists():
        raise Refusal(_("The convenors know that this step is due."))
    if emails.next_step_due(step, version=number):
        log.record("remind_step", step, by=None, topic=consultation)
    return step


def _planning(consultation: Consultation) -> Consultation:
    consultation = Consultation.locked(consultation.pk)
    if consultation.state == "cancelled":
        raise Refusal(_("This consultation was cancelled: nothing follows."))
    return consultation


def _demand_ahead(consultation: Consultation, day: date) -> None:
    if day < clock.today_in(consultation.time_zone):
        raise Refusal(_("This day has passed."), field="due_on")

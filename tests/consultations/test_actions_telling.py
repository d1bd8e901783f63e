"""What is told afterwards: words, versions of the summary, next steps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions, emails, summaries
from consultations.models import FollowUp, Wording
from consultations.querysets import SUMMARY_MAIL, last_summary
from consultations.tasks import remind_of_steps
from portal import blocking, clock, mail
from portal.models import BlockedAddress, LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build


@pytest.fixture
def over(cast):
    """Return a concluded consultation to which two organisations were invited."""
    made = build.make_consultation(state="concluded", convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(made, cast.organisation, state="accepted", address="office@example.org")
    build.make_invitation(made, cast.other_organisation, state="declined", address="declined@example.org")
    return made


def save(consultation, by, words, version=0, **more) -> None:
    """Save the words in English."""
    actions.save_summary_words(consultation, by=by, version=version, texts={"en": words, "id": "", **more})


def send(consultation, by, version=1) -> int:
    """Send the summary of that number, with the words as they stand."""
    words = summaries.words_of(consultation).version
    return actions.send_summary(consultation, by=by, version=version, words_version=words)


def test_words_are_kept_by_language_and_sent_nowhere(over, cast) -> None:
    save(over, cast.convenor, "We agreed.", id="Sepakat.")
    assert dict(Wording.objects.values_list("language", "body")) == {"en": "We agreed.", "id": "Sepakat."}
    assert {row.kind for row in Wording.objects.all()} == {"summary"}
    assert OutgoingMessage.objects.count() == 0
    assert LogEntry.objects.filter(verb="save_summary_words").count() == 1


def test_saving_the_same_words_again_changes_nothing(over, cast) -> None:
    save(over, cast.convenor, "We agreed.")
    save(over, cast.convenor, "We agreed.", version=1)
    assert summaries.words_of(over).version == 1
    assert LogEntry.objects.filter(verb="save_summary_words").count() == 1


def test_the_second_editor_loses_nothing(over, cast) -> None:
    save(over, cast.convenor, "Ratna's words.")
    with pytest.raises(Conflict) as lost:
        save(over, cast.second_convenor, "Arun's words.")
    assert (lost.value.current.texts["en"], lost.value.current.version) == ("Ratna's words.", 1)
    save(over, cast.second_convenor, "", version=1)
    assert summaries.words_of(over).texts == {"en": ""}
    assert summaries.words_of(over).version == 2


@pytest.mark.parametrize("state", ["draft", "announced", "cancelled"])
def test_no_words_before_there_is_anything_to_sum_up(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor])
    with pytest.raises(Refusal):
        save(consultation, cast.convenor, "Too early.")
    assert Wording.objects.count() == 0


LINKS = ("https://evil.example/x", "http://evil.example", "www.evil.example", "bit.ly/abc", "evil.com", "//x.org/a")


@pytest.mark.parametrize("link", LINKS)
def test_links_to_another_host_are_found(link) -> None:
    assert summaries.foreign_links(f"Read it here: {link}.") != []


@pytest.mark.parametrize(
    "words", ["On 12.5.2027 we met.", "Write to office@tfamw.org.", "Agreed.The rest follows.", ""]
)
def test_plain_words_are_no_links(words) -> None:
    assert summaries.foreign_links(words) == []


def test_a_link_to_this_portal_is_none_to_elsewhere(settings) -> None:
    settings.SITE_HOST = "mufakat.example"
    assert summaries.foreign_links("See https://mufakat.example/en/statements/") == []
    assert summaries.foreign_links("See https://mufakat.example.evil.io/en/") != []
    assert summaries.foreign_links("See https://mufakat.example@evil.io/en/") != []


def test_words_with_a_link_to_elsewhere_are_refused(over, cast) -> None:
    with pytest.raises(Refusal):
        save(over, cast.convenor, "See https://evil.example/")
    assert Wording.objects.count() == 0


def test_the_summary_goes_to_each_once_whatever_is_repeated(over, cast) -> None:
    count = send(over, cast.convenor)
    for _again in range(2):
        with pytest.raises(Refusal):
            send(over, cast.second_convenor)
    sent = OutgoingMessage.objects.filter(purpose=SUMMARY_MAIL)
    assert (count, sent.count(), sent.values("recipient_key").distinct().count()) == (6, 6, 6)
    entry = LogEntry.objects.get(verb="send_summary")
    assert (entry.subject_id, entry.detail) == (over.pk, "1 6")


@pytest.mark.parametrize("state", ["draft", "announced", "in_session", "cancelled"])
def test_nothing_is_sent_before_it_is_concluded(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor])
    build.make_invitation(consultation)
    with pytest.raises(Refusal):
        send(consultation, cast.convenor)
    assert OutgoingMessage.objects.count() == 0


def test_an_empty_summary_is_refused(cast) -> None:
    consultation = build.make_consultation(state="concluded", convenors=[cast.convenor])
    with pytest.raises(Refusal, match="nothing to tell yet"):
        send(consultation, cast.convenor)
    save(consultation, cast.convenor, "It rained and nobody came.")
    assert send(consultation, cast.convenor) == 1


def test_words_that_the_sender_did_not_read_are_not_sent(over, cast) -> None:
    read = summaries.words_of(over).version
    save(over, cast.second_convenor, "Written meanwhile.")
    with pytest.raises(Refusal, match="changed the words meanwhile"):
        actions.send_summary(over, by=cast.convenor, version=1, words_version=read)
    assert OutgoingMessage.objects.count() == 0


def test_a_second_summary_needs_news(over, cast) -> None:
    save(over, cast.convenor, "We agreed.")
    send(over, cast.convenor)
    with pytest.raises(Refusal, match="Nothing is new"):
        send(over, cast.convenor, version=2)
    save(over, cast.convenor, "The ministry called.", version=1)
    assert send(over, cast.convenor, version=2) == 6
    assert last_summary(over).version == 2


def test_an_adoption_is_news(over, cast) -> None:
    send(over, cast.convenor)
    build.make_edition(build.make_statement(over))
    assert send(over, cast.convenor, version=2) == 6
    payload = OutgoingMessage.objects.filter(version=2).first().payload
    assert sorted(payload) == ["since", "words"]


def test_the_words_are_those_that_were_read_before_sending(over, cast) -> None:
    save(over, cast.convenor, "We agreed.")
    send(over, cast.convenor)
    save(over, cast.convenor, "Unfinished draft of the next", version=1)
    message = OutgoingMessage.objects.get(recipient="declined@example.org")
    loaded = emails.consultation_summary.load([message])[over.pk]
    said = [section.words for section in emails.consultation_summary.letter(loaded, message).context["sections"]]
    assert said[0] == "We agreed."


def test_a_later_summary_takes_the_place_of_one_that_still_waits(over, cast) -> None:
    send(over, cast.convenor)
    save(over, cast.convenor, "News.")
    send(over, cast.convenor, version=2)
    first = OutgoingMessage.objects.get(recipient="declined@example.org", version=1)
    second = OutgoingMessage.objects.get(recipient="declined@example.org", version=2)
    loaded = emails.consultation_summary.load([first])[over.pk]
    assert emails.consultation_summary.letter(loaded, first) is None
    assert emails.consultation_summary.letter(loaded, second) is not None


def step_of(consultation, by, days=3, **words) -> FollowUp:
    """Add a step that is due in so many days."""
    day = clock.today_in(consultation.time_zone) + timedelta(days=days)
    return actions.add_next_step(consultation, by=by, due_on=day, **{"text_en": "Send the letter", **words})


def test_a_step_is_written_changed_done_and_reopened(over, cast) -> None:
    step = step_of(over, cast.convenor, text_ind="Kirim surat")
    day = step.due_on + timedelta(days=7)
    actions.change_next_step(step, by=cast.second_convenor, version=1, due_on=day, text_en="Send both letters")
    actions.settle_next_step(step, by=cast.convenor, done=True)
    actions.settle_next_step(step, by=cast.convenor, done=True)
    step.refresh_from_db()
    assert (step.due_on, step.text_en, step.by, step.version) == (day, "Send both letters", cast.convenor, 3)
    assert step.done_at is not None
    actions.settle_next_step(step, by=cast.convenor, done=False)
    step.refresh_from_db()
    assert step.done_at is None
    verbs = LogEntry.objects.filter(subject_type="consultations.followup").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == ["add_step", "change_step", "finish_step", "reopen_step"]


def test_two_editors_of_one_step(over, cast) -> None:
    step = step_of(over, cast.convenor)
    actions.change_next_step(step, by=cast.convenor, version=1, due_on=step.due_on, text_en="First")
    with pytest.raises(Conflict) as lost:
        actions.change_next_step(step, by=cast.second_convenor, version=1, due_on=step.due_on, text_en="Second")
    assert lost.value.current.text_en == "First"


def test_a_step_on_a_day_that_has_passed_is_refused(over, cast) -> None:
    with pytest.raises(Refusal, match="has passed") as refused:
        step_of(over, cast.convenor, days=-1)
    assert refused.value.field == "due_on"
    step = step_of(over, cast.convenor)
    FollowUp.objects.update(due_on=timezone.localdate() - timedelta(days=9))
    step.refresh_from_db()
    actions.change_next_step(step, by=cast.convenor, version=1, due_on=step.due_on, text_en="Late, and kept")
    assert FollowUp.objects.get().text_en == "Late, and kept"


def test_nothing_follows_a_cancelled_one(cast) -> None:
    consultation = build.make_consultation(state="cancelled", convenors=[cast.convenor])
    with pytest.raises(Refusal):
        step_of(consultation, cast.convenor)
    assert FollowUp.objects.count() == 0


def test_the_convenors_are_told_on_the_day_once(over, cast) -> None:
    today = step_of(over, cast.convenor, days=0)
    step_of(over, cast.convenor, days=2)
    assert (remind_of_steps(), remind_of_steps()) == (1, 0)
    told = OutgoingMessage.objects.order_by("pk")
    assert list(told.values_list("subject_id", "recipient")) == [
        (today.pk, "convenor@example.org"),
        (today.pk, "second@example.org"),
    ]


def test_a_missed_night_is_made_up_for_and_a_new_day_is_told_again(over, cast) -> None:
    step = step_of(over, cast.convenor)
    FollowUp.objects.update(due_on=clock.today_in(over.time_zone) - timedelta(days=2))
    assert remind_of_steps() == 1
    step.refresh_from_db()
    day = clock.today_in(over.time_zone)
    actions.change_next_step(step, by=cast.convenor, version=1, due_on=day, text_en="Today then")
    assert (remind_of_steps(), remind_of_steps()) == (1, 0)
    assert OutgoingMessage.objects.count() == 4


@pytest.mark.parametrize("values", [{"done_at": timezone.now()}, {"due_on": timezone.localdate() - timedelta(days=40)}])
def test_no_mail_for_what_is_done_or_long_gone(over, cast, values) -> None:
    step_of(over, cast.convenor, days=0)
    FollowUp.objects.update(**values)
    assert remind_of_steps() == 0
    assert OutgoingMessage.objects.count() == 0


# --- Sent again ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lost(over, cast) -> OutgoingMessage:
    """Return the mail of a summary that came back from an address without an account."""
    send(over, cast.convenor)
    message = OutgoingMessage.objects.get(recipient="declined@example.org")
    OutgoingMessage.objects.exclude(pk=message.pk).update(state="sent")
    OutgoingMessage.objects.filter(pk=message.pk).update(state="bounced", attempts=4, last_error="came back (550)")
    blocking.block(message.recipient_key, "bounced")
    message.refresh_from_db()
    return message


def test_a_summary_that_came_back_is_sent_again(over, cast, lost) -> None:
    actions.resend_summary(lost, by=cast.convenor)
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.last_error, lost.version) == ("queued", 0, "", 1)
    assert blocking.held([lost.recipient_key]) == {}
    assert LogEntry.objects.filter(verb="resend_summary").count() == 1
    with pytest.raises(Refusal):
        actions.resend_summary(lost, by=cast.second_convenor)
    assert LogEntry.objects.filter(verb="resend_summary").count() == 1


def test_another_address_takes_the_place_of_the_old_one(over, cast, lost) -> None:
    invitation = over.invitations.get(address=lost.recipient)
    actions.resend_summary(lost, by=cast.convenor, address="right@example.org")
    lost.refresh_from_db()
    assert (lost.recipient, lost.recipient_key) == ("right@example.org", mail.address_key("right@example.org"))
    changed = over.invitations.get(pk=invitation.pk)
    assert changed.address == "right@example.org"
    assert changed.token != invitation.token  # whoever reads the old address no longer opens it
    assert OutgoingMessage.objects.filter(version=1).count() == len(emails.readers(over))


def test_the_address_of_a_delegate_is_put_right(over, cast) -> None:
    build.make_seat(over.invitations.first(), full_name="Siti", email="siti@exmaple.org")
    send(over, cast.convenor)
    OutgoingMessage.objects.filter(recipient="siti@exmaple.org").update(state="failed")
    message = OutgoingMessage.objects.get(recipient="siti@exmaple.org")
    actions.resend_summary(message, by=cast.convenor, address="siti@example.org")
    assert list(over.delegates.values_list("email", flat=True)) == ["siti@example.org"]


@pytest.mark.parametrize("reason", ["complained", "by-hand", "unsubscribed"])
def test_who_wants_no_such_mail_gets_none(over, cast, lost, reason) -> None:
    BlockedAddress.objects.update(reason=reason, notices_only=reason == "unsubscribed")
    with pytest.raises(Refusal) as refusal:
        actions.resend_summary(lost, by=cast.convenor)
    assert refusal.value.field == "address"
    lost.refresh_from_db()
    assert lost.state == "bounced"


def test_not_to_an_address_that_has_it_already(over, cast, lost) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.resend_summary(lost, by=cast.convenor, address="office@example.org")
    assert refusal.value.field == "address"


def test_a_summary_that_is_overtaken_is_not_sent_again(over, cast, lost) -> None:
    save(over, cast.convenor, "News.")
    send(over, cast.convenor, version=2)
    with pytest.raises(Refusal):
        actions.resend_summary(lost, by=cast.convenor)


def test_nor_to_somebody_who_is_not_invited_any_more(over, cast, lost) -> None:
    over.invitations.filter(address=lost.recipient).update(state="revoked")
    with pytest.raises(Refusal):
        actions.resend_summary(lost, by=cast.convenor)

"""The summary and the mail about a next step, as they are received, in every shipped language."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions, emails, summaries
from consultations.models import FollowUp
from portal import languages, mail
from portal.models import OutgoingMessage
from recommendations.models import Response
from tests import build
from tests.consultations.test_emails import html_of, received

LANGUAGES = [language.code for language in languages.SHIPPED]


@pytest.fixture
def over(cast):
    """Return a concluded consultation with figures large enough to be told, and a next step."""
    made = build.make_consultation(
        state="concluded",
        convenors=[cast.convenor, cast.second_convenor],
        outcome_en="We agreed.",
        outcome_ind="Sepakat.",
        declared_participants_en="about 30",
        declared_participants_ind="sekitar 30",
        hear_back_by=timezone.localdate() + timedelta(days=30),
    )
    for _count in range(6):
        invitation = build.make_invitation(made, state="accepted")
        build.make_seat(invitation, state="present")
    for treatment in ("used", *["joined"] * 6):
        build.make_submission(made, cast.organisation, cast.representative, state="in_treatment", treatment=treatment)
    day = timezone.localdate() + timedelta(days=9)
    FollowUp.objects.create(consultation=made, due_on=day, text_en="Send the letter", text_ind="Kirim surat")
    return made


def words_in(language: str, **payload):
    """Return the payload of a summary with words in that language."""
    return {"payload": {"words": {language: "Own words here."}, **payload}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_complete_in_each_language(over, language) -> None:
    message = received(emails.consultation_summary, over, language, **words_in(language))
    expected = {
        "en": (
            *("We agreed.", "Own words here.", "As declared: about 30", "Organisations invited: 6", "accepted: 6"),
            *("People who came: 6", "Organisations that came: 6", "Trade unions: 6 organisations came"),
            *("Points sent in: 7", "Send the letter", "You hear back by", f"/en/consultations/{over.slug}/"),
        ),
        "id": (
            *("Sepakat.", "Own words here.", "sekitar 30", "Serikat pekerja", "Kirim surat"),
            f"/id/consultations/{over.slug}/",
        ),
    }[language]
    for part in (message.body, html_of(message)):
        assert [words for words in expected if words not in part] == []
        assert "{{" not in part
        assert "{%" not in part
    assert "Joined with others: 6" not in message.body  # the one that was used could be told from it
    assert len(message.subject) <= 50
    assert len(html_of(message)) < 20_000
    assert "<img" not in html_of(message)
    assert over.title not in message.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_reads_another_language_is_told_in_which_the_words_are(over, language) -> None:
    other = {"en": "id", "id": "en"}[language]
    message = received(emails.consultation_summary, over, language, **words_in(other))
    assert "Own words here." in message.body
    assert f'lang="{other}"' in html_of(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_summary_tells_nothing_of_what_it_is_about(cast, language) -> None:
    hidden = dict.fromkeys(("title_en", "title_ind", "outcome_en", "outcome_ind"), "Hidden words")
    made = build.make_consultation(state="concluded", discreet=True, convenors=[cast.convenor], **hidden)
    for _count in range(6):
        build.make_invitation(made, state="accepted")
    build.make_edition(build.make_statement(made, title_en="Hidden title", title_ind="Hidden title"))
    FollowUp.objects.create(consultation=made, due_on=timezone.localdate(), text_en="Hidden", text_ind="Hidden")
    payload = {"words": {"en": "Hidden", "id": "Hidden"}, "since": "2020-01-01T00:00:00+00:00"}
    message = received(emails.consultation_summary, made, language, payload=payload, version=2)
    for part in (message.subject, message.body, html_of(message), message.message().as_string()):
        assert "idden" not in part
        assert "Item 1" not in part
        assert "Trade unions" not in part
        assert "Serikat pekerja" not in part


def test_the_page_of_a_discreet_one_is_named_to_those_who_may_open_it(cast) -> None:
    made = build.make_consultation(state="concluded", discreet=True, convenors=[cast.convenor])
    build.make_invitation(made, cast.organisation, state="declined", address="office@example.org")
    build.make_invitation_of_body(made, cast.body)
    emails.consultation_summary(made)
    loaded = emails.consultation_summary.load(list(OutgoingMessage.objects.all()))[made.pk]
    links = {
        message.recipient: bool(emails.consultation_summary.letter(loaded, message).context["link"])
        for message in OutgoingMessage.objects.all()
    }
    assert links == {
        "convenor@example.org": True,
        "lead@example.org": True,
        "liaison@example.org": True,
        "office@example.org": False,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_later_summary_begins_with_what_is_new(over, cast, language) -> None:
    edition = build.make_edition(build.make_statement(over))
    conveyance = build.make_conveyance(edition, cast.body)
    for item in edition.items.all()[:2]:
        Response.objects.create(
            item=item, body=cast.body, conveyance=conveyance, kind="noted", published_at=timezone.now()
        )
    FollowUp.objects.update(done_at=timezone.now())
    since = (timezone.now() - timedelta(days=1)).isoformat()
    message = received(emails.consultation_summary, over, language, version=2, payload={"words": {}, "since": since})
    expected = {
        "en": ("New since the last summary", "was adopted on", "is published", "answered 2 items", "Done: Send the"),
        "id": (cast.body.name_ind, "Kirim surat"),
    }[language]
    for part in (message.body, html_of(message)):
        assert [words for words in expected if words not in part] == []
    assert len(message.subject) <= 50
    first = received(emails.consultation_summary, over, language, payload={"words": {}})
    assert message.subject != first.subject


def test_what_is_adopted_and_not_published_is_told_by_its_day_alone(over) -> None:
    build.make_edition(build.make_statement(over, title_en="Not out yet"), published=False)
    body = received(emails.consultation_summary, over).body
    assert "Adopted on" in body
    assert "It is published next." in body
    assert "Not out yet" not in body
    assert "Item 1" not in body


def test_a_long_statement_is_cut_and_says_so(over) -> None:
    build.make_edition(build.make_statement(over), items=20)
    body = received(emails.consultation_summary, over).body
    assert "and 28 more on its page" in body
    assert len(html_of(received(emails.consultation_summary, over))) < 20_000


def test_everybody_who_was_invited_is_told_whatever_they_answered(cast) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    for state in ("sent", "accepted", "tentative", "declined", "lapsed", "waitlisted", "offered", "to_reconfirm"):
        build.make_invitation(made, state=state, address=f"{state}@example.org")
    for state in ("drafted", "approved", "revoked", "undeliverable"):
        build.make_invitation(made, state=state, address=f"{state}@example.org")
    for state in ("suspended", "merged", "dissolved"):
        build.make_invitation(made, build.make_organisation(state=state), address=f"{state}@example.org")
    build.make_invitation_of_body(made, cast.body, address="ministry@example.org")
    build.make_invitation_of_person(made, address="sri@example.org")
    silent = build.make_invitation_of_person(made, "Bapak Adi")
    addresses = {reader.recipient.address for reader in emails.readers(made).values()}
    assert addresses == {
        *("convenor@example.org", "liaison@example.org", "ministry@example.org", "sri@example.org"),
        *("sent@example.org", "accepted@example.org", "tentative@example.org", "declined@example.org"),
        *("lapsed@example.org", "waitlisted@example.org", "offered@example.org", "to_reconfirm@example.org"),
    }
    lost = made.invitations.get(state="undeliverable")
    assert [one.pk for one in emails.untold(made)] == [lost.pk, silent.pk]


def test_delegates_are_told_once_and_staff_is_not(cast) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    invitation = build.make_invitation(made, address="office@example.org", language="id")
    build.make_seat(invitation, email="delegate@example.org", state="excused")
    build.make_seat(invitation, email="Office@example.org", state="present")
    build.make_seat(invitation, email="replaced@example.org", state="substituted")
    build.make_seat(invitation, email="interpreter@example.org", part="interpreter", state="present")
    build.make_seat(invitation, user=cast.representative, state="present")
    found = {reader.recipient.address: reader.recipient.language for reader in emails.readers(made).values()}
    assert found == {
        "convenor@example.org": "en",
        "office@example.org": "id",
        "delegate@example.org": "id",
        "lead@example.org": "en",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_readers_cost_the_same_however_many(cast, count, django_assert_num_queries) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    for _index in range(count):
        organisation = build.make_organisation()
        build.make_member(organisation)
        build.make_seat(build.make_invitation(made, organisation), email="x@example.org")
        build.make_invitation_of_body(made, build.make_body(), address="y@example.org")
    with django_assert_num_queries(5):
        emails.readers(made)


def test_a_part_of_the_readers_is_as_in_the_whole(cast) -> None:
    """By their mails, by the invitations of a page, or by the key in an address."""
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    both = {"user": cast.representative, "state": "active", "since": build.LONG_AGO, "role": "lead"}
    cast.other_organisation.memberships.create(**both)
    first = build.make_invitation(made, cast.organisation, address="Office@example.org", language="id")
    build.make_invitation(made, cast.other_organisation, address="other@example.org")
    build.make_invitation(made, address="silent@example.org", state="declined")
    build.make_invitation_of_body(made, cast.body, address="ministry@example.org")
    build.make_invitation_of_person(made, address="sri@example.org")
    build.make_seat(first, email="office@example.org")
    build.make_seat(first, email="delegate@example.org")
    whole = emails.readers(made)
    assert {one.part for one in whole.values()} == {"convenor", "member", "office", "person", "delegate"}
    mails = [
        OutgoingMessage(
            recipient=one.recipient.address, recipient_key=key, user_id=one.recipient.user_id, subject_id=made.pk
        )
        for key, one in whole.items()
    ]
    assert emails.readers_of(made, mails) == whole
    assert [emails.readers_of(made, [mail]) for mail in mails] == [{key: one} for key, one in whole.items()]
    assert {**emails.walked_in(made), **emails.readers_behind(made, emails.invited(made))} == whole
    assert [emails.reader_at(made, one.key) for one in whole.values()] == list(whole.values())
    assert emails.parts_told(made) == ["convenor", "member", "office", "person", "delegate"]
    assert [emails.first_reader(made, part).part for part in emails.parts_told(made)] == emails.parts_told(made)


@pytest.mark.parametrize("key", ["", "u", "x1", "u-1", "i0", "s99", "u²", "i" + "9" * 30])
def test_a_key_that_nobody_has(cast, key) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    assert emails.reader_at(made, key) is None


@pytest.mark.parametrize("part", ["convenor", "member", "office", "person", "delegate"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_why_the_reader_gets_it(over, part, language) -> None:
    message = OutgoingMessage(purpose=emails.consultation_summary.purpose, language=language, recipient="x@example.org")
    composed = mail.compose(message, emails.consultation_summary.content(over, message, part))
    why = {"en": "Why you get this: ", "id": "Mengapa Anda menerima surel ini: "}[language]
    assert composed.body.strip().splitlines()[-1].startswith(why)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("discreet", [False, True])
def test_the_mail_about_a_step(cast, language, discreet) -> None:
    made = build.make_consultation(
        state="concluded", convenors=[cast.convenor], discreet=discreet, title_en="Named", title_ind="Bernama"
    )
    step = FollowUp.objects.create(
        consultation=made, due_on=timezone.localdate(), text_en="Send the letter", text_ind="Kirim surat"
    )
    emails.next_step_due(step, version=step.due_on.toordinal())
    sent = OutgoingMessage.objects.get()
    sent.language = language
    loaded = emails.next_step_due.load([sent])[step.pk]
    message = mail.compose(sent, emails.next_step_due.letter(loaded, sent))
    shown = {"en": ("Send the letter", "Named"), "id": ("Kirim surat", "Bernama")}[language]
    for part in (message.body, html_of(message)):
        assert [words in part for words in shown] == [not discreet, not discreet]
        assert f"/{language}/consultations/{made.slug}/next/" in part
        assert "{{" not in part
    assert len(message.subject) <= 50
    assert len(html_of(message)) < 20_000


def test_no_mail_about_a_step_that_is_done_or_to_one_who_no_longer_convenes(cast) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    step = FollowUp.objects.create(consultation=made, due_on=timezone.localdate(), text_en="Send the letter")
    emails.next_step_due(step, version=step.due_on.toordinal())
    message = OutgoingMessage.objects.get()

    def letter():
        return emails.next_step_due.letter(emails.next_step_due.load([message])[step.pk], message)

    assert letter() is not None
    made.convenors.clear()
    assert letter() is None
    made.convenors.set([cast.convenor])
    actions.settle_next_step(step, by=cast.convenor, done=True)
    assert letter() is None


def test_words_are_shown_as_they_were_typed(over) -> None:
    payload = {"words": {"en": "<b>Bold</b> & {{ consultation.venue }}"}}
    message = received(emails.consultation_summary, over, payload=payload)
    assert "<b>Bold</b> & {{ consultation.venue }}" in message.body
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; {{ consultation.venue }}" in html_of(message)


@pytest.mark.parametrize("state", ["draft", "announced", "in_session", "cancelled"])
def test_a_summary_of_what_is_not_over_is_not_sent(over, state) -> None:
    emails.consultation_summary(over)
    type(over).objects.update(state=state)
    message = OutgoingMessage.objects.first()
    loaded = emails.consultation_summary.load([message])[over.pk]
    assert emails.consultation_summary.letter(loaded, message) is None


def test_nothing_to_say_says_nothing(cast) -> None:
    made = build.make_consultation(state="concluded", convenors=[cast.convenor])
    assert summaries.says_nothing(made, summaries.words_of(made))
    assert [section.title for section in summaries.sections(made, summaries.words_of(made))] == ["What happens next"]

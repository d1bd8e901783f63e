"""The weekly summary: only what changed, only what its reader may see, never empty, never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import Consultation
from portal import digests, languages, log, mail
from portal.models import OutgoingMessage, User
from recommendations.models import Response
from tests import build
from tests.conftest import as_person

LANGUAGES = [language.code for language in languages.SHIPPED]
# A Monday, seven in the morning in Jakarta (GMT+7) and nine in Dili (GMT+9).
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.fixture
def week(cast) -> digests.Span:
    """Return the week that ends now; everybody joined long ago."""
    User.objects.update(joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    return digests.Span(timezone.now() - timedelta(days=7), timezone.now() + timedelta(minutes=1))


def told(user: User, span: digests.Span) -> dict[str, list[str]]:
    """Return the lines that the person would read, by the title of the section."""
    user = User.objects.get(pk=user.pk)
    return {one.title: [line.words for line in one.lines] for one in digests.sections(user, span)}


def received(user: User, language: str = "en", span: digests.Span | None = None):
    """Return the mail as it is handed to the server; None where it no longer matters."""
    times = {"since": span.since.isoformat(), "until": span.until.isoformat()} if span else {}
    message = OutgoingMessage(
        purpose=digests.weekly_digest.purpose,
        subject_id=user.pk,
        recipient=user.email,
        user_id=user.pk,
        language=language,
        time_zone=user.time_zone,
        payload=times,
    )
    letter = digests.weekly_digest.letter(digests.weekly_digest.load([message])[user.pk], message)
    return mail.compose(message, letter) if letter else None


def html_of(message) -> str:
    """Return the HTML part."""
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def test_nothing_changed_for_anybody(cast, week) -> None:
    build.make_consultation()
    assert [told(user, week) for user in cast.people().values() if user] == [{}] * 8


def test_a_new_invitation_with_its_deadline(cast, week) -> None:
    consultation = build.make_consultation()
    build.make_invitation(consultation, cast.organisation, sent_at=timezone.now())
    assert told(cast.representative, week) == {"New invitations": [consultation.title]}
    assert told(cast.colleague, week) == {"New invitations": [consultation.title]}
    assert told(cast.other_member, week) == {}
    assert told(cast.liaison, week) == {}
    assert told(cast.stranger, week) == {}
    found = digests.sections(User.objects.get(pk=cast.representative.pk), week)
    assert found[0].lines[0].due.startswith("answer by ")


@pytest.mark.parametrize("state", ["accepted", "declined", "revoked", "drafted", "approved"])
def test_no_new_invitation_where_it_was_answered_or_is_not_there(cast, week, state) -> None:
    build.make_invitation(build.make_consultation(), cast.organisation, state=state, sent_at=timezone.now())
    assert told(cast.representative, week) == {}


def test_each_deadline_is_told_once_when_it_comes_near(cast, week) -> None:
    day = timezone.localdate() + timedelta(days=8)
    closes = timezone.now() + timedelta(days=6)
    consultation = build.make_consultation(answer_by=day, input_closes=closes)
    build.make_invitation(consultation, cast.organisation, sent_at=timezone.now() - timedelta(days=30))
    assert told(cast.representative, week) == {"Deadlines that come near": [consultation.title] * 2}
    later = digests.Span(week.until, week.until + timedelta(days=1))
    assert told(cast.representative, later) == {}


def test_deadlines_that_are_far_or_over_are_not_told(cast, week) -> None:
    far = build.make_consultation(answer_by=timezone.localdate() + timedelta(days=20))
    gone = build.make_consultation(
        answer_by=timezone.localdate() - timedelta(days=2), input_closes=timezone.now() - timedelta(days=1)
    )
    for consultation in (far, gone):
        build.make_invitation(consultation, cast.organisation, sent_at=timezone.now() - timedelta(days=30))
    assert told(cast.representative, week) == {}


def test_what_became_of_a_point_is_told_without_its_words(cast, week) -> None:
    consultation = build.make_consultation()
    build.make_invitation(consultation, cast.organisation, state="accepted")
    values = {"state": "in_treatment", "treatment": "joined", "text": "Secret words"}
    submission = build.make_submission(consultation, cast.organisation, cast.representative, **values)
    assert told(cast.representative, week) == {}
    fate = build.make_fate(submission)
    lines = told(cast.representative, week)["What became of your points"]
    assert len(lines) == 1
    assert lines[0].endswith(": joined with others")
    assert "Secret" not in received(cast.representative, span=week).body
    assert told(cast.other_member, week) == {}
    type(fate).objects.update(created_at=timezone.now() - timedelta(days=9))
    assert told(cast.representative, week) == {}


def test_a_circulated_text_is_told_to_those_who_may_read_it(cast, week) -> None:
    consultation = build.make_consultation()
    build.make_invitation(consultation, cast.organisation, state="accepted")
    build.make_invitation(consultation, cast.other_organisation, state="declined")
    statement = build.make_statement(consultation, state="tabled")
    assert told(cast.representative, week) == {}
    log.record("table", statement, by=None, topic=consultation)
    assert told(cast.representative, week) == {"Texts that wait for a position": [statement.title]}
    assert told(cast.other_member, week) == {}


def test_publication_and_answers(cast, week) -> None:
    consultation = build.make_consultation(state="concluded")
    build.make_invitation(consultation, cast.organisation, state="accepted")
    build.make_invitation(consultation, cast.other_organisation, state="declined")
    edition = build.make_edition(build.make_statement(consultation))
    for item in edition.items.all()[:3]:
        Response.objects.create(item=item, body=cast.body, kind="noted", published_at=timezone.now())
    title = edition.statement.title
    published = {"Adopted and published": [title]}
    answered = {"Answers to what you adopted": [f"{cast.body.name} answered 3 items of: {title}"]}
    assert told(cast.representative, week) == {**published, **answered}
    assert told(cast.other_member, week) == published


def test_a_liaison_reads_what_waits_for_the_office(cast, week) -> None:
    edition = build.make_edition(build.make_statement(build.make_consultation(state="concluded")))
    conveyance = build.make_conveyance(edition, cast.body, reply_due=timezone.localdate() + timedelta(days=60))
    title = edition.statement.title
    assert told(cast.liaison, week) == {"To acknowledge": [title]}
    assert told(cast.other_liaison, week) == {}
    type(conveyance).objects.update(state="acknowledged", acknowledged_at=timezone.now())
    assert told(cast.liaison, week) == {"To answer": [f"4 items wait for an answer: {title}"]}
    long_ago = timezone.now() - timedelta(days=50)
    type(conveyance).objects.update(
        acknowledged_at=long_ago, sent_on=long_ago.date(), reply_due=timezone.localdate() + timedelta(days=9)
    )
    assert told(cast.liaison, week) == {"Due dates that come near": [title]}
    type(conveyance).objects.update(reply_due=timezone.localdate() - timedelta(days=2))
    assert told(cast.liaison, week) == {"Due dates that come near": [f"Overdue: {title}"]}
    type(conveyance).objects.update(state="answered")
    assert told(cast.liaison, week) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_in_each_language(cast, week, language) -> None:
    consultation = build.make_consultation()
    build.make_invitation(consultation, cast.organisation, sent_at=timezone.now())
    message = received(cast.representative, language, week)
    title = {"en": consultation.title_en, "id": consultation.title_ind}[language]
    for part in (message.body, html_of(message)):
        assert title in part
        assert f"/{language}/invitations/" in part
        assert f"/{language}/account/profile/" in part
        assert "{{" not in part
        assert "{%" not in part
        assert cast.organisation.name not in part
    assert len(message.subject) <= 50
    assert len(html_of(message)) < 20_000
    assert "GMT+7" in message.body
    why = {"en": "Why you get this: ", "id": "Mengapa Anda menerima surel ini: "}[language]
    assert message.body.strip().splitlines()[-2].startswith(why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_withheld_and_discreet_names_are_nowhere(cast, week, language) -> None:
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    member = build.make_member(hidden)
    consultation = build.make_consultation(discreet=True, title_en="Hidden title", title_ind="Judul tersembunyi")
    build.make_invitation(consultation, hidden, sent_at=timezone.now())
    values = {"state": "in_treatment", "treatment": "used", "text": "Hidden words"}
    build.make_fate(build.make_submission(consultation, hidden, member, **values))
    whole = received(member, language, week).message().as_string()
    assert "Rahasia" not in whole
    assert "idden" not in whole
    assert "ersembunyi" not in whole


def test_rights_are_asked_again_when_it_is_made(cast, week) -> None:
    build.make_invitation(build.make_consultation(), cast.organisation, sent_at=timezone.now())
    assert received(cast.representative, span=week) is not None
    cast.organisation.memberships.update(state="left")
    assert received(cast.representative, span=week) is None


@pytest.mark.parametrize("values", [{"wants_digest": False}, {"is_active": False}])
def test_who_wants_none_or_may_not_sign_in_gets_none(cast, week, values) -> None:
    build.make_invitation(build.make_consultation(), cast.organisation, sent_at=timezone.now())
    User.objects.filter(pk=cast.representative.pk).update(**values)
    assert received(cast.representative, span=week) is None
    assert digests.send_digest(cast.representative, at=timezone.now()) == 0
    assert OutgoingMessage.objects.count() == 0


def test_it_is_no_mail_without_its_time(cast) -> None:
    assert received(cast.representative) is None


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("Asia/Jakarta", MONDAY, MONDAY),
        ("Asia/Jakarta", MONDAY - timedelta(minutes=1), MONDAY - timedelta(days=7)),
        ("Asia/Dili", MONDAY - timedelta(hours=2), MONDAY - timedelta(hours=2)),
        ("Asia/Jakarta", MONDAY + timedelta(days=6, hours=23), MONDAY),
    ],
)
def test_monday_morning_is_the_readers_own(zone, moment, expected) -> None:
    assert digests.last_monday(zone, moment) == expected


@pytest.fixture
def waiting(cast):
    """Return the representative, for whom something changed on the Sunday before; everybody joined long ago."""
    User.objects.update(joined_at=MONDAY - timedelta(days=90), digest_sent_at=MONDAY - timedelta(days=7))
    later = date(2027, 2, 1)
    closes = datetime(2027, 1, 20, tzinfo=UTC)
    consultation = build.make_consultation(starts_on=later, ends_on=later, answer_by=later, input_closes=closes)
    build.make_invitation(consultation, cast.organisation, sent_at=MONDAY - timedelta(days=1))
    return cast.representative


def run(monkeypatch: pytest.MonkeyPatch, at: datetime) -> int:
    """Run the clock's job at the moment."""
    monkeypatch.setattr(digests.timezone, "now", lambda: at)
    return digests.send_digests()


def test_it_goes_out_on_monday_morning_once(waiting, cast, monkeypatch) -> None:
    assert run(monkeypatch, MONDAY - timedelta(minutes=1)) == 0
    assert run(monkeypatch, MONDAY) == 2
    assert run(monkeypatch, MONDAY) == 0
    assert run(monkeypatch, MONDAY + timedelta(hours=5)) == 0
    found = OutgoingMessage.objects.order_by("recipient").values_list("recipient", flat=True)
    assert list(found) == ["drafter@example.org", "lead@example.org"]
    waiting.refresh_from_db()
    assert waiting.digest_sent_at == MONDAY


def test_a_missed_night_is_made_up_for_and_a_missed_week_is_told_next_monday(waiting, monkeypatch) -> None:
    assert run(monkeypatch, MONDAY + timedelta(days=3)) == 0
    assert run(monkeypatch, MONDAY + timedelta(days=7, hours=26)) == 2
    message = OutgoingMessage.objects.get(recipient="lead@example.org")
    assert datetime.fromisoformat(message.payload["since"]) == MONDAY - timedelta(days=7)


def test_where_nothing_changed_the_marker_moves_and_no_mail_goes(waiting, cast, monkeypatch) -> None:
    Consultation.objects.update(state="cancelled")
    assert run(monkeypatch, MONDAY) == 0
    assert OutgoingMessage.objects.count() == 0
    waiting.refresh_from_db()
    assert waiting.digest_sent_at == MONDAY


def test_who_joined_after_monday_waits_for_the_next(waiting, monkeypatch) -> None:
    User.objects.update(joined_at=MONDAY + timedelta(hours=2), digest_sent_at=None)
    assert run(monkeypatch, MONDAY + timedelta(hours=3)) == 0


def test_the_zones_have_their_own_morning(waiting, cast, monkeypatch) -> None:
    User.objects.filter(pk=waiting.pk).update(time_zone="Asia/Dili")
    assert run(monkeypatch, MONDAY - timedelta(hours=2)) == 1
    assert OutgoingMessage.objects.get().recipient == "lead@example.org"
    assert run(monkeypatch, MONDAY) == 1


def test_one_failure_does_not_stop_the_rest(waiting, cast, monkeypatch) -> None:
    plain = digests.send_digest

    def breaks(user, *, at):
        if user.pk == waiting.pk:
            raise RuntimeError
        return plain(user, at=at)

    monkeypatch.setattr(digests, "send_digest", breaks)
    assert run(monkeypatch, MONDAY) == 1
    monkeypatch.setattr(digests, "send_digest", plain)
    assert run(monkeypatch, MONDAY + timedelta(hours=1)) == 1


def test_the_switch_on_the_profile(cast) -> None:
    client, person = as_person(cast.representative), cast.representative
    form = {"full_name": "Lead", "language": "en", "time_zone": "Asia/Jakarta"}
    assert "weekly summary by mail" in client.get("/en/account/profile/").content.decode()
    client.post("/en/account/profile/", form)
    person.refresh_from_db()
    assert person.wants_digest is False
    client.post("/en/account/profile/", {**form, "wants_digest": "on"})
    person.refresh_from_db()
    assert person.wants_digest is True

"""The pages of sending: exact counts, an hour, holding back, one invitation's state, a message to copy, the plan."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import Consultation
from portal import bounces, delivery, log, mail
from portal.models import BlockedAddress, OutgoingMessage
from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/invitations/{path}"


def words(response) -> str:
    """Return the page with single spaces."""
    return " ".join(response.content.decode().split())


PAGES = {"remind/plan/": 200, "hold-back/": 200}
PAGES_OF_ONE = {"": 200, "resend/": 200, "message/": 200, "test/": 405}


@pytest.mark.parametrize("path", PAGES)
def test_who_opens_which_page(cast, consultation, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(consultation, path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("path", PAGES_OF_ONE)
def test_who_opens_the_pages_of_one_invitation(cast, consultation, path) -> None:
    invitation = build.make_invitation(consultation, cast.organisation)
    people, own = cast.people(), PAGES_OF_ONE[path]
    others = 405 if own == 405 else 403
    found = {
        name: as_person(people[name]).get(at(consultation, f"{invitation.pk}/{path}")).status_code for name in PEOPLE
    }
    assert found == {**dict.fromkeys(PEOPLE, others), "convenor": own, "second_convenor": own, "anonymous": 302}
    elsewhere = build.make_invitation(build.make_consultation())
    found = as_person(cast.convenor).get(at(consultation, f"{elsewhere.pk}/{path}")).status_code
    assert found == (405 if own == 405 else 404)


def test_a_test_needs_the_right_and_a_post(cast, consultation, mailoutbox) -> None:
    invitation = build.make_invitation(consultation, cast.organisation)
    address = at(consultation, f"{invitation.pk}/test/")
    for name in ("representative", "liaison", "stranger"):
        assert as_person(getattr(cast, name)).post(address).status_code == 403
    client = as_person(cast.convenor)
    response = client.post(address, {"kind": "reminder", "language": "id", "one_time_key": "k"})
    assert response.url == at(consultation, f"{invitation.pk}/preview/?kind=reminder&language=id")
    client.post(address, {"kind": "reminder", "language": "id", "one_time_key": "k"})
    client.post(address, {"kind": "x", "language": "'"})
    delivery.deliver_batch()
    assert [one.to for one in mailoutbox] == [[cast.convenor.email]] * 2


@pytest.mark.parametrize(("state", "status"), [("draft", 302), ("in_session", 302), ("concluded", 403)])
def test_a_test_comes_to_the_convenor_before_anything_is_announced(cast, state, status, mailoutbox) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    invitation = build.make_invitation(consultation, cast.organisation, state="drafted")
    client = as_person(cast.convenor)
    shown = "Send a test to me" in client.get(at(consultation, f"{invitation.pk}/preview/")).content.decode()
    assert client.post(at(consultation, f"{invitation.pk}/test/"), {"kind": "invitation"}).status_code == status
    delivery.deliver_batch()
    assert (shown, len(mailoutbox)) == ((True, 1) if status == 302 else (False, 0))


def test_exact_counts_and_who_is_left_out(cast, consultation) -> None:
    for number, language in enumerate(("en", "id", "km")):
        build.make_invitation(consultation, state="approved", language=language, address=f"a{number}@example.org")
    build.make_invitation(consultation, state="approved", way="trusted", address="friend@example.org")
    build.make_invitation(consultation, state="approved", way="trusted", address="")
    build.make_invitation_of_body(consultation, state="approved")
    build.make_invitation(consultation, state="drafted")
    build.make_invitation(consultation, build.make_organisation(state="suspended"), state="approved")
    BlockedAddress.objects.create(key=mail.address_key("a1@example.org"), reason="bounced")
    BlockedAddress.objects.create(key=mail.address_key("a2@example.org"), reason="unsubscribed", notices_only=True)
    body = words(as_person(cast.convenor).get(at(consultation, "send/")))
    assert (
        "This sends 4 mails in 2 languages (English 3, Indonesian 1); 1 letter; 2 through trusted contacts "
        "(1 of them without mail: copy its message)." in body
    )
    assert "1 recipient reads Khmer and gets English." in body
    assert "1 is drafted and not approved." in body
    assert "1 is approved, but its organisation is suspended or no longer there." in body
    assert "1 goes to an address that is blocked" in body
    assert "Send 4 invitations" in body


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"when": "later"}, "Say on which day."),
        ({"when": "later", "day": "2570-05-12", "hour": "09:00"}, "2570: did you mean 2027?"),
        ({"when": "later", "day": "2020-05-12", "hour": "09:00"}, "this hour is over already"),
        ({"when": "later", "day": "2199-05-12", "hour": "09:00"}, "after the last day for answers"),
        ({"when": "later", "day": "2027-05-12", "hour": "25:00"}, "Write a time, for example 09:00."),
    ],
)
def test_an_hour_that_cannot_be_meant_is_said_beside_the_field(cast, consultation, data, sentence) -> None:
    build.make_invitation(consultation, state="approved")
    response = as_person(cast.convenor).post(at(consultation, "send/"), data)
    assert sentence in response.content.decode()
    assert all(response.context["form"].data[name] == data[name] for name in data)
    assert consultation.invitations.get().state == "approved"
    assert not OutgoingMessage.objects.exists()


def test_later_then_held_back(cast, consultation) -> None:
    for _count in range(2):
        build.make_invitation(consultation, state="approved")
    client = as_person(cast.convenor)
    day = timezone.localdate() + timedelta(days=1)
    response = client.post(at(consultation, "send/"), {"when": "later", "day": day, "hour": "09:00"})
    assert response.url == at(consultation, "progress/")
    body = words(client.get(response.url))
    assert "2 wait for their hour, the first until" in body
    assert "All that is due has gone out." in body
    assert "http-equiv" not in body
    assert "goes out on" in words(client.get(at(consultation)))
    one = words(client.get(at(consultation, f"{consultation.invitations.first().pk}/")))
    assert [said in one for said in ("Waits for its hour", "Goes out", "Sent</dt>")] == [True, True, False]
    assert "2 mails wait for their hour." in words(client.get(at(consultation, "hold-back/")))
    first, again = (
        client.post(at(consultation, "hold-back/"), {"one_time_key": "k"}, follow=True) for _count in range(2)
    )
    assert "They are approved, and can be sent anew." in words(first)
    assert again.redirect_chain == first.redirect_chain
    assert set(consultation.invitations.values_list("state", flat=True)) == {"approved"}
    assert "no longer needed" not in words(client.get(at(consultation)))
    assert "on their way" not in words(client.get(at(consultation, "progress/")))
    assert "Nothing waits for its hour" in words(client.get(at(consultation, "hold-back/")))


def test_more_than_the_day_allows_asks_first(cast, consultation, settings) -> None:
    settings.MAIL_PER_DAY, settings.MAIL_DAY_RESERVE = 1, 0
    for _count in range(3):
        build.make_invitation(consultation, state="approved")
    client = as_person(cast.convenor)
    assert "Spread over 3 days, the last goes out by" in words(client.get(at(consultation, "send/")))
    body = words(client.post(at(consultation, "send/"), {"when": "now"}))
    assert "3 mails are more than the 1 that may leave in a day." in body
    assert not OutgoingMessage.objects.exists()
    assert client.post(at(consultation, "send/"), {"when": "now", "paced": "on"}).status_code == 302
    assert OutgoingMessage.objects.count() == 3


def test_the_bar_tells_what_is_held_back_and_lost(cast, consultation) -> None:
    for state in ("sent", "withheld", "failed"):
        invitation = build.make_invitation(consultation)
        OutgoingMessage.objects.create(
            purpose="consultations.invitation_sent",
            subject_id=invitation.pk,
            topic=f"consultations.consultation:{consultation.pk}",
            state=state,
        )
    body = words(as_person(cast.convenor).get(at(consultation, "progress/")))
    assert "1 of 3" in body
    assert "1 is held back: its address is blocked" in body


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("send/", 10), ("progress/", 5), ("remind/", 6)])
def test_pages_cost_the_same(cast, consultation, count, path, queries, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(consultation, state="approved")
        build.make_invitation(consultation)
    client = as_person(cast.convenor)
    client.get(at(consultation, path))
    with django_assert_num_queries(queries):
        client.get(at(consultation, path))


@pytest.mark.parametrize("count", [1, 3])
def test_one_invitation_costs_the_same(cast, consultation, count, django_assert_num_queries) -> None:
    invitation = build.make_invitation(consultation)
    for version in range(count):
        build.make_invitation(consultation)
        OutgoingMessage.objects.create(
            purpose="consultations.invitation_sent", subject_id=invitation.pk, version=version, recipient_key="x"
        )
        invitation.answers.create(verb="maybe", channel="phone", by=cast.convenor)
    client = as_person(cast.convenor)
    for path, queries in ((f"{invitation.pk}/", 9), (f"{invitation.pk}/preview/", 13)):
        client.get(at(consultation, path))
        with django_assert_num_queries(queries):
            client.get(at(consultation, path))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("the recipient was refused (550)", "there is no such mailbox"),
        ("the recipient was refused (552 5.2.2 over quota)", "Their mailbox is full."),
        ("the message was refused (554)", "takes our mail for unwanted"),
        ("the recipient was refused for now (450)", "asked us to wait"),
        ("given up after 72 hours: the line broke: OSError", "Tried for three days"),
        ("could not be made: KeyError", "That is our fault"),
        ("mail to this address came back before", "came back before"),
        ("something new", "something new"),
    ],
)
def test_why_a_mail_did_not_arrive_is_said_in_words(cast, consultation, error, sentence) -> None:
    invitation = build.make_invitation(consultation, state="undeliverable")
    OutgoingMessage.objects.create(
        purpose="consultations.invitation_sent", subject_id=invitation.pk, state="failed", last_error=error
    )
    client = as_person(cast.convenor)
    body = words(client.get(at(consultation, f"{invitation.pk}/")))
    assert body.count(sentence) == 2  # above the facts, and beside the mail
    assert "Repair and send again" in body
    assert sentence in words(client.get(at(consultation, f"{invitation.pk}/repair/")))


def test_what_came_back_is_history_once_a_later_mail_arrived(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, address="new@example.org")
    mails = {"purpose": "consultations.invitation_sent", "subject_id": invitation.pk}
    OutgoingMessage.objects.create(**mails, state="bounced", last_error="the mail came back (5.1.1)")
    client, address = as_person(cast.convenor), at(consultation, f"{invitation.pk}/")
    assert words(client.get(address)).count("Ask for another address.") == 2
    OutgoingMessage.objects.create(**mails, version=2, state="sent", recipient="new@example.org")
    assert words(client.get(address)).count("Ask for another address.") == 1  # beside its mail


@pytest.mark.parametrize(("recipient", "times"), [("dewi@example.org", 2), ("before@example.org", 1)])
def test_a_complaint_is_said_before_anybody_writes_again(cast, consultation, recipient, times) -> None:
    invitation = build.make_invitation(consultation, address="dewi@example.org")
    message = OutgoingMessage.objects.create(
        purpose="consultations.invitation_sent", subject_id=invitation.pk, state="sent", recipient=recipient
    )
    bounces.note(message, bounces.Fate.COMPLAINED)
    OutgoingMessage.objects.create(
        purpose="consultations.invitation_reminder", subject_id=invitation.pk, state="sent", recipient=recipient
    )
    client, said = as_person(cast.convenor), "Do not write again: call."
    assert words(client.get(at(consultation, f"{invitation.pk}/"))).count(said) == times
    assert words(client.get(at(consultation, f"{invitation.pk}/resend/"))).count(said) == times - 1


def test_what_was_said_stands_on_its_page(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, state="accepted", seats_accepted=2)
    invitation.answers.create(verb="maybe", channel="link", note="We ask our board.")
    invitation.answers.create(verb="yes", seats=2, channel="phone", by=cast.convenor)
    body = words(as_person(cast.convenor).get(at(consultation, f"{invitation.pk}/")))
    assert "Yes, 2 seats" in body
    assert "We ask our board." in body
    assert "2 / 2" in body


def test_send_again_from_its_page(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, address="old@example.org")
    client = as_person(cast.convenor)
    body = client.get(at(consultation, f"{invitation.pk}/resend/")).content.decode()
    assert 'value="old@example.org"' in body
    assert "Write one e-mail address" in words(
        client.post(at(consultation, f"{invitation.pk}/resend/"), {"address": "x"})
    )
    again = client.post(at(consultation, f"{invitation.pk}/resend/"), {"address": "old@example.org"}, follow=True)
    assert "Its link is the same." in words(again)
    refused = client.post(at(consultation, f"{invitation.pk}/resend/"), {"address": "old@example.org"})
    assert "still on its way" in words(refused)
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_message_to_copy_names_nobody(cast, language) -> None:
    consultation = build.make_consultation(
        convenors=[cast.convenor], title_en="Hidden title", title_ind="Hidden title", city_en="Medan", city_ind="Medan"
    )
    hidden = build.make_organisation(name="Rahasia Kita")
    invitation = build.make_invitation(consultation, hidden, way="trusted", address="", language=language)
    text = as_person(cast.convenor).get(at(consultation, f"{invitation.pk}/message/")).context["text"]
    assert f"/{language}/i/{invitation.token}/" in text
    assert "Medan" in text
    assert "Hidden" not in text
    assert "Rahasia" not in text


def test_of_a_mail_nobody_else_sees_the_link(cast, consultation) -> None:
    for way in ("mail", "trusted"):
        invitation = build.make_invitation(consultation, way=way)
        body = as_person(cast.convenor).get(at(consultation, f"{invitation.pk}/message/")).content.decode()
        assert invitation.token not in body
        assert "This invitation goes by mail." in body


def test_no_message_before_it_is_sent(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, state="approved", address="")
    body = as_person(cast.convenor).get(at(consultation, f"{invitation.pk}/message/")).content.decode()
    assert invitation.token not in body
    assert "There is no message yet" in body


def test_leafing_through_recipients_in_any_language(cast, consultation) -> None:
    first, second, third = (build.make_invitation(consultation, language=code) for code in ("en", "km", "th"))
    client = as_person(cast.convenor)
    response = client.get(at(consultation, f"{second.pk}/preview/"))
    assert (response.context["before"], response.context["after"]) == (first.pk, third.pk)
    assert [link["name"] for link in response.context["languages"]] == ["English", "Bahasa Indonesia", "ไทย", "ខ្មែរ"]
    for kind in ("invitation", "reminder", "letter"):
        for language in ("en", "id", "km"):
            query = f"{second.pk}/preview/?kind={kind}&language={language}"
            page = client.get(at(consultation, query))
            assert page.status_code == 200
            assert second.token not in page.content.decode()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("soon", "Write numbers of days, for example: 14 7 2"),
        ("7 -2", "Write numbers of days"),
        ("1 2 3 4", "Remind at most 3 times"),
        ("400", "Write days between 0 and 60."),
        ("9999999999", "Write numbers of days"),
    ],
)
def test_a_plan_that_cannot_be_meant(cast, consultation, days, sentence) -> None:
    response = as_person(cast.convenor).post(at(consultation, "remind/plan/"), {"days": days, "version": "1"})
    body = response.content.decode()
    assert sentence in body
    assert f'value="{days}"' in body
    assert Consultation.objects.get().reminder_days == ""


def test_a_plan_is_set_and_stands_on_the_desk(cast, consultation) -> None:
    build.make_invitation(consultation)
    client = as_person(cast.convenor)
    response = client.post(at(consultation, "remind/plan/"), {"days": "២ 7, 14", "version": "1"}, follow=True)
    assert Consultation.objects.get().reminder_days == "14 7 2"
    notes = [task["note"] for task in response.context["tasks"]]
    assert any("The next reminder goes out by itself on" in note for note in notes)
    late = client.post(at(consultation, "remind/plan/"), {"days": "3", "version": "1"})
    assert "Somebody else changed the plan meanwhile: 14 7 2." in words(late)
    assert client.post(at(consultation, "remind/plan/"), {"days": "3", "version": "2"}).status_code == 302


MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")  # where a transaction begins and ends


@pytest.mark.slow
@pytest.mark.parametrize(("path", "state"), [("send/", "approved"), ("remind/", "sent")])
def test_starting_a_thousand_asks_as_often_as_starting_one(cast, consultation, path, state) -> None:
    """The whole request, with its session, its rights, its one-time key and the rows of all mails."""
    counts = []
    log.record("warm", consultation, by=None)
    for many in (1, 1000):
        for _number in range(many):
            build.make_invitation(consultation, state=state)
        client = as_person(cast.convenor)
        client.get(at(consultation, path))
        with CaptureQueriesContext(connection) as caught:
            assert client.post(at(consultation, path), {"one_time_key": f"k{many}"}).status_code == 302
        counts.append(len([query for query in caught.captured_queries if not query["sql"].startswith(MARKS)]))
    # The session; the person; the key; the consultation; the same locked; the invitations locked, then marked; the
    # mails; the log; the key's result.
    assert counts == [10, 10]
    assert OutgoingMessage.objects.count() == 1001

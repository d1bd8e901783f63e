"""The pages of the summary and of next steps; what is due on the desks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import summaries
from consultations.models import Consultation, FollowUp
from consultations.querysets import SUMMARY_MAIL
from consultations.views import due
from portal import clock, delivery
from portal.models import OutgoingMessage
from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def over(cast):
    """Return a concluded consultation to which two organisations were invited."""
    made = build.make_consultation(
        state="concluded", concluded_at=timezone.now(), convenors=[cast.convenor, cast.second_convenor]
    )
    build.make_invitation(made, cast.organisation, state="accepted", address="office@example.org", language="id")
    build.make_invitation(made, cast.other_organisation, state="declined", address="declined@example.org")
    return made


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/{path}"


def page(user, consultation, path, **query) -> str:
    """Return a page as text."""
    return as_person(user).get(at(consultation, path), query).content.decode()


def step_of(consultation, days, **values) -> FollowUp:
    """Return a step that is due in so many days."""
    day = clock.today_in(consultation.time_zone) + timedelta(days=days)
    return FollowUp.objects.create(consultation=consultation, **{"due_on": day, "text_en": "Send it", **values})


@pytest.mark.parametrize(
    "path", ["summary/", "summary/preview/", "summary/send/", "summary/readers/", "next/", "next/new/"]
)
def test_who_opens_which_page(cast, over, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(over, path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def test_who_changes_a_step(cast, over) -> None:
    people, step = cast.people(), step_of(over, 3)
    for path, own in ((f"next/{step.pk}/", 200), (f"next/{step.pk}/settle/", 405)):
        found = {name: as_person(people[name]).get(at(over, path)).status_code for name in PEOPLE}
        others = 405 if own == 405 else 403
        expected = {**dict.fromkeys(PEOPLE, others), "convenor": own, "second_convenor": own, "anonymous": 302}
        assert found == expected


def test_a_step_is_reached_through_its_own_consultation_only(cast, over) -> None:
    step = step_of(build.make_consultation(convenors=[cast.convenor]), 3)
    assert as_person(cast.convenor).get(at(over, f"next/{step.pk}/")).status_code == 404


def test_words_are_saved_and_stand_in_the_preview(cast, over) -> None:
    client = as_person(cast.convenor)
    answer = client.post(at(over, "summary/"), {"en": "We agreed.", "id": "Sepakat.", "version": "0"}, follow=True)
    assert "Saved. Nothing was sent." in answer.content.decode()
    assert OutgoingMessage.objects.count() == 0
    assert "We agreed." in page(cast.convenor, over, "summary/preview/", part="member", language="en")
    assert "Sepakat." in page(cast.convenor, over, "summary/preview/", part="member", language="id")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Kept words https://evil.example/ ", "leads to another site"),
        ("Kept words " + "x" * 2000, "11 characters too long"),
        ("\u200b", "only invisible characters"),
    ],
)
def test_bad_words_are_refused_beside_the_field_and_kept(cast, over, typed, sentence) -> None:
    body = as_person(cast.convenor).post(at(over, "summary/"), {"en": typed, "id": "Tetap", "version": "0"})
    text = body.content.decode()
    assert sentence in text
    assert typed.strip()[:20] in text
    assert "Tetap" in text
    assert summaries.words_of(over).texts == {}


def test_two_editors_see_both_texts(cast, over) -> None:
    as_person(cast.second_convenor).post(at(over, "summary/"), {"en": "Arun's words", "version": "0"})
    client = as_person(cast.convenor)
    answer = client.post(at(over, "summary/"), {"en": "Ratna's words", "version": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Arun&#x27;s words" in text
    assert "Ratna&#x27;s words" in text
    assert 'name="version" value="1"' in text
    client.post(at(over, "summary/"), {"en": "Both", "version": "1"})
    assert summaries.words_of(over).texts["en"] == "Both"


def test_the_page_before_sending_names_exact_numbers(cast, over) -> None:
    build.make_invitation_of_person(over, "Bapak Adi")
    text = " ".join(page(cast.convenor, over, "summary/send/").split())
    assert "6 mails in 2 languages (English 5, Indonesian 1)" in text
    assert "Send 6 summaries" in text
    assert "Bapak Adi" in text


def test_send_then_see_who_got_what(cast, over) -> None:
    client = as_person(cast.convenor)
    answer = client.post(at(over, "summary/send/"), {"version": "1", "words_version": "0"}, follow=True)
    assert answer.redirect_chain[-1][0] == at(over, "summary/readers/")
    assert "0 of 6" in answer.content.decode()
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    while delivery.deliver_batch():
        pass
    OutgoingMessage.objects.filter(recipient="declined@example.org").update(state="failed", last_error="refused (550)")
    text = page(cast.convenor, over, "summary/readers/")
    assert "5 of 6" in text
    assert "there is no such mailbox. Ask for another address." in text
    assert text.count(">Send again<") == 1
    assert "hx-trigger" not in text
    fragment = client.get(at(over, "summary/readers/"), headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith("<div")
    assert "5 of 6" in fragment


def test_each_summary_has_its_own_list(cast, over) -> None:
    client = as_person(cast.convenor)
    client.post(at(over, "summary/send/"), {"version": "1", "words_version": "0"})
    client.post(at(over, "summary/"), {"en": "News.", "version": "0"})
    client.post(at(over, "summary/send/"), {"version": "2", "words_version": "1"})
    while delivery.deliver_batch():
        pass
    assert "6 of 6" in page(cast.convenor, over, "summary/readers/")
    first = page(cast.convenor, over, "summary/readers/", version="1")
    assert "Who got summary 1" in first
    assert first.count("no longer needed") == 6
    assert "Who got summary 2" in page(cast.convenor, over, "summary/readers/", version="7")


def test_sending_again_sends_nothing(cast, over) -> None:
    client = as_person(cast.convenor)
    for _again in range(3):
        answer = client.post(at(over, "summary/send/"), {"version": "1", "words_version": "0"}, follow=True)
    assert "Nobody gets it twice." in answer.content.decode()
    assert OutgoingMessage.objects.filter(purpose=SUMMARY_MAIL).count() == 6
    assert "Nothing is new since the last summary" in page(cast.convenor, over, "summary/send/")


@pytest.mark.parametrize("typed", ["", "x", "-1", "99999999999999999999", "²"])
def test_odd_numbers_send_nothing(cast, over, typed) -> None:
    answer = as_person(cast.convenor).post(at(over, "summary/send/"), {"version": typed, "words_version": typed})
    assert answer.status_code == 302
    assert OutgoingMessage.objects.count() == 0


def test_the_preview_of_each_reader_in_each_language(cast, over) -> None:
    build.make_invitation_of_body(over, cast.body)
    build.make_invitation_of_person(over, address="sri@example.org")
    text = page(cast.convenor, over, "summary/readers/")
    assert "@" not in "".join(part.split('"')[0] for part in text.split('href="'))
    links = [part.split('"')[0] for part in text.split('href="') if "?reader=" in part.split('"')[0]]
    client, seen = as_person(cast.convenor), set()
    assert len(links) == 8
    for link in links:
        for language in ("en", "id"):
            answer = client.get(f"{link}&language={language}")
            assert answer.status_code == 200
            seen.add(answer.content.decode().split("page-head")[1].split('class="lead">')[1].split("</p>")[0].strip())
    assert len(seen) == 8


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("summary/readers/", 12), ("summary/", 12), ("summary/preview/", 15), ("summary/send/", 16)]
)
def test_pages_cost_the_same(cast, over, count, path, queries, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(over)
        step_of(over, 3)
    client = as_person(cast.convenor)
    client.get(at(over, path))
    with django_assert_num_queries(queries):
        client.get(at(over, path))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_steps_costs_the_same(cast, over, count, django_assert_num_queries) -> None:
    for _index in range(count):
        step_of(over, 3)
    client = as_person(cast.convenor)
    client.get(at(over, "next/"))
    with django_assert_num_queries(4):
        client.get(at(over, "next/"))


def test_a_step_is_added_changed_and_done(cast, over) -> None:
    client, day = as_person(cast.convenor), timezone.localdate() + timedelta(days=5)
    client.post(at(over, "next/new/"), {"due_on": day, "text_en": "Send it", "text_ind": "Kirim"})
    step = FollowUp.objects.get()
    client.post(at(over, f"next/{step.pk}/"), {"due_on": day, "text_en": "Send both", "version": "1"})
    client.post(at(over, f"next/{step.pk}/settle/"), {"done": "yes"})
    step.refresh_from_db()
    assert (step.text_en, bool(step.done_at), step.by) == ("Send both", True, cast.convenor)
    assert "Everything is done." in page(cast.convenor, over, "next/")
    client.post(at(over, f"next/{step.pk}/settle/"), {"done": "no"})
    step.refresh_from_db()
    assert step.done_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"due_on": "2020-01-01"}, "This day has passed."),
        ({"due_on": "2569-01-01"}, "did you mean 2026?"),
        ({"due_on": ""}, "This field is required."),
        ({"text_en": "Kept " + "x" * 300}, "5 characters too long"),
        ({"text_en": "Kept www.evil.example"}, "leads to another site"),
    ],
)
def test_bad_steps_are_refused_and_kept(cast, over, typed, sentence) -> None:
    day = timezone.localdate() + timedelta(days=5)
    form = {"due_on": day, "text_en": "Kept words", "text_ind": "Tetap", **typed}
    text = as_person(cast.convenor).post(at(over, "next/new/"), form).content.decode()
    assert sentence in text
    assert "Kept" in text
    assert "Tetap" in text
    assert FollowUp.objects.count() == 0


def test_two_editors_of_one_step(cast, over) -> None:
    step = step_of(over, 3)
    address, form = at(over, f"next/{step.pk}/"), {"due_on": step.due_on, "version": "1"}
    as_person(cast.second_convenor).post(address, {**form, "text_en": "Arun wrote"})
    answer = as_person(cast.convenor).post(address, {**form, "text_en": "Ratna wrote"})
    assert answer.status_code == 409
    assert "Arun wrote" in answer.content.decode()
    assert "Ratna wrote" in answer.content.decode()
    step.refresh_from_db()
    assert step.text_en == "Arun wrote"


def named(consultation) -> list[tuple[str, str]]:
    """Return what is due: the name and when."""
    return [(task["name"], task["due"]) for task in due.tasks_of([consultation]).get(consultation.pk, [])]


def test_the_desk_asks_for_the_summary_until_it_went_out(cast, over) -> None:
    assert named(over) == [("Tell all invited what came of it", "")]
    as_person(cast.convenor).post(at(over, "summary/send/"), {"version": "1", "words_version": "0"})
    assert named(over) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [(11, None), (10, "due on "), (0, "due today"), (-1, "overdue by 1 day"), (-3, "overdue by 3 days")],
)
def test_a_promise_is_due_and_overdue_in_words(over, days, words) -> None:
    Consultation.objects.update(hear_back_by=clock.today_in(over.time_zone) + timedelta(days=days))
    over.refresh_from_db()
    found = [when for name, when in named(over) if name.startswith("Keep the promise")]
    assert len(found) == (words is not None)
    assert all(when.startswith(words) for when in found)


def test_a_promise_is_kept_by_a_summary_that_can_tell_of_the_text(cast, over) -> None:
    Consultation.objects.update(hear_back_by=clock.today_in(over.time_zone))
    over.refresh_from_db()
    client = as_person(cast.convenor)
    client.post(at(over, "summary/send/"), {"version": "1", "words_version": "0"})
    assert [name for name, _when in named(over)] == ["Keep the promise: those invited hear back"]
    build.make_edition(build.make_statement(over))
    client.post(at(over, "summary/send/"), {"version": "2", "words_version": "0"})
    assert named(Consultation.objects.get()) == []


@pytest.mark.parametrize(
    ("days", "expected"), [(11, []), (10, ["wait"]), (1, ["wait"]), (0, ["needs"]), (-5, ["needs"])]
)
def test_steps_stand_on_the_desk_as_they_come_near(over, days, expected) -> None:
    step_of(over, days)
    tasks = [task for task in due.tasks_of([over])[over.pk] if task["name"] == "Send it"]
    assert [task["state"] for task in tasks] == expected


def test_due_steps_are_on_the_convenors_task_list(cast, over) -> None:
    Consultation.objects.update(starts_on="2020-05-12", ends_on="2020-05-12")
    step_of(over, 0, text_en="Call the ministry")
    step_of(over, 5, text_en="Call again")
    text = as_person(cast.convenor).get("/en/desk/").content.decode()
    assert "Call the ministry" in text
    assert "Call again" not in text
    assert "Call the ministry" not in as_person(cast.representative).get("/en/desk/").content.decode()
    FollowUp.objects.update(done_at=timezone.now())
    assert "Call the ministry" not in as_person(cast.convenor).get("/en/desk/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_due_costs_the_same(cast, count, django_assert_num_queries) -> None:
    for _index in range(count):
        step_of(build.make_consultation(state="concluded", convenors=[cast.convenor]), 0)
    found = list(Consultation.objects.select_related("statement__adoption"))
    with django_assert_num_queries(2):
        due.tasks_of(found)


# --- A summary that did not arrive -------------------------------------------------------------------------------


@pytest.fixture
def lost(cast, over) -> OutgoingMessage:
    """Return the mail of a summary that did not reach an address without an account."""
    as_person(cast.convenor).post(at(over, "summary/send/"), {"version": "1", "words_version": "0"})
    while delivery.deliver_batch():
        pass
    message = OutgoingMessage.objects.get(recipient="declined@example.org")
    message.state, message.last_error = "failed", "the recipient was refused (550)"
    message.save()
    return message


def test_who_sends_a_summary_again(cast, over, lost) -> None:
    people, path = cast.people(), f"summary/mails/{lost.pk}/again/"
    found = {name: as_person(people[name]).get(at(over, path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}
    other = build.make_consultation(state="concluded", convenors=[cast.convenor])
    assert as_person(cast.convenor).get(at(other, path)).status_code == 404


def test_a_summary_goes_to_the_right_address_from_now_on(cast, over, lost, mailoutbox) -> None:
    mailoutbox.clear()
    path = at(over, f"summary/mails/{lost.pk}/again/")
    client = as_person(cast.convenor)
    assert 'value="declined@example.org"' in client.get(path).content.decode()
    answer = client.post(path, {"address": "right@example.org"}, follow=True)
    assert "The summary is on its way once more." in answer.content.decode()
    while delivery.deliver_batch():
        pass
    assert [mail.to for mail in mailoutbox] == [["right@example.org"]]
    assert over.invitations.filter(address="right@example.org").count() == 1
    assert "6 of 6" in page(cast.convenor, over, "summary/readers/")


def test_what_arrived_is_not_sent_again(cast, over, lost, mailoutbox) -> None:
    mailoutbox.clear()
    path, client = at(over, f"summary/mails/{lost.pk}/again/"), as_person(cast.convenor)
    client.post(path, {"address": lost.recipient})
    answer = client.post(path, {"address": lost.recipient})
    assert "has arrived, or is on its way" in answer.content.decode()
    while delivery.deliver_batch():
        pass
    assert len(mailoutbox) == 1


def test_the_address_of_an_account_is_not_ours_to_change(cast, over, lost) -> None:
    own = OutgoingMessage.objects.filter(user=cast.second_convenor).get()
    OutgoingMessage.objects.filter(pk=own.pk).update(state="bounced")
    path, client = at(over, f"summary/mails/{own.pk}/again/"), as_person(cast.convenor)
    body = client.get(path).content.decode()
    assert 'name="address"' not in body
    assert cast.second_convenor.email not in body
    client.post(path, {"address": "stranger@example.org"})
    own.refresh_from_db()
    assert (own.state, own.recipient) == ("queued", cast.second_convenor.email)


@pytest.mark.parametrize("address", ["nobody", "", "a@b"])
def test_a_bad_address_is_refused_beside_the_field(cast, over, lost, address) -> None:
    path = at(over, f"summary/mails/{lost.pk}/again/")
    body = as_person(cast.convenor).post(path, {"address": address}).content.decode()
    assert 'aria-invalid="true"' in body
    lost.refresh_from_db()
    assert lost.state == "failed"

"""The pages of the plan: parts, programme, moving, calling off, leaving, copying, the official calendar."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import AgendaItem, Consultation, Invitation, OfficialMeeting, Session
from portal.models import OutgoingMessage
from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors with one session and one point."""
    made = build.make_consultation(
        convenors=[cast.convenor, cast.second_convenor], begins_at=time(9), ends_at=time(17), venue="Hall"
    )
    build.make_agenda_item(build.make_session(made))
    return made


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/{path}"


def of_session(consultation, path="") -> str:
    """Return the address of a page of its first session."""
    return at(consultation, f"programme/{consultation.sessions.first().pk}/{path}")


def of_item(consultation, path="") -> str:
    """Return the address of a page of its first point."""
    return of_session(consultation, f"points/{AgendaItem.objects.first().pk}/{path}")


PAGES = ("edit/promise/", "edit/ahead/", "move/", "cancel/", "leave/", "copy/", "programme/", "programme/new/")
INNER = {"": of_session, "remove/": of_session, "points/new/": of_session, "item": of_item}


@pytest.mark.parametrize("path", PAGES)
def test_who_opens_which_page(cast, consultation, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(consultation, path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("path", INNER)
def test_who_opens_the_pages_of_a_session(cast, consultation, path) -> None:
    people = cast.people()
    address = INNER[path](consultation, "" if path == "item" else path)
    found = {name: as_person(people[name]).get(address).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("path", ["shift/", "remove/"])
def test_who_posts_to_a_point(cast, consultation, path) -> None:
    people, address = cast.people(), of_item(consultation, path)
    assert as_person(cast.convenor).get(address).status_code == 405
    found = {name: as_person(people[name]).post(address).status_code for name in reversed(PEOPLE)}
    # The second convenor comes first and takes the point off; then there is none.
    own = {"second_convenor": 302, "convenor": 302 if path == "shift/" else 404}
    assert found == {**dict.fromkeys(PEOPLE, 403), **own, "anonymous": 302}


def test_a_session_is_reached_through_its_own_consultation_only(cast, consultation) -> None:
    other = build.make_session(build.make_consultation())
    item = build.make_agenda_item(other)
    client = as_person(cast.convenor)
    for path in ("", "remove/", "points/new/", f"points/{item.pk}/"):
        assert client.get(at(consultation, f"programme/{other.pk}/{path}")).status_code == 404
    assert client.get(of_session(consultation, f"points/{item.pk}/")).status_code == 404


@pytest.mark.parametrize("path", ["move/", "cancel/", "copy/", "programme/"])
def test_a_discreet_one_looks_absent_to_others(cast, path) -> None:
    consultation = build.make_consultation(discreet=True, convenors=[cast.convenor])
    assert as_person(cast.stranger).get(at(consultation, path)).status_code == 404


MEETINGS = ("/en/meetings/", "/en/meetings/new/", "/en/meetings/{pk}/")


@pytest.mark.parametrize("address", MEETINGS)
def test_who_keeps_the_official_calendar(cast, address) -> None:
    meeting, people = build.make_meeting(), cast.people()
    found = {name: as_person(people[name]).get(address.format(pk=meeting.pk)).status_code for name in PEOPLE}
    hidden = 404 if "{pk}" in address else 403
    assert found == {**dict.fromkeys(PEOPLE, hidden), "convenor": 200, "second_convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("count", [1, 3])
def test_the_official_calendar_stays_flat(cast, django_assert_num_queries, count) -> None:
    for _number in range(count):
        build.make_meeting(body=cast.body, country=build.make_country())
    client = as_person(cast.convenor)
    client.get("/en/meetings/")
    with django_assert_num_queries(LIST_QUERIES):
        body = client.get("/en/meetings/").content.decode()
    assert body.count("Official meeting ") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_programme_stays_flat(cast, consultation, django_assert_num_queries, count) -> None:
    build.make_invitation(consultation)
    for _number in range(count - 1):
        build.make_agenda_item(build.make_session(consultation, country=build.make_country(), rapporteur=cast.convenor))
    client = as_person(cast.convenor)
    client.get(at(consultation, "programme/"))
    with django_assert_num_queries(PROGRAMME_QUERIES):
        body = client.get(at(consultation, "programme/")).content.decode()
    assert body.count('<section class="rule" id="session-') == count


LIST_QUERIES, PROGRAMME_QUERIES, CREATE_QUERIES = 4, 7, 5


def session_data(consultation, **values) -> dict:
    """Return what is typed about a new session."""
    return {
        "title_en": "Opening",
        "day": consultation.starts_on,
        "begins": "09:00",
        "ends": "12:00",
        "time_zone": "Asia/Yangon",
        "mode": "hybrid",
        "country": "ID",
        "call_link": "https://call.example.org/room",
        "interpreters": ["id", "my"],
        "closed": "on",
        "rapporteur_name": "Ibu Sri",
        **values,
    }


def test_a_session_is_added_and_shown(cast, consultation) -> None:
    client = as_person(cast.convenor)
    response = client.post(at(consultation, "programme/new/"), session_data(consultation))
    made = Session.objects.get(title_en="Opening")
    assert response.url == at(consultation, f"programme/#session-{made.pk}")
    assert (made.mode, made.interpreters, made.closed, made.call_link) == (
        "hybrid",
        "id my",
        True,
        "https://call.example.org/room",
    )
    body = client.get(at(consultation, "programme/")).content.decode()
    assert "09:00–12:00 (Yangon, GMT+6:30)" in body
    assert "Bahasa Indonesia" in body
    assert "Ibu Sri" in body


BAD = {
    "ends": ("08:00", "It ends before it begins."),
    "day": ("2570-05-12", "2570: did you mean 2027?"),
    "time_zone": ("Asia/Atlantis", "We do not know this time zone."),
    "call_link": ("http://call.example.org/", "Write an address that begins with https://."),
    "begins": ("morning", "Write a time, for example 09:00."),
    "title_en": ("\u200b", "only invisible characters"),
}


@pytest.mark.parametrize("field", BAD)
def test_bad_input_of_a_session_has_a_sentence_beside_its_field(cast, consultation, field) -> None:
    value, sentence = BAD[field]
    data = session_data(consultation, **{field: value})
    response = as_person(cast.convenor).post(at(consultation, "programme/new/"), data)
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert sentence in str(form.errors[field])
    assert Session.objects.count() == 1


def test_a_session_outside_the_dates_has_a_sentence_beside_the_day(cast, consultation) -> None:
    data = session_data(consultation, day=consultation.ends_on + timedelta(days=1))
    response = as_person(cast.convenor).post(at(consultation, "programme/new/"), data)
    assert response.context["form"].errors["day"] == ["This day is outside the days of the consultation."]
    assert 'value="Opening"' in response.content.decode()


def test_one_rapporteur_not_two(cast, consultation) -> None:
    data = session_data(consultation, rapporteur=cast.convenor.pk)
    response = as_person(cast.convenor).post(at(consultation, "programme/new/"), data)
    assert list(response.context["form"].errors) == ["rapporteur_name"]


def test_two_editors_of_a_session_see_both_texts(cast, consultation) -> None:
    session = consultation.sessions.get()
    actions.change_session(session, by=cast.second_convenor, version=1, title_en="Their words")
    data = session_data(consultation, title_en="My words", version=1)
    response = as_person(cast.convenor).post(of_session(consultation), data)
    body = response.content.decode()
    assert response.status_code == 409
    assert "Their words" in body
    assert 'value="My words"' in body
    data["version"] = 2
    assert as_person(cast.convenor).post(of_session(consultation), data).status_code == 302
    assert Session.objects.get().title_en == "My words"


def test_two_editors_of_a_point_see_both_texts(cast, consultation) -> None:
    item = AgendaItem.objects.get()
    actions.change_item(item, by=cast.second_convenor, version=1, title_en="Their words")
    response = as_person(cast.convenor).post(of_item(consultation), {"title_en": "My words", "version": 1})
    assert response.status_code == 409
    assert "Their words" in response.content.decode()


def test_points_are_added_moved_and_taken_off(cast, consultation) -> None:
    client = as_person(cast.convenor)
    client.post(of_session(consultation, "points/new/"), {"title_en": "Second", "title_ind": "Kedua"})
    second = AgendaItem.objects.get(title_en="Second")
    shift = of_session(consultation, f"points/{second.pk}/shift/")
    client.post(shift, {"to": "up"})
    assert AgendaItem.objects.first() == second
    client.post(of_session(consultation, f"points/{second.pk}/remove/"))
    assert not AgendaItem.objects.filter(pk=second.pk).exists()


def test_a_session_is_taken_out_while_nobody_was_invited(cast, consultation) -> None:
    client = as_person(cast.convenor)
    assert "1 point of its agenda goes with it." in client.get(of_session(consultation, "remove/")).content.decode()
    client.post(of_session(consultation, "remove/"))
    assert not Session.objects.exists()


def moved(consultation, **values) -> dict:
    """Return the page that moves, as it is sent without changes but the given ones."""
    session = consultation.sessions.get()
    own = {
        "version": consultation.version,
        "starts_on": consultation.starts_on,
        "ends_on": consultation.ends_on,
        "begins_at": "09:00",
        "ends_at": "17:00",
        "time_zone": consultation.time_zone,
        "answer_by": consultation.answer_by,
        "mode": consultation.mode,
        "city_en": consultation.city_en,
        "venue": consultation.venue,
        "along": "on",
    }
    line = {"version": session.version, "day": consultation.starts_on, "begins": "09:00", "ends": "12:00"}
    line |= {"time_zone": session.time_zone, "mode": session.mode, "city_en": session.city_en or ""}
    lines = {f"session-{session.pk}-{name}": value for name, value in line.items()}
    return {**own, **lines, **values}


def test_the_page_says_in_numbers_what_happens_and_it_happens(cast, consultation) -> None:
    build.make_invitation(consultation, state="accepted")
    build.make_invitation(consultation, cast.organisation)
    build.make_invitation(consultation, address="")
    client, week = as_person(cast.convenor), timedelta(days=7)
    body = " ".join(client.get(at(consultation, "move/")).content.decode().split())
    for words in (
        "2 mails go out",
        "1 who agreed is asked again",
        "1 of those invited has no address",
        "Move and tell 2",
    ):
        assert words in body
    days = {"starts_on": consultation.starts_on + week, "ends_on": consultation.ends_on + week}
    response = client.post(at(consultation, "move/"), moved(consultation, **days, moved_because_en="Rain"), follow=True)
    body = " ".join(response.content.decode().split())
    assert "It is moved. 2 mails are on their way. 1 has no address that works: call or write." in body
    assert "1 is asked to agree again" in body
    consultation.refresh_from_db()
    assert (consultation.starts_on, consultation.moved_because_en) == (days["starts_on"], "Rain")
    # The session went along by itself.
    assert Session.objects.get().starts_at.date() == days["starts_on"]
    assert OutgoingMessage.objects.count() == 2


def test_a_session_that_does_not_go_along_stops_the_move(cast, consultation) -> None:
    build.make_invitation(consultation)
    week = timedelta(days=7)
    data = moved(consultation, starts_on=consultation.starts_on + week, ends_on=consultation.ends_on + week)
    del data["along"]
    response = as_person(cast.convenor).post(at(consultation, "move/"), data)
    assert "1 session would lie outside these days." in str(response.context["form"].errors["ends_on"])
    assert OutgoingMessage.objects.count() == 0


def test_sent_twice_it_is_told_once(cast, consultation) -> None:
    build.make_invitation(consultation)
    client, data = as_person(cast.convenor), moved(consultation, city_en="Bandung", one_time_key="k")
    first, again = (client.post(at(consultation, "move/"), data) for _count in range(2))
    assert first.url == again.url == at(consultation, "desk/")
    data = moved(consultation, city_en="Bandung")
    assert client.post(at(consultation, "move/"), data).status_code == 409
    assert OutgoingMessage.objects.count() == 1


def test_a_session_changed_meanwhile_is_shown_beside_what_was_typed(cast, consultation) -> None:
    data = moved(consultation, city_en="Bandung")
    pk = consultation.sessions.get().pk
    data[f"session-{pk}-begins"] = "10:00"
    session = consultation.sessions.get()
    shift = timedelta(hours=-1)
    values = {"starts_at": session.starts_at + shift, "ends_at": session.ends_at + shift}
    actions.change_session(session, by=cast.second_convenor, version=1, **values)
    client = as_person(cast.convenor)
    response = client.post(at(consultation, "move/"), data)
    assert response.status_code == 409
    assert [row["mine"] for row in response.context["conflict"] if "Begins at" in str(row["label"])] == ["10:00:00"]
    data[f"session-{pk}-version"] = 2
    assert client.post(at(consultation, "move/"), data).status_code == 302


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"ends_on": "2027-01-01"}, "ends_on", "The last day is before the first day."),
        ({"starts_on": "2020-01-01", "ends_on": "2020-01-01"}, "starts_on", "This day has passed."),
        ({"time_zone": "Mars/Base"}, "time_zone", "We do not know this time zone."),
        ({"answer_by": "2570-01-01"}, "answer_by", "did you mean 2027?"),
        ({"ends_at": "08:00"}, "ends_at", "It ends before it begins."),
    ],
)
def test_bad_input_of_a_move(cast, consultation, values, field, sentence) -> None:
    Consultation.objects.update(starts_on=date(2027, 5, 12), ends_on=date(2027, 5, 12))
    consultation.refresh_from_db()
    response = as_person(cast.convenor).post(at(consultation, "move/"), moved(consultation, **values))
    assert sentence in str(response.context["form"].errors[field])


def test_who_is_asked_again_has_time_to_answer(cast, consultation) -> None:
    past = timezone.localdate() - timedelta(days=1)
    Consultation.objects.update(answer_by=past)
    consultation.refresh_from_db()
    build.make_invitation(consultation)
    response = as_person(cast.convenor).post(at(consultation, "move/"), moved(consultation, city_en="Bandung"))
    assert list(response.context["form"].errors) == ["answer_by"]


def test_the_edit_page_leads_to_the_door_with_what_was_typed(cast, consultation) -> None:
    build.make_invitation(consultation)
    client = as_person(cast.convenor)
    assert "moved on a page of their own" in client.get(at(consultation, "edit/where/")).content.decode()
    data = {"version": 1, "mode": "on-site", "city_en": "Bandung", "venue": "Hall", "seats": 60}
    response = client.post(at(consultation, "edit/where/"), data)
    assert response.url == at(consultation, "move/")
    assert 'value="Bandung"' in client.get(response.url).content.decode()
    assert Consultation.objects.get().city_en == "Jakarta"
    assert OutgoingMessage.objects.count() == 0


def test_cancel(cast, consultation) -> None:
    build.make_invitation(consultation, state="accepted")
    build.make_submission(consultation, cast.organisation, cast.representative)
    client = as_person(cast.convenor)
    body = " ".join(client.get(at(consultation, "cancel/")).content.decode().split())
    assert "1 mail goes out" in body
    assert "1 point that was sent in stays on record." in body
    assert client.post(at(consultation, "cancel/"), {"cancelled_because_en": "\u200b"}).status_code == 200
    data = {"cancelled_because_en": "No hall", "cancelled_because_ind": "Tidak ada aula"}
    assert client.post(at(consultation, "cancel/"), data).url == at(consultation, "desk/")
    assert Consultation.objects.get().cancelled_because_ind == "Tidak ada aula"
    assert client.get(at(consultation, "cancel/")).status_code == 403
    assert client.get(at(consultation, "desk/")).status_code == 200
    assert Invitation.objects.get().state == "accepted"


def test_leaving_leaves_two(cast, consultation) -> None:
    client = as_person(cast.convenor)
    body = client.post(at(consultation, "leave/"), follow=True).content.decode()
    assert "Fewer than two convenors would be left." in body
    consultation.convenors.add(build.make_convenor())
    assert client.post(at(consultation, "leave/")).url == "/en/desk/"
    assert client.get(at(consultation, "desk/")).status_code == 403


def test_plan_the_next_one(cast, consultation) -> None:
    client = as_person(cast.convenor)
    client.get(at(consultation, "copy/"))
    starts = consultation.starts_on + timedelta(days=364)
    response = client.post(at(consultation, "copy/"), {"starts_on": starts})
    made = Consultation.objects.get(follows=consultation)
    assert response.url == at(made, "desk/")
    assert made.sessions.get().items.count() == 1
    bad = client.post(at(consultation, "copy/"), {"starts_on": consultation.starts_on})
    assert list(bad.context["form"].errors) == ["starts_on"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_new_one_offers_earlier_ones_of_ones_own(cast, django_assert_num_queries, count) -> None:
    for _number in range(count):
        build.make_consultation(state="concluded", convenors=[cast.convenor])
    other = build.make_consultation(state="concluded", convenors=[cast.second_convenor])
    client = as_person(cast.convenor)
    client.get("/en/consultations/new/")
    with django_assert_num_queries(CREATE_QUERIES):
        body = client.get("/en/consultations/new/").content.decode()
    assert (body.count("/copy/"), other.slug in body) == (count, False)


def test_the_plan_counts_back_and_warns(cast, consultation) -> None:
    meeting = build.make_meeting(
        name_en="SLOM",
        starts_on=consultation.ends_on + timedelta(days=21),
        ends_on=consultation.ends_on + timedelta(days=22),
        papers_by=consultation.ends_on + timedelta(days=7),
    )
    client = as_person(cast.convenor)
    data = {"version": 1, "target": meeting.pk, "reminder_days": "2, 14 7"}
    assert client.post(at(consultation, "edit/ahead/"), data).status_code == 302
    consultation.refresh_from_db()
    assert (consultation.target, consultation.reminder_days) == (meeting, "14 7 2")
    body = client.get(at(consultation, "edit/ahead/")).content.decode()
    assert "3 weeks before it" in body
    assert "last day for papers" not in body
    OfficialMeeting.objects.update(papers_by=consultation.ends_on - timedelta(days=1))
    for path in ("desk/", "edit/ahead/"):
        assert "the last day on which papers can be handed in." in client.get(at(consultation, path)).content.decode()


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"reminder_days": "14 7 x"}, "reminder_days", "“x” is not a number of days."),
        ({"reminder_days": "-3"}, "reminder_days", "“-3” is not a number of days."),
        ({"reminder_days": "400"}, "reminder_days", "Each is between 1 and 90 days."),
        ({"reminder_days": "1 2 3 4 5 6 7"}, "reminder_days", "Up to 6 reminders are possible."),
        ({"corrections_until": "2020-01-01"}, "corrections_until", "This is before the last day for points."),
        ({"next_due_on": "2020-01-01"}, "next_due_on", "This is before this one is over."),
        ({"next_due_on": "2571-01-01"}, "next_due_on", "2571: did you mean 2028?"),
    ],
)
def test_bad_input_of_what_comes_after(cast, consultation, values, field, sentence) -> None:
    response = as_person(cast.convenor).post(at(consultation, "edit/ahead/"), {"version": 1, **values})
    assert sentence in str(response.context["form"].errors[field])


@pytest.mark.parametrize("seats", ["-5", "0", "99999999999999999999"])
def test_seats_that_cannot_be_meant(cast, consultation, seats) -> None:
    data = {"version": 1, "mode": "on-site", "city_en": "Jakarta", "seats": seats}
    response = as_person(cast.convenor).post(at(consultation, "edit/where/"), data)
    assert list(response.context["form"].errors) == ["seats"]


def test_promise_and_mandate_per_language(cast, consultation) -> None:
    data = {
        "version": 1,
        "own_promise_en": "We answer each.",
        "own_promise_ind": "Semua dijawab.",
        "resting_on_en": "Art 22",
    }
    assert as_person(cast.convenor).post(at(consultation, "edit/promise/"), data).status_code == 302
    consultation.refresh_from_db()
    assert (consultation.promise, consultation.own_promise_ind, consultation.resting_on) == (
        "We answer each.",
        "Semua dijawab.",
        "Art 22",
    )


def test_the_next_one_is_on_the_desk_in_time_and_until_it_is_planned(cast, consultation) -> None:
    Consultation.objects.update(state="concluded", next_due_on=timezone.localdate() + timedelta(days=91))
    client = as_person(cast.convenor)
    words, pages = "Plan the next one of the series", ("/en/desk/", at(consultation, "desk/"))
    assert all(words not in client.get(page).content.decode() for page in pages)
    Consultation.objects.update(next_due_on=timezone.localdate() + timedelta(days=90))
    assert all(words in client.get(page).content.decode() for page in pages)
    assert words not in as_person(build.make_convenor()).get("/en/desk/").content.decode()
    build.make_consultation(follows=consultation, state="draft")
    assert all(words not in client.get(page).content.decode() for page in pages)


def meeting_data(**values) -> dict:
    """Return what is typed about a meeting."""
    return {"name_en": "SLOM", "starts_on": "2027-03-03", "ends_on": "2027-03-05", "papers_by": "2027-02-01", **values}


def test_a_meeting_is_noted_and_changed(cast) -> None:
    client = as_person(cast.convenor)
    assert client.post("/en/meetings/new/", meeting_data(body=cast.body.pk)).url == "/en/meetings/"
    meeting = OfficialMeeting.objects.get()
    data = meeting_data(version=1, city_en="Vientiane")
    client.post(f"/en/meetings/{meeting.pk}/", data)
    assert "Vientiane" in client.get("/en/meetings/").content.decode()
    response = client.post(f"/en/meetings/{meeting.pk}/", meeting_data(version=1, city_en="Dili"))
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"ends_on": "2027-03-01"}, "ends_on", "The last day is before the first day."),
        ({"papers_by": "2027-04-01"}, "papers_by", "This is after the last day of the meeting."),
        ({"starts_on": "2570-03-03"}, "starts_on", "2570: did you mean 2027?"),
        ({"name_en": ""}, "name_en", "This field is required."),
    ],
)
def test_bad_input_of_a_meeting(cast, values, field, sentence) -> None:
    response = as_person(cast.convenor).post("/en/meetings/new/", meeting_data(**values))
    assert sentence in str(response.context["form"].errors[field])
    assert not OfficialMeeting.objects.exists()

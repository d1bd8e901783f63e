"""Bad input gets a sentence next to its field."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from consultations import forms
from tests import build

DAY = timezone.localdate() + timedelta(days=30)


def post(**values) -> QueryDict:
    """Return posted data."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, list):
            data.setlist(name, value)
        else:
            data[name] = str(value)
    return data


def created(cast, **values) -> forms.CreateForm:
    """Return the form for a new consultation, filled in well but for the given values."""
    build.make_country()
    good = {
        "title_en": "Fees",
        "level": "national",
        "country": "ID",
        "form_of_dialogue": "consultation",
        "starts_on": DAY,
        "ends_on": DAY,
        "time_zone": "Asia/Jakarta",
    }
    return forms.CreateForm(post(**{**good, **values}), by=cast.convenor)


def test_a_good_one(cast) -> None:
    form = created(cast)
    assert form.errors == {}
    assert "second_convenor" not in form.values()


THAI_YEAR = DAY.year + 543


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"title_en": ""}, "title_en", "This field is required."),
        (
            {"title_en": "\u200b\u2060\u3164"},
            "title_en",
            "Write something that can be read: this holds only invisible characters.",
        ),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on", "The last day is before the first day."),
        ({"starts_on": "2007-05-12", "ends_on": "2007-05-12"}, "starts_on", "This day has passed."),
        ({"starts_on": f"{THAI_YEAR}-05-12"}, "starts_on", f"{THAI_YEAR}: did you mean {DAY.year}?"),
        ({"starts_on": f"12/05/{THAI_YEAR}"}, "starts_on", f"{THAI_YEAR}: did you mean {DAY.year}?"),
        ({"starts_on": "0012-05-12"}, "starts_on", "12: please check the year."),
        ({"starts_on": "soon"}, "starts_on", "Write a day, for example 2027-05-12."),
        ({"starts_on": "2027-02-30"}, "starts_on", "Write a day, for example 2027-05-12."),
        ({"time_zone": "Asia/Atlantis"}, "time_zone", "We do not know this time zone. Choose a city near the meeting."),
        ({"country": ""}, "country", "A national consultation has a country."),
        (
            {"level": "galactic"},
            "level",
            "Select a valid choice. galactic is not one of the available choices.",
        ),
        ({"title_en": "x" * 201}, "title_en", "This is 1 character too long. Up to 200 are possible."),
    ],
)
def test_bad_input_to_a_new_one(cast, values, field, sentence) -> None:
    form = created(cast, **values)
    assert form.errors[field][0] == sentence


@pytest.mark.parametrize("typed", ["๒๕๗๐-๐๕-๑๒", "၂၅၇၀-၀၅-၁၂"])
def test_native_digits_are_understood_and_their_era_questioned(cast, typed) -> None:
    assert created(cast, starts_on=typed).errors["starts_on"] == ["2570: did you mean 2027?"]


def test_native_digits_of_our_era_are_a_day() -> None:
    assert forms.DayField().clean("២០២៧-០៥-១២") == date(2027, 5, 12)


def test_every_zone_of_the_region_can_be_chosen(cast) -> None:
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Yangon", "Asia/Dili", "Asia/Vientiane"):
        assert "time_zone" not in created(cast, time_zone=zone).errors


def test_the_second_convenor_is_a_current_one(cast) -> None:
    assert "second_convenor" not in created(cast, second_convenor=cast.second_convenor.pk).errors
    assert "second_convenor" in created(cast, second_convenor=cast.stranger.pk).errors
    cast.second_convenor.convenorships.update(until=timezone.localdate() - timedelta(days=1))
    assert "second_convenor" in created(cast, second_convenor=cast.second_convenor.pk).errors


def when(consultation, **values) -> forms.WhenForm:
    """Return the form of days and deadlines."""
    good = {
        "version": 1,
        "starts_on": consultation.starts_on,
        "ends_on": consultation.ends_on,
        "time_zone": "Asia/Jakarta",
    }
    return forms.WhenForm(post(**{**good, **values}), consultation=consultation)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"begins_at": "17:00", "ends_at": "09:00"}, "ends_at", "It ends before it begins."),
        ({"ends_at": "09:00"}, "begins_at", "Say when it begins, too."),
        ({"begins_at": "25:00"}, "begins_at", "Write a time, for example 09:00."),
        ({"answer_by": DAY + timedelta(days=1)}, "answer_by", "This is after the last day of the consultation."),
        ({"answer_by": DAY - timedelta(days=60)}, "answer_by", "This day has passed."),
        (
            {"input_opens_on": DAY - timedelta(days=9), "input_closes_on": DAY + timedelta(days=1)},
            "input_closes_on",
            "This is after the last day of the consultation.",
        ),
        (
            {"input_opens_on": DAY - timedelta(days=3), "input_closes_on": DAY - timedelta(days=4)},
            "input_closes_on",
            "It closes before it opens.",
        ),
        ({"input_opens_on": DAY}, "input_closes_on", "Say until which day."),
        ({"input_closes_on": DAY}, "input_opens_on", "Say from which day on."),
        ({"hear_back_by": DAY - timedelta(days=1)}, "hear_back_by", "This is before the last day of the consultation."),
    ],
)
def test_bad_days_and_deadlines(db, values, field, sentence) -> None:
    form = when(build.make_consultation(answer_by=None, input_opens=None, input_closes=None), **values)
    assert form.errors[field] == [sentence]


def test_the_window_closes_with_the_end_of_its_day_there(db) -> None:
    opens, closes = DAY - timedelta(days=9), DAY - timedelta(days=2)
    form = when(build.make_consultation(), input_opens_on=opens, input_closes_on=closes, time_zone="Asia/Yangon")
    assert form.errors == {}
    values = form.values()
    assert values["input_opens"].isoformat() == f"{opens}T00:00:00+06:30"
    assert values["input_closes"].isoformat() == f"{closes}T23:59:59+06:30"


def test_a_day_that_stood_there_may_stay_although_it_passed(db) -> None:
    past = timezone.localdate() - timedelta(days=5)
    consultation = build.make_consultation(answer_by=past, starts_on=past, ends_on=past + timedelta(days=40))
    assert when(consultation, answer_by=past).errors == {}


@pytest.mark.parametrize("typed", ["-3", "0", "999999999999", "5001", "many", "1.5"])
def test_seats_that_cannot_be_meant(db, typed) -> None:
    form = forms.WhereForm(post(version=1, mode="on-site", seats=typed), consultation=build.make_consultation())
    assert form.errors == {"seats": ["Write a number between 1 and 5000."]}


def people(cast, consultation, **values) -> forms.PeopleForm:
    """Return the form of people and organisers."""
    good = {"version": 1, "convenors": [str(cast.convenor.pk)]}
    return forms.PeopleForm(post(**{**good, **values}), consultation=consultation, by=cast.convenor)


def test_organisers_are_found_in_the_register_by_any_of_their_names(cast) -> None:
    known = build.make_organisation(name="Lentera Pantura", name_ind="Lentera Pantura (ID)", acronym="LP")
    form = people(
        cast, build.make_consultation(), co_organisers="lentera pantura\nLP\nLentera Pantura (ID)\n\n Free name "
    )
    assert form.errors == {}
    assert form.organisers == [
        ("co-organiser", "lentera pantura", known),
        ("co-organiser", "LP", known),
        ("co-organiser", "Lentera Pantura (ID)", known),
        ("co-organiser", "Free name", None),
    ]


def test_invisible_organisers_are_none(cast) -> None:
    form = people(cast, build.make_consultation(), convening="\u200b\n\u3164")
    assert form.errors == {"convening": ["Write something that can be read: this holds only invisible characters."]}


def test_an_organiser_longer_than_its_column(cast) -> None:
    form = people(cast, build.make_consultation(), funders="x" * 201)
    assert form.errors == {"funders": ["A name is longer than 200 characters. Write one name a line."]}


def answer(**values) -> forms.AnswerForm:
    """Return the form of an answer to an invitation with three seats."""
    invitation = build.make_invitation(build.make_consultation(), seats_offered=3)
    return forms.AnswerForm(post(**values), invitation=invitation)


NO_CHOICE = "Select a valid choice. xx is not one of the available choices."


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"answer": ["Choose one: yes, not sure yet, or no."]}),
        ({"answer": "yes"}, {"seats": ["Say how many people will come."]}),
        ({"answer": "yes", "seats": "4"}, {"seats": ["Write a number between 1 and 3."]}),
        ({"answer": "yes", "seats": "-1"}, {"seats": ["Write a number between 1 and 3."]}),
        ({"answer": "yes", "seats": "3"}, {}),
        ({"answer": "no", "seats": "many"}, {}),
        ({"answer": "maybe"}, {}),
        ({"answer": "maybe", "who-0-email": "nobody"}, {}),
        (
            {"answer": "yes", "seats": "1", "who-0-email": "a@example.org"},
            {"__all__": ["Look again at who will come: something is missing or wrong there."]},
        ),
        ({"answer": "yes", "seats": "1", "need_interpretation": "xx"}, {"need_interpretation": [NO_CHOICE]}),
        ({"answer": "no", "note": "x" * 2001}, {"note": ["This is 1 character too long. Up to 2000 are possible."]}),
        (
            {"answer": "yes", "seats": "๓", "who-0-full_name": "สมชาย", "need_other": "ខ្មែរ 🙏", "note": "بهاس ملايو"},
            {},
        ),
    ],
)
def test_answers(db, values, errors) -> None:
    assert answer(**values).errors == errors


def test_the_answer_that_counts_stands_in_the_form(db) -> None:
    invitation = build.make_invitation(build.make_consultation(), state="accepted", answered_at=timezone.now())
    invitation.answers.create(verb="yes", seats=1, note="A word", channel="link")
    invitation.needs.create(kind="interpretation", language="th")
    invitation.needs.create(kind="diet", detail="No pork")
    form = forms.AnswerForm(invitation=invitation)
    names = ("answer", "seats", "note", "need_interpretation", "need_diet")
    assert {name: form[name].value() for name in names} == dict(
        zip(names, ("yes", 1, "A word", "th", "No pork"), strict=True)
    )
    assert form.needs_open


def test_needs_of_before_they_had_kinds_are_not_lost(db) -> None:
    invitation = build.make_invitation(build.make_consultation(), state="accepted", answered_at=timezone.now())
    invitation.answers.create(verb="yes", seats=1, needs="Thai", channel="link")
    assert forms.AnswerForm(invitation=invitation)["need_other"].value() == "Thai"


def test_names_given_while_waiting_stand_in_the_rows(db) -> None:
    invitation = build.make_invitation(build.make_consultation(), state="offered", waiting_seats=1)
    invitation.answers.create(verb="yes", seats=2, delegates="Siti\nBudi", channel="link")
    rows = forms.AnswerForm(invitation=invitation).rows
    assert [row["full_name"].value() for row in rows] == ["Siti", "Budi"]
    assert rows.is_open


@pytest.mark.parametrize(("mode", "asked"), [("hybrid", True), ("on-site", False), ("online", False)])
def test_how_somebody_comes_is_asked_only_where_it_can_differ(db, mode, asked) -> None:
    invitation = build.make_invitation(build.make_consultation(mode=mode))
    form = forms.DelegateForm(post(full_name="Siti"), invitation=invitation)
    assert ("mode" in form.fields) == asked
    assert form.is_valid()
    assert form.delegate().mode == ("online" if mode == "online" else "on-site")


def test_the_office_is_asked_of_officials_and_persons(db) -> None:
    consultation = build.make_consultation()
    offices = [
        "office" in forms.DelegateForm(invitation=one).fields
        for one in (
            build.make_invitation(consultation),
            build.make_invitation_of_body(consultation),
            build.make_invitation_of_person(consultation),
        )
    ]
    assert offices == [False, True, True]


def test_an_address_loses_its_invisible_tail(db) -> None:
    invitation = build.make_invitation(build.make_consultation())
    form = forms.RepairForm(post(address="New@Example.org\u200b "), invitation=invitation)
    assert form.is_valid()
    assert form.cleaned_data["address"] == "new@example.org"


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c.org", "кто@example.org", "a@example.org, b@example.org"])
def test_addresses_that_are_none(db, typed) -> None:
    invitation = build.make_invitation(build.make_consultation())
    assert "address" in forms.RepairForm(post(address=typed), invitation=invitation).errors


def test_a_number_that_cannot_be_meant_is_refused_in_the_readers_language(db) -> None:
    consultation = build.make_consultation()
    with translation.override("id"):
        form = forms.WhereForm(post(version=1, mode="on-site", seats="0"), consultation=consultation)
        assert form.errors == {"seats": ["Tulis angka antara 1 dan 5000."]}

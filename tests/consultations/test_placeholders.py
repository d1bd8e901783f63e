"""Placeholders: what is refused, what stands in their place, and what stays out of mail."""

from datetime import date

import pytest

from consultations import placeholders
from consultations.models import Wording
from tests import build

ALL = list(placeholders.NAMES)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Dear {name}", "There is no placeholder {name}."),
        ("Dear {__class__}", "There is no placeholder {__class__}."),
        ("Dear {organisation.name}", "There is no placeholder {organisation.name}."),
        ("Dear {organisation!r:>99}", "There is no placeholder {organisation!r:>99}."),
        ("On {days", "A brace is left open."),
        ("On days}", "A brace is left open."),
        ("{{days}}", "A brace is left open."),
        ("See https://evil.example/x", "“https://evil.example/x” would become a link to another place."),
        ("See http://127.0.0.1:8000@evil.example/", "would become a link to another place."),
        ("See https://127.0.0.1.evil.example/", "would become a link to another place."),
        ("See www.evil.example", "would become a link to another place."),
        ("See bit.ly/abc", "“bit.ly/abc” would become a link to another place."),
        ("See ex\u200bample.org now", "“example.org” would become a link to another place."),
        ("See ｅｘａｍｐｌｅ．org", "“example.org” would become a link to another place."),
        ("See javascript://x", "would become a link to another place."),
    ],
)
def test_what_is_refused_and_why(words, sentence) -> None:
    found = placeholders.problems(words, ALL)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    "words",
    [
        "Dear {organisation}, { days } in {place}.",
        "Write to office@example.org or first.last@mail.example.org.",
        "At 9.30 in Jl. Sudirman No. 5. See you there!",
        "ขอเชิญ {organisation} เข้าร่วม",
        "",
    ],
)
def test_what_is_allowed(words) -> None:
    assert placeholders.problems(words, ALL) == []


def test_our_own_pages_may_be_linked_and_nobodys_invitation(settings) -> None:
    settings.SITE_URL = "https://consult.example.org"
    assert placeholders.problems("See https://consult.example.org/en/about/", ALL) == []
    link = f"https://consult.example.org/en/i/{'a' * 40}/"
    assert "is one invitee's own link" in placeholders.problems(link, ALL)[0]
    assert "another place" in placeholders.problems("http://consult.example.org/", ALL)[0]


def test_a_placeholder_that_tells_too_much_says_which_there_are() -> None:
    found = placeholders.problems("{link}", list(placeholders.IN_SUBJECT))
    assert found == ["{link} cannot be used here. There are: {title}, {days}, {place}, {answer_by}."]


@pytest.mark.parametrize("subject", [True, False])
def test_a_discreet_one_offers_neither_title_nor_organisers(db, subject) -> None:
    consultation = build.make_consultation(discreet=True)
    assert set(placeholders.offered(consultation, subject=subject)) & {"title", "organisers"} == set()


def test_filling_reads_nothing_but_the_names() -> None:
    values = {"days": "{organisation}", "place": "Jakarta"}
    words = "{days} {place} {unknown} {days.real} {0}"
    assert placeholders.filled(words, values) == "{organisation} Jakarta {unknown} {days.real} {0}"


@pytest.mark.parametrize(
    ("language", "days", "place"),
    [
        ("en", "12 May 2027", "Jakarta (in one place)"),
        ("id", "12 Mei 2027", "Jakarta (di satu tempat)"),
        ("th", "12 พฤษภาคม ค.ศ. 2027", "Jakarta (in one place)"),
        ("km", "12 ឧសភា 2027", "Jakarta (in one place)"),
    ],
)
def test_values_in_the_readers_language(db, language, days, place) -> None:
    day = date(2027, 5, 12)
    consultation = build.make_consultation(starts_on=day, ends_on=day, city_en="Jakarta", city_ind="Jakarta")
    values = placeholders.values_of(consultation, language, 3)
    assert (values["days"], values["place"], values["seats"]) == (days, place, "3")


def test_organisers_stand_in_order_and_withheld_ones_as_a_description(db) -> None:
    consultation = build.make_consultation()
    build.make_organiser(consultation, name="Second", position=2)
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_organiser(consultation, organisation=hidden, name="", position=1)
    assert placeholders.values_of(consultation, "en")["organisers"] == "a trade union, origin side; Second"
    consultation.discreet = True
    values = placeholders.values_of(consultation, "en")
    assert (values["organisers"], values["title"]) == ("the task force", "A consultation")


@pytest.mark.parametrize(
    ("visibility", "way", "expected"),
    [
        ("public", "mail", "Rahasia Kita"),
        ("members", "mail", "Rahasia Kita"),
        ("withheld", "mail", "a trade union, origin side"),
        ("public", "trusted", "Rahasia Kita"),
        ("members", "trusted", "a trade union, origin side"),
        ("withheld", "trusted", "a trade union, origin side"),
    ],
)
def test_how_a_mail_speaks_of_an_organisation(db, visibility, way, expected) -> None:
    organisation = build.make_organisation(name="Rahasia Kita", visibility=visibility)
    invitation = build.make_invitation(build.make_consultation(), organisation, way=way)
    assert placeholders.personal_name(invitation, "en") == expected


def test_how_a_mail_speaks_of_a_body_and_of_a_person(db) -> None:
    consultation = build.make_consultation()
    office = build.make_invitation_of_body(consultation, build.make_body("ministry"))
    person = build.make_invitation_of_person(consultation, "Ibu Sri")
    found = [placeholders.personal_name(one, "id") for one in (office, person)]
    assert found == ["Kementerian ministry", "Ibu Sri"]
    person.way = "trusted"
    assert placeholders.personal_name(person, "en") == "somebody you know"


def test_who_is_written_to_in_which_language(db) -> None:
    consultation = build.make_consultation()
    Wording.objects.create(consultation=consultation, kind="invitation", language="km", subject="x", body="x")
    Wording.objects.create(consultation=consultation, kind="invitation", language="en", subject="x", body="x")
    spoken = {code: placeholders.written_in(consultation, "invitation", code) for code in ("km", "en", "id", "th")}
    # Nobody wrote Indonesian words: the usual ones stand. Thai is not shipped: such a reader gets English.
    assert spoken == {"km": "km", "en": "en", "id": "id", "th": "en"}
    assert placeholders.own_wording(consultation, "reminder", "km") is None


@pytest.mark.parametrize("language", ["en", "id", "km"])
@pytest.mark.parametrize("kind", placeholders.KINDS)
@pytest.mark.parametrize("discreet", [False, True])
def test_the_usual_words_could_be_saved_as_they_are(db, language, kind, discreet) -> None:
    consultation = build.make_consultation(discreet=discreet)
    subject, body = placeholders.usual(consultation, kind, language)
    assert placeholders.problems(subject, placeholders.offered(consultation, subject=True)) == []
    assert placeholders.problems(body, placeholders.offered(consultation)) == []
    assert len(placeholders.filled(subject, placeholders.values_of(consultation, language))) <= 60

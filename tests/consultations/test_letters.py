"""Letters on paper: what they say, that they are the same every time, how they are handed over."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from consultations import actions, letters
from consultations.models import Wording
from consultations.states import HandedBy, InvitationState
from portal import clock, languages
from portal.models import LogEntry
from portal.states import Refusal
from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def consultation(cast):
    """Return an announced consultation with its organisers."""
    made = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    build.make_organiser(made, name="Bakung Raya", kind="convening")
    return made


@pytest.fixture
def official(consultation, cast):
    """Return the invitation of an office, by letter."""
    return build.make_invitation_of_body(
        consultation, cast.body, office="Director General", sent_at=datetime(2027, 5, 3, 2, tzinfo=ZoneInfo("UTC"))
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("3 May 2027", "Reference:", "We have the honour to invite you", "Your answer:")),
        ("id", ("3 Mei 2027", "", "", "")),
        ("km", ("3 May 2027", "Reference:", "We have the honour to invite you", "Your answer:")),
    ],
)
def test_what_a_letter_says(official, language, words) -> None:
    sheet = letters.sheet(official, language)
    shipped = languages.shipped_or_default(language)
    assert sheet.date == words[0]
    assert words[1] in sheet.reference_label
    assert words[2] in sheet.paragraphs[0]
    assert sheet.letterhead == "Bakung Raya"
    name = {"en": "Ministry ministry", "id": "Kementerian ministry"}[shipped]
    assert sheet.addressee.split("\n")[:2] == ["Director General", name]
    assert sheet.link.endswith(f"/{shipped}/i/{official.token}/")
    assert sheet.code.startswith("<svg")
    assert sheet.signatures == ["Convenor", "Second Convenor"]
    assert sheet.reference == f"{official.consultation.starts_on.year}/{official.consultation_id}/{official.pk}"
    assert "{" not in " ".join([sheet.subject, *sheet.paragraphs])


def test_own_words_and_own_reference(official) -> None:
    official.reference = "12/TF/2027"
    Wording.objects.create(
        consultation=official.consultation,
        kind="letter",
        language="th",
        subject="เชิญ {days}",
        body="เรียน {organisation}\n\n{link}",
    )
    sheet = letters.sheet(official, "th")
    assert (sheet.lang, sheet.reference) == ("th", "12/TF/2027")
    assert sheet.paragraphs == ["เรียน Ministry ministry", sheet.link]


def test_to_whom_it_is_addressed(consultation) -> None:
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    own = build.make_invitation(consultation, hidden, address="", way="letter")
    person = build.make_invitation_of_person(consultation, "Ibu Sri", office="Lawyer")
    assert letters.sheet(own).addressee.split("\n")[0] == "Rahasia Kita"  # the letter goes to them
    assert letters.sheet(person).addressee == "Ibu Sri\nLawyer"


def test_a_discreet_one_names_neither_title_nor_anybody(cast) -> None:
    consultation = build.make_consultation(discreet=True, title_en="Hidden title", convenors=[cast.convenor])
    build.make_organiser(consultation, name="Hidden organiser")
    sheet = letters.sheet(build.make_invitation_of_body(consultation))
    said = " ".join([sheet.letterhead, sheet.subject, *sheet.paragraphs, *sheet.signatures])
    assert "Hidden" not in said
    assert "Convenor" not in said


# One text in each script of the region; the fonts must have every letter of it.
SAID = {
    "en": "Mr Đỗ & Mrs Ñ",
    "vi": "Trân trọng kính mời quý vị",
    "th": "ขอเชิญท่านเข้าร่วมการปรึกษาหารือ",
    "lo": "ຂໍເຊີນທ່ານເຂົ້າຮ່ວມ",
    "km": "សូមអញ្ជើញលោកអ្នក",
    "my": "ဖိတ်ကြားအပ်ပါသည်",
    "ta": "உங்களை அழைக்கிறோம்",
    "zh-hans": "谨邀请您参加磋商会议",
}


@pytest.mark.parametrize("language", SAID)
def test_a_pdf_in_every_script_the_same_every_time(official, language) -> None:
    Wording.objects.create(
        consultation=official.consultation,
        kind="letter",
        language=language,
        subject=SAID[language],
        body=SAID[language],
    )
    official.language = language
    first, second = letters.typeset([official]), letters.typeset([official])
    assert first == second
    assert first.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in first


def test_words_are_data_and_never_markup(official) -> None:
    body = '#read("/etc/passwd") #panic("x") *bold* $x$ @ref <label> \\ [[ ]] = Heading'
    Wording.objects.create(consultation=official.consultation, kind="letter", language="en", subject="#x", body=body)
    assert letters.typeset([official]).startswith(b"%PDF")


def test_all_in_one_is_more_than_one(official, consultation) -> None:
    other = build.make_invitation_of_person(consultation)
    with translation.override("en"):
        assert len(letters.typeset([official, other])) > len(letters.typeset([official]))


# --- Handing over --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", InvitationState.values)
def test_handing_over_in_every_state(cast, consultation, state) -> None:
    letter = build.make_invitation_of_body(consultation, state=state)
    yesterday = clock.today_in(consultation.time_zone) - timedelta(days=1)

    def hand_over():
        return actions.hand_over_letter(letter, by=cast.convenor, on=yesterday, handed_by="courier", reference="7/A")

    if state in {"drafted", "revoked", "lapsed"}:
        with pytest.raises(Refusal):
            hand_over()
        return
    found = hand_over()
    assert found.state == ("sent" if state == "approved" else state)
    assert found.reference == "7/A"
    assert found.sent_at.astimezone(ZoneInfo(consultation.time_zone)).date() == yesterday
    assert LogEntry.objects.get(verb="hand_over").detail == f"courier {yesterday:%Y-%m-%d}"


def test_a_day_to_come_and_a_mail_are_refused(cast, consultation, official) -> None:
    tomorrow = clock.today_in(consultation.time_zone) + timedelta(days=1)
    with pytest.raises(Refusal) as refusal:
        actions.hand_over_letter(official, by=cast.convenor, on=tomorrow, handed_by="post")
    assert refusal.value.field == "on"
    with pytest.raises(Refusal):
        actions.hand_over_letter(
            build.make_invitation(consultation), by=cast.convenor, on=timezone.localdate(), handed_by="post"
        )


def at(consultation, path) -> str:
    """Return the address of a page."""
    return f"/en/consultations/{consultation.slug}/invitations/{path}"


def test_who_opens_the_pages(cast, consultation, official) -> None:
    people = cast.people()
    expected = {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}
    for path in ("letters/", "letters/1.pdf", f"{official.pk}/letter.pdf", f"{official.pk}/handed-over/"):
        found = {name: as_person(people[name]).get(at(consultation, path)).status_code for name in PEOPLE}
        assert found == expected, path


def test_a_letter_is_reached_through_its_own_consultation_only(cast, consultation) -> None:
    other = build.make_invitation_of_body(build.make_consultation())
    client = as_person(cast.convenor)
    assert client.get(at(consultation, f"{other.pk}/letter.pdf")).status_code == 404
    assert client.get(at(consultation, "letters/2.pdf")).status_code == 404
    assert client.get(at(consultation, "letters/0.pdf")).status_code == 404
    assert client.get(at(consultation, f"letters/{10**30}.pdf")).status_code == 404


def test_a_page_of_the_list_is_a_file(cast, consultation) -> None:
    for _index in range(51):
        build.make_invitation_of_body(consultation)
    client = as_person(cast.convenor)
    first, second = (client.get(at(consultation, f"letters/?page={number}")) for number in (1, 2))
    assert [len(page.context["rows"]) for page in (first, second)] == [50, 1]
    links = [re.findall(r'href="\S+/letters/(\d+)\.pdf"', page.content.decode()) for page in (first, second)]
    assert links == [["1"], ["2"]]
    assert "Letters 51 to 51 (PDF)" in second.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_file_cost_the_same(cast, consultation, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation_of_body(consultation)
    client = as_person(cast.convenor)
    client.get(at(consultation, "letters/"))
    with django_assert_num_queries(7):
        client.get(at(consultation, "letters/"))
    with django_assert_num_queries(8):
        client.get(at(consultation, "letters/1.pdf"))


def test_hand_over_on_the_page(cast, consultation, official) -> None:
    client = as_person(cast.convenor)
    address = at(consultation, f"{official.pk}/handed-over/")
    body = client.post(address, {"on": "2999-01-01", "handed_by": "post", "reference": "kept"}).content.decode()
    assert "please check the year" in body
    assert 'value="kept"' in body
    day = clock.today_in(consultation.time_zone)
    body = client.post(address, {"on": day, "handed_by": "hand", "reference": "8/A"}, follow=True).content.decode()
    assert "8/A" in body
    assert str(HandedBy.HAND.label) in body
    found = client.get(at(consultation, "letters/")).context["rows"]
    assert [row["handed"] for row in found] == [{"way": HandedBy.HAND.label, "on": day}]


def test_the_pdf_of_a_mail_is_a_draft_whose_link_opens_nothing(cast, consultation, monkeypatch) -> None:
    seen = []
    real = letters.typeset
    monkeypatch.setattr(letters, "typeset", lambda rows, token="": seen.append(token) or real(rows, token))
    mail = build.make_invitation(consultation)
    paper = build.make_invitation_of_body(consultation, state="approved")
    drafted = build.make_invitation_of_body(consultation, state="drafted")
    for one in (mail, paper, drafted):
        response = as_person(cast.convenor).get(at(consultation, f"{one.pk}/letter.pdf"))
        assert response["Content-Disposition"] == f'attachment; filename="letter-{one.pk}.pdf"'
    assert seen == ["0" * 40, "", "0" * 40]

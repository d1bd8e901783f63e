"""The pages about seats: who comes, waiting list, requests; as everybody of the cast, with their costs."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from consultations.models import Answer, Invitation, Need, Seat, SeatQuota, SeatRequest
from portal.models import LogEntry
from tests import build
from tests.conftest import as_person

NEW = {"full_name": "Siti Rohani", "mandate": "chosen", "listing": "nobody", "email": ""}


@pytest.fixture
def consultation(cast):
    """Return a consultation of the two convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor], title_en="Fees and passports")


@pytest.fixture
def invitation(cast, consultation):
    """Return an invitation of the representative's organisation, with two accepted seats."""
    return build.make_invitation(consultation, cast.organisation, state="accepted", seats_accepted=2)


def holder(invitation) -> Client:
    """Return a browser that opened the link."""
    client = Client()
    client.get(f"/en/i/{invitation.token}/")
    return client


def page(invitation, name) -> str:
    """Return the address of a page of the invitation."""
    return f"/en/invitations/{invitation.pk}/{name}"


def desk(consultation, name) -> str:
    """Return the address of a page of the consultation."""
    return f"/en/consultations/{consultation.slug}/{name}"


# --- The invited --------------------------------------------------------------------------------------------------

WHO_NAMES = [
    ("anonymous", 302),
    ("stranger", 404),
    ("other_member", 404),
    ("liaison", 404),
    ("other_liaison", 404),
    ("colleague", 403),
    ("representative", 200),
    ("convenor", 200),
    ("second_convenor", 200),
]


@pytest.mark.parametrize(("person", "status"), WHO_NAMES)
def test_who_names_delegates(cast, invitation, person, status) -> None:
    client = as_person(getattr(cast, person))
    seat = build.make_seat(invitation, state="nominated")
    for name in ("delegates/", f"delegates/{seat.pk}/substitute/"):
        assert client.get(page(invitation, name)).status_code == status
    confirmed = client.post(page(invitation, f"delegates/{seat.pk}/confirm/"))
    assert confirmed.status_code == (302 if status == 200 else status)
    assert Seat.objects.get().state == ("confirmed" if status == 200 else "nominated")


def test_with_the_link_alone_delegates_are_named_confirmed_replaced_taken_out(invitation) -> None:
    client = holder(invitation)
    assert client.post(page(invitation, "delegates/"), NEW).url == page(invitation, "delegates/")
    seat = Seat.objects.get()
    client.post(page(invitation, f"delegates/{seat.pk}/confirm/"))
    body = client.get(page(invitation, "delegates/")).content.decode()
    assert "Siti Rohani" in body
    client.post(page(invitation, f"delegates/{seat.pk}/substitute/"), {**NEW, "full_name": "Budi"})
    second = Seat.objects.living().get()
    assert (second.full_name, second.replaces) == ("Budi", seat)
    assert "Siti Rohani" not in client.get(page(invitation, "delegates/")).content.decode()
    client.post(page(invitation, f"delegates/{second.pk}/excuse/"))
    assert not Seat.objects.living().exists()


def test_seats_of_others_are_not_there(cast, invitation) -> None:
    other = build.make_invitation(invitation.consultation, cast.other_organisation, state="accepted", seats_accepted=1)
    foreign = build.make_seat(other)
    client = holder(invitation)
    for name in ("confirm", "substitute", "excuse"):
        assert client.post(page(invitation, f"delegates/{foreign.pk}/{name}/"), NEW).status_code == 404
        assert client.post(page(other, f"delegates/{foreign.pk}/{name}/"), NEW).status_code == 302
    assert Seat.objects.get() == foreign


@pytest.mark.parametrize("name", ["confirm", "excuse"])
def test_a_plain_visit_changes_no_delegate(invitation, name) -> None:
    seat = build.make_seat(invitation, state="nominated")
    assert holder(invitation).get(page(invitation, f"delegates/{seat.pk}/{name}/")).status_code == 405


def test_errors_keep_what_was_typed(invitation) -> None:
    response = holder(invitation).post(page(invitation, "delegates/"), {**NEW, "full_name": " ", "email": "a@b@c"})
    body = response.content.decode()
    assert "Write the name." in body
    assert "a@b@c" in body


def test_before_the_yes_the_names_lead_to_the_answer(invitation) -> None:
    Invitation.objects.update(state="sent")
    assert holder(invitation).get(page(invitation, "delegates/")).url == page(invitation, "answer/")


def test_one_page_takes_answer_names_and_needs(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, cast.organisation)
    data = {"answer": "yes", "seats": "2", "who-0-full_name": "Siti", "who-1-full_name": "Budi", "need_diet": "No pork"}
    assert holder(invitation).post(page(invitation, "answer/"), data).url == page(invitation, "receipt/")
    assert list(Seat.objects.values_list("full_name", flat=True)) == ["Siti", "Budi"]
    assert Need.objects.values_list("kind", "detail").get() == ("diet", "No pork")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"state": "waitlisted", "waiting_seats": 2, "waiting_since": timezone.now()},
            "on the waiting list for 2 seats",
        ),
        ({"state": "waitlisted", "waiting_seats": 2}, "The offer has ended"),
        (
            {"state": "offered", "waiting_seats": 1, "offered_until": timezone.now() + timedelta(days=1)},
            "1 seat is free for you",
        ),
        (
            {"state": "offered", "waiting_seats": 1, "offered_until": timezone.now() - timedelta(days=1)},
            "The offer has ended",
        ),
        ({"state": "to_reconfirm", "seats_accepted": 2}, "It was moved: please answer again"),
    ],
)
@pytest.mark.parametrize("name", ["answer/", "receipt/"])
def test_where_the_answer_stands_is_said_truly(invitation, values, sentence, name) -> None:
    invitation.answers.create(verb="yes", seats=2, channel="link")
    Invitation.objects.update(**{"seats_accepted": 0, "answered_at": timezone.now(), **values})
    assert sentence in holder(invitation).get(page(invitation, name)).content.decode()


def test_after_a_move_the_former_answer_stands_in_the_form(invitation) -> None:
    type(invitation.consultation).objects.update(moved_because="The hall burnt down")
    invitation.answers.create(verb="yes", seats=2, note="We come by bus", channel="link")
    Invitation.objects.update(state="to_reconfirm", answered_at=timezone.now())
    body = holder(invitation).get(page(invitation, "answer/")).content.decode()
    assert "The hall burnt down" in body
    assert "We come by bus" in body


@pytest.mark.parametrize(("person", "status"), [("liaison", 200), ("other_liaison", 404), ("representative", 404)])
def test_a_liaison_answers_for_the_own_office(cast, consultation, person, status) -> None:
    invitation = build.make_invitation_of_body(consultation, cast.body)
    client = as_person(getattr(cast, person))
    assert client.get(page(invitation, "answer/")).status_code == status
    client.post(page(invitation, "answer/"), {"answer": "maybe"})
    assert list(Answer.objects.values_list("by", flat=True)) == ([cast.liaison.pk] if status == 200 else [])


def test_the_liaison_s_desk_shows_the_invitation_of_the_office(cast, consultation) -> None:
    invitation = build.make_invitation_of_body(consultation, cast.body)
    assert page(invitation, "answer/") in as_person(cast.liaison).get("/en/desk/").content.decode()
    assert page(invitation, "answer/") not in as_person(cast.other_liaison).get("/en/desk/").content.decode()


def test_a_person_and_an_office_answer_with_their_link(cast, consultation) -> None:
    for invitation in (
        build.make_invitation_of_body(consultation, cast.body),
        build.make_invitation_of_person(consultation, "Ibu Sri"),
    ):
        client = holder(invitation)
        body = client.get(page(invitation, "answer/")).content.decode()
        assert "Ibu Sri" not in body
        client.post(page(invitation, "answer/"), {"answer": "yes", "seats": "1", "who-0-full_name": "Pak Joko"})
        receipt = client.get(page(invitation, "receipt/")).content.decode()
        assert "Yes, 1 person" in receipt
        assert "/account/signup/" not in receipt
        assert client.get(page(invitation, "calendar.ics")).status_code == 200
    assert Seat.objects.living().count() == 2


# --- A forwarded link ---------------------------------------------------------------------------------------------


def test_whoever_is_not_meant_asks_for_a_seat(invitation) -> None:
    client = holder(invitation)
    assert page(invitation, "request/") in client.get(page(invitation, "answer/")).content.decode()
    response = client.post(page(invitation, "request/"), {"full_name": "Pak Tono", "organisation_name": "Tani"})
    assert response.url == page(invitation, "request/receipt/")
    assert "It is not a seat yet." in client.get(response.url).content.decode()
    assert SeatRequest.objects.values_list("full_name", "organisation_name", "email").get() == ("Pak Tono", "Tani", "")
    assert Invitation.objects.count() == 1


def test_without_a_link_nobody_asks(cast, invitation, visitor) -> None:
    assert visitor.post(page(invitation, "request/"), {"full_name": "Pak Tono"}).status_code == 302
    assert as_person(cast.stranger).post(page(invitation, "request/"), {"full_name": "Pak Tono"}).status_code == 404
    assert not SeatRequest.objects.exists()


def test_requests_are_counted(invitation, settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "seat_request": "2/h/ip"}
    client = holder(invitation)
    statuses = [client.post(page(invitation, "request/"), {"full_name": f"Nr {n}"}).status_code for n in range(3)]
    assert statuses == [302, 302, 429]


def ask(invitation, name="Pak Tono", **values) -> SeatRequest:
    """Return a request that came with the link of the invitation."""
    return SeatRequest.objects.create(
        consultation=invitation.consultation, invitation=invitation, full_name=name, **values
    )


def test_a_convenor_invites_the_person(cast, invitation) -> None:
    asked = ask(invitation, email="tono@example.org")
    client = as_person(cast.convenor)
    assert client.get(desk(invitation.consultation, f"requests/{asked.pk}/grant/")).status_code == 200
    response = client.post(desk(invitation.consultation, f"requests/{asked.pk}/grant/"), {"seats": "1"})
    assert response.url == desk(invitation.consultation, "invitations/?state=approved")
    assert Invitation.objects.get(full_name="Pak Tono").state == "approved"


def test_a_convenor_invites_an_organisation_of_the_register(cast, invitation) -> None:
    asked = ask(invitation, organisation_name="buruh")
    client = as_person(cast.convenor)
    address = desk(invitation.consultation, f"requests/{asked.pk}/grant/")
    body = client.get(address).content.decode()
    assert "Jaringan Buruh Migran" in body
    assert "Jaringan Buruh Migran" not in client.get(address + "?name=other").content.decode()
    client.post(address, {"seats": "2", "organisation": str(cast.other_organisation.pk)})
    assert Invitation.objects.get(organisation=cast.other_organisation).seats_offered == 2


def test_a_convenor_declines(cast, invitation) -> None:
    asked = ask(invitation)
    as_person(cast.convenor).post(desk(invitation.consultation, f"requests/{asked.pk}/decline/"))
    assert SeatRequest.objects.get().state == "declined"


# --- The convenors ------------------------------------------------------------------------------------------------

PAGES = ("waiting/", "requests/", "coming/")
WHO_SEES = [(name, 200 if name in {"convenor", "second_convenor"} else 403) for name, _status in WHO_NAMES[1:]]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("person", "status"), [("anonymous", 302), *WHO_SEES])
def test_who_sees_the_organisers_pages(cast, invitation, person, status, name) -> None:
    assert as_person(getattr(cast, person)).get(desk(invitation.consultation, name)).status_code == status


@pytest.mark.parametrize(
    "name", ["waiting/offer/", "waiting/{pk}/offer/", "requests/{asked}/decline/", "coming/export/"]
)
@pytest.mark.parametrize(("person", "status"), [("anonymous", 302), *WHO_SEES])
def test_who_acts_there(cast, invitation, person, status, name) -> None:
    Invitation.objects.update(state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
    asked = ask(invitation)
    address = desk(invitation.consultation, name.format(pk=invitation.pk, asked=asked.pk))
    response = as_person(getattr(cast, person)).post(address)
    assert LogEntry.objects.exists() == (status == 200)
    assert response.status_code == (status if status != 200 or name == "coming/export/" else 302)


def filled(cast, consultation, count) -> None:
    """Add people who come, wait, and ask."""
    SeatQuota.objects.create(consultation=consultation, bench="workers", seats=5)
    for number in range(count):
        coming = build.make_invitation(consultation, state="accepted", seats_accepted=1)
        build.make_seat(coming, full_name=f"Delegate {number}")
        coming.needs.create(kind="interpretation", language="km")
        coming.answers.create(verb="yes", seats=1, channel="phone", by=cast.convenor)
        build.make_invitation(consultation, state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
        ask(coming, f"Asker {number}", state="granted", by=cast.convenor, settled_at=timezone.now())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("waiting/", 10), ("requests/", 5), ("coming/", 9)])
def test_the_organisers_pages_cost_the_same(
    cast, consultation, django_assert_num_queries, count, name, queries
) -> None:
    filled(cast, consultation, count)
    client = as_person(cast.convenor)
    client.get(desk(consultation, name))
    with django_assert_num_queries(queries):
        body = client.get(desk(consultation, name)).content.decode()
    words = {"waiting/": "Offer a seat", "requests/": "Asker", "coming/": "Delegate"}[name]
    assert body.count(words) >= count


def test_who_comes_shows_names_needs_and_how_the_answer_came(cast, consultation, invitation) -> None:
    build.make_seat(invitation, full_name="Siti Rohani", office="")
    invitation.needs.create(kind="childcare", detail="Two, aged 3 and 5")
    invitation.answers.create(
        verb="yes", seats=2, channel="phone", by=cast.convenor, at=consultation.answers_close_at + timedelta(days=1)
    )
    type(cast.organisation).objects.filter(pk=cast.organisation.pk).update(trusted_contact="Somebody")
    client = as_person(cast.convenor)
    body = client.get(desk(consultation, "coming/")).content.decode()
    for words in ("Siti Rohani", "Two, aged 3 and 5", "telephone", "by a trusted contact", "after the last day"):
        assert words in body
    assert client.get(desk(consultation, "coming/?need=childcare")).content.decode().count("Siti Rohani") == 1


def test_the_list_is_taken_along_as_text(cast, consultation, invitation) -> None:
    build.make_seat(invitation, full_name="=1+1")
    invitation.needs.create(kind="interpretation", language="km")
    response = as_person(cast.convenor).post(desk(consultation, "coming/export/"))
    book = b"".join(response.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert rows[0][:4] == ["Invited", "State", "Seats", "Name"]
    assert rows[1][:4] == ["Serikat Pekerja Rumah Tangga", "accepted", "2", "=1+1"]
    assert "Khmer (ខ្មែរ)" in rows[1]
    assert LogEntry.objects.get().verb == "export_who_comes"


def test_a_plain_visit_takes_nothing_along(cast, consultation) -> None:
    response = as_person(cast.convenor).get(desk(consultation, "coming/export/"))
    assert response.url == desk(consultation, "coming/")
    assert not LogEntry.objects.exists()


def test_what_was_said_so_far_stands_beside_the_note(cast, consultation, invitation) -> None:
    invitation.answers.create(verb="yes", seats=2, channel="link")
    body = as_person(cast.convenor).get(desk(consultation, f"invitations/{invitation.pk}/record/")).content.decode()
    assert "Yes, for 2" in body


def test_an_answer_is_noted_after_the_event(cast, consultation, invitation) -> None:
    Invitation.objects.update(state="lapsed", seats_accepted=0)
    type(consultation).objects.update(state="concluded")
    data = {"channel": "letter", "answer": "yes", "seats": "1", "who-0-full_name": "Siti"}
    response = as_person(cast.convenor).post(desk(consultation, f"invitations/{invitation.pk}/record/"), data)
    assert response.status_code == 302
    assert Invitation.objects.get().state == "accepted"
    assert Seat.objects.get().full_name == "Siti"


def test_the_desk_leads_to_who_asks_and_who_waits(cast, consultation, invitation) -> None:
    ask(invitation)
    build.make_invitation(consultation, state="waitlisted", waiting_seats=1, waiting_since=timezone.now())
    body = as_person(cast.convenor).get(desk(consultation, "desk/")).content.decode()
    assert "1 request for a seat" in body
    assert "1 waits for a seat" in body

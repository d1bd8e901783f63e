"""The invitee's way: link, answer, receipt, calendar; and every link that does not work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from consultations import actions
from consultations.models import Answer, Invitation
from portal.models import LogEntry
from stakeholders.models import Organisation
from tests import build
from tests.conftest import as_person


@pytest.fixture
def invitation(cast):
    """Return an invitation of the representative's organisation."""
    consultation = build.make_consultation(
        convenors=[cast.convenor, cast.second_convenor], title_en="Fees and passports"
    )
    return build.make_invitation(consultation, cast.organisation)


def link(invitation, language="en") -> str:
    """Return the address in the mail."""
    return f"/{language}/i/{invitation.token}/"


def page(invitation, name="answer/") -> str:
    """Return the address of one of its pages."""
    return f"/en/invitations/{invitation.pk}/{name}"


def holder(invitation) -> Client:
    """Return a browser that opened the link."""
    client = Client()
    assert client.get(link(invitation)).status_code == 302
    return client


def rows() -> list:
    """Return what the record holds."""
    return [list(model.objects.values()) for model in (Invitation, Answer, LogEntry)]


def test_the_token_leaves_the_address_at_first_use(invitation, visitor) -> None:
    response = visitor.get(link(invitation))
    assert (response.status_code, response.url) == (302, page(invitation))
    assert invitation.token not in response.url
    body = visitor.get(response.url)
    assert body.status_code == 200
    assert invitation.token not in body.content.decode()
    assert body["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_changes_nothing(invitation, visitor, method) -> None:
    before = rows()
    for _count in range(2):
        getattr(visitor, method)(link(invitation))
        getattr(visitor, method)(page(invitation))
    assert rows() == before


def test_head_leaves_no_trace_at_all(invitation, visitor) -> None:
    with CaptureQueriesContext(connection) as caught:
        response = visitor.head(link(invitation))
    assert response.status_code == 302
    assert [query["sql"] for query in caught if not query["sql"].startswith("SELECT")] == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_link_itself_takes_no_other_method(invitation, visitor, method) -> None:
    assert getattr(visitor, method)(link(invitation)).status_code == 405


def test_links_that_do_not_work(invitation, visitor) -> None:
    other = ("0" if invitation.token[0] != "0" else "1") + invitation.token[1:]
    truncated = visitor.get(f"/en/i/{invitation.token[:31]}/")
    wrong = visitor.get(f"/en/i/{other}/")
    assert (truncated.status_code, wrong.status_code) == (404, 404)
    assert "This link is not complete" in truncated.content.decode()
    assert "This link does not work" in wrong.content.decode()
    assert visitor.session.get("invitation_links") is None


def test_a_superseded_link_looks_like_a_wrong_one(invitation, visitor) -> None:
    old, wrong = invitation.token, "a" * 40
    invitation.renew_token()
    invitation.save()
    pages = [visitor.get(f"/en/i/{token}/") for token in (old, wrong)]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content.decode().replace(old, wrong) == pages[1].content.decode()
    assert visitor.get(link(invitation)).status_code == 302


@pytest.mark.parametrize(
    "values", [{"state": "revoked"}, {"expires_at": timezone.now() - timedelta(minutes=1)}, {"state": "drafted"}]
)
def test_a_link_that_has_ended_is_gone(invitation, visitor, values) -> None:
    Invitation.objects.update(**values)
    response = visitor.get(link(invitation))
    assert response.status_code == 410
    assert "This link has ended" in response.content.decode()
    assert "Fees and passports" not in response.content.decode()


@pytest.mark.parametrize("state", ["suspended", "merged", "dissolved"])
def test_the_link_of_an_organisation_that_is_not_at_the_table_has_ended(invitation, visitor, state) -> None:
    browser = holder(invitation)
    revoked = build.make_invitation(invitation.consultation, state="revoked")
    Organisation.objects.filter(pk=invitation.organisation_id).update(state=state)
    ended, other = (visitor.get(link(one)) for one in (invitation, revoked))
    assert (ended.status_code, other.status_code) == (410, 410)
    assert ended.content.decode().replace(invitation.token, revoked.token) == other.content.decode()
    assert [browser.get(page(invitation)).status_code, browser.post(page(invitation)).status_code] == [410, 410]
    Organisation.objects.update(state="verified")
    assert visitor.get(link(invitation)).status_code == 302


def test_a_right_that_ends_ends_on_the_next_request(invitation, cast) -> None:
    client = holder(invitation)
    actions.revoke_invitation(invitation, by=cast.convenor)
    assert client.get(page(invitation)).status_code == 410
    assert client.post(page(invitation), {"answer": "yes", "seats": "1"}).status_code == 410
    assert not Answer.objects.exists()


def test_one_link_opens_one_invitation_only(invitation, cast) -> None:
    other = build.make_invitation(invitation.consultation, cast.other_organisation)
    client = holder(invitation)
    assert client.get(page(other)).status_code == 302  # to the sign-in
    assert client.post(page(other), {"answer": "no"}).status_code == 302
    assert not Answer.objects.exists()


def test_answer_by_link_then_receipt_then_change(invitation) -> None:
    client = holder(invitation)
    response = client.post(page(invitation), {"answer": "yes", "seats": "2", "need_interpretation": "km"})
    assert (response.status_code, response.url) == (302, page(invitation, "receipt/"))
    body = client.get(response.url).content.decode()
    assert "Yes, 2 people" in body
    assert "ខ្មែរ" in body
    assert page(invitation, "calendar.ics") in body
    assert "/account/signup/?next=" in body
    client.post(page(invitation), {"answer": "no", "note": "Ill"})
    invitation.refresh_from_db()
    assert (invitation.state, invitation.seats_accepted, Answer.objects.count()) == ("declined", 0, 2)
    assert set(Answer.objects.values_list("channel", "by")) == {("link", None)}


def test_the_same_form_twice_is_one_answer(invitation) -> None:
    client = holder(invitation)
    data = {"answer": "yes", "seats": "1", "one_time_key": "the-same"}
    urls = {client.post(page(invitation), data).url for _count in range(2)}
    assert urls == {page(invitation, "receipt/")}
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("other_member", 404),
        ("liaison", 404),
        ("colleague", 403),
        ("convenor", 403),
        ("representative", 200),
    ],
)
@pytest.mark.parametrize("name", ["answer/", "calendar.ics"])
def test_who_answers_with_an_account(invitation, cast, person, seen, name) -> None:
    assert as_person(getattr(cast, person)).get(page(invitation, name)).status_code == seen


def test_a_representative_answers_signed_in(invitation, cast) -> None:
    client = as_person(cast.representative)
    assert client.get(page(invitation, "receipt/")).url == page(invitation)
    client.post(page(invitation), {"answer": "maybe"})
    assert Answer.objects.values_list("channel", "by").get() == ("portal", cast.representative.pk)
    assert "account/signup" not in client.get(page(invitation, "receipt/")).content.decode()


def test_a_session_that_ran_out_keeps_what_was_typed(invitation, cast) -> None:
    client = Client()
    response = client.post(page(invitation), {"answer": "maybe", "note": "A long thought"})
    assert response.status_code == 302
    assert "login" in response.url
    client.get(link(invitation))
    assert "A long thought" in client.get(page(invitation)).content.decode()


def test_errors_keep_everything_typed(invitation) -> None:
    response = holder(invitation).post(page(invitation), {"answer": "yes", "seats": "9", "note": "Kept words"})
    body = response.content.decode()
    assert response.status_code == 200
    assert "Write a number between 1 and 2." in body
    assert "Kept words" in body
    assert 'href="#id_seats"' in body


def test_after_the_deadline_a_clear_page_and_the_typed_text(invitation) -> None:
    client = holder(invitation)
    invitation.consultation.answer_by = timezone.localdate() - timedelta(days=2)
    invitation.consultation.save()
    body = client.post(page(invitation), {"answer": "yes", "seats": "1", "note": "Typed too late"}).content.decode()
    assert "The time for answers is over" in body
    assert "Typed too late" in body
    assert not Answer.objects.exists()
    assert "<textarea" not in client.get(page(invitation)).content.decode()


def test_a_link_alone_shows_little(cast) -> None:
    consultation = build.make_consultation(
        discreet=True,
        title_en="Hidden title",
        purpose_en="Hidden purpose",
        venue="Hidden venue",
        convenors=[cast.convenor],
    )
    build.make_organiser(consultation, name="Hidden organiser")
    build.make_invitation(consultation, build.make_organisation(name="Other invitee"))
    own = build.make_invitation(consultation, cast.organisation)
    client = holder(own)
    client.post(page(own), {"answer": "yes", "seats": "1"})
    for name in ("answer/", "receipt/", "calendar.ics"):
        body = client.get(page(own, name)).content.decode()
        for secret in (
            "Hidden title",
            "Hidden purpose",
            "Hidden venue",
            "Hidden organiser",
            "Other invitee",
            consultation.slug,
        ):
            assert secret not in body
    assert "Hidden title" in as_person(cast.representative).get(page(own)).content.decode()


def test_the_calendar_file(invitation) -> None:
    response = holder(invitation).get(page(invitation, "calendar.ics"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="invitation.ics"'
    assert str(Calendar.from_ical(response.content).walk("VEVENT")[0]["summary"]) == "Fees and passports"

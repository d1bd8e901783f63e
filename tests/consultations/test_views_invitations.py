"""A person's own invitations: what is open and until when, in the own zone; the past; per organisation and office."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.states import InvitationState
from stakeholders.models import Membership
from tests import build
from tests.conftest import PEOPLE, as_person

PAGE = "/en/invitations/"


def parts(client, query: str = "") -> dict[str, list]:
    """Return the titles that the page shows, by part."""
    context = client.get(PAGE + query).context
    names = ("open_rows", "settled_rows", "past_rows")
    return {name: [row["consultation"].title for row in context[name]] for name in names}


def test_who_sees_whose(cast) -> None:
    consultation = build.make_consultation(title_en="Fees")
    build.make_invitation(consultation, cast.organisation)
    build.make_invitation_of_body(consultation, cast.body)
    build.make_invitation_of_person(consultation, "Ibu Sri")
    found = {name: as_person(getattr(cast, name)).get(PAGE).content.decode().count(">Fees</a>") for name in PEOPLE[:-1]}
    assert found == {**dict.fromkeys(PEOPLE[:-1], 0), "representative": 1, "colleague": 1, "liaison": 1}
    assert as_person(None).get(PAGE).status_code == 302


@pytest.mark.parametrize("state", InvitationState.values)
def test_where_each_state_stands(cast, state) -> None:
    consultation = build.make_consultation(title_en="Fees")
    build.make_invitation(consultation, cast.organisation, state=state, answered_at=timezone.now())
    hidden = {"drafted", "approved", "revoked"}
    waits = {"sent", "undeliverable", "tentative", "offered", "to_reconfirm"}
    found = parts(as_person(cast.representative))
    part = "open_rows" if state in waits else "settled_rows"
    expected = {"open_rows": [], "settled_rows": [], "past_rows": []}
    assert found == (expected if state in hidden else {**expected, part: ["Fees"]})


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_what_is_over_is_past(cast, state) -> None:
    build.make_invitation(build.make_consultation(title_en="Fees", state=state), cast.organisation)
    client = as_person(cast.representative)
    assert parts(client) == {"open_rows": [], "settled_rows": [], "past_rows": ["Fees"]}
    assert ("was cancelled" in client.get(PAGE).content.decode()) == (state == "cancelled")
    assert client.get(PAGE).context["past_rows"][0]["answer_url"] == ""


def test_after_the_last_day_for_answers_nothing_is_open(cast) -> None:
    late = build.make_consultation(title_en="Late", answer_by=timezone.localdate() - timedelta(days=2))
    build.make_invitation(late, cast.organisation)
    client = as_person(cast.representative)
    assert parts(client) == {"open_rows": [], "settled_rows": ["Late"], "past_rows": []}
    assert client.get(PAGE).context["settled_rows"][0]["answer_url"] == ""


def test_the_hour_is_the_readers(cast) -> None:
    build.make_invitation(build.make_consultation(time_zone="Asia/Dili"), cast.organisation)
    body = as_person(cast.representative).get(PAGE).content.decode()
    assert "21:59 (WIB, GMT+7)" in body
    cast.representative.time_zone = "Asia/Dili"
    cast.representative.save()
    assert "23:59 (Dili, GMT+9)" in as_person(cast.representative).get(PAGE).content.decode()


def test_who_drafts_reads_and_does_not_answer(cast) -> None:
    invitation = build.make_invitation(build.make_consultation(), cast.organisation, answered_at=timezone.now())
    rows = {
        name: as_person(getattr(cast, name)).get(PAGE).context["open_rows"][0]
        for name in ("representative", "colleague")
    }
    assert rows["representative"]["answer_url"] == f"/en/invitations/{invitation.pk}/answer/"
    assert rows["representative"]["receipt_url"] == f"/en/invitations/{invitation.pk}/receipt/"
    assert (rows["colleague"]["answer_url"], rows["colleague"]["receipt_url"]) == ("", "")


def test_whoever_acts_for_two_sees_whose_and_can_choose(cast) -> None:
    both = cast.representative
    Membership.objects.create(
        organisation=cast.other_organisation, user=both, role="lead", state="active", since=build.LONG_AGO
    )
    build.make_invitation(build.make_consultation(title_en="One"), cast.organisation)
    build.make_invitation(build.make_consultation(title_en="Two"), cast.other_organisation)
    client = as_person(both)
    assert sorted(parts(client)["open_rows"]) == ["One", "Two"]
    assert "Jaringan Buruh Migran" in client.get(PAGE).content.decode()
    assert parts(client, f"?organisation={cast.other_organisation.pk}")["open_rows"] == ["Two"]
    foreign = build.make_organisation()
    assert sorted(parts(client, f"?organisation={foreign.pk}")["open_rows"]) == ["One", "Two"]
    assert "organisation=" not in as_person(cast.colleague).get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(cast, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(build.make_consultation(), cast.organisation)
        build.make_invitation(build.make_consultation(state="concluded"), cast.organisation)
    client = as_person(cast.representative)
    client.get(PAGE)
    with django_assert_num_queries(5):  # the session, the person, ahead, how many are past, those
        client.get(PAGE)


def test_the_past_comes_in_pages(cast) -> None:
    for _index in range(51):
        build.make_invitation(build.make_consultation(state="concluded"), cast.organisation)
    client = as_person(cast.representative)
    assert [len(parts(client, f"?page={page}")["past_rows"]) for page in (1, 2)] == [50, 1]


def test_nobodys_page_says_what_to_do(cast) -> None:
    assert "You act for no organisation yet" in as_person(cast.stranger).get(PAGE).content.decode()
    assert "No invitation yet" in as_person(cast.representative).get(PAGE).content.decode()
    assert "No invitation yet" in as_person(cast.liaison).get(PAGE).content.decode()


def test_the_desk_leads_here(cast) -> None:
    build.make_invitation_of_body(build.make_consultation(title_en="Fees"), cast.body)
    for person in (cast.representative, cast.liaison):
        assert f'href="{PAGE}"' in as_person(person).get("/en/desk/").content.decode()
    assert "Fees" in as_person(cast.liaison).get("/en/desk/").content.decode()
    assert f'href="{PAGE}"' not in as_person(cast.other_liaison).get("/en/desk/").content.decode()

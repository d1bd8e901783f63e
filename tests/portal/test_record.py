"""The public record of a consultation: who convened, paid, was invited and came; the notice; what was answered."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations.test_views_public import full_of_everything, url


def at(consultation) -> str:
    """Return the address of the record."""
    return f"{url(consultation)}record/"


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_eight(db, visitor, count, django_assert_num_queries) -> None:
    consultation = full_of_everything(count, state="concluded")
    # The log's end, the page, organisers and the groups of the withheld, groups of the invited, who came and their
    # groups, answers.
    with django_assert_num_queries(8):
        response = visitor.get(at(consultation))
    assert response.status_code == 200
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": "concluded"}, dict.fromkeys(PEOPLE, 200)),
        ({"state": "archived"}, dict.fromkeys(PEOPLE, 200)),
        ({"state": "announced"}, dict.fromkeys(PEOPLE, 404)),
        ({"state": "cancelled"}, dict.fromkeys(PEOPLE, 404)),
        ({"state": "draft"}, dict.fromkeys(PEOPLE, 404)),
        (
            {"state": "concluded", "discreet": True},
            dict.fromkeys(PEOPLE, 404)
            | dict.fromkeys(("convenor", "second_convenor", "representative", "colleague"), 200),
        ),
    ],
)
def test_who_reads_it(cast, values, expected) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor], **values)
    build.make_invitation(consultation, cast.organisation)
    assert {name: as_person(getattr(cast, name)).get(at(consultation)).status_code for name in PEOPLE} == expected


def test_who_convened_and_paid_in_the_agreed_order(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded", resting_on_en="Resolution 3", target=build.make_meeting())
    for position, (name, kind) in enumerate((("B", "convening"), ("A", "convening"), ("Foundation", "funder"))):
        build.make_organiser(consultation, name=name, kind=kind, position=position)
    rows = visitor.get(at(consultation)).context["organisers"]
    assert [(row["label"], row["value"]) for row in rows] == [
        ("Convened by", "B; A"),
        ("Paid by", "Foundation"),
        ("Rests on", "Resolution 3"),
        ("Works towards", consultation.target.name),
    ]


@pytest.mark.parametrize(
    ("days", "words", "state"),
    [
        (30, "30 days before the first day", "ok"),
        (14, "14 days before the first day", "ok"),
        (13, "13 days before the first day", "no"),
        (1, "1 day before the first day", "no"),
        (0, "0 days before the first day", "no"),
        (-2, "0 days before the first day", "no"),
    ],
)
def test_the_notice_is_counted_from_the_first_invitation(db, visitor, days, words, state) -> None:
    consultation = build.make_consultation(state="concluded", time_zone="Asia/Dili")
    midnight = datetime.combine(consultation.starts_on, datetime.min.time(), ZoneInfo("Asia/Dili"))
    build.make_invitation(consultation, sent_at=midnight - timedelta(days=days - 2))
    build.make_invitation(consultation, sent_at=midnight - timedelta(days=days))
    build.make_invitation(consultation, sent_at=midnight - timedelta(days=99), state="revoked")
    notice = visitor.get(at(consultation)).context["notice"]
    assert words in notice["sentence"]
    assert (notice["days"], notice["state"]) == (days, state)


def test_without_an_invitation_there_is_no_notice(db, visitor) -> None:
    body = visitor.get(at(build.make_consultation(state="concluded"))).content.decode()
    assert "No invitation is on record" in body


def test_no_cell_is_below_five(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    women, unions = build.make_group("women", name_en="Women", position=1), build.make_group()
    for index in range(12):
        group = women if index < 4 else unions
        invitation = build.make_invitation(consultation, build.make_organisation(groups=[group]), state="accepted")
        if index % 2 or index > 5:
            build.make_seat(invitation, state="present", bench="workers" if index > 3 else "civil-society")
    context = visitor.get(at(consultation)).context
    # Four women's groups are not told; nor is the one other group, from which they could be worked out.
    assert [row["group"].slug for row in context["rows"]] == []
    assert context["some_hidden"]
    assert (context["turnout"], context["came"].people) == ({"invited": 12, "accepted": 12}, 9)
    assert "Women" not in visitor.get(at(consultation)).content.decode()


def test_invited_accepted_and_came_stand_beside_each_other(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded", declared_participants_en="more than 50 participants")
    for index in range(8):
        made = build.make_invitation(consultation, state="accepted" if index < 6 else "declined")
        if index < 5:
            build.make_seat(made, state="present")
    response = visitor.get(at(consultation))
    row = response.context["rows"][0]
    assert (row["invited"], row["accepted"], row["came"]) == (8, 6, 5)
    body = response.content.decode()
    assert "5 people came." in body
    assert "more than 50 participants" in body


def test_what_was_answered_leads_to_its_list(cast, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    edition = build.make_edition(build.make_statement(consultation))
    edition.items.first().responses.create(body=cast.body, kind="accepted", published_at=timezone.now())
    rows = visitor.get(at(consultation)).context["answers"]
    assert [(row["label"], row["count"]) for row in rows] == [("Accepted", 1), ("Not conveyed yet", 3)]
    slug = consultation.statement.slug
    assert rows[0]["url"] == f"/en/follow-up/?statement={slug}&state=accepted"
    assert visitor.get(rows[0]["url"]).context["page"].paginator.count == 1


def test_an_unpublished_statement_is_not_told(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    build.make_statement(consultation, title_en="Secret draft", state="tabled")
    assert "Secret draft" not in visitor.get(at(consultation)).content.decode()


def test_a_withheld_organiser_is_described(cast, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_organiser(consultation, organisation=hidden, name="")
    for client in (visitor, as_person(cast.representative)):
        body = client.get(at(consultation)).content.decode()
        assert "ahasia" not in body
        assert "a trade union, origin side" in body

"""The copy of one's data holds what is one's own, all of it, and nothing of others."""

import json

import pytest
from django.test import Client

from consultations.models import Paper
from portal import log
from portal.models import LogEntry
from tests import build
from tests.conftest import PEOPLE, as_person

pytestmark = pytest.mark.django_db
PAGE, FILE = "/en/account/data/", "/en/account/data/file/"
KINDS = [
    *(
        "account",
        "signing_in",
        "mandates",
        "submissions",
        "with_submissions",
        "answers",
        "said_to_fates",
        "said_to_drafts",
        "meetings",
        "requests_for_seats",
        "papers",
        "positions",
        "endorsements",
    ),
    *("acts", "mail", "mail_stopped"),
]


def copy_of(person) -> dict:
    """Return the file as the person gets it."""
    answer = build.sign_in_lately(Client(), person).post(FILE)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_copy_holds_what_is_ones_own(cast):
    consultation = build.make_consultation()
    build.make_submission(consultation, cast.organisation, cast.representative, text="Return the passports.")
    build.make_submission(consultation, cast.organisation, cast.representative, text="Not sent yet.", state="draft")
    invitation = build.make_invitation(consultation, cast.organisation)
    invitation.answers.create(
        verb="yes", seats=2, channel="portal", by=cast.representative, note="We come.", delegates="Siti, Budi"
    )
    log.record("join", cast.organisation, by=cast.representative)
    seats = {"full_name": "Ibu Lead", "email": "lead@example.org"}
    build.make_seat(invitation, **seats)
    consultation.seat_requests.create(**seats)
    statement = build.make_statement(consultation, title_en="Heard")
    said = {"stance": "reservation", "text": "Not so fast.", "organisation": cast.organisation}
    statement.positions.create(**said, by=cast.representative)
    edition = build.make_edition(statement)
    edition.endorsements.create(organisation=cast.organisation, by=cast.representative)
    found = copy_of(cast.representative)
    assert list(found) == KINDS
    assert [(one["on"], one["text"]) for one in found["positions"]] == [("Heard", "Not so fast.")]
    assert [(one["on"], one["withdrawn_at"]) for one in found["endorsements"]] == [("Heard", None)]
    assert (found["account"]["full_name"], found["account"]["email"]) == ("Lead", "lead@example.org")
    assert found["account"]["addresses"] == [{"email": "lead@example.org", "primary": True, "verified": True}]
    assert [(one["name"], one["role"]) for one in found["mandates"]["organisations"]] == [
        ("Serikat Pekerja Rumah Tangga", "lead")
    ]
    assert [one["text"] for one in found["submissions"]] == ["Return the passports.", "Not sent yet."]
    assert [(one["seats"], one["note"]) for one in found["answers"]] == [(2, "We come.")]
    assert [one["verb"] for one in found["acts"]] == ["join"]
    assert [(one["full_name"], one["state"]) for one in found["meetings"]["seats"]] == [("Ibu Lead", "confirmed")]
    assert [(one["full_name"], one["state"]) for one in found["requests_for_seats"]] == [("Ibu Lead", "open")]


def test_copy_holds_nothing_of_others(cast):
    consultation = build.make_consultation(convenors=[cast.convenor])
    build.make_submission(consultation, cast.organisation, cast.colleague, text="CANARY-TEXT")
    invitation = build.make_invitation(consultation, cast.organisation)
    invitation.answers.create(
        verb="yes", seats=1, channel="portal", by=cast.colleague, note="CANARY-NOTE", delegates="CANARY-NAME"
    )
    invitation.answers.create(verb="yes", seats=1, channel="portal", by=cast.representative, delegates="CANARY-NAME")
    log.record("CANARY-ACT", cast.organisation, by=cast.colleague)
    # Typed into the own account, and not proved: that tells nothing about whoever has the address.
    cast.representative.emailaddress_set.create(email="canary@example.org", verified=False)
    build.make_seat(invitation, full_name="CANARY-SEAT", email="canary@example.org")
    consultation.seat_requests.create(full_name="CANARY-REQUEST", email="canary@example.org")
    others = {person for name, person in cast.people().items() if person and name != "representative"}
    written = json.dumps(copy_of(cast.representative), ensure_ascii=False)
    assert "CANARY" not in written
    assert [one.email for one in others if one.email in written] == []
    assert cast.other_organisation.name not in written


def test_secrets_are_not_in_the_copy(cast):
    found = copy_of(cast.convenor)
    assert [list(one) for one in found["signing_in"]["second_step"]] == [["type", "created_at", "last_used_at"]]


@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_a_copy(cast, who):
    person = cast.people()[who]
    answer = (build.sign_in_lately(Client(), person) if person else Client()).post(FILE)
    assert answer.status_code == (200 if person else 302)
    if person:
        assert json.loads(answer.content)["account"]["email"] == person.email
        assert answer["Cache-Control"] == "private, no-store"


def test_copy_asks_who_is_there(cast):
    assert as_person(cast.stranger).post(FILE).templates[0].name == "account/sign_in_again.html"
    assert as_person(cast.convenor).post(FILE).url.startswith("/en/account/two-step/confirm/")


def test_taking_a_copy_is_a_post_and_is_logged(cast):
    browser = build.sign_in_lately(Client(), cast.stranger)
    assert (browser.get(PAGE).status_code, browser.get(FILE).status_code) == (200, 405)
    browser.post(FILE)
    assert LogEntry.objects.latest("number").verb == "export_account"


def test_repeat_of_the_same_form_gives_the_copy_again(cast):
    browser = build.sign_in_lately(Client(), cast.stranger)
    assert [browser.post(FILE, {"one_time_key": "k" * 22}).status_code for _try in range(2)] == [200, 200]


def test_copy_of_a_convenor_names_the_papers_that_were_attached(cast):
    consultation = build.make_consultation(convenors=[cast.convenor])
    for by, title in ((cast.convenor, "Agenda"), (cast.second_convenor, "CANARY-TITLE")):
        Paper.objects.create(consultation=consultation, title_en=title, kind="pdf", by=by)
    found = copy_of(cast.convenor)["papers"]
    assert [(one["on"], one["title"], one["kind"]) for one in found] == [(consultation.title, "Agenda", "pdf")]

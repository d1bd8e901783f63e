"""What was done: each reads the own acts, convenors those of their consultation, nobody of a draft in them."""

import ast
from pathlib import Path

import pytest
from django.test import Client

from consultations.actions.answering import ANSWERS
from portal import log
from portal.acts import WORDS
from portal.models import LogEntry
from tests import build
from tests.conftest import as_person
from tests.test_house import APPS

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
ACTS = "/en/account/acts/"
# Acts whose verb is worked out where they are recorded.
WORKED_OUT = {
    *ANSWERS.values(),
    "wait",
    "miss",
    "defer",
    "resume",
    "verify",
    "retest",
    "refuse",
    "suspend",
    "reinstate",
    "dissolve",
    "agree",
    "note",
    "object",
    "amend",
    "bracket",
    "withdraw",
    "reopen",
    "accept",
    "adapt",
    "decline",
}


def test_every_act_has_words() -> None:
    recorded = {name for app in APPS for path in (ROOT / app).rglob("*.py") for name in verbs_in(path)}
    assert {key.partition(".")[2] for key in WORDS} == recorded | WORKED_OUT


def verbs_in(path: Path) -> set[str]:
    """Return the verbs that a file records."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    called = [call for call in calls if ast.unparse(call.func) == "log.record"]
    return {call.args[0].value for call in called if isinstance(call.args[0], ast.Constant)}


def test_each_reads_the_own_acts_and_nobody_elses(cast) -> None:
    people = {name: person for name, person in cast.people().items() if person}
    consultation = build.make_consultation(title_en="Heard in Jakarta")
    entries = {name: log.record("change_profile", person, by=person) for name, person in people.items()}
    own = log.record("announce", consultation, by=cast.convenor)
    for name, person in people.items():
        response = as_person(person).get(ACTS)
        expected = [own.number, entries[name].number] if name == "convenor" else [entries[name].number]
        assert [row["entry"].number for row in response.context["rows"]] == expected
    assert "Heard in Jakarta" in as_person(cast.convenor).get(ACTS).content.decode()
    assert Client().get(ACTS).status_code == 302


def test_what_one_may_not_see_any_more_is_not_named(cast) -> None:
    consultation = build.make_consultation(discreet=True, title_en="Heard in secret")
    invitation = build.make_invitation(consultation, cast.organisation)
    log.record("accept", invitation, by=cast.representative, topic=consultation)
    assert [row["about"] for row in as_person(cast.representative).get(ACTS).context["rows"]] == ["Heard in secret"]
    cast.representative.memberships.update(state="left")
    assert [row["about"] for row in as_person(cast.representative).get(ACTS).context["rows"]] == [""]


def test_an_organisation_is_named_as_it_may_be_seen(cast) -> None:
    withheld = build.make_organisation(name="Unnamed", visibility="withheld")
    log.record("apply", withheld, by=cast.stranger)
    log.record("join", cast.organisation, by=cast.stranger)
    rows = as_person(cast.stranger).get(ACTS).context["rows"]
    assert [row["about"] for row in rows] == [cast.organisation.name, ""]


@pytest.mark.parametrize("count", [1, 3])
def test_own_acts_ask_the_same_number_of_queries(cast, django_assert_num_queries, count) -> None:
    for _one in range(count):
        log.record("announce", build.make_consultation(), by=cast.stranger)
        log.record("change", build.make_organisation(), by=cast.stranger)
    browser = as_person(cast.stranger)
    with django_assert_num_queries(9):
        assert len(browser.get(ACTS).context["rows"]) == 2 * count


def test_pages_of_fifty(cast) -> None:
    for _one in range(51):
        log.record("change_profile", cast.stranger, by=cast.stranger)
    browser = as_person(cast.stranger)
    assert [len(browser.get(f"{ACTS}?page={number}").context["rows"]) for number in (1, 2)] == [50, 1]


# --- The consultation --------------------------------------------------------------------------------------------


@pytest.fixture
def consultation(cast):
    return build.make_consultation(convenors=[cast.convenor], slug="heard")


RECORD = "/en/consultations/heard/log/"


def read(cast) -> list[tuple[str, str, str]]:
    """Return what the convenor reads: what, by whom, about whom."""
    rows = as_person(cast.convenor).get(RECORD).context["rows"]
    return [(row["words"], row["by"], row["about"]) for row in rows]


def test_who_reads_the_record(cast, consultation) -> None:
    answers = {name: as_person(person).get(RECORD).status_code for name, person in cast.people().items()}
    assert {name for name, status in answers.items() if status == 200} == {"convenor"}
    assert answers["anonymous"] == 302
    consultation.convenors.set([build.make_convenor()])
    assert as_person(cast.convenor).get(RECORD).status_code == 403
    type(consultation).objects.update(state="draft")
    assert as_person(cast.representative).get(RECORD).status_code == 404


def test_convenors_are_named_and_others_are_not(cast, consultation) -> None:
    body = build.make_body()
    conveyance = build.make_conveyance(build.make_edition(build.make_statement(consultation)), body)
    invitation = build.make_invitation(consultation, cast.organisation)
    log.record("announce", consultation, by=cast.convenor)
    log.record("accept", invitation, by=None, topic=consultation)
    log.record("accept", invitation, by=cast.representative, topic=consultation)
    log.record("lapse", invitation, by=None, topic=consultation)
    log.record("acknowledge", conveyance, by=build.make_liaison(body), topic=consultation)
    name = cast.organisation.name
    assert read(cast) == [
        ("Conveyance acknowledged", "a public body", ""),
        ("Invitation lapsed", "the portal", name),
        ("Invitation accepted", "an organisation", name),
        ("Invitation accepted", "an organisation", name),
        ("Consultation announced", str(cast.convenor), ""),
    ]


def test_nothing_of_drafts_is_in_the_record(cast, consultation) -> None:
    def sent(**values):
        return build.make_submission(consultation, cast.organisation, cast.representative, **values)

    submitted, never = sent(), sent(state="withdrawn", submitted_at=None)
    for verb in ("draft", "revise", "ask_sign_off", "return", "submit"):
        log.record(verb, submitted, by=cast.representative, topic=consultation)
    log.record("withdraw", never, by=cast.representative, topic=consultation)
    conveyance = build.make_conveyance(build.make_edition(build.make_statement(consultation)))
    log.record("save_answers", conveyance, by=cast.liaison, topic=consultation)
    log.record("announce", build.make_consultation(), by=cast.convenor)
    assert read(cast) == [("Submission sent in", "an organisation", cast.organisation.name)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_asks_the_same_number_of_queries(cast, consultation, django_assert_num_queries, count) -> None:
    for _one in range(count):
        invitation = build.make_invitation(consultation)
        author = build.make_member(invitation.organisation)
        log.record("accept", invitation, by=author, topic=consultation)
        submission = build.make_submission(consultation, invitation.organisation, author)
        log.record("submit", submission, by=author, topic=consultation)
        log.record("change", consultation, by=cast.convenor)
    browser = as_person(cast.convenor)
    with django_assert_num_queries(11):
        assert len(browser.get(RECORD).context["rows"]) == 3 * count


def test_the_record_is_paged_and_reading_it_leaves_no_trace(cast, consultation) -> None:
    for _one in range(51):
        log.record("change", consultation, by=cast.convenor)
    browser = as_person(cast.convenor)
    assert [len(browser.get(f"{RECORD}?page={number}").context["rows"]) for number in (1, 2)] == [50, 1]
    assert LogEntry.objects.count() == 51


@pytest.mark.parametrize("language", ["en", "id"])
def test_empty_pages_say_so(cast, consultation, language) -> None:
    for address in (ACTS, RECORD):
        content = as_person(cast.convenor).get(address.replace("/en/", f"/{language}/")).content.decode()
        assert 'class="empty"' in content


def test_an_office_and_a_person_are_named_in_the_record(cast, consultation) -> None:
    office = build.make_invitation_of_body(consultation)
    person = build.make_invitation_of_person(consultation, "Ibu Sri")
    for invitation in (office, person):
        log.record("convene", invitation, by=cast.convenor, topic=consultation)
    rows = as_person(cast.convenor).get(f"/en/consultations/{consultation.slug}/log/").context["rows"]
    assert [row["about"] for row in rows] == ["Ibu Sri", str(office.body)]

"""A corrigendum: the next edition says the same in right letters, and everything before stays what it was."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from portal import dates, mail
from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from recommendations import actions, canonical
from recommendations.models import Conveyance, Corrigendum, Edition, Item, Statement
from recommendations.models.wording import in_each_language
from recommendations.states import CORRIGENDUM, CorrigendumState
from stakeholders.models import LiaisonAppointment
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import answer, make_published
from tests.recommendations.test_races import anew, at_once, kinds
from tests.recommendations.worded import WORDS, make_worded

EXPLAINED = {"reason": "A letter was missing.", "authority": "The drafting committee", "keeps_meaning": True}


@pytest.fixture
def published(cast):
    return make_published(cast, items=2)


def begun(published, **explained):
    """Return a corrigendum with one changed passage, explained unless told otherwise."""
    by = published.cast.convenor
    one = actions.begin_corrigendum(published.statement, by=by)
    texts = {**in_each_language(published.item(2), "text"), "en": "Set right."}
    one = actions.correct_passage(one, by=by, version=one.version, key="ASEAN 2", texts=texts)
    return actions.explain_corrigendum(one, by=by, version=one.version, **{**EXPLAINED, **explained})


def issued(published):
    """Return the edition that the corrigendum made."""
    return actions.issue_corrigendum(begun(published), by=published.cast.convenor)


def test_it_makes_the_next_edition_and_leaves_the_first_alone(published):
    before = (published.edition.canonical, published.edition.fingerprint)
    edition = issued(published)
    published.edition.refresh_from_db()
    published.statement.refresh_from_db()
    assert (published.edition.canonical, published.edition.fingerprint) == before
    assert (edition.number, published.statement.current_edition, published.statement.state) == (2, 2, "published")
    assert edition.published_at is not None
    assert edition.adopted_on == published.edition.adopted_on
    labels = [item.label for item in edition.items.order_by("pk")]
    assert labels == [item.label for item in published.edition.items.order_by("pk")]
    assert edition.items.get(section=None, number=2).text_en == "Set right."
    assert published.item(2).text_en != "Set right."
    assert canonical.fingerprint(edition.canonical) == edition.fingerprint
    content = json.loads(edition.canonical)
    assert content["corrects"] == {"number": 1, "fingerprint": before[1]}
    old = json.loads(before[0])
    content["sections"][0]["items"][1]["text"]["en"] = old["sections"][0]["items"][1]["text"]["en"]
    assert {**content, "corrects": 0, "number": 1} == {**old, "corrects": 0}


def test_the_working_text_and_the_title_follow(published):
    by = published.cast.convenor
    one = begun(published)
    one = actions.correct_passage(
        one, by=by, version=one.version, key="title", texts={"en": "New title", "id": published.statement.title_ind}
    )
    actions.issue_corrigendum(one, by=by)
    published.statement.refresh_from_db()
    assert published.statement.title_en == "New title"
    assert published.item(2).recommendation.text_en == "Set right."
    assert Edition.objects.get(number=2).items.get(section=None, number=2).recommendation_id == (
        published.item(2).recommendation_id
    )


def test_a_text_in_burmese_is_set_right(cast):
    edition = make_worded(cast, "my")
    by = cast.convenor
    one = actions.begin_corrigendum(edition.statement, by=by)
    words = {"my": WORDS["my"] + "။"}
    one = actions.correct_passage(one, by=by, version=1, key="ID 1", texts=words)
    one = actions.correct_passage(one, by=by, version=2, key="official_title", texts=words)
    one = actions.explain_corrigendum(one, by=by, version=3, **EXPLAINED)
    new = actions.issue_corrigendum(one, by=by)
    assert in_each_language(new.items.get(section="ID"), "text") == words
    assert json.loads(new.canonical)["official_title"] == words["my"]
    assert [row[:2] for row in actions.changes_between(edition, new)] == [("official_title", "my"), ("ID 1", "my")]


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"reason": ""}, "Say why"),
        ({"authority": ""}, "on whose authority"),
        ({"keeps_meaning": False}, "Another meaning needs another adoption"),
    ],
)
def test_what_it_needs_before_it_is_issued(published, lacking, sentence):
    with pytest.raises(Refusal, match=sentence):
        actions.issue_corrigendum(begun(published, **lacking), by=published.cast.convenor)
    assert Edition.objects.count() == 1


def test_it_adds_and_takes_away_nothing(published):
    by = published.cast.convenor
    one = actions.begin_corrigendum(published.statement, by=by)
    with pytest.raises(Refusal, match="no such passage"):
        actions.correct_passage(one, by=by, version=1, key="ASEAN 9", texts={"en": "New item."})
    with pytest.raises(Refusal, match="takes no text away"):
        actions.correct_passage(one, by=by, version=1, key="ASEAN 1", texts={"en": " ", "id": "x"})
    same = in_each_language(published.item(1), "text")
    one = actions.correct_passage(one, by=by, version=1, key="ASEAN 1", texts={**same, "th": "เพิ่ม"})
    assert one.texts == {}
    with pytest.raises(Refusal, match="No passage was changed"):
        actions.issue_corrigendum(one, by=by)


def test_two_editors_of_a_corrigendum(published):
    one = begun(published)
    with pytest.raises(Conflict):
        actions.explain_corrigendum(one, by=published.cast.second_convenor, version=1, **EXPLAINED)


@pytest.mark.parametrize("state", ["draft", "tabled", "adopted", "not_adopted"])
def test_only_a_published_text_is_corrected(published, state):
    Statement.objects.update(state=state)
    with pytest.raises(Refusal):
        actions.begin_corrigendum(published.statement, by=published.cast.convenor)


@pytest.mark.parametrize("state", CorrigendumState.values)
@pytest.mark.parametrize("verb", CORRIGENDUM.verbs)
def test_every_verb_in_every_state(published, state, verb):
    one = begun(published)
    Corrigendum.objects.update(state=state)
    deed = getattr(actions, f"{verb}_corrigendum")
    if CORRIGENDUM.can(verb, state):
        deed(one, by=published.cast.convenor)
        one.refresh_from_db()
        assert one.state == CORRIGENDUM.target(verb, state)
    else:
        with pytest.raises(Refusal):
            deed(one, by=published.cast.convenor)
        assert Edition.objects.count() == 1


def test_with_two_steps_somebody_else_issues_it(published, settings):
    settings.TWO_CONVENORS = True
    one, first, second = begun(published), published.cast.convenor, published.cast.second_convenor
    with pytest.raises(Refusal, match="propose it first"):
        actions.issue_corrigendum(one, by=second)
    one = actions.propose_corrigendum(one, by=first)
    with pytest.raises(Refusal, match="Another convenor"):
        actions.issue_corrigendum(one, by=first)
    assert actions.issue_corrigendum(one, by=second).number == 2
    one.refresh_from_db()
    assert (one.by, one.confirmed_by) == (first, second)
    assert LogEntry.objects.order_by("-number").first().verb == "correct"


def test_what_was_taken_back_is_confirmed_anew(published):
    one = actions.propose_corrigendum(begun(published), by=published.cast.convenor)
    one = actions.reopen_corrigendum(one, by=published.cast.second_convenor)
    assert (one.state, one.keeps_meaning) == ("draft", False)


def test_a_third_edition_and_one_that_came_too_late(published):
    issued(published)
    published.statement.refresh_from_db()
    by = published.cast.convenor
    one = actions.begin_corrigendum(published.statement, by=by)
    assert one.corrects.number == 2
    one = actions.correct_passage(
        one, by=by, version=1, key="ASEAN 1", texts={**in_each_language(published.item(1), "text"), "en": "Third."}
    )
    one = actions.explain_corrigendum(one, by=by, version=2, **EXPLAINED)
    Statement.objects.update(current_edition=1)
    with pytest.raises(Refusal, match="Another edition is in force"):
        actions.issue_corrigendum(one, by=by)
    Statement.objects.update(current_edition=2)
    assert actions.issue_corrigendum(one, by=by).number == 3


def test_conveyances_and_answers_keep_their_edition(published, visitor):
    conveyance = published.convey()
    answer(published, conveyance)
    edition = issued(published)
    conveyance.refresh_from_db()
    assert (conveyance.edition_id, edition.conveyances.count()) == (published.edition.pk, 0)
    page = visitor.get(published.statement.get_absolute_url()).content.decode()
    assert "Accepted in part" in page
    assert Conveyance.objects.get().responses.get().item.edition_id == published.edition.pk


# --- Invariant 2 ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@how(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(["ASEAN 1", "ASEAN 2", "ID 1", "ID 2", "title"]), max_size=3), max_size=3))
def test_numbers_are_unique_in_a_section_and_never_used_again(cast, rounds):
    published = make_published(cast, items=2, starts_on=timezone.localdate() - timedelta(days=400))
    by, what = cast.convenor, {}
    for turn, keys in enumerate(rounds):
        statement = Statement.objects.get(pk=published.statement.pk)
        one = actions.begin_corrigendum(statement, by=by)
        for key in keys:
            before = actions.passages_of(one.corrects)[key]
            one = actions.correct_passage(
                one,
                by=by,
                version=one.version,
                key=key,
                texts={code: f"{text} {turn}" for code, text in before.items()},
            )
        if keys:
            one = actions.explain_corrigendum(one, by=by, version=one.version, **EXPLAINED)
            actions.issue_corrigendum(one, by=by)
    for edition in published.statement.editions.order_by("number"):
        rows = [(item.section_id, item.number) for item in edition.items.all()]
        assert len(rows) == len(set(rows)) == 4
        for item in edition.items.all():
            # The same number is the same recommendation in every edition.
            assert what.setdefault((item.section_id, item.number), item.recommendation_id) == item.recommendation_id
        shown = [(s["section"], i["number"]) for s in json.loads(edition.canonical)["sections"] for i in s["items"]]
        assert sorted(shown) == sorted((code or "ASEAN", number) for code, number in rows)


# --- Mail -----------------------------------------------------------------------------------------------------------


def test_who_took_part_and_who_was_addressed_is_told_once(published):
    published.convey()
    accepted = build.make_invitation(published.consultation, published.cast.organisation, state="accepted")
    build.make_invitation(published.consultation, published.cast.other_organisation, state="declined")
    OutgoingMessage.objects.all().delete()
    issued(published)
    told = OutgoingMessage.objects.values_list("purpose", "recipient", "version")
    assert sorted(told) == [
        ("recommendations.edition_corrected", accepted.address, 2),
        ("recommendations.edition_corrected", published.cast.convenor.email, 2),
        ("recommendations.edition_corrected", published.cast.second_convenor.email, 2),
        ("recommendations.edition_corrected_for_offices", published.cast.liaison.email, 2),
    ]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", ["edition_corrected", "edition_corrected_for_offices"])
def test_what_the_mail_says(published, name, language):
    published.convey()
    issued(published)
    message = OutgoingMessage.objects.filter(purpose=f"recommendations.{name}").first()
    message.language = language
    email = mail.REGISTRY[message.purpose]
    letter = email.letter(email.load([message])[message.subject_id], message)
    made = mail.compose(message, letter)
    assert len(made.subject) <= 50
    assert "A letter was missing." in made.body
    assert f"/{language}/statements/{published.slug}/" in made.body
    assert EXPLAINED["authority"] in made.body


def test_no_mail_when_it_matters_no_more(published):
    published.convey()
    issued(published)
    for message in OutgoingMessage.objects.filter(purpose__startswith="recommendations.edition_corrected"):
        email = mail.REGISTRY[message.purpose]
        statement = email.load([message])[message.subject_id]
        statement.current_edition = 3
        assert email.letter(statement, message) is None
    LiaisonAppointment.objects.filter(user=published.cast.liaison).update(state="ended")
    message = OutgoingMessage.objects.get(purpose="recommendations.edition_corrected_for_offices")
    email = mail.REGISTRY[message.purpose]
    assert email.letter(email.load([message])[message.subject_id], message) is None


# --- Pages ----------------------------------------------------------------------------------------------------------


def page(name, published, *args):
    """Return the address of one of the pages."""
    return reverse(name, args=[published.slug, *args])


def test_the_whole_way_in_a_browser(published, visitor):
    client = as_person(published.cast.convenor)
    assert page("corrigendum_begin", published) in client.get(page("trail_desk", published)).content.decode()
    assert client.post(page("corrigendum_begin", published)).url == page("corrigendum_edit", published)
    passage = page("corrigendum_passage", published, "ASEAN-1")
    words = {"text_en": "Text set right.", "text_id": "Teks diperbaiki.", "version": 1, "one_time_key": "k" * 22}
    assert client.post(passage, words).url == page("corrigendum_edit", published)
    shown = client.get(page("corrigendum_edit", published)).content.decode()
    assert "<ins>" in shown
    assert "Say why it is corrected." in shown
    assert client.post(page("corrigendum_edit", published), {**EXPLAINED, "version": 2}).status_code == 302
    shown = client.get(page("corrigendum_edit", published)).content.decode()
    assert "Issue edition 2" in shown
    response = client.post(page("corrigendum_move", published), {"verb": "issue"})
    assert response.url == page("statement_detail", published)
    now, old = (
        visitor.get(url).content.decode()
        for url in (page("statement_detail", published), published.edition.get_absolute_url())
    )
    for said in ("Corrigendum: what edition 2 sets right", "A letter was missing.", "The drafting committee", "<ins>"):
        assert said in now
    issued = published.statement.editions.get(number=2).corrigendum.issued_at
    assert dates.moment(issued, published.statement.consultation.time_zone) in now
    assert "This is an earlier edition" in old
    assert "Corrigendum: what edition 2 sets right" not in old


def test_a_clash_on_one_passage_shows_both(published):
    begun(published)
    client = as_person(published.cast.second_convenor)
    words = {"text_en": "Mine.", "text_id": "Punya saya.", "version": 1}
    response = client.post(page("corrigendum_passage", published, "ASEAN-2"), words)
    assert response.status_code == 409
    assert "Set right." in response.content.decode()
    assert "Mine." in response.content.decode()


def test_nothing_typed_is_lost_when_a_field_is_wrong(published):
    begun(published)
    client = as_person(published.cast.convenor)
    response = client.post(
        page("corrigendum_passage", published, "ASEAN-1"), {"text_en": "Kept.", "text_id": "\u200b", "version": 3}
    )
    assert response.status_code == 200
    assert "Kept." in response.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ["corrigendum_begin", "corrigendum_edit", "corrigendum_move", "corrigendum_passage"])
def test_only_the_convenors_of_the_consultation_correct(published, person, name):
    begun(published)
    args = ["title"] if name == "corrigendum_passage" else []
    client = as_person(published.cast.people()[person])
    code = client.post(page(name, published, *args), {"verb": "issue"}).status_code
    if person in {"convenor", "second_convenor"}:
        assert code in {200, 302}
    else:
        assert code == (302 if person == "anonymous" else 403)
        assert Edition.objects.count() == 1


@pytest.mark.parametrize("items", [1, 3])
def test_the_desk_stays_flat(cast, django_assert_num_queries, items):
    published = make_published(cast, items=items)
    actions.begin_corrigendum(published.statement, by=cast.convenor)
    client = as_person(cast.convenor)
    client.get(page("corrigendum_edit", published))
    with django_assert_num_queries(6):
        assert client.get(page("corrigendum_edit", published)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_convenors_issue_one_edition(cast):
    published = make_published(cast, items=2)
    one = begun(published)
    people = [anew(cast.convenor), anew(cast.second_convenor)]
    results = at_once(*(lambda by=by: actions.issue_corrigendum(one, by=by) for by in people))
    assert kinds(results) == ["done", "refused"]
    assert sorted(Edition.objects.values_list("number", flat=True)) == [1, 2]
    assert Item.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_last_change_and_the_issue_have_one_order(cast):
    published = make_published(cast, items=2)
    one = begun(published)
    people = [anew(cast.convenor), anew(cast.second_convenor)]
    texts = {**in_each_language(published.item(1), "text"), "en": "Late."}
    results = at_once(
        lambda: actions.issue_corrigendum(one, by=people[0]),
        lambda: actions.correct_passage(one, by=people[1], version=one.version, key="ASEAN 1", texts=texts),
    )
    assert not isinstance(results[0], Exception)
    late = Edition.objects.get(number=2).items.get(section=None, number=1).text_en == "Late."
    assert late is not isinstance(results[1], Refusal)

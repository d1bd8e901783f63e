"""The pages of circulated versions: read, compared, spoken to, decided on; a translation beside its source."""

import pytest
from django.urls import reverse

from portal.views.said_to_drafts import said_to_drafts
from recommendations import actions
from recommendations.models import Amendment, CirculatedVersion, Comment, Recommendation, Support
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_amending import BETTER, WORDS, propose, revise
from tests.recommendations.test_circulating import circulate, comment

CONVENORS = ("convenor", "second_convenor")
READERS = ("representative", "colleague", "other_member", *CONVENORS)


@pytest.fixture
def text(scene):
    """Return the only text of a circulated version, with three paragraphs."""
    build.make_recommendation(scene.statement, text_en=WORDS, text_ind="Larang biaya.")
    return circulate(scene).texts.get()


def at(name, scene, *arguments):
    """Return the address of a page of the consultation."""
    return reverse(name, args=[scene.consultation.slug, *arguments])


def words_of(answer):
    """Return the page as text."""
    return answer.content.decode()


def seen(scene, address):
    """Return what each person of the cast gets."""
    people = {name: getattr(scene.cast, name) for name in PEOPLE}
    return {name: as_person(person).get(address).status_code for name, person in people.items()}


def only(others, **who):
    """Return what everybody gets: the named ones, and the others."""
    return {**dict.fromkeys(PEOPLE, others), "anonymous": 302, **who}


# --- Who opens what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["circulated_list", "circulated_detail", "circulated_compare"])
def test_who_reads_a_version(scene, text, name):
    number = [1] if name == "circulated_detail" else []
    assert seen(scene, at(name, scene, *number)) == only(404, **dict.fromkeys(READERS, 200))


def test_who_speaks_to_it(scene, text):
    speakers = {"representative": 200, "other_member": 200, "colleague": 403, **dict.fromkeys(CONVENORS, 403)}
    for name in ("comment_create", "amendment_create"):
        assert seen(scene, reverse(name, args=[text.pk])) == only(404, **speakers)


def test_who_decides(scene, text):
    amendment, said = propose(scene, text), comment(scene, text)
    readers = {**dict.fromkeys(READERS, 403), **dict.fromkeys(CONVENORS, 200)}
    assert seen(scene, reverse("amendment_settle", args=[amendment.pk])) == only(404, **readers)
    assert seen(scene, reverse("comment_answer", args=[said.pk])) == only(404, **readers)
    assert seen(scene, reverse("amendment_detail", args=[amendment.pk])) == only(404, **dict.fromkeys(READERS, 200))
    desk = only(404, **dict.fromkeys(CONVENORS, 200))
    assert seen(scene, at("said_list", scene)) == desk
    assert seen(scene, at("statement_circulate", scene)) == desk
    assert seen(scene, at("recommendation_language", scene, text.recommendation_id, "id")) == desk


def test_a_withdrawn_one_is_seen_by_its_own_organisation_only(scene, text):
    amendment = propose(scene, text)
    actions.withdraw_amendment(amendment, by=scene.cast.representative)
    address = reverse("amendment_detail", args=[amendment.pk])
    assert seen(scene, address) == only(404, representative=200, colleague=200)
    page = as_person(scene.cast.convenor).get(at("circulated_detail", scene, 1))
    assert "Amendment" not in words_of(page).split("<main")[1]


def test_a_withheld_name_is_described_to_others(scene, text):
    type(scene.cast.organisation).objects.filter(pk=scene.cast.organisation.pk).update(visibility="withheld")
    amendment = propose(scene, text)
    comment(scene, text)
    name = scene.cast.organisation.name
    for address in (at("circulated_detail", scene, 1), reverse("amendment_detail", args=[amendment.pk])):
        assert name not in words_of(as_person(scene.cast.other_member).get(address))
        assert name in words_of(as_person(scene.cast.convenor).get(address))
        assert name in words_of(as_person(scene.cast.representative).get(address))


# --- Circulate and compare ------------------------------------------------------------------------------------


def test_a_convenor_circulates_in_the_zone_of_the_consultation(scene):
    build.make_recommendation(scene.statement)
    browser = as_person(scene.cast.convenor)
    form = browser.get(at("statement_circulate", scene))
    assert (form.context["readers"], form.context["number"]) == (2, 1)
    sent = {"last": 0, "closes_on": "2001-01-01", "closes_hour": "12:00", "note": "Read it."}
    refused = browser.post(at("statement_circulate", scene), sent)
    assert refused.context["form"].errors["closes_on"] == ["This moment has passed."]
    assert "Read it." in words_of(refused)
    answer = browser.post(at("statement_circulate", scene), {**sent, "closes_on": "2150-01-01"})
    version = CirculatedVersion.objects.get()
    assert answer.url == at("circulated_detail", scene, 1)
    assert version.closes_at.isoformat() == "2150-01-01T05:00:00+00:00"
    again = browser.post(at("statement_circulate", scene), {**sent, "closes_on": "2150-01-01"})
    assert "Another version was circulated" in words_of(again)


def test_two_versions_are_compared_by_recommendation(scene, text):
    revise(scene, text, BETTER, text_ind="Larang biaya.")
    build.make_recommendation(scene.statement, text_en="A new one.")
    circulate(scene)
    page = as_person(scene.cast.other_member).get(at("circulated_compare", scene), {"old": "1", "new": "2"})
    assert [row["kind"] for row in page.context["changes"]] == ["changed", "new"]
    assert "<ins>" in words_of(page)
    wrong = as_person(scene.cast.other_member).get(at("circulated_compare", scene), {"old": "x", "new": "9"})
    assert (wrong.context["old"].number, wrong.context["new"].number) == (1, 2)


# --- Speak ----------------------------------------------------------------------------------------------------


def test_a_comment_stands_beside_its_passage(scene, text):
    browser = as_person(scene.cast.representative)
    address = reverse("comment_create", args=[text.pk])
    page = browser.get(address, {"paragraph": "2", "language": "en"})
    assert page.context["form"].initial["paragraph"] == "2"
    sent = {"organisation": scene.cast.organisation.pk, "language": "en", "paragraph": "2", "words": "Which ones?"}
    empty = browser.post(address, {**sent, "words": " \u200b"})
    assert (empty.status_code, Comment.objects.count()) == (200, 0)
    answer = browser.post(address, sent)
    said = Comment.objects.get()
    assert answer.url == f"{at('circulated_detail', scene, 1)}#comment-{said.pk}"
    assert "Which ones?" in words_of(as_person(scene.cast.other_member).get(at("circulated_detail", scene, 1)))
    foreign = browser.post(address, {**sent, "organisation": scene.cast.other_organisation.pk})
    assert (foreign.status_code, Comment.objects.count()) == (200, 1)


def test_an_amendment_is_proposed_supported_and_accepted(scene, text):
    browser = as_person(scene.cast.representative)
    sent = {"organisation": scene.cast.organisation.pk, "language": "en", "proposal": WORDS, "reason": "Why."}
    same = browser.post(reverse("amendment_create", args=[text.pk]), sent)
    assert "Nothing was changed" in words_of(same)
    browser.post(reverse("amendment_create", args=[text.pk]), {**sent, "proposal": BETTER})
    amendment = Amendment.objects.get()
    other = as_person(scene.cast.other_member)
    page = other.get(amendment.get_absolute_url())
    assert "<ins>" in words_of(page)
    support = {"organisation": scene.cast.other_organisation.pk}
    other.post(reverse("amendment_support", args=[amendment.pk]), {**support, "verb": "support"})
    assert Support.objects.count() == 1
    other.post(reverse("amendment_support", args=[amendment.pk]), {**support, "verb": "drop"})
    assert Support.objects.count() == 0
    convenor = as_person(scene.cast.convenor)
    address = reverse("amendment_settle", args=[amendment.pk])
    convenor.post(address, {"verdict": "accept", "version": 1, "words": "", "answer": ""})
    assert Recommendation.objects.get().text_en == BETTER


def test_a_collided_one_shows_three_texts_and_cannot_be_accepted(scene, text):
    amendment = propose(scene, text)
    revise(scene, text, WORDS.replace("Return passports.", "Return passports to workers."))
    convenor = as_person(scene.cast.convenor)
    address = reverse("amendment_settle", args=[amendment.pk])
    page = convenor.get(address)
    assert [code for code, _label in page.context["form"].fields["verdict"].choices] == ["adapt", "decline"]
    assert "Three texts" in words_of(page)
    assert "collides" in words_of(convenor.get(at("said_list", scene)))
    no_reason = convenor.post(address, {"verdict": "decline", "version": 2, "words": "", "answer": ""})
    assert "answer" in no_reason.context["form"].errors


def test_words_of_a_convenor_who_was_overtaken_are_not_lost(scene, text):
    amendment = propose(scene, text)
    address = reverse("amendment_settle", args=[amendment.pk])
    revise(scene, text, WORDS.replace("Ban fees.", "Ban all fees."))
    sent = {"verdict": "adapt", "version": 1, "words": "Words of our own.", "answer": ""}
    clash = as_person(scene.cast.convenor).post(address, sent)
    assert clash.status_code == 409
    assert "Words of our own." in words_of(clash)
    assert "Ban all fees." in words_of(clash)
    assert clash.context["form"]["version"].value() == "2"


@pytest.mark.parametrize("count", [1, 3])
def test_the_version_is_read_in_a_fixed_number_of_queries(scene, count, django_assert_num_queries):
    for _number in range(count):
        build.make_recommendation(scene.statement)
    for text in circulate(scene).texts.all():
        comment(scene, text)
        amendment = propose(scene, text)
        support = {"by": scene.cast.other_member, "organisation": scene.cast.other_organisation}
        actions.support_amendment(amendment, **support)
    browser = as_person(scene.cast.other_member)
    with django_assert_num_queries(18):
        assert browser.get(at("circulated_detail", scene, 1)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_list_is_read_in_a_fixed_number_of_queries(scene, count, django_assert_num_queries):
    for _number in range(count):
        build.make_recommendation(scene.statement)
    for text in circulate(scene).texts.all():
        comment(scene, text)
        propose(scene, text)
    browser = as_person(scene.cast.convenor)
    with django_assert_num_queries(19):
        page = browser.get(at("said_list", scene))
    assert (len(page.context["comments"]), len(page.context["amendments"])) == (count, count)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_versions_is_read_in_a_fixed_number_of_queries(scene, count, django_assert_num_queries):
    build.make_recommendation(scene.statement)
    for _number in range(count):
        circulate(scene)
    browser = as_person(scene.cast.other_member)
    with django_assert_num_queries(8):
        assert len(browser.get(at("circulated_list", scene)).context["rows"]) == count


# --- Languages ------------------------------------------------------------------------------------------------


def test_a_translation_stands_beside_its_source_with_what_changed(scene, text):
    revise(scene, text, BETTER, text_ind="Larang biaya.")
    convenor = as_person(scene.cast.convenor)
    address = at("recommendation_language", scene, text.recommendation_id, "id")
    page = words_of(convenor.get(address))
    assert "behind its source" in page
    assert "within a day" in page
    circulating = words_of(convenor.get(at("statement_circulate", scene)))
    assert "Some translations are behind their source" in circulating
    one = Recommendation.objects.get()
    sent = {"version": one.version, "words": "Larang semua biaya.", "state": "checked"}
    assert convenor.post(address, {**sent, "version": 1}).status_code == 409
    convenor.post(address, sent)
    one = Recommendation.objects.get()
    assert (one.text_en, one.text_ind) == (BETTER, "Larang semua biaya.")
    assert "behind its source" not in words_of(convenor.get(address))
    assert convenor.get(at("recommendation_language", scene, one.pk, "en")).status_code == 404


# --- The desk -------------------------------------------------------------------------------------------------


def tasks(person):
    """Return what stands on the person's desk, by address."""
    parts = as_person(person).get("/en/desk/").context["parts"]
    return {task["url"]: task["name"] for part in parts for task in part.tasks}


def test_what_is_open_stands_on_the_desks(scene, text):
    address = at("circulated_detail", scene, 1)
    assert address in tasks(scene.cast.representative)
    assert address in tasks(scene.cast.colleague)
    assert address not in tasks(scene.cast.stranger)
    comment(scene, text)
    propose(scene, text)
    assert tasks(scene.cast.convenor)[at("said_list", scene)] == "2 comments and amendments wait for you"
    circulate(scene)
    assert address not in tasks(scene.cast.representative)
    CirculatedVersion.objects.update(closes_at=build.timezone.now() - build.timedelta(minutes=1))
    assert at("circulated_detail", scene, 2) not in tasks(scene.cast.representative)


def test_the_copy_of_ones_data_holds_what_one_said(scene, text):
    comment(scene, text)
    amendment = propose(scene, text)
    other = {"by": scene.cast.other_member, "organisation": scene.cast.other_organisation}
    actions.support_amendment(amendment, **other)
    actions.decline_amendment(amendment, by=scene.cast.convenor, answer="No.")
    own, theirs = said_to_drafts(scene.cast.representative), said_to_drafts(scene.cast.other_member)
    assert [one["words"] for one in own["comments"]] == ["Who pays?"]
    assert [one["proposal"] for one in own["amendments"]] == [BETTER]
    assert [(len(rows), name) for name, rows in theirs.items() if rows] == [(1, "supports")]
    convenor = said_to_drafts(scene.cast.convenor)
    assert [one["answer"] for one in convenor["decisions"]] == ["No."]
    assert [one["number"] for one in convenor["circulated"]] == [1]

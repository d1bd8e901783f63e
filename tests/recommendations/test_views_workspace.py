"""The convenors' workspace: who may, what is merged, two people at one clause, the same count of queries."""

import time

import pytest
from django.urls import reverse

from recommendations import actions
from recommendations.models import LikeGroup, Likeness, Recommendation, Source, Statement, Submission
from tests import build
from tests.conftest import PEOPLE, as_person

WORDS = {"text_en": "Ban all fees.", "text_ind": "Larang semua biaya.", "section": "asean", "version": "1"}
CONVENORS = ("convenor", "second_convenor")


def at(name, scene, *arguments):
    """Return the address of a page of the consultation."""
    return reverse(name, args=[scene.consultation.slug, *arguments])


def page(client, *arguments, **values):
    """Return the page as text."""
    return client.get(at(*arguments), values).content.decode()


def expected(code_for_others, **values):
    """Return the codes by person: convenors as given, anonymous sent to sign-in, everybody else alike."""
    return {**dict.fromkeys(PEOPLE, code_for_others), **values, "anonymous": 302}


@pytest.mark.parametrize(
    ("name", "with_one", "others", "convenors"),
    [
        ("workspace", False, 403, 200),
        ("statement_start", False, 403, 302),
        ("statement_edit", False, 404, 200),
        ("submissions_merge", False, 404, 302),
        ("recommendation_edit", True, 404, 200),
        ("recommendation_move", True, 404, 302),
        ("statement_table", False, 404, 200),
        ("plenary", False, 404, 200),
    ],
)
def test_who_opens_which_page(scene, name, with_one, others, convenors):
    one = build.make_recommendation(scene.statement)
    arguments = [one.pk] if with_one else []
    seen = {
        person: as_person(getattr(scene.cast, person)).get(at(name, scene, *arguments)).status_code for person in PEOPLE
    }
    assert seen == expected(others, **dict.fromkeys(CONVENORS, convenors))


def test_a_convenor_of_another_consultation_is_not_let_in(scene):
    elsewhere = build.make_convenor()
    assert as_person(elsewhere).get(at("workspace", scene)).status_code == 403
    for name in ("statement_edit", "plenary", "submissions_merge", "statement_table"):
        assert as_person(elsewhere).get(at(name, scene)).status_code == 404


def test_the_statement_begins_once(cast):
    consultation = build.make_consultation(convenors=[cast.convenor])
    client = as_person(cast.convenor)
    address = reverse("statement_start", args=[consultation.slug])
    for _ in range(2):
        client.post(address, {"one_time_key": "start-once-start"})
    assert client.get(address).status_code == 302
    assert Statement.objects.filter(consultation=consultation).count() == 1


def test_choosing_and_merging_with_plain_boxes(scene):
    client = as_person(scene.cast.convenor)
    ids = [one.pk for one in scene.submissions]
    merging = client.get(at("submissions_merge", scene), {"s": ids})
    assert merging.context["form"].initial["text_en"] == "Stop fees for workers."
    assert merging.context["form"].initial["addressees"] == [scene.cast.body.pk]
    answers = {**WORDS, "s": ids, "addressees": [scene.cast.body.pk], "one_time_key": "merge-once-merge"}
    first, second = (client.post(at("submissions_merge", scene), answers) for _ in range(2))
    made = Recommendation.objects.get()
    assert first.url == second.url
    assert first.url == at("workspace", scene) + f"?text=asean&text_page=1#recommendation-{made.pk}"
    assert made.sources.count() == 3
    assert "Ban all fees." in page(client, "workspace", scene)


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999"], ["१"], ["-1"]])
def test_choosing_nothing_that_is_there_leads_back(scene, chosen):
    answer = as_person(scene.cast.convenor).get(at("submissions_merge", scene), {"s": chosen})
    assert answer.url == at("workspace", scene)


def test_merging_without_a_text_keeps_the_choices(scene):
    ids = [one.pk for one in scene.submissions]
    answers = {**WORDS, "text_en": "", "text_ind": "", "s": ids}
    response = as_person(scene.cast.convenor).post(at("submissions_merge", scene), answers)
    assert response.status_code == 200
    assert response.content.decode().count('name="s"') == 3
    assert not Recommendation.objects.exists()


def test_the_own_organisation_is_left_to_another_convenor(scene):
    build.Membership.objects.create(
        organisation=scene.cast.organisation, user=scene.cast.convenor, state="active", since=build.LONG_AGO
    )
    client = as_person(scene.cast.convenor)
    desk = page(client, "workspace", scene)
    assert desk.count("another convenor decides") == 2
    assert desk.count('type="checkbox"') == 1
    treat = reverse("submission_treat", args=[scene.submissions[0].pk])
    assert "<form" not in client.get(treat).content.decode().split("<main")[1].split("</main")[0]
    answer = client.post(treat, {"treatment": "not-used", "reason": "No."})
    assert "You act for this organisation" in answer.content.decode()
    merged = client.post(at("submissions_merge", scene), {**WORDS, "s": [scene.submissions[0].pk]})
    assert "You act for this organisation" in merged.content.decode()
    assert not Recommendation.objects.exists()


def test_two_people_edit_one_clause_and_no_text_is_lost(scene):
    one = build.make_recommendation(scene.statement)
    address = at("recommendation_edit", scene, one.pk)
    first, second = as_person(scene.cast.convenor), as_person(scene.cast.second_convenor)
    assert first.post(address, {**WORDS, "text_en": "First wording."}).status_code == 302
    clash = second.post(address, {**WORDS, "text_en": "Second wording."})
    shown = clash.content.decode()
    assert clash.status_code == 409
    assert "First wording." in shown
    assert "Second wording.</textarea>" in shown
    assert "<del>First</del><ins>Second</ins> wording." in shown
    assert 'name="version" value="2"' in shown
    assert second.post(address, {**WORDS, "text_en": "Both.", "version": "2"}).status_code == 302
    one.refresh_from_db()
    assert (one.text_en, one.version) == ("Both.", 3)


def test_two_people_edit_the_preamble_and_no_text_is_lost(scene):
    address = at("statement_edit", scene)
    words = {"title_en": "Title", "prevailing_language": "en", "version": "1"}
    first, second = as_person(scene.cast.convenor), as_person(scene.cast.second_convenor)
    assert first.post(address, {**words, "preamble_en": "We, the first."}).status_code == 302
    clash = second.post(address, {**words, "preamble_en": "We, the second."})
    assert clash.status_code == 409
    assert "<del>first.</del><ins>second.</ins>" in clash.content.decode()


def test_an_edit_after_tabling_keeps_the_words_on_screen(scene):
    one = build.make_recommendation(scene.statement)
    actions.table_statement(scene.statement, by=scene.cast.convenor)
    client = as_person(scene.cast.second_convenor)
    response = client.post(at("recommendation_edit", scene, one.pk), {**WORDS, "text_en": "Too late."})
    assert response.status_code == 200
    assert "Too late.</textarea>" in response.content.decode()
    assert client.get(at("recommendation_edit", scene, one.pk)).url == at("workspace", scene)


def test_a_withdrawn_source_is_shown_at_the_desk(scene):
    one = build.make_recommendation(scene.statement, sources=tuple(scene.submissions))
    actions.withdraw_submission(scene.submissions[0], by=scene.cast.representative)
    client = as_person(scene.cast.convenor)
    assert "a source was withdrawn" in page(client, "workspace", scene)
    client.post(at("recommendation_edit", scene, one.pk), WORDS)
    assert "a source was withdrawn" not in page(client, "workspace", scene)


@pytest.mark.parametrize(("alone", "target"), [("", "/sources/"), ("1", "?s=")])
def test_a_source_is_taken_off_or_stands_alone(scene, alone, target):
    one = build.make_recommendation(scene.statement, sources=tuple(scene.submissions))
    source = Source.objects.first()
    answer = as_person(scene.cast.convenor).post(at("source_unlink", scene, source.pk), {"alone": alone})
    assert target in answer.url
    assert one.sources.count() == 2


def test_a_source_of_another_statement_is_not_reached(scene):
    foreign = build.make_recommendation(
        build.make_statement(build.make_consultation()), sources=(scene.submissions[0],)
    )
    answer = as_person(scene.cast.convenor).post(at("source_unlink", scene, foreign.sources.get().pk))
    assert answer.status_code == 404
    assert as_person(scene.cast.convenor).get(at("recommendation_edit", scene, foreign.pk)).status_code == 404


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 3),
        ({"treatment": "open"}, 2),
        ({"treatment": "not-used"}, 1),
        ({"treatment": "nonsense"}, 3),
        ({"section": "asean"}, 2),
        ({"section": "ID"}, 1),
        ({"section": "XX"}, 0),
        ({"theme": "fees"}, 3),
        ({"group": "trade-unions"}, 3),
        ({"group": "trade-unions", "section": "ID"}, 1),
        ({"organisation": "1", "text__contains": "x"}, 3),
    ],
)
def test_filters_are_plain_links_of_known_names(scene, filters, count):
    scene.submissions[0].section = build.make_country()
    scene.submissions[0].save()
    actions.treat_submission(scene.submissions[2], by=scene.cast.convenor, treatment="not-used", reason="No.")
    response = as_person(scene.cast.convenor).get(at("workspace", scene), filters)
    assert len(response.context["page"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_workspace_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    for submission in scene.submissions[count:]:
        submission.delete()
    for submission in scene.submissions[:count]:
        build.make_recommendation(scene.statement, sources=(submission,))
    client = as_person(scene.cast.convenor)
    client.get(at("workspace", scene))
    with django_assert_num_queries(13):
        response = client.get(at("workspace", scene))
    assert len(response.context["page"]) == response.context["page"].paginator.count == count
    with django_assert_num_queries(14):
        response = client.get(at("workspace", scene), {"section": "asean"})
    assert len(response.context["page"]) == response.context["page"].paginator.count == count


def test_deciding_against_a_submission(scene):
    treat = reverse("submission_treat", args=[scene.submissions[0].pk])
    client = as_person(scene.cast.convenor)
    assert set(client.post(treat, {"treatment": "not-used", "reason": ""}).context["form"].errors) == {"reason"}
    answer = client.post(treat, {"treatment": "not-used", "reason": "Said twice."})
    assert answer.url == at("workspace", scene) + f"#submission-{scene.submissions[0].pk}"
    scene.submissions[0].refresh_from_db()
    assert scene.submissions[0].treatment_reason == "Said twice."


def test_what_was_sent_in_together_says_so(scene):
    Submission.objects.filter(pk=scene.submissions[0].pk).update(joint=True)
    assert page(as_person(scene.cast.convenor), "workspace", scene).count("sent in together with others") == 1


def test_a_group_says_what_was_decided_and_told_and_goes_to_the_end(scene):
    first, second, third = scene.submissions
    fourth = build.make_submission(scene.consultation, third.organisation, third.author, text="No fees.")
    done, waits = build.make_like_group(first, second), build.make_like_group(third, fourth)
    Submission.objects.filter(pk__in=[first.pk, second.pk]).update(treatment="joined", state="in_treatment")
    build.make_fate(first, state="agreed", treatment="joined")
    answer = as_person(scene.cast.convenor).get(at("workspace", scene), {"show": "groups"})
    assert [(one.pk, one.undecided) for one in answer.context["page"]] == [(waits.pk, 2), (done.pk, 0)]
    assert [one.submission.fate for one in answer.context["page"][1].alike] == ["agreed", None]


@pytest.mark.slow
@pytest.mark.parametrize("size", [50, 2000])
@pytest.mark.parametrize(("query", "queries"), [("", 13), ("?show=groups", 18)])
def test_the_workspace_costs_the_same_with_two_thousand(scene, size, query, queries, django_assert_num_queries):
    fill(scene, size)
    client = as_person(scene.cast.convenor)
    client.get(at("workspace", scene) + query)
    spent = []
    for _ in range(3):
        begun = time.process_time()
        with django_assert_num_queries(queries):
            page = client.get(at("workspace", scene) + query)
        spent.append(time.process_time() - begun)
    # The best of three: what else the machine does meanwhile is not the page's.
    assert min(spent) < 0.2
    assert page.context["received"].total == size + 3


def fill(scene, size):
    """Write that many submissions, most of them in the common text, every tenth one alike its neighbour."""
    organisations = build.make_organisations(*(f"Organisation {number}" for number in range(40)))
    made = Submission.objects.bulk_create(
        Submission(
            consultation=scene.consultation,
            organisation=organisations[number % 40],
            author=scene.cast.representative,
            text=f"Governments should act on point {number}, and say by when. " * 4,
            state="in_treatment" if number % 3 else "submitted",
            treatment="joined" if number % 3 else "",
        )
        for number in range(size)
    )
    texts = Recommendation.objects.bulk_create(
        Recommendation(statement=scene.statement, position=number, text_en=f"Text {number}. " * 20)
        for number in range(max(30, size // 8))
    )
    Source.objects.bulk_create(
        Source(recommendation=texts[number % len(texts)], submission=one)
        for number, one in enumerate(made)
        if number % 3
    )
    groups = LikeGroup.objects.bulk_create(
        LikeGroup(consultation=scene.consultation) for _number in range(max(25, size // 20))
    )
    Likeness.objects.bulk_create(
        Likeness(submission=one, group=groups[number // 2 % len(groups)], digest=str(number))
        for number, one in enumerate(made)
    )

"""The pages of the workspace: groups, one recommendation with everything around it, brackets, fates, objections."""

import pytest
from django.urls import reverse

from recommendations import actions
from recommendations.models import Bracket, Fate, Recommendation, Submission
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_fates import tell

CONVENORS = ("convenor", "second_convenor")


def at(name, scene, *arguments):
    """Return the address of a page of the consultation."""
    return reverse(name, args=[scene.consultation.slug, *arguments])


def words_of(answer):
    """Return the page as text."""
    return answer.content.decode()


@pytest.fixture
def one(scene):
    """Return a recommendation of all submissions."""
    return build.make_recommendation(scene.statement, tuple(scene.submissions), text_en="Ban all fees now.")


@pytest.fixture
def convenor(scene):
    """Return the convenor's browser."""
    return as_person(scene.cast.convenor)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("recommendation_detail", 404),
        ("recommendation_versions", 404),
        ("recommendation_place", 404),
        ("recommendation_join", 404),
        ("recommendation_split", 404),
        ("bracket_create", 404),
        ("fates_tell", 403),
        ("objection_list", 403),
    ],
)
def test_who_opens_which_page(scene, one, name, others):
    arguments = [] if name in {"fates_tell", "objection_list"} else [one.pk]
    seen = {
        person: as_person(getattr(scene.cast, person)).get(at(name, scene, *arguments)).status_code for person in PEOPLE
    }
    assert seen == {**dict.fromkeys(PEOPLE, others), **dict.fromkeys(CONVENORS, 200), "anonymous": 302}


# --- What is alike --------------------------------------------------------------------------------------------


def test_a_group_is_shown_ticked_as_a_whole_and_merged(scene, convenor):
    group = build.make_like_group(*scene.submissions)
    page = words_of(convenor.get(at("workspace", scene), {"show": "groups"}))
    assert f'name="g" value="{group.pk}"' in page
    assert "3 that are alike" in page
    merging = convenor.get(at("submissions_merge", scene), {"g": group.pk, "show": "groups", "theme": "fees"})
    assert [row.pk for row in merging.context["chosen"]] == [row.pk for row in scene.submissions]
    answer = convenor.post(
        at("submissions_merge", scene) + "?show=groups&theme=fees",
        {"s": [row.pk for row in scene.submissions], "text_en": "One.", "section": "asean"},
    )
    made = Recommendation.objects.get()
    assert answer.url.startswith(at("workspace", scene) + "?theme=fees&show=groups&")
    assert answer.url.endswith(f"#recommendation-{made.pk}")


def test_groups_are_taken_apart_once(scene, convenor):
    group = build.make_like_group(*scene.submissions)
    out = at("group_take_out", scene, scene.submissions[0].pk)
    assert convenor.post(out).status_code == 302
    assert convenor.post(out).status_code == 404
    assert group.members.count() == 2
    dissolve = at("group_dissolve", scene, group.pk)
    assert convenor.get(dissolve).status_code == 302
    assert convenor.post(dissolve, {"one_time_key": "dissolve-it-once"}).status_code == 302
    assert convenor.post(dissolve, {"one_time_key": "dissolve-it-once"}).status_code == 302
    assert convenor.post(dissolve).status_code == 404


def test_the_search_is_seen_at_work_and_ready(scene, convenor):
    assert convenor.get(at("grouping_progress", scene)).status_code == 302
    assert convenor.post(at("grouping_start", scene)).url == at("grouping_progress", scene)
    page = words_of(convenor.get(at("grouping_progress", scene)))
    assert "It waits for a worker" in page
    assert 'http-equiv="refresh"' in page
    part = words_of(convenor.get(at("grouping_progress", scene), headers={"hx-request": "true"}))
    assert "<html" not in part
    actions.find_groups(scene.consultation.grouping)
    assert "See what is alike" in words_of(convenor.get(at("grouping_progress", scene)))


def test_what_has_no_translation_is_counted(scene, convenor):
    Submission.objects.filter(pk=scene.submissions[0].pk).update(language="th")
    page = words_of(convenor.get(at("workspace", scene), {"show": "groups"}))
    assert "1 submission is in another language and has no working translation" in page
    answer = convenor.post(
        reverse("submission_translate", args=[scene.submissions[0].pk]), {"language": "en", "text": "Ban fees."}
    )
    assert answer.status_code == 302
    assert "has no working translation" not in words_of(convenor.get(at("workspace", scene), {"show": "groups"}))
    assert "Ban fees." in words_of(convenor.get(reverse("submission_translate", args=[scene.submissions[0].pk])))


@pytest.mark.parametrize("count", [1, 3])
def test_the_groups_ask_the_database_equally_often(scene, convenor, count, django_assert_num_queries):
    for _number in range(count):
        pair = [
            build.make_submission(scene.consultation, scene.cast.organisation, scene.cast.representative)
            for _one in range(2)
        ]
        build.make_like_group(*pair)
    convenor.get(at("workspace", scene), {"show": "groups"})
    with django_assert_num_queries(16):
        answer = convenor.get(at("workspace", scene), {"show": "groups"})
    assert len(answer.context["page"]) == count


# --- One recommendation ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_recommendation_asks_the_database_equally_often(scene, convenor, count, django_assert_num_queries):
    made = build.make_recommendation(scene.statement, tuple(scene.submissions[:count]))
    for _number in range(count - 1):
        build.make_recommendation(scene.statement)
    convenor.get(at("recommendation_detail", scene, made.pk))
    with django_assert_num_queries(15):
        page = convenor.get(at("recommendation_detail", scene, made.pk))
    assert len(page.context["sources"]) == count


def test_two_versions_are_compared_as_asked(scene, one, convenor):
    for number, text in enumerate(("Ban some fees.", "Ban no fees."), 1):
        actions.revise_recommendation(one, by=scene.cast.convenor, version=number, text_en=text, text_ind="")
    page = words_of(convenor.get(at("recommendation_versions", scene, one.pk)))
    assert "<del>some</del><ins>no</ins>" in page
    page = words_of(convenor.get(at("recommendation_versions", scene, one.pk), {"old": 1, "new": 3}))
    assert "<del>all</del><ins>no</ins>" in page
    assert convenor.get(at("recommendation_versions", scene, one.pk), {"old": "x", "new": "9"}).status_code == 200


def test_a_move_is_taken_back_by_a_new_move(scene, one, convenor):
    build.make_recommendation(scene.statement)
    country = build.make_country()
    answer = convenor.post(at("recommendation_place", scene, one.pk), {"section": country.pk, "place": 1})
    page = words_of(convenor.get(answer.url))
    assert "Move it back" in page
    assert 'name="section" value="asean"' in page
    convenor.post(at("recommendation_place", scene, one.pk), {"section": "asean", "place": 1})
    one.refresh_from_db()
    assert (one.section, one.position) == (None, 1)


@pytest.mark.parametrize("place", ["", "0", "x", "१", "100000"])
def test_an_odd_place_keeps_the_form(scene, one, convenor, place):
    answer = convenor.post(at("recommendation_place", scene, one.pk), {"section": "asean", "place": place})
    assert answer.status_code == (302 if place == "१" else 200)


def test_two_are_joined_on_one_page_and_a_clash_keeps_the_words(scene, one, convenor):
    other = build.make_recommendation(scene.statement, text_en="Other words.")
    assert "Other words." in words_of(convenor.get(at("recommendation_join", scene, one.pk)))
    address = at("recommendation_join", scene, one.pk) + f"?with={other.pk}"
    actions.revise_recommendation(one, by=scene.cast.second_convenor, version=1, text_en="Meanwhile.", text_ind="")
    clash = convenor.post(address, {"text_en": "Joined.", "version": 1, "other_version": 1})
    assert clash.status_code == 409
    assert "Joined.</textarea>" in words_of(clash)
    assert "Meanwhile." in words_of(clash)
    answer = convenor.post(address, {"text_en": "Joined.", "version": 2, "other_version": 1})
    assert answer.url.endswith(f"#recommendation-{one.pk}")
    other.refresh_from_db()
    assert other.joined_into == one
    assert "Other words." not in words_of(convenor.get(at("workspace", scene)))


def test_one_is_split_on_one_page(scene, one, convenor):
    places = {f"source_{source.pk}": "both" for source in one.sources.all()}
    address = at("recommendation_split", scene, one.pk)
    refused = convenor.post(address, {"text_en": "First.", "version": 1, **places})
    assert "First.</textarea>" in words_of(refused)
    convenor.post(address, {"text_en": "First.", "other_text_en": "Second.", "version": 1, **places})
    assert sorted(Recommendation.objects.values_list("text_en", flat=True)) == ["First.", "Second."]


def test_sources_are_added_as_evidence_and_marked(scene, convenor):
    made = build.make_recommendation(scene.statement)
    Submission.objects.filter(pk=scene.submissions[0].pk).update(kind="testimony")
    page = convenor.get(at("sources_add", scene), {"s": scene.submissions[0].pk})
    assert page.context["form"].initial["use"] == "evidence"
    data = {"s": scene.submissions[0].pk, "recommendation": made.pk, "use": "evidence"}
    assert convenor.post(at("sources_add", scene), data).url.endswith(f"#recommendation-{made.pk}")
    source = made.sources.get()
    assert source.evidence
    assert "as evidence" in words_of(convenor.get(at("recommendation_detail", scene, made.pk)))
    convenor.post(at("source_mark", scene, source.pk), {"treatment": "used"})
    source.refresh_from_db()
    assert not source.evidence


# --- Brackets -------------------------------------------------------------------------------------------------


def test_a_bracket_is_made_and_settled_on_its_pages(scene, one, convenor):
    number = scene.submissions[0].pk
    data = {"version": 1, "language": "en", "passage": "all fees", "from_0": [number], "rival_1": "most fees"}
    assert convenor.post(at("bracket_create", scene, one.pk), data).status_code == 302
    bracket = Bracket.objects.get()
    assert "[all fees / most fees]" in words_of(convenor.get(at("workspace", scene)))
    assert "open bracket" in words_of(convenor.get(at("workspace", scene)))
    page = words_of(convenor.get(at("bracket_settle", scene, bracket.pk)))
    assert f"{number} {scene.cast.organisation.name}" in page
    convenor.post(at("bracket_settle", scene, bracket.pk), {"wording": bracket.wordings.last().pk})
    one.refresh_from_db()
    assert one.text_en == "Ban most fees now."
    assert convenor.get(at("bracket_settle", scene, bracket.pk)).status_code == 302
    assert "settled" in words_of(convenor.get(at("recommendation_detail", scene, one.pk)))


def test_a_bracket_that_is_refused_keeps_what_was_typed(scene, one, convenor):
    data = {"version": 1, "language": "en", "passage": "no such words", "rival_1": "most fees"}
    answer = convenor.post(at("bracket_create", scene, one.pk), data)
    assert "does not stand in the text" in words_of(answer)
    assert "most fees</textarea>" in words_of(answer)
    clash = convenor.post(at("bracket_create", scene, one.pk), {**data, "version": 0, "passage": "all fees"})
    assert clash.status_code == 409


# --- Fates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def treated(scene):
    """Return the scene with two submissions of two organisations decided on."""
    for index in (0, 2):
        actions.treat_submission(
            scene.submissions[index], by=scene.cast.convenor, treatment="not-used", reason="Said in item 2."
        )
    return scene


def test_what_would_be_told_is_read_first_then_told_once(treated, convenor):
    page = convenor.get(at("fates_tell", treated))
    assert (page.context["count"], page.context["points"], page.context["by_language"]) == (2, 2, [("en", 2)])
    for language in ("en", "id"):
        address = at("fates_preview", treated, treated.cast.organisation.pk)
        preview = convenor.get(address, {"language": language})
        assert preview.context["language"] == language
        assert f"/{language}/fates/" in words_of(preview)
    data = {"shown": page.context["shown"], "one_time_key": "tell-once-tell-once"}
    for _time in range(2):
        convenor.post(at("fates_tell", treated), data)
    assert Fate.objects.count() == 2
    assert convenor.get(at("fates_preview", treated, treated.cast.organisation.pk)).status_code == 404


@pytest.mark.parametrize("person", ["representative", "colleague"])
def test_before_it_is_told_the_organisation_sees_nothing_of_it(treated, person):
    client = as_person(getattr(treated.cast, person))
    address = treated.submissions[0].get_absolute_url()
    for page in (address, reverse("submission_list"), reverse("desk")):
        assert "Said in item 2." not in words_of(client.get(page))
        assert "ot used" not in words_of(client.get(page))
    tell(treated)
    assert "Said in item 2." in words_of(client.get(address))
    assert "Said in item 2." in words_of(client.get(reverse("fate_list")))


@pytest.mark.parametrize(
    ("person", "forms", "status"),
    [
        ("representative", 1, 302),
        ("colleague", 0, 403),
        ("convenor", 0, 404),
        ("liaison", 0, 404),
        ("stranger", 0, 404),
        ("anonymous", None, 302),
    ],
)
def test_who_answers(treated, person, forms, status):
    tell(treated)
    fate = treated.submissions[0].fates.get()
    client = as_person(getattr(treated.cast, person))
    page = client.get(reverse("fate_list"))
    if forms is not None:
        assert words_of(page).count("We agree") == forms
    assert client.post(reverse("fate_answer", args=[fate.pk]), {"verb": "agree"}).status_code == status
    fate.refresh_from_db()
    assert fate.state == ("agreed" if person == "representative" else "told")


def test_an_objection_is_written_kept_and_comes_back_to_the_desk(treated, convenor):
    tell(treated)
    fate = treated.submissions[0].fates.get()
    client, address = as_person(treated.cast.representative), reverse("fate_answer", args=[fate.pk])
    assert set(client.post(address, {"verb": "object", "words": "", "wants_alone": "on"}).context["form"].errors) == {
        "words"
    }
    client.post(address, {"verb": "object", "words": "It is not.", "wants_alone": "on"})
    assert "Objections 1" in words_of(convenor.get(at("workspace", treated)))
    assert "1 objection to settle" in words_of(convenor.get(reverse("desk")))
    assert "It is not." in words_of(convenor.get(at("objection_list", treated)))
    settle = at("objection_settle", treated, fate.pk)
    assert "It is not." in words_of(convenor.get(settle))
    assert "Say why" in words_of(convenor.post(settle, {"settlement": "answered", "reason": ""}))
    answer = convenor.post(settle, {"alone": "1"})
    assert answer.url == at("objection_list", treated)
    assert Recommendation.objects.get().text_en == "Ban fees."
    assert convenor.get(settle).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_fates_ask_the_database_equally_often(scene, count, django_assert_num_queries):
    for one in scene.submissions[:count]:
        Submission.objects.filter(pk=one.pk).update(organisation=scene.cast.organisation, state="in_treatment")
        one.refresh_from_db()
        made = build.make_recommendation(scene.statement, (one,))
        fate = build.make_fate(one)
        fate.revisions.add(actions.revise_recommendation(made, by=scene.cast.convenor, version=1).revisions.first())
    client = as_person(scene.cast.representative)
    client.get(reverse("fate_list"))
    with django_assert_num_queries(8):
        assert len(client.get(reverse("fate_list")).context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_objections_ask_the_database_equally_often(scene, convenor, count, django_assert_num_queries):
    for one in scene.submissions[:count]:
        build.make_fate(one, state="objected", words="No.", answered_at=build.timezone.now())
    convenor.get(at("objection_list", scene))
    with django_assert_num_queries(9):
        assert len(convenor.get(at("objection_list", scene)).context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_telling_asks_the_database_equally_often(scene, convenor, count, django_assert_num_queries):
    for one in scene.submissions[:count]:
        actions.treat_submission(one, by=scene.cast.convenor, treatment="not-used", reason="No.")
    convenor.get(at("fates_tell", scene))
    with django_assert_num_queries(9):
        assert convenor.get(at("fates_tell", scene)).context["points"] == count


def test_the_section_of_the_words_that_were_told_is_named(scene):
    country = build.make_country()
    type(country).objects.filter(pk=country.pk).update(name_en="Indonesia")
    build.make_recommendation(scene.statement, (scene.submissions[0],), section=country)
    actions.mark_source(scene.submissions[0].sources.get(), by=scene.cast.convenor, treatment="used")
    tell(scene)
    (row,) = as_person(scene.cast.representative).get(reverse("fate_list")).context["rows"]
    assert [words["section"] for words in row["texts"]] == ["Indonesia"]

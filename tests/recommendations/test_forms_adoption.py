"""What may be typed, and the sentence beside the field where it may not."""

import pytest

from recommendations.forms import PositionForm, RecommendationForm, SubmissionForm
from tests import build


def typed(scene, **values):
    """Return the form of the representative's organisation with valid answers, changed as asked."""
    answers = {
        "kind": "recommendation",
        "section": "asean",
        "text": "Ban fees.",
        "language": "en",
        "attribution": "none",
        "version": "1",
        "addressees": [scene.cast.body.pk],
        **values,
    }
    organisations = values.pop("organisations", [scene.cast.organisation])
    return SubmissionForm(answers, consultation=scene.consultation, organisations=organisations)


def test_valid_answers(scene):
    form = typed(scene)
    assert form.is_valid(), form.errors
    assert form.words["section"] is None
    assert list(form.words["addressees"]) == [scene.cast.body]
    assert form.organisation == scene.cast.organisation


@pytest.mark.parametrize(
    "text", ["ហាមការគិតថ្លៃជ្រើសរើស", "هاپوسکن يوران ڤنمڤتن", "🚫💸👩🏽‍🏭", "ห้ามเก็บค่าธรรมเนียม", "禁止收费"]
)
def test_every_script_is_welcome(scene, text):
    form = typed(scene, text=text, language="km")
    assert form.is_valid(), form.errors
    assert form.words["text"] == text


@pytest.mark.parametrize("text", ["\u200b\u200c\u200d", "\u3164\u2800", "\u2060 \u00ad", "\ufeff"])
def test_a_text_that_nobody_can_see_is_refused_beside_the_field(scene, text):
    form = typed(scene, text=text)
    assert not form.is_valid()
    assert set(form.errors) == {"text"}


@pytest.mark.parametrize(("length", "over"), [(4000, 0), (4001, 1), (20000, 16000)])
def test_a_long_text_is_told_by_how_much(scene, length, over):
    form = typed(scene, text="ក" * length)
    assert form.is_valid() is (over == 0)
    if over:
        plural = "character" if over == 1 else "characters"
        assert form.errors["text"] == [f"This is {over} {plural} too long. Up to 4000 are possible."]
        assert "ក" * length in str(form["text"])


def test_marks_do_not_count_as_characters(scene):
    assert typed(scene, text="កំ" * 4000).is_valid()


@pytest.mark.parametrize("section", ["", "TH", "XX", "asean "])
def test_a_section_that_is_not_offered_is_refused(scene, section):
    build.make_country("TH")
    assert set(typed(scene, section=section).errors) == {"section"}


def test_a_regional_consultation_has_a_section_for_each_country(cast):
    for code in ("MY", "TH"):
        build.make_country(code)
    consultation = build.make_consultation(country=None, level="regional")
    form = SubmissionForm(consultation=consultation, organisations=[cast.organisation])
    assert [value for value, _label in form.fields["section"].choices] == ["asean", "ID", "MY", "TH"]


def test_addressees_are_those_that_exist_today_of_the_country_and_the_region(scene):
    region = build.make_body("acmw", kind="asean")
    build.make_body("gone", until=build.LONG_AGO)
    names = [label for _group, options in typed(scene).fields["addressees"].choices for _pk, label in options]
    assert sorted(names) == sorted([scene.cast.body.name, region.name])
    assert "addressees" in typed(scene, addressees=[scene.cast.other_body.pk]).errors


def test_the_ways_of_being_shown_begin_with_the_least_exposing(scene):
    labels = [str(label) for _value, label in typed(scene).fields["attribution"].choices]
    assert labels == [
        "Not at all. Others read: “a participating organisation”",
        "As a description. Others read: “a trade union, origin side”",
        f"With the name. Others read: “{scene.cast.organisation.name}”",
    ]


def test_a_withheld_organisation_cannot_be_named(scene):
    scene.cast.organisation.visibility = "withheld"
    form = typed(scene)
    assert [value for value, _label in form.fields["attribution"].choices] == ["none", "described"]
    assert "attribution" in typed(scene, attribution="named").errors


def test_a_name_for_members_says_what_everybody_else_reads(scene):
    scene.cast.organisation.visibility = "members"
    label = str(typed(scene).fields["attribution"].choices[2][1])
    assert label.endswith("Everybody else reads the description.")


def test_with_several_hats_one_is_chosen(scene):
    hats = [scene.cast.organisation, scene.cast.other_organisation]
    assert "organisation" in typed(scene, organisations=hats).errors
    form = typed(scene, organisations=hats, organisation=str(scene.cast.other_organisation.pk))
    assert form.is_valid(), form.errors
    assert form.organisation == scene.cast.other_organisation
    stranger = build.make_organisation()
    assert "organisation" in typed(scene, organisations=hats, organisation=str(stranger.pk)).errors


def test_a_recommendation_has_a_text_in_one_language_at_least(scene):
    answers = {"section": "asean", "text_en": "", "text_ind": "", "version": "1"}
    assert set(RecommendationForm(answers, consultation=scene.consultation).errors) == {"text_en"}
    form = RecommendationForm({**answers, "text_ind": "Larang."}, consultation=scene.consultation)
    assert form.is_valid(), form.errors
    assert form.words == {
        "more_texts": {},
        "text_en": "",
        "text_ind": "Larang.",
        "section": None,
        "theme": None,
        "addressees": form.words["addressees"],
    }


def test_a_position_is_about_a_recommendation_of_this_text(scene):
    inside = build.make_recommendation(scene.statement)
    outside = build.make_recommendation(build.make_statement(build.make_consultation()))
    voices = [(scene.cast.organisation, "Ours")]
    answers = {"organisation": scene.cast.organisation.pk, "stance": "reservation", "text": "No."}

    def form(recommendation):
        return PositionForm(
            {**answers, "recommendation": recommendation}, organisations=voices, recommendations=[("ASEAN 1", inside)]
        )

    assert form(inside.pk).is_valid()
    assert form("").is_valid()
    assert "recommendation" in form(outside.pk).errors

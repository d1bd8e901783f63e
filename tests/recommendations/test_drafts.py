"""Drafts that save themselves: one form, one draft, whatever the line does; nobody overwrites a colleague."""

import json

import pytest
from django.urls import reverse

from portal.models import LogEntry
from recommendations import actions
from recommendations.models import Submission
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_views_submissions import answers, draft, fresh, new, to

KEY = "a-form-of-one-writer"


def begin(scene, client, **values):
    """Send what the script of a new form sends; return what it hears."""
    address = reverse("submission_begin", args=[scene.consultation.slug])
    return client.post(address, {**answers(scene, version="0", one_time_key=KEY), **values})


def kept(scene, client, submission, **values):
    """Send what the script of a draft's form sends."""
    data = answers(scene, version=submission.version, one_time_key=KEY)
    return client.post(to("submission_keep", submission), {**data, **values})


@pytest.mark.parametrize(("name", "state"), [("submission_keep", "draft"), ("submission_keep", "submitted")])
def test_who_keeps_a_draft(scene, name, state):
    submission = draft(scene, state=state)
    seen = {
        person: kept(scene, as_person(fresh(getattr(scene.cast, person))), submission, text=person).status_code
        for person in PEOPLE
    }
    # The colleague writes with the same key as the representative, so there is no conflict between both.
    assert seen == {**dict.fromkeys(PEOPLE, 404), "representative": 200, "colleague": 200, "anonymous": 302}
    submission.refresh_from_db()
    assert (submission.text == "Draft words.") == (state == "submitted")


def test_who_begins_one(scene):
    seen = {name: begin(scene, as_person(fresh(getattr(scene.cast, name)))).status_code for name in PEOPLE}
    members = dict.fromkeys(("representative", "colleague", "other_member"), 200)
    assert seen == {**dict.fromkeys(PEOPLE, 403), **members, "anonymous": 302}


def test_a_visit_keeps_nothing(scene):
    client = as_person(scene.cast.representative)
    assert client.get(to("submission_keep", draft(scene))).status_code == 405
    assert client.get(reverse("submission_begin", args=[scene.consultation.slug])).status_code == 405


def test_the_first_save_makes_the_draft_and_the_next_ones_keep_it(scene):
    client = as_person(scene.cast.representative)
    first = begin(scene, client).json()
    submission = Submission.objects.latest("id")
    assert (first["state"], first["version"], first["edit"]) == ("saved", 1, to("submission_edit", submission))
    assert first["said"].startswith("Saved as a draft at ")
    second = begin(scene, client, text="Ban all fees.", version="1").json()
    assert (second["state"], second["version"]) == ("saved", 2)
    submission.refresh_from_db()
    assert (submission.text, submission.state) == ("Ban all fees.", "draft")
    assert Submission.objects.count() == 4


def test_an_answer_that_was_lost_makes_no_second_draft_and_no_conflict(scene):
    client = as_person(scene.cast.representative)
    begin(scene, client)
    again = begin(scene, client, text="Ban all fees.").json()  # it never heard of version 1
    assert (again["state"], again["version"]) == ("saved", 2)
    pressed = client.post(new(scene), answers(scene, version="0", one_time_key=KEY, text="Ban all fees now."))
    assert pressed.status_code == 302
    assert [one.text for one in Submission.objects.order_by("pk")[3:]] == ["Ban all fees now."]


def test_what_arrives_after_the_button_was_pressed_is_out_of_date(scene):
    client = as_person(scene.cast.representative)
    begin(scene, client)
    client.post(new(scene), answers(scene, version="1", one_time_key=KEY, text="The last words."))
    late = begin(scene, client, text="The last wor", version="1")
    assert late.json()["state"] == "conflict"
    assert Submission.objects.latest("id").text == "The last words."


def test_a_new_form_whose_button_is_pressed_first_is_not_overwritten_by_its_script(scene):
    client = as_person(scene.cast.representative)
    client.post(new(scene), answers(scene, version="0", one_time_key=KEY, text="The last words."))
    late = begin(scene, client, text="The last wor")
    assert late.json()["state"] == "conflict"
    assert Submission.objects.count() == 4


def test_a_colleague_who_was_faster_is_shown_and_nothing_is_lost(scene):
    submission = draft(scene)
    actions.revise_submission(submission, by=scene.cast.colleague, version=1, text="A colleague's words.")
    answer = kept(scene, as_person(scene.cast.representative), submission, text="My words.")
    said = answer.json()
    assert (said["state"], said["version"]) == ("conflict", 2)
    assert "A colleague&#x27;s words." in said["html"]
    assert "<ins>" in said["html"]
    submission.refresh_from_db()
    assert submission.text == "A colleague's words."


def test_before_there_are_words_nothing_is_saved_and_nothing_is_said(scene):
    client = as_person(scene.cast.representative)
    assert begin(scene, client, text=" ").json() == {"state": "unsaved", "said": ""}
    over = begin(scene, client, text="x" * 4003).json()
    assert over["said"].startswith("Not saved yet. What should be done, or known? · This is 3 characters too long.")
    assert Submission.objects.count() == 3


@pytest.mark.parametrize(("country", "section"), [(True, "ID"), (False, None)])
def test_a_section_that_is_not_chosen_yet_keeps_nobody_from_saving(scene, country, section):
    if not country:
        type(scene.consultation).objects.filter(pk=scene.consultation.pk).update(country=None)
    begin(scene, as_person(scene.cast.representative), section="")
    assert Submission.objects.latest("id").section_id == section


def test_what_waits_for_sign_off_or_was_sent_in_stands_still(scene):
    for state in ("ready", "submitted", "withdrawn"):
        submission = draft(scene, state=state)
        answer = kept(scene, as_person(scene.cast.representative), submission, text="Other words.")
        assert answer.json()["state"] == "refused"
        submission.refresh_from_db()
        assert submission.text == "Draft words."


def test_an_hour_of_typing_is_one_entry_and_the_same_words_write_nothing(scene):
    submission, client = draft(scene), as_person(scene.cast.representative)
    for text in ("One", "One two", "One two", "One two three"):
        submission.refresh_from_db()
        kept(scene, client, submission, text=text)
    submission.refresh_from_db()
    assert submission.version == 4
    assert list(LogEntry.objects.filter(verb="revise").values_list("subject_id", flat=True)) == [submission.pk]
    actions.revise_submission(submission, by=scene.cast.colleague, version=4, text="Other")
    submission.refresh_from_db()
    kept(scene, client, submission, text="Mine again")
    assert LogEntry.objects.filter(verb="revise").count() == 3


def test_a_form_changes_for_whom_it_writes(scene):
    both = scene.cast.representative
    scene.cast.other_organisation.memberships.create(user=both, state="active", since="2020-01-01", role="lead")
    client = as_person(fresh(both))
    assert "For which organisation" in begin(scene, client).json()["said"]
    for organisation in (scene.cast.organisation, scene.cast.other_organisation):
        begin(scene, client, organisation=organisation.pk)
    made = Submission.objects.order_by("pk")[3:]
    assert [one.organisation for one in made] == [scene.cast.other_organisation]


def test_the_form_of_a_session_that_ran_out_is_still_the_same_form(scene):
    member, client = scene.cast.representative, as_person(scene.cast.representative)
    begin(scene, client)
    client.logout()
    client.post(new(scene), answers(scene, version="1", one_time_key=KEY, text="Typed later."))
    kept_input = client.session["kept"]
    client.force_login(member, backend="stakeholders.signing_in.Backend")
    session = client.session
    session["kept"] = kept_input
    session.save()
    page = client.get(new(scene)).content.decode()
    assert [KEY in page, "Typed later." in page, 'name="version" value="1"' in page] == [True] * 3


def test_the_page_carries_what_the_script_says(scene):
    page = as_person(scene.cast.representative).get(new(scene)).content.decode()
    assert f'data-keep="{reverse("submission_begin", args=[scene.consultation.slug])}"' in page
    assert "portal/drafts" in page
    submission = draft(scene)
    page = as_person(scene.cast.colleague).get(to("submission_edit", submission)).content.decode()
    assert f'data-keep="{to("submission_keep", submission)}"' in page


def test_saving_asks_little_of_the_database(scene, django_assert_num_queries):
    submission, client = draft(scene), as_person(scene.cast.representative)
    kept(scene, client, submission, text="One")
    submission.refresh_from_db()
    with django_assert_num_queries(17):
        answer = kept(scene, client, submission, text="Two")
    assert json.loads(answer.content)["version"] == 3

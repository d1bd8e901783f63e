"""A member's pages: visible to whom, nothing typed is lost, one object per form."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import once
from portal.models import User
from recommendations import actions
from recommendations.models import Submission
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.scene import table
from tests.tables import few


def answers(scene, **values):
    """Return what a member types into the form."""
    return {
        "kind": "recommendation",
        "section": "asean",
        "text": "Ban recruitment fees.",
        "reason": "They make debts.",
        "language": "en",
        "attribution": "described",
        "version": "1",
        "addressees": [scene.cast.body.pk],
        "then": "check",
        **values,
    }


def new(scene) -> str:
    """Return the address of the form."""
    return reverse("submission_create", args=[scene.consultation.slug])


def to(name, submission) -> str:
    """Return the address of one of a submission's pages."""
    return reverse(name, args=[submission.pk])


def draft(scene, **values) -> Submission:
    """Return a draft of the representative's organisation, written by the drafter."""
    values = {"state": "draft", "submitted_at": None, "text": "Draft words.", **values}
    return build.make_submission(scene.consultation, scene.cast.organisation, scene.cast.colleague, **values)


def fresh(person: User | None) -> User | None:
    """Return the person anew, as a new request would."""
    return User.objects.get(pk=person.pk) if person else None


OWN_DRAFT = {"representative": 200, "colleague": 200}
OWN_SENT = {"representative": 200, "colleague": 200, "convenor": 200, "second_convenor": 200}
PAGES = {
    ("submission_detail", "draft"): OWN_DRAFT,
    ("submission_detail", "submitted"): OWN_SENT,
    ("submission_detail", "in_treatment"): OWN_SENT,
    ("submission_detail", "withdrawn"): OWN_SENT,
    ("submission_edit", "draft"): OWN_DRAFT,
    ("submission_edit", "submitted"): {"representative": 302, "colleague": 302},
    ("submission_check", "draft"): OWN_DRAFT,
    ("submission_check", "submitted"): {"representative": 302, "colleague": 302},
    ("submission_submit", "draft"): {"representative": 302, "colleague": 302},
    ("submission_withdraw", "draft"): {"representative": 200, "colleague": 403},
    ("submission_withdraw", "submitted"): {"representative": 200, "colleague": 403},
    ("submission_withdraw", "withdrawn"): {"representative": 302, "colleague": 302},
    ("submission_treat", "draft"): {"representative": 404, "colleague": 404},
    ("submission_treat", "submitted"): {
        "representative": 403, "colleague": 403, "convenor": 200, "second_convenor": 200,
    },
}  # fmt: skip


FEW = (
    ("submission_detail", "submitted"),
    ("submission_edit", "draft"),
    ("submission_submit", "draft"),
    ("submission_withdraw", "draft"),
    ("submission_treat", "submitted"),
)


@pytest.mark.parametrize(("name", "state"), few(FEW, PAGES))
def test_who_opens_which_page_in_which_state(scene, name, state):
    submission = draft(scene, state=state, submitted_at=None if state == "draft" else timezone.now())
    people = {person: as_person(fresh(getattr(scene.cast, person))) for person in PEOPLE}
    seen = {person: client.get(to(name, submission)).status_code for person, client in people.items()}
    expected = {**dict.fromkeys(PEOPLE, 404), **PAGES[name, state], "anonymous": 302}
    assert seen == expected


def test_a_discarded_draft_is_never_shown_to_convenors(scene):
    submission = draft(scene)
    actions.withdraw_submission(submission, by=scene.cast.representative)
    assert as_person(scene.cast.convenor).get(submission.get_absolute_url()).status_code == 404


def test_who_may_begin_one(scene):
    seen = {name: as_person(fresh(getattr(scene.cast, name))).get(new(scene)).status_code for name in PEOPLE}
    members = dict.fromkeys(("representative", "colleague", "other_member"), 200)
    assert seen == {**dict.fromkeys(PEOPLE, 403), **members, "anonymous": 302}


def test_a_discreet_consultation_does_not_exist_for_others(scene):
    scene.consultation.discreet = True
    scene.consultation.save()
    outsider = build.make_member(build.make_organisation())
    assert as_person(scene.cast.representative).get(new(scene)).status_code == 200
    assert as_person(outsider).get(new(scene)).status_code == 404


def test_saving_leads_to_the_answers_and_sending_to_the_receipt(scene):
    client = as_person(scene.cast.representative)
    check = client.post(new(scene), answers(scene), follow=True)
    submission = Submission.objects.latest("id")
    assert check.redirect_chain == [(to("submission_check", submission), 302)]
    assert (submission.state, submission.attribution) == ("draft", "described")
    assert "Ban recruitment fees." in check.content.decode()
    receipt = client.post(to("submission_submit", submission), follow=True)
    assert receipt.redirect_chain == [(submission.get_absolute_url(), 302)]
    assert f"has the number {submission.pk}" in receipt.content.decode()
    submission.refresh_from_db()
    assert submission.state == "submitted"


def test_a_double_click_makes_one_draft(scene):
    client = as_person(scene.cast.representative)
    before = Submission.objects.count()
    first, second = (client.post(new(scene), answers(scene, one_time_key="k" * 20)) for _ in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Submission.objects.count() == before + 1


def test_a_double_click_sends_once(scene):
    submission = draft(scene)
    client = as_person(scene.cast.representative)
    key = {once.FIELD: once.new_key()}
    first, second = (client.post(to("submission_submit", submission), key) for _ in range(2))
    assert first.url == second.url == submission.get_absolute_url()
    third = client.post(to("submission_submit", submission))
    assert third.url == to("submission_check", submission)


@pytest.mark.parametrize("text", ["x" * 20000, "\u200b\u3164"])
def test_a_text_that_is_refused_stays_on_the_screen_with_everything_else(scene, text):
    response = as_person(scene.cast.representative).post(new(scene), answers(scene, text=text))
    page = response.content.decode()
    assert response.status_code == 200
    assert text in page
    assert "They make debts." in page
    assert "error-summary" in page
    assert "16000 characters too long" in page or "only invisible characters" in page


def test_a_deadline_that_passes_while_typing_keeps_the_text_as_a_draft(scene):
    scene.consultation.input_closes = timezone.now() - timedelta(seconds=2)
    scene.consultation.save()
    client = as_person(scene.cast.representative)
    page = client.post(new(scene), answers(scene), follow=True).content.decode()
    submission = Submission.objects.latest("id")
    assert (submission.state, submission.text) == ("draft", "Ban recruitment fees.")
    assert "Not sent in" in page
    assert "Submissions closed on" in page
    assert "(WIB, GMT+7)" in page
    again = client.post(to("submission_submit", submission), follow=True).content.decode()
    assert "was not sent in" in again
    submission.refresh_from_db()
    assert submission.state == "draft"


def test_after_the_deadline_no_empty_form_is_offered(scene):
    scene.consultation.input_closes = timezone.now() - timedelta(days=1)
    scene.consultation.save()
    page = as_person(scene.cast.representative).get(new(scene)).content.decode()
    assert "Submissions closed on" in page
    assert "<textarea" not in page


def test_what_was_typed_comes_back_after_the_session_ran_out(scene):
    client = as_person(None)
    assert client.post(new(scene), answers(scene)).status_code == 302
    session = client.session
    kept = session["kept"]
    client.force_login(scene.cast.representative, backend="stakeholders.signing_in.Backend")
    session = client.session
    session["kept"] = kept
    session.save()
    page = client.get(new(scene)).content.decode()
    assert "Ban recruitment fees." in page
    assert "They make debts." in page


def test_two_people_edit_one_draft_and_no_text_is_lost(scene):
    submission = draft(scene)
    first, second = as_person(scene.cast.representative), as_person(scene.cast.colleague)
    assert first.post(to("submission_edit", submission), answers(scene, text="First words.")).status_code == 302
    clash = second.post(to("submission_edit", submission), answers(scene, text="Second words."))
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "First words." in page
    assert "Second words.</textarea>" in page
    assert "<del>First</del><ins>Second</ins> words." in page
    assert 'name="version" value="2"' in page
    submission.refresh_from_db()
    assert submission.text == "First words."
    both = answers(scene, text="First and second words.", version="2")
    assert second.post(to("submission_edit", submission), both).status_code == 302
    submission.refresh_from_db()
    assert (submission.text, submission.version) == ("First and second words.", 3)


def test_a_draft_that_a_colleague_sent_in_meanwhile_keeps_the_words_on_screen(scene):
    submission = draft(scene)
    actions.submit_submission(submission, by=scene.cast.representative)
    response = as_person(scene.cast.colleague).post(
        to("submission_edit", submission), answers(scene, text="Better words.")
    )
    assert response.status_code == 200
    assert "Better words." in response.content.decode()
    assert "sent in" in response.content.decode()


def test_a_drafter_reads_who_sends_in(scene):
    submission = draft(scene)
    client = as_person(scene.cast.colleague)
    assert "sending in is done by Lead" in client.get(to("submission_check", submission)).content.decode()
    assert client.post(to("submission_submit", submission)).status_code == 403


def test_withdrawing_asks_first(scene):
    submission = scene.submissions[0]
    client = as_person(scene.cast.representative)
    assert "Withdraw 1 submission" in client.get(to("submission_withdraw", submission)).content.decode()
    client.post(to("submission_withdraw", submission))
    submission.refresh_from_db()
    assert submission.state == "withdrawn"


def test_the_fate_of_a_sentence_is_two_clicks_away(scene):
    made = build.make_recommendation(scene.statement, sources=tuple(scene.submissions[:2]))
    client = as_person(scene.cast.representative)
    assert "In the common text that is being drafted" not in client.get(reverse("submission_list")).content.decode()
    build.make_fate(scene.submissions[0])
    assert "In the common text that is being drafted" in client.get(reverse("submission_list")).content.decode()
    scene.statement.refresh_from_db()
    made.state = "tabled"
    made.save()
    table(scene, national=0, asean=1)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    edition = actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=timezone.localdate())
    page = client.get(reverse("submission_list")).content.decode()
    assert "Adopted, not published yet" in page
    assert edition.get_absolute_url() not in page
    actions.publish_statement(scene.statement, by=scene.cast.convenor)
    page = client.get(reverse("submission_list")).content.decode()
    assert f'href="{edition.get_absolute_url()}#asean-1"' in page


def test_a_reason_is_read_by_the_sender(scene):
    actions.treat_submission(
        scene.submissions[0], by=scene.cast.convenor, treatment="not-used", reason="Said already in item 2."
    )
    build.make_fate(scene.submissions[0], treatment="not-used", reason="Said already in item 2.")
    page = as_person(scene.cast.representative).get(scene.submissions[0].get_absolute_url()).content.decode()
    assert "Said already in item 2." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    for submission in scene.submissions[:2]:
        Submission.objects.filter(pk=submission.pk).update(organisation=scene.cast.other_organisation)
    Submission.objects.filter(pk=scene.submissions[2].pk).delete() if count == 1 else None
    lister = scene.cast.other_member if count == 3 else build.make_member(scene.cast.other_organisation)
    if count == 1:
        Submission.objects.filter(pk=scene.submissions[1].pk).update(organisation=build.make_organisation())
    for one in Submission.objects.filter(organisation=scene.cast.other_organisation):
        build.make_recommendation(scene.statement, sources=(one,))
    client = as_person(lister)
    client.get(reverse("submission_list"))
    with django_assert_num_queries(12):
        response = client.get(reverse("submission_list"))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize(("kind", "count"), [("", 4), ("draft", 1), ("sent", 2), ("withdrawn", 1), ("nonsense", 4)])
def test_the_list_is_filtered_by_an_allowed_word(scene, kind, count):
    draft(scene)
    draft(scene, state="withdrawn")
    response = as_person(scene.cast.representative).get(reverse("submission_list"), {"kind": kind})
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("person", ["liaison", "stranger", "convenor"])
def test_the_list_of_somebody_without_organisation_is_empty(scene, person):
    page = as_person(getattr(scene.cast, person)).get(reverse("submission_list"))
    assert page.status_code == 200
    assert page.context["rows"] == []


def test_a_regional_form_opens_quickly(cast, django_assert_num_queries):
    for code in ("MY", "TH", "PH"):
        build.make_body(f"labour-{code}", country=build.make_country(code))
    consultation = build.make_consultation(country=None, level="regional")
    client, address = as_person(cast.representative), reverse("submission_create", args=[consultation.slug])
    client.get(address)
    with django_assert_num_queries(9):
        page = client.get(address)
    assert page.content.decode().count('type="checkbox"') == 5

"""Joint submissions: each organisation agrees for itself, to the words as they are; each leaves for itself."""

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from portal.models import OutgoingMessage
from portal.states import Refusal
from portal.tasks import deliver
from recommendations import actions
from recommendations.models import CoSubmitter, Submission
from recommendations.views import facts
from recommendations.views.reading import origin
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_views_submissions import draft, fresh, to


@pytest.fixture
def joint(scene):
    """Return a draft of the representative's organisation for which the other one was named."""
    submission = draft(scene, attribution="named")
    actions.name_co_submitter(submission, by=scene.cast.colleague, organisation=scene.cast.other_organisation)
    return submission


def agree(scene, submission, **values):
    """Agree for the other organisation."""
    row = submission.co_submitters.get()
    values = {"by": scene.cast.other_member, "version": submission.version, "attribution": "described", **values}
    return actions.agree_co_submission(row, **values)


def asked(scene, submission) -> CoSubmitter:
    """Ask the other organisation; return its row."""
    actions.ask_co_submitters(submission, by=scene.cast.colleague)
    return submission.co_submitters.get()


def sent_together(scene, submission) -> Submission:
    """Ask, agree and send in."""
    asked(scene, submission)
    agree(scene, submission)
    return actions.submit_submission(submission, by=scene.cast.representative)


def test_it_is_sent_in_once_each_has_agreed(scene, joint):
    with pytest.raises(Refusal):
        actions.submit_submission(joint, by=scene.cast.representative)
    asked(scene, joint)
    with pytest.raises(Refusal):
        actions.submit_submission(joint, by=scene.cast.representative)
    agree(scene, joint)
    assert actions.submit_submission(joint, by=scene.cast.representative).state == "submitted"


@pytest.mark.parametrize("how", ["removed", "declined"])
def test_or_once_it_is_out_of_it(scene, joint, how):
    row = asked(scene, joint)
    if how == "removed":
        actions.remove_co_submitter(row, by=scene.cast.colleague)
    else:
        actions.decline_co_submission(row, by=scene.cast.other_member)
    assert actions.submit_submission(joint, by=scene.cast.representative).state == "submitted"
    assert not Submission.objects.visible_to(fresh(scene.cast.other_member)).filter(pk=joint.pk).exists()


def test_an_agreement_is_to_these_words(scene, joint):
    asked(scene, joint)
    agree(scene, joint)
    actions.revise_submission(joint, by=scene.cast.colleague, version=1, text="Other words.")
    with pytest.raises(Refusal):
        actions.submit_submission(joint, by=scene.cast.representative)
    joint.refresh_from_db()
    with pytest.raises(Refusal):  # it reads the new words first
        agree(scene, joint, version=1)
    assert actions.ask_co_submitters(joint, by=scene.cast.colleague) == 1
    agree(scene, joint)
    assert actions.submit_submission(joint, by=scene.cast.representative).state == "submitted"


def test_each_is_asked_once_for_the_same_words(scene, joint):
    asked(scene, joint)
    with pytest.raises(Refusal):
        actions.ask_co_submitters(joint, by=scene.cast.colleague)
    assert OutgoingMessage.objects.filter(purpose="recommendations.co_submission_asked").count() == 1


def test_who_is_named_and_not_asked_sees_nothing(scene, joint):
    client = as_person(scene.cast.other_member)
    assert client.get(joint.get_absolute_url()).status_code == 404
    row = asked(scene, joint)
    assert client.get(joint.get_absolute_url()).status_code == 200
    assert client.get(reverse("co_submission_answer", args=[row.pk])).status_code == 200
    assert "asks you to send it in together" in client.get(reverse("submission_list")).content.decode()


def test_who_may_not_be_named(scene, joint):
    for organisation in (
        scene.cast.organisation,
        scene.cast.other_organisation,
        build.make_organisation(state="applied"),
    ):
        with pytest.raises(Refusal):
            actions.name_co_submitter(joint, by=scene.cast.colleague, organisation=organisation)
    with pytest.raises(Refusal):
        actions.name_co_submitter(joint, by=scene.cast.other_member, organisation=build.make_organisation())
    type(scene.consultation).objects.update(discreet=True)
    joint = Submission.objects.get(pk=joint.pk)
    with pytest.raises(Refusal):
        actions.name_co_submitter(joint, by=scene.cast.colleague, organisation=build.make_organisation())


def test_only_whoever_decides_for_it_answers(scene, joint):
    row = asked(scene, joint)
    drafter = build.make_member(scene.cast.other_organisation, role="drafter")
    representative = build.make_member(scene.cast.other_organisation, role="representative")
    for person in (drafter, scene.cast.representative, scene.cast.convenor):
        with pytest.raises(Refusal):
            agree(scene, joint, by=person)
    type(row.organisation).objects.filter(pk=row.organisation_id).update(sign_off=True)
    with pytest.raises(Refusal):
        agree(scene, joint, by=representative)
    assert agree(scene, joint).state == "agreed"


def test_one_takes_itself_off_and_the_convenors_look_again(scene, joint):
    sent = sent_together(scene, joint)
    made = build.make_recommendation(scene.statement, sources=(sent,))
    actions.leave_co_submission(joint.co_submitters.get(), by=scene.cast.other_member)
    made.refresh_from_db()
    sent.refresh_from_db()
    assert (made.flagged, sent.state, joint.co_submitters.get().state) == (True, "submitted", "left")
    assert not Submission.objects.visible_to(fresh(scene.cast.other_member)).filter(pk=joint.pk).exists()


def test_the_writer_takes_itself_off_and_the_others_keep_it(scene, joint):
    sent = sent_together(scene, joint)
    made = build.make_recommendation(scene.statement, sources=(sent,))
    page = as_person(scene.cast.representative).get(to("submission_withdraw", sent)).content.decode()
    assert "Only yours is taken off" in page
    actions.withdraw_submission(sent, by=scene.cast.representative)
    made.refresh_from_db()
    sent.refresh_from_db()
    assert (sent.state, sent.organisation, sent.attribution) == (
        "submitted",
        scene.cast.other_organisation,
        "described",
    )
    assert (made.flagged, sent.co_submitters.count(), made.sources.get().withdrawn) == (True, 0, False)
    assert as_person(scene.cast.representative).get(sent.get_absolute_url()).status_code == 404
    assert as_person(scene.cast.other_member).get(sent.get_absolute_url()).status_code == 200


def test_nobody_decides_on_what_the_own_organisation_joined(scene, joint):
    sent = sent_together(scene, joint)
    scene.cast.other_organisation.memberships.create(
        user=scene.cast.convenor, state="active", since=build.LONG_AGO, role="representative"
    )
    words = {"treatment": "not-used", "reason": "Said already."}
    with pytest.raises(Refusal):
        actions.treat_submission(sent, by=fresh(scene.cast.convenor), **words)
    assert actions.treat_submission(sent, by=scene.cast.second_convenor, **words).treatment == "not-used"


def test_joint_words_are_not_corrected_by_one_alone(scene, joint):
    type(scene.consultation).objects.update(corrections_until=timezone.localdate())
    sent = sent_together(scene, joint)
    with pytest.raises(Refusal) as refused:
        actions.correct_submission(
            sent, by=scene.cast.representative, version=sent.version, text="x", reason="", concerned=""
        )
    assert "Several organisations agreed" in str(refused.value.reason)


def test_both_count_as_its_source_each_as_it_chose(scene, joint):
    sent = sent_together(scene, joint)
    made = build.make_recommendation(scene.statement, sources=(sent,))
    described = scene.cast.other_organisation.description
    assert from_of(made) == f"From 1 submission: {scene.cast.organisation.name}; {described}"
    type(sent).objects.filter(pk=sent.pk).update(attribution="none")
    assert from_of(made) == f"From 1 submission: {described}; others who are not shown"


def from_of(recommendation):
    """Return the line that everybody reads."""
    joined = facts.joined_in(recommendation.statement_id)
    return origin(facts.senders(facts.sources_of(recommendation.pk), joined)[recommendation.pk])


def test_a_withheld_organisation_is_not_named_to_whom_it_asks(scene, joint):
    type(scene.cast.organisation).objects.filter(pk=scene.cast.organisation.pk).update(visibility="withheld")
    row = asked(scene, joint)
    client = as_person(scene.cast.other_member)
    for address in (joint.get_absolute_url(), reverse("co_submission_answer", args=[row.pk])):
        assert scene.cast.organisation.name not in client.get(address).content.decode()
    agree(scene, joint)
    actions.submit_submission(joint, by=scene.cast.representative)
    page = client.get(joint.get_absolute_url()).content.decode()
    assert scene.cast.organisation.name not in page
    assert scene.cast.organisation.name in as_person(scene.cast.convenor).get(joint.get_absolute_url()).content.decode()


def test_a_discarded_draft_is_gone_for_whom_it_was_shown_to(scene, joint):
    asked(scene, joint)
    actions.withdraw_submission(joint, by=scene.cast.representative)
    assert as_person(scene.cast.other_member).get(joint.get_absolute_url()).status_code == 404


def test_that_one_stayed_out_is_known_to_the_writer_alone(scene, joint):
    row = asked(scene, joint)
    actions.decline_co_submission(row, by=scene.cast.other_member)
    actions.submit_submission(joint, by=scene.cast.representative)
    for person, known in ((scene.cast.representative, True), (scene.cast.convenor, False)):
        page = as_person(person).get(joint.get_absolute_url()).content.decode()
        assert (scene.cast.other_organisation.name in page) == known


def test_the_writers_files_go_with_the_writer(scene, joint):
    sent = sent_together(scene, joint)
    sent.evidence.create(title="x", file="evidence/none", kind="pdf", by=scene.cast.colleague)
    actions.withdraw_submission(sent, by=scene.cast.representative)
    assert not sent.evidence.exists()


def test_a_draft_asks_by_mail_only_so_often_a_day(scene, joint):
    client = as_person(scene.cast.colleague)
    answers = [client.post(to("co_submitters_ask", joint)).status_code for _one in range(11)]
    assert answers == [302] * 10 + [429]


# --- Mail and pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject", "why"),
    [
        ("en", "Will you send in text {} together?", "Why you get this"),
        ("id", "Kirim naskah {} bersama?", "Mengapa Anda menerima surel ini"),
    ],
)
def test_the_mail_that_asks(scene, joint, language, subject, why):
    type(scene.cast.other_member).objects.filter(pk=scene.cast.other_member.pk).update(language=language)
    row = asked(scene, joint)
    deliver()
    (letter,) = outbox.outbox
    assert letter.to == [scene.cast.other_member.email]
    if language == "en":
        assert letter.subject == subject.format(joint.pk)
        assert why in letter.body
    assert len(letter.subject) <= 50
    assert reverse("co_submission_answer", args=[row.pk]).removeprefix("/en") in letter.body
    hidden = (joint.text, scene.cast.organisation.name, scene.cast.other_organisation.name)
    assert [word in letter.body for word in hidden] == [False] * 3


def test_the_mail_is_not_sent_where_it_no_longer_matters(scene, joint):
    row = asked(scene, joint)
    actions.remove_co_submitter(row, by=scene.cast.colleague)
    deliver()
    assert outbox.outbox == []


def test_the_writer_looks_for_names_asks_and_takes_off(scene):
    submission, client = draft(scene), as_person(scene.cast.colleague)
    hidden = build.make_organisation(name="Jaringan Rahasia", visibility="withheld")
    page = client.get(to("submission_joint", submission), {"q": "Jaringan"}).content.decode()
    assert [scene.cast.other_organisation.name in page, hidden.name in page] == [True, False]
    assert client.post(to("co_submitter_add", submission), {"organisation": hidden.pk}).status_code == 404
    assert client.post(to("co_submitter_add", submission), {"organisation": "x"}).status_code == 404
    client.post(to("co_submitter_add", submission), {"organisation": scene.cast.other_organisation.pk})
    page = client.get(to("submission_joint", submission)).content.decode()
    assert ["not asked yet" in page, "Ask 1 organisation" in page] == [True, True]
    done = client.post(to("co_submitters_ask", submission), follow=True).content.decode()
    assert ["1 organisation is asked by mail." in done, "asked, no answer yet" in done] == [True, True]
    row = submission.co_submitters.get()
    client.post(reverse("co_submitter_remove", args=[row.pk]))
    assert not submission.co_submitters.exists()


def test_the_other_one_agrees_takes_it_back_and_leaves_on_its_page(scene, joint):
    row, client = asked(scene, joint), as_person(scene.cast.other_member)
    address = reverse("co_submission_answer", args=[row.pk])
    assert "We agree to these words" in client.get(address).content.decode()
    nothing = client.post(address, {"answer": "agree", "version": 1})
    assert (nothing.status_code, CoSubmitter.objects.get().state) == (200, "asked")
    assert "Choose one." in client.post(address, {}).content.decode()
    done = client.post(address, {"answer": "agree", "version": 1, "attribution": "none"}, follow=True)
    assert "Your organisation agrees to these words." in done.content.decode()
    assert "you can take that back" in client.get(address).content.decode()
    actions.submit_submission(joint, by=scene.cast.representative)
    assert "Take our organisation off" in client.get(address).content.decode()
    client.post(address, {"answer": "leave"})
    assert CoSubmitter.objects.get().state == "left"


def test_words_that_changed_meanwhile_are_read_again(scene, joint):
    row, client = asked(scene, joint), as_person(scene.cast.other_member)
    actions.revise_submission(joint, by=scene.cast.colleague, version=1, text="Other words.")
    sent = {"answer": "agree", "version": 1, "attribution": "none"}
    page = client.post(reverse("co_submission_answer", args=[row.pk]), sent).content.decode()
    assert ["Other words." in page, "Read them again" in page, 'name="version" value="2"' in page] == [True] * 3


@pytest.mark.parametrize("name", ["submission_joint", "co_submission_answer"])
def test_who_opens_the_pages(scene, joint, name):
    row = asked(scene, joint)
    address = reverse(name, args=[joint.pk if name == "submission_joint" else row.pk])
    seen = {one: as_person(fresh(getattr(scene.cast, one))).get(address).status_code for one in PEOPLE}
    able = ("representative", "colleague") if name == "submission_joint" else ("other_member",)
    assert seen == {**dict.fromkeys(PEOPLE, 404), **dict.fromkeys(able, 200), "anonymous": 302}


def test_what_was_joined_is_among_what_was_sent_in(scene, joint):
    sent_together(scene, joint)
    page = as_person(scene.cast.other_member).get(reverse("submission_list"))
    assert joint in [row["submission"] for row in page.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    submission, client = draft(scene), as_person(scene.cast.colleague)
    for _one in range(count):
        submission.co_submitters.create(organisation=build.make_organisation())
    client.get(to("submission_joint", submission))
    with django_assert_num_queries(13):
        page = client.get(to("submission_joint", submission))
    assert len(page.context["named"]) == count

"""Sign-off: who asks, approves and gives back, and that nobody outside sees a text that waits."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import delivery, languages
from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from recommendations import actions, emails
from recommendations.models import Submission
from recommendations.querysets import UNSENT
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_emails_submissions import received
from tests.recommendations.test_races import anew, at_once, kinds
from tests.tables import diagonal

WORDS = "Words that stay inside."
REMARK = "Name the law, please."


def ready(scene, **values):
    """Return a text of the drafter that waits for sign-off."""
    values = {"state": "ready", "submitted_at": None, "text": WORDS, **values}
    return build.make_submission(scene.consultation, scene.cast.organisation, scene.cast.colleague, **values)


def want_sign_off(scene):
    """Let only leads send in, and return a representative who is no lead."""
    Organisation.objects.filter(pk=scene.cast.organisation.pk).update(sign_off=True)
    return build.make_member(scene.cast.organisation, role="representative")


def people_of(scene, representative=None):
    """Return the cast as new requests would carry them, with the other representative."""
    people = {who: person and anew(person) for who, person in scene.cast.people().items()}
    return {**people, "second": anew(representative)} if representative else people


def allowed(scene, verb, submission, representative):
    """Return who has the permission."""
    people = people_of(scene, representative)
    return {who for who, person in people.items() if person and person.has_perm(f"recommendations.{verb}", submission)}


@pytest.mark.parametrize("state", ["draft", "ready", "submitted", "withdrawn"])
@pytest.mark.parametrize("sign_off", [False, True])
def test_who_may_do_what(scene, sign_off, state):
    second = want_sign_off(scene)
    Organisation.objects.filter(pk=scene.cast.organisation.pk).update(sign_off=sign_off)
    text = Submission.objects.get(pk=ready(scene, state=state).pk)
    senders = {"representative"} if sign_off else {"representative", "second"}
    own = {"representative", "second", "colleague"}
    assert allowed(scene, "change_submission", text, second) == (own if state == "draft" else set())
    assert allowed(scene, "ask_sign_off", text, second) == (own - senders if state == "draft" else set())
    assert allowed(scene, "submit_submission", text, second) == (senders if state in UNSENT else set())
    assert allowed(scene, "return_submission", text, second) == (senders if state == "ready" else set())


@diagonal(who=[*PEOPLE[:8], "second"], sign_off=[False, True], verb=["ask", "submit", "return"])
def test_actions_ask_the_same(scene, who, sign_off, verb):
    second = want_sign_off(scene)
    Organisation.objects.filter(pk=scene.cast.organisation.pk).update(sign_off=sign_off)
    text, by = ready(scene, state="draft" if verb == "ask" else "ready"), people_of(scene, second)[who]
    deeds = {
        "ask": lambda: actions.ask_sign_off(text, by=by),
        "submit": lambda: actions.submit_submission(text, by=by),
        "return": lambda: actions.return_submission(text, by=by, reason=REMARK),
    }
    may = {"representative"} if sign_off else {"representative", "second"}
    may = {"representative", "colleague", "second"} if verb == "ask" else may
    try:
        deeds[verb]()
    except Refusal:
        assert who not in may
        assert LogEntry.objects.count() == 0
    else:
        assert who in may


def test_asking_keeps_the_words_still_until_they_are_given_back(scene):
    text = actions.ask_sign_off(ready(scene, state="draft"), by=scene.cast.colleague)
    with pytest.raises(Refusal, match="This text waits for sign-off"):
        actions.revise_submission(text, by=scene.cast.colleague, version=text.version, text="Other words.")
    back = actions.return_submission(text, by=scene.cast.representative, reason=REMARK)
    assert (back.state, back.returned_because) == ("draft", REMARK)
    made = actions.revise_submission(back, by=scene.cast.colleague, version=back.version, text="Other words.")
    again = actions.ask_sign_off(made, by=scene.cast.colleague)
    assert (again.state, again.returned_because) == ("ready", "")
    assert actions.submit_submission(again, by=scene.cast.representative).state == "submitted"
    assert LogEntry.objects.filter(verb__in=["ask_sign_off", "return", "submit"]).count() == 4


def test_giving_back_needs_a_remark(scene):
    with pytest.raises(Refusal) as refused:
        actions.return_submission(ready(scene), by=scene.cast.representative, reason="")
    assert refused.value.field == "reason"


def test_deadline_holds_for_what_waits_as_well(scene):
    text = ready(scene)
    scene.consultation.input_closes = timezone.now() - timedelta(seconds=1)
    scene.consultation.save()
    with pytest.raises(Refusal, match="Submissions closed on"):
        actions.submit_submission(text, by=scene.cast.representative)
    text.refresh_from_db()
    assert text.state == "ready"


@pytest.mark.django_db(transaction=True)
def test_approving_and_giving_back_have_one_order(scene):
    text, second = ready(scene), build.make_member(scene.cast.organisation)
    people = [anew(scene.cast.representative), anew(second)]
    results = at_once(
        lambda: actions.submit_submission(text, by=people[0]),
        lambda: actions.return_submission(text, by=people[1], reason=REMARK),
    )
    text.refresh_from_db()
    # Given back first, it is a draft that the lead may still send in: both may be done, but never sent in and returned.
    assert (text.state == "submitted") is not isinstance(results[0], Refusal)
    assert kinds(results) in (["done", "refused"], ["done", "done"])


@pytest.mark.django_db(transaction=True)
def test_asking_and_editing_have_one_order(scene):
    text, people = ready(scene, state="draft"), [anew(scene.cast.colleague), anew(scene.cast.representative)]
    results = at_once(
        lambda: actions.ask_sign_off(text, by=people[0]),
        lambda: actions.revise_submission(text, by=people[1], version=1, text="Edited."),
    )
    text.refresh_from_db()
    assert not isinstance(results[0], Exception)
    assert (text.state, text.text == "Edited.") == ("ready", not isinstance(results[1], Refusal))


# --- Pages ----------------------------------------------------------------------------------------------------

OWN = {"representative", "colleague"}
HIDDEN = {**dict.fromkeys(PEOPLE, 404), "anonymous": 302}
PAGES = {
    "submission_detail": {**HIDDEN, **dict.fromkeys(OWN, 200)},
    "submission_check": {**HIDDEN, **dict.fromkeys(OWN, 200)},
    "submission_edit": {**HIDDEN, **dict.fromkeys(OWN, 302)},
    "submission_return": {**HIDDEN, "representative": 200, "colleague": 403},
    "submission_ask": {**HIDDEN, **dict.fromkeys(OWN, 302)},
    "submission_withdraw": {**HIDDEN, "representative": 200, "colleague": 403},
    "submission_treat": HIDDEN | dict.fromkeys(OWN, 404),
}


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_what_of_a_text_that_waits(scene, page):
    address = reverse(page, args=[ready(scene).pk])
    seen = {who: as_person(person).get(address).status_code for who, person in people_of(scene).items()}
    assert seen == PAGES[page]


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in OWN])
def test_text_that_waits_is_read_by_nobody_outside(scene, who):
    ready(scene)
    browser, slug = as_person(people_of(scene)[who]), scene.consultation.slug
    for path in ("desk/", "submissions/", f"consultations/{slug}/", f"consultations/{slug}/workspace/"):
        assert WORDS not in browser.get(f"/en/{path}").content.decode(), path


@pytest.mark.parametrize("who", PEOPLE[:8])
@pytest.mark.parametrize("state", ["draft", "ready"])
def test_visible_to(scene, who, state):
    text = ready(scene, state=state)
    seen = Submission.objects.visible_to(people_of(scene)[who]).filter(pk=text.pk).exists()
    assert seen is (who in OWN)


def parts_of(person):
    """Return the parts of the desk with their tasks, as words and labels."""
    page = as_person(anew(person)).get("/en/desk/")
    return {part.title: [(task["name"], task["label"]) for task in part.tasks] for part in page.context["parts"]}


def test_desks_of_those_who_sign_and_those_who_wait(scene):
    ready(scene)
    second = want_sign_off(scene)
    row = [(WORDS, "waits for sign-off")]
    assert parts_of(scene.cast.representative).get("Texts that wait for your sign-off") == row
    for person in (second, scene.cast.colleague):
        assert "Texts that wait for your sign-off" not in parts_of(person)
        assert parts_of(person)["Drafts"] == row
    assert "Drafts" not in parts_of(scene.cast.other_member)


def test_text_goes_from_the_drafter_to_the_lead_and_back(scene):
    text = ready(scene, state="draft")
    drafter, lead = as_person(scene.cast.colleague), as_person(scene.cast.representative)
    assert "Ready for sign-off" in drafter.get(text.get_absolute_url()).content.decode()
    asked = drafter.post(reverse("submission_ask", args=[text.pk]), follow=True).content.decode()
    assert "It waits for sign-off by Lead." in asked
    assert drafter.post(reverse("submission_submit", args=[text.pk])).status_code == 403
    empty = lead.post(reverse("submission_return", args=[text.pk]), {"reason": "\u200b"})
    assert list(empty.context["form"].errors) == ["reason"]
    lead.post(reverse("submission_return", args=[text.pk]), {"reason": REMARK})
    assert REMARK in drafter.get(text.get_absolute_url()).content.decode()
    assert parts_of(scene.cast.colleague)["Drafts"] == [(WORDS, "given back")]
    drafter.post(reverse("submission_ask", args=[text.pk]))
    assert lead.post(reverse("submission_submit", args=[text.pk])).url == text.get_absolute_url()
    for who in ("convenor", "representative"):
        assert REMARK not in as_person(people_of(scene)[who]).get(text.get_absolute_url()).content.decode()


def test_late_second_press_gets_a_sentence_or_the_page(scene):
    text = ready(scene)
    actions.submit_submission(text, by=scene.cast.representative)
    browser = as_person(scene.cast.representative)
    page = browser.post(reverse("submission_return", args=[text.pk]), {"reason": REMARK})
    assert page.context["form"].non_field_errors() == ["This cannot be done now: its state is “sent in”."]
    assert page.context["form"]["reason"].value() == REMARK
    drafter = as_person(scene.cast.colleague)
    assert drafter.post(reverse("submission_ask", args=[text.pk])).url == text.get_absolute_url()


def test_representative_of_an_organisation_with_sign_off_reads_who_sends(scene):
    second, text = want_sign_off(scene), ready(scene, state="draft")
    page = as_person(second).get(reverse("submission_check", args=[text.pk])).content.decode()
    assert "sending in is done by Lead. Mark it as ready when it is." in page
    assert as_person(second).post(reverse("submission_submit", args=[text.pk])).status_code == 403


def test_who_leaves_sees_no_text_and_the_text_stays(scene):
    text = ready(scene)
    scene.cast.colleague.memberships.update(state="left")
    assert standing_of(anew(scene.cast.colleague)).organisations == frozenset()
    assert as_person(anew(scene.cast.colleague)).get(text.get_absolute_url()).status_code == 404
    assert as_person(scene.cast.representative).get(text.get_absolute_url()).status_code == 200


# --- The mail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [language.code for language in languages.SHIPPED])
def test_mail_that_a_text_was_given_back(scene, language):
    text = actions.return_submission(ready(scene), by=scene.cast.representative, reason=REMARK)
    letter = received("recommendations.submission_returned", language)
    assert (OutgoingMessage.objects.get().recipient, len(letter.subject) <= 50) == ("drafter@example.org", True)
    assert f"/{language}/submissions/{text.pk}/" in letter.body
    for secret in (WORDS, REMARK, scene.cast.organisation.name):
        assert secret not in letter.subject + letter.body + letter.alternatives[0].content


def test_each_return_has_its_own_mail(scene):
    text = ready(scene)
    for _time in range(2):
        text = actions.return_submission(text, by=scene.cast.representative, reason=REMARK)
        text = actions.ask_sign_off(text, by=scene.cast.colleague)
    assert OutgoingMessage.objects.filter(purpose="recommendations.submission_returned").count() == 2


@pytest.mark.parametrize("why", ["asked again", "withdrawn", "left", "liaison"])
def test_mail_that_no_longer_matters(scene, why):
    text = ready(scene, state="draft", returned_because=REMARK)
    emails.submission_returned(text)
    if why == "asked again":
        actions.ask_sign_off(text, by=scene.cast.colleague)
    if why == "withdrawn":
        actions.withdraw_submission(text, by=scene.cast.representative)
    if why == "left":
        scene.cast.colleague.memberships.update(state="left")
    if why == "liaison":
        User.objects.get(pk=scene.cast.colleague.pk).appointments.create(body=scene.cast.body, state="active")
    delivery.deliver_batch()
    assert OutgoingMessage.objects.get(purpose="recommendations.submission_returned").state == "superseded"


def asked(scene):
    """Return the text that the drafter just marked as ready."""
    return actions.ask_sign_off(ready(scene, state="draft"), by=scene.cast.colleague)


@pytest.mark.parametrize("language", [language.code for language in languages.SHIPPED])
def test_mail_that_a_text_is_ready(scene, language):
    text = asked(scene)
    letter = received("recommendations.sign_off_asked", language)
    assert (OutgoingMessage.objects.get().recipient, len(letter.subject) <= 50) == ("lead@example.org", True)
    assert f"/{language}/submissions/{text.pk}/" in letter.body
    for secret in (WORDS, scene.cast.organisation.name, scene.cast.colleague.email):
        assert secret not in letter.subject + letter.body + letter.alternatives[0].content


@pytest.mark.parametrize("sign_off", [True, False])
def test_who_may_send_in_hears_that_a_text_is_ready(scene, sign_off):
    representative = want_sign_off(scene)
    Organisation.objects.filter(pk=scene.cast.organisation.pk).update(sign_off=sign_off)
    build.make_member(scene.cast.organisation, role="drafter")
    asked(scene)
    told = set(OutgoingMessage.objects.values_list("recipient", flat=True))
    assert told == {"lead@example.org"} | (set() if sign_off else {representative.email})


def test_each_time_that_a_text_is_ready_has_its_own_mail(scene):
    text = asked(scene)
    text = actions.return_submission(text, by=scene.cast.representative, reason=REMARK)
    actions.ask_sign_off(text, by=scene.cast.colleague)
    assert OutgoingMessage.objects.filter(purpose="recommendations.sign_off_asked").count() == 2


@pytest.mark.parametrize("why", ["sent in", "given back", "left", "liaison", "only leads", "switched off"])
def test_mail_that_a_text_is_ready_no_longer_matters(scene, why):
    text, lead = asked(scene), scene.cast.representative
    if why == "sent in":
        Submission.objects.filter(pk=text.pk).update(state="submitted")
    if why == "given back":
        actions.return_submission(text, by=lead, reason=REMARK)
    if why == "left":
        lead.memberships.update(state="left")
    if why == "liaison":
        User.objects.get(pk=lead.pk).appointments.create(body=scene.cast.body, state="active")
    if why == "only leads":
        lead.memberships.update(role="representative")
        Organisation.objects.filter(pk=scene.cast.organisation.pk).update(sign_off=True)
    if why == "switched off":
        User.objects.filter(pk=lead.pk).update(is_active=False)
    delivery.deliver_batch()
    assert OutgoingMessage.objects.get(purpose="recommendations.sign_off_asked").state == "superseded"

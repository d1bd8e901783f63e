"""Steps, pledges, conveyance, receipt, acknowledgement, answers: every verb, its refusals and its traces."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import log
from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Conveyance, Document, Pledge, Response, Statement, TrailStep
from tests import build
from tests.recommendations.published import answer, make_published

STATES = ("prepared", "sent", "received", "acknowledged", "answered", "returned")


@pytest.fixture
def published(cast):
    return make_published(cast, items=2)


def today():
    """Return today's date where the consultation was held."""
    return timezone.localdate()


def words(**values):
    """Return the words of an answer."""
    return {"kind": "noted", "text": "", "language": "en", "until": None, "passed_to_id": None, **values}


def save(published, conveyance, *drafts, by=None):
    """Save drafts, each given as item, version and words."""
    return actions.save_answers(
        conveyance, by=by or published.cast.liaison, drafts=[actions.Draft(item.pk, v, w) for item, v, w in drafts]
    )


def shown(published, conveyance):
    """Return the drafts as the check page shows them."""
    body = actions.office_of(published.cast.liaison, conveyance)
    return {one.pk: one.version for one in actions.drafts_of(conveyance, body) if one.kind}


def publish(published, conveyance, seen=None):
    """Publish what is ready."""
    seen = shown(published, conveyance) if seen is None else seen
    return actions.publish_answers(conveyance, by=published.cast.liaison, shown=seen)


@pytest.fixture
def acknowledged(published):
    return actions.acknowledge_conveyance(published.convey(), by=published.cast.liaison)


def verbs():
    """Return the verbs of the log, in order."""
    return list(LogEntry.objects.order_by("number").values_list("verb", flat=True))


def mails(purpose):
    """Return who gets mails of the purpose."""
    return set(OutgoingMessage.objects.filter(purpose=f"recommendations.{purpose}").values_list("recipient", flat=True))


# --- Steps and pledges --------------------------------------------------------------------------------------------


def record(published, **values):
    """Record a dialogue."""
    values = {"kind": "dialogue", "happened_on": today(), "edition": published.edition, **values}
    return actions.record_step(published.statement, by=published.cast.convenor, actor_en="We", **values)


def test_a_step_keeps_its_pledges_and_documents(published):
    paper = Document.objects.create(title_en="Old paper")
    step = record(
        published,
        bundle=[paper],
        papers=[{"title_en": "New paper", "dated": date(2026, 1, 1)}],
        pledges=[{"who_en": "Director", "text_en": "Help."}],
        body=published.cast.body,
    )
    assert [document.title for document in step.bundle.order_by("id")] == ["Old paper", "New paper"]
    assert list(step.pledges.values_list("who_en", "state")) == [("Director", "open")]
    assert (step.by, step.edition, step.body) == (published.cast.convenor, published.edition, published.cast.body)
    assert (verbs()[-1], LogEntry.objects.latest("number").detail) == ("record_step", "dialogue")
    assert LogEntry.objects.latest("number").topic == f"consultations.consultation:{published.consultation.pk}"


@pytest.mark.parametrize("state", ["draft", "tabled", "adopted", "not_adopted"])
def test_nothing_is_recorded_or_conveyed_before_publication(published, state):
    Statement.objects.filter(pk=published.statement.pk).update(state=state)
    for act in (record, lambda one: one.convey()):
        with pytest.raises(Refusal, match="Publish the statement first"):
            act(published)
    assert (TrailStep.objects.count(), Conveyance.objects.count()) == (0, 0)


def test_a_step_of_tomorrow_is_refused(published):
    with pytest.raises(Refusal) as refused:
        record(published, happened_on=today() + timedelta(days=2))
    assert refused.value.field == "happened_on"


@pytest.mark.parametrize("state", ["open", "kept", "lapsed", "denied"])
def test_what_became_of_a_pledge(published, state):
    pledge = record(published, pledges=[{"who_en": "D", "text_en": "H"}]).pledges.get()
    actions.settle_pledge(pledge, by=published.cast.convenor, state=state)
    assert Pledge.objects.get().state == state
    assert verbs()[-1] == "settle_pledge"


def test_a_pledge_knows_its_words(published):
    pledge = record(published, pledges=[{"who_en": "D", "text_en": "H"}]).pledges.get()
    with pytest.raises(Refusal):
        actions.settle_pledge(pledge, by=published.cast.convenor, state="forgotten")
    assert Pledge.objects.get().state == "open"


# --- Conveyance ---------------------------------------------------------------------------------------------------


def test_conveying_tells_the_liaisons_of_the_office(published):
    conveyance = published.convey(reference="TF/1")
    assert (conveyance.state, conveyance.sent_on, conveyance.reference) == ("sent", today(), "TF/1")
    assert conveyance.reply_due == today() + timedelta(days=settings.REPLY_EXPECTED_DAYS)
    assert conveyance.by == published.cast.convenor
    assert mails("conveyance_received") == {"liaison@example.org"}
    assert verbs()[-1] == "convey"


def test_conveying_to_an_old_ministry_reaches_the_people_of_its_successor(published):
    old = build.make_body("old-ministry", successor=published.cast.body)
    published.convey(bodies=[old])
    assert mails("conveyance_received") == {"liaison@example.org"}


def test_nobody_gets_the_same_edition_twice(published):
    published.convey()
    with pytest.raises(Refusal, match="has this edition already"):
        published.convey()
    assert OutgoingMessage.objects.filter(purpose="recommendations.conveyance_received").count() == 1


def test_one_refusal_conveys_to_nobody(published):
    published.convey()
    with pytest.raises(Refusal):
        published.convey(bodies=[published.cast.other_body, published.cast.body])
    assert list(Conveyance.objects.values_list("body__slug", flat=True)) == ["ministry"]


def test_the_portal_is_no_way_to_an_office_without_a_liaison(published):
    body = build.make_body("silent")
    with pytest.raises(Refusal) as refused:
        published.convey(bodies=[body])
    assert refused.value.field == "channel"
    assert published.convey(bodies=[body], channel="letter").state == "sent"
    assert mails("conveyance_received") == set()


def test_one_that_came_back_is_sent_again(published):
    conveyance = published.convey(sent_on=today() - timedelta(days=3))
    actions.return_conveyance(conveyance, by=published.cast.convenor, evidence="Moved away")
    again = published.convey()
    assert (again.pk, again.state, again.sent_on) == (conveyance.pk, "sent", today())
    assert OutgoingMessage.objects.filter(purpose="recommendations.conveyance_received").count() == 2


def test_a_day_that_has_not_come(published):
    with pytest.raises(Refusal) as refused:
        published.convey(sent_on=today() + timedelta(days=2))
    assert refused.value.field == "sent_on"


# --- Receipt, acknowledgement: every state × verb -----------------------------------------------------------------

VERBS = {
    "receive": (
        lambda c, p: actions.receive_conveyance(c, by=p.convenor, received_on=today(), evidence="Stamp"),
        {"sent"},
    ),
    "return": (lambda c, p: actions.return_conveyance(c, by=p.convenor), {"sent"}),
    "acknowledge": (lambda c, p: actions.acknowledge_conveyance(c, by=p.liaison), {"sent", "received"}),
    "answer": (lambda c, p: actions.save_answers(c, by=p.liaison, drafts=[]), {"acknowledged", "answered"}),
    "publish": (lambda c, p: actions.publish_answers(c, by=p.liaison, shown={}), set()),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_every_state_and_verb(published, verb, state):
    conveyance = published.convey()
    Conveyance.objects.filter(pk=conveyance.pk).update(state=state)
    act, allowed = VERBS[verb]
    if state in allowed:
        act(conveyance, published.cast)
        return
    with pytest.raises(Refusal):
        act(conveyance, published.cast)
    assert Conveyance.objects.get(pk=conveyance.pk).state == state


def test_a_receipt_is_not_older_than_the_sending(published):
    conveyance = published.convey()
    for day in (today() - timedelta(days=1), today() + timedelta(days=2)):
        with pytest.raises(Refusal) as refused:
            actions.receive_conveyance(conveyance, by=published.cast.convenor, received_on=day, evidence="Stamp")
        assert refused.value.field == "received_on"


def test_acknowledging_tells_the_convenors(published):
    conveyance = actions.acknowledge_conveyance(published.convey(), by=published.cast.liaison, their_reference="M/7")
    assert (conveyance.state, conveyance.their_reference) == ("acknowledged", "M/7")
    assert timezone.now() - conveyance.acknowledged_at < timedelta(minutes=1)
    assert mails("conveyance_acknowledged") == {"convenor@example.org", "second@example.org"}


# --- Answers ------------------------------------------------------------------------------------------------------


def test_drafts_are_kept_and_told_to_nobody(published, acknowledged):
    item = published.item()
    assert save(published, acknowledged, (item, 0, words(text="Half.")), (published.item(2), 0, words(kind=""))) == 1
    draft = Response.objects.get()
    assert (draft.kind, draft.text, draft.version, draft.published_at, draft.body) == (
        *("noted", "Half.", 1, None),
        published.cast.body,
    )
    assert mails("items_answered") == set()
    assert acknowledged.__class__.objects.get(pk=acknowledged.pk).state == "acknowledged"


def test_saving_the_same_again_changes_nothing(published, acknowledged):
    item = published.item()
    save(published, acknowledged, (item, 0, words()))
    assert save(published, acknowledged, (item, 1, words())) == 0
    assert Response.objects.get().version == 1
    assert save(published, acknowledged, (item, 1, words(kind="accepted"))) == 1
    assert Response.objects.get().version == 2


def test_a_cleared_draft_goes(published, acknowledged):
    item = published.item()
    save(published, acknowledged, (item, 0, words()))
    save(published, acknowledged, (item, 1, words(kind="")))
    assert Response.objects.count() == 0


def test_a_colleague_who_was_faster_loses_nothing(published, acknowledged):
    colleague = build.make_liaison(published.cast.body)
    first, second = published.item(1), published.item(2)
    save(published, acknowledged, (first, 0, words(text="Hers.")), by=colleague)
    with pytest.raises(Conflict) as clash:
        save(published, acknowledged, (first, 0, words(text="His.")), (second, 0, words(text="Also his.")))
    assert {pk: one.text for pk, one in clash.value.current.items()} == {first.pk: "Hers."}
    assert list(Response.objects.values_list("text", flat=True)) == ["Hers."]
    save(published, acknowledged, (first, 1, words(text="Both.")), (second, 0, words(text="Also his.")))
    assert set(Response.objects.values_list("text", flat=True)) == {"Both.", "Also his."}


def test_a_draft_that_a_colleague_took_away_is_a_conflict_too(published, acknowledged):
    item = published.item()
    save(published, acknowledged, (item, 0, words(text="Hers.")))
    save(published, acknowledged, (item, 1, words(kind="")))
    with pytest.raises(Conflict) as clash:
        save(published, acknowledged, (item, 1, words(text="His.")))
    assert clash.value.current == {item.pk: None}


def test_publishing_takes_what_was_shown(published, acknowledged):
    save(published, acknowledged, (published.item(), 0, words()), (published.item(2), 0, words(kind="", text="Later.")))
    assert publish(published, acknowledged) == 1
    response = Response.objects.published().get()
    assert (response.item, response.by, response.conveyance) == (published.item(), published.cast.liaison, acknowledged)
    assert Response.objects.get(published_at=None).text == "Later."
    assert Conveyance.objects.get().state == "answered"
    assert mails("items_answered") == {"convenor@example.org", "second@example.org"}
    assert (verbs()[-1], LogEntry.objects.latest("number").detail) == ("answer", "1")


@pytest.mark.parametrize("seen", [{}, {0: 1}, "stale"])
def test_publishing_what_was_not_shown_is_refused(published, acknowledged, seen):
    save(published, acknowledged, (published.item(), 0, words()))
    if seen == "stale":
        seen = shown(published, acknowledged)
        save(published, acknowledged, (published.item(), 1, words(kind="accepted")))
    with pytest.raises(Refusal):
        publish(published, acknowledged, seen)
    assert Response.objects.published().count() == 0


def test_a_later_answer_is_a_new_entry_and_the_old_one_stays(published, acknowledged):
    answer(published, acknowledged, kind="noted", text="First.")
    answer(published, acknowledged, kind="accepted", text="Second.")
    assert list(Response.objects.published().values_list("text", flat=True)) == ["Second.", "First."]
    assert OutgoingMessage.objects.filter(purpose="recommendations.items_answered").count() == 4


@pytest.mark.parametrize("person", ["convenor", "representative", "other_liaison", "stranger"])
def test_only_the_addressed_office_answers(published, acknowledged, person):
    with pytest.raises(Refusal, match="Only a liaison"):
        save(published, acknowledged, (published.item(), 0, words()), by=getattr(published.cast, person))


def test_the_successor_answers_for_the_old_ministry(published):
    old = build.make_body("old-ministry", successor=published.cast.body)
    conveyance = published.convey(bodies=[old])
    answer(published, conveyance)
    assert Response.objects.published().get().body == published.cast.body


def test_the_chain_of_the_log_holds(published, acknowledged):
    answer(published, acknowledged)
    assert log.first_break() is None


def break_the_line(published):
    """Convey, and leave the mail in doubt as a broken line does."""
    OutgoingMessage.objects.all().delete()
    conveyance = published.convey()
    OutgoingMessage.objects.update(state="withheld")
    return conveyance


def test_a_mail_in_doubt_is_sent_again_once(published):
    conveyance = break_the_line(published)
    assert list(actions.doubtful_mails([conveyance]).values_list("subject_id", flat=True)) == [conveyance.pk]
    actions.repeat_conveyance_mail(conveyance, by=published.cast.convenor)
    assert sorted(OutgoingMessage.objects.values_list("state", flat=True)) == ["queued", "superseded"]
    with pytest.raises(Refusal, match="No mail about this conveyance is in doubt"):
        actions.repeat_conveyance_mail(conveyance, by=published.cast.convenor)
    assert OutgoingMessage.objects.count() == 2


def test_a_mail_in_doubt_stands_on_the_desk_of_the_trail(published):
    conveyance = break_the_line(published)
    client = build.login(Client(), published.cast.convenor)
    desk = reverse("trail_desk", args=[conveyance.edition.statement.slug])
    sentence = "Nobody knows whether it arrived"
    assert sentence in client.get(desk).content.decode()
    assert client.post(reverse("conveyance_repeat", args=[conveyance.pk])).status_code == 302
    assert sentence not in client.get(desk).content.decode()
    other = build.login(Client(), published.cast.liaison)
    assert other.post(reverse("conveyance_repeat", args=[conveyance.pk])).status_code == 403

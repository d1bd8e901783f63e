"""The trail: each step with day, actor, edition and evidence; what is not on record is missing at its place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from recommendations import actions
from recommendations.models import Conveyance, Document, Edition, Pledge, TrailStep
from recommendations.timeline import RANKS, trail_of
from tests import build
from tests.recommendations.published import CANARY, answer, make_next_edition, make_published

MAY_14 = date(2026, 5, 14)


def trail(published):
    """Return the events, as the public page composes them."""
    editions = list(Edition.objects.for_trail().filter(statement=published.statement))
    return trail_of(editions[0].statement, editions)


def outline(published):
    """Return kind and state of each event, in order."""
    return [(event.kind, event.state) for event in trail(published)]


def of_kind(published, kind):
    """Return the events of one kind."""
    return [event for event in trail(published) if event.kind == kind]


def waiting(published):
    """Return the states of receipt, acknowledgement and answer."""
    return [event.state for event in trail(published) if event.kind in ("receipt", "acknowledgement", "answer")]


def step(published, kind="dialogue", day=MAY_14, **words):
    """Record a step."""
    values = {"actor_en": "Task Force", "text_en": "We talked.", "evidence_en": "Minutes", **words}
    return actions.record_step(
        published.statement,
        by=published.cast.convenor,
        kind=kind,
        edition=published.edition,
        happened_on=day,
        **values,
    )


def test_right_after_publication_everything_is_missing(cast):
    published = make_published(cast)
    assert outline(published) == [
        ("consultation", "done"),
        ("officials", "missing"),
        ("adoption", "done"),
        ("handover", "missing"),
        ("edition", "done"),
        ("conveyance", "missing"),
    ]
    assert of_kind(published, "conveyance")[0].text == "Ministry ministry"


def test_a_fresh_conveyance_is_still_in_time(cast):
    published = make_published(cast)
    conveyance = published.convey(reference="TF/1")
    assert outline(published)[-4:] == [
        ("conveyance", "done"),
        ("receipt", "next"),
        ("acknowledgement", "next"),
        ("answer", "next"),
    ]
    sent, receipt, _acknowledgement, reply = trail(published)[-4:]
    assert (sent.evidence, sent.lacks, sent.edition) == ("our reference TF/1, covering letter", [], 1)
    assert receipt.when == ""
    assert reply.day == conveyance.reply_due


def test_after_the_due_day_it_is_missing(cast):
    published = make_published(cast)
    day = timezone.localdate() - timedelta(days=settings.REPLY_EXPECTED_DAYS)
    conveyance = published.convey(sent_on=day)
    assert waiting(published) == ["next"] * 3
    Conveyance.objects.filter(pk=conveyance.pk).update(reply_due=timezone.localdate() - timedelta(days=1))
    assert waiting(published) == ["missing"] * 3


def test_an_old_record_without_channel_letter_reference_or_due_day(cast):
    published = make_published(cast)
    Conveyance.objects.create(edition=published.edition, body=cast.body, state="sent", sent_on=MAY_14, channel="")
    sent = of_kind(published, "conveyance")[0]
    assert sent.lacks == ["Channel", "Covering letter", "Reference"]
    assert waiting(published) == ["missing"] * 3
    assert of_kind(published, "answer")[0].note == "No response since 14 May 2026"


def test_receipt_acknowledgement_and_answers_fill_the_gaps(cast):
    published = make_published(cast, items=2)
    conveyance = published.convey()
    actions.receive_conveyance(
        conveyance, by=cast.convenor, received_on=timezone.localdate(), evidence="Stamp", their_reference="M/7"
    )
    answer(published, Conveyance.objects.get(pk=conveyance.pk))
    assert outline(published)[-5:] == [
        ("conveyance", "done"),
        ("receipt", "done"),
        ("acknowledgement", "done"),
        ("answer", "done"),
        ("answer", "next"),
    ]
    _sent, receipt, acknowledgement, said, open_ = trail(published)[-5:]
    assert (receipt.evidence, receipt.lacks) == ("Stamp", [])
    assert acknowledgement.evidence == "their reference M/7"
    assert [(one["label"], one["shape"], [link.name for link in one["items"]]) for one in said.answers] == [
        ("Accepted in part", "wait", ["ASEAN 1"])
    ]
    assert "3 of 4 items without a response since" in open_.note


def test_one_step_per_day_and_body(cast):
    published = make_published(cast, items=2)
    conveyance = published.convey()
    answer(published, conveyance, number=1, kind="noted")
    answer(published, conveyance, number=2, kind="accepted")
    said = [event for event in of_kind(published, "answer") if event.state == "done"]
    assert [event.name for event in said] == ["2 answers of Ministry ministry"]
    assert [one["label"] for one in said[0].answers] == ["Noted", "Accepted"]


def test_when_all_is_answered_nothing_is_outstanding(cast):
    published = make_published(cast)
    published.edition.items.get(section="ID").addressees.clear()
    answer(published, published.convey())
    assert {event.state for event in of_kind(published, "answer")} == {"done"}


def test_an_answer_to_an_earlier_edition_counts(cast):
    published = make_published(cast)
    published.edition.items.get(section="ID").addressees.clear()
    published.statement.recommendations.get(section="ID").addressees.clear()
    answer(published, published.convey())
    make_next_edition(published)
    assert {event.state for event in of_kind(published, "answer")} == {"done"}
    assert [event.name for event in of_kind(published, "edition")] == ["Edition 1 published", "Edition 2 published"]


def test_one_that_came_back_reaches_nobody(cast):
    published = make_published(cast)
    actions.return_conveyance(published.convey(), by=cast.convenor)
    assert [(event.state, event.note) for event in of_kind(published, "conveyance")] == [
        ("done", "It came back."),
        ("missing", "Missing: 1 addressed body"),
    ]


def test_an_old_ministry_is_reached_through_its_successor(cast):
    published = make_published(cast)
    old = build.make_body("old-ministry", successor=cast.body)
    for item in published.edition.items.all():
        item.addressees.set([old])
    published.convey()
    assert [event.state for event in of_kind(published, "conveyance")] == ["done"]


def test_steps_carry_what_was_recorded(cast):
    published = make_published(cast)
    step(
        published,
        counterpart_en="Director",
        pledges=[{"who_en": "Director", "text_en": "We will help.", "due_on": date(2026, 6, 1)}],
    )
    step(published, "handover", papers=[{"title_en": "Position paper", "dated": None}], evidence_en="")
    step(published, "raised", date(2026, 5, 16))
    talk, handover, raised = (event for event in trail(published) if event.kind in ("dialogue", "handover", "raised"))
    assert (talk.actor, talk.counterpart, talk.text, talk.evidence) == (
        "Task Force",
        "Director",
        "We talked.",
        "Minutes",
    )
    assert (talk.edition, talk.lacks, talk.day) == (1, [], MAY_14)
    assert [(pledge.who, pledge.state, pledge.shape) for pledge in talk.pledges] == [("Director", "open", "wait")]
    assert ([document.title for document in handover.documents], handover.lacks) == (["Position paper"], ["Evidence"])
    assert raised.day == date(2026, 5, 16)


def test_a_handover_of_nothing_says_so(cast):
    published = make_published(cast)
    step(published, "handover", evidence_en="")
    assert of_kind(published, "handover")[0].lacks == ["Evidence", "Documents"]


def test_officials_are_present_when_the_record_says_so(cast):
    published = make_published(cast)
    step(published, day=published.consultation.starts_on)
    assert "officials" not in dict(outline(published))


def test_every_step_that_happened_has_date_actor_and_evidence(cast):
    published = make_published(cast)
    step(published)
    step(published, "handover", papers=[{"title_en": "Paper"}])
    conveyance = published.convey(reference="TF/1")
    actions.receive_conveyance(conveyance, by=cast.convenor, received_on=timezone.localdate(), evidence="Stamp")
    answer(published, Conveyance.objects.get(pk=conveyance.pk))
    for event in trail(published):
        assert event.kind in RANKS
        if event.state == "done":
            assert all((event.when, event.actor, event.evidence)), event.kind
            assert event.edition == 1 or event.kind == "consultation"


def test_dates_are_those_of_the_place_of_the_consultation(cast, visitor):
    published = make_published(cast)
    late_evening = datetime(2026, 5, 12, 18, 30, tzinfo=UTC)  # half past one on the 13th in Jakarta
    Edition.objects.filter(pk=published.edition.pk).update(published_at=late_evening)
    for zone in ("Europe/Zurich", "Asia/Dili", "America/New_York"):
        with timezone.override(zone):
            assert [event.day for event in of_kind(published, "edition")] == [date(2026, 5, 13)]
            assert [event.day for event in of_kind(published, "consultation")] == [date(2026, 5, 12)]
    page = visitor.get(reverse("statement_timeline", args=[published.slug])).content.decode()
    assert "(WIB, GMT+7)" in page


def test_a_withheld_convening_organisation_is_not_named(cast):
    published = make_published(cast)
    assert of_kind(published, "consultation")[0].actor == "the organisers"
    build.make_organiser(published.consultation, organisation=cast.organisation, kind="convening", position=0)
    published.withheld.organised.all().delete()
    assert of_kind(published, "consultation")[0].actor == cast.organisation.name
    assert CANARY not in str(trail(published))


def test_a_conveyance_that_is_not_public_stays_away(cast):
    published = make_published(cast)
    Conveyance.objects.filter(pk=published.convey().pk).update(public=False)
    assert [event.state for event in of_kind(published, "conveyance")] == ["missing"]


@pytest.mark.parametrize("steps", [1, 3])
def test_reads_stay_flat(cast, visitor, django_assert_num_queries, steps):
    published = make_published(cast, items=steps)
    for _ in range(steps):
        papers = [{"title_en": "Paper", "edition": published.edition}]
        step(published, "handover", papers=papers, pledges=[{"who_en": "She", "text_en": "Yes."}])
    answer(published, published.convey())
    with django_assert_num_queries(8):
        page = visitor.get(reverse("statement_timeline", args=[published.slug])).content.decode()
    assert page.count(">Handover<") == steps
    assert (TrailStep.objects.count(), Pledge.objects.count(), Document.objects.count()) == (steps, steps, steps)


def test_gaps_are_told_in_words_and_shape(cast, visitor):
    published = make_published(cast)
    page = visitor.get(reverse("statement_timeline", args=[published.slug])).content.decode()
    assert page.count('<li class="missing">') == 3
    assert page.count("Missing: nothing on record") == 2
    assert "3 steps are missing." in " ".join(page.split())

"""Liaisons and convenors at once, on real transactions: one result, nothing twice."""

import pytest
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict
from recommendations import actions
from recommendations.models import Conveyance, Response
from tests import build
from tests.recommendations.published import make_published
from tests.recommendations.test_races import anew, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_five_acknowledgements_counts(cast):
    conveyance = make_published(cast).convey()
    results = at_once(
        *[lambda: actions.acknowledge_conveyance(conveyance, by=anew(cast.liaison), their_reference="M/7")] * 5
    )
    assert kinds(results) == ["done", *["refused"] * 4]
    assert OutgoingMessage.objects.filter(purpose="recommendations.conveyance_acknowledged").count() == 2


def test_one_of_five_conveyances_goes_out(cast):
    published = make_published(cast)
    results = at_once(*[published.convey] * 5)
    assert kinds(results) == ["done", *["refused"] * 4]
    assert Conveyance.objects.count() == 1
    assert OutgoingMessage.objects.filter(purpose="recommendations.conveyance_received").count() == 1


def test_two_sheets_lose_no_words(cast):
    published = make_published(cast)
    conveyance = actions.acknowledge_conveyance(published.convey(), by=cast.liaison)
    colleague = build.make_liaison(cast.body)
    item = published.item()

    def save(person, text):
        words = {"kind": "noted", "text": text, "language": "en", "until": None, "passed_to_id": None}
        return lambda: actions.save_answers(conveyance, by=anew(person), drafts=[actions.Draft(item.pk, 0, words)])

    results = at_once(save(cast.liaison, "Hers."), save(colleague, "His."))
    clashes = [one for one in results if isinstance(one, Conflict)]
    assert len(clashes) == 1
    assert clashes[0].current[item.pk].text == Response.objects.get().text
    assert results.count(1) == 1


def test_answers_are_published_once(cast):
    published = make_published(cast)
    conveyance = actions.acknowledge_conveyance(published.convey(), by=cast.liaison)
    words = {"kind": "noted", "text": "", "language": "en", "until": None, "passed_to_id": None}
    actions.save_answers(conveyance, by=cast.liaison, drafts=[actions.Draft(published.item().pk, 0, words)])
    shown = {draft.pk: draft.version for draft in actions.drafts_of(conveyance, cast.body)}
    results = at_once(*[lambda: actions.publish_answers(conveyance, by=anew(cast.liaison), shown=shown)] * 4)
    assert kinds(results) == ["done", *["refused"] * 3]
    assert Response.objects.published().count() == 1
    assert LogEntry.objects.filter(verb="answer").count() == 1
    assert Response.objects.get().published_at <= timezone.now()

"""What stands beside the frozen words is read anew, as everybody may know it, and agrees with the models."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from recommendations.models import CoSubmitter, Item, Submission
from recommendations.querysets import PairQuerySet
from recommendations.views import facts
from recommendations.views.printed import PRINTED
from recommendations.views.reading import Document
from stakeholders.models import Organisation, PublicBody
from tests import build
from tests.recommendations.published import CANARY, DESCRIPTION, answer, make_next_edition, make_published
from tests.recommendations.test_views_public import address, read
from tests.tables import diagonal

VISIBILITIES = ("public", "members", "withheld")


@pytest.fixture
def published(cast, settings):
    """Return a published statement, on a site that keeps no page."""
    settings.KEPT_PAGES = 0
    return make_published(cast, items=2)


@diagonal(visibility=VISIBILITIES, side=("", "origin", "both"), groups=(0, 1, 2), language=("en", "id"))
def test_an_organisation_is_called_as_the_model_calls_it(db, visibility, side, groups, language):
    statement = build.make_statement(build.make_consultation())
    edition = build.make_edition(statement)
    one = build.make_organisation(visibility=visibility, side=side, groups=[])
    one.groups.set([build.make_group(f"group-{number}") for number in range(groups)])
    edition.statement.adoption.adopters.add(one)
    with translation.override(language):
        one = Organisation.objects.get(pk=one.pk)
        (found,) = Document(edition, language).adopters
        assert found.public_name == one.public_name
        assert bool(found.name) == (visibility == "public")
        if not found.name:
            assert found.description == one.description


@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("attribution", ["none", "described", "named"])
def test_a_sender_is_called_as_it_chose(cast, published, visibility, attribution):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility=visibility)
    Submission.objects.filter(organisation=cast.organisation).update(attribution=attribution)
    recommendation = published.item().recommendation_id
    text = facts.sources_of(recommendation)
    first = facts.senders(text, facts.NOTHING)[recommendation][0][0]
    one = Organisation.objects.get(pk=cast.organisation.pk)
    said = {"none": None, "described": one.description, "named": one.public_name}[attribution]
    assert (None if first.kind is None else first.public_name) == said
    assert (one.name in text) == (visibility == "public" and attribution == "named")


def test_a_withheld_name_never_leaves_the_database(published):
    found = Document(published.edition, "en").facts
    assert CANARY not in repr(found)
    assert published.withheld.slug not in repr(found)
    assert DESCRIPTION.split(",")[0] in found.adopters


@pytest.mark.parametrize("days", [0, 59, 60, 61])
@pytest.mark.parametrize("due", [None, -1, 0, 1])
def test_where_an_addressee_stands_is_as_the_database_says(cast, published, settings, days, due):
    today = timezone.localdate()
    heir = build.make_body("heir")
    PublicBody.objects.filter(pk=cast.other_body.pk).update(successor=heir)
    published.item(2).addressees.add(cast.other_body, heir)
    conveyance = published.convey(sent_on=today - timedelta(days=days))
    published.convey(bodies=[heir], sent_on=today, channel="letter")
    answer(published, conveyance, kind="noted")
    answer(published, conveyance, kind="accepted")
    make_next_edition(published)
    reply_due = None if due is None else today + timedelta(days=due)
    type(conveyance).objects.filter(pk=conveyance.pk).update(reply_due=reply_due)
    edition = published.statement.editions.get(number=2)
    document = Document(edition, "en")
    numbers = {item.pk: (item.section_id, item.number) for item in edition.items.all()}
    rows = document.addressed
    ours = facts.standings(document.facts, rows, numbers, document.answers)
    pairs = PairQuerySet(Item.addressees.through).filter(item__edition=edition).with_state()
    theirs = pairs.values_list("item", "publicbody", "state", "answered_at", "conveyed_on")
    assert {(row.item, row.offices[0], *one) for row, one in zip(rows, ours, strict=True)} == set(theirs)


def change_name(published):
    Organisation.objects.filter(pk=published.cast.organisation.pk).update(visibility="withheld")
    return published.cast.organisation.name, False


def change_group(published):
    group = published.withheld.groups.get()
    type(group).objects.filter(pk=group.pk).update(withheld_name_en="a quiet circle")
    return "a quiet circle", True


def say(published):
    answer(published, published.convey(), kind="accepted")
    return "Accepted", True


def note(published):
    type(published.statement).objects.filter(pk=published.statement.pk).update(note_en="Read this first.")
    return "Read this first.", True


@pytest.mark.parametrize("change", [change_name, change_group, say, note])
def test_what_changes_is_on_the_page_at_once(published, visitor, change):
    url = address(published, "statement_detail")
    before = read(visitor, url)
    words, there = change(published)
    after = read(visitor, url)
    assert ((words in before), (words in after)) == (not there, there)


@pytest.mark.parametrize("change", [change_name, say])
def test_what_changes_is_on_the_page_of_the_item_at_once(published, visitor, change):
    url = address(published, "item_detail")
    before = read(visitor, url)
    words, there = change(published)
    after = read(visitor, url)
    assert ((words in before), (words in after)) == (not there, there)


def test_the_same_facts_are_printed_once(published, visitor):
    urls = [address(published, name) for name in ("statement_detail", "edition_detail", "item_detail")]
    first = [read(visitor, url) for url in urls]
    kept = len(PRINTED)
    assert [read(visitor, url) for url in urls] == first
    assert (kept, len(PRINTED)) == (3, 3)


def test_another_language_is_another_page(published, visitor):
    urls = [address(published, "statement_detail", beside=beside) for beside in ("", "id")]
    with translation.override("id"):
        urls.append(address(published, "statement_detail"))
    pages = [read(visitor, url) for url in urls]
    assert len(set(pages)) == 3
    assert pages == [read(visitor, url) for url in urls]


def test_who_joined_stands_behind_the_submission(cast, published):
    submission = Submission.objects.filter(organisation=cast.organisation).first()
    Submission.objects.filter(pk=submission.pk).update(joint=True)
    values = {"submission": submission, "attribution": "named"}
    CoSubmitter.objects.create(organisation=cast.other_organisation, state="agreed", **values)
    CoSubmitter.objects.create(organisation=published.withheld, state="asked", **values)
    found = Document(published.edition, "en").facts
    behind = facts.senders(found.sources, found.joined)[published.item().recommendation_id]
    assert [[one.public_name for one in group if one.kind is not None] for group in behind] == [
        [cast.organisation.name, cast.other_organisation.name],
        [DESCRIPTION],
        [],
    ]

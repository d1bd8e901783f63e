"""The shared ASEAN section: two national consultations feed one regional statement, and the items keep their origin."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import mail
from portal.models import OutgoingMessage
from portal.states import Refusal
from recommendations import actions
from recommendations.models import Proposal, Recommendation, Statement
from recommendations.models.wording import in_each_language
from recommendations.states import PROPOSAL, ProposalState
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import make_published
from tests.recommendations.test_races import anew, at_once, kinds
from tests.recommendations.worded import WORDS, make_worded


@pytest.fixture
def national(cast):
    return make_published(cast, items=2)


def make_region(cast, *, begun=True, **values):
    """Return a regional consultation with a convenor of its own, its text begun."""
    convenors = [build.make_convenor(), cast.second_convenor]
    region = build.make_consultation(level="regional", country=None, convenors=convenors, **values)
    if begun:
        build.make_statement(region)
    return region


@pytest.fixture
def region(cast):
    return make_region(cast)


def propose(national, region, *numbers):
    """Propose ASEAN items of the national statement."""
    items = [national.item(number) for number in numbers or (1,)]
    return actions.propose_items(national.statement, by=national.cast.convenor, items=items, consultation=region)


def test_an_item_is_taken_up_in_all_its_languages_and_adopted_there(cast, national, region, visitor):
    thai = make_worded(cast, "th", ("th", "en"))
    first, second = propose(national, region, 1)[0], None
    (second,) = actions.propose_items(
        thai.statement, by=cast.convenor, items=[thai.items.get(section=None)], consultation=region
    )
    made = actions.take_up_proposal(second, by=cast.second_convenor)
    assert (made.section, in_each_language(made, "text")) == (None, {"en": WORDS["en"], "th": WORDS["th"]})
    assert list(made.addressees.all()) == [cast.body]
    assert actions.take_up_proposal(first, by=cast.second_convenor, into=made) == made
    assert Recommendation.objects.filter(statement__consultation=region).count() == 1
    statement = Statement.objects.get(consultation=region)
    actions.table_statement(statement, by=cast.second_convenor)
    statement.positions.create(organisation=cast.organisation, stance="consensus")
    here = reverse("item_detail", args=[statement.slug, "asean", 1])
    there = [reverse("item_detail", args=[one, "asean", 1]) for one in (national.slug, thai.statement.slug)]
    # Before it is adopted there, nobody outside hears of it.
    assert all("Taken up by the region" not in visitor.get(url).content.decode() for url in there)
    actions.adopt_statement(statement, by=cast.second_convenor, adopted_on=timezone.localdate())
    actions.publish_statement(statement, by=cast.second_convenor)
    page = visitor.get(here).content.decode()
    for url in there:
        assert url in page
        assert (
            f'href="{here}">Taken up by the region as item ASEAN 1 of {statement.title}'
            in visitor.get(url).content.decode()
        )
    assert page.count("Proposed as item ASEAN 1 of") == 2


def test_the_origin_stays_with_a_corrected_edition(cast, national, region):
    (one,) = propose(national, region)
    made = actions.take_up_proposal(one, by=cast.second_convenor)
    statement = made.statement
    actions.table_statement(statement, by=cast.second_convenor)
    statement.positions.create(organisation=cast.organisation, stance="consensus")
    actions.adopt_statement(statement, by=cast.second_convenor, adopted_on=timezone.localdate())
    actions.publish_statement(statement, by=cast.second_convenor)
    corrigendum = actions.begin_corrigendum(national.statement, by=cast.convenor)
    texts = {"en": "Other letters.", "id": "Huruf lain."}
    corrigendum = actions.correct_passage(corrigendum, by=cast.convenor, version=1, key="ASEAN 1", texts=texts)
    words = {"reason": "A slip.", "authority": "We", "keeps_meaning": True}
    corrigendum = actions.explain_corrigendum(corrigendum, by=cast.convenor, version=2, **words)
    actions.issue_corrigendum(corrigendum, by=cast.convenor)
    page = as_person(None).get(reverse("item_detail", args=[national.slug, "asean", 1])).content.decode()
    assert "Other letters." in page
    assert f"Taken up by the region as item ASEAN 1 of {statement.title}" in page


def test_proposing_twice_is_once_and_tells_once(national, region):
    assert len(propose(national, region, 1, 2)) == 2
    assert propose(national, region, 1, 2) == []
    assert Proposal.objects.count() == 2
    mails = OutgoingMessage.objects.filter(purpose="recommendations.items_proposed")
    assert mails.count() == region.convenors.count()


@pytest.mark.parametrize(
    "values",
    [{"level": "national"}, {"state": "draft"}, {"state": "cancelled"}],
)
def test_only_an_announced_regional_consultation_takes_items(national, region, values):
    type(region).objects.filter(pk=region.pk).update(**values)
    with pytest.raises(Refusal) as refused:
        propose(national, region)
    assert refused.value.field == "consultation"


@pytest.mark.parametrize("state", ["tabled", "adopted", "published"])
def test_not_once_its_text_stands_still(cast, national, region, state):
    (one,) = propose(national, region)
    Statement.objects.filter(consultation=region).update(state=state)
    with pytest.raises(Refusal):
        propose(national, region, 2)
    with pytest.raises(Refusal):
        actions.take_up_proposal(one, by=cast.second_convenor)


def test_without_a_text_nothing_is_taken_up(cast, national):
    region = make_region(cast, begun=False)
    (one,) = propose(national, region)
    with pytest.raises(Refusal, match="Begin the common text first"):
        actions.take_up_proposal(one, by=cast.second_convenor)


def test_not_into_a_foreign_text(cast, national, region, scene):
    (one,) = propose(national, region)
    with pytest.raises(Refusal):
        actions.take_up_proposal(one, by=cast.second_convenor, into=build.make_recommendation(scene.statement))


@pytest.mark.parametrize("state", ProposalState.values)
@pytest.mark.parametrize("verb", PROPOSAL.verbs)
def test_every_verb_in_every_state(cast, national, region, state, verb):
    (one,) = propose(national, region)
    Proposal.objects.update(state=state)
    more = {"reason": "Not for all."} if verb == "decline" else {}
    deed = getattr(actions, f"{verb}_proposal")
    if PROPOSAL.can(verb, state):
        deed(one, by=cast.second_convenor, **more)
        one.refresh_from_db()
        assert one.state == PROPOSAL.target(verb, state)
    else:
        with pytest.raises(Refusal):
            deed(one, by=cast.second_convenor, **more)


def test_declining_needs_a_reason_which_the_others_read(cast, national, region):
    (one,) = propose(national, region)
    with pytest.raises(Refusal) as refused:
        actions.decline_proposal(one, by=cast.second_convenor, reason=" ")
    assert refused.value.field == "reason"
    actions.decline_proposal(one, by=cast.second_convenor, reason="Not for all countries.")
    page = as_person(cast.convenor).get(reverse("proposals_create", args=[national.slug])).content.decode()
    assert "Not for all countries." in page


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("how", ["proposed", "taken up", "declined"])
def test_what_the_mails_say(cast, national, region, how, language):
    (one,) = propose(national, region)
    if how == "taken up":
        actions.take_up_proposal(one, by=cast.second_convenor)
    if how == "declined":
        actions.decline_proposal(one, by=cast.second_convenor, reason="Not for all.")
    message = OutgoingMessage.objects.order_by("-pk").first()
    message.language = language
    email = mail.REGISTRY[message.purpose]
    made = mail.compose(message, email.letter(email.load([message])[message.subject_id], message))
    assert len(made.subject) <= 50
    assert region.title_en in made.body or region.title_ind in made.body
    assert ("Not for all." in made.body) is (how == "declined")
    Proposal.objects.update(state="withdrawn")
    assert email.letter(email.load([message])[message.subject_id], message) is None


def test_the_pages(cast, national, region):
    client = as_person(cast.convenor)
    url = reverse("proposals_create", args=[national.slug])
    assert url in client.get(reverse("trail_desk", args=[national.slug])).content.decode()
    assert client.post(url, {}).status_code == 200
    data = {"consultation": region.pk, "items": [national.item(1).pk, national.item(2).pk]}
    assert client.post(url, data).url == url
    first, second = Proposal.objects.order_by("pk")
    assert client.post(reverse("proposal_withdraw", args=[second.pk])).status_code == 302
    regional = as_person(cast.second_convenor)
    listed = reverse("proposal_list", args=[region.slug])
    assert listed in regional.get(reverse("workspace", args=[region.slug])).content.decode()
    settle = reverse("proposal_settle", args=[first.pk])
    page = regional.post(settle, {"verb": "decline", f"p{first.pk}-reason": ""})
    assert "Say why: those who proposed it read this sentence." in page.content.decode()
    assert regional.post(settle, {"verb": "take_up"}).url == listed
    assert Recommendation.objects.get(statement__consultation=region).text_en == national.item(1).text_en


@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_propose_and_who_may_settle(cast, national, person):
    region = make_region(cast)
    (one,) = propose(national, region)
    client = as_person(cast.people()[person])
    codes = {
        "proposals_create": client.get(reverse("proposals_create", args=[national.slug])).status_code,
        "proposal_list": client.get(reverse("proposal_list", args=[region.slug])).status_code,
        "proposal_settle": client.post(reverse("proposal_settle", args=[one.pk]), {"verb": "take_up"}).status_code,
    }
    expected = {
        "convenor": {"proposals_create": 200, "proposal_list": 403, "proposal_settle": 403},
        "second_convenor": {"proposals_create": 200, "proposal_list": 200, "proposal_settle": 302},
        "anonymous": {"proposals_create": 302, "proposal_list": 302, "proposal_settle": 302},
    }.get(person, {"proposals_create": 403, "proposal_list": 403, "proposal_settle": 404})
    assert codes == expected


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_stay_flat(cast, django_assert_num_queries, count):
    national, region = make_published(cast, items=3), make_region(cast)
    propose(national, region, *range(1, count + 1))
    for name, slug, queries in (("proposal_list", region.slug, 7), ("proposals_create", national.slug, 9)):
        client = as_person(cast.second_convenor)
        client.get(reverse(name, args=[slug]))
        with django_assert_num_queries(queries):
            assert client.get(reverse(name, args=[slug])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_taking_up_and_withdrawing_have_one_order(cast):
    national, region = make_published(cast), make_region(cast)
    (one,) = propose(national, region)
    people = [anew(cast.second_convenor), anew(cast.convenor)]
    results = at_once(
        lambda: actions.take_up_proposal(one, by=people[0]), lambda: actions.withdraw_proposal(one, by=people[1])
    )
    assert kinds(results) == ["done", "refused"]
    taken = Proposal.objects.get().state == "taken_up"
    assert Recommendation.objects.filter(statement__consultation=region).exists() is taken

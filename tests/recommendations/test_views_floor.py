"""Item by item, page by page: who opens what, the projector, phones, the roll, proxies, ballots."""

import pytest
from django.urls import reverse

from recommendations import actions
from recommendations.models import Ballot, Outcome, Plenary, Position, Proxy, RollEntry, SealedVoice, Statement
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.scene import table
from tests.recommendations.test_views_plenary import in_state, others
from tests.tables import few

STATES = ("draft", "tabled", "adopted", "published")
CONVENORS = ("convenor", "second_convenor")
RUN = dict.fromkeys(CONVENORS, 200)
NO = dict.fromkeys(CONVENORS, 403)


def at(name, scene, *args):
    """Return the address of a page of the consultation."""
    return reverse(name, args=[scene.consultation.slug, *args])


def first_item(scene):
    """Return the first item of the text."""
    return scene.statement.recommendations.order_by("pk").first()


def address(name, scene):
    """Return the address, with a thing that is there where one is needed."""
    if name in {"item_decide", "item_position"}:
        return at(name, scene, first_item(scene).pk)
    if name in {"ballot_count", "ballot_choose"}:
        return at(name, scene, Ballot.objects.get().pk)
    return at(name, scene)


def seen(scene, name):
    """Return what everybody gets."""
    page = address(name, scene)
    return {person: as_person(getattr(scene.cast, person)).get(page).status_code for person in PEOPLE}


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.BALLOT_KEYS_DIR = tmp_path / "keys"


@pytest.mark.parametrize("state", few(("tabled",), STATES))
@pytest.mark.parametrize("name", ["roll_call", "proxy_list", "item_decide", "statement_fail", "ballot_count"])
def test_who_runs_the_plenary(scene, name, state):
    in_state(scene, state)
    Ballot.objects.create(statement=scene.statement)
    assert seen(scene, name) == {**others(state), **(RUN if state == "tabled" else NO)}


@pytest.mark.parametrize("state", few(("draft", "adopted"), STATES))
def test_who_states_the_rule(scene, state):
    in_state(scene, state)
    assert seen(scene, "adoption_rule") == {**others(state), **(RUN if state in {"draft", "tabled"} else NO)}


@pytest.mark.parametrize("state", STATES)
def test_who_follows_the_floor(scene, state):
    in_state(scene, state)
    there = ("representative", "other_member", *CONVENORS)
    opened = dict.fromkeys(there, 200) if state != "draft" else NO
    assert seen(scene, "floor") == {**others(state), **opened}


@pytest.mark.parametrize("name", ["item_position", "ballot_choose"])
@pytest.mark.parametrize("state", ["draft", "tabled", "adopted"])
def test_who_speaks_on_an_item(scene, name, state):
    in_state(scene, state)
    Ballot.objects.create(statement=scene.statement)
    speakers = {"representative": 200, "other_member": 200} if state != "draft" else {}
    assert seen(scene, name) == {
        **others(state),
        **dict.fromkeys(CONVENORS, 404 if state == "draft" else 403),
        **speakers,
    }


def test_the_rule_is_stated_on_its_page_and_shown_to_those_who_speak(scene):
    table(scene)
    client = as_person(scene.cast.convenor)
    rule = {"kind": "two-thirds", "base": "present", "parts": "", "quorum": "50", "percent": "", "version": 1}
    for _ in range(2):
        assert client.post(at("adoption_rule", scene), {**rule, "one_time_key": "rule-rule-rule"}).status_code == 302
    said = "It is adopted when two thirds of the organisations that are present or represented join."
    assert said in client.get(at("plenary", scene)).content.decode()
    for page in ("position_take", "floor"):
        shown = as_person(scene.cast.representative).get(at(page, scene)).content.decode()
        assert said in shown
        assert "At least 50 per cent" in shown


def test_a_share_without_a_number_is_told_beside_the_field(scene):
    client = as_person(scene.cast.convenor)
    rule = {"kind": "share", "base": "present", "parts": "", "quorum": "101", "percent": "", "version": 1}
    response = client.post(at("adoption_rule", scene), rule)
    assert set(response.context["form"].errors) == {"percent", "quorum"}
    assert not Plenary.objects.exists()


def test_two_convenors_who_state_a_rule_see_each_others(scene):
    actions.state_rule(scene.statement, by=scene.cast.second_convenor, version=1, kind="simple")
    rule = {"kind": "consensus", "base": "present", "parts": "", "quorum": "", "percent": "", "version": 1}
    response = as_person(scene.cast.convenor).post(at("adoption_rule", scene), rule)
    assert response.status_code == 409
    assert Plenary.objects.get().kind == "simple"


def test_the_roll_is_called_by_quick_buttons(scene):
    first, *_rest = table(scene)
    client, other = as_person(scene.cast.convenor), scene.cast.other_organisation
    page = at("roll_call", scene)
    for _ in range(2):
        answer = client.post(page, {"organisation": other.pk, "present": "yes", "one_time_key": "here-here-here"})
        assert answer.url == f"{page}#organisation-{other.pk}"
    client.post(page, {"organisation": other.pk, "stance": "consensus"})
    client.post(f"{page}?item={first.pk}", {"organisation": other.pk, "stance": "blocks"})
    assert RollEntry.objects.get().present
    said = Position.objects.order_by("pk").values_list("recommendation", "stance")
    assert list(said) == [(None, "consensus"), (first.pk, "blocks")]
    assert "Roll call on item ASEAN 1" in client.get(f"{page}?item={first.pk}").content.decode()


@pytest.mark.parametrize("data", [{}, {"organisation": "x"}, {"organisation": "99999999", "stance": "blocks"}])
def test_nonsense_on_the_roll_writes_nothing(scene, data):
    table(scene)
    assert as_person(scene.cast.convenor).post(at("roll_call", scene), data).status_code in {302, 404}
    assert not Position.objects.exists()
    assert not RollEntry.objects.exists()


def test_the_own_organisation_has_no_buttons_on_the_roll(scene):
    table(scene)
    build.Membership.objects.create(
        organisation=scene.cast.organisation, user=scene.cast.convenor, state="active", since=build.LONG_AGO
    )
    client = as_person(scene.cast.convenor)
    assert f'value="{scene.cast.organisation.pk}"' not in client.get(at("roll_call", scene)).content.decode()
    client.post(at("roll_call", scene), {"organisation": scene.cast.organisation.pk, "present": "yes"})
    assert not RollEntry.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_roll_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    table(scene, asean=1, national=0)
    for invitation in scene.invitations[count:]:
        invitation.delete()
    if count == 3:
        build.make_invitation(scene.consultation, state="accepted")
    client = as_person(scene.cast.convenor)
    client.get(at("roll_call", scene))
    with django_assert_num_queries(15):
        response = client.get(at("roll_call", scene))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("state", few(("tabled",), STATES))
def test_the_page_of_the_consultation_leads_into_a_plenary_that_sits(scene, state):
    in_state(scene, state)
    page = reverse("consultation_detail", args=[scene.consultation.slug])
    link = f'href="{at("floor", scene)}"'
    people = ("convenor", "representative")
    there = {who: link in as_person(getattr(scene.cast, who)).get(page).content.decode() for who in people}
    assert there == dict.fromkeys(people, state == "tabled")


@pytest.mark.parametrize("count", [1, 3])
def test_the_floor_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    items = table(scene, asean=count, national=0)
    actions.put_on_floor(scene.statement, by=scene.cast.convenor, recommendation=items[0])
    client = as_person(scene.cast.representative)
    client.get(at("floor", scene))
    with django_assert_num_queries(15):
        response = client.get(at("floor", scene))
    assert len(response.context["rows"]) == count


def test_proxies_are_recorded_shown_and_revoked(scene):
    table(scene)
    client = as_person(scene.cast.convenor)
    pair = {"giver": scene.cast.other_organisation.pk, "holder": scene.cast.organisation.pk}
    for _ in range(2):
        client.post(at("proxy_list", scene), {**pair, "one_time_key": "proxy-proxy-proxy"})
    proxy = Proxy.objects.get()
    assert "(by proxy)" in as_person(scene.cast.representative).get(at("position_take", scene)).content.decode()
    wrong = client.post(at("proxy_list", scene), {"giver": scene.cast.organisation.pk, "holder": ""})
    assert wrong.status_code == 200
    client.post(at("proxy_revoke", scene, proxy.pk))
    proxy.refresh_from_db()
    assert proxy.revoked_at


def test_a_withheld_giver_stays_a_description_to_who_carries_its_voice(scene):
    table(scene)
    type(scene.cast.other_organisation).objects.filter(pk=scene.cast.other_organisation.pk).update(
        visibility="withheld"
    )
    pair = {"giver": scene.cast.other_organisation, "holder": scene.cast.organisation}
    actions.record_proxy(scene.statement, by=scene.cast.convenor, **pair)
    client, item = as_person(scene.cast.representative), first_item(scene)
    for page in (at("position_take", scene), at("item_position", scene, item.pk)):
        shown = client.get(page).content.decode()
        assert scene.cast.other_organisation.name not in shown
        assert "a trade union, origin side (by proxy)" in shown


def test_who_carries_a_voice_reads_no_words_of_its_own_people(scene):
    table(scene)
    given, item = scene.cast.other_organisation, first_item(scene)
    actions.record_proxy(scene.statement, by=scene.cast.convenor, giver=given, holder=scene.cast.organisation)
    for about in (None, item):
        said = {"stance": "reservation", "text": "Ours alone.", "recommendation": about}
        Position.objects.create(statement=scene.statement, organisation=given, **said)
    for name, person, reads in (
        ("position_take", scene.cast.representative, False),
        ("position_take", scene.cast.other_member, True),
        ("item_position", scene.cast.representative, False),
        ("item_position", scene.cast.other_member, True),
    ):
        page = as_person(person).get(at(name, scene, *([item.pk] if name == "item_position" else [])))
        assert (name, "Ours alone." in page.content.decode()) == (name, reads)


def decided(client, scene, item, verdict, **data):
    """Press one button of the item's page."""
    item.refresh_from_db()
    return client.post(at("item_decide", scene, item.pk), {"verdict": verdict, "version": item.version, **data})


def test_an_item_is_decided_on_its_page(scene):
    first, second, *_rest = table(scene)
    client = as_person(scene.cast.convenor)
    client.post(at("item_open", scene, first.pk))
    assert Plenary.objects.get().floor == first
    assert decided(client, scene, first, "agreed").status_code == 302
    words = {"text_en": "In other words.", "text_id": "Lain.", "note": "As the unions asked."}
    assert decided(client, scene, second, "amended", **words).status_code == 302
    shown = client.get(at("item_decide", scene, second.pk)).content.decode()
    assert "<ins>other</ins>" in shown or "<ins>" in shown
    assert "As the unions asked." in shown
    client.post(at("item_open", scene, first.pk), {"down": "1"})
    assert Plenary.objects.get().floor is None
    assert decided(client, scene, first, "reopened").status_code == 302
    assert list(Outcome.objects.values_list("verdict", flat=True)) == ["agreed", "amended", "reopened"]


@pytest.mark.parametrize("data", [{"verdict": "adopted"}, {"verdict": ""}, {"verdict": "agreed", "version": "x"}])
def test_nonsense_decides_nothing(scene, data):
    first, *_rest = table(scene)
    answer = as_person(scene.cast.convenor).post(at("item_decide", scene, first.pk), {"version": 1, **data})
    assert answer.status_code == 200
    assert not Outcome.objects.exists()


def test_an_amendment_that_comes_late_keeps_the_typed_words(scene):
    first, *_rest = table(scene)
    client, page = as_person(scene.cast.convenor), at("item_decide", scene, first.pk)
    actions.decide_item(first, by=scene.cast.second_convenor, verdict="deferred", version=first.version)
    words = {"verdict": "amended", "version": 1, "text_en": "Words typed too late."}
    answer = client.post(page, words).content.decode()
    assert "Somebody else decided on this item meanwhile" in answer
    assert "Words typed too late." in answer


def test_the_rest_is_agreed_with_one_button(scene):
    items = table(scene)
    client = as_person(scene.cast.convenor)
    decided(client, scene, items[0], "deferred")
    assert "Agree to 2 items that are left" in client.get(at("plenary", scene)).content.decode()
    for _ in range(2):
        client.post(at("items_agree", scene), {"one_time_key": "rest-rest-rest"})
    assert Outcome.objects.filter(verdict="agreed").count() == 2


def test_what_was_not_adopted_is_a_draft_with_its_record(scene):
    table(scene)
    client = as_person(scene.cast.convenor)
    for _ in range(2):
        client.post(at("statement_fail", scene), {"note": "Next year.", "one_time_key": "fail-fail-fail"})
    scene.statement.refresh_from_db()
    assert (scene.statement.state, Outcome.objects.count()) == ("draft", 1)
    shown = client.get(at("plenary", scene)).content.decode()
    assert "Next year." in shown
    assert "No organisation has joined: not adopted." in shown


# --- Phones and the projector -----------------------------------------------------------------------------------


def test_the_projector_names_nobody_and_hides_few_voices(scene):
    first, *_rest = table(scene)
    actions.put_on_floor(scene.statement, by=scene.cast.convenor, recommendation=first)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    shown = as_person(scene.cast.convenor).get(at("floor", scene) + "?view=screen").content.decode()
    floor = shown.split('id="floor"')[1].split("</main>")[0]
    assert first.text_en in floor
    assert "Numbers are shown from five voices on." in floor
    for secret in (scene.cast.organisation.name, scene.cast.representative.full_name, "1 organisation joins"):
        assert secret not in floor
    for _ in range(4):
        actions.record_position(
            scene.statement, by=scene.cast.convenor, organisation=build.make_organisation(), stance="consensus"
        )
    shown = as_person(scene.cast.convenor).get(at("floor", scene) + "?view=screen").content.decode()
    assert "5 organisations join, none says that it cannot agree: the rule is met." in shown


def test_the_floor_refreshes_itself_and_works_without(scene):
    table(scene)
    client = as_person(scene.cast.representative)
    whole = client.get(at("floor", scene)).content.decode()
    part = client.get(at("floor", scene), headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in part
    assert "<main" in whole
    assert "<main" not in part
    Statement.objects.update(state="adopted")
    closed = client.get(at("floor", scene)).content.decode()
    assert "The plenary is closed" in closed
    assert "hx-get" not in closed


def test_a_position_on_an_item_from_a_phone(scene):
    first, *_rest = table(scene)
    client, page = as_person(scene.cast.representative), at("item_position", scene, first.pk)
    answer = {"organisation": scene.cast.organisation.pk, "stance": "reservation", "text": "Not in the islands."}
    for _ in range(2):
        assert client.post(page, {**answer, "one_time_key": "item-item-item"}).url == page
    said = Position.objects.get()
    assert (said.recommendation, said.text) == (first, "Not in the islands.")
    client.post(at("position_take_back", scene, said.pk), {"one_time_key": "back-back-back"})
    assert not Position.objects.exists()
    wordless = client.post(page, {**answer, "text": ""})
    assert set(wordless.context["form"].errors) == {"text"}


def test_a_position_that_comes_after_the_decision_keeps_its_words(scene):
    first, *_rest = table(scene)
    actions.decide_item(first, by=scene.cast.convenor, verdict="agreed", version=first.version)
    answer = {"organisation": scene.cast.organisation.pk, "stance": "reservation", "text": "Words of mine."}
    late = as_person(scene.cast.representative).post(at("item_position", scene, first.pk), answer).content.decode()
    assert "Words of mine.</textarea>" in late
    assert "decided already" in late


def test_nobody_takes_back_the_position_of_another(scene):
    first, *_rest = table(scene)
    said = actions.take_position(
        scene.statement,
        by=scene.cast.representative,
        organisation=scene.cast.organisation,
        stance="blocks",
        recommendation=first,
    )
    answer = as_person(scene.cast.other_member).post(at("position_take_back", scene, said.pk))
    assert (answer.status_code, Position.objects.count()) == (404, 1)


# --- In secret --------------------------------------------------------------------------------------------------


def test_a_ballot_from_the_request_to_the_count(scene):
    table(scene)
    client = as_person(scene.cast.representative)
    asked = client.post(at("ballot_ask", scene), {"one_time_key": "ask-ask-ask"})
    ballot = Ballot.objects.get()
    assert asked.url == at("ballot_choose", scene, ballot.pk)
    choice = {"organisation": scene.cast.organisation.pk, "choice": "blocks", "one_time_key": "seal-seal-seal"}
    for _ in range(2):
        assert client.post(asked.url, choice).url == asked.url
    page = client.get(asked.url)
    assert "checked" not in page.content.decode()
    convenor, count = as_person(scene.cast.convenor), at("ballot_count", scene, ballot.pk)
    shown = convenor.get(count).content.decode()
    assert "1 organisation of 2 took part." in shown
    assert "Cannot agree" not in shown
    convenor.post(count, {"deed": "count"})
    ballot.refresh_from_db()
    assert ballot.state == "open"
    for organisation in [build.make_organisation() for _ in range(4)]:
        build.make_invitation(scene.consultation, organisation, state="accepted")
        person = build.make_member(organisation)
        actions.cast_choice(ballot, by=person, organisation=organisation, choice="consensus")
    assert "Close and count 5 choices" in convenor.get(count).content.decode()
    convenor.post(count, {"deed": "count"})
    result = convenor.get(count)
    assert dict(result.context["results"]) == {"joins the consensus": 4, "cannot agree": 1}
    assert client.post(asked.url, choice).status_code == 302
    late = client.post(asked.url, {**choice, "one_time_key": "late-late-late"})
    assert late.status_code == 200
    assert SealedVoice.objects.count() == 5


def test_a_convenor_passes_on_what_somebody_asked_for_and_drops_it(scene):
    first, *_rest = table(scene)
    client = as_person(scene.cast.convenor)
    asked = client.post(at("ballot_ask", scene) + f"?item={first.pk}")
    ballot = Ballot.objects.get()
    assert (asked.url, ballot.recommendation) == (at("ballot_count", scene, ballot.pk), first)
    client.post(asked.url, {"deed": "drop"})
    ballot.refresh_from_db()
    assert ballot.state == "dropped"


def test_who_asks_for_a_ballot(scene):
    table(scene)
    speakers = dict.fromkeys(("representative", "other_member", *CONVENORS), 200)
    assert seen(scene, "ballot_ask") == {**others("tabled"), **speakers}


def test_an_item_that_is_set_aside_keeps_its_number_and_so_do_those_after_it(scene):
    _first, second, national = table(scene)
    third = build.make_recommendation(scene.statement, state="tabled")
    actions.decide_item(second, by=scene.cast.convenor, verdict="deferred", version=second.version)
    client = as_person(scene.cast.convenor)
    page = client.get(at("plenary", scene)).context
    assert [label for label, _one in page["items"]] == ["ASEAN 1", "ASEAN 2", "ASEAN 3", "ID 1"]
    assert [[label for label, _one in part["rows"]] for part in page["sections"]] == [["ASEAN 1", "ASEAN 3"], ["ID 1"]]
    assert client.get(at("roll_call", scene), {"item": third.pk}).context["label"] == "ASEAN 3"
    assert client.get(at("item_decide", scene, national.pk)).context["row"]["label"] == "ID 1"
    Statement.objects.filter(pk=scene.statement.pk).update(state="adopted")
    page = client.get(at("plenary", scene)).context
    assert [label for label, _one in page["items"]] == ["ASEAN 1", "–", "ASEAN 2", "ID 1"]

"""From the tabled text to the published statement, page by page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations import actions
from recommendations.models import Edition, Position, Statement
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.scene import table
from tests.tables import few

CONVENORS = {"convenor": 200, "second_convenor": 200}
STATES = ("draft", "tabled", "adopted", "published")
HERE, WAY = dict.fromkeys(CONVENORS, 200), dict.fromkeys(CONVENORS, 302)
NO = dict.fromkeys(CONVENORS, 403)
PAGES = {
    "statement_table": {"draft": HERE, "tabled": WAY, "adopted": WAY, "published": WAY},
    "statement_untable": {"draft": NO, "tabled": HERE, "adopted": NO, "published": NO},
    "plenary": dict.fromkeys(STATES, HERE),
    "position_record": {"draft": NO, "tabled": HERE, "adopted": NO, "published": NO},
    "statement_adopt": {"draft": NO, "tabled": HERE, "adopted": NO, "published": NO},
    "statement_publish": {"draft": NO, "tabled": NO, "adopted": HERE, "published": NO},
}


def at(name, scene):
    """Return the address of a page of the consultation."""
    return reverse(name, args=[scene.consultation.slug])


def in_state(scene, state):
    """Bring the statement into the state as the builders would."""
    table(scene)
    if state in {"adopted", "published"}:
        build.make_edition(scene.statement, published=state == "published")
    Statement.objects.filter(pk=scene.statement.pk).update(state=state)


def others(state):
    """Return what people who convene nothing get: the statement exists for them once they may read it."""
    members = 403 if state in {"tabled", "adopted", "published"} else 404
    everybody = 403 if state == "published" else 404
    people = dict.fromkeys(PEOPLE, everybody)
    people.update(dict.fromkeys(("representative", "colleague", "other_member"), members))
    return {**people, "anonymous": 302}


@pytest.mark.parametrize("state", few(("tabled",), STATES))
@pytest.mark.parametrize("name", PAGES)
def test_who_opens_which_page_in_which_state(scene, name, state):
    in_state(scene, state)
    build.make_organisation()
    seen = {person: as_person(getattr(scene.cast, person)).get(at(name, scene)).status_code for person in PEOPLE}
    assert seen == {**others(state), **PAGES[name][state]}


@pytest.mark.parametrize("state", STATES)
def test_who_takes_a_position(scene, state):
    in_state(scene, state)
    seen = {
        person: as_person(getattr(scene.cast, person)).get(at("position_take", scene)).status_code for person in PEOPLE
    }
    readers = others(state)
    speakers = {"representative": 200, "other_member": 200} if readers["representative"] == 403 else {}
    convenors = dict.fromkeys(CONVENORS, 404 if state == "draft" else 403)
    assert seen == {**readers, **convenors, **speakers}


def test_tabling_lists_what_lacks_and_then_tables(scene):
    one = build.make_recommendation(scene.statement, addressees=[])
    client = as_person(scene.cast.convenor)
    shown = client.get(at("statement_table", scene)).content.decode()
    assert "1 thing is lacking" in shown
    assert "It has no addressee." in shown
    assert client.post(at("statement_table", scene)).status_code == 200
    one.addressees.add(scene.cast.body)
    assert client.post(at("statement_table", scene)).url == at("plenary", scene)
    assert "Table 1 recommendation" not in client.get(at("plenary", scene)).content.decode()


def test_the_plenary_explains_its_quorum_in_one_sentence(scene):
    table(scene)
    build.make_invitation(scene.consultation)
    client = as_person(scene.cast.convenor)
    answers = {"organisation": scene.cast.organisation.pk, "stance": "consensus", "one_time_key": "quick-quick-quick"}
    first, second = (client.post(at("position_record", scene), answers) for _ in range(2))
    assert first.url == second.url == at("plenary", scene) + f"#organisation-{scene.cast.organisation.pk}"
    response = client.get(at("plenary", scene))
    assert "1 organisation took a position; 3 were invited." in response.content.decode()
    assert response.context["figures"] == {
        "consensus": 1, "reservation": 0, "abstains": 0, "blocks": 0,
        "taken": 1, "waiting": 1, "invited": 3, "joined": 1,
    }  # fmt: skip


def test_an_organisation_in_the_room_is_added_by_choice(scene):
    table(scene)
    newcomer = build.make_organisation(name="Came by")
    client = as_person(scene.cast.convenor)
    assert "Came by" in client.get(at("position_record", scene)).content.decode()
    client.post(at("position_record", scene), {"organisation": newcomer.pk, "stance": "abstains"})
    assert "Came by" in client.get(at("plenary", scene)).content.decode()


def test_a_reservation_without_words_keeps_the_choice(scene):
    one, *_rest = table(scene)
    client = as_person(scene.cast.convenor)
    answers = {"organisation": scene.cast.organisation.pk, "stance": "reservation", "recommendation": one.pk}
    response = client.post(at("position_record", scene), answers)
    assert set(response.context["form"].errors) == {"text"}
    client.post(at("position_record", scene), {**answers, "text": "Not in this country."})
    shown = client.get(at("plenary", scene)).content.decode()
    assert "Not in this country." in shown
    assert "On ASEAN 1" in shown


def test_the_own_organisation_is_recorded_by_another(scene):
    table(scene)
    build.Membership.objects.create(
        organisation=scene.cast.organisation, user=scene.cast.convenor, state="active", since=build.LONG_AGO
    )
    client = as_person(scene.cast.convenor)
    answers = {"organisation": scene.cast.organisation.pk, "stance": "consensus"}
    assert client.post(at("position_record", scene), answers).url == at("plenary", scene)
    assert not Position.objects.exists()


def test_a_representative_takes_the_position_until_close(scene):
    table(scene)
    client = as_person(scene.cast.representative)
    answers = {"organisation": scene.cast.organisation.pk, "stance": "reservation", "text": "Not so fast."}
    for _ in range(2):
        assert client.post(at("position_take", scene), {**answers, "one_time_key": "take-take-take"}).status_code == 302
    assert "Not so fast." in client.get(at("position_take", scene)).content.decode()
    assert Position.objects.count() == 1
    actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=timezone.localdate())
    late = client.post(at("position_take", scene), {**answers, "text": "Even slower."})
    assert late.status_code == 200
    assert "Even slower.</textarea>" in late.content.decode()
    assert "not tabled" in late.content.decode()
    assert Position.objects.get().text == "Not so fast."


def test_what_the_page_offers_to_one_organisation_is_taken_as_it_stands(scene):
    table(scene)
    client = as_person(scene.cast.representative)
    form = client.get(at("position_take", scene)).context["form"]
    offered = {field.name: field.value() or "" for field in form}
    client.post(at("position_take", scene), {**offered, "stance": "consensus"})
    assert Position.objects.get().organisation == scene.cast.organisation


def test_nobody_takes_the_position_of_another_organisation(scene):
    table(scene)
    answers = {"organisation": scene.cast.other_organisation.pk, "stance": "blocks"}
    assert as_person(scene.cast.representative).post(at("position_take", scene), answers).status_code == 200
    assert not Position.objects.exists()


def test_a_withheld_organisation_is_named_to_the_convenors_alone(scene):
    scene.cast.other_organisation.visibility = "withheld"
    scene.cast.other_organisation.save()
    table(scene)
    name = scene.cast.other_organisation.name
    assert name in as_person(scene.cast.convenor).get(at("plenary", scene)).content.decode()
    assert name not in as_person(scene.cast.representative).get(at("position_take", scene)).content.decode()


def test_adopting_names_its_numbers_and_is_done_once(scene):
    table(scene)
    client = as_person(scene.cast.convenor)
    day = {"adopted_on": timezone.localdate().isoformat(), "place": "Jakarta", "one_time_key": "adopt-adopt-adopt"}
    assert "No organisation has joined" in client.get(at("statement_adopt", scene)).content.decode()
    assert client.post(at("statement_adopt", scene), {**day, "one_time_key": ""}).status_code == 200
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    assert "Adopt for 1 organisation" in client.get(at("statement_adopt", scene)).content.decode()
    first, second = (client.post(at("statement_adopt", scene), day) for _ in range(2))
    assert first.url == second.url == at("plenary", scene)
    assert Edition.objects.count() == 1
    publish = {"one_time_key": "publish-publish"}
    assert "2 organisations that accepted" in client.get(at("statement_publish", scene)).content.decode()
    for _ in range(2):
        assert client.post(at("statement_publish", scene), publish).url == at("plenary", scene)
    scene.statement.refresh_from_db()
    assert scene.statement.state == "published"


@pytest.mark.parametrize("day", ["", "yesterday", "2007-13-40", "2999-01-01"])
def test_a_day_that_is_none_is_told_beside_the_field(scene, day):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    response = as_person(scene.cast.convenor).post(at("statement_adopt", scene), {"adopted_on": day})
    assert set(response.context["form"].errors) == {"adopted_on"}


def test_taking_the_text_back_says_what_is_removed(scene):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    client = as_person(scene.cast.convenor)
    assert "1 position" in client.get(at("statement_untable", scene)).content.decode()
    assert client.post(at("statement_untable", scene)).url == at("workspace", scene)
    assert not Position.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_plenary_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    table(scene, asean=count, national=0)
    for invitation in scene.invitations[count:]:
        invitation.delete()
    if count == 3:
        build.make_invitation(scene.consultation, state="accepted")
    client = as_person(scene.cast.convenor)
    client.get(at("plenary", scene))
    with django_assert_num_queries(16):
        response = client.get(at("plenary", scene))
    assert len(response.context["rows"]) == count


def test_own_bench_is_heard_and_does_not_count(scene):
    table(scene)
    type(scene.cast.organisation).objects.filter(pk=scene.cast.organisation.pk).update(conflict="state")
    build.make_invitation(scene.consultation, build.make_organisation(name="Union"), state="accepted")
    page = as_person(scene.cast.convenor).get(at("plenary", scene))
    counted = {row["name"]: row["counts"] for row in page.context["rows"]}
    assert counted[scene.cast.organisation.name] is False
    assert page.context["figures"]["waiting"] == sum(counted.values())
    mine = as_person(scene.cast.representative).get(at("position_take", scene))
    assert (mine.context["own_bench"], mine.context["open"]) == (True, False)
    assert scene.statement.title not in str(as_person(scene.cast.representative).get("/en/desk/").context["parts"])


def test_an_official_and_a_person_who_come_have_no_voice(scene):
    table(scene)
    build.make_invitation_of_body(scene.consultation, state="accepted", seats_accepted=1)
    build.make_invitation_of_person(scene.consultation, state="accepted", seats_accepted=1)
    page = as_person(scene.cast.convenor).get(at("plenary", scene))
    assert page.status_code == 200
    organisations = scene.consultation.invitations.filter(state="accepted", organisation__isnull=False)
    voices = {row["organisation"].pk for row in page.context["rows"]}
    assert voices == set(organisations.values_list("organisation", flat=True))


def test_the_trail_is_found_from_the_plenary_and_from_the_desk_once_it_is_published(scene):
    client = as_person(scene.cast.convenor)
    pages = [reverse(name, args=[scene.consultation.slug]) for name in ("plenary", "consultation_desk")]
    link = f'href="{reverse("trail_desk", args=[scene.statement.slug])}"'
    table(scene)
    assert [link in client.get(page).content.decode() for page in pages] == [False, False]
    build.make_edition(scene.statement)
    assert [link in client.get(page).content.decode() for page in pages] == [True, True]

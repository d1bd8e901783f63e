"""The convenors' desk of the trail: who may, what is recorded, nothing twice, nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.models import Conveyance, Pledge, TrailStep
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import CANARY, answer, make_published
from tests.tables import few

CONVENORS = {"convenor", "second_convenor"}


@pytest.fixture
def published(cast):
    return make_published(cast)


def desk(published, name="trail_desk", *more):
    """Return the address of one of the desk's pages."""
    return reverse(name, args=[published.slug, *more])


def typed_step(published, **values):
    """Return what a convenor types to record a step."""
    management = {f"{name}-{key}": "0" for name in ("pledges", "papers") for key in ("INITIAL_FORMS", "TOTAL_FORMS")}
    return {
        "happened_on": timezone.localdate().isoformat(),
        "edition": published.edition.pk,
        "actor_en": "Task Force",
        "counterpart_en": "Director",
        "text_en": "We talked.",
        "evidence_en": "Minutes",
        **management,
        **values,
    }


def typed_conveyance(published, **values):
    """Return what a convenor types to convey."""
    return {
        "bodies": [published.cast.body.pk],
        "channel": "portal",
        "sent_on": timezone.localdate().isoformat(),
        "reference": "TF/1",
        "letter": "Dear Minister.",
        **values,
    }


@pytest.mark.parametrize("person", few(("convenor", "representative", "anonymous"), PEOPLE))
def test_only_the_convenors_come_here(cast, published, person):
    conveyance = published.convey()
    addresses = [
        desk(published),
        desk(published, "step_create", "dialogue"),
        desk(published, "conveyance_create"),
        reverse("conveyance_receipt", args=[conveyance.pk]),
    ]
    expected = 200 if person in CONVENORS else 302 if person == "anonymous" else 403
    client = as_person(cast.people()[person])
    assert [client.get(url).status_code for url in addresses] == [expected] * 4


def test_a_convenor_of_another_consultation_records_nothing_here(published):
    client = as_person(build.make_convenor())
    assert client.get(desk(published)).status_code == 403
    assert client.post(desk(published, "step_create", "effect"), typed_step(published)).status_code == 403
    assert TrailStep.objects.count() == 0


def test_before_publication_there_is_no_trail(cast):
    published = make_published(cast, publish=False)
    assert as_person(cast.convenor).get(desk(published)).status_code == 403


def test_a_step_is_recorded_with_its_pledge(cast, published):
    rows = {"pledges-TOTAL_FORMS": "2", "pledges-0-who_en": "Director", "pledges-0-text_en": "We will help."}
    client = as_person(cast.convenor)
    response = client.post(desk(published, "step_create", "dialogue"), typed_step(published, **rows))
    assert response["Location"] == desk(published)
    step = TrailStep.objects.get()
    assert (step.kind, step.actor_en, step.counterpart_en, step.by) == (
        "dialogue",
        "Task Force",
        "Director",
        cast.convenor,
    )
    assert list(Pledge.objects.values_list("who_en", "text_en")) == [("Director", "We will help.")]
    page = client.get(reverse("statement_timeline", args=[published.slug])).content.decode()
    assert "Pledge of Director" in page


def test_a_handover_takes_its_bundle(cast, published):
    rows = {"papers-TOTAL_FORMS": "2", "papers-0-title_en": "Position paper", "papers-0-dated": "2026-01-01"}
    as_person(cast.convenor).post(desk(published, "step_create", "handover"), typed_step(published, **rows))
    assert [paper.title for paper in TrailStep.objects.get().bundle.all()] == ["Position paper"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"actor_en": ""}, "Say who acted."),
        ({"text_en": "\u200b"}, "Write something that can be read"),
        ({"happened_on": ""}, "This field is required."),
        ({"happened_on": (timezone.localdate() + timedelta(days=3)).isoformat()}, "This day has not come yet."),
        ({"happened_on": "yesterday"}, "Enter a valid date."),
        ({"edition": "999"}, "Select a valid choice."),
        ({"pledges-TOTAL_FORMS": "1", "pledges-0-who_en": "Only who"}, "Say who promised, and what."),
        ({"actor_en": "x" * 201}, "1 character too long"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(cast, published, values, sentence):
    response = as_person(cast.convenor).post(
        desk(published, "step_create", "dialogue"), typed_step(published, counterpart_en="Kept words", **values)
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "Kept words" in page
    assert TrailStep.objects.count() == 0


def test_one_language_is_enough(cast, published):
    values = {"actor_en": "", "text_en": "", "actor_ind": "Gugus Tugas", "text_ind": "Kami berbicara."}
    as_person(cast.convenor).post(desk(published, "step_create", "effect"), typed_step(published, **values))
    assert TrailStep.objects.get().actor_ind == "Gugus Tugas"


def test_a_kind_that_does_not_exist(cast, published):
    assert as_person(cast.convenor).get(desk(published, "step_create", "party")).status_code == 404


@pytest.mark.parametrize("kind", ["dialogue", "handover", "raised", "effect", "review", "report"])
def test_a_double_click_records_one_step(cast, published, kind):
    client, words = as_person(cast.convenor), typed_step(published, one_time_key="click-click")
    answers = [client.post(desk(published, "step_create", kind), words) for _ in range(2)]
    assert [response.status_code for response in answers] == [302, 302]
    assert TrailStep.objects.count() == 1


def test_what_was_typed_before_the_session_ran_out_is_there_again(cast, published, visitor):
    url = desk(published, "step_create", "dialogue")
    assert visitor.post(url, typed_step(published, text_en="Long typed words.")).status_code == 302
    build.login(visitor, cast.convenor)
    assert "Long typed words." in visitor.get(url).content.decode()


def test_a_pledge_is_settled(cast, published):
    rows = {"pledges-TOTAL_FORMS": "1", "pledges-0-who_en": "Director", "pledges-0-text_en": "We will help."}
    client = as_person(cast.convenor)
    client.post(desk(published, "step_create", "dialogue"), typed_step(published, **rows))
    url = desk(published, "pledge_settle", Pledge.objects.get().pk)
    assert client.post(url, {"state": "kept"}).status_code == 302
    assert Pledge.objects.get().state == "kept"
    client.post(url, {"state": "broken"})
    assert Pledge.objects.get().state == "kept"
    other = make_published(cast)
    assert client.post(desk(other, "pledge_settle", Pledge.objects.get().pk), {"state": "denied"}).status_code == 404
    client.get(url)
    assert Pledge.objects.get().state == "kept"


def test_conveying_is_checked_first_with_its_numbers(cast, published):
    client, url = as_person(cast.convenor), desk(published, "conveyance_create")
    page = " ".join(client.post(url, typed_conveyance(published)).content.decode().split())
    for words in ("This conveys the statement to 1 body.", "1 mail goes out.", "Convey to 1 body", "Dear Minister."):
        assert words in page
    assert Conveyance.objects.count() == 0
    back = client.post(url, typed_conveyance(published, change="1")).content.decode()
    assert "Dear Minister." in back
    assert 'name="confirmed"' not in back
    assert Conveyance.objects.count() == 0
    assert client.post(url, typed_conveyance(published, confirmed="1")).status_code == 302
    conveyance = Conveyance.objects.get()
    assert (conveyance.body, conveyance.letter, conveyance.reference) == (cast.body, "Dear Minister.", "TF/1")


def test_a_double_click_conveys_once(cast, published):
    client = as_person(cast.convenor)
    words = typed_conveyance(published, confirmed="1", one_time_key="click-click")
    assert [client.post(desk(published, "conveyance_create"), words).status_code for _ in range(2)] == [302, 302]
    assert Conveyance.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"bodies": []}, "This field is required."),
        ({"letter": ""}, "Write the covering letter"),
        ({"channel": "pigeon"}, "Select a valid choice."),
        ({"letter": "x" * 8001}, "1 character too long"),
        ({"sent_on": (timezone.localdate() + timedelta(days=3)).isoformat()}, "This day has not come yet."),
    ],
)
def test_a_conveyance_that_cannot_go_out(cast, published, values, sentence):
    words = typed_conveyance(published, confirmed="1", **values)
    page = as_person(cast.convenor).post(desk(published, "conveyance_create"), words).content.decode()
    assert sentence in page
    assert Conveyance.objects.count() == 0


def test_only_addressed_bodies_can_be_chosen(cast, published):
    successor = build.make_body("new-ministry")
    type(cast.body).objects.filter(pk=cast.body.pk).update(successor=successor)
    page = as_person(cast.convenor).get(desk(published, "conveyance_create"))
    assert set(page.context["form"].fields["bodies"].queryset) == {cast.body, successor}
    words = typed_conveyance(published, bodies=[cast.other_body.pk], confirmed="1")
    assert as_person(cast.convenor).post(desk(published, "conveyance_create"), words).status_code == 200
    assert Conveyance.objects.count() == 0


def test_a_body_that_an_item_was_passed_to_can_be_chosen(cast, published):
    answer(published, published.convey(), kind="not-competent", passed_to_id=cast.other_body.pk)
    page = as_person(cast.convenor).get(desk(published, "conveyance_create"))
    assert set(page.context["form"].fields["bodies"].queryset) == {cast.other_body}


def test_a_receipt_is_written_down(cast, published):
    conveyance = published.convey()
    url = reverse("conveyance_receipt", args=[conveyance.pk])
    client = as_person(cast.convenor)
    day = timezone.localdate()
    empty = client.post(url, {"outcome": "received"}).content.decode()
    assert empty.count("Without this there is no receipt.") == 4
    words = {"outcome": "received", "received_on": day.isoformat(), "evidence": "Stamp", "their_reference": "M/7"}
    early = client.post(url, {**words, "received_on": (day - timedelta(days=1)).isoformat()}).content.decode()
    assert "This is before the day on which it was sent." in early
    assert client.post(url, words).status_code == 302
    conveyance.refresh_from_db()
    assert (conveyance.state, conveyance.evidence, conveyance.their_reference) == ("received", "Stamp", "M/7")
    assert client.get(url).status_code == 403


def test_one_that_came_back(cast, published):
    conveyance = published.convey()
    client = as_person(cast.convenor)
    client.post(reverse("conveyance_receipt", args=[conveyance.pk]), {"outcome": "returned", "evidence": "Moved"})
    conveyance.refresh_from_db()
    assert (conveyance.state, conveyance.evidence) == ("returned", "Moved")
    page = client.get(desk(published, "conveyance_create"))
    assert set(page.context["form"].fields["bodies"].queryset) == {cast.body}


@pytest.mark.parametrize("count", [1, 3])
def test_reads_stay_flat(cast, django_assert_num_queries, count):
    published = make_published(cast, items=count)
    client = as_person(cast.convenor)
    for number in range(count):
        rows = {"pledges-TOTAL_FORMS": "1", "pledges-0-who_en": "D", "pledges-0-text_en": "H"}
        client.post(desk(published, "step_create", "dialogue"), typed_step(published, **rows))
        body = build.make_body(f"office-{number}")
        published.item().addressees.add(body)
        published.convey(bodies=[body], channel="letter")
    client.get(desk(published))
    with django_assert_num_queries(14):
        page = client.get(desk(published)).content.decode()
    assert page.count("Write down receipt") == count
    assert CANARY not in page

"""The liaison's desk: own conveyances only, answers kept and published, and nothing of a stakeholder changed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import OutgoingMessage
from recommendations import actions
from recommendations.models import Conveyance, Response
from stakeholders.models import PublicBody
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import ADOPTED, CANARY, DESCRIPTION, answer, make_published
from tests.tables import few


@pytest.fixture
def published(cast):
    return make_published(cast, items=2)


@pytest.fixture
def sent(published):
    return published.convey(reference="TF/1")


@pytest.fixture
def acknowledged(cast, sent):
    return actions.acknowledge_conveyance(sent, by=cast.liaison)


def to(name, conveyance):
    """Return the address of one of a conveyance's pages."""
    return reverse(name, args=[conveyance.pk])


def typed(published, **answers):
    """Return what is typed on the sheet: per item's name (a1, id2) its kind and words, and the versions."""
    data = {"then": "save"}
    for item in published.edition.items.all():
        row = {"kind": "", "text": "", "language": "en", "until": "", "passed_to": "", "version": "0"}
        row |= answers.get(f"{item.section_id or 'a'}{item.number}".lower(), {})
        data |= {f"item-{item.pk}-{name}": value for name, value in row.items()}
    return data


STATUS = {
    "conveyance_detail": {"convenor": 200, "second_convenor": 200, "liaison": 200},
    "answer_sheet": {"liaison": 200},
    "answers_publish": {"liaison": 200},
}


@pytest.mark.parametrize("person", few(("convenor", "liaison", "other_liaison"), PEOPLE))
@pytest.mark.parametrize("name", STATUS)
def test_who_may_open_what(cast, acknowledged, name, person):
    response = as_person(cast.people()[person]).get(to(name, acknowledged))
    expected = STATUS[name].get(person, 302 if person == "anonymous" else 403)
    assert response.status_code == expected


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_not_public_does_not_exist_for_others(cast, acknowledged, person):
    Conveyance.objects.update(public=False)
    response = as_person(cast.people()[person]).get(to("conveyance_detail", acknowledged))
    expected = {"convenor": 200, "second_convenor": 200, "liaison": 200, "anonymous": 302}
    assert response.status_code == expected.get(person, 404)


@pytest.mark.parametrize("person", PEOPLE)
def test_who_has_a_desk(cast, sent, person):
    response = as_person(cast.people()[person]).get(reverse("liaison_desk"))
    expected = {"liaison": 200, "other_liaison": 200, "anonymous": 302}
    assert response.status_code == expected.get(person, 403)
    if response.status_code == 200:
        assert (sent.edition.statement.title in response.content.decode()) == (person == "liaison")


def test_the_desk_says_what_is_due(cast, published, sent):
    client = as_person(cast.liaison)
    page = client.get(reverse("liaison_desk")).content.decode()
    assert "Acknowledge receipt" in page
    assert "0 of 4 items answered" in page
    answer(published, sent)
    assert "3 items to answer" in client.get(reverse("liaison_desk")).content.decode()


def test_the_overdue_stand_first(cast, sent):
    late = make_published(cast)
    conveyance = late.convey(sent_on=ADOPTED)
    tasks = as_person(cast.liaison).get(reverse("liaison_desk")).context["tasks"]
    assert [task["name"] for task in tasks] == [late.statement.title, sent.edition.statement.title]
    assert "was due on" in tasks[0]["due"]
    assert conveyance.is_overdue


def test_an_empty_desk_says_what_comes(cast):
    assert (
        "Nothing was conveyed to your office yet"
        in as_person(cast.liaison).get(reverse("liaison_desk")).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_stays_flat(cast, django_assert_num_queries, count):
    for _ in range(count):
        make_published(cast).convey()
    client = as_person(cast.liaison)
    client.get(reverse("liaison_desk"))
    with django_assert_num_queries(6):
        client.get(reverse("liaison_desk"))


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("conveyance_detail", 11), ("answer_sheet", 8), ("answers_publish", 7)])
def test_the_pages_stay_flat(cast, django_assert_num_queries, name, queries, items):
    published = make_published(cast, items=items)
    conveyance = published.convey()
    answer(published, conveyance)
    client = as_person(cast.liaison)
    client.get(to(name, conveyance))
    with django_assert_num_queries(queries):
        assert client.get(to(name, conveyance)).status_code == 200


def test_the_own_country_s_section_stands_first(cast, sent):
    page = as_person(cast.liaison).get(to("conveyance_detail", sent)).content.decode()
    assert 0 < page.index('id="id"') < page.index('id="asean"')
    regional = build.make_body("secretariat", kind="asean", country=None)
    user = build.make_liaison(regional)
    other = Conveyance.objects.create(
        edition=sent.edition, body=regional, state="sent", sent_on=timezone.localdate(), channel="portal"
    )
    page = as_person(user).get(to("conveyance_detail", other)).content.decode()
    assert 0 < page.index('id="asean"') < page.index('id="id"')


def test_a_liaison_reads_no_withheld_name(cast, published, acknowledged):
    client = as_person(cast.liaison)
    for name in STATUS:
        assert CANARY not in client.get(to(name, acknowledged)).content.decode()
    assert DESCRIPTION in client.get(to("conveyance_detail", acknowledged)).content.decode()


def test_acknowledging_once(cast, sent):
    client, url = as_person(cast.liaison), to("conveyance_acknowledge", sent)
    assert client.get(url)["Location"] == to("conveyance_detail", sent)
    words = {"their_reference": "M/7", "one_time_key": "click-click"}
    assert [client.post(url, words)["Location"] for _ in range(2)] == [to("answer_sheet", sent)] * 2
    sent.refresh_from_db()
    assert (sent.state, sent.their_reference) == ("acknowledged", "M/7")
    assert OutgoingMessage.objects.filter(purpose="recommendations.conveyance_acknowledged").count() == 2
    assert client.post(url, {**words, "one_time_key": "later"}).status_code == 403


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "liaison"])
def test_nobody_else_acknowledges_or_answers(cast, published, sent, person):
    client = as_person(cast.people()[person])
    expected = 302 if person == "anonymous" else 403
    assert client.post(to("conveyance_acknowledge", sent)).status_code == expected
    actions.acknowledge_conveyance(sent, by=cast.liaison)
    words = typed(published, a1={"kind": "accepted"})
    assert client.post(to("answer_sheet", sent), words).status_code == expected
    assert client.post(to("answers_publish", sent)).status_code == expected
    assert Response.objects.count() == 0


def test_saving_keeps_and_shows_again(cast, published, acknowledged):
    client = as_person(cast.liaison)
    words = typed(published, a1={"kind": "in-part", "text": "Half of it."}, id1={"text": "Thinking."})
    assert client.post(to("answer_sheet", acknowledged), words)["Location"] == to("answer_sheet", acknowledged)
    page = client.get(to("answer_sheet", acknowledged)).content.decode()
    for kept in ("2 answers saved.", "Half of it.", "Thinking.", 'value="in-part" selected'):
        assert kept in page
    for reader in (None, cast.convenor, cast.representative):
        url = reverse("item_detail", args=[published.slug, "asean", 1])
        assert "Half of it." not in as_person(reader).get(url).content.decode()


def test_a_colleague_of_the_office_goes_on_with_it(cast, published, acknowledged):
    as_person(cast.liaison).post(to("answer_sheet", acknowledged), typed(published, a1={"text": "Half."}))
    colleague = build.make_liaison(cast.body)
    assert "Half." in as_person(colleague).get(to("answer_sheet", acknowledged)).content.decode()


def test_publishing_names_its_numbers(cast, published, acknowledged):
    client = as_person(cast.liaison)
    words = typed(published, a1={"kind": "in-part", "text": "Half of it."}, a2={"text": "Not yet."})
    response = client.post(to("answer_sheet", acknowledged), {**words, "then": "publish"})
    assert response["Location"] == to("answers_publish", acknowledged)
    check = client.get(to("answers_publish", acknowledged))
    page = " ".join(check.content.decode().split())
    for sentence in ("This publishes 1 answer; 3 items stay open.", "Publish 1 answer", "Some items have words"):
        assert sentence in page
    draft = Response.objects.get(kind="in-part")
    done = client.post(to("answers_publish", acknowledged), {"shown": [f"{draft.pk}:1"], "one_time_key": "k-k"})
    again = client.post(to("answers_publish", acknowledged), {"shown": [f"{draft.pk}:1"], "one_time_key": "k-k"})
    assert done["Location"] == again["Location"] == to("conveyance_detail", acknowledged)
    assert Response.objects.published().get() == draft
    public = as_person(None).get(reverse("item_detail", args=[published.slug, "asean", 1])).content.decode()
    assert "Half of it." in public
    assert "Accepted in part" in public


@pytest.mark.parametrize("sent_back", [{}, {"shown": ["x:y"]}, {"shown": ["1:99"]}, {"shown": ["999:1"]}])
def test_what_was_not_checked_is_not_published(cast, published, acknowledged, sent_back):
    client = as_person(cast.liaison)
    client.post(to("answer_sheet", acknowledged), typed(published, a1={"kind": "accepted"}))
    response = client.post(to("answers_publish", acknowledged), sent_back, follow=True)
    assert "The answers changed since you looked." in response.content.decode()
    assert Response.objects.published().count() == 0


def test_with_nothing_ready_there_is_nothing_to_publish(cast, acknowledged):
    client = as_person(cast.liaison)
    assert "No answer is ready" in client.get(to("answers_publish", acknowledged)).content.decode()
    assert "No answer is ready" in client.post(to("answers_publish", acknowledged), follow=True).content.decode()


def test_a_later_answer_leaves_the_earlier_one_in_sight(cast, published, acknowledged):
    answer(published, acknowledged, kind="noted", text="First.")
    client = as_person(cast.liaison)
    page = client.get(to("answer_sheet", acknowledged)).content.decode()
    assert "First." in page
    assert 'value="noted" selected' not in page
    client.post(to("answer_sheet", acknowledged), typed(published, a1={"kind": "accepted", "text": "Second."}))
    assert Response.objects.published().get().text == "First."
    assert Response.objects.get(published_at=None).text == "Second."


def test_two_at_once_get_both_texts(cast, published, acknowledged):
    colleague = build.make_liaison(cast.body)
    url = to("answer_sheet", acknowledged)
    as_person(colleague).post(url, typed(published, a1={"kind": "noted", "text": "We will look at it."}))
    client = as_person(cast.liaison)
    words = typed(published, a1={"kind": "accepted", "text": "We will do it."}, a2={"text": "Other words."})
    response = client.post(url, words)
    page = response.content.decode()
    assert response.status_code == 409
    for kept in ("We will look at it.", "We will do it.", "Other words.", "<ins>", "<del>"):
        assert kept in page
    item = published.item()
    assert f'name="item-{item.pk}-version" value="1"' in page
    assert Response.objects.get().text == "We will look at it."
    words[f"item-{item.pk}-version"] = "1"
    assert client.post(url, words).status_code == 302
    assert set(Response.objects.values_list("text", flat=True)) == {"We will do it.", "Other words."}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"text": "x" * 4001}, "1 character too long"),
        ({"kind": "rejected"}, "Select a valid choice."),
        ({"kind": "accepted", "until": "2027-01-01"}, "Only for “under examination”."),
        ({"kind": "under-examination", "until": "soon"}, "Enter a valid date."),
        ({"kind": "accepted", "passed_to": "{other}"}, "Only for “not competent”."),
        ({"language": "tlh"}, "Select a valid choice."),
        ({"text": "\u200b\u2060"}, "Write something that can be read"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(cast, published, acknowledged, row, sentence):
    near = build.make_body("near")
    row = {name: value.replace("{other}", str(near.pk)) for name, value in row.items()}
    words = typed(published, a1=row, a2={"text": "Kept words."})
    response = as_person(cast.liaison).post(to("answer_sheet", acknowledged), words)
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "Kept words." in page
    assert f'href="#id_item-{published.item().pk}-' in page
    assert Response.objects.count() == 0


def test_dates_and_offices_are_kept_with_their_kind(cast, published, acknowledged):
    near = build.make_body("near")
    words = typed(
        published,
        a1={"kind": "under-examination", "until": "2027-01-01"},
        a2={"kind": "not-competent", "passed_to": str(near.pk)},
    )
    assert as_person(cast.liaison).post(to("answer_sheet", acknowledged), words).status_code == 302
    rows = Response.objects.order_by("item").values_list("kind", "until", "passed_to")
    assert list(rows) == [("under-examination", build.date(2027, 1, 1), None), ("not-competent", None, near.pk)]


@pytest.mark.parametrize("text", ["យើងយល់ព្រម។", "هاليمو کتوجو", "👍🏽", "<script>alert(1)</script>"])
def test_an_answer_in_any_script(cast, published, acknowledged, text):
    answer(published, acknowledged, text=text)
    assert Response.objects.get().text == text
    page = as_person(None).get(reverse("item_detail", args=[published.slug, "asean", 1])).content.decode()
    assert "<script>alert" not in page


def test_only_own_items_are_on_the_sheet(cast, published, acknowledged):
    published.item(2).addressees.set([cast.other_body])
    rows = as_person(cast.liaison).get(to("answer_sheet", acknowledged)).context["rows"]
    assert [row["item"].label for row in rows] == ["ASEAN 1", "ID 1", "ID 2"]
    sneaked = typed(published, a2={"kind": "accepted"})
    as_person(cast.liaison).post(to("answer_sheet", acknowledged), sneaked)
    assert Response.objects.count() == 0


def test_items_of_an_old_ministry_and_items_passed_on_are_on_the_sheet(cast, published, acknowledged):
    old = build.make_body("old", successor=cast.body)
    published.item(1).addressees.set([old])
    published.item(2).addressees.set([cast.other_body])
    published.item(1, "ID").addressees.set([cast.other_body])
    Response.objects.create(
        item=published.item(2),
        body=cast.other_body,
        kind="not-competent",
        passed_to=cast.body,
        language="en",
        published_at=timezone.now(),
    )
    rows = as_person(cast.liaison).get(to("answer_sheet", acknowledged)).context["rows"]
    assert [row["item"].label for row in rows] == ["ASEAN 1", "ASEAN 2", "ID 2"]


def test_what_was_typed_before_the_session_ran_out_is_there_again(cast, published, acknowledged, visitor):
    url = to("answer_sheet", acknowledged)
    visitor.post(url, typed(published, a1={"kind": "accepted", "text": "Long typed words."}))
    build.login(visitor, cast.liaison)
    page = visitor.get(url).content.decode()
    assert "Long typed words." in page
    assert Response.objects.count() == 0


def test_a_liaison_who_changed_offices_reads_nothing_of_the_old_one(cast, published, acknowledged):
    cast.liaison.appointments.update(body=PublicBody.objects.get(pk=cast.other_body.pk))
    client = as_person(type(cast.liaison).objects.get(pk=cast.liaison.pk))
    assert client.get(to("answer_sheet", acknowledged)).status_code == 403
    assert client.post(to("answers_publish", acknowledged)).status_code == 403


def test_an_offered_list_of_offices_is_near(cast, published, acknowledged):
    gone = build.make_body("gone", successor=cast.body)
    international = build.make_body("ilo", kind="international", country=None)
    near = build.make_body("near")
    form = as_person(cast.liaison).get(to("answer_sheet", acknowledged)).context["rows"][0]["form"]
    offered = {value for value, _name in form.fields["passed_to"].choices}
    assert offered == {"", international.pk, near.pk}
    assert gone.pk not in offered

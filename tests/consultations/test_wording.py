"""The convenors' own words: kept as typed, refused where unsafe, never lost between two writers."""

import pytest

from consultations import actions
from consultations.models import Wording
from portal.states import Conflict, Refusal
from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def address(consultation, kind="invitation", language="en") -> str:
    """Return where the words are written."""
    return f"/en/consultations/{consultation.slug}/wording/{kind}/{language}/"


WORDS = {"subject": "Come on {days}", "body": "Dear {organisation},\r\n\r\nមក {link}", "version": "0"}


def save(cast, consultation, **values):
    """Save words."""
    words = {"kind": "invitation", "language": "en", "subject": "Come", "body": "Come", "version": 0, **values}
    return actions.save_wording(consultation, by=cast.convenor, **words)


def test_words_are_kept_as_typed_changed_and_taken_back(cast, consultation) -> None:
    first = save(cast, consultation, body="Dear {organisation},\n\n<b>")
    assert (first.body, first.version) == ("Dear {organisation},\n\n<b>", 1)
    assert save(cast, consultation, subject="Come soon", version=1).version == 2
    assert save(cast, consultation, subject="", body="", version=2) is None
    assert not Wording.objects.exists()
    assert save(cast, consultation, subject="", body="") is None


def test_two_writers(cast, consultation) -> None:
    save(cast, consultation)
    for version in (0, 7):
        with pytest.raises(Conflict):
            save(cast, consultation, version=version)
    assert Wording.objects.get().version == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"body": ""}, "body"),
        ({"subject": "{link}"}, "subject"),
        ({"body": "{nobody}"}, "body"),
        ({"body": "https://evil.example/"}, "body"),
        ({"kind": "summary"}, None),
    ],
)
def test_what_the_action_refuses_by_itself(cast, consultation, values, field) -> None:
    with pytest.raises(Refusal) as refusal:
        save(cast, consultation, **values)
    assert refusal.value.field == field
    assert not Wording.objects.exists()


def test_a_discreet_one_keeps_its_title_out_of_the_words(cast) -> None:
    discreet = build.make_consultation(discreet=True)
    for field in ("subject", "body"):
        with pytest.raises(Refusal) as refusal:
            save(cast, discreet, **{field: "{title}"})
        assert refusal.value.field == field


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_nothing_is_written_once_it_is_over(cast, state) -> None:
    with pytest.raises(Refusal):
        save(cast, build.make_consultation(state=state))


@pytest.mark.parametrize("path", ["wording/", "wording/invitation/en/"])
def test_who_opens_the_pages(cast, consultation, path) -> None:
    people = cast.people()
    found = {
        name: as_person(people[name]).get(f"/en/consultations/{consultation.slug}/{path}").status_code
        for name in PEOPLE
    }
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("path", ["wording/summary/en/", "wording/invitation/xx/", "wording/nothing/en/"])
def test_other_words_do_not_exist(cast, consultation, path) -> None:
    response = as_person(cast.convenor).get(f"/en/consultations/{consultation.slug}/{path}")
    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(cast, consultation, count, django_assert_num_queries) -> None:
    for language in ("en", "th", "km")[:count]:
        build.make_invitation(consultation, language=language)
        save(cast, consultation, language=language)
    client = as_person(cast.convenor)
    client.get(f"/en/consultations/{consultation.slug}/wording/")
    with django_assert_num_queries(5):
        body = client.get(f"/en/consultations/{consultation.slug}/wording/").content.decode()
    assert body.count("own words") == count


def test_the_page_begins_from_the_usual_words_and_shows_the_result(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, language="en")
    client = as_person(cast.convenor)
    body = client.get(address(consultation)).content.decode()
    assert "Invitation: consultation, {days}" in body
    assert "the personal link to answer" in body
    response = client.post(address(consultation), WORDS)
    assert response.url == (
        f"/en/consultations/{consultation.slug}/invitations/{invitation.pk}/preview/?kind=invitation&language=en"
    )
    shown = client.get(response.url)
    assert "មក" in shown.context["mail"]["text"]
    assert "The text does not say {days}, {place}, {answer_by}. Does every reader know?" in shown.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"subject": ""}, "Write a subject."),
        ({"body": "\u200b\u2060"}, "only invisible characters"),
        ({"body": ""}, "Write the text, or leave the subject empty too"),
        ({"subject": "x" * 101}, "This is 1 character too long."),
        ({"subject": "{organisation}"}, "There are: {title}, {days}, {place}, {answer_by}."),
        ({"body": "{organization}"}, "There is no placeholder {organization}."),
        ({"body": "{days"}, "A brace is left open."),
        ({"body": "See bit.ly/x"}, "would become a link to another place"),
    ],
)
def test_bad_words_are_refused_beside_their_field_and_kept(cast, consultation, changed, sentence) -> None:
    response = as_person(cast.convenor).post(address(consultation), {**WORDS, **changed})
    body = response.content.decode()
    assert sentence in body
    assert list(response.context["form"].errors) == list(changed)
    kept = {**WORDS, **changed}
    assert all(response.context["form"].data[name] == kept[name] for name in kept)
    assert not Wording.objects.exists()


def test_a_long_subject_is_kept_with_a_remark(cast, consultation) -> None:
    build.make_invitation(consultation)
    data = {**WORDS, "subject": "x" * 53, "body": "{days} {place} {answer_by}"}
    body = as_person(cast.convenor).post(address(consultation), data, follow=True).content.decode()
    assert "The subject is 3 characters longer than most mail programs show." in body
    assert Wording.objects.get().subject == "x" * 53


def test_a_conflict_shows_both_texts_and_loses_nothing(cast, consultation) -> None:
    client = as_person(cast.convenor)
    client.post(address(consultation), {**WORDS, "subject": "Theirs"})
    response = client.post(address(consultation), {**WORDS, "subject": "Mine"})
    assert response.status_code == 409
    body = response.content.decode()
    assert "Theirs" in body
    assert 'value="Mine"' in body
    assert Wording.objects.get().subject == "Theirs"
    client.post(address(consultation), {**WORDS, "subject": "Mine", "version": "1"})
    assert Wording.objects.get().subject == "Mine"


def test_both_empty_brings_the_usual_words_back(cast, consultation) -> None:
    save(cast, consultation)
    response = as_person(cast.convenor).post(address(consultation), {"version": "1"}, follow=True)
    assert "The usual words stand again." in response.content.decode()
    assert not Wording.objects.exists()


def test_words_that_became_too_telling_are_pointed_out_before_sending(cast, consultation) -> None:
    build.make_invitation(consultation, state="approved")
    save(cast, consultation, body="{title}")
    client, address = as_person(cast.convenor), f"/en/consultations/{consultation.slug}/invitations/send/"
    assert "These words tell too much" not in client.get(address).content.decode()
    type(consultation).objects.update(discreet=True)
    assert "These words tell too much" in client.get(address).content.decode()


# --- Words for a change -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["moved", "cancelled"])
def test_words_for_a_change_are_written_seen_and_named_where_it_is_made(cast, consultation, kind) -> None:
    invitation = build.make_invitation(consultation, language="en")
    client = as_person(cast.convenor)
    page = client.get(address(consultation, kind)).content.decode()
    assert {"moved": "Moved: consultation, {days}", "cancelled": "Cancelled: consultation, {days}"}[kind] in page
    assert "{link}" not in page
    values = {"subject": "Sorry: {days}", "body": "We are sorry, {organisation}.", "version": "0"}
    response = client.post(address(consultation, kind), values)
    assert response["Location"].endswith(f"/invitations/{invitation.pk}/preview/?kind={kind}&language=en")
    preview = client.get(response["Location"]).content.decode()
    assert "We are sorry, " in preview
    assert "This is the mail as it would be today." in preview
    assert invitation.token not in preview
    act = {"moved": "move", "cancelled": "cancel"}[kind]
    made = client.get(f"/en/consultations/{consultation.slug}/{act}/").content.decode()
    assert "It opens with your own words in: English." in " ".join(made.split())


@pytest.mark.parametrize(("kind", "name"), [("moved", "link"), ("cancelled", "link"), ("cancelled", "answer_by")])
def test_what_stands_below_cannot_be_used_above(cast, consultation, kind, name) -> None:
    with pytest.raises(Refusal) as refusal:
        save(cast, consultation, kind=kind, body="{" + name + "}")
    assert (refusal.value.field, "cannot be used here" in str(refusal.value.reason)) == ("body", True)


def test_usual_words_are_named_where_a_move_is_made(cast, consultation) -> None:
    build.make_invitation(consultation)
    page = as_person(cast.convenor).get(f"/en/consultations/{consultation.slug}/move/").content.decode()
    assert "It is in the usual words." in page

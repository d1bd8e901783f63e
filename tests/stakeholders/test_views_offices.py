"""The forms of bodies and terms: what is typed is kept, bad input gets a sentence, a second press does nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import OutgoingMessage, User
from portal.once import FIELD, new_key
from stakeholders.models import Convenorship, LiaisonAppointment, Membership, Organisation, PublicBody
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import as_person

BODY = {"name_en": "Ministry of Work", "name_ind": "Kementerian Kerja", "kind": "national", "country": "ID"}


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org")


def send(client, name, *args, **fields):
    """Return an answer to a form that is sent in."""
    return client.post(reverse(name, args=args), {FIELD: new_key(), **fields})


def person(**values):
    """Return a filled-in form about a person."""
    today = timezone.localdate()
    until = (today + timedelta(days=90)).isoformat()
    known = {"address": "new@example.org", "full_name": "New", "language": "id", "since": today.isoformat()}
    return {**known, "until": until, **values}


def test_a_body_is_written_down_and_changed(administrator):
    build.make_country()
    client = as_person(administrator)
    sent = send(client, "public_body_create", **BODY, acronym="MoW", matter="labour", since="1945-08-17")
    body = PublicBody.objects.get()
    assert sent.url == reverse("public_body_detail", args=["id-mow"])
    assert (body.name_en, body.name_ind, body.since.year) == ("Ministry of Work", "Kementerian Kerja", 1945)
    sent = send(client, "public_body_edit", body.slug, **BODY, acronym="MoWo", version=1, note_en="Renamed.")
    body.refresh_from_db()
    assert (sent.url, body.acronym, body.note_en, body.version) == (body.get_absolute_url(), "MoWo", "Renamed.", 2)


def test_a_second_editor_gets_both_texts(cast, administrator):
    client = as_person(administrator)
    url = cast.body.slug
    fields = {**BODY, "version": 1}
    send(client, "public_body_edit", url, **fields, note_en="First words.")
    clash = send(client, "public_body_edit", url, **fields, note_en="Second words.", since="2020-01-01")
    assert clash.status_code == 409
    rows = {str(row["label"]): (row["theirs"], row["mine"]) for row in clash.context["conflict"]}
    assert rows == {"Note (English)": ("First words.", "Second words."), "Since": ("", "1 January 2020")}
    assert PublicBody.objects.get(pk=cast.body.pk).note_en == "First words."
    assert clash.context["form"].data["version"] == "2"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name_en", "", "This field is required."),
        ("name_en", "\u200b\u200b", "Write something that can be read"),
        ("name_en", "x" * 201, "too long"),
        ("country", "", "A national body has a country."),
        ("country", "ZZ", "Select a valid choice."),
        ("kind", "x", "Select a valid choice."),
        ("reports_to", "999999", "Select a valid choice."),
        ("since", "2568-01-01", "did you mean 2025?"),
        ("until", "never", "Write a day"),
    ],
)
def test_bad_input_of_a_body_gets_a_sentence_and_loses_nothing(administrator, field, value, sentence):
    build.make_country()
    sent = send(as_person(administrator), "public_body_create", **{**BODY, "acronym": "Kept", field: value})
    assert sent.status_code == 200
    assert sentence in " ".join(sent.context["form"].errors[field])
    assert 'value="Kept"' in sent.content.decode()
    assert PublicBody.objects.count() == 0


@pytest.mark.parametrize("name", ["ကြေးမုံ ဝန်ကြီးဌာန", "ក្រសួងការងារ", "وزارة العمل", "<script>alert(1)</script>"])
def test_a_name_in_any_script_is_shown_as_written(administrator, visitor, name):
    build.make_country()
    send(as_person(administrator), "public_body_create", **{**BODY, "name_en": name})
    body = PublicBody.objects.get()
    assert body.name_en == name
    assert "<script>alert" not in visitor.get(body.get_absolute_url()).content.decode()


def test_pressing_twice_appoints_once(cast, administrator):
    client, fields = as_person(administrator), {**person(), FIELD: new_key()}
    url = reverse("liaison_appoint", args=[cast.body.slug])
    assert [client.post(url, fields).url for _again in range(2)] == [reverse("administration")] * 2
    assert LiaisonAppointment.objects.filter(state="proposed").count() == 1
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "nobody"),
        ("address", ""),
        ("full_name", "\u200b"),
        ("since", "x"),
        ("until", "2020-01-01"),
        ("until", ""),
    ],
)
def test_bad_input_about_a_person_gets_a_sentence(cast, administrator, field, value):
    sent = send(as_person(administrator), "liaison_appoint", cast.body.slug, **person(**{field: value}))
    assert (sent.status_code, list(sent.context["form"].errors)) == (200, [field])
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_whole_way_of_a_colleague(cast, administrator):
    liaison, keeper, colleague = (as_person(one) for one in (cast.liaison, administrator, cast.stranger))
    fields = person(address="stranger@example.org")
    assert send(liaison, "colleague_propose", **fields).url == reverse("desk")
    appointment = LiaisonAppointment.objects.get(user=cast.stranger)
    assert send(keeper, "appointment_approve", appointment.pk, answer="approve").url == reverse("administration")
    desk = colleague.get(reverse("desk"))
    assert [part.tasks[0]["name"] for part in desk.context["parts"]] == [cast.body.name]
    sent = send(colleague, "appointment_answer", appointment.pk, answer="accept", seats=0)
    assert sent.url == reverse("desk")
    assert standing_of(User.objects.get(pk=cast.stranger.pk)).body == cast.body.pk


def test_an_administrator_declines_what_was_asked(cast, administrator):
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=cast.liaison)
    client = as_person(administrator)
    send(client, "appointment_approve", appointment.pk, answer="decline")
    assert LiaisonAppointment.objects.get(pk=appointment.pk).state == "ended"
    assert client.get(reverse("appointment_approve", args=[appointment.pk])).status_code == 404


def test_a_member_confirms_in_numbers_what_ends(cast, administrator):
    Membership.objects.create(organisation=cast.other_organisation, user=cast.representative, state="active")
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.representative, by=administrator)
    client = as_person(cast.representative)
    shown = client.get(reverse("appointment_answer", args=[appointment.pk])).content.decode()
    assert "You stop acting for 2 organisations today; the texts stay with them." in shown
    refused = send(client, "appointment_answer", appointment.pk, answer="accept", seats=2)
    assert list(refused.context["form"].errors) == ["understood"]
    send(client, "appointment_answer", appointment.pk, answer="accept", seats=1, understood="on")
    assert LiaisonAppointment.objects.get(pk=appointment.pk).state == "proposed"
    send(client, "appointment_answer", appointment.pk, answer="accept", seats=2, understood="on")
    standing = standing_of(User.objects.get(pk=cast.representative.pk))
    assert (standing.organisations, standing.body) == (frozenset(), cast.body.pk)


def test_what_ends_is_named_as_the_person_may_see_it(cast, administrator):
    """One's own organisation by its name; one that only invites, and is withheld, by its description."""
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld")
    Organisation.objects.filter(pk=cast.other_organisation.pk).update(visibility="withheld")
    Membership.objects.create(organisation=cast.other_organisation, user=cast.representative, state="invited")
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.representative, by=administrator)
    shown = as_person(cast.representative).get(reverse("appointment_answer", args=[appointment.pk]))
    other = Organisation.objects.get(pk=cast.other_organisation.pk)
    assert shown.context["seats"] == [cast.organisation.name, other.description]
    assert other.name not in shown.content.decode()


@pytest.mark.parametrize("forged", ["0", "", "-1", "x"])
def test_a_forged_number_ends_nothing(cast, administrator, forged):
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.representative, by=administrator)
    send(as_person(cast.representative), "appointment_answer", appointment.pk, answer="accept", seats=forged)
    assert LiaisonAppointment.objects.get(pk=appointment.pk).state == "proposed"
    assert cast.representative.memberships.get().state == "active"


def test_declining_needs_no_confirmation(cast, administrator):
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.representative, by=administrator)
    send(as_person(cast.representative), "appointment_answer", appointment.pk, answer="decline")
    assert LiaisonAppointment.objects.get(pk=appointment.pk).state == "ended"
    assert cast.representative.memberships.get().state == "active"


def test_a_visit_changes_nothing(cast, administrator):
    appointment = LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=cast.liaison)
    as_person(administrator).get(reverse("appointment_approve", args=[appointment.pk]))
    assert LiaisonAppointment.objects.get(pk=appointment.pk).by == cast.liaison


def test_a_term_is_extended(cast, administrator):
    appointment = cast.liaison.appointments.get()
    until = timezone.localdate() + timedelta(days=200)
    sent = send(as_person(administrator), "appointment_extend", appointment.pk, until=until.isoformat())
    assert (sent.url, cast.liaison.appointments.get().until) == (reverse("administration"), until)


@pytest.mark.parametrize("role", ["convenor", "administrator"])
def test_somebody_is_named_for_a_term(administrator, role):
    sent = send(as_person(administrator), "term_create", **person(role=role, until=""))
    assert sent.url == reverse("administration")
    assert Convenorship.objects.filter(user__email="new@example.org", role=role, until=None).count() == 1

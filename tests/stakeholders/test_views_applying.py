"""The application over HTTP: pages, what is kept, sending, limits, the receipt, the terms, literal query counts."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal import delivery
from portal.models import OutgoingMessage
from stakeholders.forms import PARTS
from stakeholders.models import Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.stakeholders.applying import ADDRESS, NAME, answers, applied, send, type_in
from tests.tables import few

CHECK = "/en/apply/check/"
LIAISONS = {"liaison", "other_liaison"}


@pytest.fixture(autouse=True)
def _terms(db):
    """Put version 1 into force."""
    build.make_terms()


@pytest.mark.parametrize("path", few(("", "names/"), ["", *[f"{part}/" for part in PARTS]]))
def test_who_opens_the_pages(cast, path):
    people = cast.people()
    found = {name: as_person(people[name]).get(f"/en/apply/{path}").status_code for name in PEOPLE}
    refused = 403 if path else 200
    assert found == {name: refused if name in LIAISONS else 200 for name in PEOPLE}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_applies(cast, who):
    client = as_person(cast.people()[who])
    if who in LIAISONS:
        assert [client.post(f"/en/apply/{part}/", fields).status_code for part, fields in answers().items()] == [
            403
        ] * 6
        assert client.post(CHECK, {"terms": 1, "accept": "on"}).status_code == 403
        return
    type_in(client)
    assert send(client).status_code == 302
    assert (applied().applicant, applied().state) == (cast.people()[who], "applied")


@pytest.mark.parametrize("language", ["en", "id"])
def test_everything_that_was_typed_arrives(visitor, language):
    type_in(visitor, language)
    answer = send(visitor, language)
    made = applied()
    assert answer["Location"] == f"/{language}/apply/receipt/{made.slug}/"
    assert (made.name_en, made.name_ind, made.acronym) == ("Blitar Migrant Workers' Union", NAME, "SBMB")
    assert made.other_names == [{"text": "Serikat Lama", "lang": "", "kind": "former"}]
    assert set(made.traits.values_list("kind", "code", "reach")) == {
        ("basis", "workers", ""),
        ("issue", "labour", ""),
        ("service", "health", "gap"),
        ("service", "legal-aid", "access"),
        ("role", "advocacy", ""),
    }
    assert (made.speaks_for_omitted, made.side, made.country_id, made.languages) == (True, "origin", "ID", "id km")
    assert (made.contact_email, made.contact_phone, made.language) == (ADDRESS, "+62 811", "id")
    assert (made.website, made.introduction, made.visibility) == ("https://www.example.org", "Kami.", "public")
    assert made.terms.number == 1


def test_only_indonesian_name(visitor):
    type_in(visitor, names={"name_en": ""})
    send(visitor)
    assert (applied().name_en, applied().name_ind, applied().name) == ("", NAME, NAME)


def test_wrong_answer_stands_beside_its_field_and_is_kept(visitor):
    page = visitor.post("/en/apply/contact/", {"contact_email": "nonsense", "contact_name": "Sri"})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["contact_email", "language"])
    again = visitor.get("/en/apply/contact/").context["form"]
    assert (again["contact_email"].value(), again["contact_name"].value()) == ("nonsense", "Sri")


def test_going_back_loses_nothing(visitor):
    answer = visitor.post("/en/apply/who/", {"bases": ["women", "youth"], "back": "1"})
    assert answer["Location"] == "/en/apply/names/"
    assert visitor.get("/en/apply/who/").context["form"]["bases"].value() == ["women", "youth"]
    assert visitor.post("/en/apply/names/", {"back": "1"})["Location"] == "/en/apply/"


def test_changing_one_answer_leads_back_to_the_check(visitor):
    type_in(visitor)
    assert visitor.post("/en/apply/shown/?to=check", {"visibility": "withheld"})["Location"] == CHECK
    assert "Withheld" in visitor.get(CHECK).content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_check_leads_to_the_page_that_is_missing(visitor, part):
    for name, fields in answers().items():
        if name != part:
            visitor.post(f"/en/apply/{name}/", fields)
    assert visitor.get(CHECK)["Location"] == f"/en/apply/{part}/"
    assert visitor.post(CHECK, {"terms": 1, "accept": "on"})["Location"] == f"/en/apply/{part}/"
    assert Organisation.objects.count() == 0


def test_language_may_change_on_the_way(visitor):
    type_in(visitor, "id")
    assert send(visitor, "en").status_code == 302


def test_what_was_typed_survives_signing_in(cast, visitor):
    type_in(visitor)
    build.login(visitor, cast.stranger)
    send(visitor)
    assert applied().applicant == cast.stranger


def test_contact_is_proposed_to_somebody_who_is_signed_in(cast, visitor):
    form = as_person(cast.stranger).get("/id/apply/contact/").context["form"]
    assert [form[name].value() for name in ("contact_name", "contact_email", "language")] == [
        "Stranger",
        "stranger@example.org",
        "id",
    ]
    assert visitor.get("/en/apply/contact/").context["form"].initial == {"language": "en"}


def test_unknown_page_is_absent(visitor):
    assert visitor.get("/en/apply/nonsense/").status_code == 404


def test_nothing_is_sent_without_the_tick(visitor):
    type_in(visitor)
    page = visitor.post(CHECK, {"terms": 1})
    assert (page.status_code, list(page.context["form"].errors), Organisation.objects.count()) == (200, ["accept"], 0)


def test_terms_that_changed_meanwhile_are_shown_again(visitor):
    type_in(visitor)
    build.make_terms(2)
    page = visitor.post(CHECK, {"terms": 1, "accept": "on"})
    assert (page.status_code, list(page.context["form"].errors), Organisation.objects.count()) == (200, ["accept"], 0)
    assert "Terms 2" in page.content.decode()


def test_sending_twice_makes_one(visitor):
    type_in(visitor)
    key = visitor.get(CHECK).context["key"]
    data = {"terms": 1, "accept": "on", "one_time_key": key}
    answers = {visitor.post(CHECK, data)["Location"] for _time in range(2)}
    assert answers == {f"/en/apply/receipt/{applied().slug}/"}


def test_two_tabs_share_one_key(visitor):
    type_in(visitor)
    assert visitor.get(CHECK).context["key"] == visitor.get(CHECK).context["key"]


def test_typed_answers_are_forgotten_once_sent_or_dropped(visitor):
    type_in(visitor)
    send(visitor)
    assert visitor.get("/en/apply/names/").context["form"].initial == {}
    type_in(visitor)
    assert visitor.post("/en/apply/drop/")["Location"] == "/en/apply/"
    assert visitor.get("/en/apply/names/").context["form"].initial == {}


def test_visit_does_not_drop(visitor):
    type_in(visitor)
    assert visitor.get("/en/apply/drop/")["Location"] == "/en/apply/"
    assert visitor.get(CHECK).status_code == 200


def test_three_applications_a_day_for_one_address(visitor):
    for _time in range(3):
        type_in(visitor)
        assert send(visitor).status_code == 302
    type_in(visitor)
    page = send(visitor)
    assert (page.status_code, Organisation.objects.count()) == (429, 3)
    assert "Try again tomorrow" in page.content.decode()
    assert visitor.get(CHECK).status_code == 200
    type_in(visitor, contact={"contact_email": "another@example.org"})
    assert send(visitor).status_code == 302


def test_forged_forwarding_does_not_widen_the_limit(settings, visitor):
    settings.LIMITS = {"application": "2/h/ip"}
    answers = []
    for number in range(3):
        client = Client(headers={"x-forwarded-for": f"203.0.113.{number}"})
        type_in(client, contact={"contact_email": f"a{number}@example.org"})
        answers.append(send(client).status_code)
    assert answers == [302, 302, 429]


def test_receipt_is_there_again_in_the_same_browser_only(cast, visitor):
    type_in(visitor, shown={"visibility": "withheld"})
    receipt = send(visitor)["Location"]
    for _time in range(2):
        page = visitor.get(receipt)
        assert (page.status_code, NAME in page.content.decode(), ADDRESS in page.content.decode()) == (
            200,
            False,
            False,
        )
    status = f"/en/applications/{applied().slug}/"
    assert Client().get(receipt)["Location"] == status
    assert Client().get("/en/apply/receipt/org-nonsense/")["Location"] == "/en/applications/org-nonsense/"
    assert as_person(cast.other_member).get(receipt)["Location"] == status


def test_look_alike_of_a_withheld_name_tells_the_applicant_nothing(cast, visitor):
    plain = Client()
    type_in(plain, names={"name_en": "Persatuan Lain"}, contact={"contact_email": "b@example.org"})
    build.make_organisation(name="Persatuan Rahasia", acronym="PR", visibility="withheld")
    type_in(visitor, names={"name_en": "Persatuan Rаhasia", "acronym": "PR"})
    pages = [client.get(CHECK).content.decode() for client in (plain, visitor)]
    assert pages[0].count("<dt>") == pages[1].count("<dt>")
    made = [send(client) for client in (plain, visitor)]
    assert [answer.status_code for answer in made] == [302, 302]
    receipts = [
        client.get(answer["Location"]).content.decode() for client, answer in zip((plain, visitor), made, strict=True)
    ]
    slugs = [answer["Location"].split("/")[-2] for answer in made]
    assert receipts[0].replace(slugs[0], "") == receipts[1].replace(slugs[1], "")


def test_applied_organisation_is_nowhere_to_be_seen(cast, visitor):
    type_in(visitor)
    send(visitor)
    slug = applied().slug
    for who in set(PEOPLE) - {"convenor", "second_convenor"}:
        client = as_person(cast.people()[who])
        assert client.get(f"/en/organisations/{slug}/").status_code == 404
        assert NAME not in client.get("/id/organisations/").content.decode()


def test_mails_go_out_in_their_readers_languages(cast, visitor):
    type_in(visitor, "en", contact={"language": "id"})
    send(visitor)
    delivery.deliver_batch()
    assert sorted(
        (message.to[0], message.alternatives[0].content.count('<html lang="id"')) for message in mail.outbox
    ) == [
        ("convenor@example.org", 0),
        ("second@example.org", 0),
        (ADDRESS, 1),
    ]
    assert OutgoingMessage.objects.filter(state="sent").count() == 3


def test_pages_are_private_and_carry_the_quick_exit(visitor):
    page = visitor.get("/en/apply/names/")
    assert page["Cache-Control"] == "private, no-store"
    assert ("data-leave" in page.content.decode(), "noindex" in page.content.decode()) == (True, True)


def test_hostile_names_are_shown_as_text(visitor):
    type_in(visitor, names={"name_en": "<script>alert(1)</script>", "name_ind": ""})
    for path in ("shown/", "check/"):
        assert "<script>alert" not in visitor.get(f"/en/apply/{path}").content.decode()


# Terms


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reads_the_terms(cast, who):
    build.make_terms(2, since=timezone.localdate())
    build.make_terms(3, since=timezone.localdate().replace(year=timezone.localdate().year + 1))
    client = as_person(cast.people()[who])
    titles = {path: client.get(f"/en/terms/{path}").context["terms"].title for path in ("", "1/", "2/")}
    assert titles == {"": "Terms 2", "1/": "Terms 1", "2/": "Terms 2"}
    assert [client.get(f"/en/terms/{number}/").status_code for number in (0, 3, 9)] == [200, 404, 404]
    assert "not in force any more" in client.get("/en/terms/1/").content.decode()


def test_terms_in_indonesian(visitor):
    assert "Kerangka 1" in visitor.get("/id/terms/").content.decode()


def test_without_terms_the_pages_say_so(visitor):
    build.TermsOfReference.objects.all().delete()
    assert "There are none yet" in visitor.get("/en/terms/").content.decode()
    type_in(visitor)
    assert "nothing can be sent" in visitor.get(CHECK).content.decode()
    assert visitor.post(CHECK, {"terms": 1, "accept": "on"}).status_code == 200


# Query counts


@pytest.mark.parametrize("count", [1, 3])
def test_terms_take_few_queries(visitor, django_assert_num_queries, count):
    for number in range(2, count + 1):
        build.make_terms(number, since=timezone.localdate())
    with django_assert_num_queries(3):  # age, in force, all versions
        visitor.get("/en/terms/")


@pytest.mark.parametrize("count", [1, 3])
def test_check_takes_the_same_queries_however_much_was_ticked(visitor, django_assert_num_queries, count):
    networks = [build.make_organisation(level="regional").pk for _number in range(count)]
    type_in(visitor, where={"networks": networks, "other_networks": "\n".join("abc"[:count])})
    with django_assert_num_queries(14):
        visitor.get(CHECK)

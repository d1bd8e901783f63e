"""The pages of an organisation's people, by every person of the cast; what they tell and what not; literal counts."""

import pytest
from django.core import mail
from django.test import Client

from portal import delivery
from portal.models import OutgoingMessage, User
from stakeholders import actions
from stakeholders.models import Membership, Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.portal.test_accounts import ASK, CONFIRM, ask_for_code
from tests.stakeholders.mandates import INVITED, anew, day, invite, of
from tests.tables import few

OWN, CONVENORS = {"representative", "colleague"}, {"convenor", "second_convenor"}
GUARDED = {**dict.fromkeys(PEOPLE, 403), "anonymous": 302}
LEAD_ONLY = {**GUARDED, "representative": 200}
SECRET = "Perkumpulan Rahasia"
GET = {
    "people/": {**GUARDED, **dict.fromkeys(OWN | CONVENORS, 200)},
    "people/invite/": LEAD_ONLY,
    "people/hand-over/": LEAD_ONLY,
    "people/lead/": {**GUARDED, **dict.fromkeys(CONVENORS, 200)},
    "people/leave/": {**GUARDED, "representative": 302, "colleague": 200},
    "people/sign-off/": {**GUARDED, "representative": 302},
}


def page_of(organisation, page="people/"):
    """Return the address of one of the organisation's pages."""
    return f"/en/organisations/{organisation.slug}/{page}"


def typed(**values):
    """Return what a lead types into the form."""
    words = {"full_name": "Sari", "address": INVITED, "role": "drafter", "mandate": "appointed", "since": day()}
    return {**words, "until": "", **values}


@pytest.mark.parametrize("page", GET)
def test_who_opens_which_page(cast, page):
    seen = {who: as_person(cast.people()[who]).get(page_of(cast.organisation, page)).status_code for who in PEOPLE}
    assert seen == GET[page]


@pytest.mark.parametrize("page", GET)
def test_people_of_a_withheld_organisation_do_not_exist_for_others(cast, page):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld")
    others = ("other_member", "liaison", "other_liaison", "stranger")
    seen = {as_person(cast.people()[who]).get(page_of(cast.organisation, page)).status_code for who in others}
    assert seen == {404}


VERBS = ("accept", "decline", "withdraw", "end", "")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger", "invited"), [*PEOPLE, "invited"]))
def test_who_posts_what_to_a_mandate(cast, who, verb):
    offer = invite(cast)
    offer.user.emailaddress_set.update(verified=True)
    mandate = offer if verb in {"accept", "decline", "withdraw"} else of(cast.colleague)
    person = offer.user if who == "invited" else cast.people()[who]
    before, change = mandate.state, {"role": "representative", "mandate": "chosen", "until": ""}
    answer = as_person(person).post(f"/en/mandates/{mandate.pk}/{verb}{'/' if verb else ''}", change)
    mandate.refresh_from_db()
    changed = (mandate.state, mandate.role) != (before, "drafter")
    may = "invited" if verb in {"accept", "decline"} else "representative"
    inside = OWN | CONVENORS | ({"invited"} if mandate == offer else set())
    statuses = {may: 302, "anonymous": 302, **dict.fromkeys(inside - {may}, 403)}
    assert (answer.status_code, changed) == (statuses.get(who, 404), who == may)


@pytest.mark.parametrize("verb", VERBS)
def test_a_visit_changes_nothing(cast, verb):
    offer = invite(cast)
    for person in (offer.user, cast.representative):
        as_person(person).get(f"/en/mandates/{offer.pk}/{verb}{'/' if verb else ''}")
    offer.refresh_from_db()
    assert offer.state == "invited"


@pytest.mark.parametrize("who", sorted(OWN | CONVENORS))
def test_names_of_the_invited_and_the_former_are_for_leads_and_convenors(cast, who):
    invite(cast, full_name="Invited Name")
    former = build.make_member(cast.organisation, full_name="Former Name")
    actions.end_mandate(of(former), by=cast.representative)
    page = as_person(cast.people()[who]).get(page_of(cast.organisation)).content.decode()
    shown = [name in page for name in ("Lead", "Drafter", "Invited Name", INVITED, "Former Name")]
    assert shown == [True, True, *[who != "colleague"] * 3]
    assert ("1 person" in page) is (who == "colleague")


def test_list_shows_what_was_typed_not_what_the_account_tells(cast):
    page = as_person(cast.representative)
    for address, name in ((INVITED, "Sari"), ("stranger@example.org", "Typed Name")):
        said = page.post(
            page_of(cast.organisation, "people/invite/"), typed(address=address, full_name=name), follow=True
        )
        assert f"The invitation is on its way to {address}." in said.content.decode()
    shown = page.get(page_of(cast.organisation)).content.decode()
    assert ("Typed Name" in shown, "Stranger" in shown) == (True, False)


def test_double_click_invites_once(cast):
    browser, words = as_person(cast.representative), typed(one_time_key="k" * 20)
    urls = [browser.post(page_of(cast.organisation, "people/invite/"), words).url for _click in range(2)]
    assert (urls, OutgoingMessage.objects.count()) == ([page_of(cast.organisation)] * 2, 1)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"full_name": "\u200b"},
            "full_name",
            "Write something that can be read: this holds only invisible characters.",
        ),
        ({"address": "sari"}, "address", "Write one e-mail address, for example name@example.org."),
        ({"until": "2570-01-01"}, "until", "Is this the right year? Write it as in 2027."),
        ({"until": "soon"}, "until", "Write a day, for example 2027-05-12."),
        ({"until": "2020-01-01"}, "until", "This day is over. To end a mandate today, use “End the mandate”."),
        ({"role": "boss"}, "role", "Select a valid choice. boss is not one of the available choices."),
        ({"mandate": "named"}, "mandate", "Select a valid choice. named is not one of the available choices."),
        ({"address": "drafter@example.org"}, "address", "This person acts for the organisation already."),
    ],
)
def test_bad_input_gets_a_sentence_and_writes_nothing(cast, values, field, sentence):
    answer = as_person(cast.representative).post(page_of(cast.organisation, "people/invite/"), typed(**values))
    assert answer.context["form"].errors == {field: [sentence]}
    assert answer.context["form"]["full_name"].value() == values.get("full_name", "Sari")
    assert (User.objects.filter(email=INVITED).count(), Membership.objects.filter(state="invited").count()) == (0, 0)


# --- From the mail to the mandate -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_invited_person_signs_in_with_one_code_reads_the_name_and_accepts(cast):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld", name_en=SECRET)
    offer = invite(cast)
    delivery.deliver_batch()
    assert [message.to for message in mail.outbox] == [[INVITED]]
    assert SECRET not in mail.outbox[0].body + mail.outbox[0].subject + mail.outbox[0].alternatives[0].content
    mail.outbox.clear()
    browser = Client()
    code = ask_for_code(browser, INVITED)
    assert browser.post(CONFIRM, {"code": code}).url == "/en/desk/"
    desk = browser.get("/en/desk/").content.decode()
    assert f'<span class="title">{SECRET}</span>' in desk
    assert "Lead invites you as drafter" in " ".join(desk.split())
    page = browser.post(f"/en/mandates/{offer.pk}/accept/", follow=True).content.decode()
    assert "You act for this organisation now." in page
    assert browser.get(page_of(cast.organisation)).status_code == 200


def test_asking_for_a_code_says_the_same_whether_invited_or_not(cast):
    invite(cast)
    answers = [Client().post(ASK, {"email": address}) for address in (INVITED, "nobody@example.org")]
    assert [(one.status_code, one.url) for one in answers] == [(302, CONFIRM)] * 2


def test_liaison_cannot_accept_and_reads_why(cast):
    offer = Membership.objects.create(
        organisation=cast.organisation, user=cast.liaison, by=cast.representative, state="invited"
    )
    page = as_person(cast.liaison).post(f"/en/mandates/{offer.pk}/accept/", follow=True).content.decode()
    assert "You act for a public body. Somebody who does cannot act for an organisation as well." in page


def test_answer_after_the_withdrawal_gets_a_sentence(cast):
    offer = invite(cast)
    offer.user.emailaddress_set.update(verified=True)
    actions.withdraw_mandate(offer, by=cast.representative)
    page = as_person(offer.user).post(f"/en/mandates/{offer.pk}/accept/", follow=True).content.decode()
    assert "This invitation is not open any more." in page


# --- Rights end on the next request ---------------------------------------------------------------------------


def test_open_session_loses_the_organisation_on_the_next_request(cast):
    browser = as_person(cast.colleague)
    assert browser.get(page_of(cast.organisation)).status_code == 200
    as_person(cast.representative).post(f"/en/mandates/{of(cast.colleague).pk}/end/")
    assert browser.get(page_of(cast.organisation)).status_code == 403
    assert list(browser.get("/en/desk/").context["acts_for"]) == []


def test_last_lead_is_led_to_handing_over(cast):
    browser = as_person(cast.representative)
    page = browser.post(page_of(cast.organisation, "people/leave/"), follow=True)
    assert page.redirect_chain == [(page_of(cast.organisation, "people/hand-over/"), 302)]
    assert "You are the only one who leads." in page.content.decode()
    words = {"to": of(cast.colleague).pk, "leave": "yes"}
    assert browser.post(page_of(cast.organisation, "people/hand-over/"), words).url == "/en/desk/"
    assert (of(cast.representative).state, of(cast.colleague).role) == ("left", "lead")


def test_convenor_says_who_leads(cast):
    cast.representative.memberships.update(role="representative")
    browser = as_person(cast.convenor)
    assert "Say who leads" in browser.get(page_of(cast.organisation)).content.decode()
    browser.post(page_of(cast.organisation, "people/lead/"), {"to": of(cast.colleague).pk})
    assert of(cast.colleague).role == "lead"
    refused = browser.post(page_of(cast.organisation, "people/lead/"), {"to": of(cast.representative).pk})
    assert refused.context["form"].non_field_errors() == [
        "This organisation has a lead representative. Only that person hands over."
    ]


def test_person_of_another_organisation_is_no_choice(cast):
    words = {"to": of(cast.other_member).pk, "leave": "no"}
    answer = as_person(cast.representative).post(page_of(cast.organisation, "people/hand-over/"), words)
    assert list(answer.context["form"].errors) == ["to"]


def test_sign_off_is_switched_and_back(cast):
    browser = as_person(cast.representative)
    for values, on in (({"sign_off": "on"}, True), ({}, False)):
        browser.post(page_of(cast.organisation, "people/sign-off/"), values)
        assert Organisation.objects.get(pk=cast.organisation.pk).sign_off is on


@pytest.mark.parametrize(("who", "count"), [("representative", 8), ("colleague", 6), ("convenor", 8)])
@pytest.mark.parametrize("items", [1, 3])
def test_people_queries(cast, django_assert_num_queries, who, count, items):
    for number in range(items):
        invite(cast, address=f"one{number}@example.org")
        build.make_member(cast.organisation, role="drafter")
        cast_off = build.make_member(cast.organisation, role="drafter")
        actions.end_mandate(of(cast_off), by=anew(cast.representative))
    browser = as_person(cast.people()[who])
    browser.get("/en/about/")
    with django_assert_num_queries(count):
        browser.get(page_of(cast.organisation))


def test_nobody_raises_a_role_in_the_back_office(cast):
    administrator = build.make_user(is_staff=True, is_superuser=True)
    mandate = Membership.objects.create(
        organisation=cast.organisation, user=administrator, role="drafter", state="active"
    )
    page = f"/en/admin/stakeholders/membership/{mandate.pk}/change/"
    as_person(administrator).post(page, {"role": "lead", "mandate": "chosen", "since": day()})
    mandate.refresh_from_db()
    assert (mandate.role, mandate.mandate) == ("drafter", "appointed")

"""What a person does in their own name: the desk, the profile, joining from a link, answering who asks to join."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Invitation
from portal.models import LogEntry, OutgoingMessage, User
from stakeholders.models import Membership
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

SECRET = "Perkumpulan Rahasia Sekali"


def visited(person):
    """Return a browser that has been on a page already, so that counts are those of every later visit."""
    browser = as_person(person)
    if person is not None:
        browser.get("/en/about/")
    return browser


# --- Desks ----------------------------------------------------------------------------------------------------


def parts_of(person):
    """Return the titles of the person's desk with the names of the tasks."""
    return {
        part.title: [task["name"] for task in part.tasks]
        for part in as_person(person).get("/en/desk/").context["parts"]
    }


def test_convenor_s_desk(cast):
    mine = {"convenors": [cast.convenor]}
    consultation = build.make_consultation(title_en="Jakarta", **mine)
    for state in ("sent", "sent", "undeliverable", "drafted", "approved", "accepted"):
        build.make_invitation(consultation, state=state)
    build.make_submission(consultation, cast.organisation, cast.representative)
    statement = build.make_statement(consultation)
    statement.move("table")
    build.make_consultation(title_en="Draft one", state="draft", starts_on=timezone.localdate(), **mine)
    build.make_consultation(title_en="Somebody else's", convenors=[cast.second_convenor])
    assert parts_of(cast.convenor) == {
        "What is due": [
            "Announce the consultation",
            "2 invitations wait to be sent",
            "1 invitation came back: repair it",
            "2 have not answered: remind them",
            "1 point to work into the common text",
            "Record the positions and adopt the statement",
        ],
        "Your consultations": ["Draft one", "Jakarta"],
    }


def test_convenor_is_told_of_silence_and_of_what_is_over(cast):
    day = timezone.localdate() - timedelta(days=1)
    consultation = build.make_consultation(convenors=[cast.convenor], starts_on=day, ends_on=day)
    edition = build.make_edition(build.make_statement(consultation))
    build.make_conveyance(edition, cast.body, sent_on=timezone.localdate() - timedelta(days=61))
    assert parts_of(cast.convenor)["What is due"] == [
        "It is over: conclude it and thank those who took part",
        f"{cast.body.name} has not answered",
    ]


def test_member_s_desk(cast):
    consultation = build.make_consultation(title_en="Jakarta")
    build.make_invitation(consultation, cast.organisation)
    other = build.make_consultation(title_en="Bogor", input_closes=timezone.now() - timedelta(days=1))
    build.make_invitation(other, cast.organisation, state="accepted")
    build.make_invitation(build.make_consultation(title_en="Not ours"), cast.other_organisation)
    build.make_submission(consultation, cast.organisation, cast.colleague, text="A draft", state="draft")
    build.make_submission(consultation, cast.organisation, cast.colleague, text="A point")
    build.make_submission(consultation, cast.other_organisation, cast.other_member, text="Of others")
    build.make_statement(other, title_en="Tabled one", state="tabled")
    assert parts_of(cast.representative) == {
        "Invitations to answer": ["Jakarta"],
        "Where you come": ["Bogor"],
        "Statements that wait for your position": ["Tabled one"],
        "Send in your points": ["Jakarta"],
        "Drafts": ["A draft"],
        "What became of your points": ["A point"],
    }


def test_where_one_comes_leads_to_the_names_that_are_missing(cast):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation, state="accepted", seats_accepted=2)
    for named, page, state in ((1, "delegates", "wait"), (2, "receipt", "ok")):
        build.make_seat(invitation)
        parts = {part.title: part.tasks for part in as_person(cast.representative).get("/en/desk/").context["parts"]}
        (task,) = parts["Where you come"]
        assert (task["url"], task["label"], task["state"]) == (
            f"/en/invitations/{invitation.pk}/{page}/",
            f"{named} of 2 named",
            state,
        )
    build.make_seat(invitation, state="excused")
    assert "2 of 2 named" in as_person(cast.representative).get("/en/desk/").content.decode()


def test_drafter_s_desk_has_no_answer_and_no_position_to_give(cast):
    consultation = build.make_consultation(title_en="Jakarta", slug="jakarta")
    build.make_invitation(consultation, cast.organisation, state="tentative")
    parts = {part.title: part.tasks for part in as_person(cast.colleague).get("/en/desk/").context["parts"]}
    assert [(task["url"], task["state"]) for task in parts["Invitations to answer"]] == [
        ("/en/consultations/jakarta/", "wait")
    ]
    assert "Statements that wait for your position" not in parts


def test_statement_to_which_the_organisation_spoke_no_longer_waits(cast):
    consultation = build.make_consultation()
    build.make_invitation(consultation, cast.organisation, state="accepted")
    statement = build.make_statement(consultation, state="tabled")
    statement.positions.create(organisation=cast.organisation, stance="consensus", by=cast.representative)
    assert "Statements that wait for your position" not in parts_of(cast.representative)


@pytest.mark.parametrize(
    ("state", "label", "badge"),
    [("sent", "waits for you", "needs"), ("acknowledged", "waits for you", "needs"), ("answered", "answered", "ok")],
)
def test_liaison_s_desk(cast, state, label, badge):
    edition = build.make_edition(build.make_statement(build.make_consultation(), title_en="Jakarta Statement"))
    build.make_conveyance(edition, cast.body, state=state)
    build.make_conveyance(edition, cast.other_body)
    (part,) = as_person(cast.liaison).get("/en/desk/").context["parts"]
    assert [(task["name"], task["label"], task["state"]) for task in part.tasks] == [
        ("Jakarta Statement", label, badge)
    ]


def test_stranger_s_desk_says_what_comes_next(cast):
    page = as_person(cast.stranger).get("/en/desk/")
    assert (page.context["parts"], page.context["is_nobody_yet"]) == ([], True)
    assert "You have an account. What comes next?" in page.content.decode()


@pytest.mark.parametrize("who", PEOPLE[:8])
def test_open_requests_stand_on_the_desks_of_those_who_may_answer(cast, who):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user(full_name="Asking Person"))
    shown = list(as_person(cast.people()[who]).get("/en/desk/").context["requests"])
    assert shown == ([asks] if who in {"convenor", "second_convenor", "representative"} else [])


@pytest.mark.parametrize(
    ("who", "count"),
    [("convenor", 15), ("representative", 15), ("colleague", 13), ("liaison", 8), ("stranger", 5)],
)
@pytest.mark.parametrize("items", [1, 3])
def test_desk_queries(cast, django_assert_num_queries, who, count, items):
    for _count in range(items):
        consultation = build.make_consultation(convenors=[cast.convenor])
        build.make_invitation(consultation, cast.organisation)
        build.make_invitation_of_body(consultation, cast.body)
        build.make_submission(consultation, cast.organisation, cast.colleague, state="draft")
        build.make_submission(consultation, cast.organisation, cast.colleague)
        conveyed = build.make_conveyance(build.make_edition(build.make_statement(consultation)), cast.body)
        type(conveyed).objects.update(sent_on=timezone.localdate() - timedelta(days=90))
        tabled = build.make_consultation()
        build.make_invitation(tabled, cast.organisation, state="accepted")
        build.make_statement(tabled, state="tabled")
        Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    browser = visited(cast.people()[who])
    with django_assert_num_queries(count):
        browser.get("/en/desk/")


# --- Profile --------------------------------------------------------------------------------------------------


def test_profile_is_saved_recorded_and_answers_in_the_chosen_language(cast):
    answer = as_person(cast.stranger).post(
        "/en/account/profile/", {"full_name": " Dewi\u202e ", "language": "id", "time_zone": "Asia/Dili"}
    )
    assert (answer.status_code, answer.url) == (302, "/id/account/profile/")
    user = User.objects.get(pk=cast.stranger.pk)
    assert (user.full_name, user.language, user.time_zone) == ("Dewi", "id", "Asia/Dili")
    assert list(LogEntry.objects.values_list("verb", "actor", "detail")) == [("change_profile", user.pk, "")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("full_name", "\u200b"), ("full_name", "a" * 201), ("language", "xx"), ("time_zone", "Mars/Olympus")],
)
def test_profile_with_a_wrong_value_keeps_what_was_typed(cast, field, value):
    typed = {"full_name": "Dewi", "language": "id", "time_zone": "Asia/Dili", field: value}
    answer = as_person(cast.stranger).post("/en/account/profile/", typed)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (200, [field])
    assert {name: form[name].value() for name in typed} == typed
    assert LogEntry.objects.count() == 0


def test_profile_offers_the_zone_one_has(cast):
    User.objects.filter(pk=cast.stranger.pk).update(time_zone="Africa/Lagos")
    choices = dict(as_person(cast.stranger).get("/en/account/profile/").context["form"].fields["time_zone"].choices)
    assert choices["Africa/Lagos"] == "Lagos, GMT+1"
    assert choices["Asia/Jakarta"] == "Jakarta, WIB, GMT+7"


# --- Joining --------------------------------------------------------------------------------------------------


def opened(browser, invitation):
    """Open the invitation's link in the browser."""
    browser.get(f"/en/i/{invitation.token}/")
    return browser


def test_owner_of_the_invited_address_joins_from_the_link(cast):
    organisation = build.make_organisation(contact_email="stranger@example.org")
    invitation = build.make_invitation(build.make_consultation(), organisation)
    browser = opened(as_person(cast.stranger), invitation)
    assert browser.get(f"/en/join/{invitation.pk}/").context["is_theirs"] is True
    answer = browser.post(f"/en/join/{invitation.pk}/")
    assert (answer.status_code, answer.url) == (302, "/en/desk/")
    assert list(organisation.memberships.values_list("user", "state", "role")) == [(cast.stranger.pk, "active", "lead")]
    assert browser.get("/en/desk/").context["acts_for"][0]["name"] == organisation.name


def test_link_opened_before_signing_in_still_counts_after_it(cast, visitor):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation)
    browser = build.login(opened(visitor, invitation), cast.stranger)
    browser.post(f"/en/join/{invitation.pk}/")
    assert cast.stranger.memberships.get().state == "requested"
    assert OutgoingMessage.objects.get().recipient == "lead@example.org"


def test_double_click_on_joining_makes_one_request(cast):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation)
    browser = opened(as_person(cast.stranger), invitation)
    answers = [browser.post(f"/en/join/{invitation.pk}/", {"one_time_key": "k"}).url for _click in range(2)]
    assert (answers, cast.stranger.memberships.count()) == (["/en/desk/"] * 2, 1)


@pytest.mark.parametrize("why", ["never opened", "revoked", "expired", "renewed", "another one"])
def test_joining_without_a_working_link_finds_nothing(cast, why):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation)
    browser = as_person(cast.stranger)
    if why != "never opened":
        opened(browser, build.make_invitation(build.make_consultation()) if why == "another one" else invitation)
    if why == "revoked":
        Invitation.objects.update(state="revoked")
    if why == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if why == "renewed":
        invitation.renew_token()
        invitation.save()
    answers = [browser.get(f"/en/join/{invitation.pk}/"), browser.post(f"/en/join/{invitation.pk}/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert cast.stranger.memberships.count() == 0


def test_liaison_who_opens_a_link_is_refused_with_a_sentence(cast):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation)
    page = opened(as_person(cast.liaison), invitation).post(f"/en/join/{invitation.pk}/").content.decode()
    assert "You act for a public body. Somebody who does cannot act for an organisation as well." in page


def test_forwarded_link_does_not_tell_a_withheld_name(cast):
    organisation = build.make_organisation(name=SECRET, visibility="withheld", contact_email="one@example.org")
    invitation = build.make_invitation(build.make_consultation(), organisation)
    browser = opened(as_person(cast.stranger), invitation)
    pages = [browser.get(f"/en/join/{invitation.pk}/"), browser.post(f"/en/join/{invitation.pk}/", follow=True)]
    assert [SECRET in page.content.decode() for page in pages] == [False, False]


# --- Answering a request --------------------------------------------------------------------------------------

MAY_ANSWER = {"convenor", "second_convenor", "representative"}
STATUS = {"anonymous": 302, "colleague": 403, **dict.fromkeys(MAY_ANSWER, 302)}


@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger"), PEOPLE))
@pytest.mark.parametrize(("verb", "state"), [("confirm", "active"), ("decline", "left")])
def test_membership_confirm_and_decline(cast, who, verb, state):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    answer = as_person(cast.people()[who]).post(f"/en/memberships/{asks.pk}/{verb}/")
    asks.refresh_from_db()
    assert answer.status_code == STATUS.get(who, 404)
    assert asks.state == (state if who in MAY_ANSWER else "requested")


def test_second_answer_is_refused_with_a_sentence(cast):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    for person in (cast.representative, cast.convenor):
        answer = as_person(person).post(f"/en/memberships/{asks.pk}/confirm/", follow=True)
    assert "This cannot be done now: its state is “active”." in answer.content.decode()


def test_visit_changes_nothing(cast):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    assert as_person(cast.representative).get(f"/en/memberships/{asks.pk}/confirm/").url == "/en/desk/"
    asks.refresh_from_db()
    assert asks.state == "requested"

"""Terms of office: every verb × person × state, and that nobody sits on two sides of the table."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from stakeholders import actions
from stakeholders.models import Convenorship, LiaisonAppointment, Membership
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import PEOPLE

STATES = ("proposed", "active", "ended")


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org", full_name="Administrator")


def day(distance=0):
    """Return the day that many days from today."""
    return timezone.localdate() + timedelta(days=distance)


def person(address="new@example.org", **values):
    """Return what a form says about a person, with a term."""
    return {"address": address, "full_name": "New", "language": "id", "since": day(), "until": day(90), **values}


def somebody(address="asked@example.org"):
    """Return what a liaison says about a colleague."""
    return {"address": address, "full_name": "Asked", "language": "en"}


def anew(user):
    """Return the person as the next request would carry them."""
    return User.objects.get(pk=user.pk)


def refused(call, *args, **kwargs):
    """Return the sentence of a refusal."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    return str(refusal.value.reason)


def queued():
    """Return the kinds of mail that wait, with their readers."""
    return list(OutgoingMessage.objects.order_by("pk").values_list("purpose", "recipient"))


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_only_an_administrator_names(cast, administrator, who):
    by, appointment = cast.people()[who], cast.liaison.appointments.get()
    asked = actions.propose_colleague(by=cast.other_liaison, **somebody())
    term = Convenorship.objects.filter(user=cast.second_convenor).get()
    calls = {
        "appoint": lambda: actions.appoint_liaison(cast.body, by=by, **person()),
        "approve": lambda: actions.approve_appointment(asked, by=by),
        "decline": lambda: actions.decline_appointment(asked, by=by),
        "extend": lambda: actions.extend_appointment(appointment, by=by, until=day(9)),
        "name": lambda: actions.name_for_term(by=by, role="convenor", **person()),
        "end": lambda: actions.end_term(term, by=by),
    }
    sentence = "Only an administrator of the task force can do this."
    assert {name: refused(call) for name, call in calls.items()} == dict.fromkeys(calls, sentence)


def test_somebody_is_appointed_and_told(cast, administrator):
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("New@Example.org"))
    user = appointment.user
    assert (user.email, user.full_name, user.language, user.has_usable_password()) == (
        "new@example.org",
        "New",
        "id",
        False,
    )
    assert (appointment.state, appointment.by, standing_of(user).body) == ("proposed", administrator, None)
    assert queued() == [("stakeholders.liaison_appointed", "new@example.org")]
    assert list(LogEntry.objects.values_list("verb", flat=True)) == ["appoint_liaison"]


def test_nobody_is_appointed_twice_to_one_office(cast, administrator):
    actions.appoint_liaison(cast.body, by=administrator, **person())
    assert "already" in refused(actions.appoint_liaison, cast.body, by=administrator, **person())
    assert "already" in refused(actions.appoint_liaison, cast.body, by=administrator, **person("liaison@example.org"))
    assert LiaisonAppointment.objects.count() == 3


@pytest.mark.parametrize("address", ["convenor@example.org", "second-admin@example.org", "liaison.th@example.org"])
def test_whoever_sits_elsewhere_is_not_appointed(cast, administrator, address):
    build.make_administrator(email="second-admin@example.org")
    refused(actions.appoint_liaison, cast.body, by=administrator, **person(address))
    assert LiaisonAppointment.objects.filter(state="proposed").count() == 0


def test_nobody_names_themselves(cast, administrator):
    sentence = "Nobody names themselves. Ask another administrator."
    assert refused(actions.appoint_liaison, cast.body, by=administrator, **person("admin@example.org")) == sentence
    assert refused(actions.name_for_term, by=administrator, role="convenor", **person("admin@example.org")) == sentence


@pytest.mark.parametrize(
    ("values", "field"), [({"until": day(-1)}, "until"), ({"since": day(5), "until": day(4)}, "until")]
)
def test_terms_have_an_order(cast, administrator, values, field):
    for call in (
        lambda: actions.appoint_liaison(cast.body, by=administrator, **person(**values)),
        lambda: actions.name_for_term(by=administrator, role="convenor", **person(**values)),
    ):
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.field == field


@pytest.mark.parametrize("values", [{"until": build.LONG_AGO}, {"successor": True}])
def test_an_office_that_has_ended_gets_no_liaison(cast, administrator, values):
    values = {"successor": cast.body} if "successor" in values else values
    old = build.make_body("old", **values)
    assert "has ended" in refused(actions.appoint_liaison, old, by=administrator, **person())


def test_the_person_accepts(cast, administrator):
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("stranger@example.org"))
    actions.accept_appointment(appointment, by=cast.stranger, seats=0)
    assert standing_of(anew(cast.stranger)).body == cast.body.pk


@pytest.mark.parametrize("who", [name for name in PEOPLE[:-1] if name != "stranger"])
def test_nobody_else_accepts(cast, administrator, who):
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("stranger@example.org"))
    refused(actions.accept_appointment, appointment, by=cast.people()[who], seats=0)
    assert LiaisonAppointment.objects.get(pk=appointment.pk).state == "proposed"


def test_a_member_changes_side_and_the_texts_stay(cast, administrator):
    consultation = build.make_consultation()
    text = build.make_submission(consultation, cast.organisation, cast.representative)
    Membership.objects.create(organisation=cast.other_organisation, user=cast.representative)
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("lead@example.org"))
    assert "has changed" in refused(actions.accept_appointment, appointment, by=cast.representative, seats=1)
    actions.accept_appointment(appointment, by=cast.representative, seats=2)
    standing = standing_of(anew(cast.representative))
    assert (standing.organisations, standing.body) == (frozenset(), cast.body.pk)
    assert set(cast.representative.memberships.values_list("state", "until")) == {("left", day())}
    text.refresh_from_db()
    assert (text.organisation, text.author) == (cast.organisation, cast.representative)


@pytest.mark.parametrize("role", ["convenor", "administrator"])
def test_a_convenorship_that_came_meanwhile_blocks(cast, administrator, role):
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("stranger@example.org"))
    Convenorship.objects.create(user=cast.stranger, since=day(3), role=role)
    assert "convenes or administers" in refused(
        actions.accept_appointment, appointment, by=anew(cast.stranger), seats=0
    )


@pytest.mark.parametrize(("since", "until"), [(1, 90), (-90, -1)])
def test_accepting_outside_the_term(cast, administrator, since, until):
    appointment = LiaisonAppointment.objects.create(
        body=cast.body, user=cast.stranger, by=administrator, since=day(since), until=day(until)
    )
    refused(actions.accept_appointment, appointment, by=cast.stranger, seats=0)


def test_an_earlier_term_that_ran_out_is_no_obstacle(cast, administrator):
    cast.other_liaison.appointments.update(until=day(-1))
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("liaison.th@example.org"))
    actions.accept_appointment(appointment, by=anew(cast.other_liaison), seats=0)
    assert standing_of(anew(cast.other_liaison)).body == cast.body.pk


def test_the_person_declines(cast, administrator):
    appointment = actions.appoint_liaison(cast.body, by=administrator, **person("lead@example.org"))
    actions.decline_appointment(appointment, by=cast.representative)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.until) == ("ended", day())
    assert standing_of(anew(cast.representative)).organisations == {cast.organisation.pk}


def test_a_colleague_waits_for_an_administrator(cast, administrator):
    appointment = actions.propose_colleague(by=cast.liaison, **somebody("stranger@example.org"))
    assert (appointment.body, appointment.is_approved) == (cast.body, False)
    assert queued() == [("stakeholders.colleague_proposed", "admin@example.org")]
    refused(actions.accept_appointment, appointment, by=cast.stranger, seats=0)
    refused(actions.decline_appointment, appointment, by=cast.stranger)
    actions.approve_appointment(appointment, by=administrator)
    assert queued()[1:] == [("stakeholders.liaison_appointed", "stranger@example.org")]
    assert "already" in refused(actions.approve_appointment, appointment, by=administrator)
    actions.accept_appointment(appointment, by=cast.stranger, seats=0)
    assert standing_of(anew(cast.stranger)).body == cast.body.pk


def test_a_liaison_who_left_leaves_no_approval_behind(cast, administrator):
    appointment = actions.propose_colleague(by=cast.liaison, **somebody("stranger@example.org"))
    actions.end_appointment(cast.liaison.appointments.get(), by=cast.liaison)
    assert LiaisonAppointment.objects.get(pk=appointment.pk).is_approved is False
    LiaisonAppointment.objects.filter(pk=appointment.pk).update(by=None)
    assert LiaisonAppointment.objects.get(pk=appointment.pk).is_approved is False


@pytest.mark.parametrize("who", [name for name in PEOPLE[:-1] if "liaison" not in name])
def test_only_a_liaison_proposes(cast, who):
    assert (
        refused(actions.propose_colleague, by=cast.people()[who], **somebody())
        == "Only a liaison proposes a colleague."
    )


@pytest.mark.parametrize("state", STATES)
def test_verbs_by_state(cast, administrator, state):
    def again(by=administrator):
        LiaisonAppointment.objects.filter(user=cast.stranger).delete()
        return LiaisonAppointment.objects.create(
            body=cast.body, user=cast.stranger, by=by, state=state, since=day(-9), until=day(9)
        )

    calls = {
        "accept": lambda: actions.accept_appointment(again(), by=cast.stranger, seats=0),
        "decline": lambda: actions.decline_appointment(again(), by=cast.stranger),
        "approve": lambda: actions.approve_appointment(again(cast.liaison), by=administrator),
        "extend": lambda: actions.extend_appointment(again(), by=administrator, until=day(30)),
        "end": lambda: actions.end_appointment(again(), by=administrator),
    }
    done = set()
    for name, call in calls.items():
        try:
            call()
        except Refusal:
            continue
        done.add(name)
    assert (
        done
        == {
            "proposed": {"accept", "decline", "approve", "extend", "end"},
            "active": {"extend", "end"},
            "ended": set(),
        }[state]
    )


def test_a_term_is_extended_and_the_liaison_told_once_a_day(cast, administrator):
    appointment = cast.liaison.appointments.get()
    for _again in range(2):
        actions.extend_appointment(appointment, by=administrator, until=day(30))
    assert queued() == [("stakeholders.appointment_changed", "liaison@example.org")]
    refused(actions.extend_appointment, appointment, by=administrator, until=day(-1))


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_who_ends_a_liaison_s_term(cast, who):
    appointment = cast.liaison.appointments.get()
    if who == "liaison":
        actions.end_appointment(appointment, by=cast.liaison)
        assert standing_of(anew(cast.liaison)).body is None
    else:
        refused(actions.end_appointment, appointment, by=cast.people()[who])


def test_a_proposal_that_is_taken_back_is_no_news(cast, administrator):
    appointment = actions.propose_colleague(by=cast.liaison, **somebody())
    actions.end_appointment(appointment, by=administrator)
    assert queued() == [("stakeholders.colleague_proposed", "admin@example.org")]


@pytest.mark.parametrize("role", ["convenor", "administrator"])
def test_somebody_is_named_for_a_term(cast, administrator, role):
    term = actions.name_for_term(by=administrator, role=role, **person())
    standing = standing_of(anew(term.user))
    assert (standing.convenor, standing.administrator) == (role == "convenor", role == "administrator")
    assert queued() == [("stakeholders.term_given", "new@example.org")]
    assert "already" in refused(actions.name_for_term, by=administrator, role=role, **person())


@pytest.mark.parametrize("state", ["proposed", "active"])
def test_a_liaison_is_not_named(cast, administrator, state):
    cast.liaison.appointments.update(state=state, since=day(5))
    assert "liaison" in refused(
        actions.name_for_term, by=administrator, role="convenor", **person("liaison@example.org")
    )


def test_a_term_ends_at_once_or_with_a_day(cast, administrator):
    other = build.make_administrator()
    term = Convenorship.objects.get(user=other)
    actions.end_term(term, by=administrator, until=day(10))
    assert standing_of(anew(other)).administrator is True
    refused(actions.end_term, term, by=administrator, until=day(-1))
    actions.end_term(term, by=administrator)
    assert standing_of(anew(other)).administrator is False
    assert "over already" in refused(actions.end_term, term, by=administrator)


@pytest.mark.parametrize("other", [None, {"until": 0}, {"since": 5}])
def test_the_last_administrator_stays(administrator, other):
    if other:
        dates = {name: day(distance) for name, distance in other.items()}
        Convenorship.objects.create(user=build.make_user(), role="administrator", **{"since": day(-9), **dates})
    term = Convenorship.objects.get(user=administrator)
    assert "without an administrator" in refused(actions.end_term, term, by=administrator, until=day(1))

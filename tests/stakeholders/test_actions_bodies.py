"""Public bodies: written down, changed, succeeded; what cannot be is refused with a sentence beside its field."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from stakeholders import actions
from stakeholders.models import LiaisonAppointment, PublicBody
from tests import build
from tests.conftest import PEOPLE

VALUES = {"name_en": "Ministry of Labour", "name_ind": None, "acronym": "MoL", "kind": "national"}


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org", full_name="Administrator")


def day(distance=0):
    """Return the day that many days from today."""
    return timezone.localdate() + timedelta(days=distance)


def succeed(old, new, by, on=None, **values):
    """Let the new body take over, today unless told otherwise."""
    return actions.succeed_body(old, new, on=on or day(), by=by, **values)


def refused(call, *args, **kwargs):
    """Return the field that a refusal is about."""
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    return refusal.value.field


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_nobody_else_keeps_bodies(cast, who):
    person, new = cast.people()[who], build.make_body("new")
    for call in (
        lambda: actions.create_body(by=person, country=build.make_country(), **VALUES),
        lambda: actions.change_body(cast.body, by=person, version=1, acronym="X"),
        lambda: succeed(cast.body, new, person),
    ):
        assert refused(call) is None
    assert LogEntry.objects.count() == 0


def test_a_body_is_written_down(administrator):
    body = actions.create_body(by=administrator, country=build.make_country(), **VALUES)
    assert (body.slug, body.version, body.name_en) == ("id-mol", 1, "Ministry of Labour")
    assert list(LogEntry.objects.values_list("verb", "actor")) == [("create_body", administrator.pk)]


@pytest.mark.parametrize("name", ["กระทรวงแรงงาน", "အလုပ်သမားဝန်ကြီးဌာန", "—"])
def test_a_name_in_other_letters_gets_an_opaque_address(administrator, name):
    body = actions.create_body(
        by=administrator, country=build.make_country("TH"), **{**VALUES, "name_en": name, "acronym": ""}
    )
    assert body.slug.isascii()
    assert (body.slug[:3], len(body.slug)) == ("th-", 11)


def test_two_bodies_may_claim_one_role(administrator):
    country = build.make_country("MM")
    first, second = (
        actions.create_body(by=administrator, country=country, matter="labour", **VALUES) for _number in range(2)
    )
    assert first.slug != second.slug
    assert PublicBody.objects.standing_today().filter(country=country, matter="labour").count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": None}, "country"),
        ({"kind": "asean"}, "country"),
        ({"since": date(2020, 1, 2), "until": date(2020, 1, 1)}, "until"),
    ],
)
def test_what_cannot_be_is_refused(administrator, values, field):
    values = {**VALUES, "country": build.make_country(), **values}
    assert refused(actions.create_body, by=administrator, **values) == field
    assert PublicBody.objects.count() == 0


def test_asean_bodies_report_to_asean_bodies(administrator, cast):
    asean = build.make_body("almm", kind="asean")
    values = {**VALUES, "country": build.make_country(), "reports_to": asean}
    assert refused(actions.create_body, by=administrator, **values) == "reports_to"
    assert refused(actions.change_body, asean, by=administrator, version=1, reports_to=cast.body) == "reports_to"
    assert refused(actions.change_body, cast.body, by=administrator, version=1, reports_to=cast.other_body) == (
        "reports_to"
    )


def test_no_loop_in_the_line(administrator):
    top = build.make_body("top", kind="asean")
    middle = build.make_body("middle", kind="asean", reports_to=top)
    below = build.make_body("below", kind="asean", reports_to=middle)
    assert refused(actions.change_body, top, by=administrator, version=1, reports_to=below) == "reports_to"
    assert refused(actions.change_body, top, by=administrator, version=1, reports_to=top) == "reports_to"
    assert refused(actions.change_body, middle, by=administrator, version=1, kind="international") == "reports_to"


def test_a_second_editor_is_told(administrator, cast):
    actions.change_body(cast.body, by=administrator, version=1, acronym="First")
    with pytest.raises(Conflict) as conflict:
        actions.change_body(cast.body, by=administrator, version=1, acronym="Second")
    assert (conflict.value.current.acronym, conflict.value.current.version) == ("First", 2)


def test_saving_what_is_there_writes_nothing(administrator, cast):
    actions.change_body(cast.body, by=administrator, version=1, acronym="", note_ind="", since=None)
    assert (PublicBody.objects.get(pk=cast.body.pk).version, LogEntry.objects.count()) == (1, 0)


def test_the_old_body_ends_the_day_before(administrator, cast):
    new = build.make_body("new")
    old = succeed(cast.body, new, administrator, on=date(2025, 3, 1))
    assert (old.successor, old.until, old.version) == (new, date(2025, 2, 28), 2)
    assert old.current == new
    assert refused(actions.change_body, old, by=administrator, version=2, until=None) == "until"


def test_a_chain_of_three_is_followed_and_a_fourth_refused(administrator):
    bodies = [build.make_body(f"body-{number}") for number in range(5)]
    for number in (2, 0, 1):
        succeed(bodies[number], bodies[number + 1], administrator, on=date(2020 + number, 1, 1))
    assert PublicBody.objects.get(slug="body-0").current == bodies[3]
    assert refused(succeed, bodies[3], bodies[4], administrator) == "new"
    assert refused(succeed, bodies[4], bodies[0], administrator) == "new"


def test_loops_are_refused(administrator):
    first, second, third = (build.make_body(f"body-{number}") for number in range(3))
    succeed(first, second, administrator)
    succeed(second, third, administrator)
    assert refused(succeed, third, first, administrator) == "new"
    assert refused(succeed, third, third, administrator) == "new"
    assert refused(succeed, first, third, administrator) == "new"


def test_a_loop_that_came_by_another_way_hangs_nothing(cast):
    new = build.make_body("new", successor=cast.body)
    PublicBody.objects.filter(pk=cast.body.pk).update(successor=new)
    assert PublicBody.objects.get(pk=cast.body.pk).current == new


@pytest.mark.parametrize(
    ("old", "new", "on"),
    [
        ({}, {}, 1),
        ({"since": date(2025, 1, 1)}, {}, date(2025, 1, 1)),
        ({"until": date(2024, 1, 1)}, {}, date(2025, 1, 1)),
        ({}, {"since": date(2025, 2, 1)}, date(2025, 1, 1)),
        ({}, {"until": date(2024, 12, 31)}, date(2025, 1, 1)),
    ],
)
def test_days_have_an_order(administrator, old, new, on):
    old, new = build.make_body("old", **old), build.make_body("new", **new)
    assert refused(succeed, old, new, administrator, on=day(on) if isinstance(on, int) else on) == "on"


def test_another_kind_or_country_does_not_follow(administrator, cast):
    assert refused(succeed, cast.body, cast.other_body, administrator) == "new"
    assert refused(succeed, cast.body, build.make_body("asean", kind="asean"), administrator) == "new"


def test_those_below_report_to_the_new_one(administrator):
    old = build.make_body("old", kind="asean", reports_to=build.make_body("top", kind="asean"))
    new = build.make_body("new", kind="asean", reports_to=old)
    below = build.make_body("below", kind="asean", reports_to=old)
    gone = build.make_body("gone", kind="asean", reports_to=old, until=build.LONG_AGO)
    succeed(old, new, administrator)
    lines = dict(PublicBody.objects.values_list("slug", "reports_to__slug"))
    assert {body.slug: lines[body.slug] for body in (new, below, gone)} == {"new": "top", "below": "new", "gone": "old"}


def test_liaisons_end_with_the_office(administrator, cast):
    succeed(cast.body, build.make_body("new"), administrator)
    (appointment,) = cast.liaison.appointments.all()
    assert (appointment.state, appointment.until) == ("ended", day(-1))
    assert OutgoingMessage.objects.get().recipient == "liaison@example.org"


def test_liaisons_go_on_where_the_administrator_says_so(administrator, cast):
    first, holder = build.make_body("first"), build.make_body("holder")
    succeed(first, holder, administrator, on=day(-5))
    succeed(cast.body, first, administrator, on=day(-10), move_liaisons=True)
    rows = list(cast.liaison.appointments.order_by("pk").values_list("body__slug", "state", "since", "until"))
    assert rows == [
        ("ministry", "ended", build.LONG_AGO, day(-11)),
        ("holder", "active", day(-10), None),
    ]
    assert list(OutgoingMessage.objects.values_list("purpose", "recipient")) == [
        ("stakeholders.appointment_changed", "liaison@example.org")
    ]


def test_what_a_colleague_asked_for_ends_and_what_was_appointed_moves(administrator, cast):
    values = {"full_name": "New", "language": "en"}
    actions.propose_colleague(by=cast.liaison, address="asked@example.org", **values)
    actions.appoint_liaison(
        cast.body, by=administrator, address="named@example.org", since=day(), until=day(90), **values
    )
    succeed(cast.body, build.make_body("new"), administrator, move_liaisons=True)
    rows = LiaisonAppointment.objects.exclude(state="ended").values_list("user__email", "body__slug", "state")
    assert set(rows) == {
        ("liaison@example.org", "new", "active"),
        ("named@example.org", "new", "proposed"),
        ("liaison.th@example.org", "other-ministry", "active"),
    }

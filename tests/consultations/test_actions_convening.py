"""Public bodies and persons are invited, a list is drafted again, an invitation is changed before it goes."""

import pytest

from consultations import actions
from consultations.models import Invitation, hash_token
from consultations.states import InvitationState
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from tests import build

LETTER = {"office": "Director", "way": "letter", "language": "id", "seats_offered": 1}


@pytest.fixture
def consultation(cast):
    """Return an announced consultation."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


@pytest.mark.parametrize(
    ("contact", "trusted", "way"),
    [("a@example.org", "", "mail"), ("", "", "letter"), ("", "Ibu Rini", "trusted"), ("a@example.org", "X", "mail")],
)
def test_the_way_follows_what_the_register_knows(cast, consultation, contact, trusted, way) -> None:
    organisation = build.make_organisation(contact_email=contact, trusted_contact=trusted)
    actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 2})
    found = consultation.invitations.get()
    assert (found.way, found.address) == (way, contact)


@pytest.mark.parametrize(
    ("group", "conflict", "bench"),
    [
        ({"slug": "unions", "bench": "workers"}, "", "workers"),
        ({"slug": "agencies", "bench": "private-sector", "hearing": "own-bench"}, "", "private-sector"),
        ({"slug": "ngos", "bench": "civil-society"}, "employer", "employers"),
        ({"slug": "ngos", "bench": "civil-society"}, "state", "government"),
    ],
)
def test_each_gets_its_bench(cast, consultation, group, conflict, bench) -> None:
    organisation = build.make_organisation(groups=[build.make_group(**group)], conflict=conflict)
    actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 2})
    assert consultation.invitations.get().bench == bench
    assert [row[0] for row in consultation.invitations.tally("bench")] == [bench]
    consultation.invitations.update(bench="")  # as invitations of earlier years are
    assert [row[0] for row in consultation.invitations.tally("bench")] == [bench]


def test_one_language_for_all_where_it_is_given(cast, consultation) -> None:
    organisation = build.make_organisation(language="th")
    actions.pick_organisations(consultation, by=cast.convenor, seats={organisation.pk: 2}, language="my")
    assert consultation.invitations.get().language == "my"


def test_a_whole_list_is_drafted_or_nothing(cast, consultation) -> None:
    gone = build.make_organisation(state="suspended")
    seats = {cast.organisation.pk: 2, gone.pk: 2}
    with pytest.raises(Refusal):
        actions.pick_organisations(consultation, by=cast.convenor, seats=seats, whole=True)
    assert not consultation.invitations.exists()


@pytest.mark.parametrize(
    ("kind", "bench"), [("national", "government"), ("asean", "international"), ("international", "international")]
)
def test_a_body_sits_by_its_kind(cast, consultation, kind, bench) -> None:
    body = build.make_body("office", kind=kind)
    made = actions.invite_body(consultation, by=cast.convenor, body=body, reference="12/2026", **LETTER)
    assert (made.state, made.bench, made.reference, made.full_name) == ("drafted", bench, "12/2026", "")
    assert made.token_hash == hash_token(made.token)
    assert LogEntry.objects.get().verb == "convene"
    assert not OutgoingMessage.objects.exists()


def test_a_body_is_invited_once_and_only_while_it_stands(cast, consultation) -> None:
    actions.invite_body(consultation, by=cast.convenor, body=cast.body, **LETTER)
    ended = build.make_body("old-ministry", successor=cast.body)
    for body in (cast.body, ended):
        with pytest.raises(Refusal) as refusal:
            actions.invite_body(consultation, by=cast.convenor, body=body, **LETTER)
        assert refusal.value.field == "body"
    assert consultation.invitations.count() == 1


def test_a_person_sits_on_the_bench_of_the_group(cast, consultation) -> None:
    group = build.make_group("academics", bench="academic", hearing="personal")
    made = actions.invite_person(consultation, by=cast.convenor, full_name="Dr. Sri", group=group, **LETTER)
    assert (made.bench, made.organisation, made.body) == ("academic", None, None)
    assert LogEntry.objects.get().detail == ""


def test_nobody_of_a_group_that_is_never_seated(cast, consultation) -> None:
    group = build.make_group("militia", name_en="Village militia", hearing="never")
    with pytest.raises(Refusal) as refusal:
        actions.invite_person(consultation, by=cast.convenor, full_name="Somebody", group=group, **LETTER)
    assert refusal.value.field == "group"
    assert str(refusal.value.reason).startswith("Village militia: on the map and never seated")


def test_the_same_person_is_invited_once(cast, consultation) -> None:
    actions.invite_person(consultation, by=cast.convenor, full_name="Ibu Sri", bench="media", **LETTER)
    with pytest.raises(Refusal):
        actions.invite_person(consultation, by=cast.convenor, full_name="IBU  SRI", bench="media", **LETTER)
    other = {**LETTER, "office": "Editor"}
    actions.invite_person(consultation, by=cast.convenor, full_name="Ibu Sri", bench="media", **other)
    assert consultation.invitations.count() == 2


@pytest.mark.parametrize("seats", [0, -1, 51])
def test_seats_of_a_body_that_cannot_be_meant(cast, consultation, seats) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.invite_body(consultation, by=cast.convenor, body=cast.body, **{**LETTER, "seats_offered": seats})
    assert refusal.value.field == "seats_offered"


def test_a_mail_needs_an_address(cast, consultation) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.invite_body(consultation, by=cast.convenor, body=cast.body, **{**LETTER, "way": "mail"})
    assert refusal.value.field == "address"


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_nobody_is_convened_once_it_is_over(cast, state) -> None:
    consultation = build.make_consultation(state=state)
    with pytest.raises(Refusal):
        actions.invite_body(consultation, by=cast.convenor, body=cast.body, **LETTER)
    with pytest.raises(Refusal):
        actions.invite_person(consultation, by=cast.convenor, full_name="Ibu Sri", bench="media", **LETTER)
    with pytest.raises(Refusal):
        actions.repeat_invitations(consultation, by=cast.convenor, earlier=build.make_consultation())


@pytest.mark.parametrize("state", InvitationState.values)
def test_what_can_be_changed_in_which_state(cast, consultation, state) -> None:
    invitation = build.make_invitation(consultation, state=state)
    outcomes = {}
    for name, value in {"seats_offered": 3, "language": "th"}.items():
        try:
            actions.change_invitation(invitation, by=cast.convenor, **{name: value})
            outcomes[name] = True
        except Refusal:
            outcomes[name] = False
    over, unsent = state in {"revoked", "lapsed", "declined"}, state in {"drafted", "approved"}
    assert outcomes == {"seats_offered": not over, "language": unsent}
    invitation.refresh_from_db()
    assert invitation.state == state
    assert (invitation.seats_offered == 3, invitation.language == "th") == (not over, unsent)


def test_never_fewer_seats_than_were_accepted(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, state="accepted", seats_offered=4, seats_accepted=3)
    with pytest.raises(Refusal) as refusal:
        actions.change_invitation(invitation, by=cast.convenor, seats_offered=2)
    assert refusal.value.field == "seats_offered"


def test_the_same_list_again(cast, consultation) -> None:
    earlier = build.make_consultation(convenors=[cast.convenor])
    build.make_invitation(earlier, cast.organisation, state="declined", seats_offered=4, address="old@example.org")
    build.make_invitation(earlier, cast.other_organisation, state="revoked")
    build.make_invitation(earlier, build.make_organisation(state="suspended"))
    build.make_invitation_of_body(
        earlier, build.make_body("old", successor=cast.body), office="Director", reference="1"
    )
    build.make_invitation_of_person(earlier, "Ibu Sri", bench="media")
    again = [actions.repeat_invitations(consultation, by=cast.convenor, earlier=earlier) for _count in range(2)]
    assert again == [3, 0]
    rows = consultation.invitations.order_by("pk")
    assert [(one.organisation, one.body, one.full_name, one.state) for one in rows] == [
        (cast.organisation, None, "", "drafted"),
        (None, cast.body, "", "drafted"),
        (None, None, "Ibu Sri", "drafted"),
    ]
    assert (rows[0].seats_offered, rows[0].address) == (4, cast.organisation.contact_email)
    assert [one.reference for one in rows] == ["", "", ""]
    assert len({one.token_hash for one in Invitation.objects.all()}) == Invitation.objects.count()


def test_a_predecessor_and_its_heir_are_one_body_again(cast, consultation) -> None:
    earlier = build.make_consultation()
    build.make_invitation_of_body(earlier, cast.body)
    build.make_invitation_of_body(earlier, build.make_body("old", successor=cast.body))
    assert actions.repeat_invitations(consultation, by=cast.convenor, earlier=earlier) == 1


def test_a_person_who_deletes_the_account_is_forgotten_as_an_invited_person(cast, consultation) -> None:
    build.make_invitation_of_person(consultation, "Stranger", office="Editor", address=cast.stranger.email.upper())
    kept = build.make_invitation_of_person(consultation, "Ibu Sri", office="Editor", address="sri@example.org")
    actions.forget_traces(cast.stranger)
    rows = consultation.invitations.order_by("pk").values_list("full_name", "office", "address")
    assert list(rows) == [("—", "", ""), (kept.full_name, "Editor", "sri@example.org")]

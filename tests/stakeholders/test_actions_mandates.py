"""Every verb of mandates, by every person of the cast; the edges of days; nobody on both sides; nothing left behind."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from recommendations.models import Submission
from stakeholders import actions
from stakeholders.models import LiaisonAppointment, Membership, Organisation
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import PEOPLE
from tests.stakeholders.mandates import INVITED, anew, day, invite, of, prove, terms

SIGNED_IN = PEOPLE[:8]


def done(deed, *arguments, **values):
    """Whether the deed was done; a refusal leaves no trace in the log."""
    before = LogEntry.objects.count()
    try:
        deed(*arguments, **values)
    except Refusal:
        assert LogEntry.objects.count() == before
        return False
    return True


# --- Who does what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_invites(cast, who):
    by = cast.people()[who]
    assert done(actions.invite_colleague, cast.organisation, by=by, **terms()) is (who == "representative")
    assert User.objects.filter(email=INVITED).exists() is (who == "representative")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_withdraws(cast, who):
    offer = invite(cast)
    assert done(actions.withdraw_mandate, offer, by=anew(cast.people()[who])) is (who == "representative")


@pytest.mark.parametrize("verb", ["accept_mandate", "decline_mandate"])
@pytest.mark.parametrize("who", [*SIGNED_IN, "invited"])
def test_who_answers(cast, who, verb):
    offer = invite(cast)
    by = prove(offer.user) if who == "invited" else anew(cast.people()[who])
    assert done(getattr(actions, verb), offer, by=by) is (who == "invited")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_changes_a_mandate(cast, who):
    change = {"role": "representative", "mandate": "chosen", "until": day(30)}
    mandate = of(cast.colleague)
    assert done(actions.change_mandate, mandate, by=cast.people()[who], **change) is (who == "representative")
    mandate.refresh_from_db()
    assert (mandate.role == "representative") is (who == "representative")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_ends_a_mandate(cast, who):
    assert done(actions.end_mandate, of(cast.colleague), by=cast.people()[who]) is (who == "representative")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_leaves_with_a_mandate(cast, who):
    assert done(actions.leave_organisation, of(cast.colleague), by=cast.people()[who]) is (who == "colleague")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_hands_over(cast, who):
    heir = of(build.make_member(cast.organisation, role="representative"))
    given = done(actions.hand_over_lead, cast.organisation, by=cast.people()[who], to=heir)
    assert given is (who == "representative")


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_names_a_lead_where_there_is_none(cast, who):
    cast.representative.memberships.update(role="representative")
    given = done(actions.name_lead, cast.organisation, by=cast.people()[who], to=of(cast.colleague))
    assert given is (who in {"convenor", "second_convenor"})


@pytest.mark.parametrize("who", SIGNED_IN)
def test_who_sets_sign_off(cast, who):
    assert done(actions.set_sign_off, cast.organisation, by=cast.people()[who], on=True) is (who == "representative")


# --- Inviting -------------------------------------------------------------------------------------------------


def test_invitation_makes_an_account_that_can_do_nothing_yet(cast):
    offer = invite(cast, until=day(90))
    user = User.objects.get(email=INVITED)
    assert (offer.state, offer.role, offer.mandate, offer.by) == (
        "invited",
        "drafter",
        "appointed",
        cast.representative,
    )
    assert (user.full_name, user.language, user.last_login, user.has_usable_password()) == ("Sari", "en", None, False)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [
        (INVITED, False, True)
    ]
    assert standing_of(user).organisations == frozenset()
    assert LogEntry.objects.first().verb == "invite_colleague"


def test_account_that_is_there_is_found_and_not_changed(cast):
    offer = invite(cast, address=cast.stranger.email, full_name="Another name")
    assert (offer.user, anew(cast.stranger).full_name) == (cast.stranger, "Stranger")


def test_second_address_finds_its_owner_only_once_it_is_proved(cast):
    second = cast.stranger.emailaddress_set.create(email=INVITED, verified=False)
    assert invite(cast).user != cast.stranger
    actions.withdraw_mandate(Membership.objects.get(state="invited"), by=cast.representative)
    User.objects.filter(email=INVITED).delete() if not Membership.objects.filter(user__email=INVITED) else None
    second.verified = True
    second.save()
    assert invite(cast).user == cast.stranger


def test_same_words_again_are_one_invitation_and_one_mail(cast):
    first, second = invite(cast), invite(cast)
    assert (first.pk, OutgoingMessage.objects.count(), LogEntry.objects.count()) == (second.pk, 1, 1)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"role": "lead"}, "address", "This person is invited already. To change the invitation, withdraw it first."),
        ({"address": "drafter@example.org"}, "address", "This person acts for the organisation already."),
        (
            {"address": "liaison@example.org"},
            "address",
            "This person acts for a public body. Somebody who does cannot act for an organisation as well.",
        ),
        ({"address": "asks@example.org"}, "address", "This person asks to join already. Answer on your desk."),
        ({"until": "yesterday"}, "until", "This day is over. To end a mandate today, use “End the mandate”."),
        ({"since": "later", "until": "today"}, "until", "The last day is before the first one."),
    ],
)
def test_invitation_that_is_refused_says_why(cast, values, field, sentence):
    invite(cast)
    asks = build.make_user(email="asks@example.org")
    Membership.objects.create(organisation=cast.organisation, user=asks)
    days = {"yesterday": day(-1), "today": day(), "later": day(2)}
    with pytest.raises(Refusal) as refused:
        invite(cast, **{name: days.get(value, value) for name, value in values.items()})
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    assert Membership.objects.filter(state="invited").count() == 1


def test_too_many_open_invitations_are_refused(cast, settings):
    settings.OPEN_MANDATES_AT_MOST = 2
    for number in range(2):
        invite(cast, address=f"one{number}@example.org")
    with pytest.raises(Refusal, match="Many people are invited"):
        invite(cast)
    assert not User.objects.filter(email=INVITED).exists()


def test_somebody_whose_mandate_is_over_can_be_invited_again(cast):
    cast.colleague.memberships.update(until=day(-1))
    offer = invite(cast, address=cast.colleague.email)
    old = Membership.objects.get(user=cast.colleague, state="left")
    assert (offer.state, old.until) == ("invited", day(-1))


def test_lead_of_a_suspended_organisation_invites_nobody(cast):
    Organisation.objects.filter(pk=cast.organisation.pk).update(state="suspended")
    with pytest.raises(Refusal):
        invite(cast)


# --- Answering ------------------------------------------------------------------------------------------------


def test_accepted_invitation_is_a_mandate_as_it_was_offered(cast):
    offer = invite(cast, role="representative", mandate="chosen", until=day(30))
    actions.accept_mandate(offer, by=prove(offer.user))
    mandate = of(offer.user)
    assert (mandate.state, mandate.role, mandate.mandate, mandate.until) == (
        "active", "representative", "chosen", day(30),
    )  # fmt: skip
    assert standing_of(anew(offer.user)).speaks_for == {cast.organisation.pk}


def test_address_that_was_not_proved_accepts_nothing(cast):
    offer = invite(cast)
    with pytest.raises(Refusal, match="Prove your address first"):
        actions.accept_mandate(offer, by=anew(offer.user))


@pytest.mark.parametrize("state", ["proposed", "active"])
@pytest.mark.parametrize("since", [-10, 5])
def test_liaison_accepts_nothing_also_when_the_term_has_not_begun(cast, state, since):
    offer = invite(cast)
    LiaisonAppointment.objects.create(user=offer.user, body=cast.body, state=state, since=day(since))
    with pytest.raises(Refusal) as refused:
        actions.accept_mandate(offer, by=prove(offer.user))
    assert str(refused.value) == "You act for a public body. Somebody who does cannot act for an organisation as well."


def test_former_liaison_may_accept(cast):
    offer = invite(cast)
    LiaisonAppointment.objects.create(user=offer.user, body=cast.body, state="active", since=day(-9), until=day(-1))
    assert actions.accept_mandate(offer, by=prove(offer.user)).state == "active"


def test_lead_does_not_answer_for_the_invited(cast):
    with pytest.raises(Refusal, match="Only the person who was invited answers"):
        actions.confirm_membership(invite(cast), by=cast.representative)


@pytest.mark.parametrize("why", ["late", "withdrawn", "ended", "suspended"])
def test_invitation_that_is_over_is_not_accepted(cast, why):
    offer = invite(cast, until=day(5))
    if why == "withdrawn":
        actions.withdraw_mandate(offer, by=cast.representative)
    if why == "suspended":
        Organisation.objects.filter(pk=cast.organisation.pk).update(state="suspended")
    Membership.objects.filter(pk=offer.pk).update(
        created_at=timezone.now() - timedelta(days=31 if why == "late" else 0),
        until=day(-1) if why == "ended" else day(5),
    )
    with pytest.raises(Refusal):
        actions.accept_mandate(offer, by=prove(offer.user))
    assert standing_of(anew(offer.user)).organisations == frozenset()


@pytest.mark.parametrize("verb", ["decline_mandate", "withdraw_mandate"])
def test_what_never_held_is_not_a_former_mandate(cast, verb):
    offer = invite(cast, since=day(-5))
    getattr(actions, verb)(offer, by=prove(offer.user) if verb == "decline_mandate" else cast.representative)
    assert list(Membership.objects.former(day())) == []
    assert invite(cast, since=day(-5)).pk != offer.pk


def test_link_of_a_consultation_does_not_raise_an_invited_drafter(cast):
    offer = invite(cast)
    user = prove(offer.user)
    assert actions.join_organisation(cast.organisation, address=INVITED, by=user).state == "invited"
    assert of(user).role == "drafter"


# --- Changing, ending, leaving --------------------------------------------------------------------------------


def test_same_change_again_changes_nothing(cast):
    for _time in range(2):
        mandate = of(cast.colleague)
        actions.change_mandate(mandate, by=cast.representative, role="lead", mandate="chosen", until=None)
    assert LogEntry.objects.filter(verb="change_mandate").count() == 1
    assert standing_of(anew(cast.colleague)).leads == {cast.organisation.pk}


@pytest.mark.parametrize("role", ["lead", "representative", "drafter"])
@pytest.mark.parametrize("who", ["representative", "colleague"])
def test_nobody_changes_their_own_role(cast, who, role):
    person = cast.people()[who]
    assert not done(actions.change_mandate, of(person), by=person, role=role, mandate="chosen", until=None)


def test_ended_mandate_opens_nothing_on_the_next_request(cast):
    actions.end_mandate(of(cast.colleague), by=cast.representative)
    mandate = of(cast.colleague)
    assert (mandate.state, mandate.until) == ("left", day())
    assert standing_of(anew(cast.colleague)).organisations == frozenset()
    assert list(Membership.objects.former(day())) == [mandate]


def test_mandate_that_ends_before_it_began_never_was(cast):
    cast.colleague.memberships.update(since=day(5))
    actions.end_mandate(of(cast.colleague), by=cast.representative)
    assert list(Membership.objects.former(day())) == []


def test_last_lead_says_first_who_leads(cast):
    with pytest.raises(Refusal) as refused:
        actions.leave_organisation(of(cast.representative), by=cast.representative)
    assert str(refused.value) == "You are the only one who leads. Say first who leads from now on."


def test_lead_with_another_lead_or_with_nobody_may_leave(cast):
    build.make_member(cast.organisation)
    assert actions.leave_organisation(of(cast.representative), by=cast.representative).state == "left"
    assert actions.leave_organisation(of(cast.other_member), by=cast.other_member).state == "left"


@pytest.mark.parametrize(("leave", "left"), [(False, ("active", "representative")), (True, ("left", "lead"))])
def test_handing_over(cast, leave, left):
    actions.hand_over_lead(cast.organisation, by=cast.representative, to=of(cast.colleague), leave=leave)
    own = of(cast.representative)
    assert (own.state, own.role) == left
    assert of(cast.colleague).role == "lead"
    assert not done(actions.hand_over_lead, cast.organisation, by=anew(cast.representative), to=of(cast.colleague))


@pytest.mark.parametrize("why", ["oneself", "of another organisation", "not begun", "over", "left"])
def test_lead_goes_only_to_somebody_who_acts_today(cast, why):
    people = {"oneself": cast.representative, "of another organisation": cast.other_member}
    heir = of(people.get(why, cast.colleague))
    change = {"not begun": {"since": day(1)}, "over": {"until": day(-1)}, "left": {"state": "left"}}.get(why, {})
    Membership.objects.filter(pk=heir.pk).update(**change) if change else None
    assert not done(actions.hand_over_lead, cast.organisation, by=cast.representative, to=heir)


def test_convenor_names_nobody_where_somebody_leads(cast):
    assert not done(actions.name_lead, cast.organisation, by=cast.convenor, to=of(cast.colleague))


def test_convenor_does_not_decide_on_the_own_organisation(cast):
    Membership.objects.filter(user=cast.representative).update(role="drafter")
    Membership.objects.create(organisation=cast.organisation, user=cast.convenor, state="active", since=build.LONG_AGO)
    assert not done(actions.name_lead, cast.organisation, by=cast.convenor, to=of(cast.colleague))
    assert done(actions.name_lead, cast.organisation, by=cast.second_convenor, to=of(cast.colleague))


def test_saying_sign_off_twice_is_one_act(cast):
    for _time in range(2):
        actions.set_sign_off(cast.organisation, by=cast.representative, on=True)
    assert LogEntry.objects.filter(verb="set_sign_off", detail="on").count() == 1


# --- Days -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ((2027, 5, 11, 16, 59, 59), False),  # a second before 12 May in Jakarta
        ((2027, 5, 11, 17, 0, 0), True),
        ((2027, 5, 14, 16, 59, 59), True),  # the last second of 14 May in Jakarta
        ((2027, 5, 14, 17, 0, 0), False),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/New_York", "Australia/Sydney", "UTC"])
def test_mandate_holds_from_its_first_day_to_its_last_whatever_zone_the_person_reads_in(cast, moment, holds, zone):
    first, last = datetime(2027, 5, 12, tzinfo=UTC).date(), datetime(2027, 5, 14, tzinfo=UTC).date()
    cast.colleague.memberships.update(since=first, until=last)
    with time_machine.travel(datetime(*moment, tzinfo=UTC), tick=False), timezone.override(zone):
        assert standing_of(anew(cast.colleague)).member is holds


# --- Changing sides -------------------------------------------------------------------------------------------


def seen(person):
    """Return the texts that the person may see."""
    return set(Submission.objects.visible_to(anew(person)))


def test_person_who_moves_leaves_the_texts_behind(cast):
    consultation = build.make_consultation()
    text = build.make_submission(consultation, cast.organisation, cast.colleague)
    offer = actions.invite_colleague(
        cast.other_organisation, by=cast.other_member, **terms(address=cast.colleague.email)
    )
    actions.accept_mandate(offer, by=anew(cast.colleague))
    assert seen(cast.colleague) == {text}
    actions.leave_organisation(
        Membership.objects.get(user=cast.colleague, organisation=cast.organisation), by=cast.colleague
    )
    assert seen(cast.colleague) == set()
    text.refresh_from_db()
    assert (text.organisation, text.author) == (cast.organisation, cast.colleague)
    assert seen(cast.representative) == {text}


def test_person_who_becomes_a_liaison_sees_nothing_of_the_organisation_that_day(cast):
    text = build.make_submission(build.make_consultation(), cast.organisation, cast.colleague)
    LiaisonAppointment.objects.create(user=cast.colleague, body=cast.body, state="active", since=day(1))
    assert seen(cast.colleague) == {text}
    LiaisonAppointment.objects.filter(user=cast.colleague).update(since=day())
    assert (seen(cast.colleague), standing_of(anew(cast.colleague)).organisations) == (set(), frozenset())
    assert seen(cast.representative) == {text}


def test_lead_who_became_a_liaison_decides_nothing_more(cast):
    LiaisonAppointment.objects.create(user=cast.representative, body=cast.body, state="active", since=day())
    assert not done(actions.end_mandate, of(cast.colleague), by=anew(cast.representative))


def test_request_of_a_liaison_is_not_confirmed(cast):
    asks = Membership.objects.create(organisation=cast.organisation, user=cast.liaison)
    assert not done(actions.confirm_membership, asks, by=cast.representative)

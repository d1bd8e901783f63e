"""From plan to conclusion."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Consultation
from consultations.states import ConsultationState
from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from tests import build


@pytest.fixture
def planned(cast):
    """Return a draft with two convenors."""
    return build.make_consultation(state="draft", convenors=[cast.convenor, cast.second_convenor])


def values(**more):
    """Return what a new consultation needs."""
    day = timezone.localdate() + timedelta(days=30)
    return {"title_en": "Fees and passports", "starts_on": day, "ends_on": day, "country": build.make_country(), **more}


def test_create_makes_a_draft_of_its_maker(cast) -> None:
    made = actions.create_consultation(by=cast.convenor, convenors=[cast.second_convenor], **values())
    assert made.state == "draft"
    assert set(made.convenors.all()) == {cast.convenor, cast.second_convenor}
    assert made.slug == f"fees-and-passports-{made.starts_on.year}"
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor) == ("create", made.pk, cast.convenor)


def test_the_same_title_twice_has_two_addresses(cast) -> None:
    first, second = (actions.create_consultation(by=cast.convenor, convenors=[], **values()) for _count in range(2))
    assert first.slug != second.slug


@pytest.mark.parametrize("more", [{"discreet": True}, {"title_en": "ជនចំណាកស្រុក"}])
def test_the_address_tells_nothing_where_it_may_not_or_cannot(cast, more) -> None:
    made = actions.create_consultation(by=cast.convenor, convenors=[], **values(**more))
    assert made.slug.startswith("consultation-")


@pytest.mark.parametrize("person", ["representative", "colleague", "liaison", "stranger"])
def test_only_a_convenor_creates(cast, person) -> None:
    with pytest.raises(Refusal):
        actions.create_consultation(by=getattr(cast, person), convenors=[], **values())
    assert not Consultation.objects.exists()


def test_change_writes_and_counts_versions(cast, planned) -> None:
    changed = actions.change_consultation(planned, by=cast.convenor, version=1, venue="Hall", seats=40)
    assert (changed.venue, changed.seats, changed.version, changed.sequence) == ("Hall", 40, 2, 1)
    assert LogEntry.objects.get().detail == "seats venue"


def test_change_of_nothing_writes_nothing(cast, planned) -> None:
    actions.change_consultation(planned, by=cast.convenor, version=1, venue="")
    assert Consultation.objects.get().version == 1
    assert not LogEntry.objects.exists()


def test_only_what_a_calendar_shows_grows_its_sequence(cast, planned) -> None:
    assert actions.change_consultation(planned, by=cast.convenor, version=1, purpose_en="Why").sequence == 0
    later = planned.ends_on + timedelta(days=1)
    assert actions.change_consultation(planned, by=cast.convenor, version=2, ends_on=later).sequence == 1


def test_a_second_editor_gets_a_conflict_and_nothing_is_written(cast, planned) -> None:
    actions.change_consultation(planned, by=cast.convenor, version=1, title_en="First")
    with pytest.raises(Conflict) as conflict:
        actions.change_consultation(planned, by=cast.second_convenor, version=1, title_en="Second")
    assert conflict.value.current.title_en == "First"
    assert Consultation.objects.get().title_en == "First"


def test_a_moved_last_day_moves_the_end_of_the_links(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    invitation = build.make_invitation(consultation)
    before, token = invitation.expires_at, invitation.token_hash
    later = consultation.ends_on + timedelta(days=10)
    actions.move_consultation(consultation, by=cast.convenor, version=1, ends_on=later)
    invitation.refresh_from_db()
    assert (invitation.expires_at - before, invitation.token_hash) == (timedelta(days=10), token)


def test_turned_discreet_the_address_loses_the_title(cast, planned) -> None:
    Consultation.objects.update(slug="telling-title")
    changed = actions.change_consultation(planned, by=cast.convenor, version=1, discreet=True)
    assert changed.slug.startswith("consultation-")


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_what_is_over_is_not_changed(cast, state) -> None:
    consultation = build.make_consultation(state=state)
    with pytest.raises(Refusal):
        actions.change_consultation(consultation, by=cast.convenor, version=1, title_en="New")
    with pytest.raises(Refusal):
        actions.name_people(consultation, by=cast.convenor, version=1, convenors=[], organisers=[])


def test_organisers_stand_in_the_agreed_order(cast, planned) -> None:
    lines = [
        actions.OrganiserLine("convening", "Task Force"),
        actions.OrganiserLine("co-organiser", "Typed otherwise", cast.organisation),
        actions.OrganiserLine("funder", "A friend"),
    ]
    actions.name_people(planned, by=cast.convenor, version=1, convenors=[cast.second_convenor], organisers=lines)
    found = [(one.kind, one.name, one.organisation) for one in planned.organisers.all()]
    assert found == [
        ("convening", "Task Force", None),
        ("co-organiser", "", cast.organisation),
        ("funder", "A friend", None),
    ]
    assert set(planned.convenors.all()) == {cast.convenor, cast.second_convenor}


def test_an_announced_consultation_keeps_two_convenors(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    with pytest.raises(Refusal) as refusal:
        actions.name_people(consultation, by=cast.convenor, version=1, convenors=[], organisers=[])
    assert refusal.value.field == "convenors"
    assert consultation.convenors.count() == 2


@pytest.mark.parametrize("state", ConsultationState.values)
def test_announce(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    if state == "draft":
        assert actions.announce_consultation(consultation, by=cast.convenor).state == "announced"
        assert not OutgoingMessage.objects.exists()
    else:
        with pytest.raises(Refusal):
            actions.announce_consultation(consultation, by=cast.convenor)


def test_one_convenor_does_not_announce(cast) -> None:
    consultation = build.make_consultation(state="draft", convenors=[cast.convenor])
    with pytest.raises(Refusal):
        actions.announce_consultation(consultation, by=cast.convenor)
    consultation.refresh_from_db()
    assert consultation.state == "draft"


@pytest.mark.parametrize("state", ConsultationState.values)
@pytest.mark.parametrize(
    ("verb", "sources"), [("open_session", {"announced"}), ("conclude", {"announced", "in_session"})]
)
def test_open_and_conclude(cast, state, verb, sources) -> None:
    today = timezone.localdate()
    consultation = build.make_consultation(state=state, starts_on=today, ends_on=today, answer_by=today)
    act = {"open_session": actions.open_session, "conclude": actions.conclude_consultation}[verb]
    if state in sources:
        act(consultation, by=cast.convenor)
        consultation.refresh_from_db()
        assert consultation.state == {"open_session": "in_session", "conclude": "concluded"}[verb]
    else:
        with pytest.raises(Refusal):
            act(consultation, by=cast.convenor)


@pytest.mark.parametrize("act", [actions.open_session, actions.conclude_consultation])
def test_not_before_the_first_day(cast, act) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    with pytest.raises(Refusal):
        act(consultation, by=cast.convenor)


def test_conclude_tells_everybody_once(cast) -> None:
    today = timezone.localdate()
    consultation = build.make_consultation(
        starts_on=today, ends_on=today, convenors=[cast.convenor, cast.second_convenor]
    )
    build.make_invitation(consultation, cast.organisation, state="accepted")
    count = actions.conclude_consultation(consultation, by=cast.convenor, outcome_en="Agreed.")
    consultation.refresh_from_db()
    assert count == OutgoingMessage.objects.count() == 4  # two convenors, the representative, the office
    assert (consultation.state, consultation.outcome_en) == ("concluded", "Agreed.")
    assert consultation.concluded_at is not None
    with pytest.raises(Refusal):
        actions.conclude_consultation(consultation, by=cast.second_convenor)
    assert OutgoingMessage.objects.count() == 4

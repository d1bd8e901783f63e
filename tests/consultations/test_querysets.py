"""Named reads: visible to whom, in which order, with which figures."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from consultations import emails
from consultations.models import Consultation, Invitation
from consultations.querysets import INVITATION_MAIL, publishable
from portal.models import OutgoingMessage
from tests import build
from tests.conftest import PEOPLE

DAY = timedelta(days=1)


def seen_by(cast, queryset) -> set[str]:
    """Return who sees at least one row."""
    people = cast.people()
    return {name for name in PEOPLE if queryset.visible_to(people[name] or AnonymousUser()).exists()}


CONVENORS = {"convenor", "second_convenor"}
INVITED = CONVENORS | {"representative", "colleague"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"state": "draft"}, CONVENORS),
        ({"state": "announced"}, set(PEOPLE)),
        ({"state": "cancelled"}, set(PEOPLE)),
        ({"state": "announced", "discreet": True}, INVITED),
        ({"state": "draft", "discreet": True}, CONVENORS),
    ],
)
def test_who_sees_a_consultation(cast, values, expected) -> None:
    consultation = build.make_consultation(**values)
    build.make_invitation(consultation, cast.organisation)
    assert seen_by(cast, Consultation.objects.all()) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("drafted", CONVENORS),
        ("approved", CONVENORS),
        ("sent", INVITED),
        ("declined", INVITED),
        ("lapsed", INVITED),
        ("revoked", CONVENORS),
    ],
)
def test_who_sees_an_invitation(cast, state, expected) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(consultation, cast.organisation, state=state)
    assert seen_by(cast, Invitation.objects.all()) == expected


def test_a_convenor_of_another_consultation_sees_no_invitation(cast) -> None:
    build.make_invitation(build.make_consultation(convenors=[cast.second_convenor]), cast.organisation)
    assert not Invitation.objects.visible_to(cast.convenor).exists()


def test_ahead_first_then_past_latest_on_top(db) -> None:
    today = timezone.localdate()
    days = {"far": 40, "near": 4, "recent": -4, "old": -40}
    for slug, offset in days.items():
        day = today + offset * DAY
        state = "announced" if offset > 0 else "archived"
        build.make_consultation(slug=slug, state=state, starts_on=day, ends_on=day, answer_by=None)
    assert list(Consultation.objects.ahead_first().values_list("slug", flat=True)) == ["near", "far", "recent", "old"]


@pytest.mark.parametrize(
    ("counts", "total", "expected"),
    [
        ([10, 6], 16, [10, 6]),
        ([10, 4], 14, [None, None]),  # 14 - 10 would tell the 4
        ([10, 6, 4], 20, [10, None, None]),
        ([10, 4, 3], 17, [10, None, None]),
        ([10, 0], 10, [None, None]),
        ([3], 3, [None]),
        ([], 0, []),
    ],
)
def test_small_counts_are_not_told_even_by_subtraction(counts, total, expected) -> None:
    assert publishable(counts, total) == expected


def test_figures_by_group(db, django_assert_num_queries) -> None:
    consultation = build.make_consultation()
    unions, brokers = build.make_group(position=1), build.make_group("brokers", name_en="Brokers", position=2)
    for index in range(6):
        organisation = build.make_organisation(groups=[unions])
        build.make_invitation(consultation, organisation, state="accepted" if index < 5 else "sent")
    for _index in range(2):
        build.make_invitation(consultation, build.make_organisation(groups=[brokers]), state="accepted")
    for state in ("drafted", "revoked"):
        build.make_invitation(consultation, state=state)
    with django_assert_num_queries(2):
        figures = consultation.invitations.figures()
    with django_assert_num_queries(1):
        assert consultation.invitations.figures((8, 7)) == figures
    # Telling 6 of 8 would tell that the brokers are 2: nothing is told by group.
    assert (figures.invited, figures.accepted, figures.groups, figures.some_hidden) == (8, 7, [], True)


def test_came_back_looks_at_the_latest_mail_only(db) -> None:
    consultation = build.make_consultation()
    lost, repaired, fine, unsent = (build.make_invitation(consultation) for _count in range(4))
    emails.invitation_sent(lost, repaired, fine)
    OutgoingMessage.objects.filter(subject_id__in=[lost.pk, repaired.pk]).update(state="failed")
    emails.invitation_sent(repaired, version=2)
    assert set(Invitation.objects.came_back()) == {lost}
    assert unsent.pk not in OutgoingMessage.objects.values_list("subject_id", flat=True)


def test_the_purpose_is_the_mails(db) -> None:
    assert emails.invitation_sent.purpose == INVITATION_MAIL


def test_points_count_what_was_sent_in(cast) -> None:
    consultation = build.make_consultation()
    for state, at in (("submitted", timezone.now()), ("withdrawn", timezone.now()), ("draft", None)):
        build.make_submission(consultation, cast.organisation, cast.representative, state=state, submitted_at=at)
    assert Consultation.objects.with_points().get().points == 2


def test_answered_means_a_published_answer(cast) -> None:
    consultation = build.make_consultation(state="concluded")
    edition = build.make_edition(build.make_statement(consultation))
    item = edition.items.first()
    response = item.responses.create(body=cast.body, kind="accepted", by=cast.liaison)
    assert not Consultation.objects.with_answers().get().is_answered
    response.published_at = timezone.now()
    response.save()
    assert Consultation.objects.with_answers().get().is_answered

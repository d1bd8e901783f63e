"""When ministries merge and liaisons leave: open items follow the office, and somebody is told."""

import itertools
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from portal.states import Refusal
from recommendations import actions, emails, tasks
from recommendations.models import Conveyance, Response
from stakeholders.models import LiaisonAppointment, PublicBody
from tests import build
from tests.conftest import as_person
from tests.recommendations.published import answer, make_published

CODES = [language.code for language in SHIPPED]
UNATTENDED = "recommendations.office_unattended"


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org")


def succeed(old, new, by, *, move=False, **values):
    """Let the new body take over today, knowing the numbers."""
    values = {"on": timezone.localdate(), "shown": actions.what_moves(old).key, **values}
    return actions.succeed_office(old, new, by=by, move_liaisons=move, **values)


def readers(purpose=UNATTENDED):
    """Return who waits for a mail of the purpose."""
    return set(OutgoingMessage.objects.filter(purpose=purpose).values_list("recipient", flat=True))


def test_what_moves_in_numbers(cast, administrator):
    published = make_published(cast, items=2)
    answer(published, published.convey())
    LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=administrator)
    assert actions.what_moves(cast.body) == actions.what_moves(cast.body).__class__(
        conveyances=0, items=3, liaisons=1, proposals=1, below=0
    )


def test_numbers_that_changed_are_shown_again(cast, administrator):
    shown = actions.what_moves(cast.body).key
    make_published(cast).convey()
    with pytest.raises(Refusal, match="numbers changed"):
        succeed(cast.body, build.make_body("new"), administrator, shown=shown)
    assert PublicBody.objects.get(pk=cast.body.pk).successor is None


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_liaison_of_the_last_office_answers(cast, administrator, steps):
    published = make_published(cast)
    conveyance = published.convey()
    offices = [cast.body, *(build.make_body(f"new-{number}") for number in range(steps))]
    for old, new in itertools.pairwise(offices):
        succeed(old, new, administrator)
    liaison = build.make_liaison(offices[-1])
    client = as_person(liaison)
    desk = client.get(reverse("liaison_desk"))
    assert [task["url"] for task in desk.context["tasks"]] == [reverse("conveyance_detail", args=[conveyance.pk])]
    actions.acknowledge_conveyance(conveyance, by=liaison)
    for page in ("conveyance_detail", "answer_sheet"):
        assert client.get(reverse(page, args=[conveyance.pk])).status_code == 200
    item = published.item()
    words = {"kind": "noted", "text": "Seen.", "language": "en", "until": None, "passed_to_id": None}
    actions.save_answers(conveyance, by=liaison, drafts=[actions.Draft(item.pk, 0, words)])
    draft = Response.objects.get()
    assert actions.publish_answers(conveyance, by=liaison, shown={draft.pk: draft.version}) == 1
    page = client.get(reverse("follow_up"), {"body": offices[-1].slug})
    assert page.context["total"] == 2
    text = client.get(reverse("edition_detail", args=[published.slug, 1])).content.decode()
    assert cast.body.name in text


def test_the_old_liaison_sees_and_answers_nothing(cast, administrator):
    conveyance = make_published(cast).convey()
    succeed(cast.body, build.make_body("new"), administrator)
    client = as_person(cast.liaison)
    assert client.get(reverse("liaison_desk")).status_code == 403
    assert client.get(reverse("conveyance_detail", args=[conveyance.pk])).status_code in {403, 404}


def test_drafts_of_the_old_office_are_taken_over(cast, administrator):
    published = make_published(cast)
    conveyance = actions.acknowledge_conveyance(published.convey(), by=cast.liaison)
    words = {"kind": "noted", "text": "Begun.", "language": "en", "until": None, "passed_to_id": None}
    item = published.item()
    actions.save_answers(conveyance, by=cast.liaison, drafts=[actions.Draft(item.pk, 0, words)])
    new = build.make_body("new")
    succeed(cast.body, new, administrator)
    liaison = build.make_liaison(new)
    (draft,) = actions.drafts_of(conveyance, new)
    assert (draft.text, Response.objects.visible_to(liaison).count()) == ("Begun.", 1)
    actions.save_answers(
        conveyance, by=liaison, drafts=[actions.Draft(item.pk, draft.version, {**words, "text": "Finished."})]
    )
    (draft,) = actions.drafts_of(conveyance, new)
    actions.publish_answers(conveyance, by=liaison, shown={draft.pk: draft.version})
    assert list(Response.objects.values_list("body__slug", "text")) == [("new", "Finished.")]


def test_an_item_that_was_passed_on_follows_as_well(cast, administrator):
    published = make_published(cast)
    passed = build.make_body("passed")
    answer(published, published.convey(), kind="not-competent", passed_to_id=passed.pk)
    new = build.make_body("new")
    succeed(passed, new, administrator)
    assert list(published.edition.items.for_office(new.pk)) == [published.item()]


def test_the_new_office_is_offered_for_conveyance_through_a_chain(cast, administrator):
    published = make_published(cast)
    first, last = build.make_body("first"), build.make_body("last")
    succeed(cast.body, first, administrator)
    succeed(first, last, administrator)
    page = as_person(cast.convenor).get(reverse("conveyance_create", args=[published.slug]))
    assert set(page.context["form"].fields["bodies"].queryset) == {cast.body, first, last}


def test_people_of_the_new_office_are_told_what_waits(cast, administrator):
    make_published(cast).convey()
    new = build.make_body("new")
    build.make_liaison(new, email="new@example.org")
    succeed(cast.body, new, administrator, move=True)
    assert readers("recommendations.conveyance_received") == {"liaison@example.org", "new@example.org"}
    delivery.deliver_batch()
    told = [message.to for message in mail.outbox if "conveyed" in message.subject]
    assert sorted(told) == [["liaison@example.org"], ["new@example.org"]]


def test_mail_that_waited_for_the_old_liaison_is_not_sent(cast, administrator):
    make_published(cast).convey()
    succeed(cast.body, build.make_body("new"), administrator)
    delivery.deliver_batch()
    state = OutgoingMessage.objects.get(purpose="recommendations.conveyance_received").state
    assert state == "superseded"


def test_those_concerned_are_told_when_the_last_liaison_leaves(cast, administrator):
    build.make_convenor(email="elsewhere@example.org")
    make_published(cast).convey()
    colleague = build.make_liaison(cast.body)
    actions.leave_office(cast.liaison.appointments.get(), by=cast.liaison)
    assert readers() == set()
    actions.leave_office(colleague.appointments.get(), by=administrator)
    assert readers() == {"admin@example.org", "convenor@example.org", "second@example.org"}


def test_a_term_that_ran_out_is_closed_and_told_once(cast, administrator):
    make_published(cast).convey()
    cast.liaison.appointments.update(until=timezone.localdate() - timedelta(days=3))
    cast.other_liaison.appointments.update(until=timezone.localdate())
    assert [tasks.close_terms() for _again in range(2)] == [1, 0]
    appointment = cast.liaison.appointments.get()
    assert (appointment.state, appointment.until) == ("ended", timezone.localdate() - timedelta(days=3))
    assert readers("stakeholders.appointment_changed") == {"liaison@example.org"}
    assert readers() == {"admin@example.org", "convenor@example.org", "second@example.org"}


def test_a_term_that_was_extended_meanwhile_goes_on(cast):
    appointment = cast.liaison.appointments.get()
    with pytest.raises(Refusal, match="not over yet"):
        actions.close_term(appointment)
    assert cast.liaison.appointments.get().state == "active"


def test_an_office_without_open_items_is_left_quietly(cast, administrator):
    make_published(cast)
    actions.leave_office(cast.liaison.appointments.get(), by=administrator)
    assert readers() == set()


@pytest.mark.parametrize("language", CODES)
def test_office_unattended(cast, administrator, language):
    User.objects.update(language=language)
    make_published(cast).convey()
    OutgoingMessage.objects.all().delete()
    actions.leave_office(cast.liaison.appointments.get(), by=administrator)
    delivery.deliver_batch()
    messages = [message for message in mail.outbox if message.to == ["admin@example.org"]]
    assert [len(message.subject) <= 50 for message in messages] == [True]
    assert f"/{language}/public-bodies/ministry/" in messages[0].body
    assert f'<html lang="{language}"' in messages[0].alternatives[0].content


@pytest.mark.parametrize("what", ["liaison", "answered", "administrator"])
def test_office_that_is_attended_again_is_no_news(cast, administrator, what):
    make_published(cast).convey()
    cast.liaison.appointments.update(state="ended")
    OutgoingMessage.objects.all().delete()
    emails.office_unattended(cast.body)
    if what == "liaison":
        build.make_liaison(cast.body)
    elif what == "answered":
        Conveyance.objects.update(public=False)
    else:
        for user in (administrator, cast.convenor, cast.second_convenor):
            user.convenorships.update(until=timezone.localdate() - timedelta(days=1))
    delivery.deliver_batch()
    assert mail.outbox == []

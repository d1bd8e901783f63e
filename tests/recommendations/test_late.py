"""Late with a code: given once, kept as a hash, revoked; what comes in with it is marked, whatever becomes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from recommendations import actions
from recommendations.models import LateCode, Submission
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_views_submissions import draft, fresh, to

SOON = timedelta(days=2)


@pytest.fixture
def over(scene):
    """Return the scene after its deadline."""
    scene.consultation.input_closes = timezone.now() - timedelta(hours=1)
    scene.consultation.save()
    return scene


def give(scene, **values):
    """Return row and code for the representative's organisation."""
    values = {"organisation": scene.cast.organisation, "until": timezone.now() + SOON, "reason": "A flood.", **values}
    return actions.give_late_code(scene.consultation, by=scene.cast.convenor, **values)


def test_what_comes_in_with_a_code_is_late_and_stays_marked(over):
    submission = draft(over)
    row, code = give(over)
    sent = actions.submit_submission(submission, by=over.cast.representative, code=code)
    assert (sent.state, sent.late) == ("late", True)
    entry = LogEntry.objects.get(verb="submit_late")
    assert (entry.subject_id, entry.detail) == (submission.pk, f"late code {row.pk}")
    assert OutgoingMessage.objects.filter(purpose="recommendations.submission_received").count() == 1
    (made,) = [build.make_recommendation(over.statement)]
    sent.move("treat", treatment="joined")
    source = made.sources.create(submission=sent)
    actions.unlink_source(source, by=over.cast.convenor)
    sent.refresh_from_db()
    assert (sent.state, sent.late) == ("submitted", True)
    page = as_person(over.cast.convenor).get(submission.get_absolute_url()).content.decode()
    assert "sent in late" in page


def test_a_code_is_used_for_several_points_until_its_day_is_over(over):
    row, code = give(over)
    for _count in range(2):
        assert actions.submit_submission(draft(over), by=over.cast.representative, code=code).late
    LateCode.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(seconds=2))
    submission = draft(over)
    with pytest.raises(Refusal) as refused:
        actions.submit_submission(submission, by=over.cast.representative, code=code)
    assert "This code was valid until" in str(refused.value.reason)
    submission.refresh_from_db()
    assert submission.state == "draft"


def test_the_code_itself_is_kept_nowhere(over):
    row, code = give(over)
    letters = code.replace("-", "")
    assert len(letters) == 16
    held = [str(value) for value in LateCode.objects.filter(pk=row.pk).values_list()[0]]
    assert [letters in value or code in value for value in held] == [False] * len(held)
    assert not LogEntry.objects.filter(detail__contains=letters).exists()


@pytest.mark.parametrize("typed", ["{low}", " {spaced} ", "{code}\u200b", "{code}."])
def test_a_code_is_understood_as_it_is_typed(over, typed):
    _row, code = give(over)
    typed = typed.format(low=code.lower(), spaced=code.replace("-", " "), code=code)
    assert actions.submit_submission(draft(over), by=over.cast.representative, code=typed).late


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA-AAAA", "x", "🚫"])
def test_a_wrong_code_sends_nothing(over, typed):
    give(over)
    submission = draft(over)
    with pytest.raises(Refusal):
        actions.submit_submission(submission, by=over.cast.representative, code=typed)
    submission.refresh_from_db()
    assert (submission.state, submission.submitted_at) == ("draft", None)


def test_a_code_of_another_organisation_or_consultation_opens_nothing(over):
    _row, theirs = give(over, organisation=over.cast.other_organisation)
    other = build.make_consultation(convenors=[over.cast.convenor])
    words = {"organisation": over.cast.organisation, "until": timezone.now() + SOON, "reason": "x"}
    _row, elsewhere = actions.give_late_code(other, by=over.cast.convenor, **words)
    for code in (theirs, elsewhere):
        with pytest.raises(Refusal):
            actions.submit_submission(draft(over), by=over.cast.representative, code=code)


def test_a_new_code_ends_the_one_before_and_a_revoked_one_opens_nothing(over):
    first_row, first = give(over)
    second_row, second = give(over)
    first_row.refresh_from_db()
    assert first_row.revoked_at is not None
    actions.revoke_late_code(second_row, by=over.cast.second_convenor)
    actions.revoke_late_code(second_row, by=over.cast.convenor)
    assert LogEntry.objects.filter(verb="revoke_late_code").count() == 1
    for code in (first, second):
        with pytest.raises(Refusal):
            actions.submit_submission(draft(over), by=over.cast.representative, code=code)


def test_in_time_a_code_changes_nothing(scene):
    _row, code = give(scene)
    sent = actions.submit_submission(draft(scene), by=scene.cast.representative, code=code)
    assert (sent.state, sent.late) == ("submitted", False)


def test_before_submissions_open_no_code_opens_them(scene):
    scene.consultation.input_opens = timezone.now() + timedelta(days=1)
    scene.consultation.input_closes = timezone.now() + timedelta(days=2)
    scene.consultation.save()
    _row, code = give(scene)
    with pytest.raises(Refusal):
        actions.submit_submission(draft(scene), by=scene.cast.representative, code=code)


def test_who_may_not_get_or_give_one(over):
    with pytest.raises(Refusal):
        give(over, until=timezone.now() - timedelta(seconds=2))
    with pytest.raises(Refusal):
        give(over, organisation=build.make_organisation(state="suspended"))
    with pytest.raises(Refusal):
        give(over, reason="")
    over.cast.organisation.memberships.create(
        user=over.cast.convenor, state="active", since=build.LONG_AGO, role="representative"
    )
    with pytest.raises(Refusal) as refused:
        actions.give_late_code(
            over.consultation,
            by=fresh(over.cast.convenor),
            organisation=over.cast.organisation,
            until=timezone.now() + SOON,
            reason="x",
        )
    assert refused.value.field == "organisation"


def test_a_discreet_consultation_gives_codes_to_invited_ones_only(over):
    type(over.consultation).objects.filter(pk=over.consultation.pk).update(discreet=True)
    assert give(over)
    with pytest.raises(Refusal):
        give(over, organisation=build.make_organisation())


# --- Pages --------------------------------------------------------------------------------------------------------


def listed(scene):
    """Return the address of the convenors' page."""
    return reverse("late_code_list", args=[scene.consultation.slug])


def creating(scene, organisation=None):
    """Return the address where a code is given."""
    return reverse("late_code_create", args=[scene.consultation.slug, (organisation or scene.cast.organisation).pk])


@pytest.mark.parametrize("address", [listed, creating])
def test_who_opens_the_convenors_pages(over, address):
    seen = {name: as_person(fresh(getattr(over.cast, name))).get(address(over)).status_code for name in PEOPLE}
    assert seen == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def test_a_code_is_looked_for_given_shown_once_and_revoked(over):
    client = as_person(over.cast.convenor)
    found = client.get(listed(over), {"q": over.cast.organisation.name[:6]}).content.decode()
    assert creating(over) in found
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    shown = client.post(creating(over), {"until": day, "reason": "A flood took the office."})
    code = shown.context["code"]
    assert (shown.status_code, code in shown.content.decode()) == (200, True)
    assert "no-store" in shown["Cache-Control"]
    page = client.get(listed(over)).content.decode()
    assert [code in page, "A flood took the office." in page] == [False, True]
    row = LateCode.objects.get()
    local = row.until.astimezone(timezone.get_fixed_timezone(7 * 60))
    assert f"{local:%H:%M}" == "23:59"
    client.post(reverse("late_code_revoke", args=[over.consultation.slug, row.pk]))
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_a_late_code_of_another_consultation_is_not_there(over):
    row, _code = give(over)
    other = build.make_consultation(convenors=[over.cast.convenor])
    address = reverse("late_code_revoke", args=[other.slug, row.pk])
    assert as_person(over.cast.convenor).post(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"until": "2001-01-01", "reason": "x"}, "still to come"),
        ({"until": "", "reason": "x"}, "required"),
        ({"until": "2030-01-01", "reason": "\u200b"}, "only invisible"),
    ],
)
def test_a_code_that_is_refused_keeps_what_was_typed(over, sent, said):
    page = as_person(over.cast.convenor).post(creating(over), sent).content.decode()
    assert said in page
    assert not LateCode.objects.exists()


def test_the_one_who_is_late_types_the_code_on_the_page_that_says_so(over):
    submission, client = draft(over), as_person(over.cast.representative)
    _row, code = give(over)
    assert "Do you have a code?" in client.get(to("submission_check", submission)).content.decode()
    wrong = client.post(to("submission_submit_late", submission), {"code": "ABCD-EFGH"})
    assert (wrong.status_code, "This code is not valid." in wrong.content.decode()) == (200, True)
    assert "ABCD-EFGH" in wrong.content.decode()
    done = client.post(to("submission_submit_late", submission), {"code": code.lower()}, follow=True)
    assert "marked as late" in done.content.decode()
    assert Submission.objects.get(pk=submission.pk).state == "late"


def test_who_does_not_send_in_is_not_asked_for_a_code(over):
    submission, client = draft(over), as_person(over.cast.colleague)
    _row, code = give(over)
    assert "Do you have a code?" not in client.get(to("submission_check", submission)).content.decode()
    assert client.post(to("submission_submit_late", submission), {"code": code}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_equally_often(over, count, django_assert_num_queries):
    for _one in range(count):
        give(over, organisation=build.make_organisation())
    client = as_person(over.cast.convenor)
    client.get(listed(over))
    with django_assert_num_queries(5):
        page = client.get(listed(over))
    assert len(page.context["codes"]) == count

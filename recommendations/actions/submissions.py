"""The verbs of submissions: an organisation writes, sends in, withdraws; a convenor says what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import clock, dates, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import emails
from recommendations.actions.evidence import drop_evidence
from recommendations.actions.joint import demand_all_agree, pass_to_co_submitter
from recommendations.actions.late import opened_by
from recommendations.actions.sign_off import WAITS, demand_may_send
from recommendations.models import Recommendation, Submission
from stakeholders.models import Organisation, PublicBody
from stakeholders.querysets import standing_of


@transaction.atomic
def draft_submission(
    consultation: Consultation,
    *,
    by: User,
    organisation: Organisation,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Submission:
    """Begin a submission of the organisation. A draft may be written at any time; the deadline is for sending it in.

    Raises Refusal where the organisation may not take part, or the consultation is not announced or is over.
    """
    demand_may_take_part(consultation, organisation, by)
    submission = Submission.objects.create(consultation=consultation, organisation=organisation, author=by, **words)
    submission.addressees.set(addressees)
    log.record("draft", submission, by=by, topic=consultation)
    return submission


def demand_may_take_part(consultation: Consultation, organisation: Organisation, by: User) -> None:
    """Raise Refusal unless the person acts for the organisation and it may send in to this consultation."""
    if organisation.pk not in standing_of(by).organisations or organisation.state != "verified":
        raise Refusal(_("You do not act for this organisation."), field="organisation")
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation does not take submissions now."))
    if consultation.discreet and not consultation.invitations.of([organisation.pk]).reached().exists():
        raise Refusal(_("Only invited organisations take part in this consultation."), field="organisation")


@transaction.atomic
def revise_submission(
    submission: Submission,
    *,
    by: User,
    version: int,
    form_key: str = "",
    noted: bool = True,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Submission:
    """Change the words of a draft. Raises Refusal once it is sent in, Conflict where somebody else was faster.

    A form that wrote last is never in conflict with itself: on a bad line it may not have heard of its own success.
    """
    submission = Submission.locked(submission.pk)
    demand_may_be_written(submission, version, form_key)
    # What a script sent before the writer's own press of a button, and what comes in after it, is out of date.
    submission.last_form_key = ""
    for name, value in words.items():
        setattr(submission, name, value)
    submission.version += 1
    submission.save()
    submission.addressees.set(addressees)
    if noted:
        log.record("revise", submission, by=by, topic=submission.consultation)
    return submission


def demand_may_be_written(submission: Submission, version: int, form_key: str) -> None:
    """Raise Refusal once its words stand still, Conflict where another form than this one wrote last."""
    submission.demand("submit")
    if submission.state == "ready":
        raise Refusal(WAITS)
    if submission.version != version and not (form_key and form_key == submission.last_form_key):
        raise Conflict(submission)


@transaction.atomic
def submit_submission(submission: Submission, *, by: User, code: str = "") -> Submission:
    """Send in a draft, or a text that waits for sign-off: sending it in is the approval.

    The database's clock judges the deadline; after it the text stays where it is, but for whoever has a code of a
    convenor: then it is marked as late. Raises Refusal.
    """
    submission = Submission.locked(submission.pk)
    submission.demand("submit")
    consultation = submission.consultation
    # One reading of the clock judges and is noted: what was in time never carries a later time.
    now = clock.database_now()
    closed = closed_sentence(consultation, now)
    late = bool(closed and code and consultation.input_closes and now > consultation.input_closes)
    if closed and not late:
        raise Refusal(f"{closed} {_('Your text is kept as a draft and was not sent in.')}")
    demand_may_take_part(consultation, submission.organisation, by)
    demand_may_send(submission, by)
    demand_all_agree(submission)
    given = opened_by(code, consultation, submission.organisation, now) if late else None
    submission.move("submit_late" if given else "submit", submitted_at=now, returned_because="", late=late)
    emails.submission_received(submission)
    if given:
        log.record("submit_late", submission, by=by, topic=consultation, detail=f"late code {given.pk}")
    else:
        log.record("submit", submission, by=by, topic=consultation)
    return submission


def closed_sentence(consultation: Consultation, at: datetime | None = None) -> str:
    """Return when submissions open or closed, in the consultation's zone; nothing while they are open."""
    now, opens, closes = at or clock.database_now(), consultation.input_opens, consultation.input_closes
    if consultation.input_is_open_at(now):
        return ""
    if opens and now < opens:
        return str(_("Submissions open on %(when)s.") % {"when": dates.moment(opens, consultation.time_zone)})
    if closes and now > closes:
        return str(_("Submissions closed on %(when)s.") % {"when": dates.moment(closes, consultation.time_zone)})
    return str(_("This consultation does not take submissions now."))


@transaction.atomic
def withdraw_submission(submission: Submission, *, by: User) -> Submission:
    """Take a submission back, its files with it. A recommendation that came from it is flagged for the convenors.

    Where other organisations stand behind it too, only the own one is taken off. Raises Refusal.
    """
    submission = Submission.locked(submission.pk)
    submission.demand("withdraw")
    drop_evidence(submission.evidence.all())
    if pass_to_co_submitter(submission):
        log.record("pass_on", submission, by=by, topic=submission.consultation)
        return submission
    if submission.submitted_at is None:
        submission.co_submitters.all().delete()  # nobody who was asked reads on in what was discarded
    submission.move("withdraw")
    submission.sources.update(withdrawn=True)
    Recommendation.objects.filter(sources__submission=submission).update(flagged=True)
    log.record("withdraw", submission, by=by, topic=submission.consultation)
    return submission


def demand_not_own(submission: Submission, by: User) -> None:
    """Raise Refusal where the person acts for one of the senders: nobody decides on their own organisation."""
    organisations = standing_of(by).organisations
    if submission.organisation_id in organisations or (
        organisations and submission.co_submitters.in_it().filter(organisation__in=organisations).exists()
    ):
        raise Refusal(_("You act for this organisation. Another convenor decides on its submissions."))

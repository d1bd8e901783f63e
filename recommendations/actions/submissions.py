"""The verbs of submissions: an organisation writes, sends in, withdraws; a convenor says what became of it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import clock, dates, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import emails
from recommendations.models import Recommendation, Submission
from recommendations.states import Treatment
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
    submission: Submission, *, by: User, version: int, addressees: Iterable[PublicBody] = (), **words: Any
) -> Submission:
    """Change the words of a draft. Raises Refusal once it is sent in, Conflict where somebody else was faster."""
    submission = Submission.locked(submission.pk)
    submission.demand("ask")  # only a draft changes: what waits for sign-off stands still
    if submission.version != version:
        raise Conflict(submission)
    for name, value in words.items():
        setattr(submission, name, value)
    submission.version += 1
    submission.save()
    submission.addressees.set(addressees)
    log.record("revise", submission, by=by, topic=submission.consultation)
    return submission


@transaction.atomic
def submit_submission(submission: Submission, *, by: User) -> Submission:
    """Send the draft in. The database's clock judges the deadline; after it the text stays a draft. Raises Refusal."""
    submission = Submission.locked(submission.pk)
    submission.demand("submit")
    consultation = submission.consultation
    closed = closed_sentence(consultation)
    if closed:
        raise Refusal(f"{closed} {_('Your text is kept as a draft and was not sent in.')}")
    demand_may_take_part(consultation, submission.organisation, by)
    submission.move("submit", submitted_at=clock.database_now())
    emails.submission_received(submission)
    log.record("submit", submission, by=by, topic=consultation)
    return submission


def closed_sentence(consultation: Consultation) -> str:
    """Return when submissions open or closed, in the consultation's zone; nothing while they are open."""
    now, opens, closes = clock.database_now(), consultation.input_opens, consultation.input_closes
    if consultation.input_is_open_at(now):
        return ""
    if opens and now < opens:
        return str(_("Submissions open on %(when)s.") % {"when": dates.moment(opens, consultation.time_zone)})
    if closes and now > closes:
        return str(_("Submissions closed on %(when)s.") % {"when": dates.moment(closes, consultation.time_zone)})
    return str(_("This consultation does not take submissions now."))


@transaction.atomic
def withdraw_submission(submission: Submission, *, by: User) -> Submission:
    """Take a submission back. A recommendation that came from it is flagged for the convenors. Raises Refusal."""
    submission = Submission.locked(submission.pk)
    submission.move("withdraw")
    submission.sources.update(withdrawn=True)
    Recommendation.objects.filter(sources__submission=submission).update(flagged=True)
    log.record("withdraw", submission, by=by, topic=submission.consultation)
    return submission


@transaction.atomic
def treat_submission(submission: Submission, *, by: User, treatment: str, reason: str) -> Submission:
    """Refer a submission elsewhere or leave it out, with the reason that its sender will read. Raises Refusal."""
    submission = Submission.locked(submission.pk)
    submission.demand("treat")
    demand_not_own(submission, by)
    if treatment not in {Treatment.REFERRED, Treatment.NOT_USED}:
        raise Refusal(_("Choose one."), field="treatment")
    if not reason:
        raise Refusal(_("Say why: the organisation reads it."), field="reason")
    if submission.sources.filter(withdrawn=False).exists():
        raise Refusal(_("It is a source of a recommendation. Take it off there first."))
    submission.move("treat", treatment=treatment, treatment_reason=reason)
    log.record("treat", submission, by=by, topic=submission.consultation, detail=treatment)
    return submission


def demand_not_own(submission: Submission, by: User) -> None:
    """Raise Refusal where the person acts for the sender: nobody decides on their own organisation."""
    if submission.organisation_id in standing_of(by).organisations:
        raise Refusal(_("You act for this organisation. Another convenor decides on its submissions."))

"""What a submission is used for in the common text, or where it was referred to."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations.actions.submissions import demand_not_own
from recommendations.models import Referral, Source, Submission
from recommendations.states import Treatment
from stakeholders.models import PublicBody


def take_up(submission: Submission, treatment: str) -> None:
    """Note that a submission is in the common text, and how. A referral is over. Raises Refusal."""
    Referral.objects.filter(submission=submission).delete()
    submission.move("treat", treatment=treatment, treatment_reason="")


def settle_treatments(submissions: Iterable[Submission]) -> None:
    """Note how each submission is used after sources moved: as it is, joined with others, or as evidence."""
    for one in submissions:
        submission = Submission.locked(one.pk)
        treatment = _treatment(list(submission.sources.filter(withdrawn=False)))
        if treatment and submission.treatment != treatment and submission.can("treat"):
            take_up(submission, treatment)


def _treatment(links: list[Source]) -> str:
    words = [link.recommendation_id for link in links if not link.evidence]
    if not words:
        return Treatment.EVIDENCE if links else ""
    shared = Source.objects.filter(recommendation__in=words, evidence=False, withdrawn=False).count()
    return Treatment.JOINED if shared > len(words) else Treatment.USED


@transaction.atomic
def treat_submission(
    submission: Submission,
    *,
    by: User,
    treatment: str,
    reason: str,
    consultation: Consultation | None = None,
    body: PublicBody | None = None,
) -> Submission:
    """Refer a submission elsewhere or leave it out, with the reason that its sender will read. Raises Refusal.

    A referral may name another consultation or a public body.
    """
    submission = Submission.locked(submission.pk)
    submission.demand("treat")
    demand_not_own(submission, by)
    if treatment not in {Treatment.REFERRED, Treatment.NOT_USED}:
        raise Refusal(_("Choose one."), field="treatment")
    if not reason:
        raise Refusal(_("Say why: the organisation reads it."), field="reason")
    if submission.sources.filter(withdrawn=False).exists():
        raise Refusal(_("It is a source of a recommendation. Take it off there first."))
    _refer(submission, treatment, consultation, body)
    submission.move("treat", treatment=treatment, treatment_reason=reason)
    log.record("treat", submission, by=by, topic=submission.consultation, detail=treatment)
    return submission


def _refer(submission: Submission, treatment: str, consultation: Consultation | None, body: PublicBody | None) -> None:
    if consultation and body:
        raise Refusal(_("Refer it to a consultation or to a public body, not to both."), field="body")
    if treatment != Treatment.REFERRED and (consultation or body):
        raise Refusal(_("Only what is referred goes to somebody else."), field="treatment")
    if consultation and consultation.pk == submission.consultation_id:
        raise Refusal(_("It came in to this consultation."), field="consultation")
    Referral.objects.filter(submission=submission).delete()
    if consultation or body:
        Referral.objects.create(submission=submission, consultation=consultation, body=body)

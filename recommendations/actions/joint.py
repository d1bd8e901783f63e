"""Joint submissions: organisations that one names agree for themselves, to the words as they are, or stay out."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import emails
from recommendations.models import CoSubmitter, Recommendation, Submission
from recommendations.rules import speaks_in
from recommendations.states import CoSubmissionState
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

AT_MOST = 30  # organisations named in one joint submission


@transaction.atomic
def name_co_submitter(submission: Submission, *, by: User, organisation: Organisation) -> CoSubmitter:
    """Name an organisation that may send a draft in together with the own one. It hears nothing until it is asked.

    Raises Refusal where it cannot take part, is named already, or the consultation is discreet.
    """
    submission = _own_draft(submission.pk, by)
    if submission.consultation.discreet:
        raise Refusal(_("In a discreet consultation each organisation sends in for itself."))
    if organisation.pk == submission.organisation_id:
        raise Refusal(_("It is your own organisation."), field="organisation")
    if organisation.state != "verified":
        raise Refusal(_("This organisation cannot send in: it is not verified."), field="organisation")
    there = submission.co_submitters.filter(organisation=organisation).first()
    if there is not None:
        raise Refusal(_("It is named already."), field="organisation")
    if submission.co_submitters.count() >= AT_MOST:
        most = {"most": AT_MOST}
        raise Refusal(_("Up to %(most)d organisations can be named.") % most, field="organisation")
    made = CoSubmitter.objects.create(submission=submission, organisation=organisation)
    log.record("name_co_submitter", made, by=by, topic=submission.consultation)
    return made


@transaction.atomic
def ask_co_submitters(submission: Submission, *, by: User) -> int:
    """Ask all who have not agreed to the words as they are; return how many. Each is asked once for the same words."""
    submission = _own_draft(submission.pk, by)
    asked = 0
    for one in submission.co_submitters.missing().exclude(asked_version=submission.version):
        one.move("ask_again", asked_version=submission.version)
        emails.co_submission_asked(one, version=submission.version)
        asked += 1
    if not asked:
        raise Refusal(_("There is nobody to ask: all agreed to these words, or were asked about them."))
    log.record("ask_co_submitters", submission, by=by, topic=submission.consultation)
    return asked


@transaction.atomic
def remove_co_submitter(co_submitter: CoSubmitter, *, by: User) -> None:
    """Take an organisation off the draft: it no longer sees it. Raises Refusal once the text stands still."""
    submission = _own_draft(co_submitter.submission_id, by)
    found = submission.co_submitters.filter(pk=co_submitter.pk).first()
    if found is None:
        raise Refusal(_("Somebody took it off meanwhile."))
    log.record("remove_co_submitter", found, by=by, topic=submission.consultation)
    found.delete()


@transaction.atomic
def agree_co_submission(co_submitter: CoSubmitter, *, by: User, version: int, attribution: str) -> CoSubmitter:
    """Agree for the own organisation to the words that were read, shown to others as chosen. Raises Refusal."""
    submission, found = _asked(co_submitter, by)
    _demand_unsent(submission)
    if submission.version != version:
        raise Refusal(_("The words were changed while you were reading. Read them again below, then decide."))
    found.move("agree", agreed_version=version, attribution=attribution, by=by, at=timezone.now())
    if not submission.joint:
        submission.joint = True
        submission.save(update_fields=["joint", "updated_at"])
    log.record("agree", found, by=by, topic=submission.consultation)
    return found


@transaction.atomic
def decline_co_submission(co_submitter: CoSubmitter, *, by: User) -> CoSubmitter:
    """Stay out, or take back that the own organisation agreed, before it is sent in. Raises Refusal."""
    submission, found = _asked(co_submitter, by)
    _demand_unsent(submission)
    found.move("decline", agreed_version=0, by=by, at=timezone.now())
    log.record("decline", found, by=by, topic=submission.consultation)
    return found


@transaction.atomic
def leave_co_submission(co_submitter: CoSubmitter, *, by: User) -> CoSubmitter:
    """Take the own organisation off what was sent in. Texts that it went into are flagged. Raises Refusal."""
    submission, found = _asked(co_submitter, by)
    if submission.submitted_at is None or submission.state == "withdrawn":
        raise Refusal(_("This cannot be done now: it was not sent in, or is withdrawn."))
    found.move("leave", by=by, at=timezone.now())
    Recommendation.objects.filter(sources__submission=submission).update(flagged=True)
    log.record("leave", found, by=by, topic=submission.consultation)
    return found


def demand_all_agree(submission: Submission) -> None:
    """Raise Refusal while an organisation that is named has not agreed to the words as they are."""
    missing = submission.co_submitters.missing().count()
    if missing:
        raise Refusal(
            _("It goes out together, and not all organisations have agreed to these words. Ask them, or take them off.")
        )


def pass_to_co_submitter(submission: Submission) -> bool:
    """Where others stand behind what was sent in, take only the writer's organisation off; return whether it did.

    The one that agreed first keeps it from now on.
    """
    agreed = submission.co_submitters.filter(state=CoSubmissionState.AGREED)
    heir = agreed.order_by("at", "pk").first() if submission.submitted_at else None
    if heir is None:
        return False
    submission.organisation, submission.attribution = heir.organisation, heir.attribution
    submission.save(update_fields=["organisation", "attribution", "updated_at"])
    heir.delete()
    Recommendation.objects.filter(sources__submission=submission).update(flagged=True)
    return True


def _own_draft(pk: int, by: User) -> Submission:
    submission = Submission.locked(pk)
    if submission.organisation_id not in standing_of(by).organisations:
        raise Refusal(_("You do not act for this organisation."))
    if submission.state != "draft":
        raise Refusal(_("Who sends in together is settled in a draft. This one stands still."))
    return submission


def _asked(co_submitter: CoSubmitter, by: User) -> tuple[Submission, CoSubmitter]:
    submission = Submission.locked(co_submitter.submission_id)
    found = submission.co_submitters.filter(pk=co_submitter.pk).select_related("organisation").first()
    if found is None:
        raise Refusal(_("Your organisation was taken off this text meanwhile."))
    if not speaks_in(by, found.organisation):
        raise Refusal(_("Whoever sends in for your organisation decides on this."))
    found.submission = submission
    return submission, found


def _demand_unsent(submission: Submission) -> None:
    if submission.state not in {"draft", "ready"}:
        raise Refusal(_("It was sent in or discarded meanwhile."))

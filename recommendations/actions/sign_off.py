"""Sign-off inside an organisation: who wrote asks, who may send in approves by sending in, or gives the text back.

A text that waits for sign-off has left nobody's hands: outside its organisation it does not exist, like a draft.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import emails
from recommendations.models import Submission
from recommendations.rules import may_send
from stakeholders.querysets import standing_of

WAITS = _("This text waits for sign-off. Its words can be changed once it is given back.")


@transaction.atomic
def ask_sign_off(submission: Submission, *, by: User) -> Submission:
    """Say that a draft is ready to be sent in. From now on its words stand still. Raises Refusal.

    Who may send it in is told by mail, without its words.
    """
    submission = Submission.locked(submission.pk)
    if submission.organisation_id not in standing_of(by).organisations:
        raise Refusal(_("You do not act for this organisation."))
    submission.move("ask", returned_because="")
    emails.sign_off_asked(submission, version=submission.version)
    log.record("ask_sign_off", submission, by=by, topic=submission.consultation)
    return submission


@transaction.atomic
def return_submission(submission: Submission, *, by: User, reason: str) -> Submission:
    """Give a text that waits for sign-off back to its writer, with a remark that the organisation reads.

    The writer is told by mail, without the words of the text or of the remark. Raises Refusal.
    """
    submission = Submission.locked(submission.pk)
    submission.demand("return")
    demand_may_send(submission, by)
    if not reason:
        raise Refusal(_("Say what should change."), field="reason")
    # The version goes up with each return: each is an event of its own, and has a mail of its own.
    submission.move("return", returned_because=reason, version=submission.version + 1)
    emails.submission_returned(submission, version=submission.version)
    log.record("return", submission, by=by, topic=submission.consultation)
    return submission


def demand_may_send(submission: Submission, by: User) -> None:
    """Raise Refusal unless the person may send in for the organisation, as it is set at this moment."""
    if not may_send(by, submission):
        sentence = (
            _("Your lead representative sends this in. Mark it as ready for sign-off.")
            if submission.organisation.sign_off
            else _("A representative of your organisation sends this in. Mark it as ready for sign-off.")
        )
        raise Refusal(sentence)

"""An organisation corrects words that it has sent in, until a day, while nobody decided on them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, dates, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations.actions.sign_off import demand_may_send
from recommendations.models import EarlierWords, Submission

CORRECTED = ("text", "reason", "concerned")


@transaction.atomic
def correct_submission(submission: Submission, *, by: User, version: int, **words: str) -> Submission:
    """Put the corrected words in place of the earlier ones, which stay to be compared.

    Raises Refusal once the day is over or somebody decided on it, Conflict where a colleague was faster.
    """
    submission = Submission.locked(submission.pk)
    demand_correctable(submission)
    demand_may_send(submission, by)
    if submission.version != version:
        raise Conflict(submission)
    before = {name: getattr(submission, name) for name in CORRECTED}
    after = {name: words[name] for name in CORRECTED}
    if before == after:
        raise Refusal(_("Nothing was changed."), field="text")
    EarlierWords.objects.create(submission=submission, by=by, **before)
    submission.move("correct", version=version + 1, **after)
    log.record("correct", submission, by=by, topic=submission.consultation)
    return submission


def demand_correctable(submission: Submission) -> None:
    """Raise Refusal unless its words can be corrected at this moment, by the database's clock."""
    submission.demand("correct")
    if submission.co_submitters.in_it().exists():
        raise Refusal(_("Several organisations agreed to these words. Withdraw it and send it in anew, together."))
    if submission.can_be_corrected(clock.database_now()):
        return
    close = submission.corrections_close_at
    if submission.treatment:
        raise Refusal(_("The convenors have decided on it already. Its words stay as they are."))
    if close is None:
        raise Refusal(_("This consultation takes no corrections. You can withdraw it."))
    when = dates.moment(close, submission.consultation.time_zone)
    raise Refusal(_("Corrections were possible until %(when)s.") % {"when": when})

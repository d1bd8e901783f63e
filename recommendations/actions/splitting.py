"""A draft that holds two demands becomes two drafts, each with the words that were chosen for it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations.actions.submissions import demand_may_be_written
from recommendations.models import Submission
from stakeholders.querysets import standing_of

SHARED = (
    *("consultation", "organisation", "kind", "section", "theme", "reason", "concerned", "instrument", "paragraph"),
    *("language", "attribution"),
)


@transaction.atomic
def split_submission(submission: Submission, *, by: User, version: int, first: str, second: str) -> Submission:
    """Give the draft the first words and return a new draft with the second; everything else is in both.

    Files and organisations that join stay with the first. Raises Refusal, or Conflict where a colleague was faster.
    """
    submission = Submission.locked(submission.pk)
    if submission.organisation_id not in standing_of(by).organisations:
        raise Refusal(_("You do not act for this organisation."))
    demand_may_be_written(submission, version, "")
    if first == second:
        raise Refusal(_("Both hold the same words. Take out of each what belongs to the other."), field="second")
    shared = {name: getattr(submission, name) for name in SHARED}
    made = Submission.objects.create(author=by, text=second, **shared)
    made.addressees.set(submission.addressees.all())
    submission.text = first
    submission.version += 1
    submission.last_form_key = ""
    submission.save(update_fields=["text", "version", "last_form_key", "updated_at"])
    log.record("split", submission, by=by, topic=submission.consultation)
    log.record("draft", made, by=by, topic=submission.consultation)
    return made

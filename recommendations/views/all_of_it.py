"""What goes with a submission on its page: who sends it in together, and what was corrected."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal import differences
from recommendations.forms.handing_in import CorrectionForm
from recommendations.models import CoSubmitter, Submission
from recommendations.states import IN_IT, CoSubmissionState
from stakeholders.querysets import Standing


def corrections_of(submission: Submission) -> list[dict[str, Any]]:
    """Return each correction with what it changed, the latest first."""
    rows, newer = [], {name: getattr(submission, name) for name in CorrectionForm.Meta.fields}
    labels = {name: CorrectionForm.base_fields[name].label for name in newer}
    for earlier in submission.earlier_words.all():
        older = {name: getattr(earlier, name) for name in newer}
        changed = [
            {"label": labels[name], "difference": differences.marked(older[name], newer[name])}
            for name in newer
            if older[name] != newer[name]
        ]
        rows.append({"at": earlier.at, "changed": changed})
        newer = older
    return rows


def partners_of(submission: Submission, standing: Standing) -> list[CoSubmitter]:
    """Return who sends it in together, of those whom the reader may know of.

    The writer's own people know whom they named; who was asked knows who else is; the convenors know who agreed, and
    who took itself off. That an organisation stayed out is nobody's business but the writer's.
    """
    found = list(submission.co_submitters.all())
    if submission.organisation_id in standing.organisations:
        return found
    shown = [one for one in found if one.state in IN_IT and one.asked_version]
    return shown + [one for one in found if one.state == CoSubmissionState.LEFT and standing.convenor]


def joined(named: Iterable[CoSubmitter], submission: Submission, standing: Standing) -> list[dict[str, Any]]:
    """Return who is named, as the own people may know them, each with where it stands."""
    rows = []
    for one in named:
        one.submission = submission
        old = one.state == "agreed" and not one.agrees_now
        words, badge = {
            "asked": (_("asked, no answer yet"), "wait"),
            "agreed": (_("agrees to these words"), "ok"),
            "declined": (_("does not join"), "no"),
            "left": (_("took itself off"), "no"),
        }[one.state]
        if old and submission.submitted_at is None:
            words, badge = _("agreed to earlier words"), "needs"
        if one.state == "asked" and one.asked_version != submission.version:
            words, badge = (_("not asked yet"), "needs") if not one.asked_version else (_("asked earlier"), "needs")
        name = one.organisation.shown_name(standing)
        rows.append({"row": one, "name": name, "words": words, "badge": badge})
    return rows

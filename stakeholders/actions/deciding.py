"""What convenors decide about an organisation. Each decision is a row that stays; the organisation carries the last."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log, text
from portal.models import User
from portal.states import Refusal
from stakeholders import emails
from stakeholders.models import Decision, Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import ConflictKind, Limb, OrganisationState, Verdict


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a decision rests on. `seen` is the last decision that its writer had before their eyes, 0 for none."""

    limb: str = ""
    conflict: str = ""
    evidence: str = ""
    reasons: str = ""
    retest_on: date | None = None
    seen: int | None = None


@transaction.atomic
def verify_organisation(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """Decide that the organisation speaks as civil society: which limb, on what evidence. Raises Refusal.

    One that is verified already is tested again: it keeps its state.
    """
    organisation = _taken_up(organisation, by, grounds)
    _demand_eligible(organisation, grounds)
    values = {"limb": grounds.limb, "conflict": "", "evidence": grounds.evidence, "retest_on": grounds.retest_on}
    return _verify(organisation, Verdict.ELIGIBLE, by, grounds, values)


@transaction.atomic
def seat_on_own_bench(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """Decide that the organisation is heard on its own bench only, and for what conflict. Raises Refusal."""
    organisation = _taken_up(organisation, by, grounds)
    _demand_seatable(organisation)
    if grounds.conflict not in ConflictKind.values:
        raise Refusal(_("Say why it is heard on its own bench only."), field="conflict")
    values = {
        "limb": "",
        "conflict": grounds.conflict,
        "evidence": grounds.evidence,
        "retest_on": grounds.retest_on,
    }
    return _verify(organisation, Verdict.OWN_BENCH, by, grounds, values)


@transaction.atomic
def refuse_organisation(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """Refuse an application, with a reason. The applicant is told how to appeal. Raises Refusal."""
    organisation = _taken_up(organisation, by, grounds)
    _demand_reasons(grounds)
    values = {"limb": "", "conflict": "", "evidence": grounds.evidence, "retest_on": None}
    decision = _decide(organisation, Verdict.REFUSED, by, grounds, verb="refuse", values=values)
    emails.organisation_refused(decision)
    return _recorded(decision, "refuse")


@transaction.atomic
def suspend_organisation(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """Suspend an organisation, with a reason: its people lose access with their next request. Raises Refusal."""
    organisation = _taken_up(organisation, by, grounds)
    _demand_reasons(grounds)
    decision = _decide(organisation, Verdict.SUSPENDED, by, grounds, verb="suspend")
    emails.organisation_suspended(decision)
    return _recorded(decision, "suspend")


@transaction.atomic
def reinstate_organisation(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """End a suspension: what was decided before holds again. Raises Refusal."""
    organisation = _taken_up(organisation, by, grounds)
    _demand_seatable(organisation)
    values = {"retest_on": grounds.retest_on or organisation.retest_on}
    decision = _decide(organisation, Verdict.REINSTATED, by, grounds, verb="reinstate", values=values)
    emails.organisation_reinstated(decision)
    return _recorded(decision, "reinstate")


@transaction.atomic
def dissolve_organisation(organisation: Organisation, *, by: User, grounds: Grounds) -> Decision:
    """Write down that the organisation is no more. Its acts stay. Raises Refusal."""
    organisation = _taken_up(organisation, by, grounds)
    _demand_reasons(grounds)
    decision = _decide(organisation, Verdict.DISSOLVED, by, grounds, verb="dissolve", values={"retest_on": None})
    emails.organisation_dissolved(decision)
    return _recorded(decision, "dissolve")


def demand_may_decide(organisation: Organisation, by: User) -> None:
    """Raise Refusal unless the person convenes and has no part in the organisation."""
    if not standing_of(by).convenor:
        raise Refusal(_("Only convenors decide about organisations."))
    if organisation.concerns(by):
        raise Refusal(_("You belong to this organisation, or you applied for it. Another convenor decides."))


def _taken_up(organisation: Organisation, by: User, grounds: Grounds) -> Organisation:
    """Return the organisation, locked. Raises Refusal where this person may not decide, or somebody just did."""
    organisation = Organisation.locked(organisation.pk)
    demand_may_decide(organisation, by)
    last = organisation.decisions.select_related("appeal").first()
    if grounds.seen is not None and grounds.seen != (last.pk if last else 0):
        raise Refusal(_("Somebody else decided meanwhile. Read what was decided, then decide again."))
    if last and last.by_id == by.pk and organisation.state == OrganisationState.APPLIED and hasattr(last, "appeal"):
        raise Refusal(_("The organisation appeals against your refusal. Another convenor decides."))
    if grounds.retest_on and grounds.retest_on <= timezone.localdate():
        raise Refusal(_("Choose a day that is still to come."), field="retest_on")
    return organisation


def _demand_eligible(organisation: Organisation, grounds: Grounds) -> None:
    _demand_seatable(organisation)
    if not organisation.may_be_eligible:
        raise Refusal(_("A group that it belongs to cannot be eligible as civil society. Hear it on its own bench."))
    if grounds.limb not in Limb.values:
        raise Refusal(_("Say which half of the test it meets."), field="limb")
    if text.is_blank(grounds.evidence):
        raise Refusal(_("Write down the evidence: what you have seen, and where."), field="evidence")


def _demand_seatable(organisation: Organisation) -> None:
    if organisation.is_never_seated:
        raise Refusal(_("It belongs to a group that is never seated. It can only be refused."))


def _demand_reasons(grounds: Grounds) -> None:
    if text.is_blank(grounds.reasons):
        raise Refusal(_("Write down the reason: the organisation reads it."), field="reasons")


def _verify(
    organisation: Organisation, verdict: Verdict, by: User, grounds: Grounds, values: dict[str, Any]
) -> Decision:
    """Verify, or test again where it is verified; it hears of a test only when its bench changes."""
    is_retest = organisation.state == OrganisationState.VERIFIED
    before = Verdict.OWN_BENCH if organisation.conflict else Verdict.ELIGIBLE
    verb = "" if is_retest else "verify"
    decision = _decide(organisation, verdict, by, grounds, verb=verb, values=values)
    if not is_retest or verdict != before:
        emails.organisation_verified(decision)
    return _recorded(decision, verb or "retest")


def _decide(
    organisation: Organisation,
    verdict: Verdict,
    by: User,
    grounds: Grounds,
    *,
    verb: str,
    values: dict[str, Any] | None = None,
) -> Decision:
    """Take the step and add the row. Without a verb the state stays: a test of one that is verified."""
    changed = {**(values or {}), "decided_by": by, "decided_on": timezone.localdate()}
    if verb:
        organisation.move(verb, **changed)
    else:
        for name, value in changed.items():
            setattr(organisation, name, value)
        organisation.save(update_fields=[*changed, "updated_at"])
    return Decision.objects.create(
        organisation=organisation,
        verdict=verdict,
        limb=organisation.limb if verdict == Verdict.ELIGIBLE else "",
        conflict=organisation.conflict if verdict == Verdict.OWN_BENCH else "",
        evidence=grounds.evidence,
        reasons=grounds.reasons,
        retest_on=organisation.retest_on,
        by=by,
    )


def _recorded(decision: Decision, verb: str) -> Decision:
    log.record(verb, decision.organisation, by=decision.by, detail=decision.verdict)
    return decision


DECISIONS = {
    Verdict.ELIGIBLE: verify_organisation,
    Verdict.OWN_BENCH: seat_on_own_bench,
    Verdict.REFUSED: refuse_organisation,
    Verdict.SUSPENDED: suspend_organisation,
    Verdict.REINSTATED: reinstate_organisation,
    Verdict.DISSOLVED: dissolve_organisation,
}

"""Who may do what with organisations and people. Predicates (who) and states (when), composed into names."""

from typing import Any

import rules

from stakeholders.querysets import standing_of


@rules.predicate
def is_convenor(user: Any) -> bool:
    """A convenor of the task force, today."""
    return standing_of(user).convenor


@rules.predicate
def is_liaison(user: Any) -> bool:
    """A liaison of a public body, today."""
    return standing_of(user).body is not None


@rules.predicate
def is_member(user: Any) -> bool:
    """A person who acts for at least one organisation, today."""
    return bool(standing_of(user).organisations)


@rules.predicate
def is_lead(user: Any, organisation: Any) -> bool:
    """The lead representative of this organisation."""
    return organisation is not None and organisation.pk in standing_of(user).leads


@rules.predicate
def is_own(user: Any, organisation: Any) -> bool:
    """An organisation the person acts for: nobody decides on their own."""
    return organisation is not None and organisation.pk in standing_of(user).organisations


@rules.predicate
def can_confirm(_user: Any, membership: Any) -> bool:
    """The membership waits for an answer."""
    return membership is not None and membership.can("confirm")


@rules.predicate
def is_lead_of_membership(user: Any, membership: Any) -> bool:
    """The lead representative of the organisation that is asked."""
    return membership is not None and membership.organisation_id in standing_of(user).leads


@rules.predicate
def is_own_request(user: Any, membership: Any) -> bool:
    """The person's own request: somebody else answers it."""
    return membership is not None and membership.user_id == user.pk


@rules.predicate
def is_administrator(user: Any) -> bool:
    """An administrator of the task force, today."""
    return standing_of(user).administrator


@rules.predicate
def is_own_mandate(user: Any, mandate: Any) -> bool:
    """The person's own term or appointment: nobody names themselves."""
    return mandate is not None and mandate.user_id == user.pk


@rules.predicate
def waits_for_person(_user: Any, appointment: Any) -> bool:
    """Proposed, and an administrator stands behind it."""
    return appointment is not None and appointment.can("activate") and appointment.is_approved


@rules.predicate
def waits_for_approval(_user: Any, appointment: Any) -> bool:
    """Proposed by a colleague, and no administrator has looked at it yet."""
    return appointment is not None and appointment.can("activate") and not appointment.is_approved


@rules.predicate
def is_active(_user: Any, appointment: Any) -> bool:
    """The appointment was accepted and has not been ended."""
    return appointment is not None and appointment.state == "active"


rules.add_perm("stakeholders.keep_bodies", is_administrator)
rules.add_perm("stakeholders.name_term", is_administrator)
rules.add_perm("stakeholders.end_term", is_administrator)
rules.add_perm("stakeholders.appoint_liaison", is_administrator)
rules.add_perm("stakeholders.propose_colleague", is_liaison)
rules.add_perm("stakeholders.approve_appointment", is_administrator & ~is_own_mandate & waits_for_approval)
rules.add_perm("stakeholders.answer_appointment", is_own_mandate & waits_for_person)
rules.add_perm("stakeholders.extend_appointment", is_administrator & ~is_own_mandate & is_active)
rules.add_perm("stakeholders.end_appointment", is_administrator | (is_own_mandate & is_active))

rules.add_perm("stakeholders.see_register", rules.always_allow)
rules.add_perm("stakeholders.see_people", is_convenor | is_own)
rules.add_perm("stakeholders.confirm_membership", can_confirm & ~is_own_request & (is_convenor | is_lead_of_membership))

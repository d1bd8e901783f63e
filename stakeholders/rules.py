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


rules.add_perm("stakeholders.see_register", rules.always_allow)
rules.add_perm("stakeholders.export_contacts", is_convenor)
rules.add_perm("stakeholders.see_people", is_convenor | is_own)
rules.add_perm("stakeholders.confirm_membership", can_confirm & ~is_own_request & (is_convenor | is_lead_of_membership))

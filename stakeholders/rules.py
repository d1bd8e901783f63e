"""Who may do what with organisations and people. Predicates (who) and states (when), composed into names."""

from typing import Any

import rules

from stakeholders.querysets import has_second_factor, mandates_of, standing_of


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
def speaks_for(user: Any, organisation: Any) -> bool:
    """The lead or a representative of this organisation: a drafter writes, but does not speak for it."""
    return organisation is not None and organisation.pk in standing_of(user).speaks_for


@rules.predicate
def can_confirm(_user: Any, membership: Any) -> bool:
    """The person asks to join and waits for an answer. An invitation is answered by the person alone."""
    return membership is not None and membership.state == "requested"


@rules.predicate
def is_lead_of_membership(user: Any, membership: Any) -> bool:
    """The lead representative of the membership's organisation."""
    return membership is not None and membership.organisation_id in standing_of(user).leads


@rules.predicate
def is_own_request(user: Any, membership: Any) -> bool:
    """The person's own request or mandate: somebody else decides on it."""
    return membership is not None and membership.user_id == user.pk


@rules.predicate
def is_offered(_user: Any, membership: Any) -> bool:
    """The person was invited and has not answered."""
    return membership is not None and membership.state == "invited"


@rules.predicate
def is_active(_user: Any, mandate: Any) -> bool:
    """The mandate or the appointment was taken up and not ended."""
    return mandate is not None and mandate.state == "active"


@rules.predicate
def is_administrator(user: Any) -> bool:
    """An administrator of the task force, today."""
    return standing_of(user).administrator


@rules.predicate
def is_trusted(user: Any) -> bool:
    """A person whose account opens what others must not see, or who speaks for an office."""
    return mandates_of(user).trusted or getattr(user, "is_staff", False)


@rules.predicate
def has_both_steps(user: Any) -> bool:
    """A person who signs in with a second step. Only the back office's people cost a query of their own."""
    mandates = mandates_of(user)
    return mandates.second_factor if mandates.trusted else has_second_factor(user)


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


# Offices and terms.
rules.add_perm("stakeholders.keep_bodies", is_administrator)
rules.add_perm("stakeholders.name_term", is_administrator)
rules.add_perm("stakeholders.end_term", is_administrator)
rules.add_perm("stakeholders.appoint_liaison", is_administrator)
rules.add_perm("stakeholders.propose_colleague", is_liaison)
rules.add_perm("stakeholders.approve_appointment", is_administrator & ~is_own_mandate & waits_for_approval)
rules.add_perm("stakeholders.answer_appointment", is_own_mandate & waits_for_person)
rules.add_perm("stakeholders.extend_appointment", is_administrator & ~is_own_mandate & is_active)
rules.add_perm("stakeholders.end_appointment", is_administrator | (is_own_mandate & is_active))

# The register.
rules.add_perm("stakeholders.see_register", rules.always_allow)
rules.add_perm("stakeholders.export_contacts", is_convenor)
rules.add_perm("stakeholders.see_people", is_convenor | is_own)
rules.add_perm("stakeholders.confirm_membership", can_confirm & ~is_own_request & (is_convenor | is_lead_of_membership))
rules.add_perm("stakeholders.apply_organisation", ~is_liaison)
rules.add_perm("stakeholders.change_organisation", is_convenor | speaks_for)
rules.add_perm("stakeholders.decide_organisations", is_convenor)
rules.add_perm("stakeholders.import_lists", is_convenor)

# Signing in with a second step.
rules.add_perm("stakeholders.need_second_factor", is_trusted)
rules.add_perm("stakeholders.enter_desk", ~is_trusted | has_both_steps)
rules.add_perm("stakeholders.reset_factors", is_administrator)

# The people of an organisation. Nobody decides on their own mandate but to leave it.
rules.add_perm("stakeholders.lead_people", is_lead)
rules.add_perm("stakeholders.name_lead", is_convenor & ~is_own)
rules.add_perm("stakeholders.answer_mandate", is_offered & is_own_request)
rules.add_perm("stakeholders.withdraw_mandate", is_offered & is_lead_of_membership)
rules.add_perm("stakeholders.change_mandate", is_active & is_lead_of_membership & ~is_own_request)
rules.add_perm("stakeholders.leave_organisation", is_active & is_own_request)

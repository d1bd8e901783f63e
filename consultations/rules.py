"""Who may do what with consultations and invitations, and when."""

from typing import Any

import rules

from stakeholders.querysets import standing_of
from stakeholders.rules import is_convenor


@rules.predicate
def is_convenor_of(user: Any, consultation: Any) -> bool:
    """One of this consultation's convenors, today."""
    if consultation is None or not standing_of(user).convenor:
        return False
    return user.pk in {convenor.pk for convenor in consultation.convenors.all()}


@rules.predicate
def is_invited(user: Any, invitation: Any) -> bool:
    """Speaks for the invited organisation; a drafter does not."""
    return invitation is not None and invitation.organisation_id in standing_of(user).speaks_for


@rules.predicate
def is_convenor_of_invitation(user: Any, invitation: Any) -> bool:
    """One of the convenors of the invitation's consultation."""
    return invitation is not None and is_convenor_of(user, invitation.consultation)


@rules.predicate
def can_edit(_user: Any, consultation: Any) -> bool:
    """Not concluded, archived or cancelled yet."""
    return consultation is not None and consultation.state in {
        "draft",
        "announced",
        "in_session",
    }


@rules.predicate
def can_announce(_user: Any, consultation: Any) -> bool:
    """Still a draft."""
    return consultation is not None and consultation.can("announce")


@rules.predicate
def can_invite(_user: Any, consultation: Any) -> bool:
    """Announced and not over."""
    return consultation is not None and consultation.state in {
        "announced",
        "in_session",
    }


@rules.predicate
def can_open_session(_user: Any, consultation: Any) -> bool:
    """Announced; that the first day has come is judged by the action."""
    return consultation is not None and consultation.can("open_session")


@rules.predicate
def can_conclude(_user: Any, consultation: Any) -> bool:
    """Announced or in session."""
    return consultation is not None and consultation.can("conclude")


@rules.predicate
def can_answer(_user: Any, invitation: Any) -> bool:
    """The lifecycle allows an answer; the deadline is judged by the action."""
    return invitation is not None and invitation.can("accept")


@rules.predicate
def can_cancel(_user: Any, consultation: Any) -> bool:
    """Planned or announced, and not begun."""
    return consultation is not None and consultation.can("cancel")


rules.add_perm("consultations.create_consultation", is_convenor)
rules.add_perm("consultations.keep_meetings", is_convenor)
rules.add_perm("consultations.move_consultation", is_convenor_of & can_edit)
rules.add_perm("consultations.cancel_consultation", is_convenor_of & can_cancel)
rules.add_perm("consultations.leave_consultation", is_convenor_of & can_edit)
rules.add_perm("consultations.copy_consultation", is_convenor_of)
rules.add_perm("consultations.see_desk", is_convenor_of)
rules.add_perm("consultations.change_consultation", is_convenor_of & can_edit)
rules.add_perm("consultations.announce_consultation", is_convenor_of & can_announce)
rules.add_perm("consultations.invite_organisations", is_convenor_of & can_edit)
rules.add_perm("consultations.send_invitations", is_convenor_of & can_invite)
rules.add_perm("consultations.open_session", is_convenor_of & can_open_session)
rules.add_perm("consultations.conclude_consultation", is_convenor_of & can_conclude)
rules.add_perm("consultations.see_invitation", is_invited)
rules.add_perm("consultations.answer_invitation", is_invited & can_answer)
rules.add_perm("consultations.record_answer", is_convenor_of_invitation & can_answer)

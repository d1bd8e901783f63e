"""Who may do what with consultations and invitations, and when."""

from typing import Any

import rules

from consultations.querysets import can_report, spoke_there, takes_part
from consultations.states import TAKES_PAPERS
from stakeholders.querysets import standing_of
from stakeholders.rules import is_convenor


@rules.predicate
def is_convenor_of(user: Any, consultation: Any) -> bool:
    """One of this consultation's convenors, today."""
    if consultation is None or not standing_of(user).convenor:
        return False
    if getattr(consultation, "asking_person", None) == user.pk:  # read together with the consultation
        return bool(consultation.convenes)
    return user.pk in {convenor.pk for convenor in consultation.convenors.all()}


@rules.predicate
def is_invited(user: Any, invitation: Any) -> bool:
    """Speaks for the invited organisation (a drafter does not), or is the liaison of the invited office."""
    if invitation is None:
        return False
    standing = standing_of(user)
    of_office = invitation.body_id is not None and invitation.body_id == standing.body
    return of_office or invitation.organisation_id in standing.speaks_for


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
    """The lifecycle allows an answer; the deadline is judged by the action. After the last day convenors alone may."""
    return invitation is not None and invitation.can("accept") and invitation.state != "lapsed"


@rules.predicate
def can_cancel(_user: Any, consultation: Any) -> bool:
    """Planned or announced, and not begun."""
    return consultation is not None and consultation.can("cancel")


@rules.predicate
def has_door(_user: Any, consultation: Any) -> bool:
    """Announced, in session or concluded; that the first day has come is judged by the action."""
    return consultation is not None and consultation.state in {"announced", "in_session", "concluded"}


@rules.predicate
def is_minuted(_user: Any, consultation: Any) -> bool:
    """Neither a draft nor cancelled."""
    return consultation is not None and consultation.state not in {"draft", "cancelled"}


@rules.predicate
def is_convenor_of_minutes(user: Any, minutes: Any) -> bool:
    """One of the convenors of the consultation whose minutes they are."""
    return minutes is not None and is_convenor_of(user, minutes.consultation)


@rules.predicate
def took_part_in_minutes(user: Any, minutes: Any) -> bool:
    """Acts for an organisation that accepted or came; never before the minutes are circulated."""
    return minutes is not None and minutes.state != "draft" and takes_part(minutes.consultation, user)


@rules.predicate
def may_correct(user: Any, minutes: Any) -> bool:
    """Speaks for an organisation that came, while corrections are taken; the day is judged by the action."""
    circulated = minutes is not None and minutes.state == "circulated"
    return circulated and spoke_there(minutes.consultation, user).exists()


@rules.predicate
def is_convenor_of_session(user: Any, session: Any) -> bool:
    """One of the convenors of the session's consultation."""
    return session is not None and is_convenor_of(user, session.consultation)


@rules.predicate
def is_rapporteur(user: Any, session: Any) -> bool:
    """Named to report from the session, and still a convenor or speaking for an invited organisation."""
    return session is not None and session.rapporteur_id == user.pk and can_report(session.consultation, user)


@rules.predicate
def takes_reports(_user: Any, session: Any) -> bool:
    """Of a consultation that is announced, in session or concluded."""
    return session is not None and session.consultation.state in {"announced", "in_session", "concluded"}


@rules.predicate
def can_record(_user: Any, invitation: Any) -> bool:
    """The lifecycle allows an answer, or allowed it until the last day."""
    return invitation is not None and invitation.can("accept")


@rules.predicate
def can_name(_user: Any, invitation: Any) -> bool:
    """Seats were accepted, and it is not over."""
    return (
        invitation is not None
        and invitation.state == "accepted"
        and invitation.consultation.state in {"announced", "in_session"}
    )


@rules.predicate
def can_sum_up(_user: Any, consultation: Any) -> bool:
    """People met, or it is over: there is something to tell."""
    return consultation is not None and consultation.state in {"in_session", "concluded", "archived"}


@rules.predicate
def can_tell(_user: Any, consultation: Any) -> bool:
    """It is over: the summary can go out."""
    return consultation is not None and consultation.state in {"concluded", "archived"}


@rules.predicate
def can_follow_up(_user: Any, consultation: Any) -> bool:
    """Not cancelled: something follows from it."""
    return consultation is not None and consultation.state != "cancelled"


@rules.predicate
def takes_papers(_user: Any, consultation: Any) -> bool:
    """Neither archived nor cancelled: reports are added after the end as well."""
    return consultation is not None and consultation.state in TAKES_PAPERS


@rules.predicate
def is_participant(user: Any, consultation: Any) -> bool:
    """An own organisation, or the own office, agreed to come or came."""
    known = type(consultation).objects if consultation is not None else None
    return known is not None and known.with_part_of(user).filter(pk=consultation.pk).exists()


@rules.predicate
def is_convenor_of_paper(user: Any, paper: Any) -> bool:
    """One of the convenors of the paper's consultation."""
    return paper is not None and is_convenor_of(user, paper.consultation)


@rules.predicate
def is_kept_open(_user: Any, paper: Any) -> bool:
    """Of a consultation that still takes papers."""
    return paper is not None and paper.consultation.state in TAKES_PAPERS


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
rules.add_perm("consultations.run_door", is_convenor_of & has_door)
rules.add_perm("consultations.see_attendance", is_convenor_of)
rules.add_perm("consultations.write_minutes", is_convenor_of & is_minuted)
rules.add_perm("consultations.read_minutes", is_convenor_of_minutes | took_part_in_minutes)
rules.add_perm("consultations.correct_minutes", may_correct)
rules.add_perm("consultations.hand_in_output", takes_reports & (is_convenor_of_session | is_rapporteur))
rules.add_perm("consultations.record_answer", is_convenor_of_invitation & can_record)
rules.add_perm("consultations.name_delegates", (is_invited | is_convenor_of_invitation) & can_name)
rules.add_perm("consultations.compose_summary", is_convenor_of & can_sum_up)
rules.add_perm("consultations.send_summary", is_convenor_of & can_tell)
rules.add_perm("consultations.plan_next_steps", is_convenor_of & can_follow_up)
rules.add_perm("consultations.take_part", is_convenor_of | is_participant)
rules.add_perm("consultations.keep_papers", is_convenor_of & takes_papers)
rules.add_perm("consultations.change_paper", is_convenor_of_paper & is_kept_open)

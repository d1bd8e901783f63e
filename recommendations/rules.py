"""Who may do what from submission to response, and when.

A liaison changes nothing that a stakeholder wrote: no permission on submissions, recommendations, statements or
positions contains a liaison, and a test walks the table to prove it.
"""

from typing import Any

import rules
from django.utils import timezone

from consultations.rules import is_convenor_of
from portal import clock
from recommendations.querysets import SENT_IN
from stakeholders.querysets import standing_of
from stakeholders.rules import is_liaison, is_member


def speaks_in(user: Any, organisation: Any) -> bool:
    """Whether the person decides for the organisation: as its lead where it wants sign-off, else as its speaker."""
    standing = standing_of(user)
    return organisation.pk in (standing.leads if organisation.sign_off else standing.speaks_for)


@rules.predicate
def is_own_submission(user: Any, submission: Any) -> bool:
    """Of an organisation the person acts for."""
    return submission is not None and submission.organisation_id in standing_of(user).organisations


@rules.predicate
def is_speaker(user: Any, submission: Any) -> bool:
    """Of an organisation the person speaks for; a drafter writes but does not send in."""
    return submission is not None and submission.organisation_id in standing_of(user).speaks_for


@rules.predicate
def may_send(user: Any, submission: Any) -> bool:
    """Who sends in for the organisation: its leads and representatives, or where it wants sign-off its leads only."""
    return submission is not None and speaks_in(user, submission.organisation)


@rules.predicate
def is_asked_to_join(user: Any, co_submitter: Any) -> bool:
    """Of an organisation that was asked to send something in together, and the person decides for it."""
    return co_submitter is not None and co_submitter.asked_version > 0 and speaks_in(user, co_submitter.organisation)


@rules.predicate
def can_join(_user: Any, co_submitter: Any) -> bool:
    """Still open: it was not sent in yet; or it was, and the organisation may take itself off."""
    if co_submitter is None:
        return False
    sent = co_submitter.submission.submitted_at is not None
    if co_submitter.submission.state == "withdrawn":
        return False
    return co_submitter.can("leave") if sent else co_submitter.can("agree") or co_submitter.can("decline")


@rules.predicate
def can_correct_now(_user: Any, submission: Any) -> bool:
    """Sent in, not decided on, and the day until which words are corrected is not over."""
    return submission is not None and submission.can_be_corrected(timezone.now())


@rules.predicate
def takes_late(_user: Any, consultation: Any) -> bool:
    """Announced or in session: there are submissions, and a deadline to be late for."""
    return consultation is not None and consultation.state in {"announced", "in_session"}


@rules.predicate
def is_convenor_of_submission(user: Any, submission: Any) -> bool:
    """One of the convenors of the submission's consultation."""
    return submission is not None and is_convenor_of(user, submission.consultation)


@rules.predicate
def is_convenor_of_statement(user: Any, statement: Any) -> bool:
    """One of the convenors of the statement's consultation."""
    return statement is not None and is_convenor_of(user, statement.consultation)


@rules.predicate
def is_addressed(user: Any, conveyance: Any) -> bool:
    """Liaison of the body that the conveyance is addressed to, or of the office that took over from it."""
    body = standing_of(user).body
    return conveyance is not None and body is not None and body in {conveyance.body_id, conveyance.body.current.pk}


@rules.predicate
def is_convenor_of_conveyance(user: Any, conveyance: Any) -> bool:
    """One of the convenors of the consultation whose statement was conveyed."""
    return conveyance is not None and is_convenor_of(user, conveyance.edition.statement.consultation)


def state_allows(verb: str) -> Any:
    """Return the predicate that the object's lifecycle allows the verb."""
    return rules.predicate(lambda _user, thing: thing is not None and thing.can(verb), name=f"can_{verb}")


@rules.predicate
def is_draft(_user: Any, thing: Any) -> bool:
    """Still a draft: only then are its words changed."""
    return thing is not None and thing.state == "draft"


@rules.predicate
def is_tabled(_user: Any, statement: Any) -> bool:
    """Tabled: positions are taken now, and only now."""
    return statement is not None and statement.state == "tabled"


@rules.predicate
def is_published(_user: Any, statement: Any) -> bool:
    """Published: it can be handed over and conveyed."""
    return statement is not None and statement.state == "published"


@rules.predicate
def can_be_answered(_user: Any, conveyance: Any) -> bool:
    """Acknowledged, or answered in part already."""
    return conveyance is not None and conveyance.can("answer")


@rules.predicate
def speaks_for_told(user: Any, fate: Any) -> bool:
    """Speaks for the organisation that was told; nothing newer was told since, and the point was not withdrawn."""
    return (
        fate is not None
        and fate.letter.organisation_id in standing_of(user).speaks_for
        and fate.submission.state in SENT_IN
        and fate.is_latest
    )


@rules.predicate
def is_convenor_of_fate(user: Any, fate: Any) -> bool:
    """One of the convenors of the consultation whose point it is."""
    return fate is not None and is_convenor_of(user, fate.letter.consultation)


@rules.predicate
def is_before_adoption(_user: Any, statement: Any) -> bool:
    """Draft or tabled: the rule can be stated, as long as nobody has said anything."""
    return statement is not None and statement.state in {"draft", "tabled"}


@rules.predicate
def came_to_plenary(_user: Any, statement: Any) -> bool:
    """Tabled, now or earlier."""
    return statement is not None and statement.state in {"tabled", "adopted", "published"}


@rules.predicate
def is_in_plenary(user: Any, statement: Any) -> bool:
    """Speaks for an organisation that accepted. A drafter does not."""
    if statement is None:
        return False
    speaks_for = standing_of(user).speaks_for
    return statement.consultation.invitations.filter(state="accepted", organisation__in=speaks_for).exists()


@rules.predicate
def speaks_for_one(user: Any) -> bool:
    """Speaks for an organisation, whichever."""
    return bool(standing_of(user).speaks_for)


@rules.predicate
def is_regional_convenor(user: Any, proposal: Any) -> bool:
    """One of the convenors of the consultation to which the item is proposed."""
    return proposal is not None and is_convenor_of(user, proposal.consultation)


@rules.predicate
def is_proposing_convenor(user: Any, proposal: Any) -> bool:
    """One of the convenors of the consultation where the item was adopted."""
    return proposal is not None and is_convenor_of(user, proposal.item.edition.statement.consultation)


@rules.predicate
def takes_words_now(_user: Any, version: Any) -> bool:
    """The latest circulated version, before its moment, of a text that is still a draft."""
    return version is not None and version.takes_words(clock.database_now())


@rules.predicate
def takes_part_in_version(user: Any, version: Any) -> bool:
    """Speaks for an organisation that accepted. A drafter reads, and does not speak."""
    return version is not None and is_in_plenary(user, version.statement)


@rules.predicate
def speaks_for_its_organisation(user: Any, said: Any) -> bool:
    """Speaks for the organisation whose comment or amendment it is."""
    return said is not None and said.organisation_id in standing_of(user).speaks_for


@rules.predicate
def may_support(user: Any, amendment: Any) -> bool:
    """Speaks for an organisation that accepted, other than the one that proposed it."""
    if amendment is None:
        return False
    others = standing_of(user).speaks_for - {amendment.organisation_id}
    consultation = amendment.text.version.statement.consultation
    return bool(others) and consultation.invitations.filter(state="accepted", organisation__in=others).exists()


@rules.predicate
def is_convenor_of_said(user: Any, said: Any) -> bool:
    """One of the convenors of the consultation whose text a comment or an amendment is about."""
    return said is not None and is_convenor_of(user, said.text.version.statement.consultation)


rules.add_perm("recommendations.write_submission", is_member)
rules.add_perm("recommendations.change_submission", is_own_submission & is_draft)
rules.add_perm("recommendations.submit_submission", may_send & state_allows("submit"))
rules.add_perm("recommendations.ask_sign_off", is_own_submission & ~may_send & state_allows("ask"))
rules.add_perm("recommendations.return_submission", may_send & state_allows("return"))
rules.add_perm("recommendations.withdraw_submission", is_speaker & state_allows("withdraw"))
rules.add_perm(
    "recommendations.treat_submission",
    is_convenor_of_submission & state_allows("treat"),
)
rules.add_perm("recommendations.correct_submission", may_send & can_correct_now)
rules.add_perm("recommendations.answer_co_submission", is_asked_to_join & can_join)
rules.add_perm("recommendations.give_late_codes", is_convenor_of & takes_late)
rules.add_perm("recommendations.see_workspace", is_convenor_of_statement)
rules.add_perm("recommendations.change_statement", is_convenor_of_statement & is_draft)
rules.add_perm("recommendations.table_statement", is_convenor_of_statement & state_allows("table"))
rules.add_perm(
    "recommendations.untable_statement",
    is_convenor_of_statement & state_allows("untable"),
)
rules.add_perm("recommendations.record_position", is_convenor_of_statement & is_tabled)
rules.add_perm("recommendations.take_position", is_member & is_tabled)
rules.add_perm("recommendations.adopt_statement", is_convenor_of_statement & state_allows("adopt"))
rules.add_perm(
    "recommendations.publish_statement",
    is_convenor_of_statement & state_allows("publish"),
)
rules.add_perm("recommendations.record_step", is_convenor_of_statement & is_published)
rules.add_perm("recommendations.convey_edition", is_convenor_of_statement & is_published)
rules.add_perm("recommendations.read_conveyance", is_addressed | is_convenor_of_conveyance)
rules.add_perm("recommendations.repeat_mail", is_convenor_of_conveyance & state_allows("receive"))
rules.add_perm("recommendations.receive_conveyance", is_convenor_of_conveyance & state_allows("receive"))
rules.add_perm("recommendations.acknowledge_conveyance", is_addressed & state_allows("acknowledge"))
rules.add_perm("recommendations.answer_items", is_addressed & can_be_answered)
rules.add_perm("recommendations.see_liaison_desk", is_liaison)
rules.add_perm("recommendations.answer_fate", speaks_for_told & (state_allows("agree") | state_allows("object")))
rules.add_perm("recommendations.settle_objection", is_convenor_of_fate & state_allows("settle"))
rules.add_perm("recommendations.state_rule", is_convenor_of_statement & is_before_adoption)
rules.add_perm("recommendations.run_plenary", is_convenor_of_statement & is_tabled)
rules.add_perm("recommendations.follow_plenary", came_to_plenary & (is_convenor_of_statement | is_in_plenary))
rules.add_perm("recommendations.open_sign_on", is_convenor_of_statement & is_published)
rules.add_perm("recommendations.sign_on", is_published & speaks_for_one)
rules.add_perm("recommendations.correct_edition", is_convenor_of_statement & state_allows("correct"))
rules.add_perm("recommendations.propose_items", is_convenor_of_statement & is_published)
rules.add_perm("recommendations.settle_proposal", is_regional_convenor & state_allows("take_up"))
rules.add_perm("recommendations.withdraw_proposal", is_proposing_convenor & state_allows("withdraw"))
rules.add_perm("recommendations.circulate_statement", is_convenor_of_statement & is_draft)
rules.add_perm("recommendations.comment_version", takes_part_in_version & takes_words_now)
rules.add_perm("recommendations.answer_comment", is_convenor_of_said & state_allows("answer"))
rules.add_perm("recommendations.withdraw_comment", speaks_for_its_organisation & state_allows("withdraw"))
rules.add_perm("recommendations.support_amendment", may_support & state_allows("withdraw"))
rules.add_perm("recommendations.settle_amendment", is_convenor_of_said & state_allows("decline"))
rules.add_perm("recommendations.withdraw_amendment", speaks_for_its_organisation & state_allows("withdraw"))

"""The verbs from submission to progress: lock, check, write, record, tell."""

from recommendations.actions.correcting import correct_submission
from recommendations.actions.drafts import begin_draft, draft_submissions, keep_draft
from recommendations.actions.editions import (
    adopt_statement,
    freeze_edition,
    publish_statement,
    record_position,
    take_position,
)
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.actions.joint import (
    agree_co_submission,
    ask_co_submitters,
    decline_co_submission,
    leave_co_submission,
    name_co_submitter,
    remove_co_submitter,
)
from recommendations.actions.late import give_late_code, revoke_late_code
from recommendations.actions.letters import doubtful_mails, repeat_conveyance_mail
from recommendations.actions.offices import close_term, leave_office, pairs_of, succeed_office, what_moves
from recommendations.actions.sign_off import ask_sign_off, return_submission
from recommendations.actions.splitting import split_submission
from recommendations.actions.statements import (
    merge_submissions,
    move_recommendation,
    revise_recommendation,
    revise_statement,
    set_aside_recommendation,
    start_statement,
    table_statement,
    unlink_source,
    untable_statement,
    what_lacks,
)
from recommendations.actions.submissions import (
    closed_sentence,
    draft_submission,
    revise_submission,
    submit_submission,
    treat_submission,
    withdraw_submission,
)
from recommendations.actions.trail import (
    Draft,
    acknowledge_conveyance,
    convey_edition,
    drafts_of,
    office_of,
    publish_answers,
    receive_conveyance,
    record_step,
    return_conveyance,
    save_answers,
    settle_pledge,
)

__all__ = [
    "Draft",
    "acknowledge_conveyance",
    "add_evidence",
    "adopt_statement",
    "agree_co_submission",
    "ask_co_submitters",
    "ask_sign_off",
    "begin_draft",
    "close_term",
    "closed_sentence",
    "convey_edition",
    "correct_submission",
    "decline_co_submission",
    "doubtful_mails",
    "draft_submission",
    "draft_submissions",
    "drafts_of",
    "freeze_edition",
    "give_late_code",
    "keep_draft",
    "leave_co_submission",
    "leave_office",
    "merge_submissions",
    "move_recommendation",
    "name_co_submitter",
    "office_of",
    "pairs_of",
    "publish_answers",
    "publish_statement",
    "receive_conveyance",
    "record_position",
    "record_step",
    "remove_co_submitter",
    "remove_evidence",
    "repeat_conveyance_mail",
    "return_conveyance",
    "return_submission",
    "revise_recommendation",
    "revise_statement",
    "revise_submission",
    "revoke_late_code",
    "save_answers",
    "set_aside_recommendation",
    "settle_pledge",
    "split_submission",
    "start_statement",
    "submit_submission",
    "succeed_office",
    "table_statement",
    "take_position",
    "treat_submission",
    "unlink_source",
    "untable_statement",
    "what_lacks",
    "what_moves",
    "withdraw_submission",
]

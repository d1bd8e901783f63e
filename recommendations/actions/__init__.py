"""The verbs from submission to progress: lock, check, write, record, tell."""

from recommendations.actions.ballots import ask_secrecy, cast_choice, count_ballot, destroy_left_keys, drop_ballot
from recommendations.actions.brackets import bracket_passage, open_brackets, settle_bracket
from recommendations.actions.combining import (
    add_sources,
    join_recommendation,
    let_stand_alone,
    mark_source,
    place_recommendation,
    split_recommendation,
)
from recommendations.actions.correcting import correct_submission
from recommendations.actions.deciding import agree_to_rest, decide_item, put_on_floor, record_failure
from recommendations.actions.drafts import begin_draft, draft_submissions, keep_draft
from recommendations.actions.editions import adopt_statement, freeze_edition, publish_statement
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.actions.fates import answer_fate, is_reworded, settle_objection, shown_key, tell_fates, untold
from recommendations.actions.grouping import (
    ask_grouping,
    dissolve_group,
    fail_grouping,
    find_groups,
    save_translation,
    take_out_submission,
)
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
from recommendations.actions.plenary import mark_presence, record_proxy, revoke_proxy, state_rule, take_roll_from_door
from recommendations.actions.sign_off import ask_sign_off, return_submission
from recommendations.actions.signing_on import endorse_edition, is_open, open_sign_on, withdraw_endorsement
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
from recommendations.actions.treating import treat_submission
from recommendations.actions.voices import record_position, take_back_position, take_position

__all__ = [
    "Draft",
    "acknowledge_conveyance",
    "add_evidence",
    "add_sources",
    "adopt_statement",
    "agree_co_submission",
    "agree_to_rest",
    "answer_fate",
    "ask_co_submitters",
    "ask_grouping",
    "ask_secrecy",
    "ask_sign_off",
    "begin_draft",
    "bracket_passage",
    "cast_choice",
    "close_term",
    "closed_sentence",
    "convey_edition",
    "correct_submission",
    "count_ballot",
    "decide_item",
    "decline_co_submission",
    "destroy_left_keys",
    "dissolve_group",
    "doubtful_mails",
    "draft_submission",
    "draft_submissions",
    "drafts_of",
    "drop_ballot",
    "endorse_edition",
    "fail_grouping",
    "find_groups",
    "freeze_edition",
    "give_late_code",
    "is_open",
    "is_reworded",
    "join_recommendation",
    "keep_draft",
    "leave_co_submission",
    "leave_office",
    "let_stand_alone",
    "mark_presence",
    "mark_source",
    "merge_submissions",
    "move_recommendation",
    "name_co_submitter",
    "office_of",
    "open_brackets",
    "open_sign_on",
    "pairs_of",
    "place_recommendation",
    "publish_answers",
    "publish_statement",
    "put_on_floor",
    "receive_conveyance",
    "record_failure",
    "record_position",
    "record_proxy",
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
    "revoke_proxy",
    "save_answers",
    "save_translation",
    "set_aside_recommendation",
    "settle_bracket",
    "settle_objection",
    "settle_pledge",
    "shown_key",
    "split_recommendation",
    "split_submission",
    "start_statement",
    "state_rule",
    "submit_submission",
    "succeed_office",
    "table_statement",
    "take_back_position",
    "take_out_submission",
    "take_position",
    "take_roll_from_door",
    "tell_fates",
    "treat_submission",
    "unlink_source",
    "untable_statement",
    "untold",
    "what_lacks",
    "what_moves",
    "withdraw_endorsement",
    "withdraw_submission",
]

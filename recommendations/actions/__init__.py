"""The verbs from submission to progress: lock, check, write, record, tell."""

from recommendations.actions.editions import (
    adopt_statement,
    freeze_edition,
    publish_statement,
    record_position,
    take_position,
)
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

__all__ = [
    "adopt_statement",
    "closed_sentence",
    "draft_submission",
    "freeze_edition",
    "merge_submissions",
    "move_recommendation",
    "publish_statement",
    "record_position",
    "revise_recommendation",
    "revise_statement",
    "revise_submission",
    "set_aside_recommendation",
    "start_statement",
    "submit_submission",
    "table_statement",
    "take_position",
    "treat_submission",
    "unlink_source",
    "untable_statement",
    "what_lacks",
    "withdraw_submission",
]

"""The verbs of stakeholders, by use: joining an organisation, importing a list."""

from stakeholders.actions.importing import (
    approve_import,
    check_import,
    drop_import,
    finish_import,
    has_work,
    map_columns,
    read_import,
    refuse_import,
    upload_list,
)
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address

__all__ = [
    "approve_import",
    "check_import",
    "confirm_membership",
    "decline_membership",
    "drop_import",
    "finish_import",
    "has_work",
    "join_organisation",
    "map_columns",
    "owns_address",
    "read_import",
    "refuse_import",
    "upload_list",
]

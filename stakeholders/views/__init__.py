"""The pages of stakeholders, by use."""

from stakeholders.views.importing import (
    import_approve,
    import_columns,
    import_detail,
    import_drop,
    import_list,
    import_upload,
)
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "import_approve",
    "import_columns",
    "import_detail",
    "import_drop",
    "import_list",
    "import_upload",
    "membership_confirm",
    "membership_decline",
    "organisation_list",
    "public_body_list",
]

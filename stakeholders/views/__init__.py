"""The pages of stakeholders, by use."""

from stakeholders.views.applying import (
    application_check,
    application_drop,
    application_part,
    application_receipt,
    application_start,
    terms_detail,
)
from stakeholders.views.bodies import public_body_create, public_body_edit
from stakeholders.views.deciding import organisation_decide, organisation_record, register_desk
from stakeholders.views.describing import application_appeal, application_lead, application_status, organisation_edit
from stakeholders.views.export import organisation_export, organisation_export_contacts
from stakeholders.views.hats import organisation_choose
from stakeholders.views.importing import (
    import_approve,
    import_columns,
    import_detail,
    import_drop,
    import_list,
    import_upload,
)
from stakeholders.views.mandates import mandate_accept, mandate_change, mandate_decline, mandate_end, mandate_withdraw
from stakeholders.views.map import stakeholder_map
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.merging import organisation_merge
from stakeholders.views.offices import (
    appointment_answer,
    appointment_approve,
    appointment_extend,
    colleague_propose,
    liaison_appoint,
    term_create,
)
from stakeholders.views.people import (
    lead_hand_over,
    lead_name,
    mandate_offer,
    organisation_leave,
    organisation_people,
    sign_off_set,
)
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "application_appeal",
    "application_check",
    "application_drop",
    "application_lead",
    "application_part",
    "application_receipt",
    "application_start",
    "application_status",
    "appointment_answer",
    "appointment_approve",
    "appointment_extend",
    "colleague_propose",
    "import_approve",
    "import_columns",
    "import_detail",
    "import_drop",
    "import_list",
    "import_upload",
    "lead_hand_over",
    "lead_name",
    "liaison_appoint",
    "mandate_accept",
    "mandate_change",
    "mandate_decline",
    "mandate_end",
    "mandate_offer",
    "mandate_withdraw",
    "membership_confirm",
    "membership_decline",
    "organisation_choose",
    "organisation_decide",
    "organisation_edit",
    "organisation_export",
    "organisation_export_contacts",
    "organisation_leave",
    "organisation_list",
    "organisation_merge",
    "organisation_people",
    "organisation_record",
    "public_body_create",
    "public_body_edit",
    "public_body_list",
    "register_desk",
    "sign_off_set",
    "stakeholder_map",
    "term_create",
    "terms_detail",
]

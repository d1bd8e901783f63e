"""What people type about consultations: cleaned, checked, never decided on."""

from consultations.forms.answering import AnswerForm, RecordForm, RepairForm
from consultations.forms.inviting import PickForm
from consultations.forms.planning import (
    PARTS,
    ConcludeForm,
    CreateForm,
    PartForm,
    PeopleForm,
    WhatForm,
    WhenForm,
    WhereForm,
)
from portal.days import DayField

__all__ = [
    "PARTS",
    "AnswerForm",
    "ConcludeForm",
    "CreateForm",
    "DayField",
    "PartForm",
    "PeopleForm",
    "PickForm",
    "RecordForm",
    "RepairForm",
    "WhatForm",
    "WhenForm",
    "WhereForm",
]

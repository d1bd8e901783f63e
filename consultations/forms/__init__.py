"""What people type about consultations: cleaned, checked, never decided on."""

from consultations.forms.aims import PARTS, AheadForm, PromiseForm
from consultations.forms.answering import AnswerForm, RecordForm, RepairForm
from consultations.forms.inviting import PickForm
from consultations.forms.meetings import MeetingForm
from consultations.forms.moving import CancelForm, CopyForm, MoveForm
from consultations.forms.planning import (
    ConcludeForm,
    CreateForm,
    PartForm,
    PeopleForm,
    WhatForm,
    WhenForm,
    WhereForm,
)
from consultations.forms.programme import ItemForm, SessionForm
from portal.days import DayField

__all__ = [
    "PARTS",
    "AheadForm",
    "AnswerForm",
    "CancelForm",
    "ConcludeForm",
    "CopyForm",
    "CreateForm",
    "DayField",
    "ItemForm",
    "MeetingForm",
    "MoveForm",
    "PartForm",
    "PeopleForm",
    "PickForm",
    "PromiseForm",
    "RecordForm",
    "RepairForm",
    "SessionForm",
    "WhatForm",
    "WhenForm",
    "WhereForm",
]

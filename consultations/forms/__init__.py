"""What people type about consultations: cleaned, checked, never decided on."""

from consultations.forms.aims import PARTS, AheadForm, PromiseForm
from consultations.forms.answering import AnswerForm, RecordForm, RepairForm
from consultations.forms.attending import ArrivalsForm, ChangeSeatForm, JoinForm, SubstituteForm, WalkInForm
from consultations.forms.inviting import PickForm
from consultations.forms.meetings import MeetingForm
from consultations.forms.minuting import (
    CirculateForm,
    CorrectionForm,
    MinutesForm,
    OneTextForm,
    OutputForm,
    RapporteurForm,
    SettleForm,
)
from consultations.forms.moving import CancelForm, CopyForm, MoveForm
from consultations.forms.nominating import DelegateForm
from consultations.forms.planning import ConcludeForm, CreateForm, PartForm, PeopleForm, WhatForm, WhenForm, WhereForm
from consultations.forms.programme import ItemForm, SessionForm
from consultations.forms.requesting import GrantForm, SeatRequestForm
from consultations.forms.telling import StepForm, SummaryForm
from portal.days import DayField

__all__ = [
    "PARTS",
    "AheadForm",
    "AnswerForm",
    "ArrivalsForm",
    "CancelForm",
    "ChangeSeatForm",
    "CirculateForm",
    "ConcludeForm",
    "CopyForm",
    "CorrectionForm",
    "CreateForm",
    "DayField",
    "DelegateForm",
    "GrantForm",
    "ItemForm",
    "JoinForm",
    "MeetingForm",
    "MinutesForm",
    "MoveForm",
    "OneTextForm",
    "OutputForm",
    "PartForm",
    "PeopleForm",
    "PickForm",
    "PromiseForm",
    "RapporteurForm",
    "RecordForm",
    "RepairForm",
    "SeatRequestForm",
    "SessionForm",
    "SettleForm",
    "StepForm",
    "SubstituteForm",
    "SummaryForm",
    "WalkInForm",
    "WhatForm",
    "WhenForm",
    "WhereForm",
]

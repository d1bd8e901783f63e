"""What people type about consultations: cleaned, checked, never decided on."""

from consultations.forms.aims import PARTS, AheadForm, PromiseForm
from consultations.forms.answering import AnswerForm, RecordForm, RepairForm
from consultations.forms.attending import ArrivalsForm, ChangeSeatForm, JoinForm, SubstituteForm, WalkInForm
from consultations.forms.importing import CheckForm, ListForm
from consultations.forms.inviting import BodyForm, InvitationForm, PersonForm, PickForm
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
from consultations.forms.quotas import QuotaForm
from consultations.forms.recording import RepliesForm
from consultations.forms.requesting import GrantForm, SeatRequestForm
from consultations.forms.sending import HandOverForm, ReminderForm, ResendForm, SendForm, SummaryResendForm
from consultations.forms.telling import StepForm, SummaryForm
from consultations.forms.wording import WordingForm
from portal.days import DayField

__all__ = [
    "PARTS",
    "AheadForm",
    "AnswerForm",
    "ArrivalsForm",
    "BodyForm",
    "CancelForm",
    "ChangeSeatForm",
    "CheckForm",
    "CirculateForm",
    "ConcludeForm",
    "CopyForm",
    "CorrectionForm",
    "CreateForm",
    "DayField",
    "DelegateForm",
    "GrantForm",
    "HandOverForm",
    "InvitationForm",
    "ItemForm",
    "JoinForm",
    "ListForm",
    "MeetingForm",
    "MinutesForm",
    "MoveForm",
    "OneTextForm",
    "OutputForm",
    "PartForm",
    "PeopleForm",
    "PersonForm",
    "PickForm",
    "PromiseForm",
    "QuotaForm",
    "RapporteurForm",
    "RecordForm",
    "ReminderForm",
    "RepairForm",
    "RepliesForm",
    "ResendForm",
    "SeatRequestForm",
    "SendForm",
    "SessionForm",
    "SettleForm",
    "StepForm",
    "SubstituteForm",
    "SummaryForm",
    "SummaryResendForm",
    "WalkInForm",
    "WhatForm",
    "WhenForm",
    "WhereForm",
    "WordingForm",
]

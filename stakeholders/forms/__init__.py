"""The forms of stakeholders, by use."""

from stakeholders.forms.appealing import AppealForm
from stakeholders.forms.application import CheckForm, Draft
from stakeholders.forms.deciding import DecisionForm, MergeForm, RecordForm
from stakeholders.forms.describing import EDITED, PARTS
from stakeholders.forms.parts import PartForm

__all__ = [
    "EDITED",
    "PARTS",
    "AppealForm",
    "CheckForm",
    "DecisionForm",
    "Draft",
    "MergeForm",
    "PartForm",
    "RecordForm",
]

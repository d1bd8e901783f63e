"""The forms of stakeholders, by use."""

from stakeholders.forms.appealing import AppealForm
from stakeholders.forms.application import CheckForm, Draft
from stakeholders.forms.describing import EDITED, PARTS
from stakeholders.forms.parts import PartForm

__all__ = ["EDITED", "PARTS", "AppealForm", "CheckForm", "Draft", "PartForm"]
from stakeholders.forms.deciding import DecisionForm, MergeForm, RecordForm

__all__ = ["DecisionForm", "MergeForm", "RecordForm"]

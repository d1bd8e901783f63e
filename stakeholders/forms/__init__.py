"""The forms of stakeholders, by use."""

from stakeholders.forms.deciding import DecisionForm, MergeForm, RecordForm

__all__ = ["DecisionForm", "MergeForm", "RecordForm"]

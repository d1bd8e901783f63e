"""The forms from submission to progress."""

from recommendations.forms.statements import (
    AdoptionForm,
    PositionForm,
    RecommendationForm,
    StatementForm,
    TreatmentForm,
)
from recommendations.forms.submissions import KeptForm, ReturnForm, SubmissionForm

__all__ = [
    "AdoptionForm",
    "KeptForm",
    "PositionForm",
    "RecommendationForm",
    "ReturnForm",
    "StatementForm",
    "SubmissionForm",
    "TreatmentForm",
]

"""The forms from submission to progress."""

from recommendations.forms.statements import (
    AdoptionForm,
    PositionForm,
    RecommendationForm,
    StatementForm,
    TreatmentForm,
)
from recommendations.forms.submissions import ReturnForm, SubmissionForm

__all__ = [
    "AdoptionForm",
    "PositionForm",
    "RecommendationForm",
    "ReturnForm",
    "StatementForm",
    "SubmissionForm",
    "TreatmentForm",
]

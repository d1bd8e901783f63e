"""The forms from submission to progress."""

from recommendations.forms.checking import CheckForm
from recommendations.forms.plenary import (
    AmendmentForm,
    ChoiceForm,
    ItemPositionForm,
    NoteForm,
    ProxyForm,
    RuleForm,
    SignOnDayForm,
    SignOnForm,
)
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
    "AmendmentForm",
    "CheckForm",
    "ChoiceForm",
    "ItemPositionForm",
    "KeptForm",
    "NoteForm",
    "PositionForm",
    "ProxyForm",
    "RecommendationForm",
    "ReturnForm",
    "RuleForm",
    "SignOnDayForm",
    "SignOnForm",
    "StatementForm",
    "SubmissionForm",
    "TreatmentForm",
]

"""The tables from submission to trail."""

from recommendations.models.handing_in import CoSubmitter, EarlierWords, Evidence, LateCode
from recommendations.models.statements import (
    Adoption,
    Edition,
    Item,
    Position,
    Recommendation,
    Source,
    Statement,
)
from recommendations.models.submissions import Submission, Theme
from recommendations.models.trail import (
    Conveyance,
    Document,
    Pledge,
    Response,
    TrailStep,
)

__all__ = [
    "Adoption",
    "CoSubmitter",
    "Conveyance",
    "Document",
    "EarlierWords",
    "Edition",
    "Evidence",
    "Item",
    "LateCode",
    "Pledge",
    "Position",
    "Recommendation",
    "Response",
    "Source",
    "Statement",
    "Submission",
    "Theme",
    "TrailStep",
]

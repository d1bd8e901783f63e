"""The tables from submission to trail."""

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
    "Conveyance",
    "Document",
    "Edition",
    "Item",
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

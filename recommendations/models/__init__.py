"""The tables from submission to trail."""

from recommendations.models.handing_in import CoSubmitter, EarlierWords, Evidence, LateCode
from recommendations.models.merging import (
    Apart,
    Bracket,
    Fate,
    FateLetter,
    Grouping,
    LikeGroup,
    Likeness,
    Referral,
    Revision,
    RivalWording,
    WorkingTranslation,
)
from recommendations.models.statements import Adoption, Edition, Item, Position, Recommendation, Source, Statement
from recommendations.models.submissions import Submission, Theme
from recommendations.models.trail import Conveyance, Document, Pledge, Response, TrailStep

__all__ = [
    "Adoption",
    "Apart",
    "Bracket",
    "CoSubmitter",
    "Conveyance",
    "Document",
    "EarlierWords",
    "Edition",
    "Evidence",
    "Fate",
    "FateLetter",
    "Grouping",
    "Item",
    "LateCode",
    "LikeGroup",
    "Likeness",
    "Pledge",
    "Position",
    "Recommendation",
    "Referral",
    "Response",
    "Revision",
    "RivalWording",
    "Source",
    "Statement",
    "Submission",
    "Theme",
    "TrailStep",
    "WorkingTranslation",
]

"""The tables from submission to trail."""

from recommendations.models.circulating import (
    Amendment,
    CirculatedText,
    CirculatedVersion,
    Comment,
    LanguageState,
    Support,
)
from recommendations.models.corrigenda import Corrigendum
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
from recommendations.models.plenary import (
    Ballot,
    Endorsement,
    OpenedChoice,
    Outcome,
    Plenary,
    Proxy,
    RollEntry,
    SealedVoice,
)
from recommendations.models.proposals import Proposal
from recommendations.models.statements import Adoption, Edition, Item, Position, Recommendation, Source, Statement
from recommendations.models.submissions import Submission, Theme
from recommendations.models.trail import Conveyance, Document, Pledge, Response, TrailStep

__all__ = [
    "Adoption",
    "Amendment",
    "Apart",
    "Ballot",
    "Bracket",
    "CirculatedText",
    "CirculatedVersion",
    "CoSubmitter",
    "Comment",
    "Conveyance",
    "Corrigendum",
    "Document",
    "EarlierWords",
    "Edition",
    "Endorsement",
    "Evidence",
    "Fate",
    "FateLetter",
    "Grouping",
    "Item",
    "LanguageState",
    "LateCode",
    "LikeGroup",
    "Likeness",
    "OpenedChoice",
    "Outcome",
    "Pledge",
    "Plenary",
    "Position",
    "Proposal",
    "Proxy",
    "Recommendation",
    "Referral",
    "Response",
    "Revision",
    "RivalWording",
    "RollEntry",
    "SealedVoice",
    "Source",
    "Statement",
    "Submission",
    "Support",
    "Theme",
    "TrailStep",
    "WorkingTranslation",
]

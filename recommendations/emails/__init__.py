"""The mails of recommendations. Importing a module registers its mails with the kit."""

from recommendations.emails.circulating import amendment_settled, comment_answered, draft_circulated
from recommendations.emails.corrigenda import edition_corrected, edition_corrected_for_offices
from recommendations.emails.fates import fates_told, readers_for
from recommendations.emails.joint import co_submission_asked
from recommendations.emails.offices import convenors_concerned, office_unattended
from recommendations.emails.proposing import items_proposed, proposal_settled
from recommendations.emails.submissions import (
    sign_off_asked,
    statement_published,
    submission_received,
    submission_returned,
)
from recommendations.emails.trail import conveyance_acknowledged, conveyance_received, items_answered, liaisons_of

__all__ = [
    "amendment_settled",
    "co_submission_asked",
    "comment_answered",
    "convenors_concerned",
    "conveyance_acknowledged",
    "conveyance_received",
    "draft_circulated",
    "edition_corrected",
    "edition_corrected_for_offices",
    "fates_told",
    "items_answered",
    "items_proposed",
    "liaisons_of",
    "office_unattended",
    "proposal_settled",
    "readers_for",
    "sign_off_asked",
    "statement_published",
    "submission_received",
    "submission_returned",
]

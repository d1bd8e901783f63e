"""The mails of recommendations. Importing a module registers its mails with the kit."""

from recommendations.emails.submissions import statement_published, submission_received, submission_returned
from recommendations.emails.trail import conveyance_acknowledged, conveyance_received, items_answered, liaisons_of

__all__ = [
    "conveyance_acknowledged",
    "conveyance_received",
    "items_answered",
    "liaisons_of",
    "statement_published",
    "submission_received",
    "submission_returned",
]

"""The mails of recommendations. Importing a module registers its mails with the kit."""

from recommendations.emails.submissions import statement_published, submission_received

__all__ = ["statement_published", "submission_received"]

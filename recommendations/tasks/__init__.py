"""Clock jobs: liaisons' terms whose last day is over, files that nothing speaks of, searches for what is alike."""

from recommendations.tasks.grouping import group_submissions
from recommendations.tasks.offices import close_terms, sweep_evidence

__all__ = ["close_terms", "group_submissions", "sweep_evidence"]

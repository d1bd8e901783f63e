"""Clock jobs: terms and ballots that are over, files that nothing speaks of, searches for what is alike."""

from recommendations.tasks.grouping import group_submissions
from recommendations.tasks.offices import close_terms, destroy_left_keys, sweep_evidence

__all__ = ["close_terms", "destroy_left_keys", "group_submissions", "sweep_evidence"]

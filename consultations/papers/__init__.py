"""Papers: what a file is, by its content, and the same file without what tells who wrote it."""

from consultations.papers.reading import Prepared, prepare

__all__ = ["Prepared", "prepare"]

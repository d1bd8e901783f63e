"""The pages from submission to progress."""

"""The forms from submission to progress."""

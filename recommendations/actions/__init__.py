"""The verbs from submission to progress: lock, check, write, record, tell."""

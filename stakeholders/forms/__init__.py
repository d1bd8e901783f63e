"""The forms of stakeholders, by use."""

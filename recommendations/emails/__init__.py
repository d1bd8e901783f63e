"""The mails of recommendations."""

"""The mails of stakeholders."""

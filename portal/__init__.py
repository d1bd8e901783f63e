"""The kit that every app stands on, and the place where the apps are put together."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]

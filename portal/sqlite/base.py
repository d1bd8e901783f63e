"""Django assumes 999 parameters a statement, the limit of old SQLite versions. Since 3.32 (2020) it is 32,766.

With the old limit a thousand outbox rows would need twenty statements instead of one.
"""

from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """What this SQLite can do."""

    max_query_params = 32_766
    minimum_database_version = (3, 35)  # values come back from an INSERT


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper with the features above."""

    features_class = DatabaseFeatures

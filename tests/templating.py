"""An empty database after all migrations, kept from one run to the next: to migrate takes as long as many tests.

Only on SQLite, where a database is a file. It is made anew whenever a migration, Django or SQLite is another one.
"""

import hashlib
import shutil
import sqlite3
import uuid
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.db import connection


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """Put the kept database where the run's own belongs, and say so; pytest-django then migrates what is missing."""
    kept = _kept(request.config)
    if kept is None or not kept.exists():
        return False
    own = Path(connection.creation._get_test_db_name())  # noqa: SLF001 - Django offers no other way to ask
    for left in (own, *(own.with_name(own.name + end) for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)
    shutil.copyfile(kept, own)
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_keepdb: bool,
    django_db_blocker: pytest.FixtureRequest,
) -> None:
    """Keep the database for later runs, where none was kept."""
    kept = _kept(request.config)
    if kept and not django_db_keepdb:
        made = kept.with_suffix(f".{uuid.uuid4().hex}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(made)])
        for old in kept.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        made.replace(kept)


def _kept(config: pytest.Config) -> Path | None:
    """Return where the database of these migrations is kept; None where nothing can be kept."""
    cache = getattr(config, "cache", None)
    if connection.vendor != "sqlite" or cache is None:
        return None
    words = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            words.update(f"{app.label}/{path.name}".encode())
            words.update(path.read_bytes())
    return cache.mkdir("migrated") / f"{words.hexdigest()[:24]}.sqlite3"

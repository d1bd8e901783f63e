"""A missing or contradictory setting fails at start-up with a sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.tables import few

GOOD = {
    "SECRET_KEY": "k" * 50,
    "SITE_URL": "https://consult.example.org",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
}


def start(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the deployment check with nothing but these settings in the environment."""
    chosen = {name: value for name, value in {**GOOD, **changes}.items() if value}
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MUFAKAT_VAR": str(tmp_path), **chosen}
    command = [sys.executable, "manage.py", "check", "--tag", "security"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)


@pytest.mark.slow
def test_good_settings_pass(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0


@pytest.mark.parametrize("name", few(("SECRET_KEY",), ("SECRET_KEY", "SITE_URL", "REDIS_URL", "EMAIL_URL")))
def test_a_missing_setting_is_named(tmp_path: Path, name: str) -> None:
    answer = start(tmp_path, **{name: ""})
    assert answer.returncode != 0
    assert f"{name} is not set." in answer.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 32 characters long."),
        ({"SITE_URL": "http://consult.example.org"}, "SITE_URL must start with https://"),
        ({"DEBUG": "1"}, "DEBUG belongs to development"),
    ],
)
def test_contradictory_settings_are_named(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    answer = start(tmp_path, **changes)
    assert answer.returncode != 0
    assert sentence in answer.stderr


@pytest.mark.slow
def test_the_demonstration_needs_nothing(tmp_path: Path) -> None:
    assert start(tmp_path, DEMO="1", **dict.fromkeys(GOOD, "")).returncode == 0

"""The bell: it rings after commit, never before, and a broker that is down costs only delay."""

import logging
from types import SimpleNamespace

import pytest
from django.db import transaction

from portal import jobs


class Stop(Exception):
    """Ends a transaction."""


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    """Return the names of the jobs that were started."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "current_app", SimpleNamespace(send_task=lambda name, **_how: found.append(name)))
    return found


@pytest.mark.django_db(transaction=True)
def test_it_rings_after_commit(rung) -> None:
    with transaction.atomic():
        jobs.ring("stakeholders.work_imports")
        assert rung == []
    assert rung == ["stakeholders.work_imports"]


@pytest.mark.django_db(transaction=True)
def test_it_is_silent_when_nothing_was_written(rung) -> None:
    def act() -> None:
        with transaction.atomic():
            jobs.ring("stakeholders.work_imports")
            raise Stop

    with pytest.raises(Stop):
        act()
    assert rung == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_only_delay(caplog, monkeypatch) -> None:
    def fail(_name: str, **_how: object) -> None:
        raise OSError

    monkeypatch.setattr(jobs, "current_app", SimpleNamespace(send_task=fail))
    with caplog.at_level(logging.WARNING):
        jobs.ring("stakeholders.work_imports")
    assert "the clock will start stakeholders.work_imports" in caplog.text

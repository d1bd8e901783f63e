"""Papers come and go: a row only with its whole file, a file only with its row."""

import hashlib
import os
import resource
from pathlib import Path

import pytest

from consultations import actions, tasks
from consultations.models import Paper
from portal.models import LogEntry
from portal.states import Refusal
from tests import build
from tests.consultations.papers import prepared
from tests.consultations.test_races import all_at_once


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    """Give each test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "papers"


@pytest.fixture
def consultation(cast):
    """Return a consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def add(consultation, by, words: str = "Agenda", **values) -> Paper:
    """Attach a paper."""
    values = {"title_en": "Agenda", "language": "en", **values}
    return actions.add_paper(consultation, by=by, prepared=prepared(words), **values)


def names(disk: Path) -> list[str]:
    """Return what is on the disk."""
    return sorted(path.name for path in disk.iterdir()) if disk.exists() else []


def test_a_paper_is_kept_whole_under_a_name_that_tells_nothing(cast, consultation, disk) -> None:
    paper = add(consultation, cast.convenor)
    assert (paper.kind, paper.size, paper.public) == ("txt", 6, False)
    assert paper.digest == hashlib.sha256(b"Agenda").hexdigest()
    assert names(disk) == [paper.file.name.removeprefix("papers/")]
    assert paper.file.read() == b"Agenda"
    assert "genda" not in paper.file.name
    assert paper.file_name == f"{consultation.slug}-{paper.pk}.txt"
    assert oct((disk / names(disk)[0]).stat().st_mode)[-3:] == "600"
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor) == ("add_paper", paper.pk, cast.convenor)
    assert entry.topic == f"consultations.consultation:{consultation.pk}"


def test_the_same_file_twice_is_refused_and_leaves_one(cast, consultation, disk) -> None:
    add(consultation, cast.convenor)
    with pytest.raises(Refusal) as refused:
        add(consultation, cast.convenor, title_en="Again")
    assert refused.value.field == "file"
    assert len(names(disk)) == Paper.objects.count() == 1


def test_there_is_an_end_to_papers(cast, consultation, disk, settings) -> None:
    settings.PAPERS_AT_MOST = 1
    add(consultation, cast.convenor)
    with pytest.raises(Refusal):
        add(consultation, cast.convenor, "Another")
    assert len(names(disk)) == 1


@pytest.mark.parametrize("state", ["archived", "cancelled"])
def test_what_is_over_takes_no_paper_and_gives_none_away(cast, consultation, disk, state) -> None:
    paper = add(consultation, cast.convenor)
    type(consultation).objects.filter(pk=consultation.pk).update(state=state)
    for act in (
        lambda: add(consultation, cast.convenor, "Another"),
        lambda: actions.change_paper(paper, by=cast.convenor, public=True),
        lambda: actions.remove_paper(paper, by=cast.convenor),
    ):
        with pytest.raises(Refusal):
            act()
    assert len(names(disk)) == Paper.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "announced", "in_session", "concluded"])
def test_papers_come_before_and_after(cast, consultation, state) -> None:
    type(consultation).objects.filter(pk=consultation.pk).update(state=state)
    assert add(consultation, cast.convenor).pk


def test_a_session_of_another_consultation_is_refused(cast, consultation, disk) -> None:
    other = build.make_session(build.make_consultation())
    with pytest.raises(Refusal) as refused:
        add(consultation, cast.convenor, session=other)
    assert refused.value.field == "session"
    assert names(disk) == []


def test_a_full_disk_leaves_nothing(cast, consultation, disk) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        with pytest.raises(Refusal) as refused:
            add(consultation, cast.convenor, "x" * 400_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "no room" in str(refused.value.reason)
    assert (names(disk), Paper.objects.count(), LogEntry.objects.count()) == ([], 0, 0)


def test_what_a_killed_process_left_is_swept_when_it_is_old(cast, consultation, disk) -> None:
    kept = add(consultation, cast.convenor)
    for name, age in (("half.pdf", 3), ("young.pdf", 1)):
        (disk / name).write_bytes(b"half")
        old = (disk / name).stat().st_mtime - age * 3600
        os.utime(disk / name, (old, old))
    os.utime(disk / kept.file.name.removeprefix("papers/"), (1, 1))
    assert (tasks.sweep_papers(), tasks.sweep_papers()) == (1, 0)
    assert names(disk) == sorted(["young.pdf", kept.file.name.removeprefix("papers/")])


def test_sweeping_nothing(db) -> None:
    assert tasks.sweep_papers() == 0


def test_change_writes_what_differs(cast, consultation) -> None:
    paper = add(consultation, cast.convenor)
    actions.change_paper(paper, by=cast.second_convenor, public=True, title_en="Agenda", title_ind="Acara")
    paper.refresh_from_db()
    assert (paper.public, paper.title_ind) == (True, "Acara")
    assert LogEntry.objects.first().detail == "public title_ind"
    actions.change_paper(paper, by=cast.second_convenor, public=True)
    assert LogEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_removed_paper_is_gone_from_the_disk_once(cast, consultation, disk) -> None:
    paper = add(consultation, cast.convenor)
    actions.remove_paper(paper, by=cast.convenor)
    assert (names(disk), Paper.objects.count()) == ([], 0)
    for act in (
        lambda: actions.remove_paper(paper, by=cast.convenor),
        lambda: actions.change_paper(paper, by=cast.convenor, public=True),
    ):
        with pytest.raises(Refusal):
            act()
    assert [entry.verb for entry in LogEntry.objects.all()] == ["remove_paper", "add_paper"]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_by_two_convenors_at_once_is_one_paper(cast, consultation, disk) -> None:
    calls = [lambda by=by: add(consultation, by) for by in (cast.convenor, cast.second_convenor)] * 2
    results = all_at_once(*calls)
    assert sorted(type(one).__name__ for one in results) == ["Paper", "Refusal", "Refusal", "Refusal"]
    assert len(names(disk)) == Paper.objects.count() == LogEntry.objects.count() == 1

"""The import as a whole: once, all or nothing, interrupted anywhere, and nothing left of the list afterwards."""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from stakeholders import actions
from stakeholders.actions import importing
from stakeholders.models import ImportRow, ListImport, Membership, Organisation, OrganisationName
from stakeholders.tasks import imports as tasks
from tests import build
from tests.processes import site
from tests.stakeholders import lists

HEAD = ["Name", "Group", "Country", "E-mail", "Full name", "Person e-mail", "Role"]


def table(count: int, start: int = 0) -> list[list[str]]:
    """Return that many new organisations, each with a person."""
    return [
        HEAD,
        *(
            [
                f"Union {n} of sailors",
                "Trade unions",
                "ID",
                f"u{n}@example.org",
                f"Ani {n}",
                f"ani{n}@example.org",
                "lead",
            ]
            for n in range(start, start + count)
        ),
    ]


def nothing_left(run: ListImport) -> bool:
    """Whether neither disk nor tables hold anything of the list."""
    run.refresh_from_db()
    files = default_storage.listdir("imports")[1] if default_storage.exists("imports") else []
    emptied = (run.file.name, run.layout, run.mapping, run.options, run.claimed_until)
    return not files and not ImportRow.objects.filter(run=run).exists() and emptied == ("", {}, {}, {}, None)


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path) -> None:
    """Give each test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return what does something and everything that waits for its commit."""

    def run(act, *words, **named):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*words, **named)

    return run


def test_from_file_to_register(cast, commit) -> None:
    run = commit(lists.uploaded, lists.csv_of(table(3)), cast.convenor)
    stored = default_storage.listdir("imports")[1]
    assert (run.state, len(stored), "list" in stored[0]) == ("uploaded", 1, False)
    assert default_storage.open(run.file.name).name.startswith(str(settings.MEDIA_ROOT))
    commit(tasks.work_imports)
    run.refresh_from_db()
    assert (run.state, run.file.name, default_storage.listdir("imports")[1]) == ("read", "", [])
    mapping = {str(i): field for i, field in enumerate(importing.sheets.columns.guessed(HEAD))}
    commit(actions.map_columns, run, by=cast.convenor, mapping=mapping, options={})
    commit(tasks.work_imports)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("checked", 3, 3)
    assert run.counts == {"create": 3, "update": 0, "same": 0, "refuse": 0}
    before = Organisation.objects.count()
    commit(actions.approve_import, run, by=cast.convenor)
    assert (Organisation.objects.count(), commit(tasks.work_imports)) == (before, 1)
    assert nothing_left(run)
    assert (run.state, run.counts["create"], Organisation.objects.count()) == ("done", 3, before + 3)
    made = Organisation.objects.get(name_en="Union 0 of sailors")
    assert (made.state, made.visibility, made.country_id, made.contact_email) == (
        "applied",
        "members",
        "ID",
        "u0@example.org",
    )
    assert list(made.groups.values_list("slug", flat=True)) == ["trade-unions"]
    assert list(made.names.values_list("key", "kind")) == [("union 0 of sailors", "name")]
    seat = made.memberships.get()
    assert (seat.user.email, seat.user.full_name, seat.role, seat.mandate, seat.state, seat.by) == (
        "ani0@example.org",
        "Ani 0",
        "lead",
        "invited",
        "invited",
        cast.convenor,
    )
    assert not seat.user.has_usable_password()
    assert seat.user.emailaddress_set.get().verified is False
    assert OutgoingMessage.objects.count() == 0
    verbs = list(LogEntry.objects.order_by("number").values_list("verb", "detail"))
    assert verbs == [
        ("upload_list", ""),
        ("map_columns", ""),
        ("approve_import", ""),
        ("import_list", "3 new, 0 changed"),
    ]


def test_updates_and_people_of_what_is_there(cast) -> None:
    rows = [["Organisation", "Telephone", "Groups", "Works in", "Person e-mail"]]
    build.make_group("employers", name_en="Employers", position=9)
    rows.append([cast.organisation.name, "+62 9", "Employers", "TH", cast.stranger.email])
    run = lists.done(lists.csv_of(rows), cast.convenor)
    organisation = Organisation.objects.get(pk=cast.organisation.pk)
    assert (run.state, organisation.contact_phone, organisation.version) == ("done", "+62 9", 2)
    assert set(organisation.groups.values_list("slug", flat=True)) == {"trade-unions", "employers"}
    assert set(organisation.countries.values_list("code", flat=True)) == {"TH"}
    assert organisation.memberships.get(user=cast.stranger).state == "invited"
    assert cast.stranger.full_name == User.objects.get(pk=cast.stranger.pk).full_name
    again = lists.checked(lists.csv_of(rows), cast.convenor)
    assert again.counts == {"create": 0, "update": 0, "same": 1, "refuse": 0}
    with pytest.raises(Refusal, match="nothing to do"):
        actions.approve_import(again, by=cast.convenor)


def test_an_address_that_somebody_proved_is_that_person(cast) -> None:
    for user in (cast.stranger, cast.liaison, cast.convenor):
        EmailAddress.objects.create(user=user, email=f"second-{user.email}", verified=True)
    rows = [["Organisation", "Person e-mail"], [cast.organisation.name, cast.stranger.email]]
    rows += [[cast.organisation.name, f"second-{user.email}"] for user in (cast.stranger, cast.liaison, cast.convenor)]
    before = User.objects.count()
    lists.done(lists.csv_of(rows), cast.convenor)
    assert User.objects.count() == before
    assert list(Membership.objects.filter(state="invited").values_list("user", flat=True)) == [cast.stranger.pk]


def test_each_step_can_be_taken_once(cast) -> None:
    run = lists.done(lists.csv_of(table(1)), cast.convenor)
    before = Organisation.objects.count()
    assert [tasks.work_imports() for _count in range(2)] == [0, 0]
    assert [step(run).state for step in (actions.read_import, actions.finish_import)] == ["done", "done"]
    for act in (actions.approve_import, actions.drop_import):
        with pytest.raises(Refusal):
            act(run, by=cast.convenor)
    with pytest.raises(Refusal):
        actions.map_columns(run, by=cast.convenor, mapping={}, options={})
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("step", [lists.uploaded, lists.read, lists.mapped, lists.checked])
def test_dropping_leaves_nothing(cast, commit, step) -> None:
    run = commit(step, lists.csv_of(table(2)), cast.convenor)
    before = Organisation.objects.count()
    commit(actions.drop_import, run, by=cast.convenor)
    assert nothing_left(run)
    assert (run.state, Organisation.objects.count()) == ("dropped", before)
    assert tasks.work_imports() == 0


def test_what_cannot_be_read_is_forgotten_at_once(cast, commit) -> None:
    run = commit(lists.read, b"Name\n" + b"A\n" * 5001, cast.convenor)
    assert nothing_left(run)
    assert (run.state, run.problem) == ("refused", "too-many-rows")


@pytest.mark.parametrize("step", [lists.uploaded, lists.read, lists.mapped, lists.checked])
def test_what_nobody_finishes_is_forgotten_after_a_day(cast, commit, step) -> None:
    run = commit(step, lists.csv_of(table(2)), cast.convenor)
    assert tasks.forget_imports() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert [commit(tasks.forget_imports) for _count in range(2)] == [1, 0]
    assert nothing_left(run)


def test_an_approved_one_that_no_worker_took_is_refused_after_a_day(cast, commit) -> None:
    run = lists.checked(lists.csv_of(table(2)), cast.convenor)
    actions.approve_import(run, by=cast.convenor)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        commit(tasks.forget_imports)
    run.refresh_from_db()
    assert (run.state, run.problem) == ("refused", "late")


def test_files_that_a_crash_left_are_swept(cast, commit) -> None:
    run = commit(lists.uploaded, lists.csv_of(table(1)), cast.convenor)
    ListImport.objects.filter(pk=run.pk).update(file="")
    tasks.forget_imports()
    assert len(default_storage.listdir("imports")[1]) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        tasks.forget_imports()
    assert default_storage.listdir("imports")[1] == []


def test_a_commit_that_fails_half_way_leaves_nothing(cast, monkeypatch, caplog) -> None:
    run = lists.checked(lists.csv_of(table(3)), cast.convenor)
    before = [model.objects.count() for model in (Organisation, OrganisationName, User, Membership)]
    actions.approve_import(run, by=cast.convenor)

    def fail(*_words, **_named):
        raise ValueError

    # The very last step before the log: organisations, names and accounts are written by then.
    monkeypatch.setattr(Membership.objects.__class__, "bulk_create", fail)
    assert tasks.work_imports() == 1
    run.refresh_from_db()
    assert (run.state, run.problem) == ("refused", "unexpected")
    assert [model.objects.count() for model in (Organisation, OrganisationName, User, Membership)] == before
    assert not LogEntry.objects.filter(verb="import_list").exists()


def test_the_database_that_fails_is_asked_again(cast, monkeypatch, caplog) -> None:
    run = lists.checked(lists.csv_of(table(3)), cast.convenor)
    actions.approve_import(run, by=cast.convenor)
    steps = dict(tasks.STEPS)

    def busy(_run):
        raise tasks.OperationalError

    monkeypatch.setitem(tasks.STEPS, "approved", busy)
    assert (tasks.work_imports(), tasks.work_imports()) == (0, 0)
    monkeypatch.setitem(tasks.STEPS, "approved", steps["approved"])
    assert tasks.work_imports() == 0  # the claim has not run out yet
    with time_machine.travel(timezone.now() + importing.LEASE + timedelta(seconds=1)):
        assert tasks.work_imports() == 1
    run.refresh_from_db()
    assert run.state == "done"


class Killed(BaseException):
    """What happens to a worker when memory runs out."""


def test_a_worker_killed_while_it_checks(cast, monkeypatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    run = lists.mapped(lists.csv_of([*table(6), *table(1)[1:]]), cast.convenor)
    check, left = importing._check_chunk, [2]  # noqa: SLF001 - the seam between two chunks

    def killed(*words):
        if not left[0]:
            raise Killed
        left[0] -= 1
        return check(*words)

    monkeypatch.setattr(importing, "_check_chunk", killed)
    with pytest.raises(Killed):
        tasks.work_imports()
    run.refresh_from_db()
    assert (run.state, run.done, run.rows.exclude(verdict="").count()) == ("mapped", 4, 4)
    monkeypatch.setattr(importing, "_check_chunk", check)
    assert tasks.work_imports() == 0
    with time_machine.travel(timezone.now() + importing.LEASE + timedelta(seconds=1)):
        assert tasks.work_imports() == 1
    run.refresh_from_db()
    assert (run.state, run.done, run.counts["create"], run.counts["same"]) == ("checked", 7, 6, 1)


def test_a_long_check_hands_over_to_a_new_task(cast, monkeypatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    monkeypatch.setattr(importing, "LONGEST_RUN", -1.0)
    run = lists.mapped(lists.csv_of(table(5)), cast.convenor)
    done = []
    for _count in range(5):
        tasks.work_imports()
        run.refresh_from_db()
        done.append((run.done, run.state))
    assert done == [(2, "mapped"), (4, "mapped"), (5, "mapped"), (5, "checked"), (5, "checked")]


def test_the_register_that_changed_since_is_checked_again(cast) -> None:
    run = lists.checked(lists.csv_of(table(2)), cast.convenor)
    build.make_organisation(name="Union 0 of sailors", state="suspended")
    actions.approve_import(run, by=cast.convenor)
    before = Organisation.objects.count()
    tasks.work_imports()
    run.refresh_from_db()
    assert (run.state, run.problem, run.done, Organisation.objects.count()) == ("mapped", "changed", 0, before)
    tasks.work_imports()
    run.refresh_from_db()
    assert (run.state, run.counts) == ("checked", {"create": 1, "update": 0, "same": 0, "refuse": 1})


def test_who_convenes_no_longer_imports_no_longer(cast) -> None:
    run = lists.checked(lists.csv_of(table(2)), cast.convenor)
    actions.approve_import(run, by=cast.convenor)
    cast.convenor.convenorships.update(until=timezone.localdate() - timedelta(days=1))
    before = Organisation.objects.count()
    tasks.work_imports()
    run.refresh_from_db()
    assert (run.state, run.problem, Organisation.objects.count()) == ("refused", "no-convenor", before)


def test_the_columns_can_be_changed_after_the_check(cast) -> None:
    run = lists.checked(lists.csv_of([["Name", "Nama"], ["A", "B"]]), cast.convenor)
    assert run.counts["refuse"] == 1
    actions.map_columns(run, by=cast.convenor, mapping={"0": "name:en"}, options={"group": build.make_group().pk})
    tasks.work_imports()
    run.refresh_from_db()
    assert run.counts == {"create": 1, "update": 0, "same": 0, "refuse": 0}


def test_a_second_sheet_and_a_list_without_header(cast) -> None:
    run = lists.read(
        lists.xlsx_of([["Name"], ["First"]], [["Second", "ID"], ["Third", "ID"]], hidden=()), cast.convenor
    )
    options = {"sheet": 1, "header": False, "group": build.make_group().pk}
    actions.map_columns(run, by=cast.convenor, mapping={"0": "name:en", "1": "country"}, options=options)
    tasks.work_imports()
    run.refresh_from_db()
    assert (run.total, lists.verdicts(run)) == (2, [(1, "create", []), (2, "create", [])])
    actions.approve_import(run, by=cast.convenor)
    tasks.work_imports()
    names = Organisation.objects.filter(state="applied").order_by("name_key").values_list("name_en", flat=True)
    assert list(names) == ["Second", "Third"]


def test_an_encoding_that_is_chosen_later(cast) -> None:
    data = lists.csv_of([["Name"], ["สหภาพแรงงาน"]], encoding="cp874")
    run = lists.read(data, cast.convenor, encoding="cp1252")
    group = build.make_group().pk
    actions.map_columns(run, by=cast.convenor, mapping={"0": "name:th"}, options={"encoding": "cp874", "group": group})
    tasks.work_imports()
    assert run.rows.get(verdict="create").values["label"] == "สหภาพแรงงาน"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once() -> None:
    convenor = build.make_convenor()
    build.make_country()
    build.make_group()
    lists_of_two = [lists.checked(lists.csv_of(table(20)), convenor) for _count in range(2)]
    for run in lists_of_two:
        actions.approve_import(run, by=convenor)
    barrier, done = threading.Barrier(4), []

    def work() -> None:
        barrier.wait()
        try:
            done.append(tasks.work_imports())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _count in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for run in lists_of_two:
        run.refresh_from_db()
    # Both lists name the same newcomers: the first is written, the second sees that and writes nothing.
    assert Organisation.objects.count() == 20
    assert Membership.objects.count() == 20
    assert sorted(run.state for run in lists_of_two) in (["done", "mapped"], ["checked", "done"])


def test_a_refused_step_is_no_error(cast) -> None:
    run = lists.mapped(lists.csv_of(table(1)), cast.convenor)
    actions.drop_import(run, by=cast.convenor)
    assert tasks.work_imports() == 0
    with pytest.raises(Refusal):
        actions.refuse_import(run, code="late")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_five_thousand_rows_end_to_end(cast, kind) -> None:
    data = (lists.csv_of if kind == "csv" else lists.xlsx_of)(table(5000))
    started = time.process_time()
    run = lists.done(data, cast.convenor)
    took = time.process_time() - started
    assert (run.state, run.counts["create"]) == ("done", 5000)
    assert took < 60
    again = lists.checked(data, cast.convenor)
    assert again.counts == {"create": 0, "update": 0, "same": 5000, "refuse": 0}


FINISH = """
from stakeholders import actions
from stakeholders.models import ListImport
print("begun", flush=True)
actions.finish_import(ListImport.objects.get())
"""
PREPARE = """
from stakeholders import actions
from tests import build
from tests.processes import site
from tests.stakeholders import lists
from tests.stakeholders.test_actions_importing import table
convenor = build.make_convenor()
build.make_country()
build.make_group()
run = lists.checked(lists.csv_of(table(3000)), convenor)
actions.approve_import(run, by=convenor)
"""
COUNT = """
from portal.models import User
from stakeholders.models import ImportRow, ListImport, Organisation
from stakeholders.tasks import imports as tasks
print(Organisation.objects.count(), User.objects.count(), ImportRow.objects.count(), ListImport.objects.get().state)
"""


@pytest.mark.slow
def test_kill_9_while_everything_is_written_leaves_nothing_written(tmp_path) -> None:
    with site(tmp_path) as made:
        made.shell(PREPARE)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", FINISH]
        worker = subprocess.Popen(command, env=made.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE)
        assert worker.stdout
        assert worker.stdout.readline() == b"begun\n"
        time.sleep(1.5)
        assert worker.poll() is None, "it was over before the kill: nothing was tested"
        worker.kill()
        worker.communicate()
        assert made.shell(COUNT) == "0 1 3001 approved"
        made.shell(FINISH)
        assert made.shell(COUNT) == "3000 3001 0 done"

"""Leaving with work under way: lists that nobody can finish any more, and appeals that stay as the organisation's."""

import threading

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal import forgetting
from portal.models import LogEntry, User
from portal.views.account_deletion import take_leave
from stakeholders import actions, tasks
from stakeholders.models import Appeal, Decision, ImportRow, ListImport, Organisation
from tests import build
from tests.stakeholders import lists

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Canary Wulandari", "canary@example.org"
ROWS = [lists.HEAD, ["Ikatan Pelaut", "", "", "trade-unions", "ID", "someone@example.org", "0811"]]


@pytest.fixture
def convenor():
    """Return a convenor with lists; others convene as well."""
    build.make_country()
    build.make_group()
    build.make_convenor()
    return build.make_convenor(email=ADDRESS, full_name=NAME)


def at(state: str, by: User) -> ListImport:
    """Return a list of the person that has come as far as this."""
    data = lists.csv_of(ROWS)
    if state == "uploaded":
        return lists.uploaded(data, by, name=f"{NAME}.csv")
    if state == "approved":
        return actions.approve_import(lists.checked(data, by), by=by)
    run: ListImport = {"read": lists.read, "mapped": lists.mapped, "checked": lists.checked}[state](data, by)
    return run


@pytest.mark.parametrize("state", ["uploaded", "read", "mapped", "checked", "approved"])
def test_unfinished_list_goes_with_the_person(convenor, state, django_capture_on_commit_callbacks):
    others = lists.checked(lists.csv_of(ROWS), build.make_convenor())
    run = at(state, convenor)
    assert run.state == state
    file = run.file.name
    with django_capture_on_commit_callbacks(execute=True):
        take_leave(convenor)
    run.refresh_from_db()
    assert (run.state, run.file_name, run.layout, run.mapping, bool(run.file)) == (
        "refused" if state == "approved" else "dropped",
        "",
        {},
        {},
        False,
    )
    assert (run.ended_at is not None, run.rows.count(), ImportRow.objects.filter(run=others).exists()) == (
        True,
        0,
        True,
    )
    assert not file or not default_storage.exists(file)
    tasks.work_imports()
    assert Organisation.objects.filter(name_en="Ikatan Pelaut").count() == 0


def test_finished_list_stays_as_a_count_without_the_name_of_its_file(convenor):
    run = lists.done(lists.csv_of(ROWS), convenor)
    ListImport.objects.filter(pk=run.pk).update(file_name=f"{NAME}.csv")
    take_leave(convenor)
    run.refresh_from_db()
    assert (run.state, run.file_name, run.counts["create"]) == ("done", "", 1)
    assert Organisation.objects.filter(name_en="Ikatan Pelaut").count() == 1


def appeal_of(person: User, text: str) -> Appeal:
    """Return an appeal that the person wrote for an organisation that was refused."""
    organisation = build.make_organisation(state="applied", applicant=person, applied_at=timezone.now())
    decision = Decision.objects.create(organisation=organisation, verdict="refused", by=build.make_convenor())
    return Appeal.objects.create(decision=decision, text=text, by=person)


def test_words_of_an_appeal_stay_without_the_person():
    person = build.make_user(email=ADDRESS, full_name=NAME)
    appeal = appeal_of(person, f"We were at sea. Ask {NAME.upper()} ({ADDRESS}) or Budi.")
    other = appeal_of(build.make_user(), "Nobody asked us.")
    take_leave(person)
    assert [Appeal.objects.get(pk=one.pk).text for one in (appeal, other)] == [
        "We were at sea. Ask — (—) or Budi.",
        "Nobody asked us.",
    ]
    assert (Appeal.objects.get(pk=appeal.pk).by_id, str(User.objects.get(pk=person.pk))) == (
        person.pk,
        "a former member",
    )


def test_page_counts_lists_and_appeals_where_there_are_any(convenor):
    pages = []
    for _time in range(2):
        page = build.sign_in_lately(Client(), convenor).get("/en/account/delete/")
        pages.append([[(row["label"], row["value"]) for row in page.context[part][3:]] for part in ("goes", "stays")])
        lists.read(lists.csv_of(ROWS), convenor)
        appeal_of(convenor, "We were at sea.")
    lines = [
        [("Lists whose import is not finished", 1)],
        [("Appeals that you wrote for an organisation", 1)],
    ]
    assert pages == [[[], []], lines]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("Ani", "Ani and Anita, from ani@example.org", "— and Anita, from —"),
        ("สมชาย", "กรุณาถามสมชายก่อน", "กรุณาถาม—ก่อน"),
        ("", "Ask juani@example.org.", "Ask juani@example.org."),
    ],
)
def test_a_name_is_found_as_a_word_and_in_scripts_without_spaces(name, before, after):
    person = build.make_user(email="ani@example.org", full_name=name)
    assert forgetting.without(before, forgetting.traces_of(person)) == after


@pytest.mark.django_db(transaction=True)
def test_leaving_and_a_worker_who_takes_the_list_over_have_one_order(convenor):
    run, gate = at("approved", convenor), threading.Barrier(2)

    def do(what):
        gate.wait()
        try:
            what()
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[one]) for one in (lambda: take_leave(convenor), tasks.work_imports)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    written = Organisation.objects.filter(name_en="Ikatan Pelaut").count()
    assert (run.state, written, run.rows.count(), run.file_name) in {("refused", 0, 0, ""), ("done", 1, 0, "")}
    assert LogEntry.objects.filter(verb="forget_person").count() == 1

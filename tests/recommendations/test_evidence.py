"""Evidence: judged by its content, read by its organisations and the convenors alone, gone with its row."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consultations import papers
from portal.models import LogEntry
from portal.states import Refusal
from recommendations import actions
from recommendations.models import Evidence, Submission
from recommendations.tasks import sweep_evidence
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations.papers import office, picture
from tests.recommendations.test_views_submissions import draft, fresh, to


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    """Keep files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(disk) -> list[str]:
    """Return what is on the disk."""
    return sorted(one.name for one in (disk / "evidence").glob("*")) if (disk / "evidence").exists() else []


def attach(scene, submission, content=None, **values) -> Evidence:
    """Attach a photograph to the draft."""
    prepared = papers.prepare(content or picture(), "photo.jpg" if content is None else "")
    values = {"by": scene.cast.colleague, "title": "A pay slip", **values}
    return actions.add_evidence(submission, prepared=prepared, **values)


def test_a_file_comes_with_its_row_and_goes_with_it(scene, disk, django_capture_on_commit_callbacks):
    submission = draft(scene)
    made = attach(scene, submission)
    assert files(disk) == [Path(made.file.name).name]
    assert (made.kind, made.by) == ("jpeg", scene.cast.colleague)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_evidence(made, by=scene.cast.representative)
    assert (files(disk), Evidence.objects.count()) == ([], 0)
    assert list(LogEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "add_evidence",
        "remove_evidence",
    ]


def test_the_same_file_twice_and_too_many_are_refused_and_leave_nothing(scene, disk, monkeypatch):
    monkeypatch.setattr(actions.evidence, "AT_MOST", 2)
    submission = draft(scene)
    attach(scene, submission)
    with pytest.raises(Refusal):
        attach(scene, submission)
    attach(scene, submission, b"Some words.")
    with pytest.raises(Refusal):
        attach(scene, submission, b"Other words.")
    assert (len(files(disk)), Evidence.objects.count()) == (2, 2)


@pytest.mark.parametrize("state", ["ready", "submitted", "in_treatment", "withdrawn"])
def test_what_stands_still_takes_no_files(scene, disk, state):
    submission = draft(scene)
    made = attach(scene, submission)
    Submission.objects.filter(pk=submission.pk).update(state=state)
    with pytest.raises(Refusal):
        attach(scene, submission, b"Some words.")
    with pytest.raises(Refusal):
        actions.remove_evidence(made, by=scene.cast.representative)
    assert len(files(disk)) == 1


def test_others_attach_and_take_off_nothing(scene):
    made = attach(scene, draft(scene))
    with pytest.raises(Refusal):
        attach(scene, made.submission, b"Some words.", by=scene.cast.other_member)
    with pytest.raises(Refusal):
        actions.remove_evidence(made, by=scene.cast.convenor)


@pytest.mark.parametrize("sent", [False, True])
def test_withdrawing_deletes_the_files(scene, disk, sent, django_capture_on_commit_callbacks):
    submission = draft(scene)
    attach(scene, submission)
    if sent:
        actions.submit_submission(submission, by=scene.cast.representative)
    page = as_person(scene.cast.representative).get(to("submission_withdraw", submission)).content.decode()
    assert "The files that were attached are deleted." in page
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_submission(submission, by=scene.cast.representative)
    assert files(disk) == []


@pytest.mark.parametrize("state", ["draft", "submitted", "in_treatment"])
def test_who_opens_a_file(scene, state):
    made = attach(scene, draft(scene))
    Submission.objects.update(state=state, submitted_at=None if state == "draft" else timezone.now())
    address = reverse("evidence_file", args=[made.pk])
    seen = {name: as_person(fresh(getattr(scene.cast, name))).get(address).status_code for name in PEOPLE}
    convenors = 404 if state == "draft" else 200
    assert seen == {
        **dict.fromkeys(PEOPLE, 404), "representative": 200, "colleague": 200, "anonymous": 302,
        "convenor": convenors, "second_convenor": convenors,
    }  # fmt: skip


def test_a_file_is_handed_out_to_be_saved_and_never_kept_by_others(scene):
    made = attach(scene, draft(scene))
    response = as_person(scene.cast.colleague).get(reverse("evidence_file", args=[made.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="evidence-{made.submission_id}-{made.pk}.jpg"'
    assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "image/jpeg")
    assert "no-store" in response["Cache-Control"]
    assert as_person(scene.cast.colleague).post(reverse("evidence_file", args=[made.pk])).status_code == 405


def test_a_file_is_attached_and_taken_off_on_the_pages(scene):
    submission, client = draft(scene), as_person(scene.cast.colleague)
    sent = {"title": "A pay slip", "file": SimpleUploadedFile("slip.jpg", picture()), "one_time_key": "k" * 20}
    page = client.post(to("evidence_create", submission), sent, follow=True).content.decode()
    assert ["The file is attached." in page, "A pay slip" in page] == [True, True]
    made = Evidence.objects.get()
    remove = reverse("evidence_remove", args=[made.pk])
    assert "Take this file off?" in client.get(remove).content.decode()
    assert "The file is gone" in client.post(remove, follow=True).content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (lambda: b"%PDF-1.4 x\n%%EOF", "paper.docx", "By its content it is: PDF"),
        (lambda: office(**{"word/vbaProject.bin": b"x"}), "paper.docx", "carries a program"),
        (lambda: b"", "paper.txt", "This file is empty."),
    ],
)
def test_a_file_that_is_refused_says_why_and_keeps_the_words(scene, content, name, said):
    sent = {"title": "A pay slip", "file": SimpleUploadedFile(name, content())}
    page = as_person(scene.cast.colleague).post(to("evidence_create", draft(scene)), sent)
    assert [said in one for one in page.context["form"].errors["file"]] == [True]
    assert 'value="A pay slip"' in page.content.decode()


@pytest.mark.parametrize("name", ["evidence_create", "evidence_remove"])
@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_who_opens_the_pages(scene, name, state):
    made = attach(scene, draft(scene))
    Submission.objects.filter(pk=made.submission_id).update(state=state)
    address = reverse(name, args=[made.submission_id if name == "evidence_create" else made.pk])
    seen = {one: as_person(fresh(getattr(scene.cast, one))).get(address).status_code for one in PEOPLE}
    own = 302 if state == "submitted" else 200
    assert seen == {**dict.fromkeys(PEOPLE, 404), "representative": own, "colleague": own, "anonymous": 302}


def test_files_that_nothing_speaks_of_are_swept(scene, disk):
    made = attach(scene, draft(scene))
    lost = disk / "evidence" / "lost.pdf"
    lost.write_bytes(b"x")
    for path in (lost, disk / made.file.name):
        os.utime(path, (time.time() - 3 * 3600,) * 2)
    assert (sweep_evidence(), sweep_evidence()) == (1, 0)
    assert files(disk) == [Path(made.file.name).name]


def test_a_full_disk_leaves_nothing(scene, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(actions.evidence.default_storage, "save", full)
    sent = {"title": "A pay slip", "file": SimpleUploadedFile("slip.jpg", picture())}
    page = as_person(scene.cast.colleague).post(to("evidence_create", draft(scene)), sent).content.decode()
    assert "there is no room on the server" in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_submission_asks_the_database_equally_often(scene, count, django_assert_num_queries):
    submission = draft(scene)
    for number in range(count):
        attach(scene, submission, f"Words number {number}".encode())
        submission.earlier_words.create(text="Earlier", by=scene.cast.colleague)
        organisation = build.make_organisation()
        submission.co_submitters.create(organisation=organisation, asked_version=1)
    client = as_person(scene.cast.colleague)
    client.get(submission.get_absolute_url())
    with django_assert_num_queries(13):
        client.get(submission.get_absolute_url())

"""Papers over HTTP: who may read, how they are handed out, and a sentence beside the field for each bad file."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consultations import actions
from consultations.models import Paper
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations import papers as files


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    """Give each test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "papers"


def paper_of(cast, invited="accepted", *, public=False, **values) -> Paper:
    """Return a paper of a consultation to which the cast's organisation was invited."""
    consultation = build.make_consultation(convenors=[cast.convenor], **values)
    if invited:
        build.make_invitation(consultation, cast.organisation, state=invited)
    words = {"title_en": "Agenda", "title_ind": "Acara", "language": "en", "public": public}
    return actions.add_paper(consultation, by=cast.convenor, prepared=files.prepared(), **words)


def statuses(cast, paper: Paper) -> dict[str, int]:
    """Return what each person gets who asks for the file."""
    return {name: as_person(getattr(cast, name)).get(at(paper)).status_code for name in PEOPLE}


def at(paper: Paper, path: str = "") -> str:
    """Return an address of the paper."""
    return f"/en/papers/{paper.pk}/{path}"


NOBODY = dict.fromkeys(PEOPLE, 404)
CONVENOR = {"convenor": 200}
OWN = {"representative": 200, "colleague": 200}


@pytest.mark.parametrize(
    ("values", "seen_by"),
    [
        ({}, CONVENOR | OWN),
        ({"invited": "to_reconfirm"}, CONVENOR | OWN),
        ({"invited": "sent"}, CONVENOR),
        ({"invited": "tentative"}, CONVENOR),
        ({"invited": "declined"}, CONVENOR),
        ({"invited": "revoked"}, CONVENOR),
        ({"invited": "waitlisted"}, CONVENOR),
        ({"invited": "offered"}, CONVENOR),
        ({"invited": ""}, CONVENOR),
        ({"state": "concluded"}, CONVENOR | OWN),
        ({"public": True}, dict.fromkeys(PEOPLE, 200)),
        ({"public": True, "discreet": True}, CONVENOR | OWN | {"second_convenor": 200}),
        ({"public": True, "discreet": True, "invited": "sent"}, CONVENOR | OWN | {"second_convenor": 200}),
        ({"discreet": True}, CONVENOR | OWN),
        ({"public": True, "state": "draft", "invited": "drafted"}, CONVENOR),
    ],
)
def test_who_gets_a_paper(cast, values, seen_by) -> None:
    assert statuses(cast, paper_of(cast, **values)) == NOBODY | seen_by


def test_an_office_that_accepted_reads_as_a_guest(cast) -> None:
    paper = paper_of(cast, invited="")
    invitation = build.make_invitation_of_body(paper.consultation, cast.body)
    assert statuses(cast, paper) == NOBODY | CONVENOR
    type(invitation).objects.update(state="accepted")
    assert statuses(cast, paper) == NOBODY | CONVENOR | {"liaison": 200}


def test_who_walked_in_reads(cast) -> None:
    paper = paper_of(cast, invited="")
    consultation = paper.consultation
    build.make_seat(
        build.make_invitation(consultation, cast.other_organisation, state="declined"),
        state="present",
    )
    assert statuses(cast, paper) == NOBODY | CONVENOR | {"other_member": 200}


def test_a_suspended_organisation_reads_no_more(cast) -> None:
    paper = paper_of(cast)
    type(cast.organisation).objects.filter(pk=cast.organisation.pk).update(state="suspended")
    assert statuses(cast, paper) == NOBODY | CONVENOR


def test_how_a_paper_for_participants_is_handed_out(cast) -> None:
    paper = paper_of(cast)
    response = as_person(cast.representative).get(at(paper))
    assert b"".join(response.streaming_content) == b"Agenda"
    assert response["Content-Disposition"] == f'attachment; filename="{paper.consultation.slug}-{paper.pk}.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "ETag" not in response


def test_how_a_public_paper_is_handed_out(cast, visitor) -> None:
    paper = paper_of(cast, public=True)
    response = visitor.get(at(paper))
    assert response["Cache-Control"] == "public, no-cache"
    assert response.cookies == {}
    again = visitor.get(at(paper), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor.post(at(paper)).status_code == 405


def test_a_paper_whose_file_is_lost_is_not_there(cast, disk) -> None:
    paper = paper_of(cast, public=True)
    for path in disk.iterdir():
        path.unlink()
    assert Client().get(at(paper)).status_code == 404


DESK = {"convenor": 200, "anonymous": 302}


@pytest.mark.parametrize("path", ["papers/", "papers/new/"])
def test_who_keeps_papers(cast, path) -> None:
    consultation = paper_of(cast).consultation
    address = f"/en/consultations/{consultation.slug}/{path}"
    found = {name: as_person(getattr(cast, name)).get(address).status_code for name in PEOPLE}
    assert found == dict.fromkeys(PEOPLE, 403) | DESK


@pytest.mark.parametrize("path", ["edit/", "remove/"])
def test_who_changes_a_paper(cast, path) -> None:
    paper = paper_of(cast)
    found = {name: as_person(getattr(cast, name)).get(at(paper, path)).status_code for name in PEOPLE}
    assert found == NOBODY | DESK | dict.fromkeys(OWN, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(cast, count, django_assert_num_queries) -> None:
    paper = paper_of(cast)
    for index in range(count - 1):
        words = {"title_en": f"Paper {index}", "language": "id"}
        actions.add_paper(paper.consultation, by=cast.convenor, prepared=files.prepared(f"Words {index}"), **words)
    client = as_person(cast.convenor)
    client.get("/en/desk/")  # writes into the session that somebody is awake
    with django_assert_num_queries(4):  # the session, the person, the consultation, papers
        body = client.get(f"/en/consultations/{paper.consultation.slug}/papers/").content.decode()
    assert body.count("<tr>") == count + 1


def send(cast, consultation, content: bytes, name: str, **more):
    """Upload a file as a browser does."""
    file = SimpleUploadedFile("x", content)
    file._name = name  # noqa: SLF001 - a hostile browser sends any name
    data = {"title_en": "Agenda", "language": "en", "file": file, **more}
    return as_person(cast.convenor).post(f"/en/consultations/{consultation.slug}/papers/new/", data, follow=True)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "This file is empty."),
        (b"x" * (10 * 1024 * 1024 + 1), "a.txt", "This file has 11 MB. Up to 10 MB are possible"),
        (files.picture(), "a.pdf", "By its name this is: PDF. By its content it is: photograph."),
        (files.PDF, "a.docx", "By its name this is: Word document. By its content it is: PDF."),
        (files.office(**{"word/big.xml": "x" * 9_000_000}), "a.docx", "This file unpacks to far more than it seems."),
    ],
)
def test_a_bad_file_is_a_sentence_beside_the_field_and_the_words_stay(cast, disk, content, name, sentence) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    response = send(cast, consultation, content, name, title_en="Minutes of May", public="on")
    assert sentence in response.context["form"].errors["file"][0]
    body = response.content.decode()
    assert sentence in body
    assert 'value="Minutes of May"' in body
    assert Paper.objects.count() == 0
    assert not disk.exists()


@pytest.mark.parametrize(
    "name", ["../../../etc/agenda.txt", "C:\\fakepath\\agenda.txt", "របៀបវារៈ.txt", "a" * 600 + ".txt"]
)
def test_a_name_cannot_lead_anywhere(cast, disk, name) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    response = send(cast, consultation, b"Agenda", name, title_ind="របៀបវារៈ")
    assert response.redirect_chain == [(f"/en/consultations/{consultation.slug}/papers/", 302)]
    paper = Paper.objects.get()
    assert [path.name for path in disk.iterdir()] == [paper.file.name.removeprefix("papers/")]
    assert paper.title_ind == "របៀបវារៈ"
    assert Client().get(at(paper)).status_code == 404


def test_the_uploader_hears_what_was_taken_out_and_what_stays(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    body = send(cast, consultation, files.office(), "a.docx").content.decode()
    assert "Who wrote it and who changed it last was taken out." in body


def test_change_and_remove(cast, disk) -> None:
    paper, client = paper_of(cast), as_person(cast.convenor)
    client.post(at(paper, "edit/"), {"title_en": "Programme", "language": "id", "public": "on"})
    paper.refresh_from_db()
    assert (paper.title_en, paper.language, paper.public) == ("Programme", "id", True)
    assert client.get(at(paper, "remove/")).status_code == 200
    assert Paper.objects.count() == 1
    assert client.post(at(paper, "remove/")).status_code == 302
    assert Paper.objects.count() == 0


def test_a_repeat_attaches_once(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    for _count in range(2):
        send(cast, consultation, b"Agenda", "a.txt", one_time_key="the-same-key")
    assert Paper.objects.count() == 1

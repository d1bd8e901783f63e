"""The back office shows no secret and changes no state."""

import pytest
from django.utils import timezone

from tests import build
from tests.conftest import as_person


@pytest.fixture
def office(db):
    """Return the browser of an administrator."""
    return as_person(build.make_user(is_staff=True, is_superuser=True))


def test_a_consultation_is_looked_at_only(office) -> None:
    consultation = build.make_consultation()
    body = office.get(f"/en/admin/consultations/consultation/{consultation.pk}/change/").content.decode()
    assert consultation.title_en in body
    assert 'name="_save"' not in body
    assert office.get("/en/admin/consultations/consultation/add/").status_code == 403


@pytest.mark.parametrize("model", ["organiser", "invitation", "answer"])
def test_rows_are_looked_at_only(office, model) -> None:
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld", contact_email="secret@example.org")
    consultation = build.make_consultation()
    row = {
        "organiser": lambda: build.make_organiser(consultation, organisation=hidden, name=""),
        "invitation": lambda: build.make_invitation(consultation, hidden),
        "answer": lambda: build.make_invitation(consultation, hidden).answers.create(
            verb="yes", delegates="Siti", channel="link", at=timezone.now()
        ),
    }[model]()
    for path in ("", f"{row.pk}/change/"):
        body = office.get(f"/en/admin/consultations/{model}/{path}").content.decode()
        for secret in ("Rahasia", "secret@example.org", "Siti", getattr(row, "nonce", "-no-nonce-")):
            assert secret not in body
    assert office.get(f"/en/admin/consultations/{model}/add/").status_code == 403
    assert office.post(f"/en/admin/consultations/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403

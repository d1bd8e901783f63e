"""What participants and the public read: papers refused and attached, the programme inside and outside, the record."""

from pathlib import Path

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, Come, come, looks
from tests.consultations.papers import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

MEMBER, LIAISON = "sumiyati@mufakat.example", "bambang@mufakat.example"
AHEAD = "/en/consultations/jakarta-fees-passports-domestic-work/"
OVER = "/en/consultations/dili-recruitment-and-return/"
FILL = """
from django.utils import timezone
from consultations.models import Consultation, FollowUp
from stakeholders.models import PublicBody
from tests import build
consultation = Consultation.objects.get(slug="jakarta-fees-passports-domestic-work")
moved = {"moved_at": timezone.now(), "moved_because_en": "The hall was not free."}
grounds = {"resting_on_en": "Article 22", "target": build.make_meeting()}
Consultation.objects.filter(pk=consultation.pk).update(**moved, **grounds)
there = {"title_en": "Fees", "interpreters": "id km my", "call_link": "https://call.example/x", "closed": True}
session = build.make_session(consultation, **there, time_zone="Asia/Dili", output="We agree.", output_at=timezone.now())
build.make_agenda_item(session)
over = Consultation.objects.get(slug="dili-recruitment-and-return")
FollowUp.objects.create(consultation=over, due_on=timezone.localdate(), text_en="Answers are due")
for _count in range(7):
    build.make_seat(build.make_invitation(over, state="accepted", sent_at=timezone.now()), state="present")
office = PublicBody.objects.get(appointments__user__email="bambang@mufakat.example")
if not consultation.invitations.filter(body=office).update(state="sent"):
    build.make_invitation_of_body(consultation, office)
"""


def test_pages_full_of_everything(running, come: Come) -> None:
    running.shell(FILL)
    for person, paths in (
        ("", (AHEAD, OVER, f"{OVER}record/", "/en/subscribe/")),
        (MEMBER, (AHEAD, "/en/invitations/")),
        (LIAISON, ("/en/invitations/", "/en/desk/")),
    ):
        visitor = come(person)
        assert [looks(visitor, path) for path in paths] == [[]] * len(paths)


def test_a_refused_and_an_attached_paper(come: Come, tmp_path: Path) -> None:
    visitor = come(CONVENOR)
    visitor.go(f"{AHEAD}papers/new/")
    wrong = tmp_path / "agenda.pdf"
    wrong.write_bytes(picture())
    visitor.page.locator('input[type="file"]').set_input_files(wrong)
    visitor.fill(title_en="Minutes of May")
    with visitor.page.expect_navigation():
        visitor.page.locator("main form[method=post] button[type=submit]").click()
    assert "By its name this is: PDF. By its content it is: photograph." in visitor.text()
    assert visitor.page.locator('[name="title_en"]').input_value() == "Minutes of May"
    assert fits_and_speaks(visitor) == []
    visitor.page.locator('input[type="file"]').set_input_files(wrong.rename(tmp_path / "hall.jpg"))
    visitor.press()
    assert "The paper is attached." in visitor.text()
    assert fits_and_speaks(visitor) == []

"""The day itself and what is written after it, in every state of its pages."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

PAGES = "/en/consultations/dili-recruitment-and-return/"
WAS_THERE, RAPPORTEUR = "jose@mufakat.example", "isabel@mufakat.example"
# Excused, or confirmed where the minutes were tried first.
SEAT = """
from consultations.models import Seat
seats = Seat.objects.filter(state__in=("excused", "confirmed"), consultation__slug="dili-recruitment-and-return")
print(seats.order_by("-state", "pk").first().pk)
"""
SESSION = """
from consultations.models import Session
print(Session.objects.filter(consultation__slug="dili-recruitment-and-return", output="").first().pk)
"""
POINT = """
from consultations.models import AgendaItem
print(AgendaItem.objects.filter(session__consultation__slug="dili-recruitment-and-return").first().pk)
"""
DRAFT = """
from consultations.models import Minutes, Seat
Minutes.objects.update(state="draft")
Seat.objects.filter(state="excused").update(state="confirmed")
"""


def test_at_the_door(running: Site, come: Come) -> None:
    convenor, seat = come(CONVENOR), running.shell(SEAT)
    wrong = {
        "found": looks(convenor, PAGES + "door/?q=a"),
        "nobody": looks(convenor, PAGES + "door/?q=zzzz"),
        "walk in": looks(convenor, PAGES + "door/walk-in/"),
        "no name": refused(convenor, PAGES + "door/walk-in/"),
        "sits in": looks(convenor, f"{PAGES}door/seats/{seat}/substitute/"),
        "nobody sits in": refused(convenor, f"{PAGES}door/seats/{seat}/substitute/"),
        "for two": refused(convenor, f"{PAGES}attendance/seats/{seat}/person/"),
        "changed": looks(convenor, f"{PAGES}attendance/seats/{seat}/"),
        "list": looks(convenor, PAGES + "attendance/sheet/"),
        "badges": looks(convenor, PAGES + "attendance/badges/"),
    }
    convenor.go(f"{PAGES}door/seats/{seat}/substitute/")
    convenor.fill(full_name="Lurdes dos Santos", listing="name")
    convenor.press()
    wrong["sat in"] = fits_and_speaks(convenor)
    wrong["afterwards"] = looks(convenor, PAGES + "attendance/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_outputs_and_minutes(running: Site, come: Come) -> None:
    convenor, reader, rapporteur = come(CONVENOR), come(WAS_THERE), come(RAPPORTEUR)
    output, point = f"{PAGES}outputs/{running.shell(SESSION)}/", f"{PAGES}minutes/points/{running.shell(POINT)}/"
    wrong = {
        "own desk": looks(rapporteur, "/en/desk/"),
        "own output": looks(rapporteur, output),
        "read": looks(reader, PAGES + "minutes/"),
        "correct": looks(reader, PAGES + "minutes/corrections/new/"),
        "no correction": refused(reader, PAGES + "minutes/corrections/new/"),
        "approve": looks(convenor, PAGES + "minutes/move/approve/"),
        "lock": looks(convenor, PAGES + "minutes/move/lock/"),
    }
    rapporteur.go(output)
    convenor.go(output)
    convenor.fill(output="What the convenor wrote")
    convenor.press()
    rapporteur.fill(output="What the rapporteur wrote")
    with rapporteur.page.expect_navigation():
        rapporteur.page.locator("main form[method=post] button").first.click()
    rapporteur.complaints.clear()
    wrong["both"] = fits_and_speaks(rapporteur)
    assert "What the convenor wrote" in rapporteur.text()
    wrong["point"] = looks(convenor, point)
    running.shell(DRAFT)
    wrong["circulate"] = looks(convenor, PAGES + "minutes/circulate/")
    wrong["in the past"] = refused(convenor, PAGES + "minutes/circulate/", corrections_until="2020-01-01")
    wrong["close"] = looks(convenor, PAGES + "attendance/close/")
    assert {what: found for what, found in wrong.items() if found} == {}

"""The states of the pages of bodies and offices: refused forms, the check before a succession, a proposal."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import Come, come, looks, refused  # noqa: F401 - a fixture of the same kind

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADMINISTRATOR, MEMBER = "hang@mufakat.example", "sumiyati@mufakat.example"
BODY = "/en/public-bodies/id-manpower/"
PROPOSE = """
from portal.models import User
from stakeholders.models import LiaisonAppointment, PublicBody
body = PublicBody.objects.get(slug="id-manpower")
user, by = User.objects.get(email="sumiyati@mufakat.example"), User.objects.get(email="hang@mufakat.example")
print(LiaisonAppointment.objects.create(body=body, user=user, by=by).pk)
"""
ASK = """
from portal.models import User
from stakeholders.models import LiaisonAppointment, PublicBody
body = PublicBody.objects.get(slug="id-migrant-workers")
user, by = User.objects.get(email="dewi@mufakat.example"), User.objects.get(email="bambang@mufakat.example")
print(LiaisonAppointment.objects.create(body=body, user=user, by=by).pk)
"""


def test_refused_forms(come: Come) -> None:  # noqa: F811
    visitor = come(ADMINISTRATOR)
    assert refused(visitor, "/en/public-bodies/new/", name_en="", since="") == []
    assert refused(visitor, BODY + "appoint/", address="", full_name="", until="") == []
    assert refused(visitor, "/en/terms/new/", address="", full_name="") == []


def test_a_succession_is_checked_in_numbers(come: Come) -> None:  # noqa: F811
    visitor = come(ADMINISTRATOR)
    visitor.go(BODY + "succeed/")
    visitor.page.locator('main [name="new"]').select_option(index=1)
    visitor.fill(on="2026-01-05")
    visitor.press()
    assert "open items move" in visitor.text()
    assert fits_and_speaks(visitor) == []


def test_a_proposal_and_the_desk_on_which_it_waits(running, come: Come) -> None:  # noqa: F811
    pk = running.shell(PROPOSE)
    visitor = come(MEMBER)
    assert looks(visitor, "/en/desk/") == []
    assert looks(visitor, f"/en/appointments/{pk}/") == []


def test_a_colleague_waits_for_an_administrator(running, come: Come) -> None:  # noqa: F811
    running.shell(ASK)
    assert looks(come(ADMINISTRATOR), "/en/administration/") == []

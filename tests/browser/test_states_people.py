"""The pages of an organisation's people, and a text on its way from the drafter to the lead and back, as they look."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, MEMBER, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

PEOPLE = "/en/organisations/bakung-raya/people/"
DRAFTER, OTHER = "dewi@mufakat.example", "bernadeta@mufakat.example"
MANDATE = """
from stakeholders.models import Membership
print(Membership.objects.get(user__email="dewi@mufakat.example", state="active").pk)
"""
DRAFT = """
from portal.models import User
from recommendations.models import Submission
found = Submission.objects.filter(organisation__slug="bakung-raya").first()
made = Submission.objects.create(
    consultation=found.consultation, organisation=found.organisation, text="Employers pay the fees.",
    author=User.objects.get(email="dewi@mufakat.example"),
)
print(made.pk)
"""


def test_a_lead_and_the_people(running: Site, come: Come) -> None:
    lead, drafter, convenor = come(MEMBER), come(DRAFTER), come(CONVENOR)
    mandate = f"/en/mandates/{running.shell(MANDATE)}/"
    wrong = {
        "people": looks(lead, PEOPLE),
        "people to a drafter": looks(drafter, PEOPLE),
        "people to a convenor": looks(convenor, PEOPLE),
        "invite": looks(lead, PEOPLE + "invite/"),
        "nobody": refused(lead, PEOPLE + "invite/", full_name="", address="nobody"),
        "hand over to nobody": refused(lead, PEOPLE + "hand-over/"),
        "change": looks(lead, mandate),
        "in the past": refused(lead, mandate, until="2020-01-01"),
        "leave": looks(drafter, PEOPLE + "leave/"),
        "lead": looks(convenor, "/en/organisations/keluarga-lamaholot/people/lead/"),
        "no lead": looks(convenor, "/en/organisations/keluarga-lamaholot/people/"),
    }
    lead.go(PEOPLE + "invite/")
    lead.fill(full_name="Maria Bernadeta Ola", address=OTHER, role="drafter")
    lead.press()
    wrong["invited"] = fits_and_speaks(lead)
    invited = come(OTHER)
    wrong["offer"] = looks(invited, "/en/desk/")
    invited.press(form='main form[action$="/accept/"]')
    wrong["two organisations"] = fits_and_speaks(invited)
    invited.press("button[value]:not([value=''])", form='main form[action$="/desk/organisation/"]')
    wrong["one of them"] = fits_and_speaks(invited)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_sign_off(running: Site, come: Come) -> None:
    lead, drafter, number = come(MEMBER), come(DRAFTER), running.shell(DRAFT)
    text = f"/en/submissions/{number}/"
    wrong = {"draft": looks(drafter, text)}
    drafter.press(form='main form[action$="/ask/"]')
    wrong["asked"] = fits_and_speaks(drafter)
    wrong["desk"] = looks(lead, "/en/desk/")
    assert "Texts that wait for your sign-off" in lead.text()
    wrong["check"] = looks(lead, text + "check/")
    wrong["no remark"] = refused(lead, text + "return/")
    lead.fill(reason="Name the law.")
    lead.press()
    wrong["given back"] = looks(drafter, text)
    assert "Name the law." in drafter.text()
    assert {what: found for what, found in wrong.items() if found} == {}

"""States of the register that come late: an offer, a hand-over, an appeal, lists at work, an account that is gone."""

from collections.abc import Callable

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, MEMBER, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

PEOPLE = "/en/organisations/bakung-raya/people/"
INVITED, WITHOUT_LEAD = "nurhidayati@mufakat.example", "/en/organisations/keluarga-lamaholot/people/"
APPLICANT, OUTSIDER = "wahyuni@mufakat.example", "agus@mufakat.example"
PROPOSED = """
from datetime import timedelta
from portal import clock
from portal.models import User
from stakeholders.models import LiaisonAppointment, PublicBody
mine = User.objects.get(email="{who}").appointments
by, body = User.objects.get(email="hang@mufakat.example"), PublicBody.objects.get(slug="id-manpower")
print(mine.create(body=body, by=by, until=clock.today_here() + timedelta(days=365)).pk)
"""
OFFERED = """
from portal import clock
from portal.models import User
from stakeholders import actions
from stakeholders.models import Membership, Organisation
invited, lead = User.objects.get(email="{who}"), User.objects.get(email="sumiyati@mufakat.example")
terms = dict(role="drafter", mandate="appointed", since=clock.today_here())
union = Organisation.objects.get(slug="bakung-raya")
actions.invite_colleague(union, by=lead, address=invited.email, full_name="Nur", **terms)
other = Organisation.objects.filter(state="verified", visibility="withheld").exclude(memberships__user=invited).first()
Membership.objects.create(organisation=other, user=invited, state="invited", **terms)
"""
REFUSED = """
from django.utils import timezone
from portal.models import User
from stakeholders.models import Decision
from tests import build
who = User.objects.get(email="{who}")
one = build.make_organisation(slug="bitung", state="refused", applicant=who, applied_at=timezone.now())
by = User.objects.get(email="arun@mufakat.example")
Decision.objects.create(organisation=one, verdict="refused", reasons="We could not reach you.", by=by)
"""
LISTS = """
from datetime import timedelta
from django.utils import timezone
from portal.models import User
from stakeholders.models import ListImport
from stakeholders.states import IMPORT, ImportState
by, later = User.objects.get(email="{who}"), timezone.now() + timedelta(days=1)
for number, state in enumerate(ImportState.values):
    over = timezone.now() if state in ("done", "refused", "dropped") else None
    name = "Peserta lokakarya pekerja rumah tangga dari Jakarta dan Surabaya, revisi " + str(number) + ".csv"
    ListImport.objects.create(by=by, state=state, file_name=name, total=number, ended_at=over, claimed_until=later)
"""
FORGET_LISTS = """
from stakeholders.models import ListImport
ListImport.objects.filter(by__email="{who}").delete()
"""
LEAVES = """
from django.test import Client
from tests import build
print(build.sign_in_lately(Client(), build.make_user(full_name="Rini")).cookies["sessionid"].value)
"""
ANSWERED = """
from portal.models import User
from portal.tasks import deliver
from recommendations import emails
from recommendations.models import Conveyance
for name, language in (("ratna", "en"), ("arun", "id")):
    User.objects.filter(email=name + "@mufakat.example").update(language=language)
conveyance = Conveyance.objects.first()
convenors = User.objects.filter(email__in=["ratna@mufakat.example", "arun@mufakat.example"])
conveyance.edition.statement.consultation.convenors.set(convenors)
emails.items_answered(conveyance, version=77, payload=dict(count=3))
deliver()
"""
Made = Callable[..., str]


@pytest.fixture
def made(running: Site) -> Made:
    """Bring the demonstration into a state, for somebody."""
    return lambda code, who="": running.shell(code.format(who=who))


def test_an_appointment_that_waits_for_an_answer(come: Come, made: Made) -> None:
    page = f"/en/appointments/{made(PROPOSED, MEMBER)}/"
    member = come(MEMBER)
    wrong = {"seats": looks(member, page)}
    assert "Bakung Raya" in member.text()
    wrong["not read"] = refused(member, page)
    wrong["nothing ends"] = looks(come(OUTSIDER), f"/en/appointments/{made(PROPOSED, OUTSIDER)}/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_offers_on_the_desk(come: Come, made: Made) -> None:
    made(OFFERED, INVITED)
    invited = come(INVITED)
    wrong = {language: looks(invited, f"/{language}/desk/") for language in ("en", "id")}
    assert invited.page.locator("#offers + .tasks > li").count() == 2
    assert {what: found for what, found in wrong.items() if found} == {}


def test_who_leads_from_now_on(come: Come) -> None:
    lead, convenor = come(MEMBER), come(CONVENOR)
    wrong = {
        "hand over": looks(lead, PEOPLE + "hand-over/"),
        "to nobody": refused(lead, PEOPLE + "hand-over/"),
        "name": looks(convenor, WITHOUT_LEAD + "lead/"),
        "name nobody": refused(convenor, WITHOUT_LEAD + "lead/"),
    }
    assert {what: found for what, found in wrong.items() if found} == {}


def test_an_appeal_and_its_error(come: Come, made: Made) -> None:
    made(REFUSED, APPLICANT)
    page, applicant = "/en/applications/bitung/appeal/", come(APPLICANT)
    wrong = {"empty": looks(applicant, page), "unreadable": refused(applicant, page, text="\u200b")}
    # The summary of errors comes before everything else, and leads to the field.
    applicant.page.locator(".error-summary a").click()
    assert applicant.page.locator("[name=text]").evaluate("one => one === document.activeElement") is True
    assert {what: found for what, found in wrong.items() if found} == {}


def test_lists_in_every_state(come: Come, made: Made) -> None:
    made(LISTS, CONVENOR)
    convenor = come(CONVENOR)
    try:
        wrong = {language: looks(convenor, f"/{language}/imports/") for language in ("en", "id")}
        assert convenor.page.locator("main .tasks > li").count() == 8
        assert convenor.page.locator("main .tasks > li.is-needs").count() == 2
    finally:
        made(FORGET_LISTS, CONVENOR)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_account_that_is_deleted(running: Site, come: Come, made: Made) -> None:
    visitor = come()
    visitor.context.add_cookies([{"name": "sessionid", "value": made(LEAVES), "url": running.url}])
    visitor.go("/en/account/delete/")
    visitor.press()
    wrong = fits_and_speaks(visitor)
    assert visitor.text("h1") == "Your account is deleted"
    visitor.follow("/en/")
    assert wrong == []


def test_mail_of_the_answers(come: Come, made: Made) -> None:
    made(ANSWERED)
    guest, wrong = come(), {}
    for words in ("3 answers to a statement", "3 tanggapan atas sebuah pernyataan"):
        guest.go("/en/mailbox/")
        guest.follow(guest.page.locator("main a", has_text=words).first)
        wrong[words] = fits_and_speaks(guest)
        assert guest.page.frame_locator("iframe").locator("a").count() == 1
    assert {what: found for what, found in wrong.items() if found} == {}

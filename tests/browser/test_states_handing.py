"""Handing in, in a browser: a draft that saves itself, a sheet of many, late with a code, corrections, together."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, MEMBER, PAGES, Come, come, looks, refused
from tests.recommendations.sheets import paper, track

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

TEXTS = """
from recommendations.models import Submission
print(" | ".join(Submission.objects.filter(text__startswith="%s").order_by("pk").values_list("text", flat=True)))
"""
CHANGE = """
from recommendations import actions
from recommendations.models import Submission
one = Submission.objects.filter(text__startswith="Saved").get()
colleague = one.organisation.memberships.get(user__email="dewi@mufakat.example").user
actions.revise_submission(one, by=colleague, version=one.version, text="Saved by a colleague.")
"""
OVER = """
from datetime import timedelta
from django.utils import timezone
from consultations.models import Consultation
found = Consultation.objects.filter(slug="jakarta-fees-passports-domestic-work")
found.update(input_closes=timezone.now() - timedelta(hours=1), corrections_until=timezone.localdate())
"""
OPEN = OVER.replace("- timedelta(hours=1)", "+ timedelta(days=20)")
DRAFT = """
from recommendations.models import Submission
print(Submission.objects.filter(organisation__slug="bakung-raya", state="draft", author__email="dewi@mufakat.example",
    evidence__isnull=False).get().pk)
"""
SENT = """
from recommendations.models import Submission
one = Submission.objects.filter(organisation__slug="bakung-raya", state="draft", evidence__isnull=True).last()
Submission.objects.filter(pk=one.pk).update(state="submitted", submitted_at=one.created_at)
print(one.pk)
"""
QUIET = 12_000


def test_a_draft_that_saves_itself(running, come: Come) -> None:
    member = come(MEMBER)
    member.go(f"{PAGES}submissions/new/")
    said = member.page.locator("[data-kept]")
    member.page.locator('[name="text"]').fill("Saved while one writes")
    expect(said).to_contain_text("Saved as a draft at", timeout=QUIET)
    assert member.page.url.endswith("/edit/")
    assert running.shell(TEXTS % "Saved") == "Saved while one writes"
    member.page.locator('[name="text"]').fill("Saved while one writes on")
    expect(said).to_contain_text("Saved as a draft at", timeout=QUIET)
    assert fits_and_speaks(member) == []
    # Without a line the words stay in the page, and it says so; then they are saved.
    member.context.set_offline(True)
    member.page.locator('[name="text"]').fill("Saved without a line")
    expect(said).to_contain_text("No line just now.", timeout=QUIET)
    member.context.set_offline(False)
    expect(said).to_contain_text("Saved as a draft at", timeout=QUIET)
    member.complaints = [one for one in member.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    assert running.shell(TEXTS % "Saved") == "Saved without a line"
    member.page.reload()
    assert member.page.locator('[name="text"]').input_value() == "Saved without a line"


def test_a_colleague_who_changed_it_meanwhile_is_shown(running, come: Come) -> None:
    member = come(MEMBER)
    member.go("/en/submissions/?kind=draft")
    member.follow(member.page.locator("a.title", has_text="Saved"))
    member.follow("/edit/")
    running.shell(CHANGE)
    member.page.locator('[name="text"]').fill("Saved by me.")
    place = member.page.locator("[data-clash]")
    expect(place).to_contain_text("Saved by a colleague.", timeout=QUIET)
    assert member.page.locator('[name="text"]').input_value() == "Saved by me."
    assert fits_and_speaks(member) == []
    with member.page.expect_navigation():
        member.page.locator('button[value="draft"]').click()
    assert running.shell(TEXTS % "Saved") == "Saved by me."


def test_a_new_form_whose_button_is_pressed_makes_one_draft(running, come: Come) -> None:
    member = come(MEMBER)
    member.go(f"{PAGES}submissions/new/")
    member.fill(section="asean", attribution="described", text="Once only")
    expect(member.page.locator("[data-kept]")).to_contain_text("Saved as a draft at", timeout=QUIET)
    member.fill(text="Once only, and whole")
    with member.page.expect_navigation():
        member.page.locator('button[value="check"]').click()
    assert "Check before sending" in member.text()
    assert running.shell(TEXTS % "Once") == "Once only, and whole"


def test_a_sheet_of_many(running, come: Come, tmp_path: Path) -> None:
    member, sheet = come(MEMBER), f"{PAGES}submissions/sheet/"
    wrong = {"empty": refused(member, sheet)}
    file = tmp_path / "paper.docx"
    file.write_bytes(paper(track))
    member.page.locator('input[type="file"]').set_input_files(file)
    with member.page.expect_navigation():
        member.page.locator("main form[method=post] button[type=submit]").click()
    assert "Accept all changes" in member.text()
    wrong["tracked"] = fits_and_speaks(member)
    file.write_bytes(paper())
    member.page.locator('input[type="file"]').set_input_files(file)
    with member.page.expect_navigation():
        member.page.locator("main form[method=post] button[type=submit]").click()
    assert "4 points." in member.text()
    wrong["found"] = fits_and_speaks(member)
    member.page.locator('[name="points-0-text"]').fill("\u200b")
    with member.page.expect_navigation():
        member.page.get_by_role("button", name="Keep as drafts").click()
    assert member.page.locator(".error-summary li").count() == 1
    wrong["corrected"] = fits_and_speaks(member)
    member.page.locator('[name="points-0-take"]').uncheck()
    with member.page.expect_navigation():
        member.page.get_by_role("button", name="Keep as drafts").click()
    assert "3 drafts are saved." in member.text()
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_draft_with_all_that_goes_with_it(running, come: Come) -> None:
    member, pk = come(MEMBER), running.shell(DRAFT)
    draft = f"/en/submissions/{pk}/"
    wrong = {"draft": looks(member, draft)}
    wrong["evidence"] = refused(member, f"{draft}evidence/new/")
    wrong["split"] = refused(member, f"{draft}split/", second="\u200b")
    member.go(f"{draft}joint/?q=Pantura")
    wrong["joint"] = fits_and_speaks(member)
    with member.page.expect_navigation():
        member.page.locator('button[name="organisation"]').first.click()
    with member.page.expect_navigation():
        member.page.get_by_role("button", name="Ask").click()
    assert "asked by mail" in member.text()
    wrong["asked"] = fits_and_speaks(member)
    wrong["not agreed"] = looks(member, f"{draft}check/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_an_organisation_that_is_asked_agrees(come: Come) -> None:
    member = come(MEMBER)
    member.go("/en/submissions/")
    member.follow("/co-submissions/")
    member.fill(attribution="described")
    with member.page.expect_navigation():
        member.page.get_by_role("button", name="We agree to these words").click()
    wrong = {"list": fits_and_speaks(member)}
    assert "Your organisation agrees to these words." in member.text()
    assert {what: found for what, found in wrong.items() if found} == {}


def test_late_with_a_code_and_a_correction(running, come: Come) -> None:
    convenor, member, draft = come(CONVENOR), come(MEMBER), running.shell(DRAFT)
    sent = running.shell(SENT)
    running.shell(OVER)
    try:
        wrong = {"corrected": looks(member, f"/en/submissions/{sent}/correct/")}
        member.fill(text="Better words.")
        with member.page.expect_navigation():
            member.page.get_by_role("button", name="Put the new words in place").click()
        member.page.locator("details summary").last.click()
        wrong["difference"] = fits_and_speaks(member)
        convenor.go(f"{PAGES}late-codes/?q=Bakung")
        wrong["codes"] = fits_and_speaks(convenor)
        convenor.follow("/late-codes/new/")
        wrong["refused"] = refused(convenor, convenor.page.url.removeprefix(convenor.site))
        convenor.fill(until="2031-01-01", reason="A flood took the office.")
        with convenor.page.expect_navigation():
            convenor.page.get_by_role("button", name="Make the code").click()
        wrong["code"] = fits_and_speaks(convenor)
        assert len(convenor.page.locator(".secret").inner_text().strip()) == 19
        wrong["over"] = looks(member, f"/en/submissions/{draft}/check/")
        member.fill(code="ABCD")
        with member.page.expect_navigation():
            member.page.get_by_role("button", name="with the code").click()
        wrong["wrong code"] = fits_and_speaks(member)
    finally:
        running.shell(OPEN)
    assert {what: found for what, found in wrong.items() if found} == {}

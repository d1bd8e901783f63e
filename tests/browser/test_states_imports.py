"""The import of a list in a real browser: refused files, columns, progress that goes on by itself, result, approval."""

import pytest

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, Come, come, looks
from tests.processes import Site
from tests.stakeholders import lists

__all__ = ["come"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORK = "from stakeholders.tasks import work_imports; print(work_imports())"
ROWS = [
    ["Nama", "Name in Burmese", "Kelompok", "Negara", "Telepon", "Nama lengkap", "Email peserta"],
    ["Ikatan Pelaut", "ျမန္မာႏိုင္ငံ အလုပ္သမားသမဂၢ", "Serikat pekerja", "Laos", "6.01E+10", "Ani", "ani@example.org"],
    ["اتحاد العمال", "", "NGO", "Burma", "0811", "", ""],
    ["Tanpa kelompok", "", "Wizards", "Atlantis", "", "", ""],
]


def choose(visitor: Visitor, name: str, data: bytes) -> None:
    """Choose a file in the upload form and send it in."""
    visitor.go("/en/imports/new/")
    visitor.page.locator('[name="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    with visitor.page.expect_navigation():
        visitor.page.locator("main form[method=post] button[type=submit]").first.click()


def test_a_list_from_upload_to_register(running: Site, come: Come) -> None:
    convenor = come(CONVENOR)
    wrong = {"no list yet": looks(convenor, "/en/imports/"), "upload": looks(convenor, "/en/imports/new/")}
    choose(convenor, "list.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 99)
    assert convenor.page.locator(".error-summary li").count() == 1
    wrong["picture"] = fits_and_speaks(convenor)
    choose(convenor, "list.xlsx", lists.xlsx_of(ROWS, [["Notes"], ["x"]], [["secret"]], hidden=(2,)))
    here = convenor.page.url.removeprefix(convenor.site)
    wrong["being read"] = fits_and_speaks(convenor)
    assert running.shell(WORK) == "1"
    convenor.page.locator("#import-progress a").wait_for()  # htmx has asked again by itself
    wrong["ready"] = fits_and_speaks(convenor)
    for page in ("", "columns/", "drop/"):
        wrong[f"read: {page}"] = looks(convenor, here + page)
    convenor.go(here + "columns/")
    convenor.press()
    wrong["being checked"] = fits_and_speaks(convenor)
    running.shell(WORK)
    for page in ("", "?verdict=refuse", "columns/", "approve/"):
        wrong[f"checked: {page}"] = looks(convenor, here + page)
    convenor.press()
    wrong["being written"] = fits_and_speaks(convenor)
    running.shell(WORK)
    for path in (here, "/en/imports/"):
        wrong[f"done: {path}"] = looks(convenor, path)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_it_works_without_script(running: Site, come: Come, browser_here, sessions) -> None:
    visitor = Visitor(browser_here, running.url, script=False)
    visitor.context.add_cookies([{"name": "sessionid", "value": sessions[CONVENOR], "url": running.url}])
    choose(visitor, "list.csv", lists.csv_of(ROWS))
    running.shell(WORK)
    # The page asks again by itself.
    visitor.page.locator("main .btn").first.wait_for()
    visitor.leave()

"""What a journey needs: a running site with the demonstration's register, and a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import chromium
from tests.processes import Site, site


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with web server, Celery worker and mail server, filled as `make run` fills it."""
    with site(tmp_path_factory.mktemp("site"), seeded=True) as made:
        made.start_worker()
        made.start_web()
        yield made


@pytest.fixture(scope="module")
def browser_here() -> Iterator[Browser]:
    """The browser of this machine."""
    with chromium() as browser:
        yield browser

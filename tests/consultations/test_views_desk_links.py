"""Where the desk of a consultation leads: every link opens, whatever state the consultation is in."""

import re

import pytest

from tests import build
from tests.conftest import as_person

MISSING = {
    "draft": {"Note answers", "Progress of sending", "Door", "Outputs of sessions", "Minutes", "Conclude"},
    "announced": {"Announce"},
    "in_session": {"Announce", "Cancel it"},
    "concluded": {
        *("Change the consultation", "Programme", "Announce", "Move", "Cancel it", "Step down as a convenor"),
        *("Pick organisations", "Note answers", "Progress of sending", "Reminders", "Conclude"),
    },
}
FIRST = {"draft": "Plan", "announced": "Answers", "in_session": "Meeting", "concluded": "After"}
LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')


@pytest.mark.parametrize("state", MISSING)
def test_every_link_opens(cast, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(consultation, state="accepted")
    client = as_person(cast.convenor)
    page = client.get(f"/en/consultations/{consultation.slug}/desk/").content.decode()
    parts = page.split('<nav class="side-nav parts"')[1].split("</nav>")[0]
    titles = re.findall(r"<h2>([^<]+)</h2>", parts)
    assert titles[0] == FIRST[state]
    assert sorted(titles) == ["After", "Answers", "Invite", "Meeting", "Plan", "The table"]
    links = {label: url for url, label in LINK.findall(parts)}
    assert MISSING[state] & links.keys() == set()
    assert {label: client.get(url).status_code for label, url in links.items()} == dict.fromkeys(links, 200)

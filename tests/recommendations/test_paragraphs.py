"""Three texts: the words a change was written on, the change, and what others made of the words meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations import paragraphs
from recommendations.paragraphs import by_paragraph, differs, merged

BASE = "One.\n\nTwo.\n\nThree."


@pytest.mark.parametrize(
    ("proposed", "now", "kind", "text"),
    [
        ("One.\n\nTwo new.\n\nThree.", BASE, "carried", "One.\n\nTwo new.\n\nThree."),
        ("One.\n\nTwo new.\n\nThree.", "One.\r\n\r\nTwo.\r\n\r\nThree.", "carried", "One.\n\nTwo new.\n\nThree."),
        ("One.\n\nTwo new.\n\nThree.", "One now.\n\nTwo.\n\nThree.", "rebased", "One now.\n\nTwo new.\n\nThree."),
        (
            "One.\n\nTwo.\n\nThree.\n\nFour.",
            "One now.\n\nTwo.\n\nThree.",
            "rebased",
            "One now.\n\nTwo.\n\nThree.\n\nFour.",
        ),
        ("One.\n\nThree.", "One.\n\nTwo.\n\nThree now.", "rebased", "One.\n\nThree now."),
        ("One.\n\nTwo new.\n\nThree.", "One.\n\nTwo other.\n\nThree.", "collided", ""),
        ("One.\n\nTwo new.\n\nThree.", "One.\n\nThree.", "collided", ""),
        ("One.\n\nTwo.\n\nThree.\n\nFour.", "One.\n\nTwo.\n\nThree.\n\nFive.", "collided", ""),
        ("One.\n\nTwo new.\n\nThree.", "One.\n\nTwo new.\n\nThree.", "there", "One.\n\nTwo new.\n\nThree."),
        ("One.\n\nTwo new.\n\nThree.", "One now.\n\nTwo new.\n\nThree.", "there", "One now.\n\nTwo new.\n\nThree."),
        ("ខ្មែរ។", "", "collided", ""),
    ],
)
def test_a_change_is_carried_over_or_collides(proposed, now, kind, text):
    found = merged(BASE, proposed, now)
    assert (found.kind, found.text) == (kind, text)


def test_what_stands_between_paragraphs_is_no_change():
    assert not differs("One.\nTwo.", "One.\n\n\nTwo.\n")
    assert differs("One.\nTwo.", "One. Two.")
    assert paragraphs.paragraphs("\n\nOne.\n \nTwo.\n") == ["One.", "Two."]


def test_the_difference_by_paragraph():
    rows = by_paragraph(BASE, "One.\n\nTwo new.\n\nThree.\n\nFour.")
    assert [(row.number, row.changed) for row in rows] == [(1, False), (2, True), (3, False), (0, True)]
    assert str(rows[1].difference) == "<del>Two.</del><ins>Two new.</ins>"


LINES = st.lists(st.sampled_from(["A.", "B.", "C.", "D.", "E."]), max_size=6).map("\n\n".join)


@given(LINES, LINES, LINES)
def test_nothing_that_anybody_changed_is_lost(base, proposed, now):
    """Where two changes are brought together, each paragraph that somebody put in stands in the text."""
    found = merged(base, proposed, now)
    if found.kind == "collided":
        assert found.text == ""
        return
    was = paragraphs.paragraphs(base)
    text = paragraphs.paragraphs(found.text)
    for side in (proposed, now):
        for row in by_paragraph(base, side):
            if row.changed and row.new and row.new not in was:
                assert row.new in text


@given(LINES, LINES)
def test_who_changed_alone_gets_the_own_words(base, proposed):
    assert paragraphs.paragraphs(merged(base, proposed, base).text) == paragraphs.paragraphs(proposed)
    assert paragraphs.paragraphs(merged(base, base, proposed).text) == paragraphs.paragraphs(proposed)

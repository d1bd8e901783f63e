"""Typed text: what is taken out, what counts as blank, which look-alikes meet."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal import text

KHMER = "កម្មករ\u200bចំណាកស្រុក"
JAWI = "ڤكرجا اسيڠ"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  plain  ", "plain"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufeffstart", "start"),
        ("pay\u202eegaw", "payegaw"),
        ("nul\0byte", "nulbyte"),
        (KHMER, KHMER),
        (JAWI, JAWI),
        ("👩🏽\u200d🌾 rights", "👩🏽\u200d🌾 rights"),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert text.clean(typed) == kept


@pytest.mark.parametrize("value", ["", " ", "\u200b", "\u3164", "\u2800\u200d", "\u00a0\u2003", "\u115f"])
def test_blank(value: str) -> None:
    assert text.is_blank(value)
    with pytest.raises(ValidationError, match="only invisible characters"):
        text.require_visible(value)


@pytest.mark.parametrize("value", ["a", KHMER, JAWI, "👩🏽‍🌾", "."])
def test_not_blank(value: str) -> None:
    assert not text.is_blank(value)
    text.require_visible(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Serikat  Buruh", "serikat buruh"),
        ("Seri\u200bkat", "Serikat"),
        ("ＨＲＷＧ", "hrwg"),
        ("Café", "Cafe\u0301"),
    ],
)
def test_look_alikes_meet(one: str, other: str) -> None:
    assert text.comparison_key(one) == text.comparison_key(other)


@given(st.text(st.characters(codec="ascii")))
def test_plain_letters_have_the_key_that_all_letters_have(typed: str) -> None:
    """Short of other letters the key is made in a shorter way; something that nobody sees takes the long one."""
    assert text.comparison_key(typed) == text.comparison_key(f"{typed}\u200d")


def test_thai_tones_still_tell_words_apart() -> None:
    assert text.comparison_key("ใกล้") != text.comparison_key("ใกล")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Name@Example.org", "name@example.org"),
        ("name@example.org\u200b", "name@example.org"),
        (" name@example.org ", "name@example.org"),
        ("mailto:name@example.org", "name@example.org"),
    ],
)
def test_address(typed: str, kept: str) -> None:
    assert text.clean_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nаme@example.org", "plain Latin letters"),
        ("a@example.org, b@example.org", "one e-mail address"),
        ("a@b", "one e-mail address"),
        ("a@example.org\nBcc: b@example.org", "one e-mail address"),
    ],
)
def test_address_refused(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        text.clean_address(typed)


@pytest.mark.parametrize(("value", "count"), [("abc", 3), ("ก็", 1), ("é", 1), ("e\u0301", 1)])
def test_length_counts_what_a_reader_counts(value: str, count: int) -> None:
    assert text.length(value) == count

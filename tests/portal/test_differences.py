import re

from hypothesis import given, settings
from hypothesis import strategies as st

from portal import differences

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&\"'"), max_size=120)


def plain(html, *, without):
    """Return the text of a marked difference, less what stands in the given element."""
    return re.sub(r"</?(ins|del)>", "", re.sub(rf"<{without}>.*?</{without}>", "", str(html), flags=re.DOTALL))


@settings(deadline=None)
@given(texts)
def test_the_pieces_are_the_text(value):
    assert "".join(differences.words(value)) == value


@settings(deadline=None)
@given(texts, texts)
def test_both_texts_can_be_read_from_the_difference(old, new):
    marked = differences.marked(old, new)
    assert plain(marked, without="del") == new
    assert plain(marked, without="ins") == old


def test_words_are_marked_and_html_is_not_believed():
    assert differences.marked("Ban fees", "Ban <b> fees") == "Ban <ins>&lt;b&gt; </ins>fees"
    assert differences.marked("Ban all fees", "Ban fees") == "Ban <del>all </del>fees"
    assert differences.marked("same", "same") == "same"


def test_a_long_run_without_spaces_is_compared_letter_by_letter():
    old = "ห้ามเก็บค่าธรรมเนียมจากแรงงานทุกคนในประเทศ"
    marked = str(differences.marked(old, old + "นี้"))
    assert marked == f"{old}<ins>นี้</ins>"

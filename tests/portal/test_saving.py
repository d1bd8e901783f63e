"""What a page shows after somebody sent a form: done, refused beside the field, or two texts above it."""

from types import SimpleNamespace

import pytest
from django import forms

from portal import saving
from portal.states import Conflict, Refusal


class WordForm(forms.Form):
    """One word."""

    word = forms.CharField()

    def clash(self, current) -> list[str]:
        """Return both words."""
        return [current.word, self.cleaned_data["word"]]


def never() -> None:
    """Fail: nothing may be tried."""
    pytest.fail("tried")


@pytest.mark.parametrize("form", [WordForm(), WordForm({"word": ""})])
def test_nothing_is_tried_of_a_form_that_was_not_sent_or_is_wrong(form) -> None:
    assert saving.save(form, never) == saving.Tried()


def test_what_was_made_is_returned() -> None:
    assert saving.save(WordForm({"word": "a"}), lambda: "made") == saving.Tried(done=True, made="made")


@pytest.mark.parametrize(("field", "place"), [("word", "word"), ("other", "__all__"), ("", "__all__")])
def test_a_refusal_stands_beside_its_field_or_above_the_form(field, place) -> None:
    def refused() -> None:
        raise Refusal("No.", field=field)

    form = WordForm({"word": "a"})
    assert saving.save(form, refused) == saving.Tried()
    assert form.errors == {place: ["No."]}


def test_a_clash_shows_both() -> None:
    def clashed() -> None:
        raise Conflict(SimpleNamespace(word="theirs"))

    tried = saving.save(WordForm({"word": "mine"}), clashed)
    assert tried == saving.Tried(status=409, page={"conflict": ["theirs", "mine"]})

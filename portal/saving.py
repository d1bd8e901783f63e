"""How a page saves what a form holds: try it, and say beside the form why not, with nothing typed lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms

from portal.states import Conflict, Refusal


@dataclass(frozen=True)
class Tried:
    """What came of a form: whether it is done and what was made of it, else how the page is shown again."""

    done: bool = False
    made: Any = None
    status: int = 200
    page: dict[str, Any] = field(default_factory=dict)


def refuse(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put the sentence beside the field that it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))


def save(form: Any, act: Callable[[], Any]) -> Tried:
    """Act on a form that was sent and is clean.

    Where somebody else saved meanwhile, both texts stand above the form: such a form has `clash`.
    """
    if not form.is_bound or not form.is_valid():
        return Tried()
    try:
        made = act()
    except Conflict as conflict:
        return Tried(status=409, page={"conflict": form.clash(conflict.current)})
    except Refusal as refusal:
        refuse(form, refusal)
        return Tried()
    return Tried(done=True, made=made)

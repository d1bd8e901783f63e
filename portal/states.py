"""Lifecycles: what can happen to a thing, as a table that a non-programmer can read. No ORM here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """What a person asked for cannot be done; `reason` is a translated sentence that says why."""

    def __init__(self, reason: Any, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field


class Conflict(Refusal):
    """Somebody else changed the text meanwhile; `current` is the row as it now stands, nothing was written."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("Somebody else changed this text while you were writing. Compare both below, then save."))
        self.current = current


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: the verb, the states it starts from, and the state it leads to."""

    verb: str
    sources: tuple[str, ...]
    target: str


class Lifecycle:
    """The states and moves of one kind of thing. Models, rules, buttons and actions all ask it."""

    def __init__(self, states: type[TextChoices], transitions: Iterable[Transition]) -> None:
        self.states = states
        self.transitions = tuple(transitions)
        self._moves = {(move.verb, source): move.target for move in self.transitions for source in move.sources}

    @property
    def verbs(self) -> tuple[str, ...]:
        """Each verb once, in the order of the table."""
        return tuple(dict.fromkeys(move.verb for move in self.transitions))

    def can(self, verb: str, state: str) -> bool:
        """Whether the verb is possible from the state."""
        return (verb, state) in self._moves

    def target(self, verb: str, state: str) -> str:
        """Return the state that the verb leads to. Raises Refusal where the table has no such move."""
        try:
            return self._moves[verb, state]
        except KeyError:
            label = self.states(state).label
            raise Refusal(_("This cannot be done now: its state is “%(state)s”.") % {"state": label}) from None

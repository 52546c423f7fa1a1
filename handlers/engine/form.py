"""Forms: the next question is computed from what is already known, never counted in steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handlers.engine.event import Event
from handlers.engine.reply import Choice

Scope = TypeVar("Scope")
Data = dict[str, Any]

CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and the choices that may be pressed instead of typing."""

    text: str
    choices: tuple[Choice, ...] = ()


class Refused(Exception):
    """An answer that does not fit; its text says what to do next. The question stays open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Generic[Scope]):
    """One thing to find out.

    `missing(data)` says whether it must still be asked; `ask(scope, data)` is the question; `accept(scope, data, event,
    picked)` gives the data with the answer in it, or raises Refused. Without `words`, free words in a group are left
    to the people there: only a press, a choice typed or a file answers it.
    """

    missing: Callable[[Data], bool]
    ask: Callable[[Scope, Data], Question]
    accept: Callable[[Scope, Data, Event, str | None], Data]
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[Scope]):
    """The fields of one form, in the order in which they are asked."""

    name: str
    fields: tuple[Field[Scope], ...]

    def open_field(self, data: Data) -> Field[Scope] | None:
        """The field to ask next; None when nothing is missing."""
        return next((field for field in self.fields if field.missing(data)), None)

    def step(self, scope: Scope, data: Data, event: Event, picked: str | None) -> Data:
        """The data after one answer. Raises Refused, and then nothing has changed."""
        field = self.open_field(data)
        return data if field is None else field.accept(scope, dict(data), event, picked)


def lacks(name: str) -> Callable[[Data], bool]:
    """A field is missing while its name is not in the data."""
    return lambda data: name not in data

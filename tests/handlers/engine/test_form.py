"""The next question is computed from what is missing."""

from datetime import UTC, datetime

import pytest

from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused, lacks


def _ask(name: str) -> "Field[None]":
    def accept(scope: None, data: Data, event: Event, picked: str | None) -> Data:
        if not event.text:
            raise Refused("say something")
        return data | {name: event.text}

    return Field(missing=lacks(name), ask=lambda scope, data: Question(text=f"{name}?"), accept=accept)


FORM: Form[None] = Form(name="f", fields=(_ask("one"), _ask("two")))


def said(text: str) -> Event:
    return Event(channel="c", account="a", chat="x", sender="x", at=datetime(2026, 1, 1, tzinfo=UTC), text=text)


def test_what_is_known_already_is_not_asked() -> None:
    field = FORM.open_field({"one": "1"})
    assert field is not None and field.ask(None, {}).text == "two?"


def test_a_complete_form_asks_nothing() -> None:
    assert FORM.open_field({"one": "1", "two": "2"}) is None


def test_an_answer_fills_the_open_field() -> None:
    assert FORM.step(None, {}, said("1"), None) == {"one": "1"}


def test_a_refused_answer_changes_nothing() -> None:
    data: Data = {"one": "1"}
    with pytest.raises(Refused):
        FORM.step(None, data, said(""), None)
    assert data == {"one": "1"}

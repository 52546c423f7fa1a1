"""Vietnamese is complete: every word of the sources is in the catalogue, and means what the source means."""

import ast
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.translations import CATALOGUE, ROOT, extract, update


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return extract(tmp_path_factory.mktemp("words") / "danban.pot")


@cache
def vietnamese() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi", domain="danban")


def messages() -> list[Message]:
    return [message for message in vietnamese() if message.id]


def texts(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def placeholders(*words: str) -> set[str]:
    return {field for text in words for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_every_word_of_the_sources_is_in_the_catalogue(source: Catalog) -> None:
    known = {message.id for message in messages()}
    assert not [message.id for message in source if message.id and message.id not in known], "run `make translations`"


def test_no_sentence_is_translated_where_the_collector_does_not_look() -> None:
    """`translator(language)("…")` would be said in English for ever: the collector knows `_` and its like only."""
    missed = []
    for room in ("handlers", "bot"):
        for file in (ROOT / room).rglob("*.py"):
            calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
            missed += [f"{file.name}:{call.lineno}" for call in calls if _translates_unseen(call)]
    assert not missed, "first: _ = translator(language)"


def _translates_unseen(call: ast.Call) -> bool:
    maker = call.func.func if isinstance(call.func, ast.Call) else None
    made = isinstance(maker, ast.Name) and maker.id == "translator"
    return made and any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in call.args)


def test_the_catalogue_holds_no_word_that_is_gone(source: Catalog) -> None:
    needed = {message.id for message in source}
    assert not [message.id for message in messages() if message.id not in needed], "run `make translations`"
    assert not vietnamese().obsolete


def test_every_word_is_translated_and_none_by_a_guess() -> None:
    assert not [message.id for message in messages() if message.fuzzy or not all(texts(message.string))]


def test_a_translation_fills_in_the_same_values() -> None:
    wrong = []
    for message in messages():
        asked = placeholders(*texts(message.id))
        # Vietnamese has one form for all numbers, so it may use what any of the English forms uses.
        wrong += [text for text in texts(message.string) if text and asked != placeholders(text)]
    assert not wrong


def test_a_translation_begins_and_ends_where_its_source_does() -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert not [
        message.id
        for message in messages()
        if {edges(text) for text in texts(message.string) if text} - {edges(texts(message.id)[0])}
    ]


def test_the_catalogue_is_as_make_translations_leaves_it(tmp_path: Path) -> None:
    copy = tmp_path / "danban.po"
    copy.write_bytes(CATALOGUE.read_bytes())
    update(copy)
    assert copy.read_text(encoding="utf-8") == CATALOGUE.read_text(encoding="utf-8"), "run `make translations`"


def test_no_words_are_where_the_collector_does_not_see_them() -> None:
    """It reads `_("…")`: neither `translator(…)("…")` nor what stands inside an f-string."""
    hidden = []
    for folder in ("handlers", "bot"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                calls = [node] if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) else []
                if isinstance(node, ast.JoinedStr):
                    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
                hidden += [f"{file.name}:{one.lineno}" for one in calls if _words_something(one)]
    assert not hidden


def _words_something(call: ast.Call) -> bool:
    """Whether this call would translate a sentence that stands right in it."""
    func = call.func.func if isinstance(call.func, ast.Call) else call.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    given = bool(call.args) and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    return given and name in {"_", "n_", "translator", "plural_translator"}

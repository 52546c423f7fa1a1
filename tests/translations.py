"""Collects the words of the sources and brings the Vietnamese catalogue up to date with them (`make translations`)."""

import logging
import tempfile
from contextlib import chdir
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "locales" / "vi" / "LC_MESSAGES" / "danban.po"
# `_` words, `n_` counts, `N_` marks what is translated later.
KEYWORDS = ("-k", "_", "-k", "n_:1,2", "-k", "N_")


def extract(template: Path) -> Catalog:
    """Write all words of the sources to `template` (sorted, without line numbers: merges stay small); read them."""
    style = ("--sort-output", "--add-location=file", "--no-wrap", "--omit-header")
    with chdir(ROOT):  # the patterns of pyproject.toml, and what is written of a word's place, begin there
        _babel("extract", "-F", "pyproject.toml", *KEYWORDS, *style, "-o", str(template), ".")
    with template.open("rb") as file:
        return read_po(file)


def update(catalogue: Path) -> None:
    """Add new words (without guessing at their translation) and drop those that are gone."""
    style = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap", "--init-missing")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "danban.pot"
        extract(template)
        _babel("update", *style, "-l", "vi", "-i", str(template), "-o", str(catalogue))


def untranslated(catalogue: Path) -> list[str]:
    """The source words that have no translation yet."""
    with catalogue.open("rb") as file:
        return [str(message.id) for message in read_po(file, locale="vi") if message.id and not _whole(message.string)]


def _whole(translation: str | tuple[str, ...] | list[str]) -> bool:
    return bool(translation) if isinstance(translation, str) else bool(translation) and all(translation)


def _babel(*arguments: str) -> None:
    # Its own logger would tell of every file.
    logging.getLogger("babel").setLevel(logging.WARNING)
    code = CommandLineInterface().run(["pybabel", "--quiet", *arguments])
    if code:
        raise RuntimeError(f"pybabel {arguments[0]} ended with {code}")


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    update(CATALOGUE)
    waiting = untranslated(CATALOGUE)
    print(f"locales/vi: còn {len(waiting)} câu chưa dịch / {len(waiting)} not translated yet")

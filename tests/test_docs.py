"""The README and the documents by role: what they tell people to type, set, open and look at is really there."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PIL import Image

from bot.__main__ import parser
from bot.settings_table import SETTINGS
from handlers.book import BOOK
from handlers.context import For

ROOT = Path(__file__).parents[1]
RESIDENT, OFFICIAL = "docs/vi/nguoi-dan.md", "docs/vi/can-bo.md"
DOCUMENTS = (
    "README.md",
    RESIDENT,
    OFFICIAL,
    "docs/vi/lanh-dao.md",
    "docs/vi/cai-dat.md",
    "docs/vi/trien-khai.md",
    "docs/vi/zalo.md",
    "docs/vi/zalo-bot.md",
    "docs/en/installer.md",
    "docs/en/deployment.md",
)
TROUBLE = {"docs/vi/cai-dat.md": "## Khi có trục trặc", "docs/en/installer.md": "## Trouble"}
# Addresses of the website that stand in code as commands do.
PAGES = {"/demo", "/healthz", "/readyz", "/metrics"}
PHONE_BYTES_MAX, PICTURE_BYTES_MAX = 150_000, 400_000

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"/([a-z]\w*)(?:\s.*)?")
_PROSE_COMMAND = re.compile(r"(?<![\w/.:<>)\]-])/[a-z]\w+\b(?!/)")
_DANBAN = re.compile(r"(?:\$ |sudo -u danban )?(?:(?:\S+/)?danban|python -m bot)\s+(?!\.)(.+)")
_SETTING = re.compile(r"\b([A-Z][A-Z]*(?:_[A-Z]+)+|DEMO)\b")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"[^>]*?alt=\"([^\"]*)\"")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[tuple[str, str]]:
    """The code blocks of a document, each with its language."""
    return [(found[1], found[2]) for found in _BLOCK.finditer(text(name))]


def prose(name: str) -> str:
    return _BLOCK.sub("", text(name))


def pieces(name: str) -> Iterator[str]:
    """Everything a document shows as code, a line or a span each."""
    for _language, block in blocks(name):
        yield from (line.strip() for line in block.splitlines() if line.strip())
    yield from _SPAN.findall(prose(name))


def commands(name: str) -> dict[str, str]:
    """The chat commands a document shows, each with the last whole text it was shown in."""
    found = {match[1]: piece for piece in pieces(name) if (match := _COMMAND.fullmatch(piece))}
    return {command: piece for command, piece in found.items() if f"/{command}" not in PAGES}


def command_lines(name: str) -> list[str]:
    """The arguments of every `danban …` a document shows."""
    return [match[1] for piece in pieces(name) if (match := _DANBAN.fullmatch(piece))]


@cache
def catalogue() -> str:
    with (ROOT / "locales/vi/LC_MESSAGES/danban.po").open("rb") as file:
        entries = list(read_po(file))
    said = [part for entry in entries for part in (entry.id, entry.string)]
    return "\n".join(part for one in said for part in ([one] if isinstance(one, str) else one or []))


@cache
def all_sentences() -> str:
    """Every sentence the product can print: the catalogue, the texts in `bot`, and the Makefile."""
    texts = [catalogue(), text("Makefile")]
    for file in sorted((ROOT / "bot").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts += [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    return "\n".join(texts)


def quoted_troubles(name: str) -> list[str]:
    """What the first column of a troubleshooting table says that the machine says."""
    rows = text(name).split(TROUBLE[name])[1].splitlines()
    return [quote for row in rows if row.startswith("| ") for quote in _SPAN.findall(row.split("|")[1])]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_in_a_document_is_in_the_book(name: str) -> None:
    unknown = [command for command in commands(name) if BOOK.command(command) is None]
    assert not unknown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_command_is_always_shown_as_code(name: str) -> None:
    loose = _PROSE_COMMAND.findall(re.sub(r"\]\([^)]*\)|<[^>]*>", "", _SPAN.sub("", prose(name))))
    assert not loose


def test_every_command_of_a_resident_is_in_their_document() -> None:
    theirs = {one.names[0] for one in BOOK.commands if one.audience is For.RESIDENTS}
    assert theirs - commands(RESIDENT).keys() == set()


def test_every_command_of_an_official_is_in_their_document() -> None:
    theirs = {one.names[0] for one in BOOK.commands if one.audience is For.OFFICIALS}
    assert theirs - commands(OFFICIAL).keys() == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_line_in_a_document_is_understood(name: str) -> None:
    for line in command_lines(name):
        arguments = shlex.split(line, comments=True)
        try:
            parser().parse_args(arguments)
        except SystemExit as stopped:
            assert stopped.code == 0, line  # --help


def test_the_documents_show_command_lines_and_every_verb() -> None:
    shown = {shlex.split(line)[0] for name in DOCUMENTS for line in command_lines(name)}
    verbs = next(action.choices for action in parser()._actions if action.dest == "verb")
    assert verbs is not None
    assert set(verbs) == shown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_in_a_document_exists(name: str) -> None:
    named = {found for piece in pieces(name) for found in _SETTING.findall(piece)}
    assert named - SETTINGS.keys() == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_picture_is_there_is_described_and_is_small(name: str) -> None:
    for found in _IMAGE.finditer(text(name)):
        path, words = found[2] or found[3], found[1] or found[4]
        file = (ROOT / name).parent / path
        assert words, path
        with Image.open(file) as picture:
            phone = picture.width < 600
        assert file.stat().st_size <= (PHONE_BYTES_MAX if phone else PICTURE_BYTES_MAX), path


def test_every_picture_is_used() -> None:
    used = {
        ((ROOT / name).parent / (found[2] or found[3])).resolve()
        for name in DOCUMENTS
        for found in _IMAGE.finditer(text(name))
    }
    assert {file.resolve() for file in (ROOT / "docs/images").iterdir()} == used


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_within_the_project_leads_somewhere(name: str) -> None:
    for target in _LINK.findall(text(name)):
        path, _, heading = target.partition("#")
        if "://" in path:
            continue
        file = ((ROOT / name).parent / path) if path else ROOT / name
        assert file.exists(), target
        if heading:
            assert heading in _headings(file.read_text(encoding="utf-8")), target


def _headings(document: str) -> set[str]:
    """The anchors of a document's headings, as code sites make them."""
    titles = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_in_a_document_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), re.MULTILINE))
    asked = {target for piece in pieces(name) for target in _MAKE.findall(piece) if "apt " not in piece}
    assert asked <= targets


@pytest.mark.parametrize("name", sorted(TROUBLE))
def test_every_trouble_is_told_in_the_words_of_the_product(name: str) -> None:
    unsaid = [quote for quote in quoted_troubles(name) if quote not in all_sentences()]
    assert quoted_troubles(name)
    assert not unsaid


def test_the_documents_in_both_languages_show_the_same_files() -> None:
    kinds = ("ini", "caddy", "nginx")
    vietnamese, english = (
        {block for language, block in blocks(name) if language in kinds}
        for name in ("docs/vi/cai-dat.md", "docs/en/installer.md")
    )
    assert english <= vietnamese

"""Reads a `.env` file as people leave it: quotes, blanks, a byte order mark, Windows line ends, half-written lines."""

import io
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.settings_table import SETTINGS
from bot.settings_words import Problem

# How like a setting's name an unknown one must be to be taken for a slip of the pen (0 to 1).
LIKENESS = 0.8
# Names other programs read, which look like ours.
FOREIGN_NAMES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "DATABASE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """What a file says, what is wrong with it (it must not be used), and what only looks wrong."""

    values: dict[str, str]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_env_file(path: Path) -> EnvFile:
    """Read a `.env` file; one that is not there says nothing. Values are taken as written: `$` means nothing."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return EnvFile(values={})
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _unusable(Problem(name=path.name, code="file_unreadable", params={"reason": reason}))
    except UnicodeDecodeError:
        return _unusable(Problem(name=path.name, code="file_not_text"))
    return _read(text, path.name)


def _unusable(problem: Problem) -> EnvFile:
    return EnvFile(values={}, problems=(problem,))


def _read(text: str, file_name: str) -> EnvFile:
    values: dict[str, str] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for binding in parse_stream(io.StringIO(text)):
        line = _line(binding)
        if binding.error or (binding.key is not None and binding.value is None):
            problems.append(Problem(name=file_name, code="line_broken", params={"line": line}))
        elif binding.key is not None:
            warnings += _remarks(binding.key, line, values)
            values[binding.key] = (binding.value or "").strip()
    return EnvFile(values=values, problems=tuple(problems), warnings=tuple(warnings))


def _line(binding: Binding) -> int:
    # The parser counts blank lines before a setting as part of it.
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _remarks(name: str, line: int, values: dict[str, str]) -> list[Problem]:
    if name in SETTINGS:
        twice = Problem(name=name, code="written_twice", params={"line": line})
        return [twice] if name in values else []
    guesses = get_close_matches(name.upper(), SETTINGS, n=1, cutoff=LIKENESS)
    if not guesses or name in FOREIGN_NAMES:
        return []
    return [Problem(name=name, code="unknown_name", params={"line": line, "guess": guesses[0]})]

"""The rules of the house that no other tool checks, on every file of the project."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "actions", "storage", "domain")
LINES_MAX = 300
# Names that say nothing of what is kept there.
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "common", "core", "misc"})
# What belongs at the root; anything else needs a decision written down in docs/decisions.
ROOMS = {*PACKAGES, "locales", "tests", "bench", "docs", ".ci"}
PAPERS = {
    *("pyproject.toml", ".env.example", ".gitignore", "Makefile", "requirements.lock", "requirements-test.lock"),
    *("README.md", "GLOSSARY.md", "CHANGELOG.md", "LICENSE"),
}
# Where only one machine finds anything; written with [] so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(wor[k]/|hom[e]/\w|User[s]/\w|roo[t]/|tm[p]/brief|op[t]/(pypi|wheels))")
PACKAGE_INDEX = re.compile(r"pypi\.or[g]|pythonhoste[d]|--(extra-)?index-ur[l]|--find-link[s]|--trusted-hos[t]")
CODES = r"[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*"
BARE_EXCEPTION = re.compile(rf"#\s*(?:noqa(?::\s*{CODES})?|type:\s*ignore(?:\[[\w, -]+\])?)\s*$")
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".ico", ".woff2", ".pdf", ".docx", ".zip", ".heic"})


@cache
def files() -> tuple[Path, ...]:
    """Every file git knows of or would take up: one on its way in obeys the rules as well."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    git = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    if git.returncode:
        return without_git()
    return tuple(file for line in sorted({*git.stdout.split("\0")}) if line and (file := ROOT / line).is_file())


def without_git() -> tuple[Path, ...]:
    """All files of a copy that came without its history."""
    made = {".venv", "var", "__pycache__", "build"}
    passing = re.compile(r"\..*_cache|\.hypothesis|.*\.egg-info|\.env")
    found = sorted(file for file in ROOT.rglob("*") if file.is_file())
    return tuple(
        file for file in found if not any(p in made or passing.fullmatch(p) for p in file.relative_to(ROOT).parts)
    )


def modules(*folders: str) -> list[Path]:
    return [file for file in files() if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in folders]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path) -> Iterator[str]:
    """The top-level packages a module imports, at its head or within."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_room_is_looked_into() -> None:
    assert {name(file).split("/")[0] for file in modules(*PACKAGES, "tests")} == {*PACKAGES, "tests"}


def test_the_house_is_built_downwards() -> None:
    program = "from importlinter.cli import lint_imports_command as check; check()"
    command = [sys.executable, "-c", program, "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_rules_of_the_ward_need_nothing_but_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"domain"}
    assert not {(name(file), top) for file in modules("domain") for top in imports(file) if top not in allowed}


def test_what_is_imported_is_asked_for_in_the_project_file_and_pinned_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {distribution(requirement) for requirement in project["dependencies"]}
    pinned = {distribution(line) for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    provided = packages_distributions()
    used = {top for file in modules(*PACKAGES) for top in imports(file)} - sys.stdlib_module_names - {*PACKAGES}
    unasked = {top for top in used if not asked & {distribution(one) for one in provided.get(top, [])}}
    assert not unasked
    assert not asked - pinned, "run `make lock`"


def distribution(requirement: str) -> str:
    """The bare name in `SQLAlchemy[asyncio]>=2` or `sqlalchemy==2.1`: sqlalchemy."""
    return re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-")


def test_telegram_is_known_in_its_own_channel_alone() -> None:
    knowing = {name(file) for file in modules(*PACKAGES) if "telegram" in imports(file)}
    assert not {module for module in knowing if not module.startswith("bot/channels/telegram")}


def test_only_the_settings_read_the_environment() -> None:
    reading = [
        name(file)
        for file in modules(*PACKAGES)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}
    ]
    assert set(reading) == {"bot/settings.py"}


def test_no_file_is_too_long_to_be_read() -> None:
    # A migration is history, written once and as long as its schema.
    read = [file for file in files() if file.suffix == ".py" and file.parent.name != "versions"]
    lengths = {name(file): file.read_text(encoding="utf-8").count("\n") for file in read}
    assert not {file: lines for file, lines in lengths.items() if lines > LINES_MAX}


def test_every_name_says_what_is_kept_there() -> None:
    parts = {(name(file), part) for file in files() for part in (*file.relative_to(ROOT).parts[:-1], file.stem)}
    assert not {file for file, part in parts if part.lower() in EMPTY_NAMES}


def test_nothing_lies_at_the_root_that_does_not_belong_there() -> None:
    assert not {file.relative_to(ROOT).parts[0] for file in files()} - ROOMS - PAPERS


def test_every_module_says_in_its_first_line_what_lives_there() -> None:
    wanting = []
    for file in modules(*PACKAGES, "tests", "bench"):
        first_line = (ast.get_docstring(tree(file)) or "").partition("\n")[0]
        if not first_line.endswith((".", "?", "!")):
            wanting.append(name(file))
    assert not wanting


def test_every_exception_to_a_rule_gives_its_reason() -> None:
    found = []
    for file in modules(*PACKAGES, "bench"):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [f"{name(file)}:{number}" for number, line in enumerate(lines, 1) if BARE_EXCEPTION.search(line)]
    assert not found


def test_nothing_names_a_path_of_one_machine_or_an_index_of_packages() -> None:
    found = []
    for file in files():
        if file.suffix.lower() in PICTURES:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        hits = [hit.group() for pattern in (MACHINE_PATH, PACKAGE_INDEX) if (hit := pattern.search(text))]
        found += [(name(file), hit) for hit in hits]
    assert not found


def test_the_glossary_holds_the_words_of_the_ward() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`(\w+)", glossary))
    missing = {
        f"{name(file)}: {node.name}"
        for file in modules("domain")
        if file.parent == ROOT / "domain"
        for node in tree(file).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in words
    }
    assert not missing

"""The commands of the Makefile on machines that lack something: one plain sentence, never a traceback."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOBODY = 65534

# Stands for a Python: writes down what it is asked, and fails where the test wants it to.
PYTHON = """#!/bin/sh
echo "$*" >> {folder}/asked
case "$*" in
  {fails}) echo "{says}" >&2; exit 1 ;;
  "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
esac
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A fresh copy of what `make setup` reads, which every user of the machine may look at."""
    made = Path(tempfile.mkdtemp(prefix="danban-make-"))
    made.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, made)
    yield made
    shutil.rmtree(made)


def python(folder: Path, *, fails: str = "never", says: str = "") -> Path:
    file = folder / "python"
    file.write_text(PYTHON.format(folder=folder, fails=fails, says=says))
    file.chmod(0o755)
    return file


def make(folder: Path, *arguments: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, user=user)


def refusal(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence before make's own last line."""
    assert run.returncode != 0
    lines = [line for line in run.stderr.splitlines() if not line.startswith(("make", "→"))]
    assert len(lines) == 1, run.stderr
    assert " / " in lines[0]
    return lines[0]


def asked(folder: Path) -> str:
    return (folder / "asked").read_text()


def test_help_names_the_two_commands_of_the_readme(folder: Path) -> None:
    assert {"make run", "make test"} <= {line.strip().split("  ")[0] for line in make(folder).stdout.splitlines()}


def test_setup_installs_only_what_the_lock_names_and_danban_itself(folder: Path) -> None:
    assert make(folder, "setup", f"PYTHON={python(folder)}").returncode == 0
    installs = [line for line in asked(folder).splitlines() if "pip install" in line]
    assert installs == [
        "-m pip install --quiet --require-hashes -r requirements.lock",
        "-m pip install --quiet --no-deps --no-build-isolation -e .",
    ]


def test_a_second_setup_has_nothing_to_do(folder: Path) -> None:
    make(folder, "setup", f"PYTHON={python(folder)}")
    (folder / "asked").unlink()
    run = make(folder, "setup", f"PYTHON={python(folder)}")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert "pip" not in asked(folder)


def test_a_changed_lock_is_installed(folder: Path) -> None:
    make(folder, "setup", f"PYTHON={python(folder)}")
    (folder / "asked").unlink()
    with (folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    make(folder, "setup", f"PYTHON={python(folder)}")
    assert "--require-hashes" in asked(folder)


def test_an_environment_brought_along_from_another_folder_is_made_anew(folder: Path) -> None:
    make(folder, "setup", f"PYTHON={python(folder)}")
    (folder / ".venv" / ".folder").write_text("/somewhere/else\n")
    (folder / ".venv" / ".setup").unlink()
    (folder / ".venv" / "left-over").touch()
    assert make(folder, "setup", f"PYTHON={python(folder)}").returncode == 0
    assert not (folder / ".venv" / "left-over").exists()


def test_an_environment_left_half_made_is_made_anew(folder: Path) -> None:
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(python(folder, fails='*"import pip"'), folder / ".venv" / "bin" / "python")
    (folder / ".venv" / "left-over").touch()
    assert make(folder, "setup", f"PYTHON={python(folder)}").returncode == 0
    assert not (folder / ".venv" / "left-over").exists()


def test_an_old_python_is_told(folder: Path) -> None:
    old = python(folder, fails="*version_info*")
    assert "Python 3.11" in refusal(make(folder, "setup", f"PYTHON={old}"))


def test_a_python_that_is_not_there_is_told(folder: Path) -> None:
    assert "Python 3.11" in refusal(make(folder, "setup", "PYTHON=/nowhere/python"))


def test_a_python_without_venv_is_told_with_the_package_to_install(folder: Path) -> None:
    bare = python(folder, fails='*"import ensurepip"*')
    assert "apt install python" in refusal(make(folder, "setup", f"PYTHON={bare}"))


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("Retrying after connection broken by NewConnectionError", "mạng"),
        ("OSError: [Errno 28] No space left on device", "đầy"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", ".venv/setup.log"),
    ],
)
def test_libraries_that_cannot_be_installed_are_told_and_tried_again(folder: Path, says: str, told: str) -> None:
    broken = python(folder, fails='*"pip install"*', says=says)
    assert told in refusal(make(folder, "setup", f"PYTHON={broken}"))
    assert says in (folder / ".venv" / "setup.log").read_text()
    shutil.copy(python(folder), folder / ".venv" / "bin" / "python")
    assert make(folder, "setup").returncode == 0


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    name = python(folder)
    (folder / "asked").touch(0o666)
    (folder / "asked").chmod(0o666)
    # Nothing is forbidden to root: as somebody who may look and not write.
    if os.geteuid() != 0:
        folder.chmod(0o555)
    run = make(folder, "setup", f"PYTHON={name}", user=NOBODY if os.geteuid() == 0 else None)
    folder.chmod(0o755)
    assert "Không ghi được" in refusal(run)

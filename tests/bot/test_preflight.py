"""What would stop a start is found before it, and told in one sentence."""

import socket
import stat
from pathlib import Path

import pytest

from bot.preflight import PreflightError, check_folder, check_port, check_python, listening_problem, look, seal_key
from bot.settings import Settings


def test_a_python_too_old_is_told() -> None:
    problem = check_python((3, 9))
    assert problem is not None and "3.9" in str(problem)
    assert check_python((3, 11)) is None


def test_a_missing_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "new" / "var") is None
    assert stat.S_IMODE((tmp_path / "new" / "var").stat().st_mode) == 0o700
    assert list((tmp_path / "new" / "var").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in its place")  # also stops root, whom no permission stops
    problem = check_folder(tmp_path / "var")
    assert problem is not None and problem.code == "folder_not_writable"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_taken_port_is_told_and_a_free_one_is_not(tmp_path: Path, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings.load({"HTTP_HOST": host, "HTTP_PORT": str(port), "DATA_DIR": str(tmp_path)})
        assert [problem.code for problem in look(settings)] == ["port_taken"]
    assert look(settings) == []


def test_an_address_of_another_machine_is_told() -> None:
    problem = check_port(Settings.load({"HTTP_HOST": "192.0.2.1", "HTTP_PORT": "0"}))
    assert problem is not None and problem.code == "host_not_here"


def test_a_forbidden_port_is_told() -> None:
    problem = listening_problem(Settings.load({"HTTP_PORT": "80"}), PermissionError(13, "Permission denied"))
    assert problem.code == "port_forbidden"


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings.load({"DATA_DIR": str(tmp_path / "var")})
    made = seal_key(settings)
    assert len(made) == 32
    assert seal_key(settings) == made
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["seal.key"]
    assert stat.S_IMODE((tmp_path / "var" / "seal.key").stat().st_mode) == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    first, second = (seal_key(Settings.load({"DATA_DIR": str(tmp_path / name)})) for name in "ab")
    assert first != second


def test_a_key_that_is_set_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings = Settings.load({"DATA_DIR": str(tmp_path), "SEAL_KEY": "ab" * 32})
    assert seal_key(settings) == bytes.fromhex("ab" * 32)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff\xfe"])
def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seal.key").write_bytes(content)
    with pytest.raises(PreflightError) as caught:
        seal_key(Settings.load({"DATA_DIR": str(tmp_path)}))
    assert caught.value.problem.code == "key_damaged"
    assert (tmp_path / "seal.key").read_bytes() == content

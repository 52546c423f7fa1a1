"""The real process, as an installer meets it: it starts, stops, starts again, and says plainly why it cannot."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "var"), "HTTP_PORT": "0", **settings}


def danban(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A started `danban run` and the address it says to open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=environment(folder, **settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, greeted(process)
    finally:
        process.kill()
        process.communicate()


def greeted(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found.group()
    raise AssertionError(said)


async def status(url: str) -> int:
    async with ClientSession(timeout=ClientTimeout(PATIENCE_SECONDS)) as client, client.get(url) as answer:
        return answer.status


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    return said


def refusal(run: subprocess.CompletedProcess[str]) -> str:
    """What it says when it cannot start: one sentence in each language, and nothing else."""
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 2 or (len(lines) == 1 and " / " in lines[0]), run.stderr
    return run.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_starts_from_nothing_takes_messages_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (process, url):
        assert await status(f"{url}/healthz") == 200
        assert await status(f"{url}/") == 200
        assert await status(f"{url}/demo") == 404
        assert "Traceback" not in stopped(process, number)


async def test_a_second_start_keeps_all_data(tmp_path: Path) -> None:
    codes = []
    for _ in range(2):
        with running(tmp_path, DEMO="1") as (process, url):
            assert await status(f"{url}/demo") == 200
            stopped(process, signal.SIGINT)
        codes.append((tmp_path / "var" / "seal.key").read_text())
    assert codes[0] == codes[1]


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refusal(danban(tmp_path, "run", HTTP_PORT=port))


def test_a_half_written_env_file_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=INFO\nTELEGRAM_TOKEN\n")
    assert "dòng 2" in refusal(danban(tmp_path, "run"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in its place")  # stops root as well
    assert "DATA_DIR" in refusal(danban(tmp_path, "run"))


def test_wrong_arguments_are_told_in_one_line(tmp_path: Path) -> None:
    run = danban(tmp_path, "dance")
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1


def test_help_is_in_vietnamese_and_english(tmp_path: Path) -> None:
    run = danban(tmp_path, "--help")
    assert run.returncode == 0
    assert "chạy trợ lý" in run.stdout and "run the assistant" in run.stdout

"""Ctrl-C under make reaches danban alone, so that a clean stop is a clean end of `make run`."""

import fcntl
import os
import pty
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTROL_C = b"\x03"
PATIENCE_SECONDS = 20

PROGRAM = """
import signal, sys, time
from bot.foreground import in_foreground
def stop(*_):
    print("stopped cleanly", flush=True)
    sys.exit(0)
with in_foreground():
    signal.signal(signal.SIGINT, stop)
    print("ready", flush=True)
    time.sleep(60)
"""


def take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def read_until(terminal: int, word: bytes) -> bytes:
    seen = b""
    until = time.monotonic() + PATIENCE_SECONDS
    while word not in seen and time.monotonic() < until:
        seen += os.read(terminal, 1024)
    return seen


def test_a_clean_stop_by_control_c_is_a_clean_end_of_make(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec {sys.executable} program.py\n")
    terminal, inside = pty.openpty()
    make = subprocess.Popen(
        ["make", "run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(inside)
    try:
        assert b"ready" in read_until(terminal, b"ready")
        os.write(terminal, CONTROL_C)
        said = read_until(terminal, b"stopped cleanly")
        assert make.wait(PATIENCE_SECONDS) == 0, said
        assert b"stopped cleanly" in said and b"***" not in said
    finally:
        make.kill()
        make.wait()
        os.close(terminal)


def test_without_a_terminal_nothing_is_changed() -> None:
    program = (
        "import os; from bot.foreground import in_foreground; before = os.getpgrp()\n"
        "with in_foreground(): assert os.getpgrp() == before"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.DEVNULL, check=True)

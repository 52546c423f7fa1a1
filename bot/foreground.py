"""Runs `danban` as the terminal's own job, so that Ctrl-C under `make run` stops danban and make ends in peace.

Without this, make gets the same Ctrl-C and ends with an error, however cleanly danban stopped.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def in_foreground() -> Iterator[None]:
    """Take the terminal for this process alone and give it back; does nothing where there is no terminal."""
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    owner = os.tcgetpgrp(terminal)
    # The terminal is handed over and back from the background; and Ctrl-Z would stop danban behind make's back.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTTOU, signal.SIGTSTP)}
    try:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
        yield
    finally:
        os.tcsetpgrp(terminal, owner)
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> int:
    """`danban` with the same arguments; the exit code is danban's."""
    try:
        from bot.__main__ import main as danban  # only now: a Ctrl-C while modules load is a stop as well

        return danban()
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    with in_foreground():
        sys.exit(main())

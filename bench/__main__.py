"""All measurements one after the other: `python -m bench [--quick|--full] [name …]`; a few minutes each."""

import argparse
import subprocess
import sys
import time

from bench.ground.options import parser

NAMES = (
    *("routing", "plan_import"), *("turns", "intake", "latency", "growth", "memory", "processes", "limiter"),
)  # fmt: skip


def options() -> argparse.ArgumentParser:
    """What all of them can be asked."""
    arguments = parser(__doc__)
    arguments.add_argument("names", nargs="*", default=NAMES)
    return arguments


def main() -> int:
    """Run each in a process of its own; 1 if one of them broke."""
    given = options().parse_args()
    broken = 0
    for name in given.names:
        began = time.perf_counter()
        more = [f"--{how}" for how in ("quick", "full") if getattr(given, how)]
        broken |= subprocess.run([sys.executable, "-m", f"bench.{name}", *more], check=False).returncode
        print(f"   ({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())

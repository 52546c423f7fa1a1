"""All measurements one after the other: `python -m bench [--quick|--full] [name …]`; a few minutes each."""

import argparse
import subprocess
import sys
import time

CORRECTNESS = ("routing", "plan_import")
SPEED = ("turns", "intake", "latency", "growth", "memory", "processes", "limiter")


def main() -> int:
    """Run each in a process of its own; 1 if one of them broke."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", default=[*CORRECTNESS, *SPEED])
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--full", action="store_true", help="the longest history and a million turns: hours")
    given = arguments.parse_args()
    broken = 0
    for name in given.names:
        began = time.perf_counter()
        more = [f"--{how}" for how in ("quick", "full") if getattr(given, how) and name in SPEED]
        broken |= subprocess.run([sys.executable, "-m", f"bench.{name}", *more], check=False).returncode
        print(f"   ({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())

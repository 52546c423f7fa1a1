"""The one command line of every measurement: how long it takes, and on which database."""

import argparse
from collections.abc import Sequence

from bench.ground.databases import DATABASES


def parser(description: str | None, *, databases: bool = False) -> argparse.ArgumentParser:
    """`--quick` and `--full`, which every measurement takes, whatever it makes of them; `--only` where it has both."""
    arguments = argparse.ArgumentParser(description=description)
    length = arguments.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="a short look")
    length.add_argument("--full", action="store_true", help="the real thing: hours for all together")
    if databases:
        arguments.add_argument("--only", choices=DATABASES, default="", help="one kind of database")
    return arguments


def chosen(only: str) -> Sequence[str]:
    """The kinds of database that are measured."""
    return (only,) if only else DATABASES

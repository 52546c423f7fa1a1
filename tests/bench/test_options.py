"""Whatever `make bench` hands on, every measurement takes."""

import importlib
from pathlib import Path

import pytest

from bench.__main__ import NAMES
from bench.__main__ import options as all_of_them
from bench.ground.databases import DATABASES
from bench.ground.options import chosen

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("how", ["--quick", "--full"])
@pytest.mark.parametrize("name", NAMES)
def test_every_measurement_takes_what_all_are_asked(name: str, how: str) -> None:
    options = importlib.import_module(f"bench.{name}").options
    assert getattr(options().parse_args([how]), how.removeprefix("--"))
    assert getattr(all_of_them().parse_args([how]), how.removeprefix("--"))


def test_no_measurement_is_left_out() -> None:
    assert {path.stem for path in (ROOT / "bench").glob("[!_]*.py")} == set(NAMES)
    assert all_of_them().parse_args([]).names == NAMES


@pytest.mark.parametrize("name", ["intake", "latency", "growth", "memory", "limiter"])
def test_databases_have_the_same_names_everywhere(name: str) -> None:
    options = importlib.import_module(f"bench.{name}").options
    assert [chosen(options().parse_args(["--only", kind]).only) for kind in DATABASES] == [(one,) for one in DATABASES]
    assert chosen(options().parse_args([]).only) == DATABASES

"""`danban digest preview`: prints what would be sent, in either language, and stores nothing."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.commands.digest import add_parser
from bot.commands.failure import CommandError
from bot.settings import Settings
from storage.database import Database
from storage.outbox import outbox
from storage.slots import slot
from tests.actions.ground import begin


def parsed(*arguments: str) -> Namespace:
    parser = ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["digest", "preview", *arguments])


def settings(database: Database, folder: Path) -> Settings:
    return Settings.load({"DATABASE_URL": database.url, "DATA_DIR": str(folder)})


async def run(database: Database, folder: Path, *arguments: str) -> int:
    args = parsed(*arguments)
    code: int = await args.run(args, settings(database, folder))
    return code


async def test_what_would_be_sent_is_printed_and_nothing_is_stored(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = await begin(sqlite)
    await talk.group("room-ward")
    await talk.submitted("Nhà bà Sáu đổ rác")
    assert await run(sqlite, tmp_path, "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "WEEKLY DIGEST – Phường An Hoà Đông" in printed
    assert "being handled: 1" in printed
    assert "Sáu" not in printed
    async with sqlite.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(slot)) == 0
        assert await tx.scalar(select(func.count()).select_from(outbox).where(outbox.c.chat == "room-ward")) == 0


async def test_with_nothing_to_say_that_is_said(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await begin(sqlite)
    assert await run(sqlite, tmp_path, "--lang", "en") == 0
    assert "nothing to tell" in capsys.readouterr().out


async def test_of_several_wards_one_has_to_be_named(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await begin(sqlite)
    await begin(sqlite, "BEN")
    with pytest.raises(CommandError):
        await run(sqlite, tmp_path)
    assert await run(sqlite, tmp_path, "--ward", "ben") == 0


def test_an_unknown_language_is_a_misuse() -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("--lang", "fr")
    assert ended.value.code == 2

"""A restore that was broken off leaves no house that could open empty, and is mended by restoring again."""

import shutil
from argparse import Namespace
from pathlib import Path

import pytest

from bot import preflight
from bot.commands.check import check
from bot.commands.failure import CommandError
from bot.commands.opening import migrated
from bot.commands.run import run
from bot.settings import Settings
from tests.bot.commands.archives import PHOTO, a_home, backed_up, restored, settings_in, tree


class Killed(BaseException):
    """The power went."""


def killed_after(monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """Break a restore off after so many moves."""
    done, move = [], shutil.move

    def moving(source: Path, target: Path) -> None:
        if len(done) == moves:
            raise Killed
        done.append(source)
        move(source, target)

    monkeypatch.setattr(shutil, "move", moving)


async def broken_off(monkeypatch: pytest.MonkeyPatch, settings: Settings, file: Path, moves: int) -> None:
    with monkeypatch.context() as patched, pytest.raises(Killed):
        killed_after(patched, moves)
        await restored(settings, file, force=True)


# A home has four things to set aside, and as many come back.
@pytest.mark.parametrize("moves", [0, 2, 4, 7])
async def test_wherever_it_was_broken_off_nothing_runs_and_restoring_again_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file)
    before = tree(tmp_path / "home")
    await broken_off(monkeypatch, settings, file, moves)
    with pytest.raises(CommandError, match="was broken off"):
        await run(Namespace(only=[]), settings_in(tmp_path / "home", HTTP_PORT="0"))
    with pytest.raises(CommandError, match="was broken off"):
        async with migrated(settings):
            pass
    # Nobody tidies up after a kill.
    (tmp_path / "home" / ".restore-killed").mkdir()
    # The seal key is found again without being asked for, wherever it has been set aside.
    assert await restored(settings, file) == 0
    found = tree(tmp_path / "home")
    assert preflight.check_restored(settings.data_dir) is None
    assert PHOTO in found.values() and "danban.db" in found
    kept = {(Path(name).name, data) for name, data in found.items()}
    assert {(Path(name).name, data) for name, data in before.items()} <= kept, "nothing that was there is lost"
    assert not list((tmp_path / "home").glob(".restore-*"))
    async with migrated(settings):
        pass


async def test_the_check_says_so_and_makes_no_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file)
    await broken_off(monkeypatch, settings, file, 4)
    assert await check(Namespace(), settings) == 1
    assert "was broken off" in capsys.readouterr().out
    assert not (tmp_path / "home" / "seal.key").exists()

"""A backup comes back elsewhere with all that was there and no more, and never over anything unasked."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import archive
from bot.commands.backup import fingerprint
from bot.commands.failure import CommandError
from bot.preflight import alone
from bot.settings import Settings
from storage import copying, migrations
from tests.bot.commands.archives import KEY, PHOTO, a_home, backed_up, restored, settings_in, tree
from tests.bot.house import House, Visitor, words
from tests.bot.test_start import environment
from tests.bot.test_whole_job import LAMP, agreed


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    """Two installations; nothing runs yet."""
    both = House(folder=tmp_path / "home"), House(folder=tmp_path / "elsewhere")
    for house in both:
        house.folder.mkdir()
    yield both
    for house in both:
        house.kill()


async def test_what_was_there_when_the_backup_began_is_there_elsewhere_and_the_conversation_goes_on(
    houses: tuple[House, House], tmp_path: Path
) -> None:
    home, elsewhere = houses
    file = str(tmp_path / "danban.tar")
    home.start()
    async with home.visitor() as ba, home.visitor() as minh:
        await agreed(ba)
        photo = await ba.upload()
        code = await _filed(ba, photo)
        before = {text for (text,) in home.rows("SELECT text FROM web_message")}
        stop = asyncio.Event()
        writing = asyncio.create_task(_write_on(minh, stop))
        await asyncio.sleep(0.2)
        said = await asyncio.to_thread(home.danban, "backup", file, "--with-key")
        stop.set()
        assert await writing > 3, "people wrote while it was made"
        assert "1 tệp" in said
        with pytest.raises(CommandError, match="another Dân Bàn process runs"):
            await restored(_settings(home), Path(file), force=True)
        home.kill()
        await restored(_settings(elsewhere), Path(file))
        elsewhere.start()
        ba.house = elsewhere
        assert before <= {text for (text,) in elsewhere.rows("SELECT text FROM web_message")}
        assert await ba.sees_file(photo), "she is known by her cookie, and her photo is there"
        assert code in words(await ba.say("/hoso"))


def _settings(house: House) -> Settings:
    return Settings.load(environment(house.folder))


async def _filed(one: Visitor, photo: str) -> str:
    await one.say(LAMP, attachments=[photo])
    done = words(await one.tap("Gửi"))
    return next(word for word in done.split() if word.startswith("PA-"))


async def _write_on(one: Visitor, stop: asyncio.Event) -> int:
    written = 0
    while not stop.is_set():
        await one.post(f"tin số {written}")
        written += 1
        await asyncio.sleep(0.05)
    return written


async def test_data_that_is_there_is_kept_aside_and_only_when_told_to(tmp_path: Path) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file, with_key=True)
    (tmp_path / "home" / "note.txt").write_text("later")
    before = tree(tmp_path / "home")
    with pytest.raises(CommandError, match="add --force"):
        await restored(settings, file)
    assert tree(tmp_path / "home") == before
    assert await restored(settings, file, force=True) == 0
    (aside,) = (tmp_path / "home").glob("before-restore-*")
    assert tree(aside) == before
    assert not (tmp_path / "home" / "note.txt").exists()
    with pytest.raises(CommandError, match="add --force"):
        await restored(settings, file)


async def test_nothing_is_restored_under_a_running_house(tmp_path: Path) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file, with_key=True)
    with alone(settings), pytest.raises(CommandError):
        await restored(settings, file, force=True)


@pytest.mark.parametrize("how", ["setting", "file", "present"])
async def test_a_backup_without_its_key_asks_for_it_and_takes_it_from_elsewhere(tmp_path: Path, how: str) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file)
    there = tmp_path / "there"
    with pytest.raises(CommandError, match="--no-key"):
        await restored(settings_in(there), file)
    assert tree(there) == {}, "nothing was touched"
    with pytest.raises(CommandError, match="--no-key"):
        await restored(settings_in(there, SEAL_KEY="0" * 64), file)
    kept = there / "seal.key" if how == "present" else tmp_path / "kept.key"
    kept.write_text(KEY.hex())
    more = {"SEAL_KEY": KEY.hex()} if how == "setting" else {}
    key = kept if how == "file" else None
    assert await restored(settings_in(there, **more), file, key=key, force=how == "present") == 0
    assert (there / "seal.key").exists() == (how != "setting")


async def test_a_key_that_is_lost_can_be_gone_without(tmp_path: Path) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    await backed_up(settings, file)
    assert await restored(settings_in(tmp_path / "there"), file, no_key=True) == 0
    assert fingerprint(KEY) not in str(tree(tmp_path / "there").keys())


async def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(tmp_path: Path) -> None:
    settings, file = await a_home(tmp_path / "home", revision="20261121_telegram"), tmp_path / "a.tar"
    await backed_up(settings, file, with_key=True)
    assert archive.read(file).revision == "20261121_telegram"
    there = settings_in(tmp_path / "there")
    await restored(there, file)
    assert (await copying.contents(there.database_url)).revision == migrations.head()
    manifest = replace(archive.read(file), revision="20990101_future")
    newer = tmp_path / "newer.tar"
    archive.write(newer, [], manifest)
    with pytest.raises(CommandError, match="newer Dân Bàn"):
        await restored(settings_in(tmp_path / "third"), newer)


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _other_bytes(data: bytes) -> bytes:
    return data.replace(PHOTO, PHOTO[::-1])


def _nothing(_data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("name", "harm"),
    [("a.tar", _cut), ("a.tar.gz", _cut), ("a.tar", _nothing), ("a.tar.gz", _nothing), ("a.tar", _other_bytes)],
)
async def test_a_damaged_archive_is_refused_and_nothing_is_touched(
    tmp_path: Path, name: str, harm: Callable[[bytes], bytes]
) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / name
    await backed_up(settings, file, with_key=True)
    file.write_bytes(harm(file.read_bytes()))
    with pytest.raises(CommandError, match="cannot be used"):
        await restored(settings_in(tmp_path / "there"), file)
    assert tree(tmp_path / "there") == {}

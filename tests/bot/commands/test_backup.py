"""A backup is whole though people write meanwhile, for its owner alone, and says what is missing."""

import hashlib
import stat
from pathlib import Path

import pytest

from bot import archive
from bot.commands.failure import CommandError
from bot.stored_files import FOLDER
from domain.files import FileKind
from storage import attachments, copying
from storage.attachments import Contact, StoredFile
from storage.database import Database
from tests.bot.commands.archives import KEY, PHOTO, a_home, backed_up, restored, settings_in, tree
from tests.bot.test_set_aside import NOW

# What a channel has acknowledged and the database has not taken yet.
WAITING = ("zalo-oa/77/spool/1.event", "zalo-oa/77/1.answer")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
async def test_a_backup_is_for_its_owner_alone_leaves_nothing_beside_it_and_comes_back_equal(
    tmp_path: Path, name: str
) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "out" / name
    file.parent.mkdir()
    assert await backed_up(settings, file, with_key=True) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    there = settings_in(tmp_path / "there")
    assert await restored(there, file) == 0
    before, after = tree(tmp_path / "home"), tree(tmp_path / "there")
    assert before.pop("zalo-oa/77/spool/.draft-1"), "what was not even written yet was never acknowledged"
    assert before.keys() == after.keys() | {one for one in before if one.endswith(("-wal", "-shm"))}
    assert {one: after[one] for one in after if "danban.db" not in one} == {
        one: before[one] for one in after if one != "seal.key" and "danban.db" not in one
    } | {"seal.key": f"{KEY.hex()}\n".encode()}
    assert stat.S_IMODE((tmp_path / "there" / "danban.db").stat().st_mode) == 0o600
    assert await copying.contents(there.database_url) == await copying.contents(settings.database_url)


async def test_a_file_that_is_there_is_not_replaced_unless_told_to(tmp_path: Path) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "a.tar"
    file.write_text("something dear")
    with pytest.raises(CommandError, match="is there already"):
        await backed_up(settings, file)
    assert file.read_text() == "something dear"
    assert await backed_up(settings, file, force=True) == 0


async def test_nothing_is_left_and_the_old_file_stays_when_the_backup_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, file = await a_home(tmp_path / "home"), tmp_path / "out" / "a.tar"
    file.parent.mkdir()
    assert await backed_up(settings, file) == 0
    before = file.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.archive.os.fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        await backed_up(settings, file, force=True)
    assert list(file.parent.iterdir()) == [file] and file.read_bytes() == before


async def test_a_photo_gone_or_damaged_on_the_disk_is_told_and_the_rest_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = await a_home(tmp_path / "home")
    (photo,) = [one for one in (tmp_path / "home" / FOLDER).rglob("*") if one.is_file()]
    photo.write_bytes(b"damaged")
    assert await backed_up(settings, tmp_path / "a.tar") == 1
    photo.unlink()
    assert await backed_up(settings, tmp_path / "b.tar") == 1
    assert capsys.readouterr().out.count(f"✗ attachments/{photo.parent.name}/{photo.name}") == 2
    assert archive.read(tmp_path / "b.tar").files.keys() == {archive.DATABASE, *WAITING}


async def test_a_photo_swept_out_meanwhile_is_missed_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = await a_home(tmp_path / "home")
    (photo,) = [one for one in (tmp_path / "home" / FOLDER).rglob("*") if one.is_file()]
    real = copying.copy_sqlite

    async def copy_and_sweep(source: Path, target: Path) -> None:
        await real(source, target)
        database = Database.open(settings.database_url)
        async with database.transaction() as tx:
            await tx.execute(attachments.attachment.delete())
        await database.close()
        photo.unlink()

    monkeypatch.setattr(copying, "copy_sqlite", copy_and_sweep)
    assert await backed_up(settings, tmp_path / "a.tar") == 0


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


async def test_on_postgresql_files_are_archived_and_the_dump_command_is_named_without_the_password(
    ready_postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = await a_home(tmp_path / "home")
    (name,) = (await copying.contents(home.database_url)).files
    settings = settings_in(tmp_path / "home", DATABASE_URL=ready_postgres_url)
    database = Database.open(settings.database_url)
    async with database.transaction() as tx:
        file = StoredFile(
            kind=FileKind.PHOTO,
            seconds=0,
            sha256=hashlib.sha256(PHOTO).hexdigest(),
            mime="image/jpeg",
            size=1,
            width=1,
            height=1,
            stored_as=name,
        )
        await attachments.add(
            tx, file, uploaded_by=Contact(channel="web", account="web", address="a"), ward_id=None, now=NOW
        )
    await database.close()
    assert await backed_up(settings, tmp_path / "a.tar", with_key=True) == 0
    assert "pg_dump --format=custom" in capsys.readouterr().out
    assert archive.read(tmp_path / "a.tar").files.keys() == {"seal.key", f"attachments/{name}", *WAITING}
    with pytest.raises(CommandError, match="is of postgresql"):
        await restored(settings_in(tmp_path / "lite"), tmp_path / "a.tar")
    there = settings_in(tmp_path / "there", DATABASE_URL=ready_postgres_url)
    assert await restored(there, tmp_path / "a.tar") == 0
    there_now = tree(tmp_path / "there")
    assert there_now.keys() == {"seal.key", f"attachments/{name}", *WAITING}
    assert (there_now[f"attachments/{name}"], there_now["seal.key"]) == (PHOTO, f"{KEY.hex()}\n".encode())


def test_the_dump_command_never_holds_the_password() -> None:
    said = copying.dump_command("postgresql+asyncpg://danban:hidden@db.example:5433/ward")
    assert said == "pg_dump --format=custom --file=danban.dump --host=db.example --port=5433 --username=danban ward"

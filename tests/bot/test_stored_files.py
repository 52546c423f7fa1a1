"""Stored files: named by content, whole or not at all, closed to others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.stored_files import delete_stored, keep, read_stored

DATA = b"%PDF-1.4 anything"
LATER = datetime.now(UTC) + timedelta(days=1)


async def test_a_stored_file_is_read_back_and_closed_to_others(tmp_path: Path) -> None:
    kept = await keep(tmp_path, DATA)
    path = tmp_path / kept.stored_as
    assert read_stored(tmp_path, kept.stored_as) == DATA
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [one.name for one in path.parent.iterdir()] == [kept.sha256]


async def test_the_same_bytes_twice_are_one_file_and_can_be_deleted_twice(tmp_path: Path) -> None:
    first, second = await keep(tmp_path, DATA), await keep(tmp_path, DATA)
    assert first == second
    for _time in range(2):
        delete_stored(tmp_path, [first.stored_as], written_before=LATER)
    with pytest.raises(FileNotFoundError):
        read_stored(tmp_path, first.stored_as)


async def test_bytes_that_have_just_been_sent_again_are_not_deleted(tmp_path: Path) -> None:
    kept = await keep(tmp_path, DATA)
    delete_stored(tmp_path, [kept.stored_as], written_before=LATER - timedelta(days=2))
    assert read_stored(tmp_path, kept.stored_as) == DATA
    assert [one.name for one in (tmp_path / kept.stored_as).parent.iterdir()] == [kept.sha256]

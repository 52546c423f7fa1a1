"""What is forgotten leaves the rows, and on SQLite every corner of the files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from storage import forgetting, inbox, webchat, webreading
from storage.database import Database
from storage.webchat import Draft

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECRET = "zuynhquac"


async def wrote(database: Database, text: str, number: int = 1) -> int:
    """A message of somebody's; its id."""
    draft = Draft(client_id=f"client-{number:04d}", text=text)
    async with database.transaction() as tx:
        kept, _new = await webchat.add_from_person(tx, draft, chat="ba", sender="ba", sender_name="", now=NOW)
    return kept.id


def files_with(folder: Path, word: str) -> list[str]:
    """The files in which a word stands, in any corner."""
    return [one.name for one in folder.iterdir() if one.is_file() and word.encode() in one.read_bytes()]


async def test_one_message_is_forgotten_and_the_others_stay(database: Database) -> None:
    first, second = await wrote(database, SECRET), await wrote(database, "Đèn hỏng", 2)
    async with database.transaction() as tx:
        await forgetting.forget_words(tx, "web", "ba", {str(first)}, now=NOW)
    async with database.reading() as tx:
        found = await webreading.after(tx, "ba", 0, 10)
    assert [(one.id, one.text) for one in found] == [(first, ""), (second, "Đèn hỏng")]


async def test_everything_a_person_said_is_forgotten_but_not_what_the_bot_said(database: Database) -> None:
    await wrote(database, SECRET)
    async with database.transaction() as tx:
        await webchat.add_from_bot(
            tx, chat="ba", outbox_id=1, text="Chào", choices=[], attachments=[], menu="", about_case=False, now=NOW
        )
        await forgetting.forget_everything_said(tx, "web", "ba", now=NOW)
    async with database.reading() as tx:
        assert [one.text for one in await webreading.after(tx, "ba", 0, 10)] == ["", "Chào"]


async def test_what_is_forgotten_leaves_the_files_too(sqlite: Database, tmp_path: Path) -> None:
    for length in (1, 1000):
        message = await wrote(sqlite, SECRET * length, length)
        async with sqlite.transaction() as tx:
            await forgetting.forget_words(tx, "web", "ba", {str(message)}, now=NOW)
    assert files_with(tmp_path, "web_message") and not files_with(tmp_path, SECRET)


async def test_an_error_of_the_databases_quotes_nothing_of_what_was_written(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as failed:
        async with database.transaction() as tx:
            await tx.execute(inbox.inbox.insert().values(id=1, update_id=SECRET))
    assert SECRET not in str(failed.value)

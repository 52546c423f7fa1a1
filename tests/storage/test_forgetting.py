"""What is forgotten leaves the rows, and on SQLite every corner of the files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from domain.notices import Priority
from handlers.engine.reply import Reply
from storage import forgetting, inbox, outbox, sending_ends, webchat, webreading
from storage.database import Database
from storage.webchat import Draft
from tests.storage.claiming import claim_one

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


async def test_a_question_that_quotes_a_denunciation_leaves_no_more_however_it_waits(database: Database) -> None:
    """Behind another message, put off by a limit, held by the platform, on its way, in doubt: its words are gone."""
    address = outbox.Address(channel="telegram", account="1", chat="7")
    states = ["queued", "waiting", "held", "sending", "unknown", "sent"]
    async with database.transaction() as tx:
        for _state in states:
            body = {"reply": Reply(text=f"Xem lại: {SECRET}", menu="m1").to_json()}
            await outbox.put(tx, address, body, language="vi", priority=Priority.REPLY, now=NOW)
        await outbox.put(tx, address, {"reply": Reply(text="Gọi 113").to_json()}, language="vi", priority=0, now=NOW)
        ids = list((await tx.execute(select(outbox.outbox.c.id).order_by(outbox.outbox.c.id))).scalars())
        for one, state in zip(ids, [*states, "waiting"], strict=True):
            await tx.execute(update(outbox.outbox).where(outbox.outbox.c.id == one).values(state=state))
        await forgetting.forget_talk(tx, address, (), since=NOW, language="vi", now=NOW)
    async with database.reading() as tx:
        rows = (await tx.execute(select(outbox.outbox).order_by(outbox.outbox.c.id))).all()
    assert not [row.id for row in rows if SECRET in str(row.body)]
    ended = ["refused", "refused", "refused", "sending", "unknown", "sent"]
    # Whom to call is said still, and at once: nothing stands before it any more.
    assert [row.state for row in rows] == [*ended, "queued"] and "113" in str(rows[-1].body)


async def test_forgetting_a_question_does_not_break_the_pause_its_platform_asked_for(database: Database) -> None:
    address = outbox.Address(channel="telegram", account="1", chat="7")
    on, until = (address.on,), NOW + timedelta(seconds=40)
    async with database.transaction() as tx:
        body = {"reply": Reply(text=f"Xem lại: {SECRET}", menu="m1").to_json()}
        await outbox.put(tx, address, body, language="vi", priority=Priority.REPLY, now=NOW)
        asked = await claim_one(tx, accounts=on, now=NOW, leased_until=until)
        assert asked is not None
        await sending_ends.mark_again(tx, asked, send_after=until, error="too many requests", counted=False)
        await outbox.put(tx, address, {"reply": Reply(text="Gọi 113").to_json()}, language="vi", priority=0, now=NOW)
        await forgetting.forget_talk(tx, address, (), since=NOW, language="vi", now=NOW)
    async with database.transaction() as tx:
        early = await claim_one(tx, accounts=on, now=until - timedelta(seconds=1), leased_until=until)
        assert early is None
        left = await claim_one(tx, accounts=on, now=until, leased_until=until + timedelta(seconds=60))
    assert left is not None and left.body["reply"]["text"] == "Gọi 113"

"""Updates on their way in: many in one commit, none acknowledged before it is stored, a poller that never gives up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.base import InDoubt, Loss, Moved, Outcome, Refused, RetryLater, Sent, Troubled, Unreachable
from bot.channels.telegram import Telegram
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_outcome import outcome_of
from bot.channels.telegram_poller import Poller
from bot.channels.telegram_request import MaybeSent, NotSent, TooFast
from bot.clock import Clock
from bot.limits import NO_LIMITS
from storage import inbox
from storage.arrivals import Arrival, put_all
from storage.database import Database, Transaction
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer


def update(number: int, **message: Any) -> dict[str, Any]:
    body = {"message_id": number, "date": 1, "chat": {"id": 42, "type": "private"}, "from": {"id": 42}, "text": "x"}
    return {"update_id": number, "message": body | message}


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.01) as opened:
        yield opened


@pytest.fixture
async def telegram(server: TelegramServer, sqlite: Database, tmp_path: Path) -> AsyncIterator[Telegram]:
    made = Telegram(token=server.bot.token, api_url=server.url, database=sqlite, folder=tmp_path, limits=NO_LIMITS)
    made.introduce("DanBanBot")
    yield made
    await made.request.shutdown()


async def waiting(database: Database) -> int:
    async with database.reading() as tx:
        return await inbox.waiting(tx)


async def test_updates_that_come_together_are_stored_in_one_commit(telegram: Telegram, sqlite: Database) -> None:
    intake = Intake(telegram, sqlite, Clock())
    commits = 0
    begin = sqlite.transaction

    def counted() -> Any:
        nonlocal commits
        commits += 1
        return begin()

    sqlite.transaction = counted  # type: ignore[method-assign]  # counts, and does what it did

    async def come(number: int) -> None:
        # As requests do whose bytes are here: some need a step of the loop more than others.
        for _ in range(number % 3):
            await asyncio.sleep(0)
        await intake.store([update(number)])

    await asyncio.gather(*(come(number) for number in range(40)))
    assert await waiting(sqlite) == 40
    assert commits == 1


async def test_one_that_cannot_be_stored_takes_no_other_down(telegram: Telegram, sqlite: Database) -> None:
    intake = Intake(telegram, sqlite, Clock())
    bad = update(3) | {"strange": object()}
    done = await asyncio.gather(
        *(intake.store([one]) for one in (update(1), update(2), bad, update(4))), return_exceptions=True
    )
    assert [isinstance(one, Exception) for one in done] == [False, False, True, False]
    assert await waiting(sqlite) == 3


async def test_an_update_of_an_unknown_shape_is_stored_and_stops_nobody(telegram: Telegram, sqlite: Database) -> None:
    intake = Intake(telegram, sqlite, Clock())
    await intake.store([{"update_id": 1, "message": "?"}, {"update_id": 2, "callback_query": 5}, {"update_id": 3}])
    assert await waiting(sqlite) == 3


async def test_polling_goes_on_after_every_trouble_and_confirms_only_what_is_stored(
    server: TelegramServer, telegram: Telegram, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram_poller.RETRY_SECONDS", 0.01)
    monkeypatch.setattr("bot.channels.telegram_poller.CONFLICT_SECONDS", 0.01)
    server.faults.ordered += [Fault("500", "getUpdates"), Fault("cut_after", "getUpdates"), Fault("429", "getUpdates")]
    for number in range(5):
        server.people.write(42, f"tin {number}")
    stores = 0

    async def once_away(tx: Transaction, arrivals: Sequence[Arrival]) -> None:
        nonlocal stores
        stores += 1
        await put_all(tx, arrivals)
        if stores == 1:
            raise OSError("the disk is full")

    monkeypatch.setattr("bot.channels.telegram_intake.put_all", once_away)
    poller = asyncio.create_task(Poller(telegram, Intake(telegram, sqlite, Clock())).run(asyncio.Event()))
    async with asyncio.timeout(60):
        while server.bot.queue.alive():  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.02)
    poller.cancel()
    assert await waiting(sqlite) == 5
    assert stores >= 2


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TooFast(7), RetryLater(reason="retry after 7 s", seconds=7)),
        (NotSent("x"), Unreachable(reason="x")),
        (MaybeSent("x"), InDoubt(reason="x")),
        (ChatMigrated(-1005), Moved(chat="-1005")),
        (Forbidden("blocked"), Refused(reason="blocked", loss=Loss.GONE)),
        (BadRequest("Chat not found"), Refused(reason="Chat not found", loss=Loss.GONE)),
        (BadRequest("not enough rights"), Refused(reason="not enough rights", loss=Loss.MUTED)),
        (Forbidden("CHAT_WRITE_FORBIDDEN"), Refused(reason="CHAT_WRITE_FORBIDDEN", loss=Loss.MUTED)),
        (BadRequest("CHAT_SEND_PLAIN_FORBIDDEN"), Refused(reason="CHAT_SEND_PLAIN_FORBIDDEN", loss=Loss.MUTED)),
        (BadRequest("TOPIC_DELETED"), Refused(reason="TOPIC_DELETED", loss=Loss.GONE)),
        (BadRequest("message is too long"), Refused(reason="message is too long")),
        (BadRequest("Message is not modified: x"), Sent(message_id="")),
        (NetworkError("Bad Gateway (502)"), Troubled(reason="Telegram has trouble")),
        (InvalidToken("x"), Unreachable(reason="the token is not accepted")),
    ],
)  # fmt: skip
def test_every_refusal_has_its_end(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome

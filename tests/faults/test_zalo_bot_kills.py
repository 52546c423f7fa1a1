"""kill -9 with a Zalo Bot: what was acknowledged has its effect once, and polling loses one event a kill at most."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import inbox, outbox
from storage.database import Database
from tests.fakes.zalo_bot.server import TOKEN
from tests.faults.ground import Danban, Sim, free_port, telegram

PEOPLE = [f"{number:020x}" for number in range(1, 9)]
WORDS = ("đèn đường số {n} hỏng", "đồng ý", "bỏ qua", "gửi")
PATIENCE_SECONDS = 60.0


@pytest.mark.parametrize(("mode", "kills"), [("webhook", 2), ("polling", 1)])
async def test_what_reached_us_is_handled_once(mode: str, kills: int, ready_sqlite_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "DATABASE_URL": ready_sqlite_url, "TELEGRAM_TOKEN": "", "ZALO_BOT_TOKEN": TOKEN, "ZALO_BOT_MODE": mode,
        "HTTP_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ZALO_BOT_WEBHOOK_SECRET": "a-secret-of-sixteen",
    }  # fmt: skip
    async with telegram(of="zalo_bot") as sim:
        danban = Danban(tmp_path, **settings | {"ZALO_BOT_API_URL": sim.url})
        for kill in range(kills + 1):
            await danban.start()
            await ready(sim, mode)
            for word in WORDS[kill : kill + 2]:
                for number, who in enumerate(PEOPLE):
                    await sim.do("write", user=who, text=word.format(n=number))
            if kill < kills:
                await asyncio.sleep(0.1 * kill)
                await danban.end(signal.SIGKILL)
        database = Database.open(ready_sqlite_url)
        await at_rest(database, sim)
        assert await danban.end(signal.SIGTERM) == 0, danban.log.read_text()
        await check(database, sim, mode, kills)
        await database.close()
    log = danban.log.read_text()
    assert "TEST-zalo" not in log and "đèn đường" not in log


async def ready(sim: Sim, mode: str) -> None:
    """Wait until events are taken: by a process that has set the webhook anew, or asks."""
    method = "setWebhook" if mode == "webhook" else "getUpdates"
    before = await sim.do("count", method=method)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await sim.do("count", method=method) == before:  # noqa: ASYNC110  # the stand-in has no event for it
            await asyncio.sleep(0.05)


async def at_rest(database: Database, sim: Sim) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with database.reading() as tx:
                waiting = await inbox.waiting(tx) + await outbox.owed(tx)
            if not waiting and not await sim.do("waiting"):
                return
            await asyncio.sleep(0.1)


async def check(database: Database, sim: Sim, mode: str, kills: int) -> None:
    async with database.reading() as tx:
        handled = dict((await tx.execute(select(inbox.inbox.c.update_id, inbox.inbox.c.state))).all())
        sent = Counter((await tx.execute(select(outbox.outbox.c.state))).scalars())
        texts = Counter((await tx.execute(select(outbox.outbox.c.chat))).scalars())
    assert set(handled.values()) == {"done"} and sent.keys() <= {"sent", "unknown"}, (handled, sent)
    if mode == "webhook":
        posted = dict(await sim.do("posted"))
        assert {one for one, status in posted.items() if status == 200} <= handled.keys()
    else:
        lost = set(await sim.do("handed_out")) - handled.keys()
        assert len(lost) <= kills, lost
    # Everybody got an answer, and no answer came more often than it was owed but for those in doubt.
    assert set(texts) == set(PEOPLE)
    arrived = len(await sim.do("sent"))
    assert sent["sent"] <= arrived <= sent.total() + kills * len(PEOPLE)

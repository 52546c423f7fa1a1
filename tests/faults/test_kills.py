"""kill -9 at random points: every update has its effect exactly once, and everything owed is sent or accounted for.

The run says its FAULTS_SEED at the top; given, it repeats a draw. FAULTS_KILLS makes it longer.
"""

import asyncio
import base64
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import attachments, cases, inbox, outbox
from storage.database import Database
from tests.bot.telegram_house import picture
from tests.faults.ground import TOKEN, Danban, Sim, free_port, telegram

RESIDENTS = range(4001, 4011)
# Typed without waiting for the questions: the answers of one person are handled in order.
FIRST = ("đèn đường số {n} hỏng", "đồng ý", "bỏ qua", "gửi")
SECOND = ("ổ gà trước nhà số {n}", "mới", "gửi")
PATIENCE_SECONDS = 90.0
FAULTS = ("cut_before", "cut_after", "429", "500", "502")
WITH_PHOTOS = "ổ gà"


async def test_nothing_is_lost_and_nothing_done_twice(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    draw = random.Random(os.environ["FAULTS_SEED"])  # noqa: S311  # chance, not secrecy
    kind, mode = draw.choice([("sqlite", "polling"), ("postgres", "webhook")])
    url = str(request.getfixturevalue(f"ready_{kind}_url"))
    port = free_port()
    settings = {"DATABASE_URL": url, "TELEGRAM_MODE": mode, "HTTP_PORT": str(port)}
    if mode == "webhook":
        settings |= {"PUBLIC_URL": f"http://127.0.0.1:{port}", "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-sixteen"}
    async with telegram() as sim:
        danban = Danban(tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=sim.url, **settings)
        database = Database.open(url)
        try:
            await tormented(danban, sim, draw, kills=int(os.environ.get("FAULTS_KILLS", "3")))
            # Faults that nothing has met would all meet the start, whose tries come ever further apart.
            await sim.do("mend")
            await danban.start()
            await at_rest(database, sim)
            assert await danban.end(signal.SIGTERM) == 0, danban.log.read_text()
            await check_cases(database)
            await check_messages(database, sim)
            assert await sim.do("excesses") == [], "a window was exceeded"
        finally:
            await danban.end(signal.SIGKILL)
            await database.close()
    log = danban.log.read_text()
    assert "TEST-token" not in log and "đèn đường" not in log and "ổ gà" not in log


async def tormented(danban: Danban, sim: Sim, draw: random.Random, *, kills: int) -> None:
    """People write, the line breaks, the process is killed; in the end everybody has written everything."""
    words = {n: [text.format(n=n) for text in (*FIRST, *SECOND)] for n in RESIDENTS}
    for kill in range(kills):
        await danban.start()
        for _ in range(3):
            method = draw.choice(["sendMessage", "getUpdates", ""])
            await sim.do("fault", kind=draw.choice(FAULTS), method=method, retry_after=1)
        await write(sim, words, draw, share=1 / (kills - kill))
        # Starting takes most of two seconds; some are killed before they did anything.
        await asyncio.sleep(draw.uniform(1.0, 4.0))
        await danban.end(signal.SIGKILL)
    await write(sim, words, draw, share=1)


async def say(sim: Sim, n: int, text: str) -> None:
    """Write it; a hole in the road comes with two photos."""
    if not text.startswith(WITH_PHOTOS):
        await sim.do("write", user=n, text=text)
        return
    photos = [base64.b64encode(picture(colour)).decode() for colour in ("red", "green")]
    await sim.do("album", user=n, photos=photos, caption=text)


async def write(sim: Sim, words: dict[int, list[str]], draw: random.Random, *, share: float) -> None:
    everybody = [n for n, left in words.items() for _ in range(round(len(left) * share))]
    draw.shuffle(everybody)
    for n in everybody:
        await say(sim, n, words[n].pop(0))
        await asyncio.sleep(draw.uniform(0, 0.02))


async def at_rest(database: Database, sim: Sim) -> None:
    """Wait until nothing waits anywhere."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with database.reading() as tx:
                waiting = await inbox.waiting(tx) + await outbox.owed(tx)
            if not waiting and not await sim.do("queue"):
                return
            await asyncio.sleep(0.2)


async def check_cases(database: Database) -> None:
    async with database.reading() as tx:
        texts = [str(text) for text in (await tx.execute(select(cases.cases.c.text))).scalars()]
        states = Counter((await tx.execute(select(inbox.inbox.c.state))).scalars())
        files = Counter((await tx.execute(select(attachments.attachment.c.case_id))).scalars())
    wanted = [text.format(n=n) for n in RESIDENTS for text in (FIRST[0], SECOND[0])]
    assert sorted(texts) == sorted(wanted)
    # A photo may have been fetched twice, but then one of the two belongs to nothing.
    assert sorted(files[case] for case in files if case is not None) == [2] * len(RESIDENTS)
    # A photo that came late is handled by itself, the others with their album.
    assert states.keys() <= {"done", "merged"} and states.total() == len(RESIDENTS) * 8, states


async def check_messages(database: Database, sim: Sim) -> None:
    """What arrived is what was owed, in order; a message in doubt may stand there twice, and no other may."""
    async with database.reading() as tx:
        rows = (await tx.execute(select(outbox.outbox).order_by(outbox.outbox.c.id))).all()
    assert {row.state for row in rows} <= {"sent", "unknown"}, Counter(row.state for row in rows)
    for n in RESIDENTS:
        arrived = [one["message_id"] for one in await sim.do("sent", chat=n)]
        mine = [row for row in rows if row.chat == str(n)]
        # A change stands where its card stands.
        sent = [int(row.sent_as) for row in mine if row.state == "sent" and not row.edits]
        assert sent == sorted(sent), "out of order"
        assert set(sent) <= set(arrived), "marked as sent and never arrived"
        doubts = sum(row.doubts + (row.state == "unknown") for row in mine)
        assert len(arrived) <= len(sent) + doubts, "sent twice without a doubt"

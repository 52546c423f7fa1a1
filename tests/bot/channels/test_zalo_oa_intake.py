"""Zalo's calls on their way in: verified, kept whatever happens to the database, each once and in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.zalo_oa_intake import IntakeRules, Verdict, ZaloOaIntake
from bot.clock import Clock
from bot.metrics import REGISTRY
from bot.spool import REFUSALS_MAX, EventRefused, Spool, Spooled
from storage import inbox, zalo_accounts
from storage.database import Database, Transaction
from tests.fakes.zalo_oa.delivery import Webhook
from tests.fakes.zalo_oa.world import World

WORLD = World()


def call(text: str = "xin chào", *, secret: str | None = None, **more: Any) -> tuple[bytes, str]:
    """A body and its signature."""
    event = {
        "app_id": WORLD.app_id, "event_name": "user_send_text", "sender": {"id": "42"},
        "recipient": {"id": WORLD.oa_id}, "message": {"text": text, "msg_id": f"id-{text}"},
        "timestamp": str(int(datetime.now(UTC).timestamp() * 1000)), **more,
    }  # fmt: skip
    body, headers = Webhook(WORLD).signed(event, secret)
    return body, headers["X-ZEvent-Signature"]


def intake_on(database: Database, folder: Path, **more: Any) -> ZaloOaIntake:
    rules = {
        "app_id": WORLD.app_id, "key": WORLD.oa_secret, "key_mark": "mark", "strict": False,
        "answer_within": timedelta(seconds=1), "age_max": timedelta(hours=72), "quarantine_max": 3,
    }  # fmt: skip
    return ZaloOaIntake(IntakeRules(**(rules | more)), database, Clock(), folder)


@pytest.fixture
async def intake(sqlite: Database, tmp_path: Path) -> ZaloOaIntake:
    made = intake_on(sqlite, tmp_path)
    await made.settle()
    return made


async def test_whoever_is_not_logged_in_is_counted_apart_and_never_stored(
    intake: ZaloOaIntake, sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for text in ("một", "hai"):
        body, signature = call(text, event_name="anonymous_send_text")
        assert await intake.receive(body, signature) is Verdict.ANONYMOUS
    assert await stored(sqlite) == [] and caplog.text.count("cannot be answered") == 1


async def stored(database: Database) -> list[str]:
    async with database.reading() as tx:
        rows = (await tx.execute(select(inbox.inbox.c.raw).order_by(inbox.inbox.c.id))).scalars()
        return [str(raw["message"]["text"]) for raw in rows]


def away(database: Database, monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0) -> None:
    """The database is away: it refuses, or does not answer for `seconds`."""

    @asynccontextmanager
    async def refusing() -> AsyncIterator[Transaction]:
        await asyncio.sleep(seconds)
        raise OSError("the database is away")
        yield

    monkeypatch.setattr(database, "transaction", refusing)


async def test_a_genuine_call_is_stored_once_however_often_it_comes(intake: ZaloOaIntake, sqlite: Database) -> None:
    body, signature = call()
    assert await intake.receive(body, signature) is Verdict.STORED
    assert await intake.receive(body, signature.removeprefix("mac=").upper()) is Verdict.STORED
    assert await stored(sqlite) == ["xin chào"]


async def test_a_forged_call_is_kept_apart_until_one_has_verified_and_refused_afterwards(
    intake: ZaloOaIntake, sqlite: Database
) -> None:
    body, _signature = call("giả")
    assert await intake.receive(body, "mac=00") is Verdict.QUARANTINED
    assert await intake.receive(*call("thật")) is Verdict.STORED
    assert await intake.receive(body, "mac=00") is Verdict.FORGED
    assert await intake.receive(body, "") is Verdict.FORGED
    assert await stored(sqlite) == ["thật"]


async def test_another_process_knows_that_one_has_verified(
    intake: ZaloOaIntake, sqlite: Database, tmp_path: Path
) -> None:
    await intake.receive(*call())
    other = intake_on(sqlite, tmp_path / "b")
    await other.settle()
    assert await other.receive(b"{}", "mac=00") is Verdict.FORGED
    # With another key in the settings it is open again: the new one may be the wrong one.
    changed = intake_on(sqlite, tmp_path / "c", key_mark="another")
    await changed.settle()
    assert await changed.receive(b"{}", "mac=00") is Verdict.QUARANTINED


async def test_what_was_kept_apart_is_handled_once_the_key_is_mended(sqlite: Database, tmp_path: Path) -> None:
    wrong = intake_on(sqlite, tmp_path, key="a typing mistake")
    await wrong.settle()
    for text in ("một", "hai"):
        assert await wrong.receive(*call(text)) is Verdict.QUARANTINED
    assert await wrong.receive(*call("giả", secret="nobody's")) is Verdict.QUARANTINED
    assert await wrong.receive(*call("quá nhiều")) is Verdict.FORGED
    right = intake_on(sqlite, tmp_path)
    assert await right.receive(*call("ba")) is Verdict.SPOOLED  # not before what is older
    assert await right.settle() == 3
    assert await stored(sqlite) == ["một", "hai", "ba"]
    assert right.quarantine.count() == 1
    await right.sweep(datetime.now(UTC) + timedelta(hours=73))
    assert right.quarantine.count() == 0


async def test_strict_keeps_nothing_that_does_not_verify(sqlite: Database, tmp_path: Path) -> None:
    strict = intake_on(sqlite, tmp_path, strict=True)
    await strict.settle()
    assert await strict.receive(b"{}", "mac=00") is Verdict.FORGED
    assert strict.quarantine.is_empty()


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"app_id": "999"}, Verdict.FOREIGN),
        ({"recipient": {"id": "another account"}}, Verdict.FOREIGN),
        ({"timestamp": "1751100041636"}, Verdict.REPLAYED),
        ({"event_name": "oa_send_text"}, Verdict.IGNORED),
        ({"event_name": None}, Verdict.BROKEN),
    ],
)
async def test_what_is_not_for_us_is_told_apart_and_counted(
    sqlite: Database, tmp_path: Path, more: dict[str, Any], verdict: Verdict
) -> None:
    async with sqlite.transaction() as tx:
        await zalo_accounts.introduce(tx, WORLD.app_id, oa_id=WORLD.oa_id, name="Phường")
    intake = intake_on(sqlite, tmp_path)
    await intake.settle()
    assert await intake.receive(*call(**more)) is verdict
    assert intake.counts == {verdict: 1} and not await stored(sqlite)


@pytest.mark.parametrize("seconds", [0.0, 5.0])
async def test_while_the_database_is_away_calls_go_to_disk_and_come_back_in_order(
    intake: ZaloOaIntake, sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float
) -> None:
    intake = intake_on(sqlite, tmp_path, answer_within=timedelta(milliseconds=50))
    await intake.settle()
    texts = [f"tin {number}" for number in range(12)]
    with monkeypatch.context() as patch:
        away(sqlite, patch, seconds)
        for text in texts[:10]:
            assert await intake.receive(*call(text)) is Verdict.SPOOLED
        assert await intake.receive(*call(texts[3])) is Verdict.SPOOLED  # a redelivery meanwhile
        if not seconds:
            with pytest.raises(OSError, match="away"):
                await intake.settle()
    # The database is back: what comes now must not overtake what waits on disk.
    assert await intake.receive(*call(texts[10])) is Verdict.SPOOLED
    assert await intake.settle() == 12
    assert await intake.receive(*call(texts[11])) is Verdict.STORED
    assert await stored(sqlite) == texts


async def test_what_is_on_disk_survives_the_process_and_a_file_that_was_torn(
    intake: ZaloOaIntake, sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        away(sqlite, patch)
        await intake.receive(*call("một"))
        await intake.receive(*call("hai"))
    whole = sorted((tmp_path / "spool").glob("*.event"))
    torn = whole[0].with_name(f"{whole[0].name[:20]}-0-torn.event")
    torn.write_bytes(whole[0].read_bytes()[:40])
    (tmp_path / "spool" / ".draft-x").write_bytes(b"half")
    after = [intake_on(sqlite, tmp_path) for _ in range(2)]
    assert sum(await asyncio.gather(*(one.settle() for one in after))) >= 2
    assert sorted(await stored(sqlite)) == ["hai", "một"]
    assert torn.with_suffix(".broken").exists() and after[0].spool.is_empty()


async def test_a_clock_that_is_put_back_changes_no_order_on_disk(tmp_path: Path) -> None:
    spool, back = Spool(tmp_path), []
    for text, at in (("một", 1000.0), ("hai", 400.0), ("ba", 401.0)):
        await spool.keep(Spooled(body=text, signature="", at=at))

    async def take(event: Spooled) -> bool:
        back.append(event.body)
        return True

    assert await spool.read_back(take) == 3 and back == ["một", "hai", "ba"]


async def test_when_even_the_disk_refuses_zalo_is_told_so(
    intake: ZaloOaIntake, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_anything: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        away(sqlite, patch)
        patch.setattr("bot.spool.write_durably", full)
        assert await intake.receive(*call()) is Verdict.LOST


@pytest.mark.parametrize("shape", [{"sender": 5}, {"sender": {}}, {"message": [1]}, {"sender": {"id": "x" * 300}}])
async def test_a_strange_shape_is_stored_in_a_lane_of_its_own(
    intake: ZaloOaIntake, sqlite: Database, shape: dict[str, Any]
) -> None:
    assert await intake.receive(*call(**shape)) is Verdict.STORED
    async with sqlite.reading() as tx:
        assert await inbox.waiting(tx) == 1


async def test_a_body_is_never_rewritten_on_its_way_through_the_disk(
    intake: ZaloOaIntake, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'dấu "nháy" \\ và \u2028 🙂'
    with monkeypatch.context() as patch:
        away(sqlite, patch)
        await intake.receive(*call(text))
    assert await intake.settle() == 1
    assert await stored(sqlite) == [text]


class Picky(ZaloOaIntake):
    """An intake whose database refuses one event every time."""

    async def put(self, tx: Transaction, raw: dict[str, Any], *, now: datetime) -> bool:
        if raw["message"]["text"] == "hỏng":
            await tx.connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")
        return await super().put(tx, raw, now=now)


async def test_an_event_the_database_always_refuses_is_put_aside_and_the_others_go_on_in_order(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    picky = Picky(intake_on(database, tmp_path)._rules, database, Clock(), tmp_path)
    await picky.settle()
    counted = REGISTRY.get_sample_value("danban_spool_broken_total") or 0
    assert await picky.receive(*call("trước")) is Verdict.STORED
    for one in ("hỏng", "sau", "sau nữa"):
        assert await picky.receive(*call(one)) is Verdict.SPOOLED
    for _ in range(REFUSALS_MAX - 1):
        with pytest.raises(EventRefused):
            await picky.settle()
    assert await stored(database) == ["trước"] and picky.spool.count() == 3
    assert await picky.settle() == 2
    assert await stored(database) == ["trước", "sau", "sau nữa"]
    assert picky.spool.is_empty() and picky.spool.broken() == 1 and "is refused every time" in caplog.text
    assert REGISTRY.get_sample_value("danban_spool_broken_total") == counted + 1
    assert await picky.receive(*call("cuối")) is Verdict.STORED
    # Mended, and named as before, it comes after all.
    (kept,) = (tmp_path / "spool").glob("*.broken")
    kept.rename(kept.with_suffix(".event"))
    assert await intake_on(database, tmp_path).settle() == 1
    assert (await stored(database))[-1] == "hỏng"


@pytest.mark.parametrize("how", ["is away", "takes nothing at all"])
async def test_a_database_in_trouble_makes_no_event_count_as_refused(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    async def full(*_anything: object, **_more: object) -> None:
        raise OSError("no space left")

    picky = Picky(intake_on(sqlite, tmp_path)._rules, sqlite, Clock(), tmp_path)
    await picky.settle()
    await picky.receive(*call("hỏng"))
    with monkeypatch.context() as patch:
        if how == "is away":
            away(sqlite, patch)
        else:
            patch.setattr(zalo_accounts, "heard", full)
        for _ in range(REFUSALS_MAX + 1):
            with pytest.raises(OSError, match=r"away|space"):
                await picky.settle()
    assert picky.spool.count() == 1 and picky.spool.broken() == 0

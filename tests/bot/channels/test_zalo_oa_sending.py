"""Sending on a Zalo Official Account: every refusal has its end, a stale token is renewed, large pictures are fit."""

import io
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.app import build
from bot.channels.base import (
    Delivery,
    Held,
    InDoubt,
    Loss,
    NotEdited,
    Outcome,
    Refused,
    RetryLater,
    Sent,
    Troubled,
    Unreachable,
)
from bot.channels.zalo_oa import PICTURE_BYTES_MAX, smaller
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.channels.zalo_oa_client import Answer
from bot.channels.zalo_oa_outcome import QUOTA_SECONDS, RATE_SECONDS, outcome_of
from bot.pictures import FOLDER, clean_picture, store_picture
from bot.settings import Settings
from handlers.engine.reply import Reply
from storage import attachments
from storage.attachments import Contact
from storage.database import Database
from tests.bot.channels.test_zalo_oa_tokens import WorldClock
from tests.bot.zalo_house import RESIDENT, zalo_settings
from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import HOUR

HELLO = Delivery(id=1, chat=RESIDENT, reply=Reply(text="chào"), now=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        opened.people.write(RESIDENT, "xin chào")
        yield opened


@pytest.fixture
async def account(zalo: ZaloOaServer, sqlite: Database, tmp_path: Path) -> AsyncIterator[ZaloOaAccount]:
    settings = Settings.load(zalo_settings(zalo, 8080) | {"DATA_DIR": str(tmp_path), "DATABASE_URL": sqlite.url})
    (found,) = build(settings, sqlite, WorldClock(zalo.world)).accounts
    assert isinstance(found, ZaloOaAccount)
    yield found
    await found.close()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (-32, RetryLater(reason="Zalo says -32", seconds=RATE_SECONDS)),
        (-211, RetryLater(reason="Zalo says -211", seconds=QUOTA_SECONDS)),
        (-216, Unreachable(reason="Zalo says -216")),
        (-224, Unreachable(reason="Zalo says -224")),
        (-230, Held(reason="Zalo says -230")),
        (-232, Held(reason="Zalo says -232")),
        (-218, Held(reason="Zalo says -218")),
        (-213, Refused(reason="Zalo says -213", loss=Loss.GONE)),
        (-227, Refused(reason="Zalo says -227", loss=Loss.GONE)),
        (-237, Refused(reason="Zalo says -237", loss=Loss.GONE)),
        (-201, Refused(reason="Zalo says -201")),
        (-210, Refused(reason="Zalo says -210")),
        (-99999, Refused(reason="Zalo says -99999")),
    ],
)
def test_every_refusal_has_its_end(code: int, outcome: Outcome) -> None:
    assert outcome_of(Answer(error=code, message="words that belong in no log")) == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("502", Troubled), ("cut_before", InDoubt), ("cut_after", InDoubt), ("-32", RetryLater), ("-230", Held)],
)
async def test_what_the_line_does_is_told_apart(
    account: ZaloOaAccount, zalo: ZaloOaServer, kind: str, outcome: type[Outcome]
) -> None:
    zalo.faults.append(Fault(kind, "/message/cs"))
    assert isinstance(await account.channel.send(HELLO), outcome)
    assert isinstance(await account.channel.send(HELLO), Sent)


async def test_a_token_zalo_refuses_is_renewed_once_and_the_message_sent_once(
    account: ZaloOaAccount, zalo: ZaloOaServer
) -> None:
    await account.channel.send(HELLO)
    zalo.world.offset += 2 * HOUR
    zalo.faults.append(Fault("-216", "/message/cs"))
    assert isinstance(await account.channel.send(HELLO), Sent)
    assert len(zalo.world.sent(RESIDENT)) == 2 and zalo.world.refreshes == 2
    zalo.world.offset += 2 * HOUR
    zalo.faults.append(Fault("-216", "/message/cs", times=2))
    assert isinstance(await account.channel.send(HELLO), Unreachable)


async def test_an_answer_is_shown_with_what_it_answers_and_sent_without_if_that_is_gone(
    account: ZaloOaAccount, zalo: ZaloOaServer
) -> None:
    asked = zalo.people.write(RESIDENT, "bao giờ xong?")
    await account.channel.send(replace(HELLO, quote=asked))
    await account.channel.send(replace(HELLO, quote="deleted meanwhile"))
    first, second = zalo.world.sent(RESIDENT)
    assert first.body["quote_message_id"] == asked and "quote_message_id" not in second.body


async def test_no_message_is_changed_and_an_empty_one_is_refused(account: ZaloOaAccount) -> None:
    assert isinstance(await account.channel.send(replace(HELLO, edits="x")), NotEdited)
    assert isinstance(await account.channel.send(replace(HELLO, reply=Reply(text=" "))), Refused)


async def test_a_picture_is_uploaded_and_sent_and_one_that_is_gone_leaves_a_sign(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database, tmp_path: Path
) -> None:
    picture = await clean_picture(noise(200), max_pixels=10**7)
    stored = await store_picture(tmp_path / FOLDER, picture)
    owner = Contact(channel="zalo_oa", account="x", address=RESIDENT)
    async with sqlite.transaction() as tx:
        file = await attachments.add(tx, stored, uploaded_by=owner, ward_id=None, now=HELLO.now)
    delivery = replace(HELLO, reply=Reply(text="xem ảnh", attachments=(file.id,)))
    assert await account.channel.pieces(delivery) == (2, 1)
    assert isinstance(await account.channel.send(delivery), Sent)
    assert isinstance(await account.channel.send(replace(delivery, piece=1)), Sent)
    first, second = zalo.world.sent(RESIDENT)
    assert first.body["attachment"]["payload"]["elements"][0]["attachment_id"] in zalo.world.uploads
    assert second.body["text"] == "xem ảnh"
    (tmp_path / FOLDER / stored.stored_as).unlink()
    assert isinstance(await account.channel.send(delivery), Sent)
    assert zalo.texts(RESIDENT)[-1] == "📷"


def noise(edge: int) -> bytes:
    """A picture that no method makes small."""
    made = io.BytesIO()
    dots = random.Random(1).randbytes(edge * edge * 3)  # noqa: S311  # chance, not secrecy
    Image.frombytes("RGB", (edge, edge), dots).save(made, "JPEG", quality=95)
    return made.getvalue()


def test_a_picture_too_large_for_zalo_is_made_smaller() -> None:
    large = noise(1500)
    assert len(large) > PICTURE_BYTES_MAX
    made = smaller(large)
    assert len(made) <= PICTURE_BYTES_MAX
    with Image.open(io.BytesIO(made)) as opened:
        assert max(opened.size) >= 640

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
    Spent,
    Troubled,
    Unreachable,
)
from bot.channels.zalo_allowance import QuotaRefused
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.channels.zalo_oa_client import Answer
from bot.channels.zalo_oa_outcome import RATE_SECONDS, TODAY_SECONDS, outcome_of
from bot.channels.zalo_oa_uploads import PICTURE_BYTES_MAX, smaller
from bot.received_files import file_limits, take_in
from bot.settings import Settings
from bot.stored_files import FOLDER
from handlers.engine.reply import Reply
from storage import attachments
from storage.attachments import Contact
from storage.database import Database
from tests import file_samples as samples
from tests.bot.channels.zalo_tokens_ground import WorldClock
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
        (-211, QuotaRefused(reason="Zalo says -211", for_certain=True)),
        (-216, Unreachable(reason="Zalo says -216")),
        (-224, Unreachable(reason="Zalo says -224")),
        (-230, Held(reason="Zalo says -230")),
        (-232, Held(reason="Zalo says -232")),
        (-218, Spent(reason="Zalo says -218", seconds=TODAY_SECONDS)),
        (-234, Spent(reason="Zalo says -234", seconds=TODAY_SECONDS)),
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


@pytest.mark.parametrize("code", ["-216", "-220"])  # the logs of others, and Zalo's table, for one that has run out
async def test_a_token_zalo_refuses_is_renewed_once_and_the_message_sent_once(
    account: ZaloOaAccount, zalo: ZaloOaServer, code: str
) -> None:
    await account.channel.send(HELLO)
    zalo.world.offset += 2 * HOUR
    zalo.faults.append(Fault(code, "/message/cs"))
    assert isinstance(await account.channel.send(HELLO), Sent)
    assert len(zalo.world.sent(RESIDENT)) == 2 and zalo.world.refreshes == 2
    zalo.world.offset += 2 * HOUR
    zalo.faults.append(Fault(code, "/message/cs", times=2))
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


async def kept(sqlite: Database, folder: Path, data: bytes) -> int:
    """A file of somebody's that is stored."""
    stored = await take_in(folder / FOLDER, data, limits=file_limits(Settings.load({"DATA_DIR": str(folder)})))
    owner = Contact(channel="zalo_oa", account="x", address=RESIDENT)
    async with sqlite.transaction() as tx:
        return (await attachments.add(tx, stored, uploaded_by=owner, ward_id=None, now=HELLO.now)).id


async def test_a_picture_is_uploaded_and_sent_and_one_that_is_gone_is_put_in_words(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database, tmp_path: Path
) -> None:
    delivery = replace(HELLO, reply=Reply(text="xem ảnh", attachments=(await kept(sqlite, tmp_path, noise(200)),)))
    assert await account.channel.pieces(delivery) == (2, 1)
    assert isinstance(await account.channel.send(delivery), Sent)
    assert isinstance(await account.channel.send(replace(delivery, piece=1)), Sent)
    first, second = zalo.world.sent(RESIDENT)
    assert first.body["attachment"]["payload"]["elements"][0]["attachment_id"] in zalo.world.uploads
    assert second.body["text"] == "xem ảnh"
    for file in (tmp_path / FOLDER).rglob("*"):
        if file.is_file():
            file.unlink()
    assert isinstance(await account.channel.send(delivery), Sent)
    assert zalo.texts(RESIDENT)[-1].startswith("📎") and "📷 1 ảnh: http" in zalo.texts(RESIDENT)[-1]


async def test_a_document_is_uploaded_and_what_zalo_does_not_carry_comes_as_a_link(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database, tmp_path: Path
) -> None:
    files = tuple([await kept(sqlite, tmp_path, data) for data in (samples.DOCX, samples.XLSX, samples.MP4)])
    for delivery in (
        replace(HELLO, reply=Reply(text="gửi Ông/Bà", attachments=files)),
        replace(HELLO, chat="group:g1", reply=Reply(text="gửi cả nhóm", attachments=files)),
    ):
        zalo.people.group("g1", [RESIDENT])
        chat = delivery.chat.removeprefix("group:")
        assert await account.channel.pieces(delivery) == (2, 1)
        for piece in range(2):
            assert isinstance(await account.channel.send(replace(delivery, piece=piece)), Sent)
        first, second = zalo.world.sent(chat)
        assert zalo.world.uploads[first.body["attachment"]["payload"]["token"]] == samples.DOCX
        told = second.body["text"].splitlines()
        assert told[0] == delivery.reply.text and "72 giờ" in told[2]
        assert told[3].startswith("📄 1 tài liệu: http") and told[3].endswith(".xlsx")
        assert told[4].startswith("🎬 1 video: http") and told[4].endswith(".mp4")


async def test_a_file_zalo_will_not_have_does_not_take_the_words_with_it(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database, tmp_path: Path
) -> None:
    zalo.faults.append(Fault("-201", "/upload/file"))
    delivery = replace(HELLO, reply=Reply(text="", attachments=(await kept(sqlite, tmp_path, samples.PDF),)))
    assert isinstance(await account.channel.send(delivery), Sent)
    assert "📄 1 tài liệu: http" in zalo.texts(RESIDENT)[0]


async def test_a_word_for_one_person_of_a_group_is_said_in_private_or_asked_for_aloud(
    account: ZaloOaAccount, zalo: ZaloOaServer
) -> None:
    zalo.people.group("g1", [RESIDENT, "8309000000000000066"])
    reply = Reply(text="Việc này không phải của đơn vị ông", only_for=RESIDENT, aloud="Xin nhắn riêng cho tôi")
    known = replace(HELLO, chat="group:g1", reply=reply, quote="a message of the group")
    assert await account.channel.send(known) == Sent(message_id="")
    stranger = replace(known, quote=None, reply=replace(reply, only_for="8309000000000000066"))
    assert isinstance(await account.channel.send(stranger), Sent)
    assert zalo.texts(RESIDENT) == [reply.text] and zalo.texts("g1") == [reply.aloud]
    unsaid = await account.channel.send(replace(stranger, reply=replace(stranger.reply, aloud="")))
    assert unsaid == Refused(reason="Zalo says -201")  # it says nothing of the group


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

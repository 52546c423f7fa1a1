"""What a Zalo Bot sends: within its lengths, counted against the month, and every refusal told for what it is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.base import Delivery, Held, InDoubt, Outcome, Refused, RetryLater, Sent, Troubled, Unreachable
from bot.channels.zalo_allowance import Allowance
from bot.channels.zalo_apart import FilesApart
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_bot_layout import TEXT_MAX
from bot.channels.zalo_bot_update import NAME
from bot.file_links import FileLinks
from bot.outbox import OutboxLimits, OutboxWorker
from domain.files import FileKind
from domain.notices import Priority
from domain.people import GroupKind, Role
from handlers.engine.reply import Choice, Reply
from storage import attachments, invites, outbox, quotas
from storage.attachments import Contact, StoredFile
from storage.base import Account
from storage.database import Database
from storage.outbox import Address
from tests.bot.test_outbox_worker import Clock as StandingClock
from tests.fakes.zalo_bot.server import ZaloBotServer
from tests.fakes.zalo_bot.world import Fault
from tests.handlers.driver import Talk

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
USER = "a1b2c3d4e5f60718293a"


@pytest.fixture
async def server() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer(scale=0.02) as opened:
        opened.write(USER, "Chào")
        yield opened


class Sender:
    """A channel of its own on a database."""

    def __init__(self, server: ZaloBotServer, database: Database, most: int = 0, links: bool = False) -> None:
        self.on = Account(NAME, server.world.bot_id)
        self.api = ZaloBotApi(token=server.world.token, url=server.url, answer_seconds=1)
        self.database = database
        self.zalo = ZaloBot(
            self.api, account=self.on.account, names=(), commands=(), database=database,
            allowance=Allowance(database, self.on, most=most),
            apart=FilesApart(links=FileLinks(b"k" * 32, server.url) if links else None, lasts=timedelta(hours=72)),
        )  # fmt: skip

    async def send(self, text: str = "Đã nhận", now: datetime = NOW, doubted: bool = False, **more: object) -> Outcome:
        """Owe a message and send it."""
        address = Address(channel=NAME, account=self.on.account, chat=USER)
        async with self.database.transaction() as tx:
            await outbox.put(tx, address, {}, language="vi", priority=0, now=now)
            owed = (await outbox.owed_to(tx, address))[-1]
        reply = Reply(text=text, **more)  # type: ignore[arg-type]
        return await self.zalo.send(
            Delivery(id=owed.id, chat=USER, reply=reply, now=now, language="vi", doubted=doubted)
        )

    async def used(self, now: datetime = NOW) -> int:
        """Messages of the month that are used."""
        async with self.database.reading() as tx:
            return (await quotas.load(tx, self.on, f"{now:%Y-%m}")).used


@pytest.fixture
async def sender(server: ZaloBotServer, sqlite: Database) -> AsyncIterator[Sender]:
    made = Sender(server, sqlite)
    yield made
    await made.api.close()


async def test_a_message_is_sent_with_its_choices_as_a_list(server: ZaloBotServer, sender: Sender) -> None:
    outcome = await sender.send("Gửi chưa?", choices=(Choice(id="a", label="Gửi"), Choice(id="b", label="Sửa")))
    assert outcome == Sent(message_id=server.world.sent[0]["message_id"])
    assert server.texts(USER) == ["Gửi chưa?\n\n1. Gửi\n2. Sửa\n👉 Trả lời bằng số."]
    assert await sender.used() == 1


async def test_a_long_text_goes_in_pieces(server: ZaloBotServer, sender: Sender) -> None:
    text = " ".join(f"Câu số {number} của một thông báo dài." for number in range(150))
    server.world.faults.append(Fault("403", "sendMessage"))
    assert isinstance(await sender.send(text), Troubled)
    server.world.faults.append(Fault("cut_before", "sendMessage"))
    assert isinstance(await sender.send(text), InDoubt)
    delivery = Delivery(id=2, chat=USER, reply=Reply(text=text), now=NOW)
    pieces = await sender.zalo.pieces(delivery)
    assert pieces == (1, 1, 1)
    for number in range(len(pieces)):
        assert isinstance(await sender.zalo.send(replace(delivery, piece=number)), Sent)
    assert " ".join(server.texts(USER)) == text and all(len(one) <= TEXT_MAX for one in server.texts(USER))


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("400", Refused), ("401", RetryLater), ("403", Troubled), ("408", InDoubt), ("429", RetryLater),
        ("500", Troubled), ("cut_before", InDoubt), ("cut_after", InDoubt), ("hang", InDoubt),
    ],
)  # fmt: skip
async def test_every_refusal_comes_to_its_end_in_either_spelling(
    server: ZaloBotServer, sender: Sender, kind: str, outcome: type
) -> None:
    for _ in range(3 if kind != "hang" else 1):  # HTTP 200 and not, errorCode and error_code
        server.world.faults.append(Fault(kind, "sendMessage"))
        found = await sender.send()
        assert isinstance(found, outcome), found
        async with sender.database.transaction() as tx:
            await quotas.resume(tx, sender.on, "2026-11")


@pytest.mark.parametrize("kind", [None, "403", "500"])
async def test_an_outage_of_an_hour_loses_no_message_and_uses_none_of_the_months(
    server: ZaloBotServer, sqlite: Database, unused_tcp_port: int, kind: str | None
) -> None:
    sender, clock = Sender(server, sqlite), StandingClock()
    where = server.url if kind else f"http://127.0.0.1:{unused_tcp_port}"  # where nobody listens
    away = ZaloBotApi(token=server.world.token, url=where, answer_seconds=1)
    if kind:
        server.world.faults.append(Fault(kind, "sendMessage", times=1000))
    address = Address(channel=NAME, account=sender.on.account, chat=USER)
    async with sqlite.transaction() as tx:
        body = {"reply": Reply(text="Đã nhận").to_json()}
        await outbox.put(tx, address, body, language="vi", priority=Priority.REPLY, now=clock.now())
    worker = OutboxWorker(
        sqlite, {sender.on: sender.zalo}, clock, limits=OutboxLimits(attempts_max=3)  # type: ignore[arg-type]
    )  # fmt: skip
    sender.zalo.api = away
    for _minute in range(60):
        await worker.work_one()
        clock.time += timedelta(minutes=1)
    assert not server.texts(USER) and await sender.used(clock.now()) == 0
    server.world.faults.clear()
    sender.zalo.api = sender.api
    await worker.work_one()
    assert server.texts(USER) == ["Đã nhận"] and await sender.used(clock.now()) == 1
    await away.close()
    await sender.api.close()


async def test_nobody_listening_means_surely_not_sent(sqlite: Database, unused_tcp_port: int) -> None:
    server = ZaloBotServer()
    server.url = f"http://127.0.0.1:{unused_tcp_port}"
    sender = Sender(server, sqlite)
    assert isinstance(await sender.send(), Unreachable)
    assert await sender.used() == 0
    await sender.api.close()


async def test_a_429_pauses_the_account_and_never_loops(server: ZaloBotServer, sender: Sender) -> None:
    server.world.faults.append(Fault("429", "sendMessage", times=100))
    now, waits = NOW, []
    for _ in range(8):
        outcome = await sender.send(now=now)
        assert isinstance(outcome, RetryLater) and outcome.seconds is not None
        waits.append(outcome.seconds)
        asked = len(server.calls("sendMessage"))
        # Whatever else is owed meanwhile does not reach Zalo.
        assert isinstance(await sender.send(now=now + timedelta(seconds=1)), RetryLater)
        assert len(server.calls("sendMessage")) == asked
        now += timedelta(seconds=outcome.seconds)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    server.world.faults.clear()
    assert isinstance(await sender.send(now=now), Sent)
    assert isinstance(await sender.send(now=now), Sent)


async def test_the_months_messages_are_kept_and_the_admins_warned_once_each(
    server: ZaloBotServer, sqlite: Database
) -> None:
    talk = await Talk.begin(sqlite)
    await talk.official("quan", None, Role.ADMIN)
    sender = Sender(server, sqlite, most=5)
    outcomes = [await sender.send() for _ in range(8)]
    assert [isinstance(one, Sent) for one in outcomes] == [True] * 5 + [False] * 3
    assert len(server.world.sent) == 5 and await sender.used() == 5
    warned = [one.text for one in await _told(talk)]
    assert len(warned) == 2 and "4/5" in warned[0] and "5 tin" in warned[1]
    # Nor is anything taken from the next month for what may have arrived already.
    assert isinstance(await sender.send(doubted=True), Held)
    # A new month has messages of its own.
    assert isinstance(await sender.send(now=datetime(2026, 11, 30, 17, 0, tzinfo=UTC)), Sent)
    await sender.api.close()


async def _told(talk: Talk) -> list[object]:
    from handlers.texts.notices import render

    async with talk.database.reading() as tx:
        owed = await outbox.owed_to(tx, Address(channel=talk.channel, account="bot", chat="quan"))
    return [render(one.body, "vi", case_id=None) for one in owed]


async def photos(database: Database, count: int) -> tuple[int, ...]:
    return await stored(database, *[(FileKind.PHOTO, "image/jpeg")] * count)


async def stored(database: Database, *files: tuple[FileKind, str]) -> tuple[int, ...]:
    made = [
        StoredFile(kind=kind, seconds=0, sha256="0" * 64, mime=mime, size=1, width=1, height=1, stored_as="00/0")
        for kind, mime in files
    ]
    contact = Contact(channel=NAME, account="1", address=USER)
    async with database.transaction() as tx:
        added = [await attachments.add(tx, file, uploaded_by=contact, ward_id=None, now=NOW) for file in made]
    return tuple(one.id for one in added)


async def test_without_an_address_zalo_can_reach_pictures_are_put_in_words(
    server: ZaloBotServer, sender: Sender
) -> None:
    await sender.send("Đã xong", attachments=await photos(sender.database, 2))
    (said,) = server.texts(USER)
    assert said.startswith("Đã xong\n\n📎 Kèm theo có 📷 2 ảnh")


async def test_a_picture_zalo_cannot_fetch_does_not_take_the_words_with_it(
    server: ZaloBotServer, sqlite: Database, tmp_path: Path
) -> None:
    sender = Sender(server, sqlite, links=True)  # the stand-in has nothing at that address
    assert isinstance(await sender.send("Đã xong", attachments=await photos(sqlite, 1)), Sent)
    (said,) = server.texts(USER)
    assert said.startswith("Đã xong\n\n📎") and len(server.calls("sendPhoto")) == 1
    await sender.api.close()


async def test_a_recording_goes_as_one_in_private_and_as_a_link_in_a_group_like_every_other_file(
    server: ZaloBotServer, sqlite: Database
) -> None:
    sender = Sender(server, sqlite, links=True)
    kinds = (FileKind.VOICE, "audio/aac"), (FileKind.VIDEO, "video/mp4")
    reply = Reply(text="Đã xong", attachments=await stored(sqlite, *kinds))
    private = Delivery(id=1, chat=USER, reply=reply, now=NOW)
    assert await sender.zalo.pieces(private) == (1, 1)
    await sender.zalo.send(private)  # the stand-in has nothing at that address
    await sender.zalo.send(replace(private, piece=1))
    (voice,) = server.calls("sendVoice")
    assert voice.params["voice"].endswith(".aac") and set(voice.params) == {"chat_id", "voice"}
    instead, words = server.texts(USER)
    assert "🎤" in instead and "http" in instead
    assert words.startswith("Đã xong\n\n📎") and "🎬" in words and ".mp4" in words and "🎤" not in words
    server.write("ffff", "nhận PA-26-00001", group="group")
    talk = await Talk.begin(sqlite)
    async with sqlite.transaction() as tx:
        where = Address(channel=NAME, account=sender.on.account, chat="group")
        await invites.bind_group(
            tx, where, ward_id=talk.ward.id, kind=GroupKind.WARD, unit_id=None, bound_by=None, now=NOW
        )
    assert await sender.zalo.pieces(replace(private, chat="group")) == (1,)
    await sender.api.close()


async def test_a_word_for_one_person_goes_to_them_alone_or_asks_them_aloud(
    server: ZaloBotServer, sender: Sender
) -> None:
    server.write("ffff", "nhận PA-26-00001", group="group")
    reply = Reply(text="Việc này không phải của đơn vị ông", only_for=USER, aloud="Xin nhắn riêng cho tôi")
    known = Delivery(id=1, chat="group", reply=reply, now=NOW)
    assert isinstance(await sender.zalo.send(known), Sent)
    stranger = Delivery(id=2, chat="group", reply=replace(reply, only_for="ffff"), now=NOW)
    assert isinstance(await sender.zalo.send(stranger), Sent)
    assert server.texts(USER) == [reply.text] and server.texts("group") == [reply.aloud]

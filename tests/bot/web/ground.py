"""The ground of the web's tests: a small ward, settings, a clock, a bot that echoes, and a browser's manners."""

import asyncio
import contextlib
import io
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from bot.channels.base import Delivery
from bot.channels.webchat import WebChat
from bot.web.app import web_app
from bot.web.site import DemoHooks
from domain.people import Role
from domain.ward import Category, ResidentialGroup, Unit, Ward
from domain.workdays import WorkCalendar, WorkPeriod
from handlers.engine.event import Event
from handlers.engine.reply import Choice, Reply
from storage import inbox, offices, people, wards
from storage.base import Account
from storage.database import Database
from tests.storage.claiming import take_one

KEY = b"k" * 32
OURS = {"X-Dan-Ban": "1"}
HOURS = tuple(WorkPeriod(weekday=day, opens=time(7, 30), closes=time(17, 0)) for day in range(5))

SMALL_WARD = Ward(
    code="AHD",
    name="Phường An Hòa Đông",
    units=(Unit(code="VP", name="Văn phòng", reception=True), Unit(code="KT", name="Phòng Kinh tế")),
    categories=(Category(code="road", name_vi="Đường sá", name_en="Roads", unit_code="KT"),),
    groups=(ResidentialGroup(code="T1", name="Tổ dân phố 1"),),
    calendar=WorkCalendar(periods=HOURS, timezone="Asia/Ho_Chi_Minh"),
)


def clock() -> datetime:
    """The time it is; nothing here depends on which."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSettings:
    """Settings as small as the tests want them."""

    __test__ = False

    data_dir: Path
    public_url: str = "http://127.0.0.1:8080"
    demo: bool = False
    upload_max_bytes: int = 300_000
    upload_max_pixels: int = 4_000_000
    voice_max_bytes: int = 200_000
    video_max_bytes: int = 400_000
    document_max_bytes: int = 100_000
    files_per_case_max: int = 3
    text_max_chars: int = 500


async def small_ward(database: Database, ward: Ward = SMALL_WARD) -> int:
    """Write the small ward; its id."""
    async with database.transaction() as tx:
        return await wards.write(tx, ward)


@contextlib.asynccontextmanager
async def serving(
    database: Database, settings: TestSettings, *, demo_hooks: DemoHooks | None = None, ready: bool = True
) -> AsyncIterator[TestServer]:
    """The web side on a loopback port."""
    app = web_app(database, settings, key=KEY, clock=clock, ready=lambda: ready, demo_hooks=demo_hooks)
    server = TestServer(app)
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


@contextlib.asynccontextmanager
async def nobody(server: TestServer, **cookies: str) -> AsyncIterator[TestClient[Any, Any]]:
    """A browser that has opened nothing yet; it leaves the server running when it goes."""
    client: TestClient[Any, Any] = TestClient(server, cookies=cookies)
    try:
        yield client
    finally:
        await client.session.close()


@contextlib.asynccontextmanager
async def visitor(server: TestServer, path: str = "/") -> AsyncIterator[TestClient[Any, Any]]:
    """A browser that has opened the page and got its cookie."""
    async with nobody(server) as client:
        (await client.get(path)).raise_for_status()
        yield client


async def post(client: TestClient[Any, Any], text: str = "", *, query: str = "", **fields: Any) -> Any:
    """Post a message as the page does; the response."""
    body = {"client_id": str(uuid.uuid4()), "text": text, **fields}
    return await client.post(f"/api/messages{query}", json=body, headers=OURS)


async def messages(client: TestClient[Any, Any], query: str = "") -> list[dict[str, Any]]:
    """What the page shows."""
    return list((await (await client.get(f"/api/messages{query}")).json())["messages"])


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A picture in bytes."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(target, kind, **options)
    return target.getvalue()


async def send_photo(client: TestClient[Any, Any], data: bytes, name: str = "file") -> Any:
    """Upload a photo as the page does; the response."""
    return await send_file(client, data, "image/jpeg", name=name)


async def send_file(
    client: TestClient[Any, Any], data: bytes, mime: str, *, name: str = "file", query: str = ""
) -> Any:
    """Upload any file, as what the browser says it is; the response."""
    form = FormData()
    form.add_field(name, data, filename="a", content_type=mime)
    return await client.post(f"/api/uploads{query}", data=form, headers=OURS)


async def uploaded(client: TestClient[Any, Any]) -> str:
    """Upload a small photo; its token."""
    return str((await (await send_photo(client, picture())).json())["token"])


async def visitor_id(database: Database, client: TestClient[Any, Any]) -> str:
    """The id of a visitor, read from what they wrote."""
    text = str(uuid.uuid4())
    await post(client, text)
    async with database.reading() as tx:
        rows = (await tx.execute(inbox.inbox.select())).all()
    return next(str(row.raw["sender"]) for row in rows if row.raw and row.raw["text"] == text)


async def appoint(database: Database, ward_id: int, visitor: str, role: Role, unit: str | None) -> int:
    """Make a visitor an official; the person's id."""
    async with database.transaction() as tx:
        ward = await wards.load(tx, ward_id)
        person = await people.add(
            tx, ward_id=ward_id, channel="web", account="web", address=visitor, name="Cán bộ Lan", language="vi",
            now=clock(),
        )  # fmt: skip
        unit_id = ward.unit_id(unit) if unit else None
        await offices.appoint(tx, person_id=person.id, ward_id=ward_id, unit_id=unit_id, role=role, now=clock())
    return person.id


class EchoBot:
    """A bot without a house: says back what it heard, with buttons; `hush` keeps it silent."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._channel = WebChat(database)
        self.heard: list[Event] = []
        self.replies = 0

    def answer(self, event: Event) -> list[Reply]:
        """What is said to an event; tests put their own in its place."""
        said = event.text or event.choice or "📷"
        yes_no = (Choice(id="yes", label="Gửi"), Choice(id="no", label="Sửa"), Choice(id="/hoso", label="Hồ sơ"))
        return [Reply(text=f"Đã nghe: {said}", choices=yes_no, menu=f"m{self.replies}")]

    async def run(self) -> None:
        """Take updates one by one until cancelled."""
        while True:
            if not await self.step():
                await self._database.wakes.wait(inbox.TOPIC, 0.2)

    async def step(self) -> bool:
        """Handle one update; False if none waited."""
        async with self._database.transaction() as tx:
            update = await take_one(tx, accounts=[Account("web", "web")], now=clock())
            if update is None:
                return False
            await inbox.finish(tx, update, now=clock())
        event = self._channel.parse(update.raw, update.received_at)
        if event is not None:
            self.heard.append(event)
            for reply in self.answer(event):
                self.replies += 1
                await self._channel.send(Delivery(id=self.replies, chat=event.chat, reply=reply, now=clock()))
        return True


@contextlib.asynccontextmanager
async def echoing(database: Database) -> AsyncIterator[EchoBot]:
    """An echoing bot at work."""
    bot = EchoBot(database)
    task = asyncio.create_task(bot.run())
    try:
        yield bot
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

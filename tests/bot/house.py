"""The whole house as people meet it: a real process on a real file, driven over HTTP by visitors of its page."""

import asyncio
import contextlib
import io
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar, FormData

from bot.__main__ import parser
from bot.settings import Settings
from tests.bot.test_start import danban, environment, greeted
from tests.bot.web.ground import OURS, picture

PATIENCE_SECONDS = 90.0
LOOK_SECONDS = 0.05
SETTINGS = {"MESSAGES_PER_MINUTE": "600", "LEASE_SECONDS": "120"}

Shown = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class House:
    """One installation in a folder; its process may be stopped and started again."""

    folder: Path
    process: "subprocess.Popen[str] | None" = None
    url: str = ""

    def start(self) -> None:
        """Start the process and wait until it says where it listens."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=environment(self.folder, **SETTINGS),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = greeted(self.process)

    def kill(self) -> None:
        """End the process as a power failure would."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def danban(self, *arguments: str) -> str:
        """Run a command of the installer's; what it printed."""
        done = danban(self.folder, *arguments, **SETTINGS)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    async def invite(self, *arguments: str) -> str:
        """Make an invite as `danban invite` does, without the second a process of its own takes; its code."""
        args = parser().parse_args(["invite", *arguments])
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            await args.run(args, Settings.load(environment(self.folder, **SETTINGS)))
        return said.getvalue().strip().splitlines()[-1]

    @contextlib.asynccontextmanager
    async def visitor(self) -> "AsyncIterator[Visitor]":
        """Somebody who opens the page."""
        jar = CookieJar(unsafe=True)
        async with ClientSession(cookie_jar=jar, timeout=ClientTimeout(total=10)) as client:
            one = Visitor(house=self, client=client)
            async with client.get(f"{self.url}/") as page:
                assert page.status == 200
            yield one

    async def official(self, one: "Visitor", name: str, *arguments: str) -> None:
        """Have a visitor join with an invite."""
        await one.say(f"/thamgia {await self.invite(*arguments)}")
        await one.say(name)

    def rows(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        """What stands in the database file."""
        with contextlib.closing(sqlite3.connect(self.folder / "var" / "danban.db")) as connection:
            return connection.execute(statement, values).fetchall()

    def holds(self, word: str) -> list[str]:
        """The files of the installation in which a word stands, in any corner."""
        files = [one for one in (*(self.folder / "var").rglob("*"), self.folder / "log") if one.is_file()]
        return [one.name for one in files if word.encode() in one.read_bytes()]


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One browser: it sends again what was not acknowledged, and reads what came."""

    house: House
    client: ClientSession
    seen: dict[str, int] = field(default_factory=dict)

    async def say(self, text: str = "", *, room: str = "", wait: bool = True, **fields: Any) -> list[Shown]:
        """Send a message (until it is acknowledged) and give what the bot says in this chat because of it."""
        sent = await self.post(text, room=room, **fields)
        if not wait:
            return []
        return await self.until(lambda found: bool(found), room=room, after=sent["id"])

    async def post(self, text: str = "", *, room: str = "", client_id: str = "", **fields: Any) -> Shown:
        """Send a message until it is acknowledged."""
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text, **fields}
        answer: Shown = await self._ask("POST", "/api/messages", room, json=body, headers=OURS)
        return dict(answer["message"])

    async def tap(self, label: str, *, room: str = "", wait: bool = True) -> list[Shown]:
        """Press the newest button with this label."""
        for message in reversed(await self.messages(room)):
            for payload, shown in message["choices"]:
                if shown == label:
                    return await self.say(room=room, wait=wait, choice=payload, label=label)
        raise AssertionError(f"no button {label}")

    async def upload(self) -> str:
        """Upload a photo; its token."""
        form = FormData()
        form.add_field("file", picture(), filename="a.jpg", content_type="image/jpeg")
        answer = await self._ask("POST", "/api/uploads", "", data=form, headers=OURS)
        return str(answer["token"])

    async def sees_file(self, token: str) -> bool:
        """Whether a file is shown to this visitor."""
        async with self.client.get(f"{self.house.url}/tep/{token}") as answer:
            return answer.status == 200

    async def messages(self, room: str = "") -> list[Shown]:
        """The last messages of a chat."""
        return list((await self._ask("GET", "/api/messages", room))["messages"])

    async def until(self, enough: Callable[[list[Shown]], bool], *, room: str = "", after: int = 0) -> list[Shown]:
        """The bot's messages after one, once there are enough of them and no more are coming."""
        found: list[Shown] = []
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            now = [one for one in await self.messages(room) if one["author"] == "bot" and one["id"] > after]
            if enough(now) and now == found and not self._owed():
                return now
            found = now
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError([one["text"] for one in found])

    async def told(self, words: str, *, room: str = "") -> Shown:
        """The newest message of the bot's with these words, once it is there."""
        found = await self.until(lambda now: any(words in one["text"] for one in now), room=room)
        return next(one for one in reversed(found) if words in one["text"])

    def _owed(self) -> bool:
        return bool(
            self.house.rows("SELECT 1 FROM inbox WHERE state = 'new'")
            or self.house.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending')")
        )

    async def _ask(self, method: str, path: str, room: str, **more: Any) -> dict[str, Any]:
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            try:
                params = {"chat": room} if room else {}
                async with self.client.request(method, self.house.url + path, params=params, **more) as answer:
                    assert answer.status < 400 or answer.status >= 429, (answer.status, await answer.text())
                    if answer.status == 200:
                        return dict(await answer.json())
            except (ClientError, TimeoutError):
                pass  # the house is being started again
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"{path} does not answer")


def words(messages: list[Shown]) -> str:
    """Everything these messages say."""
    return "\n\n".join(str(one["text"]) for one in messages)

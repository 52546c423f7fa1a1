"""The platforms as a draw of faults meets them: settings, people who write, faults of the line, what has arrived."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.faults.ground import TOKEN, Sim, stand_in

SECRET = "a-secret-of-sixteen"
SCALE = "0.02"
# The platforms' limits are made wider than in life, and kept as strictly: a draw lasts minutes, not days.
PER_MINUTE, PER_SECOND = "600", "5"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of ours that reached a chat."""

    id: str
    chat: str
    text: str


@dataclass(kw_only=True)
class Platform:
    """One platform; `refusals` are answers that end a message for good, `answers` those that do not."""

    sim: Sim
    name: str
    account: str
    send: str
    answers: tuple[str, ...]
    refusals: tuple[str, ...]
    # Whether it delivers again what was not taken, so that nothing at all may be lost.
    keeps: bool = False
    has_desk: bool = False

    def settings(self, mode: str, url: str) -> dict[str, str]:
        """How this installation reaches it."""
        raise NotImplementedError

    def address(self, person: int) -> str:
        """A person's id there."""
        raise NotImplementedError

    async def ready(self, mode: str, url: str) -> None:
        """What has to be done there before people can write."""

    async def known(self, mode: str) -> None:
        """Wait until the platform knows where to bring what people write."""

    async def mend(self) -> None:
        """Order no faults any more, and do what an installer would have to do there."""
        await self.sim.do("mend")

    async def write(self, person: int, text: str) -> None:
        """Somebody writes to us."""
        await self.sim.do("write", user=self.address(person), text=text)

    async def order(self, kind: str, times: int = 1) -> None:
        """The next sendings meet this fault."""
        await self.sim.do("fault", kind=kind, method=self.send, times=times)

    async def break_asking(self, kind: str) -> None:
        """The next question for updates meets this fault."""
        await self.sim.do("fault", kind=kind, method="getUpdates")

    async def arrived(self) -> list[Arrived]:
        """Everything of ours that reached somebody, in order."""
        return [self._arrived(one) for one in await self.sim.do("sent")]

    def _arrived(self, one: dict[str, Any]) -> Arrived:
        return Arrived(str(one["id"]), str(one["chat"]), str(one["text"]))

    async def taken(self) -> set[str]:
        """The updates that we have said we have, by their names in the inbox."""
        return set(await self.sim.do("acknowledged"))

    async def excesses(self) -> list[str]:
        """Where a limit of the platform's was exceeded."""
        return []


class Telegram(Platform):
    """The stand-in for Telegram."""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        settings = {
            "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": self.sim.url, "TELEGRAM_MODE": mode,
            "TELEGRAM_GROUP_PER_MINUTE": PER_MINUTE, "TELEGRAM_CHAT_PER_SECOND": PER_SECOND,
            "TELEGRAM_CHAT_BURST": "15",
        }  # fmt: skip
        return settings | ({"TELEGRAM_WEBHOOK_SECRET": SECRET} if mode == "webhook" else {})

    def address(self, person: int) -> str:
        return str(4000 + person)

    async def write(self, person: int, text: str) -> None:
        await self.sim.do("write", user=int(self.address(person)), text=text)

    async def order(self, kind: str, times: int = 1) -> None:
        await self.sim.do("fault", kind=kind, method=self.send, times=times, retry_after=1)

    def _arrived(self, one: dict[str, Any]) -> Arrived:
        return Arrived(str(one["message_id"]), str(one["chat"]["id"]), one.get("text") or one.get("caption", ""))

    async def taken(self) -> set[str]:
        return set()  # it keeps everything until it is taken: what people wrote is compared instead

    async def excesses(self) -> list[str]:
        return [str(one) for one in await self.sim.do("excesses")]


class ZaloOa(Platform):
    """The stand-in for a Zalo Official Account."""

    refresh = ""
    hook = ""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        return {
            "ZALO_OA_APP_ID": self.account, "ZALO_OA_APP_SECRET": "app-secret-of-the-application",
            "ZALO_OA_SECRET_KEY": "oa-secret-key-of-the-webhook-page", "ZALO_OA_REFRESH_TOKEN": self.refresh,
            "ZALO_OA_API_URL": self.sim.url, "ZALO_OAUTH_URL": self.sim.url, "ZALO_ZBS_URL": self.sim.url,
            "ZALO_OA_FILE_HOSTS": self.sim.url, "ZALO_OA_PER_MINUTE": PER_MINUTE,
        }  # fmt: skip

    def address(self, person: int) -> str:
        return f"8309{person:015d}"

    async def ready(self, mode: str, url: str) -> None:
        self.refresh = await self.sim.do("pair")
        self.hook = f"{url}/webhook/zalo-oa/{self.account}"
        await self.sim.do("hook", url=self.hook)

    async def mend(self) -> None:
        await self.sim.do("mend")
        # It is switched off after an hour without us, and switched on again by hand.
        await self.sim.do("hook", url=self.hook)

    async def order(self, kind: str, times: int = 1) -> None:
        await self.sim.do("fault", kind=kind, path=self.send, times=times)

    async def excesses(self) -> list[str]:
        excess = (await self.sim.do("state"))["excess"]
        return [f"{excess} calls above the minute's limit"] if excess else []


class ZaloBot(Platform):
    """The stand-in for a Zalo Bot."""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        settings = {
            "ZALO_BOT_TOKEN": f"{self.account}:TEST-zalo-token-abcdef", "ZALO_BOT_API_URL": self.sim.url,
            "ZALO_BOT_MODE": mode, "ZALO_BOT_MONTHLY_MESSAGES": "0", "ZALO_BOT_USERS": "0",
            "ZALO_BOT_FILE_HOSTS": f"zdn.vn {self.sim.url}",
        }  # fmt: skip
        return settings | ({"ZALO_BOT_WEBHOOK_SECRET": SECRET} if mode == "webhook" else {})

    def address(self, person: int) -> str:
        return f"{person:020x}"

    async def known(self, mode: str) -> None:
        while mode == "webhook" and not await self.sim.do("hooked"):  # noqa: ASYNC110  # another process has no event
            await asyncio.sleep(0.1)

    def _arrived(self, one: dict[str, Any]) -> Arrived:
        return Arrived(one["message_id"], one["chat_id"], one["text"])


@asynccontextmanager
async def platform(name: str) -> AsyncIterator[Platform]:
    """A running platform."""
    options = {
        "telegram": ("--scale", SCALE, "--group-per-minute", PER_MINUTE, "--chat-per-second", PER_SECOND),
        "zalo_oa": ("--scale", SCALE, "--per-minute", PER_MINUTE),
        "zalo_bot": ("--scale", "1", "--monthly", "1000000"),
    }[name]
    async with stand_in(name, *options) as sim:
        if name == "telegram":
            yield Telegram(
                sim=sim, name=name, account=TOKEN.partition(":")[0], send="sendMessage",
                answers=("429", "500", "502"), refusals=("400", "403"), keeps=True, has_desk=True,
            )  # fmt: skip
        elif name == "zalo_oa":
            yield ZaloOa(
                sim=sim, name=name, account="1234567890123456789", send="/v3.0/oa/message/cs",
                answers=("-32", "502"), refusals=("-201",),
            )  # fmt: skip
        else:
            yield ZaloBot(
                sim=sim, name=name, account="1459232241454765289", send="sendMessage", answers=("500", "403"),
                refusals=("400",),
            )  # fmt: skip

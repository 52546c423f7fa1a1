"""The stand-in for Telegram as a draw of faults meets it."""

from typing import Any

from tests.faults.ground import TOKEN
from tests.faults.platform_base import PER_MINUTE, SECRET, Arrived, Platform, encoded

PER_SECOND = "5"
BLOCKED = "403"
# What a delivery is answered with; nobody when the process was not there.
NOBODY, TAKEN, COME_AGAIN = 0, 200, 503


class Telegram(Platform):
    """Telegram; its groups are supergroups that everybody at the desk is in."""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        settings = {
            "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": self.sim.url, "TELEGRAM_MODE": mode,
            "TELEGRAM_GROUP_PER_MINUTE": PER_MINUTE, "TELEGRAM_CHAT_PER_SECOND": PER_SECOND,
            "TELEGRAM_CHAT_BURST": "15",
        }  # fmt: skip
        return settings | ({"TELEGRAM_WEBHOOK_SECRET": SECRET} if mode == "webhook" else {})

    def address(self, person: int) -> str:
        return str(4000 + person)

    def group(self, number: int) -> str:
        return str(-1000 - number)

    async def open_groups(self, numbers: list[int], members: list[int]) -> None:
        ranks = {self.address(one): "member" for one in members}
        for number in numbers:
            await self.sim.do("group", chat=int(self.group(number)), members=ranks)

    async def write(self, person: int, text: str) -> Any:
        return await self.sim.do("write", user=int(self.address(person)), text=text)

    async def photos(self, person: int, photos: list[bytes], text: str) -> int:
        user = int(self.address(person))
        if len(photos) == 1:
            await self.sim.do("photo", user=user, data=encoded(photos[0]), caption=text)
        else:
            await self.sim.do("album", user=user, photos=[encoded(one) for one in photos], caption=text)
        return len(photos)

    async def edit(self, person: int, message: Any, text: str) -> None:
        await self.sim.do("edit", user=int(self.address(person)), message_id=message, text=text)

    async def press(self, person: int, words: list[str], ending: str, *, group: int | None = None) -> bool:
        user = int(self.address(person))
        chat = user if group is None else int(self.group(group))
        found = await self.sim.do("button", chat=chat, words=words, ending=ending)
        if found is not None:
            where = {} if group is None else {"chat": chat}
            await self.sim.do("tap", user=user, message_id=found[0], data=found[1], **where)
        return found is not None

    async def shows(self, group: int, words: list[str]) -> bool:
        return bool(await self.sim.do("shows", chat=int(self.group(group)), words=words))

    async def refuse(self, kind: str, call: str, person: int) -> None:
        if kind == BLOCKED:
            # Only a person blocks the bot; of a group this would say that it is gone.
            await self.sim.do("fault", kind=kind, method=self.send, chat_id=int(self.address(person)))
        else:
            await self.order(kind, call)

    async def block(self, person: int, *, tell: bool) -> None:
        """Somebody blocks the bot, until they write again; the platform tells of it or does not."""
        chat = int(self.address(person))
        await self.sim.do("bot_state", chat=chat, state="blocked", by=chat, tell=tell)

    def _arrived(self, one: dict[str, Any]) -> Arrived:
        return Arrived(str(one["message_id"]), str(one["chat"]["id"]), one.get("text") or one.get("caption", ""))

    async def taken(self) -> set[str]:
        return set()  # it keeps everything until it is taken: what people wrote is compared instead

    async def beside(self) -> set[str]:
        return {str(one) for one in await self.sim.do("taps")}

    async def wrong_answers(self) -> list[str]:
        answered = await self.sim.do("statuses")
        if answered and COME_AGAIN not in answered["all"]:
            return ["never to come again"]
        wrong = [f"{one}" for one in answered.get("all", ()) if one not in (NOBODY, TAKEN, COME_AGAIN)]
        return wrong + [f"{one} without Retry-After" for one in answered.get("abrupt", ())]

    async def excesses(self) -> list[str]:
        return [str(one) for one in await self.sim.do("excesses")]

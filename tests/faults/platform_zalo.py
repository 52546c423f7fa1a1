"""The stand-ins for Zalo's two platforms as a draw of faults meets them."""

import asyncio
from typing import Any

from tests.faults.platform_base import PER_MINUTE, SECRET, Platform, encoded

UNIT_GROUP = 1


class ZaloOa(Platform):
    """A Zalo Official Account; its groups (GMF) are made by its managers, before anything is heard of it."""

    refresh = ""
    hook = ""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        return {
            "ZALO_OA_APP_ID": self.account, "ZALO_OA_APP_SECRET": "app-secret-of-the-application",
            "ZALO_OA_SECRET_KEY": "oa-secret-key-of-the-webhook-page", "ZALO_OA_REFRESH_TOKEN": self.refresh,
            "ZALO_OA_API_URL": self.sim.url, "ZALO_OAUTH_URL": self.sim.url,
            "ZALO_OA_FILE_HOSTS": self.sim.url, "ZALO_OA_PER_MINUTE": PER_MINUTE,
        }  # fmt: skip

    def address(self, person: int) -> str:
        return f"8309{person:015d}"

    def group(self, number: int) -> str:
        return f"group:{self._group_id(number)}"

    def _group_id(self, number: int) -> str:
        return f"f414c8f76fa586fb{number:04x}"

    async def open_groups(self, numbers: list[int], members: list[int]) -> None:
        for number in numbers:
            self.groups[self._group_id(number)] = self.group(number)
            await self.sim.do("group", group_id=self._group_id(number), members=[self.address(one) for one in members])

    async def ready(self, mode: str, url: str) -> None:
        self.refresh = await self.sim.do("pair")
        self.hook = f"{url}/webhook/zalo-oa/{self.account}"
        await self.sim.do("hook", url=self.hook)

    async def mend(self) -> int:
        unmet = await super().mend()
        # It is switched off after an hour without us, and switched on again by hand.
        await self.sim.do("hook", url=self.hook)
        return unmet

    async def write_at_desk(self, person: int, text: str) -> None:
        await self.sim.do("write_in_group", user=self.address(person), group_id=self._group_id(UNIT_GROUP), text=text)

    async def press(self, person: int, words: list[str], ending: str, *, group: int | None = None) -> bool:
        # Buttons are a private chat's.
        found = await self.sim.do("button", chat=self.address(person), words=words, ending=ending)
        if found is not None:
            await self.sim.do("tap", user=self.address(person), payload=found)
        return found is not None

    async def order(self, kind: str, call: str, times: int = 1) -> None:
        await self.sim.do("fault", kind=kind, path=call, times=times)

    async def excesses(self) -> list[str]:
        excess = (await self.sim.do("state"))["excess"]
        return [f"{excess} calls above the minute's limit"] if excess else []


class ZaloBot(Platform):
    """A Zalo Bot."""

    def settings(self, mode: str, url: str) -> dict[str, str]:
        settings = {
            "ZALO_BOT_TOKEN": f"{self.account}:TEST-zalo-token-abcdef", "ZALO_BOT_API_URL": self.sim.url,
            "ZALO_BOT_MODE": mode, "ZALO_BOT_MONTHLY_MESSAGES": "0", "ZALO_BOT_USERS": "0",
            "ZALO_BOT_FILE_HOSTS": f"zdn.vn {self.sim.url}",
        }  # fmt: skip
        return settings | ({"ZALO_BOT_WEBHOOK_SECRET": SECRET} if mode == "webhook" else {})

    def address(self, person: int) -> str:
        return f"{person:020x}"

    def group(self, number: int) -> str:
        return f"9{number:019x}"

    async def open_groups(self, numbers: list[int], members: list[int]) -> None:
        for number in numbers:
            await self.sim.do("group", chat=self.group(number))

    async def known(self, mode: str) -> None:
        while mode == "webhook" and not await self.sim.do("hooked"):  # noqa: ASYNC110  # another process has no event
            await asyncio.sleep(0.1)

    async def photos(self, person: int, photos: list[bytes], text: str) -> int:
        (photo,) = photos
        await self.sim.do("photo", user=self.address(person), data=encoded(photo), caption=text)
        return 1

    def _arrived(self, one: dict[str, Any]) -> Any:
        return super()._arrived({"id": one["message_id"], "chat": one["chat_id"], "text": one["text"]})

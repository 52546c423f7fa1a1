"""The platforms of a draw, each with its stand-in running in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.ground import TOKEN, Sim, stand_in
from tests.faults.platform_base import PER_MINUTE, Platform
from tests.faults.platform_telegram import PER_SECOND, Telegram
from tests.faults.platform_zalo import ZaloBot, ZaloOa

SCALE = "0.02"
# A tap is kept as long as in life: those that ran out while nobody was there are not what is looked for here.
TAP_SECONDS = "150"
OPTIONS = {
    "telegram": (
        "--scale", SCALE, "--group-per-minute", PER_MINUTE, "--chat-per-second", PER_SECOND,
        "--tap-seconds", TAP_SECONDS,
    ),
    "zalo_oa": ("--scale", SCALE, "--per-minute", PER_MINUTE),
    "zalo_bot": ("--scale", "1", "--monthly", "1000000"),
}  # fmt: skip


@asynccontextmanager
async def platform(name: str) -> AsyncIterator[Platform]:
    """A running platform."""
    async with stand_in(name, *OPTIONS[name]) as sim:
        yield _made(name, sim)


def _made(name: str, sim: Sim) -> Platform:
    if name == "telegram":
        return Telegram(
            sim=sim, name=name, account=TOKEN.partition(":")[0], send="sendMessage",
            calls=("", "editMessageText", "sendPhoto", "sendMediaGroup", "answerCallbackQuery"),
            files=("getFile", "file"), refused=("sendMessage", "editMessageText", "sendPhoto", "sendMediaGroup"),
            answers=("429", "500", "502"), refusals=("400", "403"), keeps=True, has_desk=True, has_buttons=True,
            has_desk_buttons=True, has_edits=True, photos_max=3,
        )  # fmt: skip
    if name == "zalo_oa":
        # To people and to groups alike.
        return ZaloOa(
            sim=sim, name=name, account="1234567890123456789", send="/message", calls=("/upload",), files=("/files",),
            refused=("/message",), answers=("-32", "502"), refusals=("-201",), has_desk=True, has_buttons=True,
        )  # fmt: skip
    return ZaloBot(
        sim=sim, name=name, account="1459232241454765289", send="sendMessage", calls=("sendChatAction",),
        refused=("sendMessage",), answers=("500", "403"), refusals=("400",),
    )  # fmt: skip

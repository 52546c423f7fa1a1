"""The file of an event, fetched before the event is handled: Zalo's addresses end sooner or later."""

import contextlib
from pathlib import Path
from typing import Any

from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_bot_update import NAME, OURS, chat_of, file_url, sender_of
from bot.channels.zalo_files import NotAllowed, TooLarge, ZaloFiles
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.fetching import FAILED, Fetched, FetchLater
from bot.received_files import FileLimits, take_in
from domain.errors import DomainError
from domain.files import FileKind
from storage.attachments import Contact, StoredFile

TYPING_SECONDS = 5.0


class ZaloBotFiles:
    """Fetches for one bot."""

    def __init__(self, api: ZaloBotApi, account: str, folder: Path, files: ZaloFiles, limits: FileLimits) -> None:
        self._api = api
        self._account = account
        self._folder = folder
        self._files = files
        self._limits = limits

    async def fetch(self, raw: dict[str, Any]) -> Fetched:
        """The file; raises FetchLater when the server or the disk did not take part."""
        owner = Contact(channel=NAME, account=self._account, address=sender_of(raw))
        found = file_url(raw)
        if found is None:
            return Fetched(files=(), owner=owner, found={"not_taken": None})
        with contextlib.suppress(NotSent, MaybeSent):  # a comfort: somebody sees that we are at work
            await self._api.call(
                "sendChatAction", {"chat_id": chat_of(raw), "action": "typing"}, seconds=TYPING_SECONDS
            )
        files, not_taken = await self._file(*found)
        return Fetched(files=files, owner=owner, found={"not_taken": not_taken})

    def write(self, raw: dict[str, Any], found: dict[str, Any], ids: list[int]) -> dict[str, Any]:
        """The event with what was fetched in it."""
        return raw | {OURS: found | {"attachments": ids}}

    async def _file(self, url: str, said: FileKind) -> tuple[tuple[StoredFile, ...], str | None]:
        try:
            data = await self._files.download(url)
            return (await take_in(self._folder, data, limits=self._limits, said=said),), None
        except TooLarge:
            return (), "file_too_large"
        except NotAllowed:
            return (), FAILED
        except DomainError as refused:
            return (), refused.code
        except OSError as error:
            raise FetchLater(f"the disk refused it ({type(error).__name__})", counted=True) from None

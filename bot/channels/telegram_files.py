"""What has to be asked of Telegram before an update is handled: its file, and whether its sender runs the group."""

from pathlib import Path
from typing import Any

from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.channels.telegram import Telegram
from bot.channels.telegram_request import FileTooLarge, NotSent, TooFast
from bot.channels.telegram_update import NAME, OURS, RemoteFile, needs_rank, remote_file
from bot.fetching import Fetched, FetchLater
from bot.received_files import FileLimits, take_in
from domain.errors import DomainError
from domain.files import FileKind
from storage.attachments import Contact, StoredFile

DOWNLOAD_SECONDS = 25.0
RUNNING_A_GROUP = frozenset({"creator", "administrator"})


class TelegramFiles:
    """Fetches for one bot."""

    def __init__(self, telegram: Telegram, folder: Path, limits: FileLimits) -> None:
        self._telegram = telegram
        self._folder = folder
        self._limits = limits

    async def fetch(self, raw: dict[str, Any]) -> Fetched:
        """What was asked for; raises FetchLater when Telegram or the disk did not take part."""
        sender = raw.get("message", {}).get("from", {}).get("id", 0)
        owner = Contact(channel=NAME, account=self._telegram.account, address=str(sender))
        photo_bytes_max = self._most(FileKind.PHOTO)
        files, not_taken = await self._files(remote_file(raw, self._telegram.me, photo_bytes_max=photo_bytes_max))
        found = {"not_taken": not_taken, "is_admin": await self._runs_the_group(raw)}
        return Fetched(files=files, owner=owner, found=found)

    def write(self, raw: dict[str, Any], found: dict[str, Any], ids: list[int]) -> dict[str, Any]:
        """The update with what was fetched in it."""
        return raw | {OURS: found | {"attachments": ids}}

    async def _files(self, wanted: RemoteFile | None) -> tuple[tuple[StoredFile, ...], str | None]:
        if wanted is None:
            return (), None
        if wanted.size > self._most(wanted.kind):
            return (), "file_too_large"
        try:
            data = await self._download(wanted)
            taken = await take_in(self._folder, data, limits=self._limits, said=wanted.kind, seconds=wanted.seconds)
            return (taken,), None
        except FileTooLarge:
            return (), "file_too_large"
        except DomainError as refused:
            return (), refused.code
        except OSError as error:
            raise FetchLater(f"the disk refused it ({type(error).__name__})", counted=True) from None

    def _most(self, kind: FileKind) -> int:
        """The bytes that are taken of a kind, as far as Telegram hands them out."""
        return min(self._limits.bytes_max[kind], int(FileSizeLimit.FILESIZE_DOWNLOAD))

    async def _download(self, wanted: RemoteFile) -> bytes:
        try:
            file = await self._telegram.bot.get_file(wanted.file_id)
            url = str(file.file_path)
            return await self._telegram.request.fetch(url, bytes_max=self._most(wanted.kind), seconds=DOWNLOAD_SECONDS)
        except BadRequest as error:
            if "too big" in str(error).lower():
                raise FileTooLarge from None
            raise FetchLater("Telegram does not have it", counted=True) from None
        except TelegramError as error:
            raise _later(error) from None

    async def _runs_the_group(self, raw: dict[str, Any]) -> bool:
        if not needs_rank(raw, self._telegram.me):
            return False
        message = raw["message"]
        return await self._runs(message["chat"]["id"], message["from"]["id"])

    async def _runs(self, chat: int, user: int) -> bool:
        try:
            return (await self._telegram.bot.get_chat_member(chat, user)).status in RUNNING_A_GROUP
        except ChatMigrated as moved:
            return await self._runs(moved.new_chat_id, user)
        except (BadRequest, Forbidden):
            return False
        except TelegramError as error:
            # Waited for however long it takes: who does run the group must not be told that they do not.
            raise _later(error, counted=False) from None


def _later(error: TelegramError, *, counted: bool = True) -> FetchLater:
    if isinstance(error, TooFast):
        return FetchLater("asked too often", seconds=error.seconds)
    # Without a connection it is not this file's fault, however long that lasts.
    return FetchLater(type(error).__name__, counted=counted and not isinstance(error, NotSent))

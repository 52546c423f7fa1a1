"""What is fetched before an event of a Zalo Official Account is handled: its files, from Zalo's servers."""

from pathlib import Path
from typing import Any

from bot.channels.zalo_files import NotAllowed, TooLarge, ZaloFiles
from bot.channels.zalo_oa_event import FILE_KINDS, NAME, OURS, file_urls, kind, sender_of
from bot.fetching import Fetched, FetchLater
from bot.received_files import FileLimits, take_in
from domain.errors import DomainError
from domain.files import FileKind
from storage.attachments import Contact, StoredFile


class ZaloOaFiles:
    """Fetches for one account."""

    def __init__(self, account: str, files: ZaloFiles, folder: Path, limits: FileLimits) -> None:
        self._account = account
        self._files = files
        self._folder = folder
        self._limits = limits

    async def fetch(self, raw: dict[str, Any]) -> Fetched:
        """Its files; raises FetchLater when Zalo or the disk did not take part."""
        owner = Contact(channel=NAME, account=self._account, address=sender_of(raw))
        files: list[StoredFile] = []
        not_taken = None
        for url in file_urls(raw):
            try:
                files.append(await self._one(url, FILE_KINDS[kind(raw)]))
            except NotAllowed:
                not_taken = "file_failed"
            except TooLarge:
                not_taken = "file_too_large"
            except DomainError as refused:
                not_taken = refused.code
            except OSError as error:
                raise FetchLater(f"the disk refused it ({type(error).__name__})", counted=True) from None
        return Fetched(files=tuple(files), owner=owner, found={"not_taken": not_taken})

    def write(self, raw: dict[str, Any], found: dict[str, Any], ids: list[int]) -> dict[str, Any]:
        """The event with what was fetched in it."""
        return raw | {OURS: (raw.get(OURS) or {}) | found | {"attachments": ids}}

    async def _one(self, url: str, said: FileKind) -> StoredFile:
        return await take_in(self._folder, await self._files.download(url), limits=self._limits, said=said)

"""What is fetched before an event of a Zalo Official Account is handled: its pictures, from Zalo's servers."""

from pathlib import Path
from typing import Any

from bot.channels.zalo_files import NotAllowed, TooLarge, ZaloFiles
from bot.channels.zalo_oa_event import NAME, OURS, picture_urls, sender_of
from bot.fetching import Fetched, FetchLater
from bot.pictures import clean_picture, store_picture
from domain.errors import DomainError
from storage.attachments import Contact, StoredFile


class ZaloOaFiles:
    """Fetches for one account. `pixels_max` bounds a photo."""

    def __init__(self, account: str, files: ZaloFiles, folder: Path, *, pixels_max: int) -> None:
        self._account = account
        self._files = files
        self._folder = folder
        self._pixels_max = pixels_max

    async def fetch(self, raw: dict[str, Any]) -> Fetched:
        """Its pictures; raises FetchLater when Zalo or the disk did not take part."""
        owner = Contact(channel=NAME, account=self._account, address=sender_of(raw))
        files: list[StoredFile] = []
        not_taken = None
        for url in picture_urls(raw):
            try:
                files.append(await self._one(url))
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

    async def _one(self, url: str) -> StoredFile:
        picture = await clean_picture(await self._files.download(url), max_pixels=self._pixels_max)
        return await store_picture(self._folder, picture)

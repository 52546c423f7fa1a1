"""Files that Zalo does not carry: put in words, each with an address of ours where it can be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.file_links import FileLinks
from bot.file_types import file_name
from bot.preflight import seal_key
from bot.settings import Settings
from bot.settings_table import SETTINGS
from handlers.texts.files import files_apart
from storage.attachments import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesApart:
    """`links` is None where nobody outside can reach us; an address is good for `lasts` to whoever reads it."""

    links: FileLinks | None
    lasts: timedelta

    @classmethod
    def from_settings(cls, settings: Settings, *, api_url: str, setting: str) -> "FilesApart":
        """As the settings have it. A stand-in for Zalo (at another address than `setting` has) may fetch by http."""
        links = FileLinks(seal_key(settings), settings.public_url)
        reached = links.reachable or api_url != SETTINGS[setting].default
        return cls(links=links if reached else None, lasts=timedelta(hours=settings.file_link_hours))

    def words(self, files: Sequence[Attachment], language: str, now: datetime) -> str:
        """What is said in place of these files; "" for none."""
        hours = int(self.lasts.total_seconds()) // 3600
        return files_apart([(one.file.gist, self._url(one, now)) for one in files], language, hours=hours)

    def for_platform(self, file: Attachment, now: datetime) -> str:
        """Where Zalo fetches a file from us; "" where it cannot."""
        return "" if self.links is None else self.links.url(file.id, file_name(file.id, file.file.mime), now)

    def _url(self, file: Attachment, now: datetime) -> str:
        if self.links is None:
            return ""
        return self.links.url(file.id, file_name(file.id, file.file.mime), now, lasts=self.lasts)

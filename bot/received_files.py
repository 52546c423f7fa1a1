"""A file somebody sent, from whatever channel: judged by content and size, freed of what can be, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.file_types import type_of
from bot.pictures import clean_picture
from bot.stored_files import keep
from domain.errors import DomainError
from domain.files import FileKind
from storage.attachments import StoredFile

SECONDS_MAX = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """What is taken: bytes for each kind, pixels for a photo."""

    bytes_max: Mapping[FileKind, int]
    pixels_max: int

    @property
    def largest(self) -> int:
        """The bytes of the largest file of any kind."""
        return max(self.bytes_max.values())


class FileSettings(Protocol):
    """The settings that bound files (bot.settings.Settings has them all)."""

    @property
    def upload_max_bytes(self) -> int: ...
    @property
    def upload_max_pixels(self) -> int: ...
    @property
    def voice_max_bytes(self) -> int: ...
    @property
    def video_max_bytes(self) -> int: ...
    @property
    def document_max_bytes(self) -> int: ...


def file_limits(settings: FileSettings) -> FileLimits:
    """What the settings say of files."""
    bytes_max = {
        FileKind.PHOTO: settings.upload_max_bytes,
        FileKind.VOICE: settings.voice_max_bytes,
        FileKind.VIDEO: settings.video_max_bytes,
        FileKind.DOCUMENT: settings.document_max_bytes,
    }
    return FileLimits(bytes_max=bytes_max, pixels_max=settings.upload_max_pixels)


async def take_in(
    folder: Path, data: bytes, *, limits: FileLimits, said: FileKind | None = None, seconds: int = 0
) -> StoredFile:
    """Keep a file's bytes if they are of a kind that is taken. A photo is made anew from its pixels; the others are
    kept as they came, with whatever their makers wrote into them. `said` and `seconds` are the sender's word.

    DomainErrors `file_type`, `file_too_large`, `picture_too_large`, `picture_unreadable`; OSError if the disk refuses.
    """
    found = type_of(data, said)
    if found is None:
        raise DomainError("file_type")
    bytes_max = limits.bytes_max[found.kind]
    if len(data) > bytes_max:
        raise DomainError("file_too_large", bytes_max=bytes_max)
    if found.kind is FileKind.PHOTO:
        return await _photo(folder, data, limits.pixels_max)
    kept = await keep(folder, data)
    plays = found.kind in (FileKind.VOICE, FileKind.VIDEO)
    return StoredFile(
        kind=found.kind, sha256=kept.sha256, mime=found.mime, size=len(data), width=0, height=0,
        seconds=min(max(seconds, 0), SECONDS_MAX) if plays else 0, stored_as=kept.stored_as,
    )  # fmt: skip


async def _photo(folder: Path, data: bytes, pixels_max: int) -> StoredFile:
    picture = await clean_picture(data, max_pixels=pixels_max)
    kept = await keep(folder, picture.data)
    return StoredFile(
        kind=FileKind.PHOTO, sha256=kept.sha256, mime=picture.mime, size=len(picture.data), width=picture.width,
        height=picture.height, seconds=0, stored_as=kept.stored_as,
    )  # fmt: skip

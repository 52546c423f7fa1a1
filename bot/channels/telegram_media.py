"""Files on their way to Telegram: what each is sent as, and the one call that sends a file or an album."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)

from bot.channels.telegram_layout import SentAs
from bot.file_types import file_name
from bot.stored_files import read_stored
from domain.files import FileKind
from storage import attachments
from storage.attachments import Attachment
from storage.database import Database

log = logging.getLogger(__name__)

# What the apps play in place (Bot API `sendVoice`, `sendVideo`); any other is sent as a file to be opened.
VOICES = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})
VIDEOS = frozenset({"video/mp4"})


def sent_as(file: Attachment) -> SentAs:
    """What a stored file is sent as."""
    if file.file.kind is FileKind.PHOTO:
        return SentAs.PHOTO
    if file.file.kind is FileKind.VOICE and file.file.mime in VOICES:
        return SentAs.VOICE
    if file.file.kind is FileKind.VIDEO and file.file.mime in VIDEOS:
        return SentAs.VIDEO
    return SentAs.DOCUMENT


class TelegramMedia:
    """Sends stored files for one bot."""

    def __init__(self, bot: Bot, database: Database, folder: Path) -> None:
        self._bot = bot
        self._database = database
        self._folder = folder

    async def look_up(self, ids: Sequence[int]) -> dict[int, Attachment]:
        """The files with these ids, as they are stored."""
        if not ids:
            return {}
        async with self._database.reading() as tx:
            return {one.id: one for one in await attachments.by_ids(tx, ids)}

    async def send(
        self,
        files: Sequence[Attachment],
        *,
        caption: str,
        markup: InlineKeyboardMarkup | None,
        where: dict[str, Any],
    ) -> list[Message]:
        """Send one file with its words and buttons, or several as an album; [] if all are gone from the disk."""
        ready = [(file, data) for file in files if (data := self._input(file)) is not None]
        if not ready:
            return []
        if len(ready) > 1:
            media = [_in_album(file, data) for file, data in ready]
            return list(await self._bot.send_media_group(media=media, **where))
        return [await self._one(*ready[0], caption=caption or None, reply_markup=markup, **where)]

    async def _one(self, file: Attachment, data: InputFile, **how: Any) -> Message:
        seconds = file.file.seconds or None
        match sent_as(file):
            case SentAs.PHOTO:
                return await self._bot.send_photo(photo=data, **how)
            case SentAs.VOICE:
                return await self._bot.send_voice(voice=data, duration=seconds, **how)
            case SentAs.VIDEO:
                return await self._bot.send_video(video=data, duration=seconds, supports_streaming=True, **how)
            case SentAs.DOCUMENT:
                return await self._bot.send_document(document=data, **how)

    def _input(self, file: Attachment) -> InputFile | None:
        try:
            data = read_stored(self._folder, file.file.stored_as)
        except OSError:
            log.warning("telegram: file %s is gone from the disk", file.id)
            return None
        return InputFile(data, filename=file_name(file.id, file.file.mime), attach=True)


def _in_album(file: Attachment, data: InputFile) -> InputMediaPhoto | InputMediaVideo | InputMediaDocument:
    match sent_as(file):
        case SentAs.PHOTO:
            return InputMediaPhoto(data)
        case SentAs.VIDEO:
            return InputMediaVideo(data, duration=file.file.seconds or None, supports_streaming=True)
        case _:
            return InputMediaDocument(data)

"""Zalo's answer to a refresh, from the moment it came until the database has it: on the disk, and in hand."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

from bot.durable import remove_durably, write_durably

log = logging.getLogger(__name__)

FOLDER = "zalo-oa"
# As much as an answer takes on the disk, and more.
ROOM = b" " * 16384

Json = dict[str, Any]


class KeptAnswer:
    """The one answer of an application's that may be on its way."""

    def __init__(self, folder: Path, app_id: str) -> None:
        self._file = folder / FOLDER / f"{app_id}.answer"
        # The disk may not have taken it.
        self._in_hand: Json | None = None

    async def has_room(self) -> bool:
        """Whether the disk would take an answer: a token is not spent on one that could be kept nowhere."""
        room = self._file.with_suffix(".room")
        try:
            await asyncio.to_thread(write_durably, room, ROOM)
            await asyncio.to_thread(room.unlink, missing_ok=True)
        except OSError:
            return False
        return True

    async def keep(self, answer: Json) -> None:
        """Have it on disk before this returns; if the disk refuses, there is the database, and till then us."""
        self._in_hand = answer
        try:
            await asyncio.to_thread(write_durably, self._file, json.dumps(answer).encode())
        except OSError as error:
            log.error("zalo oa: the disk did not take Zalo's answer (%s)", type(error).__name__)

    async def found(self) -> Json | None:
        """The answer that the database has not taken yet, of ours or of whoever died with it."""
        return self._in_hand or await asyncio.to_thread(self._read)

    async def put_away(self) -> None:
        """The database has it, or it is none."""
        self._in_hand = None
        await asyncio.to_thread(remove_durably, self._file)

    def _read(self) -> Json | None:
        try:
            kept: Json = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            log.error("zalo oa: the kept answer of Zalo's cannot be read")
            return None
        return kept

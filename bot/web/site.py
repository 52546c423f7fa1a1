"""What every web handler needs: the database, the settings, the clock, who visitors are, and the demonstration."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from bot.received_files import FileSettings
from bot.web.identity import Visitors
from storage.database import Database

if TYPE_CHECKING:  # seats stand on this module
    from bot.web.seats import Seat

Clock = Callable[[], datetime]


class WebSettings(FileSettings, Protocol):
    """The settings the web side reads (bot.settings.Settings has them all)."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def public_url(self) -> str: ...
    @property
    def demo(self) -> bool: ...
    @property
    def files_per_case_max(self) -> int: ...
    @property
    def text_max_chars(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoVisitors:
    """The three who play the demonstration, as visitor ids of the web chat."""

    ward_id: int
    resident: str
    unit: str
    ward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRooms:
    """The two groups of the demonstration, as chats of the web chat."""

    unit: str
    ward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHooks:
    """What the demonstration asks of the house.

    `setup` makes sure that the officials, the groups and their bindings exist (it is asked at every visit, and may be
    asked twice at once); `digest` has the ward's digest sent now, whatever the hour.
    """

    setup: Callable[[DemoVisitors], Awaitable[DemoRooms]]
    digest: Callable[[int], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Site:
    """Everything put together once, in `web_app`. `ready` says that the work has begun and is not to end."""

    database: Database
    settings: WebSettings
    clock: Clock
    visitors: Visitors
    demo: DemoHooks | None
    ready: Callable[[], bool]
    # The open lines to browsers (events.py), and whether they are to end.
    lines: list["Seat"] = field(default_factory=list)
    stopping: bool = False
    # Bytes of files on their way (uploads.py).
    uploading: int = 0


SITE = web.AppKey("site", Site)


def site(request: web.Request) -> Site:
    """The site this request came to."""
    return request.config_dict[SITE]

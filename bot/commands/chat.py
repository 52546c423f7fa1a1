"""`danban chat`: the same conversation in the terminal, on the same database."""

import argparse
import asyncio
import secrets
import sys
from typing import Any

from bot import logs
from bot.app import conversation_limits, outbox_limits
from bot.channels.console import ACCOUNT, NAME, Console
from bot.clock import Clock
from bot.commands.opening import migrated
from bot.inbox import InboxLimits, InboxWorker
from bot.outbox import OutboxWorker
from bot.sample import seed
from bot.settings import Settings
from handlers.book import BOOK
from handlers.i18n import LANGUAGES
from storage import inbox, wards
from storage.database import Database

# Whoever sits at the machine is not a flood.
UNHURRIED = 10_000


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("chat", help="trò chuyện trong cửa sổ lệnh / a conversation in the terminal")
    made.add_argument(
        "--as", dest="who", default="me", metavar="TÊN", help="trò chuyện với tên khác / as somebody else"
    )
    made.add_argument("--lang", choices=LANGUAGES, default="vi", help="ngôn ngữ / language")
    made.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
    made.set_defaults(run=chat)


async def chat(args: argparse.Namespace, settings: Settings) -> int:
    """Read lines until the end of input; every line is stored, handled and answered like any message."""
    logs.configure(settings.log_level, settings.log_format)
    async with migrated(settings) as database:
        async with database.transaction() as tx:
            if not await wards.codes(tx):
                await seed(tx, now=Clock().now())
        console = Console(lambda text: print(text, flush=True))
        talk = _Talk(database, settings, console)
        print("(Gõ tin rồi Enter; Ctrl-D để thôi. / Type and press Enter; Ctrl-D ends.)\n", flush=True)
        await talk.catch_up()
        while line := await asyncio.to_thread(_read_line):
            if line.strip():
                await talk.say(line.rstrip("\n"), args)
    return 0


def _read_line() -> str:
    if sys.stdin.isatty():
        sys.stdout.write("› ")
        sys.stdout.flush()
    return sys.stdin.readline()


class _Talk:
    """One terminal's inbox and outbox, worked off after every line."""

    def __init__(self, database: Database, settings: Settings, console: Console) -> None:
        self._database = database
        self._clock = Clock()
        channels = {console.on: console}
        limits = InboxLimits(attempts_max=settings.inbox_max_attempts, messages_per_minute=UNHURRIED)
        self._inbox = InboxWorker(
            database, channels, BOOK, self._clock, limits=limits, conversation_limits=conversation_limits(settings)
        )
        self._outbox = OutboxWorker(database, channels, self._clock, limits=outbox_limits(settings))

    async def say(self, text: str, args: argparse.Namespace) -> None:
        """Store one line as an update, then handle and answer it."""
        raw = {"sender": args.who, "name": args.who, "text": text, "language": args.lang, "ward": args.ward}
        async with self._database.transaction() as tx:
            await inbox.put(
                tx, channel=NAME, account=ACCOUNT, update_id=secrets.token_hex(16),
                lane=f"{NAME}:{ACCOUNT}:{args.who}", raw=raw, now=self._clock.now(),
            )  # fmt: skip
        await self.catch_up()

    async def catch_up(self) -> None:
        """Handle and send everything that waits for this terminal."""
        while await self._inbox.work_one():
            pass
        while await self._outbox.work_one():
            pass

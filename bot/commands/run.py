"""`danban run`: migrate, seed the sample ward when there is none, and serve everything until told to stop."""

import argparse
import asyncio
import os
import signal
import sys
import threading
from typing import Any

from bot import logs, preflight
from bot.app import build
from bot.clock import Clock
from bot.commands.failure import MISUSED, NOT_DONE, CommandError
from bot.commands.opening import migrated
from bot.duties import EVERYTHING, Duty, duties_in
from bot.garbage import keep_the_start
from bot.preflight import PreflightError
from bot.sample import seed
from bot.settings import Settings
from bot.settings_words import by_language
from bot.watching import watched
from storage import wards


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("run", help="chạy trợ lý / run the assistant")
    made.add_argument(
        "--only", action="append", default=[], metavar="VIỆC",
        help=f"chỉ làm một phần việc, trên PostgreSQL / only a part of the work: {','.join(Duty)}",
    )  # fmt: skip
    made.set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM; what is in hand then ends within STOP_SECONDS."""
    duties = _duties(args.only, settings)
    logs.configure(
        settings.log_level, settings.log_format, role="all" if duties == EVERYTHING else "+".join(sorted(duties))
    )
    problems = preflight.look(settings, listening=Duty.WEB in duties)
    if problems:
        raise CommandError(*by_language(problems))
    for warning in settings.warnings:
        print(warning, flush=True)
    try:
        with preflight.alone(settings):
            async with migrated(settings) as database:
                async with database.transaction() as tx:
                    await tx.take_turns("seed")
                    if not await wards.codes(tx):
                        await seed(tx, now=Clock().now())
                stop = asyncio.Event()
                _stop_on_signals(stop, settings.stop_seconds)
                app = build(settings, database, duties=duties)
                async with watched(app.watch, settings):
                    await app.serve(stop, lambda port: _started(settings, port, duties))
    except PreflightError as error:
        raise CommandError(*by_language([error.problem])) from error
    print("Đã dừng. Dữ liệu vẫn còn nguyên. / Stopped. All data is kept.", flush=True)
    return 0


def _started(settings: Settings, port: int, duties: frozenset[Duty]) -> None:
    keep_the_start()
    _greet(settings, port, duties)


def _stop_on_signals(stop: asyncio.Event, seconds: float) -> None:
    def asked() -> None:
        if not stop.is_set():
            stop.set()
            # A thread or a library that does not let go is no reason to stay: nothing is lost by leaving.
            leaving = threading.Timer(seconds, _leave)
            leaving.daemon = True
            leaving.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)


def _leave() -> None:
    sys.stderr.write("Chưa dừng xong trong STOP_SECONDS; thoát ngay, dữ liệu vẫn còn nguyên.\n")
    sys.stderr.write("Not stopped within STOP_SECONDS; leaving at once, all data is kept.\n")
    sys.stderr.flush()
    os._exit(NOT_DONE)


def _duties(words: list[str], settings: Settings) -> frozenset[Duty]:
    try:
        duties = duties_in(words)
    except ValueError as error:
        known = ", ".join(Duty)
        raise CommandError(
            f"Không có phần việc «{error}». --only nhận: {known}.",
            f"There is no duty «{error}». --only takes: {known}.",
            MISUSED,
        ) from None
    if duties != EVERYTHING and settings.database_url.startswith("sqlite"):
        raise CommandError(
            "--only cần PostgreSQL: tệp SQLite chỉ cho một tiến trình, và tiến trình ấy làm mọi việc. "
            "Hãy bỏ --only, hoặc đặt DATABASE_URL=postgresql://…",
            "--only needs PostgreSQL: a SQLite file serves one process, and that one does everything. "
            "Leave --only out, or set DATABASE_URL=postgresql://…",
        )
    return duties


def _greet(settings: Settings, port: int, duties: frozenset[Duty]) -> None:
    if Duty.WEB not in duties:
        print(f"Dân Bàn đang chạy / is running: {', '.join(sorted(duties))}", flush=True)
        return
    url = settings.public_url.replace(":0", f":{port}") if settings.http_port == 0 else settings.public_url
    lines = [f"Dân Bàn đang chạy. Mở / open: {url}/"]
    if settings.demo:
        lines.append(f"Ba điện thoại mẫu / three sample phones: {url}/demo")
    lines.append("Mời cán bộ / invite officials: .venv/bin/danban invite --help")
    lines.append("Dừng: Ctrl-C / stop: Ctrl-C")
    print("\n".join(lines), flush=True)

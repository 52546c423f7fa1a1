"""`danban run`: migrate, seed the sample ward when there is none, and serve everything until told to stop."""

import argparse
import asyncio
import signal
from typing import Any

from bot import logs, preflight
from bot.app import build
from bot.clock import Clock
from bot.commands.failure import CommandError
from bot.commands.opening import migrated
from bot.preflight import PreflightError
from bot.sample import seed
from bot.settings import Settings
from bot.settings_words import by_language
from storage import wards


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    verbs.add_parser("run", help="chạy trợ lý / run the assistant").set_defaults(run=run)


async def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM; what is in hand then ends within STOP_SECONDS."""
    logs.configure(settings.log_level, settings.log_format, role="all")
    problems = preflight.look(settings)
    if problems:
        raise CommandError(*by_language(problems))
    for warning in settings.warnings:
        print(warning, flush=True)
    try:
        async with migrated(settings) as database:
            async with database.transaction() as tx:
                if not await wards.codes(tx):
                    await seed(tx, now=Clock().now())
            stop = asyncio.Event()
            _stop_on_signals(stop)
            await build(settings, database).serve(stop, lambda port: _greet(settings, port))
    except PreflightError as error:
        raise CommandError(*by_language([error.problem])) from error
    print("Đã dừng. Dữ liệu vẫn còn nguyên. / Stopped. All data is kept.", flush=True)
    return 0


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


def _greet(settings: Settings, port: int) -> None:
    url = settings.public_url.replace(":0", f":{port}") if settings.http_port == 0 else settings.public_url
    lines = [f"Dân Bàn đang chạy. Mở / open: {url}/"]
    if settings.demo:
        lines.append(f"Ba điện thoại mẫu / three sample phones: {url}/demo")
    lines.append("Mời cán bộ / invite officials: .venv/bin/danban invite --help")
    lines.append("Dừng: Ctrl-C / stop: Ctrl-C")
    print("\n".join(lines), flush=True)

"""A port of its own for those who watch: /readyz and /metrics, also of a process that serves no pages."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.clock import Clock
from bot.depths import Exposition
from bot.preflight import PreflightError, listening_problem
from bot.readiness import Checks
from bot.settings import Settings
from bot.web.health import Watch
from storage.base import Account
from storage.database import Database


def watching(
    settings: Settings,
    database: Database,
    clock: Clock,
    channels: Mapping[Account, object],
    accounts: Collection[Account],
) -> Watch:
    """What is told to those who watch; `channels` are the accounts that work already, `accounts` those that should."""
    checks = Checks(database, settings, clock.now, channels=channels, accounts=accounts)
    return Watch(checks=checks, exposition=Exposition(database, clock.now), token=settings.metrics_token)


@asynccontextmanager
async def watched(watch: Watch, settings: Settings) -> AsyncIterator[int | None]:
    """Listen as long as the block lasts; the port, None when METRICS_PORT opens none. Raises PreflightError."""
    if settings.metrics_port is None:
        yield None
        return
    app = web.Application()
    app.add_routes(watch.own_routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
        except OSError as error:
            raise PreflightError(listening_problem(settings, error, watching=True)) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()

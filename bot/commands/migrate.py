"""`danban migrate`: bring the database's schema up to date."""

import argparse
from typing import Any

from bot.commands.opening import migrated
from bot.settings import Settings
from storage import migrations


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    verbs.add_parser("migrate", help="cập nhật cơ sở dữ liệu / bring the database up to date").set_defaults(run=migrate)


async def migrate(args: argparse.Namespace, settings: Settings) -> int:
    """Migrate and say where the schema stands."""
    async with migrated(settings) as database:
        print(f"Cơ sở dữ liệu đã cập nhật / database up to date: {await migrations.current(database)}")
    return 0

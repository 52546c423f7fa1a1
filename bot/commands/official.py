"""`danban official list | end NUMBER`: who holds an office, and ending one when somebody leaves."""

import argparse
from typing import Any

from actions.manage_people import dismiss
from bot.clock import Clock
from bot.commands.opening import migrated, ward_named
from bot.settings import Settings
from domain.people import Official
from handlers.texts.formats import role_name
from storage import offices
from storage.wards import StoredWard


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    official = verbs.add_parser("official", help="cán bộ đang giữ vai trò / officials in office")
    actions = official.add_subparsers(dest="action", metavar="VIỆC", required=True, parser_class=type(official))
    listing = actions.add_parser("list", help="danh sách cán bộ / list them")
    ending = actions.add_parser("end", help="kết thúc vai trò của một cán bộ / end an office")
    ending.add_argument("number", type=int, metavar="SỐ", help="số trong danh sách / number in the list")
    for parser, run in ((listing, show), (ending, end)):
        parser.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
        parser.set_defaults(run=run)


async def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print every official: number, name, role, unit."""
    async with migrated(settings) as database, database.reading() as tx:
        ward = await ward_named(tx, args.ward)
        found = await offices.of_ward(tx, ward_id=ward.id)
    for one in found:
        print(_line(ward, one))
    if not found:
        print("Chưa có cán bộ nào. Mời: danban invite --help / No officials yet.")
    return 0


async def end(args: argparse.Namespace, settings: Settings) -> int:
    """End one office; from then on the person is a resident like any other."""
    async with migrated(settings) as database, database.transaction() as tx:
        ward = await ward_named(tx, args.ward)
        gone = await dismiss(tx, ward, args.number, now=Clock().now())
    print(f"Đã kết thúc vai trò / ended: {_line(ward, gone)}")
    return 0


def _line(ward: StoredWard, official: Official) -> str:
    unit = ward.unit_names[official.unit_id] if official.unit_id is not None else ward.ward.name
    return f"{official.id}. {official.name} – {role_name(official.role, 'vi')}, {unit}"

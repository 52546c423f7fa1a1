"""`danban ward import FILE.toml`: a ward's data into the database."""

import argparse
from pathlib import Path
from typing import Any

from actions.import_ward import import_ward
from bot.clock import Clock
from bot.commands.failure import CommandError
from bot.commands.opening import migrated
from bot.settings import Settings
from bot.ward_file import WardFileError, read_ward
from bot.ward_file_words import sentences


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    ward = verbs.add_parser("ward", help="dữ liệu của phường / the ward's data")
    actions = ward.add_subparsers(dest="action", metavar="VIỆC", required=True, parser_class=type(ward))
    reading = actions.add_parser("import", help="nạp tệp ward.toml / import ward.toml")
    reading.add_argument("file", type=Path, metavar="FILE.toml")
    reading.set_defaults(run=ward_import)


async def ward_import(args: argparse.Namespace, settings: Settings) -> int:
    """Import one ward; all mistakes of the file are told at once and nothing is changed by them."""
    try:
        ward = read_ward(args.file)
    except WardFileError as error:
        raise CommandError(sentences(error, "vi"), sentences(error, "en")) from error
    async with migrated(settings) as database, database.transaction() as tx:
        changed = await import_ward(tx, ward, now=Clock().now())
    if changed:
        print(f"Đã nạp {ward.name} ({ward.code}). / Imported. [{', '.join(changed)}]")
    else:
        print(f"{ward.name} ({ward.code}): không có gì thay đổi. / Nothing has changed.")
    return 0

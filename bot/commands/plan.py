"""`danban plan import FILE…`: real plans read into drafts, or with `--json` read and printed only."""

import argparse
import asyncio
import json
import locale
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.import_plan import import_plan
from actions.publish_plan import publish_every_draft
from bot.clock import Clock
from bot.commands.failure import NOT_DONE
from bot.commands.opening import migrated, ward_named
from bot.documents import FILE_BYTES_MAX, read_document
from bot.settings import Settings
from domain.errors import DomainError
from domain.plan_document import PlanDocument, read_plan, to_json
from handlers.i18n import LANGUAGES, known_language
from handlers.texts.errors import refusal
from handlers.texts.plan_import import import_text
from storage.database import Database, Transaction
from storage.wards import StoredWard

SAMPLE = Path(__file__).parent.parent / "sample" / "plan.md"
TIMEZONE = "Asia/Ho_Chi_Minh"


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    plan = verbs.add_parser("plan", help="kế hoạch của phường / the ward's plans")
    actions = plan.add_subparsers(dest="action", metavar="VIỆC", required=True, parser_class=type(plan))
    reading = actions.add_parser(
        "import", help="đọc kế hoạch (.docx, .pdf, .txt, .md) thành bản nháp / read plans into drafts"
    )
    reading.add_argument("files", type=Path, nargs="+", metavar="FILE")
    reading.add_argument(
        "--json", action="store_true", help="chỉ đọc và in ra, không lưu / read and print, store nothing"
    )
    reading.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
    reading.add_argument(
        "--lang", choices=LANGUAGES, default=None, help="ngôn ngữ của báo cáo / language of the report"
    )
    reading.set_defaults(run=plan_import)


async def plan_import(args: argparse.Namespace, settings: Settings | None) -> int:
    """Read the files and store drafts, each file whole or not at all; exit 1 if one of them could not be read.

    With `--json` nothing is stored and no database is needed: one object, or a list of them for several files.
    """
    limit = settings.plan_max_bytes if settings else FILE_BYTES_MAX
    read: list[tuple[Path, PlanDocument]] = []
    language = args.lang or terminal_language()
    failed = False
    for file in args.files:
        try:
            read.append((file, await asyncio.to_thread(_read, file, limit)))
        except DomainError as error:
            failed = True
            _complain(file, error, language)
    if args.json:
        _print_json([to_json(document) for _file, document in read], several=len(args.files) > 1)
    elif read and settings is not None:
        async with migrated(settings) as database:
            failed = not await _store_all(database, read, args.ward, language) or failed
    return NOT_DONE if failed else 0


def terminal_language() -> str:
    """Vietnamese, unless the terminal is set to the English of a country where it is spoken.

    Python calls the plain `C.UTF-8` of most servers `en_US`, so that one says nothing.
    """
    chosen = locale.getlocale()[0] or ""
    return known_language(chosen) if chosen not in {"C", "POSIX", "en_US"} else "vi"


def _read(file: Path, limit: int) -> PlanDocument:
    return read_plan(read_document(file, limit))


def _complain(file: Path, error: DomainError, language: str) -> None:
    sys.stderr.write(f"{file.name}: {refusal(error, language, TIMEZONE)}\n")


def _print_json(documents: list[dict[str, Any]], *, several: bool) -> None:
    if several or documents:
        print(json.dumps(documents if several else documents[0], ensure_ascii=False, indent=1))


async def _store_all(
    database: Database, read: list[tuple[Path, PlanDocument]], ward_code: str | None, language: str
) -> bool:
    """Store each document in a transaction of its own, so that one bad file does not undo the others."""
    done = True
    for file, document in read:
        try:
            async with database.transaction() as tx:
                ward = await ward_named(tx, ward_code)
                report = await import_plan(tx, ward, document, file.name, Clock().now())
        except DomainError as error:
            _complain(file, error, language)
            done = False
            continue
        print(f"{import_text(document, report, language)}\n")
    return done


async def seed_sample_plan(tx: Transaction, ward: StoredWard, now: datetime) -> None:
    """Import the sample ward's own plan and publish it, so that a first start has something to read."""
    document = await asyncio.to_thread(_read, SAMPLE, FILE_BYTES_MAX)
    await import_plan(tx, ward, document, SAMPLE.name, now)
    await publish_every_draft(tx, ward, None, count=None, last=None, now=now)

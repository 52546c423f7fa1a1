"""`danban inbox list | show | retry | discard`: messages that could not be handled and were set aside."""

import argparse
import json
import os
import pwd
import sys
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.commands.failure import CommandError
from bot.commands.opening import migrated
from bot.settings import Settings
from storage import audit, set_aside
from storage.database import Transaction
from storage.set_aside import SetAside

LISTED_MAX = 200
WARNING = (
    "CẢNH BÁO: sau đây là nguyên văn lời của người dân, có thể là tố cáo. Chỉ xem khi cần để sửa lỗi; "
    "lần xem này đã được ghi vào nhật ký kiểm tra.\n"
    "WARNING: these are a resident's own words, perhaps a denunciation. Look only to mend the fault; "
    "this look has been written down in the audit log.\n"
)


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    inbox = verbs.add_parser("inbox", help="tin đến bị để riêng vì lỗi / messages set aside by errors")
    acts = inbox.add_subparsers(dest="action", metavar="VIỆC", required=True, parser_class=type(inbox))
    listing = acts.add_parser("list", help="danh sách, không kèm lời / list them, without words")
    showing = acts.add_parser(
        "show", help="một tin; thêm --words để xem nguyên văn / one of them; --words for its text"
    )
    showing.add_argument("number", type=int, metavar="SỐ", help="số trong danh sách / number in the list")
    showing.add_argument("--words", action="store_true", help="xem nguyên văn, có ghi lại / the raw text; written down")
    again = acts.add_parser("retry", help="xử lý lại, đúng thứ tự / handle again, in order")
    giving_up = acts.add_parser("discard", help="bỏ hẳn và xoá nội dung / give up and forget the words")
    for parser in (again, giving_up):
        parser.add_argument(
            "numbers", type=int, nargs="+", metavar="SỐ", help="số trong danh sách / numbers in the list"
        )
    for parser, run in ((listing, show_all), (showing, show), (again, retry), (giving_up, discard)):
        parser.add_argument("--json", action="store_true", help="in ra JSON / print JSON")
        parser.set_defaults(run=run)


async def show_all(args: argparse.Namespace, settings: Settings) -> int:
    """Print a line for each, the oldest first; no words, no chats."""
    async with migrated(settings) as database, database.reading() as tx:
        found = await set_aside.every(tx, limit=LISTED_MAX)
        total = await set_aside.count(tx)
    if args.json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
        return 0
    for one in found:
        print(_line(one))
    if total > len(found):
        print(f"… còn {total - len(found)} tin nữa / {total - len(found)} more")
    if not found:
        print("Không có tin nào bị để riêng. / Nothing is set aside.")
    return 0


async def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print one; with `--words` also its raw text, after a warning and a line in the audit log."""
    async with migrated(settings) as database:
        async with database.transaction() as tx:
            (one,) = await _wanted(tx, [args.number])
            if args.words:
                await _write_down(tx, one, "inbox_read", now=Clock().now())
        # The look is committed before anything is seen.
        if args.words:
            sys.stderr.write(WARNING)
            sys.stderr.flush()
    shown = _as_json(one) | ({"error": one.error, "raw": one.update.raw} if args.words else {})
    if args.json or args.words:
        print(json.dumps(shown, ensure_ascii=False, indent=None if args.json else 2))
        return 0
    print(_line(one))
    print(
        f"Xem nguyên văn (dữ liệu cá nhân, có ghi lại): danban inbox show {args.number} --words\n"
        "Its text (personal data; the look is written down): add --words"
    )
    return 0


async def retry(args: argparse.Namespace, settings: Settings) -> int:
    """Put updates back into their lanes' order; `danban run` takes them up within a second."""
    now = Clock().now()
    done: list[int] = []
    async with migrated(settings) as database, database.transaction() as tx:
        for one in await _wanted(tx, args.numbers):
            done += await set_aside.retry(tx, one, now=now)
            await _write_down(tx, one, "inbox_retried", now=now)
    _tell(args, done, "Sẽ xử lý lại", "will be handled again")
    return 0


async def discard(args: argparse.Namespace, settings: Settings) -> int:
    """Give updates up and forget what stood in them."""
    now = Clock().now()
    done: list[int] = []
    async with migrated(settings) as database, database.transaction() as tx:
        for one in await _wanted(tx, args.numbers):
            done += await set_aside.discard(tx, one, now=now)
            await _write_down(tx, one, "inbox_discarded", now=now)
    _tell(args, done, "Đã bỏ và xoá nội dung", "discarded, their words forgotten")
    return 0


async def _wanted(tx: Transaction, numbers: list[int]) -> list[SetAside]:
    """All of these; CommandError, and nothing is done, when one is not set aside."""
    found = await set_aside.get(tx, numbers)
    missing = sorted(set(numbers) - {one.update.id for one in found})
    if missing:
        listed = ", ".join(map(str, missing))
        raise CommandError(
            f"Không có tin bị để riêng số {listed}; xem: danban inbox list. Chưa làm gì cả.",
            f"Nothing is set aside under {listed}; see: danban inbox list. Nothing was done.",
        )
    return found


async def _write_down(tx: Transaction, one: SetAside, act: str, *, now: datetime) -> None:
    by = pwd.getpwuid(os.getuid()).pw_name
    for ward_id in await set_aside.wards_of(tx, one.update):
        await audit.write(
            tx, ward_id=ward_id, act=act, subject=f"update {one.update.id}", now=now, by=by, error=one.kind
        )


def _as_json(one: SetAside) -> dict[str, Any]:
    return {
        "number": one.update.id, "channel": one.update.channel, "account": one.update.account,
        "received_at": one.update.received_at.isoformat(), "set_aside_at": one.set_aside_at.isoformat(),
        "tries": one.update.attempts, "error": one.kind,
    }  # fmt: skip


def _line(one: SetAside) -> str:
    update = one.update
    return (
        f"{update.id}. {update.received_at:%Y-%m-%d %H:%M} UTC, {update.channel} {update.account}, "
        f"{update.attempts} lần thử / tries, {one.kind}"
    )


def _tell(args: argparse.Namespace, done: list[int], vietnamese: str, english: str) -> None:
    if args.json:
        print(json.dumps(done))
    else:
        print(f"{vietnamese} / {english}: {', '.join(map(str, done))}")

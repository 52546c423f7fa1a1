"""`danban link`: the links into the chat of a ward, a residential group or a case, and posters of them to print."""

import argparse
from pathlib import Path
from typing import Any

from bot.commands.failure import MISUSED, CommandError
from bot.commands.opening import migrated, ward_named
from bot.links import links
from bot.poster import KINDS, SIZES, Poster, write
from bot.settings import Settings
from handlers.links import to_case, to_ward
from storage import accounts, cases
from storage.wards import StoredWard

INSTRUCTION = "Quét mã bằng máy ảnh của điện thoại, rồi bấm Bắt đầu để phản ánh, kiến nghị hoặc hỏi phường."
CASE_INSTRUCTION = "Quét mã bằng máy ảnh của điện thoại để xem hồ sơ của Ông/Bà."


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("link", help="đường dẫn và mã QR vào trò chuyện / links and QR codes into the chat")
    made.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--group", metavar="TỔ", help="mã tổ dân phố / residential group's code")
    which.add_argument("--case", metavar="PA-…", help="mã hồ sơ / case code")
    add_poster(made)
    made.set_defaults(run=link)


def add_poster(parser: Any) -> None:
    """Add the options of a poster."""
    parser.add_argument("--qr", metavar="TỆP", type=Path, help="ghi mã QR để in: .png, .pdf, .svg / write a QR poster")
    parser.add_argument("--size", choices=sorted(SIZES), default="a5", help="khổ giấy / paper size")


async def link(args: argparse.Namespace, settings: Settings) -> int:
    """Print the links, one a line, and write the poster."""
    async with migrated(settings) as database, database.reading() as tx:
        ward = await ward_named(tx, args.ward)
        serving = await accounts.serving(tx, ward.ward.code)
        if args.case:
            await cases.by_code(tx, ward.id, args.case)
    _check_group(ward, args.group)
    payload = to_case(args.case) if args.case else to_ward(ward.ward.code, args.group)
    found = links(serving, payload)
    if not (args.group or args.case):
        found.append(("web", f"{settings.public_url}/?p={ward.ward.code}"))
    if not found:
        raise NO_ACCOUNT
    for channel, one in found:
        print(f"{channel}: {one}")
    group = ward.ward.group(args.group) if args.group else None
    about = args.case or (group.name if group else "")
    instruction = CASE_INSTRUCTION if args.case else INSTRUCTION
    print_poster(args, Poster(title=ward.ward.name, lines=(*([about] if about else []), instruction), link=found[0][1]))
    return 0


NO_ACCOUNT = CommandError(
    "Chưa biết tên bot nào. Đặt TELEGRAM_TOKEN rồi chạy danban run một lần.",
    "No bot's name is known yet. Set TELEGRAM_TOKEN and run danban run once.",
)


def print_poster(args: argparse.Namespace, poster: Poster) -> None:
    """Write the poster if one is wanted. CommandError for a file that cannot be written."""
    if args.qr is None:
        return
    try:
        write(poster, args.qr, args.size)
    except ValueError:
        kinds = ", ".join(KINDS)
        raise CommandError(f"Tệp phải có đuôi {kinds}.", f"The file must end in {kinds}.", MISUSED) from None
    except OSError as error:
        raise CommandError(f"Không ghi được {args.qr}: {error}", f"Cannot write {args.qr}: {error}") from None
    print(f"Đã ghi / written: {args.qr}")


def _check_group(ward: StoredWard, group: str | None) -> None:
    if group is None or ward.ward.group(group) is not None:
        return
    listed = ", ".join(one.code for one in ward.ward.groups)
    raise CommandError(
        f"{ward.ward.name} không có tổ dân phố mã {group}. Có: {listed}.",
        f"There is no residential group {group}. There are: {listed}.",
    )

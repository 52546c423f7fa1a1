"""`danban invite`: a one-time code for an official or a group, alone on the last line."""

import argparse
from datetime import timedelta
from typing import Any

from actions.manage_people import invite_group, invite_official
from bot.clock import Clock
from bot.commands.failure import MISUSED, CommandError
from bot.commands.link import add_poster, print_poster
from bot.commands.opening import migrated, ward_named
from bot.links import links
from bot.poster import Poster
from bot.settings import Settings
from domain.people import GroupKind, Role
from handlers.links import to_invite
from storage import accounts
from storage.wards import StoredWard

PERSON_INSTRUCTION = "Cán bộ quét mã, rồi bấm Bắt đầu để tham gia."
GROUP_INSTRUCTION = "Quản trị nhóm quét mã, chọn nhóm để thêm trợ lý vào."


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("invite", help="mã mời cán bộ hoặc nhóm / invite an official or a group")
    made.add_argument("--ward", metavar="MÃ", help="mã phường, khi có nhiều phường / ward code")
    kind = made.add_mutually_exclusive_group(required=True)
    kind.add_argument("--role", choices=[role.value for role in Role], help="vai trò của cán bộ / the official's role")
    kind.add_argument("--group", choices=[kind.value for kind in GroupKind], help="loại nhóm / kind of group")
    made.add_argument("--unit", metavar="VP", help="mã đơn vị / unit code")
    add_poster(made)
    made.set_defaults(run=invite)


async def invite(args: argparse.Namespace, settings: Settings) -> int:
    """Make the code; before it, the link and how to use it."""
    if args.unit is None and (args.group == GroupKind.UNIT or args.role == Role.MEMBER):
        raise CommandError("Xin thêm --unit MÃ (đơn vị nào?).", "Add --unit CODE (which unit?).", MISUSED)
    now, valid_for = Clock().now(), timedelta(days=settings.invite_days)
    async with migrated(settings) as database, database.transaction() as tx:
        ward = await ward_named(tx, args.ward)
        if args.role == Role.RECEPTION and args.unit is None:
            args.unit = ward.ward.reception.code
        _check_unit(ward, args.unit)
        if args.role:
            code = await invite_official(
                tx, ward, role=Role(args.role), unit_code=args.unit, now=now, valid_for=valid_for
            )
        else:
            code = await invite_group(
                tx, ward, kind=GroupKind(args.group), unit_code=args.unit, now=now, valid_for=valid_for
            )
        serving = await accounts.serving(tx, ward.ward.code)
    found = links(serving, to_invite(code), group=bool(args.group))
    _explain(args, settings, ward, code, found)
    return 0


def _check_unit(ward: StoredWard, unit: str | None) -> None:
    if unit is None or ward.ward.find_unit(unit) is not None:
        return
    listed = ", ".join(one.code for one in ward.ward.units)
    raise CommandError(
        f"{ward.ward.name} không có đơn vị {unit}. Các đơn vị: {listed}.",
        f"There is no unit {unit}. The units are: {listed}.",
    )


def _explain(
    args: argparse.Namespace, settings: Settings, ward: StoredWard, code: str, found: list[tuple[str, str]]
) -> None:
    days = settings.invite_days
    print(f"{ward.ward.name}: mã dùng một lần, trong {days} ngày / one-time code, valid {days} days.")
    web = f"{settings.public_url}/?thamgia={code}"
    print(f"Trò chuyện trên web / web chat: {web}")
    for channel, one in found:
        print(f"{channel}: {one}")
    unit = ward.ward.find_unit(args.unit) if args.unit else None
    about = unit.name if unit else ""
    how = f"Mã dùng một lần, trong {days} ngày. " + (GROUP_INSTRUCTION if args.group else PERSON_INSTRUCTION)
    lines = (*([about] if about else []), how)
    print_poster(args, Poster(title=ward.ward.name, lines=lines, link=found[0][1] if found else web))
    if args.role:
        print(f"Cán bộ gửi cho trợ lý, trong trò chuyện riêng / the official sends in private: /thamgia {code}")
    else:
        print(f"Quản trị nhóm gửi trong nhóm có trợ lý / a group admin sends in the group: /thamgia {code}")
    print(code)

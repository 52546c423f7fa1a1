"""`danban zalo`: authorising a Zalo Official Account, and how it stands."""

import argparse
import asyncio
from typing import Any

from bot.channels.remarks import BAD, DOUBTFUL, GOOD
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.channels.zalo_oa_check import look_inside
from bot.channels.zalo_oa_login import NotAuthorised, code_and_state
from bot.clock import Clock
from bot.commands.failure import CommandError
from bot.commands.opening import migrated
from bot.preflight import seal_key
from bot.settings import Settings
from storage.database import Database
from storage.line import Line

MARKS = {GOOD: "✓", DOUBTFUL: "!", BAD: "✗"}


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    made = verbs.add_parser("zalo", help="cấp quyền và xem Zalo OA / authorise and look at a Zalo Official Account")
    deeds = made.add_subparsers(dest="deed", metavar="VIỆC", required=True)
    login_parser = deeds.add_parser("login", help="cấp quyền cho ứng dụng / authorise the application")
    login_parser.add_argument(
        "--answer", metavar="ĐỊA_CHỈ", help="địa chỉ mà Zalo chuyển về, chép nguyên / the whole address Zalo leads to"
    )
    login_parser.set_defaults(run=login)
    deeds.add_parser("status", help="xem tình trạng / how it stands").set_defaults(run=status)


async def login(args: argparse.Namespace, settings: Settings) -> int:
    """Show the link, take what comes back, and keep the tokens."""
    _need_app(settings)
    async with migrated(settings) as database:
        account = _account(settings, database)
        try:
            await _login(account, args.answer)
        finally:
            await account.close()
        async with database.reading() as tx:
            name = await account.name(tx)
    print(f"✓ Đã kết nối với Zalo OA {name}. / Connected to {name}.")
    return 0


async def _login(account: ZaloOaAccount, pasted: str | None) -> None:
    if pasted is None:
        link = account.login.link()
        own_state = code_and_state(link)[1]
        print("1. Đăng nhập Zalo bằng tài khoản quản trị OA rồi mở đường dẫn này, bấm đồng ý:")
        print("   Signed in at Zalo as a manager of the Official Account, open this link and agree:")
        print(f"\n{link}\n")
        print(f"2. Zalo chuyển về {account.login.callback}?code=…")
        print("   Nếu trang ấy báo đã kết nối thì xong. Nếu không, chép cả địa chỉ vào đây rồi Enter:")
        print("   If that page says connected, you are done. If not, paste the whole address here:")
        pasted = await asyncio.to_thread(input, "> ")
    else:
        own_state = ""
    code, state = code_and_state(pasted)
    try:
        await account.login.come_back(account.tokens, code=code, state=state or own_state, is_ours=account.is_ours)
    except NotAuthorised:
        raise CommandError(
            "Zalo chưa cấp quyền: địa chỉ sai, quá 10 phút, hoặc của OA khác. Chạy lại: danban zalo login",
            "Zalo did not authorise: a wrong address, older than 10 minutes, or another account's. Run it again.",
        ) from None


async def status(args: argparse.Namespace, settings: Settings) -> int:
    """Print one line a finding; exit 1 if something keeps people on Zalo from being answered."""
    _need_app(settings)
    async with migrated(settings) as database:
        found = await look_inside(settings, database, Clock().now())
    for how, vietnamese, english in found:
        print(f"{MARKS[how]} {vietnamese} / {english}")
    return 1 if any(how == BAD for how, _vi, _en in found) else 0


def _account(settings: Settings, database: Database) -> ZaloOaAccount:
    return ZaloOaAccount(settings, database, Line(database, Clock().now), {}, Clock(), key=seal_key(settings))


def _need_app(settings: Settings) -> None:
    if not settings.zalo_oa_app_id:
        raise CommandError(
            "Chưa đặt ZALO_OA_APP_ID trong .env; xem docs/vi/zalo.md.",
            "ZALO_OA_APP_ID is not set in .env; see docs/vi/zalo.md.",
        )

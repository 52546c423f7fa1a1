"""`danban check`: what is wrong with settings, folder, database, tokens and the ward's data, and how to mend it."""

import argparse
from datetime import date, timedelta
from typing import Any

from bot import preflight
from bot.channels import telegram_check, zalo_bot_check, zalo_oa_check
from bot.channels.remarks import BAD, DOUBTFUL, GOOD
from bot.clock import Clock
from bot.commands.check_running import OK, WARNING, WRONG, Finding, disk, queues
from bot.preflight import PreflightError
from bot.settings import Settings
from domain.people import GroupKind, Role
from storage import invites, migrations, offices, wards
from storage.database import Database, Transaction
from storage.wards import StoredWard

CALENDAR_AHEAD = timedelta(days=45)


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    verbs.add_parser("check", help="kiểm tra cài đặt và dữ liệu / check the settings and the data").set_defaults(
        run=check
    )


async def check(args: argparse.Namespace, settings: Settings) -> int:
    """Print one line a finding; exit 1 if something is wrong that keeps the assistant from working."""
    findings = [Finding(OK, "cài đặt đọc được", "the settings are readable")]
    findings += [Finding(WARNING, *_both(str(warning))) for warning in settings.warnings]
    findings += _folder(settings)
    findings += disk(settings)
    if not any(finding.mark == WRONG for finding in findings):
        findings += await _database(settings)
    findings += await _platforms(settings)
    for finding in findings:
        print(finding)
    return 1 if any(finding.mark == WRONG for finding in findings) else 0


def _both(line: str) -> tuple[str, str]:
    vietnamese, _, english = line.partition(" / ")
    return vietnamese, english


def _folder(settings: Settings) -> list[Finding]:
    problem = preflight.check_folder(settings.data_dir) or preflight.check_restored(settings.data_dir)
    if problem is not None:
        return [Finding(WRONG, *_both(str(problem)))]
    try:
        preflight.seal_key(settings)
    except PreflightError as error:
        return [Finding(WRONG, *_both(str(error.problem)))]
    return [Finding(OK, f"thư mục {settings.data_dir} ghi được", "the data folder can be written")]


async def _database(settings: Settings) -> list[Finding]:
    database = Database.open(settings.database_url)
    try:
        return await _look_inside(database, settings)
    except Exception as error:  # whatever the driver says, the installer needs one sentence
        kind = type(error).__name__
        return [
            Finding(
                WRONG,
                f"không mở được cơ sở dữ liệu ({kind}); xem DATABASE_URL, máy chủ đã chạy chưa",
                f"the database cannot be opened ({kind}); look at DATABASE_URL and whether its server runs",
            )
        ]
    finally:
        await database.close()


async def _look_inside(database: Database, settings: Settings) -> list[Finding]:
    if await migrations.current(database) != migrations.head():
        return [Finding(WRONG, "cơ sở dữ liệu chưa cập nhật; chạy: danban migrate", "run: danban migrate")]
    found = [Finding(OK, "cơ sở dữ liệu mở được và đã cập nhật", "the database is open and up to date")]
    async with database.reading() as tx:
        found += await queues(tx, settings, Clock().now())
        known = await wards.codes(tx)
        if not known:
            found.append(
                Finding(
                    WRONG, "chưa có phường nào; chạy: danban ward import ward.toml", "no ward yet: danban ward import"
                )
            )
        codes = {code for _id, code, _name in known}
        bots = [("TELEGRAM_TOKEN", bot) for bot in settings.telegram_token]
        for setting, bot in bots + [("ZALO_BOT_TOKEN", bot) for bot in settings.zalo_bot_token]:
            if bot.ward_code not in {None, *codes}:
                found.append(
                    Finding(
                        WRONG, f"{setting}: không có phường mã {bot.ward_code}; nạp bằng danban ward import",
                        f"{setting}: there is no ward {bot.ward_code}",
                    )
                )  # fmt: skip
        for ward_id, _code, _name in known:
            found += await _ward(tx, await wards.load(tx, ward_id), Clock().now().date())
    return found


async def _ward(tx: Transaction, ward: StoredWard, today: date) -> list[Finding]:
    name = ward.ward.code
    found = [Finding(OK, f"{ward.ward.name} ({name})", f"ward {name}")]
    for unit in ward.ward.units:
        unit_id = ward.unit_id(unit.code)
        bound = await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.UNIT, unit_id=unit_id)
        if not bound and not await offices.of_ward(tx, ward_id=ward.id, unit_id=unit_id):
            found.append(
                Finding(
                    WARNING,
                    f"{name}: {unit.name} chưa có nhóm và cán bộ; việc sẽ về bộ phận tiếp nhận. "
                    f"Chạy: danban invite --group unit --unit {unit.code}",
                    f"unit {unit.code} has no group and no official yet",
                )
            )
    if not await offices.of_ward(tx, ward_id=ward.id, role=Role.LEADER):
        found.append(Finding(WARNING, f"{name}: chưa có lãnh đạo. Chạy: danban invite --role leader", "no leader yet"))
    if not await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.WARD):
        found.append(
            Finding(
                WARNING, f"{name}: chưa có nhóm nhận bản tin. Chạy: danban invite --group ward", "no ward group yet"
            )
        )
    ahead = today + CALENDAR_AHEAD
    if not any(day.year == ahead.year for day in ward.ward.calendar.holidays):
        found.append(
            Finding(
                WARNING,
                f"{name}: lịch chưa có ngày nghỉ năm {ahead.year}; sửa ward.toml",
                f"no holidays of {ahead.year} in the calendar",
            )
        )
    return found


async def _platforms(settings: Settings) -> list[Finding]:
    marks = {GOOD: OK, DOUBTFUL: WARNING, BAD: WRONG}
    found = [
        *await telegram_check.look(settings, Clock().now()), *await zalo_bot_check.look(settings),
        *await zalo_oa_check.look(settings, Clock().now()),
    ]  # fmt: skip
    unused = [
        Finding(OK, f"chưa dùng {name} ({setting} trống)", f"{name} is not used")
        for name, setting, used in (
            ("Telegram", "TELEGRAM_TOKEN", settings.telegram_token),
            ("Zalo OA", "ZALO_OA_APP_ID", settings.zalo_oa_app_id),
            ("Zalo Bot", "ZALO_BOT_TOKEN", settings.zalo_bot_token),
        )
        if not used
    ]
    return [*(Finding(marks[how], vi, en) for how, vi, en in found), *unused]

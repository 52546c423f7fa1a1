"""How a Zalo Official Account stands, for `danban check` and `danban zalo status`: what is good, and what to mend."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from actions.watch_quota import near
from bot.channels.remarks import BAD, DOUBTFUL, GOOD, Remark
from bot.channels.zalo_allowance import month_of
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_answer import FOLDER
from bot.channels.zalo_oa_client import ZaloClient
from bot.channels.zalo_oa_event import NAME
from bot.settings import Settings
from bot.spool import Spool
from domain.people import Role
from storage import contacts, offices, quotas, wards, zalo_accounts
from storage.base import Account
from storage.database import Database, Transaction
from storage.quotas import Quota
from storage.zalo_accounts import ZaloAccount

ANSWER_SECONDS = 8.0
TOKEN_SHORT = timedelta(hours=6)


async def look(settings: Settings, now: datetime) -> list[Remark]:
    """What `danban check` says of the account; nothing if there is none, or the database cannot be asked."""
    if not settings.zalo_oa_app_id:
        return []
    database = Database.open(settings.database_url)
    try:
        return await look_inside(settings, database, now)
    except Exception:  # the database's own finding says what is wrong with it
        return []
    finally:
        await database.close()


async def look_inside(settings: Settings, database: Database, now: datetime) -> list[Remark]:
    """Look at what is stored, what is on disk, and whether Zalo can be reached; it changes nothing."""
    app_id = settings.zalo_oa_app_id or ""
    async with database.reading() as tx:
        known = await zalo_accounts.load(tx, app_id)
        month = await quotas.load(tx, Account(NAME, app_id), month_of(now))
        alone = await _alone_there(tx, Account(NAME, app_id))
    folder = settings.data_dir / FOLDER / app_id
    return [
        *_who(known), *_tokens(known, settings, now), *_webhook(known, settings, now), *_month(month, settings),
        *_on_disk(folder), *alone, *await _reached(settings),
    ]  # fmt: skip


def _who(known: ZaloAccount) -> list[Remark]:
    if known.oa_id is None:
        return [(DOUBTFUL, "Zalo OA: chưa biết là OA nào; chạy: danban zalo login",
                 "Zalo has not said yet which Official Account this is; run: danban zalo login")]  # fmt: skip
    return [(GOOD, f"Zalo OA: {known.name} ({known.oa_id})", f"Zalo knows the account as {known.name}")]


def _tokens(known: ZaloAccount, settings: Settings, now: datetime) -> list[Remark]:
    if known.tokens is None or known.expires_at is None:
        if settings.zalo_oa_refresh_token:
            return [(DOUBTFUL, "Zalo OA: chưa dùng ZALO_OA_REFRESH_TOKEN; chạy trợ lý để đổi lấy token",
                     "ZALO_OA_REFRESH_TOKEN has not been used yet; run the assistant")]  # fmt: skip
        return [(BAD, "Zalo OA: chưa được cấp quyền; chạy: danban zalo login",
                 "not authorised yet; run: danban zalo login")]  # fmt: skip
    until = f"{known.expires_at.astimezone(UTC):%d/%m/%Y %H:%M} UTC"
    if known.failures or known.expires_at - now < TOKEN_SHORT:
        return [(BAD, f"Zalo OA: gia hạn token không được {known.failures} lần, còn dùng đến {until}; "
                 "chạy: danban zalo login",
                 f"the tokens were not renewed {known.failures} times and last until {until}; "
                 "run: danban zalo login")]  # fmt: skip
    return [
        (GOOD, f"Zalo OA: token dùng được đến {until}, tự gia hạn", f"tokens good until {until}, renewed by itself")
    ]


def _webhook(known: ZaloAccount, settings: Settings, now: datetime) -> list[Remark]:
    url = f"{settings.public_url}/webhook/zalo-oa/{settings.zalo_oa_app_id}"
    if known.last_event_at is None:
        return [(DOUBTFUL, f"Zalo OA: chưa nhận được tin nào; đặt Webhook URL là {url}",
                 f"no event has come yet; set the Webhook URL to {url}")]  # fmt: skip
    at = f"{known.last_event_at.astimezone(UTC):%d/%m/%Y %H:%M} UTC"
    if now - known.last_event_at > timedelta(hours=settings.zalo_oa_quiet_hours):
        return [(DOUBTFUL, f"Zalo OA: không nhận được tin nào từ {at}; xem Webhook có bị Zalo tắt không",
                 f"no event since {at}; look whether Zalo has switched the webhook off")]  # fmt: skip
    return [(GOOD, f"Zalo OA: nhận tin gần nhất lúc {at}", f"the last event came at {at}")]


def _month(month: Quota, settings: Settings) -> list[Remark]:
    most = settings.zalo_oa_monthly_messages
    how = DOUBTFUL if most and month.used >= near(most) else GOOD
    of = f"/{most}" if most else ""
    return [(how, f"Zalo OA: tháng này đã gửi {month.used}{of} tin cho người dân, {month.billed} tin tính tiền",
             f"{month.used}{of} messages to people this month, {month.billed} of them charged")]  # fmt: skip


async def _alone_there(tx: Transaction, on: Account) -> list[Remark]:
    """Wards none of whose administrators would learn it if nothing could be sent by this account any more."""
    found: list[Remark] = []
    for ward_id, code, _name in await wards.codes(tx):
        admins = await offices.of_ward(tx, ward_id=ward_id, role=Role.ADMIN)
        if not any([await contacts.reach_off(tx, one.person_id, on) for one in admins]):
            found.append(
                (DOUBTFUL, f"{code}: không quản trị viên nào nhận được tin ngoài Zalo OA, nên khi OA bị ngắt sẽ không "
                 "được báo; mời thêm người dùng Telegram hoặc trang web: danban invite --role admin",
                 f"no administrator of {code} can be told outside this account, so none learns it if it is cut off; "
                 "invite one who is on Telegram or the web: danban invite --role admin")
            )  # fmt: skip
    return found


def _on_disk(folder: Path) -> list[Remark]:
    found: list[Remark] = []
    quarantine, spool = Spool(folder / "quarantine"), Spool(folder / "spool")
    apart, waiting, broken = quarantine.count(), spool.count(), quarantine.broken() + spool.broken()
    if apart:
        found.append((DOUBTFUL, f"Zalo OA: {apart} tin sai chữ ký được giữ riêng; xem ZALO_OA_SECRET_KEY",
                      f"{apart} events did not verify and are kept apart; look at ZALO_OA_SECRET_KEY"))  # fmt: skip
    if waiting:
        found.append((DOUBTFUL, f"Zalo OA: {waiting} tin đang chờ trên đĩa để vào cơ sở dữ liệu",
                      f"{waiting} events wait on disk for the database"))  # fmt: skip
    if broken:
        found.append((BAD, f"Zalo OA: {broken} tin không vào được cơ sở dữ liệu, giữ ở {folder} (tệp .broken)",
                      f"the database refuses {broken} events; they are kept in {folder} as .broken"))  # fmt: skip
    return found


async def _reached(settings: Settings) -> list[Remark]:
    client = ZaloClient(answer_seconds=ANSWER_SECONDS)
    try:
        # Without a token it says so: that it answers at all is what is asked.
        await client.get(f"{settings.zalo_oa_api_url}/v2.0/oa/getoa", token="none")  # noqa: S106  # no token at all
    except NotSent as error:
        return [(BAD, f"không nối được với Zalo ({error}); xem mạng và ZALO_OA_API_URL",
                 f"Zalo cannot be reached ({error}); look at the network and ZALO_OA_API_URL")]  # fmt: skip
    except MaybeSent:
        return []
    finally:
        await client.close()
    return []

"""What Telegram says of our account, for `danban check`: is the token good, do updates arrive, and what to mend."""

from datetime import UTC, datetime, timedelta

from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.remarks import BAD, DOUBTFUL, GOOD, Remark, not_ours
from bot.channels.telegram_request import AiohttpRequest
from bot.links import webhook_url
from bot.settings import Settings, TelegramMode
from bot.settings_values import BotToken

ANSWER_SECONDS = 10.0
# More than these waiting at Telegram means that they do not get through to us.
PENDING_MAX = 100
RECENTLY = timedelta(hours=1)


async def look(settings: Settings, now: datetime) -> list[Remark]:
    """Ask Telegram about each bot (`getMe`, `getWebhookInfo`); it changes nothing there."""
    several = len(settings.telegram_token) > 1
    return [
        (how, f"[{bot.account}] {vi}", f"[{bot.account}] {en}") if several else (how, vi, en)
        for bot in settings.telegram_token
        for how, vi, en in await _look_at(bot, settings, now)
    ]


async def _look_at(bot_token: BotToken, settings: Settings, now: datetime) -> list[Remark]:
    request = AiohttpRequest(answer_seconds=ANSWER_SECONDS)
    url = settings.telegram_api_url
    bot = Bot(bot_token.token, base_url=f"{url}/bot", request=request, get_updates_request=request)
    try:
        return [*_who(await bot.get_me()), *_updates(await bot.get_webhook_info(), bot_token, settings, now)]
    except InvalidToken:
        return [
            (BAD, "Telegram không nhận TELEGRAM_TOKEN; lấy lại mã ở @BotFather",
             "Telegram refuses TELEGRAM_TOKEN; get it again from @BotFather")
        ]  # fmt: skip
    except TelegramError as error:
        kind = type(error).__name__
        return [
            (BAD, f"không nối được với Telegram ({kind}); xem mạng và TELEGRAM_API_URL",
             f"Telegram cannot be reached ({kind}); look at the network and TELEGRAM_API_URL")
        ]  # fmt: skip
    finally:
        await request.shutdown()


def _who(me: User) -> list[Remark]:
    found = [
        (GOOD, f"Telegram: bot @{me.username}, https://t.me/{me.username}", f"Telegram knows the bot as @{me.username}")
    ]
    if not me.can_join_groups:
        found.append(
            (BAD, "bot chưa được phép vào nhóm; bật bằng /setjoingroups ở @BotFather",
             "the bot may not join groups; allow it with /setjoingroups at @BotFather")
        )  # fmt: skip
    return found


def _updates(info: WebhookInfo, bot_token: BotToken, settings: Settings, now: datetime) -> list[Remark]:
    found: list[Remark] = []
    wanted = webhook_url(settings.public_url, bot_token.account)
    if settings.telegram_mode is TelegramMode.WEBHOOK and info.url != wanted:
        found.append(not_ours("Telegram", info.url, ours=webhook_url(settings.public_url, "")))
    if settings.telegram_mode is TelegramMode.POLLING and info.url:
        found.append(
            (DOUBTFUL, "Telegram đang gọi webhook; danban run sẽ tự gỡ", "a webhook is set; danban run removes it")
        )
    if info.pending_update_count > PENDING_MAX:
        count = info.pending_update_count
        found.append((DOUBTFUL, f"{count} tin đang chờ ở Telegram", f"{count} updates wait at Telegram"))
    last = info.last_error_date
    if last is not None and now - last.astimezone(UTC) < RECENTLY:
        found.append(
            (
                DOUBTFUL,
                f"Telegram không gọi được webhook: {info.last_error_message}",
                f"Telegram could not call the webhook: {info.last_error_message}",
            )
        )
    return found

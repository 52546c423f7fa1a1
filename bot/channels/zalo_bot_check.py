"""What Zalo says of our bots, for `danban check`: is the token good, do events arrive, and what to mend."""

from typing import Any

from bot.channels.remarks import BAD, DOUBTFUL, GOOD, Remark, not_ours
from bot.channels.zalo_bot_account import files_apart
from bot.channels.zalo_bot_api import Answer, ZaloBotApi
from bot.channels.zalo_bot_outcome import NOT_FOUND, UNAUTHORISED
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.settings import Settings, ZaloBotMode
from bot.settings_values import BotToken

ANSWER_SECONDS = 15.0


async def look(settings: Settings) -> list[Remark]:
    """Ask Zalo about each bot. A webhook that is set already is set again: that is how Zalo tries the address."""
    several = len(settings.zalo_bot_token) > 1
    found = [
        (how, f"[{bot.account}] {vi}", f"[{bot.account}] {en}") if several else (how, vi, en)
        for bot in settings.zalo_bot_token
        for how, vi, en in await _look_at(bot, settings)
    ]
    if settings.zalo_bot_token and files_apart(settings).links is None:
        found.append(
            (
                DOUBTFUL,
                "Zalo Bot: PUBLIC_URL không phải https nên chưa gửi được ảnh (chỉ nói bằng lời)",
                "Zalo Bot: without an https PUBLIC_URL pictures are only put in words",
            )
        )
    return found


async def _look_at(bot: BotToken, settings: Settings) -> list[Remark]:
    api = ZaloBotApi(token=bot.token, url=settings.zalo_bot_api_url, answer_seconds=ANSWER_SECONDS)
    try:
        me = await api.call("getMe")
        if not me.ok:
            return [_refused(me)]
        return [_who(me.result), *await _updates(api, bot, settings)]
    except (NotSent, MaybeSent) as error:
        return [
            (BAD, f"không nối được với Zalo Bot ({error}); xem mạng và ZALO_BOT_API_URL",
             f"Zalo Bot cannot be reached ({error}); look at the network and ZALO_BOT_API_URL")
        ]  # fmt: skip
    finally:
        await api.close()


def _refused(answer: Answer) -> Remark:
    if answer.code == UNAUTHORISED:
        return (
            BAD, "Zalo không nhận ZALO_BOT_TOKEN; lấy lại mã ở Zalo Bot Creator",
            "Zalo refuses ZALO_BOT_TOKEN; get it again from Zalo Bot Creator",
        )  # fmt: skip
    return (DOUBTFUL, f"Zalo Bot đang trục trặc (mã {answer.code})", f"Zalo Bot has trouble (code {answer.code})")


def _who(me: Any) -> Remark:
    known = me if isinstance(me, dict) else {}
    name = known.get("display_name") or known.get("account_name") or "?"
    plan = known.get("account_type") or "?"
    return (GOOD, f"Zalo Bot: {name}, gói {plan}", f"Zalo Bot knows the bot as {name}, plan {plan}")


async def _updates(api: ZaloBotApi, bot: BotToken, settings: Settings) -> list[Remark]:
    info = await api.call("getWebhookInfo")
    result = info.result if info.ok and isinstance(info.result, dict) else {}
    url = "" if info.code == NOT_FOUND else str(result.get("url") or "")
    ours = f"{settings.public_url}/webhook/zalo-bot/"
    if settings.zalo_bot_mode is ZaloBotMode.POLLING:
        left = (DOUBTFUL, "Zalo đang gọi webhook; danban run sẽ tự gỡ", "a webhook is set; danban run removes it")
        return [left] if url else []
    if url != f"{ours}{bot.account}":
        return [not_ours("Zalo", url, ours=ours)]
    return _verified(await api.call("setWebhook", {"url": url, "secret_token": settings.zalo_bot_webhook_secret or ""}))


def _verified(answer: Answer) -> list[Remark]:
    """What came of Zalo's trying our address (`verification` of setWebhook)."""
    result = answer.result if isinstance(answer.result, dict) else {}
    tried = result.get("verification")
    if not answer.ok or not isinstance(tried, dict):
        return [(DOUBTFUL, "Zalo chưa thử được webhook", "Zalo has not tried the webhook")]
    if tried.get("ok"):
        return [(GOOD, "Zalo gọi được webhook", "Zalo reaches the webhook")]
    outcome = str(tried.get("outcome") or "?")[:80]
    return [
        (DOUBTFUL, f"Zalo không gọi được webhook ({outcome}): danban run có đang chạy, tường lửa có chặn "
         "User-Agent Java không?",
         f"Zalo cannot call the webhook ({outcome}): is danban run at work, does a firewall refuse User-Agent Java?")
    ]  # fmt: skip

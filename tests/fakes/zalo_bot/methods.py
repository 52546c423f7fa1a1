"""The methods of the Bot API, strict about what they are given; whatever is not documented is refused."""

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.zalo_bot.world import ApiError, Json, Webhook, World

TEXT_MAX = 2000
IDLE_SECONDS_MAX = 30.0
PICTURES = ("image/jpeg", "image/png")


def check(params: Json, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Refuse what is missing and what nobody has documented."""
    for name in needed:
        if not isinstance(params.get(name), str) or not params[name]:
            raise ApiError(400, f"Bad Request: {name} is missing")
    unknown = params.keys() - {*needed, *optional}
    if unknown:
        raise ApiError(400, f"Bad Request: {sorted(unknown)} unknown")


def length(text: str) -> None:
    """1 to 2000, counted the hard way."""
    if not 1 <= len(text.encode("utf-16-le")) // 2 <= TEXT_MAX:
        raise ApiError(400, "Bad Request: text must be 1-2000 characters")


async def get_me(world: World, params: Json) -> Json:
    check(params, ())
    return {
        "id": world.bot_id, "account_name": "bot.danban", "account_type": "BASIC", "can_join_groups": True,
        "display_name": world.name,
    }  # fmt: skip


async def get_updates(world: World, params: Json) -> Json:
    """One event, and it is gone; 408 when nobody has written."""
    check(params, (), ("timeout", "offset", "limit", "allowed_updates"))
    if world.webhook is not None:
        raise ApiError(400, "Bad Request: a webhook is set")
    seconds = min(float(params.get("timeout") or IDLE_SECONDS_MAX), IDLE_SECONDS_MAX)
    try:
        found = await asyncio.wait_for(world.waiting.get(), seconds * world.scale)
    except TimeoutError:
        raise ApiError(408, "Request timeout") from None
    world.handed_out.append(found["message"]["message_id"])
    return found


async def set_webhook(world: World, params: Json) -> Json:
    """Kept even when trying it fails; what came of that is said."""
    check(params, ("url", "secret_token"))
    if not 8 <= len(params["secret_token"]) <= 256:
        raise ApiError(400, "Bad Request: secret_token must be 8-256 characters")
    parts = urlsplit(params["url"])
    if not world.local and (parts.scheme != "https" or _is_private(parts.hostname or "")):
        raise ApiError(400, "Bad Request: url must be public https")
    world.webhook = Webhook(params["url"], params["secret_token"])
    status = await post(world.webhook, b"")
    outcome = "webhook.ok" if status == 200 else f"webhook.http.{status}"
    hint = "" if status == 200 else "Máy chủ không trả 200"
    return {
        "url": params["url"], "updated_at": int(time.time() * 1000),
        "verification": {"ok": status == 200, "url": params["url"], "outcome": outcome, "hint": hint},
    }  # fmt: skip


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host in ("", "localhost")


async def post(webhook: Webhook, body: bytes) -> int:
    """Post once, as Zalo's servers do; the status, 0 for a broken line. What is lost is lost."""
    headers = {
        "X-Bot-Api-Secret-Token": webhook.secret, "User-Agent": "Java/1.8.0_192", "Content-Type": "application/json",
    }  # fmt: skip
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
            client.post(webhook.url, data=body, headers=headers) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0


async def delete_webhook(world: World, params: Json) -> Json:
    check(params, ())
    world.webhook = None
    return {"url": "", "updated_at": int(time.time() * 1000)}


async def get_webhook_info(world: World, params: Json) -> Json:
    check(params, ())
    if world.webhook is None:
        raise ApiError(404, "Not Found: no webhook")
    return {"url": world.webhook.url, "updated_at": int(time.time() * 1000)}


async def send_message(world: World, params: Json) -> Json:
    check(params, ("chat_id", "text"), ("parse_mode", "text_styles"))
    length(params["text"])
    return world.keep_sent(params["chat_id"], text=params["text"])


async def send_photo(world: World, params: Json) -> Json:
    """Zalo fetches the picture itself, and refuses what is none."""
    check(params, ("chat_id", "photo"), ("caption",))
    if "caption" in params:
        length(params["caption"])
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
            client.get(params["photo"], allow_redirects=False) as answer,
        ):
            data = await answer.read()
            good = answer.status == 200 and answer.content_type in PICTURES
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        good, data = False, b""
    if not good:
        raise ApiError(400, "Bad Request: photo cannot be fetched")
    return world.keep_sent(params["chat_id"], photo=params["photo"], text=params.get("caption", ""), size=len(data))


async def send_voice(world: World, params: Json) -> Json:
    """Zalo fetches the recording itself; in a group it says ok and delivers nothing."""
    check(params, ("chat_id", "voice"))
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client,
            client.get(params["voice"], allow_redirects=False) as answer,
        ):
            data = await answer.read()
            good = answer.status == 200 and params["voice"].endswith(".aac") and answer.content_type == "audio/aac"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        good, data = False, b""
    if not good:
        raise ApiError(400, "Bad Request: voice cannot be fetched")
    return world.keep_sent(params["chat_id"], voice=params["voice"], text="", size=len(data))


async def send_chat_action(world: World, params: Json) -> None:
    check(params, ("chat_id", "action"))
    if params["action"] not in ("typing", "upload_photo"):
        raise ApiError(400, "Bad Request: action")


METHODS: dict[str, Callable[[World, Json], Awaitable[Json | None]]] = {
    "getMe": get_me, "getUpdates": get_updates, "setWebhook": set_webhook, "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info, "sendMessage": send_message, "sendPhoto": send_photo,
    "sendVoice": send_voice, "sendChatAction": send_chat_action,
}  # fmt: skip

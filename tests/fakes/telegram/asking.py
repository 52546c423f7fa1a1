"""The Bot API's methods that ask and set: who am I, updates, webhook, commands, files, members."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes.telegram import checks
from tests.fakes.telegram.checks import as_int, as_json
from tests.fakes.telegram.errors import bad
from tests.fakes.telegram.queue import Webhook
from tests.fakes.telegram.world import Bot, Json, World

DOWNLOAD_MAX_BYTES = 20 << 20
ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_me(world: World, bot: Bot, params: Json) -> Json:
    """`getMe`."""
    return bot.user() | {
        "can_join_groups": bot.joins_groups,
        "can_read_all_group_messages": bot.reads_all,
        "supports_inline_queries": False,
    }


async def get_updates(world: World, bot: Bot, params: Json) -> list[Json]:
    """`getUpdates`."""
    allowed = params.get("allowed_updates")
    bot.queue.allow(None if allowed is None else as_json(allowed))
    limit = as_int(params.get("limit"), 100)
    return await bot.queue.poll(as_int(params.get("offset")), limit, as_int(params.get("timeout")))


async def set_webhook(world: World, bot: Bot, params: Json) -> bool:
    """`setWebhook`; plain http is let through, as a Bot API server of one's own does."""
    url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
    if not url:
        return await delete_webhook(world, bot, params)
    if not re.match(r"https?://", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _drop(bot, params)
    allowed = params.get("allowed_updates")
    bot.queue.allow(None if allowed is None else as_json(allowed))
    most = min(max(as_int(params.get("max_connections"), 40), 1), 100)
    bot.queue.set_webhook(Webhook(url, secret, most))
    return True


async def delete_webhook(world: World, bot: Bot, params: Json) -> bool:
    """`deleteWebhook`."""
    _drop(bot, params)
    bot.queue.set_webhook(None)
    return True


def _drop(bot: Bot, params: Json) -> None:
    if str(params.get("drop_pending_updates", "")).lower() == "true":
        bot.queue.pending.clear()


async def get_webhook_info(world: World, bot: Bot, params: Json) -> Json:
    """`getWebhookInfo`."""
    hook = bot.queue.webhook
    info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
    info["pending_update_count"] = len(bot.queue.alive())
    if hook:
        info["max_connections"] = hook.max_connections
        if hook.last_error:
            info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if bot.queue.allowed is not None:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return info


async def set_my_commands(world: World, bot: Bot, params: Json) -> bool:
    """`setMyCommands`."""
    bot.commands[_scope(world, params)] = checks.commands(params.get("commands"))
    return True


async def delete_my_commands(world: World, bot: Bot, params: Json) -> bool:
    """`deleteMyCommands`."""
    bot.commands.pop(_scope(world, params), None)
    return True


async def get_my_commands(world: World, bot: Bot, params: Json) -> list[Json]:
    """`getMyCommands`."""
    return bot.commands.get(_scope(world, params), [])


def _scope(world: World, params: Json) -> tuple[str, str]:
    scope = as_json(params.get("scope")) if params.get("scope") else {"type": "default"}
    if "chat_id" in scope:
        scope["chat_id"] = world.sendable(scope["chat_id"]).id
    return json.dumps(scope, sort_keys=True), str(params.get("language_code") or "")


async def get_file(world: World, bot: Bot, params: Json) -> Json:
    """`getFile`."""
    file_id = str(params.get("file_id") or "")
    data = world.files.get(file_id)
    if data is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(data) > DOWNLOAD_MAX_BYTES:
        raise bad("file is too big")
    return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(data), "file_path": f"photos/{file_id}.jpg"}


async def get_chat_member(world: World, bot: Bot, params: Json) -> Json:
    """`getChatMember`."""
    chat, user_id = world.sendable(params.get("chat_id")), as_int(params.get("user_id"))
    if user_id not in world.users:
        raise bad("PARTICIPANT_ID_INVALID")
    return _member(world, user_id, chat.members.get(user_id, "left"))


def _member(world: World, user_id: int, status: str) -> Json:
    body: Json = {"status": status, "user": world.user(user_id)}
    if status in ("creator", "administrator"):
        body["is_anonymous"] = False
    if status == "administrator":
        body |= {"can_be_edited": False} | dict.fromkeys(ADMIN_RIGHTS, True)
    return body


async def get_chat_administrators(world: World, bot: Bot, params: Json) -> list[Json]:
    """`getChatAdministrators`."""
    chat = world.sendable(params.get("chat_id"))
    admins = ("creator", "administrator")
    return [_member(world, user, rank) for user, rank in chat.members.items() if rank in admins]


async def get_chat(world: World, bot: Bot, params: Json) -> Json:
    """`getChat`."""
    return world.sendable(params.get("chat_id")).json() | {"accent_color_id": 0, "max_reaction_count": 11}


ASKING: dict[str, Callable[[World, Bot, Json], Awaitable[Any]]] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
    "deletemycommands": delete_my_commands,
    "getmycommands": get_my_commands,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
}

"""What is asked: who the account is, what was written lately, the groups."""

import json
from typing import Any

from tests.fakes.zalo_oa.world import Json, Message, World, ZaloError

COUNT_MAX = 10


def getoa(world: World, params: dict[str, str]) -> Any:
    """GET /v2.0/oa/getoa."""
    return {"oa_id": world.oa_id, "name": world.name, "oa_type": 4, "is_verified": True, "package_name": "Growth"}


def listrecentchat(world: World, params: dict[str, str]) -> Any:
    """GET /v2.0/oa/listrecentchat: the newest message of each person, newest first."""
    data = _data(params, {"offset", "count"})
    newest: dict[str, Message] = {}
    for one in world.messages:
        if one.chat in world.people:
            newest[one.chat] = one
    rows = sorted(newest.values(), key=lambda one: -one.at)
    return [_row(world, one) for one in _page(rows, data)]


def conversation(world: World, params: dict[str, str]) -> Any:
    """GET /v2.0/oa/conversation: one person's messages, newest first."""
    data = _data(params, {"user_id", "offset", "count"})
    if str(data["user_id"]) not in world.people:
        raise ZaloError(-201, "user_id is invalid")
    rows = [one for one in reversed(world.messages) if one.chat == str(data["user_id"])]
    return [_row(world, one) for one in _page(rows, data)]


def getgroupsofoa(world: World, params: dict[str, str]) -> Any:
    """GET /v3.0/oa/group/getgroupsofoa."""
    groups = [{"group_id": one, "name": one, "status": "enabled"} for one in world.groups]
    return {"total": len(groups), "groups": groups}


def _data(params: dict[str, str], fields: set[str]) -> Json:
    try:
        data = json.loads(params["data"])
    except (KeyError, ValueError):
        raise ZaloError(-201, "data is invalid") from None
    if set(data) != fields or not 0 < int(data["count"]) <= COUNT_MAX:
        raise ZaloError(-201, "params is invalid")
    return dict(data)


def _page(rows: list[Message], data: Json) -> list[Message]:
    return rows[int(data["offset"]) :][: int(data["count"])]


def _row(world: World, one: Message) -> Json:
    """As the history shows a message: flat, with the place as JSON in a text."""
    ours, theirs = ("from", "to") if one.by_us else ("to", "from")
    row: Json = {
        "src": 0 if one.by_us else 1, "time": int(one.at * 1000), "message_id": one.id, "type": "text",
        f"{ours}_id": world.oa_id, f"{theirs}_id": one.chat, f"{theirs}_display_name": "Người dùng",
        "message": one.body.get("text", ""),
    }  # fmt: skip
    for attachment in one.body.get("attachments", ()):
        payload, kind = attachment["payload"], attachment["type"]
        if kind == "location":
            row |= {"type": "location", "location": json.dumps(payload["coordinates"])}
        elif kind == "image":
            row |= {"type": "photo", "url": payload["url"], "thumb": payload["url"]}
        else:
            row |= {"type": "voice" if kind == "audio" else kind, "url": payload.get("url", "")}
    return row


ASKING = {
    "/v2.0/oa/getoa": getoa,
    "/v2.0/oa/listrecentchat": listrecentchat,
    "/v2.0/oa/conversation": conversation,
    "/v3.0/oa/group/getgroupsofoa": getgroupsofoa,
}

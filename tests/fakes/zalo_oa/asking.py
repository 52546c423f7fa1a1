"""What is asked: who the account is, who is there, what was written lately, the groups, what is left."""

import json
from collections.abc import Set
from typing import Any

from tests.fakes.zalo_oa.world import FREE_SECONDS, Json, Message, World, ZaloError

COUNT_MAX, LIST_MAX = 10, 50
QUOTA, REPLIES = 2000, 8


def getoa(world: World, params: dict[str, str]) -> Any:
    """GET /v2.0/oa/getoa."""
    return {"oaid": world.oa_id, "name": world.name, "oa_type": 4, "is_verified": True, "package_name": "Growth"}


def user_detail(world: World, params: dict[str, str]) -> Any:
    """GET /v3.0/oa/user/detail."""
    person = world.people.get(str(_data(params, {"user_id"})["user_id"]))
    if person is None:
        raise ZaloError(-201, "user_id is invalid")
    return {"user_id": person.id, "display_name": "Người dùng", "user_is_follower": person.follows}


def user_list(world: World, params: dict[str, str]) -> Any:
    """GET /v3.0/oa/user/getlist."""
    data = _data(params, {"offset", "count"}, may={"is_follower"}, most=LIST_MAX)
    found = [one for one in world.people.values() if one.follows is data.get("is_follower", one.follows)]
    shown = found[int(data["offset"]) :][: int(data["count"])]
    users = [{"user_id": one.id} for one in shown]
    return {"total": len(found), "count": len(users), "offset": int(data["offset"]), "users": users}


def quota(world: World, body: Json) -> Any:
    """POST /v3.0/oa/quota/message: of one person, or of the account; which of them, the fields say."""
    if set(body) != {"user_id"}:
        return _quota_of_account(world, body)
    person = world.people.get(body["user_id"])
    if person is None or person.last_contact is None:
        raise ZaloError(-201, "user_id is invalid")
    left = REPLIES if world.now() - person.last_contact < FREE_SECONDS else 0
    none = {"daily_remain": 0, "daily_total": 0, "monthly_remain": 0, "monthly_total": 0}
    said = {"last_interaction": str(int(person.last_contact * 1000)), "promotion": none}
    return said | {"cs_reply": {"remain": left, "total": left}}


def _quota_of_account(world: World, body: Json) -> Any:
    if body.get("quota_owner") != "OA" or not set(body) <= {"quota_owner", "product_type", "quota_type"}:
        raise ZaloError(-201, "quota_owner is invalid")
    if (body.get("product_type", "cs"), body.get("quota_type", "sub_quota")) != ("cs", "sub_quota"):
        return []
    left = QUOTA - sum(one.billed for one in world.messages)
    asset = {"asset_id": "8c273149281ac144980b", "product_type": "cs", "quota_type": "sub_quota"}
    return [asset | {"valid_through": "31/12/2026", "total": QUOTA, "remain": left}]


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


def _data(params: dict[str, str], fields: Set[str], *, may: Set[str] = frozenset(), most: int = COUNT_MAX) -> Json:
    """What is in the one parameter `data`: these fields, and none but those that `may` be there."""
    data = dict(json.loads(params["data"]))
    if not fields <= set(data) <= fields | may or not 0 < int(data.get("count", 1)) <= most:
        raise ZaloError(-201, "params is invalid")
    return data


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
    "/v3.0/oa/user/detail": user_detail,
    "/v3.0/oa/user/getlist": user_list,
    "/v2.0/oa/listrecentchat": listrecentchat,
    "/v2.0/oa/conversation": conversation,
    "/v3.0/oa/group/getgroupsofoa": getgroupsofoa,
}

"""What people do on Zalo: write, send photos and places, press buttons, follow, talk in groups."""

from typing import Any

from tests.fakes.zalo_oa.delivery import Webhook
from tests.fakes.zalo_oa.world import Json, Message, World


class People:
    """Everybody; each deed becomes an event of the webhook. `files_url` is where the photos they send lie."""

    def __init__(self, world: World, webhook: Webhook) -> None:
        self._world = world
        self._webhook = webhook
        self.files_url = ""

    def write(self, user: str, text: str, *, quote: str | None = None) -> str:
        """Write a text; the message's id."""
        return self._say(user, "user_send_text", {"text": text}, quote=quote)

    def tap(self, user: str, payload: str) -> str:
        """Press a button: its payload is said in the person's name."""
        return self.write(user, payload)

    def photo(self, user: str, data: bytes, *, text: str = "") -> str:
        """Send a photo, with a word if there is one."""
        return self._say(user, "user_send_image", self._photo(data) | ({"text": text} if text else {}))

    def place(self, user: str, latitude: str, longitude: str, *, text: str = "") -> str:
        """Send a location; its coordinates are texts."""
        point = {"latitude": latitude, "longitude": longitude}
        body = {"attachments": [{"type": "location", "payload": {"coordinates": point}}], "text": text}
        return self._say(user, "user_send_location", body)

    def send(self, user: str, kind: str, payload: Json, *, text: str = "") -> str:
        """Send something else: audio, video, file, sticker, gif, link, business_card."""
        body: Json = {"attachments": [{"type": kind, "payload": payload}]}
        return self._say(user, f"user_send_{kind}", body | ({"text": text} if text else {}))

    def follow(self, user: str) -> None:
        """Follow the account."""
        person = self._world.person(user)
        person.follows, person.state, person.last_contact = True, "", self._world.now()
        self._deliver({"event_name": "follow", "oa_id": self._world.oa_id, "follower": {"id": user}}, user)

    def unfollow(self, user: str) -> None:
        """Take that back."""
        person = self._world.person(user)
        person.follows, person.last_contact = False, None
        self._deliver({"event_name": "unfollow", "oa_id": self._world.oa_id, "follower": {"id": user}}, user)

    def submit_info(self, user: str, **info: str) -> None:
        """Fill in the form that asks for name and telephone number."""
        self._contact(user)
        event = {"event_name": "user_submit_info", "sender": {"id": user}, "recipient": {"id": self._world.oa_id}}
        self._deliver(event | {"info": info}, user)

    def receipt(self, user: str, *ids: str) -> None:
        """See messages: an event nobody waits for an answer to."""
        event = {"event_name": "user_seen_message", "sender": {"id": user}, "recipient": {"id": self._world.oa_id}}
        self._deliver(event | {"message": {"msg_ids": list(ids)}}, user)

    def echo(self, user: str, text: str) -> None:
        """What the account itself said comes back as an event."""
        event = {"event_name": "oa_send_text", "sender": {"id": self._world.oa_id}, "recipient": {"id": user}}
        self._deliver(event | {"message": {"msg_id": self._world.message_id(), "text": text}}, user)

    def group(self, group_id: str, members: list[str]) -> None:
        """The account makes a group; members come by link."""
        self._world.groups[group_id] = set(members)
        event = {"event_name": "create_group", "group": {"id": group_id}, "oa_id": self._world.oa_id}
        self._deliver(event, group_id)

    def write_in_group(self, user: str, group_id: str, text: str, *, quote: str | None = None) -> str:
        """Write in a group."""
        return self._say_in_group(user, group_id, "text", {"text": text}, quote)

    def photo_in_group(self, user: str, group_id: str, data: bytes, *, text: str = "", quote: str | None = None) -> str:
        """Send a photo in a group."""
        said = self._photo(data) | ({"text": text} if text else {})
        return self._say_in_group(user, group_id, "image", said, quote)

    def place_in_group(self, user: str, group_id: str, latitude: str, longitude: str) -> str:
        """Send a location in a group."""
        point = {"coordinates": {"latitude": latitude, "longitude": longitude}}
        said = {"attachments": [{"type": "location", "payload": point}]}
        return self._say_in_group(user, group_id, "location", said, None)

    def _photo(self, data: bytes) -> Json:
        name = f"photo-{self._world.message_id()}.jpg"
        self._world.files[name] = data
        url = f"{self.files_url}/files/{name}"
        return {"attachments": [{"type": "image", "payload": {"url": url, "thumbnail": url}}]}

    def _say_in_group(self, user: str, group_id: str, kind: str, said: Json, quote: str | None) -> str:
        assert user in self._world.groups[group_id]
        message_id = self._world.message_id()
        message: Json = said | {"msg_id": message_id} | ({"quote_msg_id": quote} if quote else {})
        self._world.messages.append(
            Message(id=message_id, chat=group_id, by_us=False, at=self._world.now(), body=message)
        )
        event = {"event_name": f"user_send_group_{kind}", "sender": {"id": user}, "recipient": {"id": group_id}}
        self._deliver(event | {"message": message}, group_id)
        return message_id

    def repeat(self, event: Json) -> None:
        """Deliver an event once more."""
        self._webhook.deliver(event, line="again")

    def _contact(self, user: str) -> None:
        self._world.person(user).last_contact = self._world.now()

    def _say(self, user: str, name: str, body: Json, *, quote: str | None = None) -> str:
        self._contact(user)
        message_id = self._world.message_id()
        message = body | {"msg_id": message_id} | ({"quote_msg_id": quote} if quote else {})
        self._world.messages.append(Message(id=message_id, chat=user, by_us=False, at=self._world.now(), body=message))
        event = {"event_name": name, "sender": {"id": user}, "recipient": {"id": self._world.oa_id}}
        self._deliver(event | {"message": message}, user)
        return message_id

    def _deliver(self, event: dict[str, Any], line: str) -> None:
        common = {"app_id": self._world.app_id, "timestamp": str(int(self._world.now() * 1000))}
        self._webhook.deliver(event | common | {"user_id_by_app": f"9{line}"[:19]}, line=line)

"""A platform as a draw of faults meets it: settings, people who write, faults of the line, what has arrived."""

import base64
from dataclasses import dataclass, field
from typing import Any

from tests.faults.ground import Sim

SECRET = "a-secret-of-sixteen"
# The platforms' limits are made wider than in life, and kept as strictly: a draw lasts minutes, not days.
PER_MINUTE = "600"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of ours that reached a chat."""

    id: str
    chat: str
    text: str


@dataclass(kw_only=True)
class Platform:
    """One platform; `refusals` are answers that end a message for good, `answers` those that do not.

    `send` names the call that says something, which every message's end hangs on; `calls` those that meet faults
    besides it ("" for whichever comes next), `files` those that fetch what people sent, and `refused` those that may
    be refused for good. Groups are named by number; `group` says how the platform names one.
    """

    sim: Sim
    name: str
    account: str
    send: str
    answers: tuple[str, ...]
    refusals: tuple[str, ...]
    calls: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    # Whether it delivers again what was not taken, so that nothing at all may be lost.
    keeps: bool = False
    has_desk: bool = False
    has_buttons: bool = False
    has_desk_buttons: bool = False
    has_edits: bool = False
    # How many photos make one message of somebody's at most.
    photos_max: int = 1
    # Chats that somebody wrote in, or may be written to.
    groups: dict[str, str] = field(default_factory=dict)

    def settings(self, mode: str, url: str) -> dict[str, str]:
        """How this installation reaches it."""
        raise NotImplementedError

    def address(self, person: int) -> str:
        """A person's id there."""
        raise NotImplementedError

    def group(self, number: int) -> str:
        """A group's name, as a message of ours is addressed to it."""
        raise NotImplementedError

    async def open_groups(self, numbers: list[int], members: list[int]) -> None:
        """Have these groups there, before anybody writes."""
        raise NotImplementedError

    async def ready(self, mode: str, url: str) -> None:
        """What has to be done there before people can write."""

    async def known(self, mode: str) -> None:
        """Wait until the platform knows where to bring what people write."""

    async def mend(self) -> int:
        """Order no faults any more, and do what an installer would have to do there; how many nothing has met."""
        return int(await self.sim.do("mend"))

    # --- people ---------------------------------------------------------------------------------------------------

    async def write(self, person: int, text: str) -> Any:
        """Somebody writes to us; the message's id."""
        return await self.sim.do("write", user=self.address(person), text=text)

    async def write_at_desk(self, person: int, text: str) -> None:
        """An official writes to us where officials do."""
        await self.write(person, text)

    async def photos(self, person: int, photos: list[bytes], text: str) -> int:
        """Somebody sends photos with words; how many updates come of it."""
        (photo,) = photos
        await self.sim.do("photo", user=self.address(person), data=encoded(photo), text=text)
        return 1

    async def edit(self, person: int, message: Any, text: str) -> None:
        """Somebody corrects what they wrote."""
        raise NotImplementedError

    async def press(self, person: int, words: list[str], ending: str, *, group: int | None = None) -> bool:
        """Somebody presses the button with this payload's ending below a message with these words; False: not there."""
        raise NotImplementedError

    async def shows(self, group: int, words: list[str]) -> bool:
        """Whether a message with all these words stands in a group."""
        raise NotImplementedError

    # --- faults ---------------------------------------------------------------------------------------------------

    async def order(self, kind: str, call: str, times: int = 1) -> None:
        """The next of these calls meet this fault."""
        await self.sim.do("fault", kind=kind, method=call, times=times)

    async def refuse(self, kind: str, call: str, person: int) -> None:
        """The next such call is refused for good; if that says something of its receiver, it is one to this person."""
        await self.order(kind, call)

    async def break_asking(self, kind: str) -> None:
        """The next question for updates meets this fault."""
        await self.sim.do("fault", kind=kind, method="getUpdates")

    # --- what came of it ------------------------------------------------------------------------------------------

    async def arrived(self) -> list[Arrived]:
        """Everything of ours that reached somebody, in order."""
        return [self._arrived(one) for one in await self.sim.do("sent")]

    def _arrived(self, one: dict[str, Any]) -> Arrived:
        return Arrived(str(one["id"]), self.groups.get(str(one["chat"]), str(one["chat"])), str(one["text"]))

    async def taken(self) -> set[str]:
        """The updates that we have said we have, by their names in the inbox."""
        return set(await self.sim.do("acknowledged"))

    async def beside(self) -> set[str]:
        """The updates that came in no order with the others of their chat."""
        return set()

    async def wrong_answers(self) -> list[str]:
        """What was wrong with our answers to its deliveries, once the database was away: "I have it", or "come again
        after …" are right."""
        return []

    async def excesses(self) -> list[str]:
        """Where a limit of the platform's was exceeded."""
        return []


def encoded(photo: bytes) -> str:
    """A photo as the stand-ins take it."""
    return base64.b64encode(photo).decode()

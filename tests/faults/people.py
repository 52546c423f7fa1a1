"""What people do while things break: residents report, correct themselves and give opinions; officials do their work.

Nobody waits for an answer except before pressing a button: it is pressed once it stands there, or else its word is
typed, as people do. What ends with a press comes last, since taps come beside messages, in no order with them.
"""

import asyncio
import io
import random
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.faults.platform_base import Platform

ITEM = 3
PRESS_SECONDS, LOOK_SECONDS = 12.0, 0.25
OFTEN = 0.7
PACE_SECONDS = 0.6
SEND, SEND_WORD = ":send", "gửi"
BLOCKS = (8, 6)


@dataclass(slots=True, kw_only=True)
class Deeds:
    """What has been done so far, and what it should have come to.

    `written` are the updates; `texts` the words of each case, line by line, with how many photos go with it.
    """

    written: int = 0
    texts: dict[str, int] = field(default_factory=dict)
    opinions: list[str] = field(default_factory=list)
    handled: list[str] = field(default_factory=list)
    photos: int = 0
    presses: int = 0
    edits: int = 0

    def text(self, person: int) -> str:
        """The words of a new case."""
        self.texts[f"Đèn đường hỏng trước nhà số {person}, lần {len(self.texts)}."] = 0
        return list(self.texts)[-1]

    def opinion(self, person: int) -> str:
        """The words of a new opinion."""
        self.opinions.append(f"Xin làm sớm, nhà số {person}, lần {len(self.opinions)}.")
        return self.opinions[-1]

    def photo(self) -> bytes:
        """A photo nobody has sent before."""
        self.photos += 1
        return picture(self.photos)


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person for one round."""

    number: int
    platform: Platform
    deeds: Deeds
    draw: random.Random

    # --- what everybody can do ------------------------------------------------------------------------------------

    async def say(self, text: str) -> Any:
        """Write, and take some time for it; the message's id."""
        self.deeds.written += 1
        message = await self.platform.write(self.number, text)
        await self._pause()
        return message

    async def _pause(self) -> None:
        await asyncio.sleep(self.draw.uniform(0, 2 * PACE_SECONDS))

    async def _press(self, words: list[str], ending: str, *, group: int | None = None) -> bool:
        """Press a button once it is there; False if it does not come for long."""
        if not self.platform.has_buttons or self.draw.random() > OFTEN:
            return False
        for _ in range(int(PRESS_SECONDS / LOOK_SECONDS)):
            if await self.platform.press(self.number, words, ending, group=group):
                self.deeds.written += 1
                self.deeds.presses += 1
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _send(self, *words: str, last: bool) -> None:
        if not (last and await self._press(list(words), SEND)):
            await self.say(SEND_WORD)

    # --- residents ------------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """One round of a resident: a case, and perhaps an opinion before or after it."""
        steps = [self._report] + [self._opine] * (self.draw.random() < 0.5)
        self.draw.shuffle(steps)
        for step in steps:
            await step(last=step is steps[-1])

    async def _report(self, *, last: bool) -> None:
        text = self.deeds.text(self.number)
        match self.draw.choice(("words", "photos", "photos", "edit")):
            case "photos":
                count = self.draw.randint(1, self.platform.photos_max)
                await self._show(text, count)
                await self._send(text, f"📷 {count} ", last=last)
            case "edit" if self.platform.has_edits:
                await self._correct(text)
                await self._send(text, last=last)
            case _:
                await self.say(f"/phananh {text}")
                await self._send(text, last=last)

    async def _show(self, text: str, count: int) -> None:
        self.deeds.texts[text] = count
        photos = [self.deeds.photo() for _ in range(count)]
        # Counted in a step of its own: others write meanwhile.
        updates = await self.platform.photos(self.number, photos, f"/phananh {text}")
        self.deeds.written += updates
        await self._pause()

    async def _correct(self, text: str) -> None:
        message = await self.say(f"/phananh {text.replace('lần', 'nhầm')}")
        self.deeds.written += 1
        self.deeds.edits += 1
        await self.platform.edit(self.number, message, f"/phananh {text}")
        await self._pause()

    async def _opine(self, *, last: bool) -> None:
        text = self.deeds.opinion(self.number)
        if last and self.draw.random() < OFTEN:
            # A bare number may have been meant as a place in a list: that is asked.
            await self.say(f"/gopy {ITEM} {text}")
            await self._send(text, last=True)
        else:
            await self.say(f"/gopy KH-{ITEM} {text}")

    # --- officials ------------------------------------------------------------------------------------------------

    async def work(self, codes: list[str], group: int) -> None:
        """One round of an official: each case is taken up and answered; the last one perhaps by buttons."""
        for code in codes:
            await self._handle(code, group, last=code == codes[-1])

    async def _handle(self, code: str, group: int, *, last: bool) -> None:
        if not (last and await self._take_by_card(code, group)):
            await self._order(f"/nhan {code}")
        await self._order(f"/traloi {code} Đã xử lý xong.")
        if not (last and self.platform.has_desk_buttons and await self._press([code, "Đã xử lý xong."], SEND)):
            await self._order(SEND_WORD)

    async def _take_by_card(self, code: str, group: int) -> bool:
        """Press a card's button, and see that it was done."""
        if not self.platform.has_desk_buttons or not await self._press([code], f"/nhan {code}", group=group):
            return False
        for _ in range(int(PRESS_SECONDS / LOOK_SECONDS)):
            if await self.platform.shows(group, [f"📌 {code}"]):
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _order(self, text: str) -> None:
        self.deeds.written += 1
        await self.platform.write_at_desk(self.number, text)
        await self._pause()


def picture(number: int) -> bytes:
    """A photo unlike any other: its number in black and white."""
    wide, high = BLOCKS
    image = Image.new("1", BLOCKS)
    image.putdata([number >> place & 1 for place in range(wide * high)])
    made = io.BytesIO()
    image.resize((wide * 8, high * 8)).convert("RGB").save(made, "JPEG")
    return made.getvalue()

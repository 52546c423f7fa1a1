"""The three steps everybody is measured by: a command, and two answers that are said back in the end."""

from bench.ground.world import World

COMMAND = "/batdau"
TEXTS = (COMMAND, "Nguyễn Thị Lan", "12 đường Lê Lợi")
ASK_NAME = "Xin chào. Ông/Bà tên là gì?"
ASK_PLACE = "Ông/Bà ở đâu?"
THANKS = "Cảm ơn {name}, ở {place}."


async def rehearse(world: World, chat: int) -> None:
    """Hold the conversation once and see that it is the one everybody holds."""
    said = [await world.say(chat, text) for text in TEXTS]
    wanted = [ASK_NAME, ASK_PLACE, THANKS.format(name=TEXTS[1], place=TEXTS[2])]
    assert said == wanted, said

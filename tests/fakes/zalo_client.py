"""What an independent client (python-zalo-bot) sees of the stand-in; run as a process of its own, prints JSON."""

import asyncio
import json
import sys
from typing import Any

from zalo_bot import Bot


async def main(url: str, token: str) -> None:
    """Ask who we are, take three events, answer the first, send a photo."""
    async with Bot(token, base_url=url) as bot:
        me = await bot.get_me()
        taken = [await bot.get_update(timeout=5) for _ in range(3)]
        first: Any = taken[0].message
        sent = await bot.send_message(first.chat.id, "Chào Ông/Bà")
        photo = await bot.send_photo(first.chat.id, "Ảnh", f"{url}/media/0.jpg")
        await bot.send_chat_action(first.chat.id, "typing")
    print(
        json.dumps(
            {
                "me": me.id, "texts": [one.message.text for one in taken], "sender": first.from_user.id,
                "photo_url": taken[1].message.photo_url, "sent": sent.message_id, "photo": photo.message_id,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

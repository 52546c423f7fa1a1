"""The three steps in python-telegram-bot: Application, ConversationHandler, PicklePersistence, its own HTTP client."""

import argparse
import asyncio
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from bench.bots.steps import ASK_NAME, ASK_PLACE, COMMAND, THANKS
from bench.ground.world import SECRET, SECRET_HEADER, TOKEN

NAME, PLACE = range(2)


async def _begin(update: Update, context: Any) -> int:
    await update.message.reply_text(ASK_NAME)
    return NAME


async def _name(update: Update, context: Any) -> int:
    context.user_data["name"] = update.message.text
    await update.message.reply_text(ASK_PLACE)
    return PLACE


async def _place(update: Update, context: Any) -> int:
    said = THANKS.format(name=context.user_data.pop("name"), place=update.message.text)
    await update.message.reply_text(said)
    return ConversationHandler.END


async def main() -> None:
    """Serve the webhook until killed, as examples/customwebhookbot does."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--api", required=True)
    arguments.add_argument("--folder", required=True)
    given = arguments.parse_args()
    words = filters.TEXT & ~filters.COMMAND
    application = (
        ApplicationBuilder().token(TOKEN).updater(None).job_queue(None).base_url(f"{given.api}/bot")
        .persistence(PicklePersistence(f"{given.folder}/ptb.pickle")).build()
    )  # fmt: skip
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler(COMMAND[1:], _begin)],
            states={NAME: [MessageHandler(words, _name)], PLACE: [MessageHandler(words, _place)]},
            fallbacks=[], name="steps", persistent=True,
        )
    )  # fmt: skip

    async def take(request: web.Request) -> web.Response:
        assert request.headers[SECRET_HEADER] == SECRET
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    server = web.Application()
    server.router.add_post("/webhook", take)
    runner = web.AppRunner(server, access_log=None)
    async with application:
        await application.start()
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

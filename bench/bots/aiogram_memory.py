"""The three steps in aiogram: a state machine kept in memory, its own webhook handler and HTTP client."""

import argparse
import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bench.bots.steps import ASK_NAME, ASK_PLACE, COMMAND, THANKS
from bench.ground.world import SECRET, TOKEN


class Steps(StatesGroup):
    """Where a chat stands."""

    name = State()
    place = State()


async def _begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Steps.name)
    await message.answer(ASK_NAME)


async def _name(message: Message, state: FSMContext) -> None:
    await state.update_data(name=message.text)
    await state.set_state(Steps.place)
    await message.answer(ASK_PLACE)


async def _place(message: Message, state: FSMContext) -> None:
    data = await state.get_data()
    await state.clear()
    await message.answer(THANKS.format(name=data["name"], place=message.text))


async def main() -> None:
    """Serve the webhook until killed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--api", required=True)
    given = arguments.parse_args()
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(given.api)))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.message.register(_begin, Command(COMMAND[1:]))
    dispatcher.message.register(_name, Steps.name)
    dispatcher.message.register(_place, Steps.place)
    server = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(server, path="/webhook")
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

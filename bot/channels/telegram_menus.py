"""The command menus Telegram shows: residents' in private, officials' in each unit's group, in two languages."""

import contextlib
import hashlib
import json
from collections.abc import Sequence

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.channels.telegram_update import NAME
from domain.people import GroupKind
from handlers.context import Book, Command, For
from handlers.i18n import DEFAULT_LANGUAGE, LANGUAGES, translator
from storage import invites
from storage.database import Database

GROUPS_AT_ONCE = 20

Menu = list[tuple[str, str]]


def menu_of(book: Book, audience: For, language: str) -> Menu:
    """(name, description) of the commands offered to an audience; officials' are those that work in a group."""
    return [_line(one, language) for one in book.commands if _offered(one, audience)]


def _offered(command: Command, audience: For) -> bool:
    return command.audience is audience and (audience is For.RESIDENTS or command.in_groups)


def _line(command: Command, language: str) -> tuple[str, str]:
    english = language != DEFAULT_LANGUAGE and len(command.names) > 1
    about = translator(language)(command.about)
    return command.names[1 if english else 0], about[: BotCommandLimit.MAX_DESCRIPTION]


class Menus:
    """Keeps one bot's menus as they should be."""

    def __init__(self, bot: Bot, account: str, book: Book, database: Database) -> None:
        self._bot = bot
        self._account = account
        self._database = database
        self._private = {language: menu_of(book, For.RESIDENTS, language) for language in LANGUAGES}
        self._desk = {language: menu_of(book, For.OFFICIALS, language) for language in LANGUAGES}
        self._desk_hash = hashlib.sha256(json.dumps(self._desk, sort_keys=True).encode()).hexdigest()[:16]

    async def set_private(self) -> None:
        """The residents' menu, in every private chat; groups see none of it."""
        await self._set(self._private, BotCommandScopeAllPrivateChats())

    async def set_groups(self) -> int:
        """The officials' menu, in unit groups that do not show it yet; how many were looked at."""
        async with self._database.reading() as tx:
            groups = await invites.without_menu(
                tx, channel=NAME, account=self._account, kind=GroupKind.UNIT, menu=self._desk_hash, limit=GROUPS_AT_ONCE
            )
        for group in groups:
            chat = int(group.address.chat.partition(":")[0])
            # A group that is gone or has moved: that is found out by what is sent there.
            with contextlib.suppress(BadRequest, Forbidden, ChatMigrated):
                await self._set(self._desk, BotCommandScopeChat(chat))
            async with self._database.transaction() as tx:
                await invites.set_menu(tx, group.id, self._desk_hash)
        return len(groups)

    async def _set(self, menus: dict[str, Menu], scope: BotCommandScopeAllPrivateChats | BotCommandScopeChat) -> None:
        for language, menu in menus.items():
            # Vietnamese for everybody whose language has no menu of its own.
            code = None if language == DEFAULT_LANGUAGE else language
            await self._bot.set_my_commands(_commands(menu), scope=scope, language_code=code)


def _commands(menu: Menu) -> Sequence[BotCommand]:
    return [BotCommand(name, about) for name, about in menu[: BotCommandLimit.MAX_COMMAND_NUMBER]]

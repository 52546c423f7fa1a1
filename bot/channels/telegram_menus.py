"""The command menus Telegram shows in private, in each kind of group, and to who may bind one; in two languages."""

import contextlib
import hashlib
import json
from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.channels.telegram_update import NAME
from domain.people import GroupKind
from handlers.context import Book, Command, For
from handlers.i18n import DEFAULT_LANGUAGE, LANGUAGES, translator
from storage import invites
from storage.database import Database

GROUPS_AT_ONCE = 20
BINDING = frozenset({"thamgia", "trogiup"})

Menu = list[tuple[str, str]]


def menu_of(book: Book, audience: For, language: str) -> Menu:
    """(name, description) of the commands offered to an audience; officials' are those that work in a group."""
    return [_line(one, language) for one in book.commands if _offered(one, audience)]


def _offered(command: Command, audience: For) -> bool:
    return command.audience is audience and (audience is For.RESIDENTS or command.in_groups)


def menu_of_group(book: Book, kind: GroupKind, language: str) -> Menu:
    """A unit's group works on cases; the ward's and the residential groups read what is public."""
    audience = For.OFFICIALS if kind is GroupKind.UNIT else For.RESIDENTS
    return [_line(one, language) for one in book.commands if one.in_groups and one.audience is audience]


def menu_of_admins(book: Book, language: str) -> Menu:
    """What the administrators of a group need before it is bound."""
    return [_line(one, language) for one in book.commands if BINDING & set(one.names)]


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
        self._admins = {language: menu_of_admins(book, language) for language in LANGUAGES}
        self._groups = {
            kind: {language: menu_of_group(book, kind, language) for language in LANGUAGES} for kind in GroupKind
        }

    async def set_private(self) -> None:
        """The residents' menu in every private chat; in groups, only their administrators see how they are bound."""
        await self._set(self._private, BotCommandScopeAllPrivateChats())
        await self._set(self._admins, BotCommandScopeAllChatAdministrators())

    async def set_groups(self) -> int:
        """Each bound group's menu, where it is not shown yet; how many were looked at."""
        return sum([await self._set_groups_of(kind, menus) for kind, menus in self._groups.items()])

    async def _set_groups_of(self, kind: GroupKind, menus: dict[str, Menu]) -> int:
        name = hashlib.sha256(json.dumps(menus, sort_keys=True).encode()).hexdigest()[:16]
        async with self._database.reading() as tx:
            groups = await invites.without_menu(
                tx, channel=NAME, account=self._account, kind=kind, menu=name, limit=GROUPS_AT_ONCE
            )
        for group in groups:
            chat = int(group.address.chat.partition(":")[0])
            # A group that is gone or has moved: that is found out by what is sent there.
            with contextlib.suppress(BadRequest, Forbidden, ChatMigrated):
                await self._set(menus, BotCommandScopeChat(chat))
            async with self._database.transaction() as tx:
                await invites.set_menu(tx, group.id, name)
        return len(groups)

    async def _set(self, menus: dict[str, Menu], scope: BotCommandScope) -> None:
        for language, menu in menus.items():
            # Vietnamese for everybody whose language has no menu of its own.
            code = None if language == DEFAULT_LANGUAGE else language
            await self._bot.set_my_commands(_commands(menu), scope=scope, language_code=code)


def _commands(menu: Menu) -> Sequence[BotCommand]:
    return [BotCommand(name, about) for name, about in menu[: BotCommandLimit.MAX_COMMAND_NUMBER]]

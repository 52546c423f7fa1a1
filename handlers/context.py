"""One turn of a conversation: what arrived, who wrote it, where the chat stands, and what is said back."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import DomainError
from domain.files import FileGist, FileKind
from domain.people import Official, Person, Role
from domain.texts import fold
from domain.workdays import WorkCalendar
from handlers.engine.conversation import Conversation
from handlers.engine.event import Event
from handlers.engine.form import Data, Form, Question
from handlers.engine.menu import Menu
from handlers.engine.reply import Choice, Reply
from handlers.i18n import Translate, plural_translator, translator
from storage.database import Database, Transaction
from storage.invites import GroupChat
from storage.outbox import Address
from storage.wards import StoredWard


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits a conversation keeps; every one is a setting with a default."""

    text_max_chars: int = 4000
    files_per_case_max: int = 10
    page_size: int = 5
    choices_max: int = 8
    public_url: str = "http://127.0.0.1:8080"
    link_minutes: int = 10
    link_tries_per_hour: int = 5


class For(StrEnum):
    """Whom a command is offered to."""

    RESIDENTS = "residents"
    OFFICIALS = "officials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: `names` are typed after the slash, the Vietnamese one first; `about` is its help (msgid).

    `words` are said without a slash and mean the same, folded. `roles` are the offices an official's command is listed
    for; who may really do it, the deed itself checks.
    """

    names: tuple[str, ...]
    about: str
    run: "Callable[[Turn, str], Awaitable[None]]"
    audience: For = For.RESIDENTS
    words: tuple[str, ...] = ()
    in_groups: bool = False
    roles: frozenset[Role] = frozenset(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHandler:
    """A form, and what is done when it is complete or given up."""

    form: "Form[Turn]"
    done: "Callable[[Turn, Data], Awaitable[None]]"
    cancelled: "Callable[[Turn, Data], Awaitable[None]]"
    # The answers with whatever follows from their words, after somebody changed a message.
    reread: "Callable[[Turn, Data], Data] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All commands and forms of the product, and who takes what is neither; put together in handlers/book.py."""

    commands: tuple[Command, ...]
    forms: dict[str, FormHandler]
    free_text: "Callable[[Turn], Awaitable[None]]"
    reply_to_case: "Callable[[Turn, int], Awaitable[bool]]"
    linking_code: "Callable[[Turn], Awaitable[bool]]"

    def command(self, name: str) -> Command | None:
        """The command with this name."""
        return next((one for one in self.commands if name in one.names), None)

    @property
    def said_in_groups(self) -> frozenset[str]:
        """The names of commands that work in groups; none has a diacritic."""
        return frozenset(name for one in self.commands if one.in_groups for name in one.names)

    def command_said(self, said: str) -> Command | None:
        """The command that a folded message without a slash means, if it is nothing but its words."""
        return next((one for one in self.commands if said and said in one.words), None)


@dataclass(slots=True, kw_only=True)
class Turn:
    """Everything a handler needs for one event; handlers change `conversation` and call `say`.

    `group` is the bound group the event came from, None in a private chat or in a group bound to nothing.
    """

    book: Book
    database: Database
    tx: Transaction
    event: Event
    ward: StoredWard
    person: Person
    official: Official | None
    group: GroupChat | None
    conversation: Conversation
    now: datetime
    limits: Limits
    # What the files of this event and of the forms in hand are, by id.
    files: Mapping[int, FileGist] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language this person reads."""
        return self.person.language

    @property
    def _(self) -> Translate:
        """Words a message in the person's language."""
        return translator(self.language)

    @property
    def n_(self) -> Translate:
        """Words a counted message in the person's language."""
        return plural_translator(self.language)

    @property
    def calendar(self) -> WorkCalendar:
        """The ward's calendar."""
        return self.ward.ward.calendar

    @property
    def today(self) -> date:
        """The day it is in the ward."""
        return self.calendar.local_day(self.now)

    @property
    def ward_ids(self) -> tuple[int, ...]:
        """The wards a case named here may be before: this one, and those the person may have brought cases to."""
        return tuple(dict.fromkeys((self.ward.id, *self.person.ward_ids)))

    @property
    def address(self) -> Address:
        """The chat the event came from."""
        return Address(channel=self.event.channel, account=self.event.account, chat=self.event.chat)

    def say(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        case_id: int | None = None,
        attachments: tuple[int, ...] = (),
        card: str | None = None,
        by_reply: str = "",
    ) -> None:
        """Say something; its choices become the chat's menu, so that a number or a label is an answer too."""
        menu = ""
        if choices:
            shown = self.conversation.menus + 1
            # In a group everybody has a menu of their own: nobody's press may mean another's choice.
            menu = f"m{shown:x}{_owner(self.person.id)}" if self.event.in_group else f"m{shown:x}"
            self.conversation = replace(self.conversation, menu=Menu(token=menu, choices=tuple(choices)), menus=shown)
        self.replies.append(
            Reply(
                text=text,
                choices=tuple(choices),
                attachments=attachments,
                menu=menu,
                case_id=case_id,
                card=card,
                by_reply=by_reply,
            )
        )

    def remark(self, text: str) -> None:
        """Say what concerns only who wrote: why something was not done, how it is used. A group is not bothered."""
        if not self.event.in_group:
            self.say(text)
            return
        aloud = self._("🔒 I have a word for you alone. Please open a private chat with me and write something there.")
        self.replies.append(Reply(text=text, only_for=self.event.sender, tap=self.event.tap, aloud=aloud))

    def ask(self, question: Question, before: str = "", *, words: bool = False) -> None:
        """Ask a form's question, with a sentence before it if there is one; `words` says that they may answer it.

        In a group they must be written as a reply: Telegram shows a bot nothing else that people say there.
        """
        by_reply = self._("↩️ To write, please reply to this very message.") if words and self.event.in_group else ""
        text = "\n\n".join(part for part in (before, question.text, by_reply) if part)
        self.say(text, question.choices, by_reply=by_reply)

    def gists(self, ids: Iterable[int]) -> list[FileGist]:
        """What these files are, as far as this turn knows them."""
        return [self.files[one] for one in ids if one in self.files]

    def speaks(self, ids: Iterable[int]) -> bool:
        """Whether there is a recording among these files: somebody said it instead of writing."""
        return any(one.kind is FileKind.VOICE for one in self.gists(ids))

    def pick(self) -> str | None:
        """The id of the choice of the last menu that the event means, or None.

        Raises handlers.engine.menu.StaleChoice for a tap on an overtaken button.
        """
        menu = self.conversation.menu or Menu(token="", choices=())
        return menu.pick(self.event, fold)

    def need_official(self) -> Official:
        """The official who writes. DomainError `officials_only` for everybody else."""
        if self.official is None or self.official.ward_id != self.ward.id:
            raise DomainError("officials_only")
        return self.official


def _owner(person_id: int) -> str:
    return f".{person_id:x}"


def is_menu_of(tapped: str, person_id: int) -> bool:
    """Whether a tapped button of a group belongs to a menu that was shown to this person."""
    return tapped.partition(":")[0].endswith(_owner(person_id))

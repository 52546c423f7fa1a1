"""What the bot says: text, choices to press and files, in the same shape whatever the channel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

CHOICE_ID_MAX_BYTES = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button. An id that begins with `/` is a command: pressing it is the same as typing it.

    `also` are other words that mean the same when typed ("ok" for "Gửi"), folded or not.
    """

    id: str
    label: str
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Keep ids small enough for every platform's button payload (Bot API: 64 bytes with the menu's token)."""
        if len(self.id.encode()) > CHOICE_ID_MAX_BYTES:
            raise ValueError(f"choice id too long: {self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message out. `menu` is the token of the menu its choices belong to ("" for commands only).

    `card` names a message that stands in the chat and is kept up to date there (storage.standing). `by_reply` is the
    part of the text that says what a reply to this message does: it is left out where replies cannot be told apart.
    In a group, a remark is `only_for` one person (their address), if possible as the answer to their `tap`; what says
    `aloud` is said to the whole group where they cannot be reached in any other way. `removes` are ids of messages to
    take away from the chat: then it says nothing.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    attachments: tuple[int, ...] = ()
    menu: str = ""
    case_id: int | None = None
    card: str | None = None
    removes: tuple[str, ...] = ()
    only_for: str | None = None
    tap: str | None = None
    aloud: str = ""
    by_reply: str = ""

    def without_replying(self) -> "Reply":
        """The same for a platform that does not say which message a reply is to."""
        return replace(self, text=self.text.replace(self.by_reply, "").strip()) if self.by_reply else self

    def to_json(self) -> dict[str, Any]:
        """As stored in the outbox."""
        aside = {"only_for": self.only_for, "tap": self.tap, "aloud": self.aloud} if self.only_for else {}
        return aside | {
            "text": self.text,
            "choices": [[choice.id, choice.label] for choice in self.choices],
            "attachments": list(self.attachments),
            "menu": self.menu,
            "case_id": self.case_id,
            **({"removes": list(self.removes)} if self.removes else {}),
            **({"by_reply": self.by_reply} if self.by_reply else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Reply":
        """As read from the outbox."""
        return cls(
            text=data["text"],
            choices=tuple(Choice(id=one, label=label) for one, label in data["choices"]),
            attachments=tuple(data["attachments"]),
            menu=data["menu"],
            case_id=data.get("case_id"),
            removes=tuple(data.get("removes", ())),
            only_for=data.get("only_for"),
            tap=data.get("tap"),
            aloud=data.get("aloud", ""),
            by_reply=data.get("by_reply", ""),
        )


def payload(menu: str, choice: Choice) -> str:
    """What a tap on this button sends back: the command itself, or the menu's token and the choice's id."""
    return choice.id if choice.id.startswith("/") else f"{menu}:{choice.id}"


def numbered(choices: Iterable[Choice]) -> str:
    """The choices as numbered lines, for channels without buttons."""
    return "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, 1))

"""Menus: which choice a number, a label, a synonym, a tap or a typed payload means; all are the same answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from handlers.engine.event import Event
from handlers.engine.reply import Choice

Fold = Callable[[str], str]

_SPELT = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
# With a word before it a number may be spelt out. Alone it may be somebody's name (Hai, Ba, Tư…): see Menu.spelt.
_NUMBER = re.compile(rf"(?:(?:so|number|no|chon|muc)\s*)?(\d{{1,2}})|(?:so|chon|muc)\s+({'|'.join(_SPELT)})")
# What a button sends back (handlers.engine.reply.payload): a menu's token (handlers.context.Turn.say), the choice's id.
# Such an id may end with a case's code ("again PA-26-00012").
PAYLOAD = r"[mM][0-9a-f]+(?:\.[0-9a-f]+)?:[!-~]+(?: [A-Z]+-\d\d-\d+)?"
_PAYLOAD = re.compile(PAYLOAD)
_NOT_A_WORD = re.compile(r"[^a-z0-9 ]+")


class StaleChoice(Exception):
    """A button of a menu that has been overtaken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The choices last shown in a chat, remembered so that the answer may come in any form."""

    token: str
    choices: tuple[Choice, ...]

    def to_json(self) -> dict[str, Any]:
        """As kept in the conversation."""
        return {"token": self.token, "choices": [[one.id, one.label, *one.also] for one in self.choices]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Menu":
        """As read from the conversation."""
        return cls(
            token=data["token"],
            choices=tuple(Choice(id=one[0], label=one[1], also=tuple(one[2:])) for one in data["choices"]),
        )

    def pick(self, event: Event, fold: Fold) -> str | None:
        """The id of the choice the event means, or None if it means none.

        Raises StaleChoice for a tap on a button of another menu.
        """
        if event.choice is not None:
            return self._tapped(event.choice)
        if event.attachments or event.place:
            return None
        return self._typed(event.text, fold)

    def _tapped(self, tapped: str) -> str:
        token, _, chosen = tapped.partition(":")
        if token == self.token and any(choice.id == chosen for choice in self.choices):
            return chosen
        raise StaleChoice

    def _typed(self, text: str, fold: Fold) -> str | None:
        number = _NUMBER.fullmatch(plain(text, fold))
        found = self._at(int(number[1] or _SPELT[number[2]])) if number else None
        return found or self.named(text, fold)

    def spelt(self, event: Event, fold: Fold) -> str | None:
        """The id of the choice whose number somebody wrote as one bare word ("hai"): where it can mean nothing else."""
        bare = event.choice is None and not event.attachments and event.place is None
        return self._at(_SPELT.get(plain(event.text, fold), 0)) if bare else None

    def _at(self, number: int) -> str | None:
        return self.choices[number - 1].id if 1 <= number <= len(self.choices) else None

    def named(self, text: str, fold: Fold) -> str | None:
        """The id of the choice that a text names by its label or another word for it; a number names none."""
        typed = plain(text, fold)
        for choice in self.choices:
            if typed and typed in {plain(word, fold) for word in (choice.label, *choice.also)}:
                return choice.id
        return None


def as_pressed(event: Event) -> Event:
    """The event, or the press it stands for when somebody typed what a button sends.

    From here on it is that press: a menu that has been overtaken stays so, and another's menu stays theirs. What is
    typed along with a file, or comes to stand in an earlier message, is words.
    """
    typed = event.text.strip()
    if event.choice or event.attachments or event.place or event.edited or not _PAYLOAD.fullmatch(typed):
        return event
    # Telephones begin a line with a capital.
    return replace(event, text="", choice=f"m{typed[1:]}")


def is_number(text: str, fold: Fold) -> bool:
    """Whether a text is nothing but a choice's number, in or out of any list."""
    return _NUMBER.fullmatch(plain(text, fold)) is not None


def plain(text: str, fold: Fold) -> str:
    """Folded letters, digits and single blanks only: buttons carry signs that nobody types."""
    return " ".join(_NOT_A_WORD.sub(" ", fold(text)).split())

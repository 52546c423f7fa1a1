"""Where one chat stands with one person: the form in hand, the one set aside, the menu last shown."""

from dataclasses import dataclass, replace
from typing import Any

from handlers.engine.form import Data
from handlers.engine.menu import Menu

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form being filled in."""

    form: str
    data: Data

    def to_json(self) -> dict[str, Any]:
        """As kept in the conversation."""
        return {"form": self.form, "data": self.data}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A chat's state as plain values; `menus` counts the menus shown, so that each has a token of its own."""

    filling: Filling | None = None
    parked: Filling | None = None
    menu: Menu | None = None
    menus: int = 0

    def begin(self, form: str, data: Data) -> "Conversation":
        """Take up a form; another one in hand is set aside and comes back afterwards."""
        parked = self.filling if self.filling and self.filling.form != form else self.parked
        return replace(self, filling=Filling(form=form, data=data), parked=parked, menu=None)

    def fill(self, data: Data) -> "Conversation":
        """Keep the answers given so far."""
        if self.filling is None:
            return self
        return replace(self, filling=replace(self.filling, data=data))

    def end(self) -> "Conversation":
        """Put the form in hand away and take the one set aside up again."""
        return replace(self, filling=self.parked, parked=None, menu=None)

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "v": VERSION,
            "filling": self.filling and self.filling.to_json(),
            "parked": self.parked and self.parked.to_json(),
            "menu": self.menu and self.menu.to_json(),
            "menus": self.menus,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Conversation":
        """As read back; a state of another version begins anew rather than being misread."""
        if not data or data.get("v") != VERSION:
            return cls()
        return cls(
            filling=_filling(data["filling"]),
            parked=_filling(data["parked"]),
            menu=Menu.from_json(data["menu"]) if data["menu"] else None,
            menus=data["menus"],
        )


def _filling(data: dict[str, Any] | None) -> Filling | None:
    return Filling(form=data["form"], data=data["data"]) if data else None

"""Where one chat stands with one person: the form in hand, those set aside, the menu last shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from handlers.engine.form import Data
from handlers.engine.menu import Menu

VERSION = 2
# Under these names forms keep ids of files.
FILES_IN = frozenset({"attachments", "files"})
# Whoever begins more than this without ending any has forgotten the oldest.
PARKED_MAX = 5
STEPS_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form being filled in; `steps` are the names each answer brought into its data, so that it can be taken back."""

    form: str
    data: Data
    steps: tuple[tuple[str, ...], ...] = ()

    def answered(self, data: Data, *, moved_on: bool) -> "Filling":
        """With one more answer; `moved_on` says that another question is open now."""
        brought = tuple(sorted(data.keys() - self.data.keys()))
        steps = (*self.steps, brought) if moved_on and brought else self.steps
        return replace(self, data=data, steps=steps[-STEPS_MAX:])

    def back(self) -> "Filling":
        """Without what the last answer brought; the same when there is nothing to take back."""
        taken = set(self.steps[-1]) if self.steps else set()
        left = {name: value for name, value in self.data.items() if name not in taken}
        return replace(self, data=left, steps=self.steps[:-1])

    def to_json(self) -> dict[str, Any]:
        """As kept in the conversation."""
        return {"form": self.form, "data": self.data, "steps": [list(one) for one in self.steps]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A chat's state as plain values.

    `parked` are the forms set aside, the last one to come back first. `menus` counts the menus shown, so that each has
    a token of its own. `repeated` says that the open question's list was shown again after a wrong answer.
    """

    filling: Filling | None = None
    parked: tuple[Filling, ...] = ()
    menu: Menu | None = None
    menus: int = 0
    repeated: bool = False

    def begin(self, form: str, data: Data) -> "Conversation":
        """Take up a form; another one in hand is set aside and comes back afterwards. Of one kind there is one."""
        in_hand = (self.filling,) if self.filling else ()
        others = tuple(one for one in (*self.parked, *in_hand) if one.form != form)
        return replace(
            self, filling=Filling(form=form, data=data), parked=others[-PARKED_MAX:], menu=None, repeated=False
        )

    def begun(self, form: str) -> Data:
        """What a form of this name holds that is in hand or set aside; empty if there is none."""
        in_hand = (self.filling,) if self.filling else ()
        return next((one.data for one in (*in_hand, *self.parked) if one.form == form), {})

    def fill(self, data: Data) -> "Conversation":
        """Keep the answers given so far."""
        return self if self.filling is None else self.hold(replace(self.filling, data=data))

    def hold(self, filling: Filling) -> "Conversation":
        """Have this form in hand as it is now."""
        return replace(self, filling=filling, repeated=False)

    def amend(self, form: str, data: Data) -> "Conversation":
        """Put other answers into a form that is in hand or set aside."""

        def amended(one: Filling) -> Filling:
            return replace(one, data=data) if one.form == form else one

        filling = amended(self.filling) if self.filling else None
        return replace(self, filling=filling, parked=tuple(amended(one) for one in self.parked))

    def end(self) -> "Conversation":
        """Put the form in hand away and take the one set aside last up again."""
        return replace(
            self, filling=self.parked[-1] if self.parked else None, parked=self.parked[:-1], menu=None, repeated=False
        )

    def files(self) -> frozenset[int]:
        """The ids of all files that wait in forms."""
        forms = (*self.parked, *((self.filling,) if self.filling else ()))
        return frozenset(one for form in forms for one in _files(form.data))

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "v": VERSION,
            "filling": self.filling and self.filling.to_json(),
            "parked": [one.to_json() for one in self.parked],
            "menu": self.menu and self.menu.to_json(),
            "menus": self.menus,
            "repeated": self.repeated,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Conversation":
        """As read back; a state of another version begins anew rather than being misread."""
        if not data or data.get("v") != VERSION:
            return cls()
        return cls(
            filling=_filling(data["filling"]) if data["filling"] else None,
            parked=tuple(_filling(one) for one in data["parked"]),
            menu=Menu.from_json(data["menu"]) if data["menu"] else None,
            menus=data["menus"],
            repeated=data.get("repeated", False),
        )


def _files(data: Data) -> Iterator[int]:
    for name, value in data.items():
        if name in FILES_IN:
            yield from value
        elif isinstance(value, dict):
            yield from _files(value)


def _filling(data: dict[str, Any]) -> Filling:
    steps = tuple(tuple(one) for one in data.get("steps", ()))
    return Filling(form=data["form"], data=data["data"], steps=steps)

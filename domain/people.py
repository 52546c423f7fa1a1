"""Residents and officials, and who may do what."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an official is appointed to."""

    RECEPTION = "reception"
    MEMBER = "member"
    LEADER = "leader"
    EDITOR = "editor"
    ADMIN = "admin"


class GroupKind(StrEnum):
    """What a bound group chat is for."""

    UNIT = "unit"
    WARD = "ward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Somebody who acts for the ward: bound to one unit and one role by an invite."""

    id: int
    person_id: int
    ward_id: int
    unit_id: int | None
    unit_code: str | None
    role: Role
    name: str

    def may_act_for(self, unit_id: int) -> bool:
        """Whether this official may act on a case of that unit: its own people, reception and the leader."""
        return self.unit_id == unit_id or self.role in (Role.RECEPTION, Role.LEADER)

    @property
    def may_publish(self) -> bool:
        """Whether this official may publish plan items and announce dialogues."""
        return self.role in (Role.EDITOR, Role.LEADER, Role.ADMIN)

    @property
    def may_see_every_case(self) -> bool:
        """Whether this official may read cases of all units."""
        return self.role in (Role.RECEPTION, Role.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody the ward talks with, resident or official; only what is needed is known of them.

    `contact_point_id` is where they are writing from just now, if they are; `former_ward_ids` where they lived before.
    """

    id: int
    ward_id: int
    name: str
    language: str
    residential_group_id: int | None
    residential_group_asked: bool
    consent_version: str | None
    refused: bool
    contact_point_id: int | None = None
    former_ward_ids: tuple[int, ...] = ()

    @property
    def ward_ids(self) -> tuple[int, ...]:
        """The wards they may have brought cases to: the one they live in first, then those they lived in."""
        return (self.ward_id, *self.former_ward_ids)

    def has_consented(self, version: str) -> bool:
        """Whether this person agreed to the wording now in force (Luật 91/2025/QH15 Đ9: provable, by version)."""
        return self.consent_version == version

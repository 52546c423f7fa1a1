"""Wards as data: their units, categories and residential groups, with the ids that other rows point at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    update,
)

from domain.ward import Category, ResidentialGroup, Unit, Ward
from storage import ward_data
from storage.base import Identity, Json, metadata
from storage.database import Database, Transaction, brief

ward = Table(
    "ward",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    # Calendar, digest hour, emergency numbers, address: what nobody points at (storage/ward_data.py).
    Column("data", Json, nullable=False),
    Column("version", Integer, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", String(160), nullable=False),
    Column("aliases", Json, nullable=False),
    Column("former_names", Json, nullable=False),
    Column("reception", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("ward_id", "code"),
)

category = Table(
    "category",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("code", String(40), nullable=False),
    Column("name_vi", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("words", Json, nullable=False),
    Column("hints", Json, nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("ward_id", "code"),
)

residential_group = Table(
    "residential_group",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("ward_id", "code"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWard:
    """A ward and the ids its parts have here. Retired parts are in the id maps only, for old cases."""

    id: int
    version: int
    ward: Ward
    unit_ids: dict[str, int]
    category_ids: dict[str, int]
    group_ids: dict[str, int]
    unit_names: dict[int, str]
    unit_codes: dict[int, str]
    category_names: dict[int, tuple[str, str]]
    group_names: dict[int, str]

    def unit_id(self, code: str) -> int:
        """The id of a unit of this ward; KeyError for a code it has not."""
        return self.unit_ids[code]

    def category_name(self, category_id: int, language: str) -> str:
        """What a category is called."""
        vietnamese, english = self.category_names[category_id]
        return english if language == "en" else vietnamese


async def codes(tx: Transaction) -> list[tuple[int, str, str]]:
    """All wards as (id, code, name), oldest first."""
    rows = await tx.execute(select(ward.c.id, ward.c.code, ward.c.name).order_by(ward.c.id))
    return [(row.id, row.code, row.name) for row in rows]


# Built once, because every turn runs it (storage.database.upsert).
_LOAD = brief(select(ward).where(ward.c.id == bindparam("ward_id")))


async def load(
    tx: Transaction, ward_id: int, database: Database | None = None, *, version: int | None = None
) -> StoredWard:
    """One ward whole. With a `database`, its cache is used as long as the ward's version has not changed.

    `version` is the ward's as this transaction has just read it, if it has: then the ward need not be asked again.
    """
    key = ("ward", ward_id)
    kept: StoredWard | None = database.cache.get(key) if database else None
    if kept is not None and kept.version == version:
        return kept
    row = (await tx.execute(_LOAD, {"ward_id": ward_id})).one()
    if kept is not None and kept.version == row.version:
        return kept
    loaded = await _load(tx, row)
    if database is not None:
        database.cache[key] = loaded
    return loaded


async def _load(tx: Transaction, row: Any) -> StoredWard:
    units = await _rows(tx, unit, row.id)
    categories = await _rows(tx, category, row.id)
    groups = await _rows(tx, residential_group, row.id)
    unit_codes = {one.id: one.code for one in units}
    value = Ward(
        code=row.code,
        name=row.name,
        units=tuple(_unit(one) for one in units if one.active),
        categories=tuple(_category(one, unit_codes) for one in categories if one.active),
        groups=tuple(ResidentialGroup(code=one.code, name=one.name) for one in groups if one.active),
        **ward_data.from_json(row.data),
    )
    return StoredWard(
        id=row.id,
        version=row.version,
        ward=value,
        unit_ids={one.code: one.id for one in units},
        category_ids={one.code: one.id for one in categories},
        group_ids={one.code: one.id for one in groups},
        unit_names={one.id: one.name for one in units},
        unit_codes=unit_codes,
        category_names={one.id: (one.name_vi, one.name_en) for one in categories},
        group_names={one.id: one.name for one in groups},
    )


async def _rows(tx: Transaction, table: Table, ward_id: int) -> list[Any]:
    found = await tx.execute(select(table).where(table.c.ward_id == ward_id).order_by(table.c.position, table.c.id))
    return list(found.all())


def _unit(row: Any) -> Unit:
    return Unit(
        code=row.code, name=row.name, aliases=tuple(row.aliases), former_names=tuple(row.former_names),
        reception=row.reception,
    )  # fmt: skip


def _category(row: Any, unit_codes: dict[int, str]) -> Category:
    return Category(
        code=row.code, name_vi=row.name_vi, name_en=row.name_en, unit_code=unit_codes[row.unit_id],
        words=tuple(row.words), hints=tuple(row.hints),
    )  # fmt: skip


async def find(tx: Transaction, code: str) -> int | None:
    """The id of the ward with this code."""
    ward_id: int | None = await tx.scalar(select(ward.c.id).where(ward.c.code == code))
    return ward_id


async def write(tx: Transaction, value: Ward) -> int:
    """Write a ward as it is given: parts it no longer names are retired, never deleted. Its id."""
    data = ward_data.to_json(value)
    ward_id = await find(tx, value.code)
    if ward_id is None:
        values = {"code": value.code, "name": value.name, "data": data, "version": 1}
        ward_id = int(await tx.scalar(insert(ward).values(**values).returning(ward.c.id)))
    else:
        changed = {"name": value.name, "data": data, "version": ward.c.version + 1}
        await tx.execute(update(ward).where(ward.c.id == ward_id).values(**changed))
    unit_ids = await _write_parts(tx, unit, ward_id, {one.code: _unit_values(one) for one in value.units})
    await _write_parts(tx, category, ward_id, {one.code: _category_values(one, unit_ids) for one in value.categories})
    await _write_parts(tx, residential_group, ward_id, {one.code: {"name": one.name} for one in value.groups})
    return ward_id


async def _write_parts(tx: Transaction, table: Table, ward_id: int, parts: dict[str, dict[str, Any]]) -> dict[str, int]:
    existing = {row.code: row.id for row in await _rows(tx, table, ward_id)}
    await tx.execute(update(table).where(table.c.ward_id == ward_id).values(active=False))
    for position, (code, values) in enumerate(parts.items()):
        values = values | {"position": position, "active": True}
        if code in existing:
            await tx.execute(update(table).where(table.c.id == existing[code]).values(**values))
        else:
            made = insert(table).values(ward_id=ward_id, code=code, **values).returning(table.c.id)
            existing[code] = int(await tx.scalar(made))
    return existing


def _unit_values(value: Unit) -> dict[str, Any]:
    return {
        "name": value.name, "aliases": list(value.aliases), "former_names": list(value.former_names),
        "reception": value.reception,
    }  # fmt: skip


def _category_values(value: Category, unit_ids: dict[str, int]) -> dict[str, Any]:
    return {
        "name_vi": value.name_vi, "name_en": value.name_en, "words": list(value.words), "hints": list(value.hints),
        "unit_id": unit_ids[value.unit_code],
    }  # fmt: skip

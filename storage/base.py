"""The schema's common ground: metadata, naming convention and column types."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    FromClause,
    Integer,
    MetaData,
    String,
    false,
    literal_column,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Account(NamedTuple):
    """One account on one platform: ours in a channel ("telegram", the bot's number)."""

    channel: str
    account: str


# How JSON is written into both databases: short, and Vietnamese letters as they are (two bytes instead of six).
as_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
# SQLite only numbers rows by itself in a column declared INTEGER.
Identity = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def literally(value: str) -> ColumnElement[str]:
    """A word of ours written into the statement itself: a partial index serves no parameter."""
    return literal_column(f"'{value}'", String)


def only(where: ColumnElement[bool]) -> dict[str, Any]:
    """What makes an index one of these rows alone, in the words of both databases."""
    return {"sqlite_where": where, "postgresql_where": where}


def belongs_to(table: FromClause, accounts: Sequence[Account]) -> ColumnElement[bool]:
    """Whether a queue's row belongs to one of these accounts, in a form that no index serves.

    Nearly all rows of a queue are done with and share one account: the planner is to take the small partial index of
    those that wait instead, or they would all be looked at.
    """
    channel = table.c.channel.concat(literally(""))
    return or_(false(), *((channel == one.channel) & (table.c.account == one.account) for one in accounts))


class Instant(TypeDecorator[datetime]):
    """An instant in UTC (aware); SQLite stores it without its zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take aware instants only, so that no local time ever slips in."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite an instant is written in one step: every row has several, and SQLAlchemy takes three."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """On SQLite an instant is read in one step."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _written(value: datetime | None) -> str | None:
    # As SQLAlchemy writes it, without its zone; so it sorts like the instant.
    return None if value is None else _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


class Day(TypeDecorator[date]):
    """A day in the ward, as `YYYY-MM-DD`."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Write the day as ISO text, which sorts like the day."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        """Read the day back."""
        return None if value is None else date.fromisoformat(value)

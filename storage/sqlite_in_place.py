"""Brief statements on SQLite: SQLAlchemy's plain connection over aiosqlite's own, with no asyncio layer in between.

That layer (a greenlet a call, an adapted cursor, an awaitable for each of its steps) costs more than a brief statement
does, and there is nothing to wait for: what is brief is run in the event loop's thread (docs/decisions/0005).
"""

import sqlite3

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from storage.base import as_json


class InPlace:
    """Gives each driver's connection its plain one; they share one engine, which knows every statement once."""

    def __init__(self) -> None:
        self._given: sqlite3.Connection | None = None
        self.engine: Engine = create_engine(
            "sqlite://", creator=self._connected, poolclass=NullPool, pool_reset_on_return=None, hide_parameters=True,
            json_serializer=as_json,
        )  # fmt: skip
        # SQLAlchemy gets to know SQLite by asking its first connection, and rolls that one back: here it is nobody's.
        self.engine.connect().close()

    def over(self, driver: sqlite3.Connection) -> Connection:
        """A plain connection over this one, whose transactions it leaves alone: it neither begins nor ends any."""
        self._given = driver
        connection = self.engine.connect()
        # It believes to be in a transaction of its own, for good: else it would end ours when a statement is refused.
        connection.begin()
        return connection

    def _connected(self) -> sqlite3.Connection:
        given, self._given = self._given, None
        return given if given is not None else sqlite3.connect(":memory:")

"""Hear every statement that is asked of a database, for whoever counts or explains them (tests, benchmarks)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database
from storage.wording import Listener


@contextmanager
def listening(database: Database, listener: Listener) -> Iterator[None]:
    """Meanwhile `listener` is told every statement, be it SQLAlchemy who asks it or we ourselves."""

    def told(_connection: object, _cursor: object, statement: str, values: Sequence[Any], *_: object) -> None:
        listener(statement, values)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", told)
    database.wordings.listener = listener
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", told)
        database.wordings.listener = None

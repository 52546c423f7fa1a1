"""The two queues find what is due without looking at what is done, however much of that there is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Executable, text
from sqlalchemy.dialects import sqlite as sqlite_dialect

from storage import inbox, sending
from storage.base import Account
from storage.database import Database

ACCOUNTS = (Account("web", "web"), Account("telegram", "1"))

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statement", "found_by"),
    [
        (inbox._take(ACCOUNTS), "SCAN inbox USING INDEX ix_inbox_new"),
        (sending._heads(), "SEARCH outbox USING INDEX ix_outbox_queued (channel=? AND account=?)"),
        (sending._DUE, "SEARCH outbox USING INDEX ix_outbox_put_off (channel=? AND account=? AND send_after<?)"),
    ],
)
async def test_what_waits_is_found_by_its_own_small_index(
    sqlite: Database, statement: Executable, found_by: str
) -> None:
    worded = str(statement.compile(dialect=sqlite_dialect.dialect(), compile_kwargs={"render_postcompile": True}))
    asked = text("EXPLAIN QUERY PLAN " + worded.replace("?", "NULL"))
    async with sqlite.reading() as tx:
        plan = [row.detail for row in (await tx.execute(asked)).all()]
    assert found_by in plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan

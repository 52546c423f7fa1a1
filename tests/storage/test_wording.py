"""Brief statements, which the drivers themselves are asked, do and give what they do and give through SQLAlchemy."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import wording
from storage.base import Day, Identity, Instant, Json
from storage.database import Database, brief, lasting, run_sync, upsert

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
    Column("data", Json, nullable=True),
    Column("at", Instant, nullable=True),
    Column("day", Day, nullable=True),
    Column("share", Float, nullable=True),
    Column("good", Boolean, nullable=True),
)
WHOLE: dict[str, Any] = {
    "id": 1, "name": "Thành phố", "data": {"a": ["đường", None, 1.5]}, "at": datetime(2026, 3, 1, 7, 5, 4, 123, UTC),
    "day": date(2026, 2, 28), "share": 10.5, "good": True,
}  # fmt: skip
EMPTY: dict[str, Any] = dict.fromkeys(WHOLE) | {"id": 2, "name": ""}
OTHER = thing.alias("other")
KINDS = case((thing.c.share > 1, "large"), else_="small").label("kind")
ASKED = (
    select(thing).order_by(thing.c.id),
    select(thing.c.name, KINDS, func.count().over().label("n")).where(thing.c.id.in_(bindparam("ids", expanding=True))),
    select(thing.c.id, OTHER.c.id)
    .where(thing.c.name == bindparam("called"), OTHER.c.id >= thing.c.id)
    .order_by(OTHER.c.id),
    update(thing).where(thing.c.name.in_(["Thành phố", ""])).values(good=False).returning(thing.c.good, thing.c.at),
    delete(thing).where(thing.c.id.in_(bindparam("ids", expanding=True))),
)
GIVEN: tuple[Any, ...] = (None, {"ids": [1, 2]}, {"called": "Thành phố"}, None, {"ids": [2]})


@pytest.fixture
async def things(database: Database) -> Database:
    await run_sync(database, metadata.create_all)
    async with database.transaction() as tx:
        await tx.execute(brief(insert(thing)), [WHOLE, EMPTY])
    return database


class UndoneError(Exception):
    """Nothing of this is to stay."""


@pytest.mark.parametrize("mark", [brief, lasting])
async def test_a_marked_statement_gives_what_it_gives_unmarked(things: Database, mark: Any) -> None:
    answers: list[list[Any]] = [[], []]
    for statements, answer in zip((ASKED, [mark(one) for one in ASKED]), answers, strict=True):
        with pytest.raises(UndoneError):
            async with things.transaction() as tx:
                for statement, given in zip(statements, GIVEN, strict=True):
                    done = await tx.execute(statement, given)
                    if done.returns_rows if hasattr(done, "returns_rows") else done.keys():
                        answer.append((list(done.keys()), [tuple(row) for row in done]))
                    else:
                        answer.append(done.rowcount)
                raise UndoneError
    assert answers[0] == answers[1]
    assert answers[1][0][1] == [tuple(WHOLE.values()), tuple(EMPTY.values())]
    assert answers[1][-1] == 1


async def test_a_list_of_any_length_is_asked_for_even_none(things: Database) -> None:
    statement = brief(select(thing.c.id).where(thing.c.id.in_(bindparam("ids", expanding=True))).order_by(thing.c.id))
    async with things.reading() as tx:
        found = [list((await tx.execute(statement, {"ids": ids})).scalars()) for ids in ([2, 1], [], [1], [7], [3, 2])]
    assert found == [[1, 2], [], [1], [], [2]]


async def test_many_rows_are_written_at_once_and_counted_by_themselves(things: Database) -> None:
    """And what a column's statement says goes before what it is by itself: an upsert changes, and says so."""
    said = upsert("postgresql" if things.url.startswith("postgresql") else "sqlite", thing)
    written = brief(said.on_conflict_do_update(index_elements=["id"], set_={"name": said.excluded.name}))
    async with things.transaction() as tx:
        await tx.execute(written, [{"id": number, "name": f"n{number}"} for number in range(1, 40)])
        once = await tx.execute(written, {"id": 7, "name": "seven"})
        names = {row.id: row.name for row in await tx.execute(brief(select(thing.c.id, thing.c.name)))}
    assert once.rowcount == 1
    assert len(names) == 39 and names[7] == "seven" and names[1] == "n1"


async def test_what_is_refused_is_refused_in_one_way_and_quotes_no_row(things: Database) -> None:
    again = brief(insert(thing))
    with pytest.raises(IntegrityError) as refused:
        async with things.transaction() as tx:
            await tx.execute(again, {"id": 3, "name": "Thành phố", "data": {"secret": "Nguyễn Văn A"}})
    assert "Thành phố" not in str(refused.value) and "Nguyễn" not in str(refused.value)
    with pytest.raises((DBAPIError, ValueError, TypeError)) as unfit:
        async with things.transaction() as tx:
            await tx.execute(again, {"id": "ba", "name": ["Nguyễn Văn A"]})
    assert "Nguyễn" not in str(unfit.value)
    async with things.transaction() as tx:
        assert (await tx.execute(again, {"id": 3, "name": "third"})).rowcount == 1


async def test_a_statement_built_anew_each_time_is_not_kept_for_ever(
    things: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "STATEMENTS_MAX", 5)
    async with things.reading() as tx:
        for _ in range(20):
            found = await tx.execute(
                brief(select(thing.c.id).where(thing.c.name == bindparam("called"))), {"called": ""}
            )
            assert found.scalar() == 2
    assert len(things.wordings._compiled) <= 5


async def test_a_statement_that_would_need_pythons_defaults_is_no_brief_one(things: Database) -> None:
    table = Table("elsewhere", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer, default=3))
    with pytest.raises(ValueError, match="takes all its values"):
        async with things.transaction() as tx:
            await tx.execute(brief(insert(table)), {"id": 1})

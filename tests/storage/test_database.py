"""Transactions on both databases: what an attempt undoes, and what it costs PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from domain.errors import DomainError
from storage.database import Database, run_sync
from storage.listening import listening

metadata = MetaData()
thing = Table("thing", metadata, Column("id", Integer, primary_key=True), Column("name", String(20), nullable=False))


@pytest.fixture
async def things(database: Database) -> Database:
    await run_sync(database, metadata.create_all)
    return database


@pytest.fixture
def said(things: Database) -> Iterator[list[str]]:
    """The first words of every statement the database was sent."""
    seen: list[str] = []

    with listening(things, lambda statement, _values: seen.append(statement.split()[0])):
        yield seen


async def names(database: Database) -> list[str]:
    async with database.reading() as tx:
        return list((await tx.execute(select(thing.c.name).order_by(thing.c.id))).scalars())


async def test_what_was_refused_is_undone_and_the_rest_is_kept(things: Database) -> None:
    async with things.transaction() as tx:
        await tx.execute(insert(thing).values(name="before"))
        with pytest.raises(DomainError):
            async with tx.attempt(refusals_only=True):
                await tx.execute(insert(thing).values(name="refused"))
                async with tx.attempt(refusals_only=True):
                    await tx.execute(insert(thing).values(name="refused with it"))
                raise DomainError("command_unknown")
        async with tx.attempt(refusals_only=True):
            await tx.execute(insert(thing).values(name="tried again"))
        await tx.execute(insert(thing).values(name="after"))
    assert await names(things) == ["before", "tried again", "after"]


async def test_of_two_attempts_within_each_other_only_the_inner_one_is_undone(things: Database) -> None:
    async with things.transaction() as tx, tx.attempt(refusals_only=True):
        with pytest.raises(DomainError):
            async with tx.attempt(refusals_only=True):
                assert (await tx.execute(select(thing))).all() == []
                raise DomainError("command_unknown")
        await tx.execute(insert(thing).values(name="outer"))
        with pytest.raises(DomainError):
            async with tx.attempt(refusals_only=True):
                await tx.execute(insert(thing).values(name="inner"))
                raise DomainError("command_unknown")
    assert await names(things) == ["outer"]


async def test_an_attempt_that_only_reads_costs_no_savepoint(things: Database, said: list[str]) -> None:
    async with things.transaction() as tx:
        async with tx.attempt(refusals_only=True):
            await tx.execute(select(thing))
        await tx.execute(insert(thing).values(name="after"))
    wanted = ["SELECT", "INSERT"]
    assert [one for one in said if one not in {"BEGIN", "COMMIT"}] == wanted


async def test_an_attempt_survives_what_the_database_refuses(things: Database) -> None:
    async with things.transaction() as tx:
        await tx.execute(insert(thing).values(id=1, name="first"))
        with pytest.raises(Exception, match="thing"):
            async with tx.attempt():
                await tx.execute(insert(thing).values(id=1, name="again"))
        await tx.execute(insert(thing).values(id=2, name="second"))
    assert await names(things) == ["first", "second"]

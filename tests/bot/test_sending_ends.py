"""What a refusal says of a chat is followed up before the message is over."""

from datetime import timedelta
from typing import Any

import pytest

from actions import follow_chat
from bot.channels.base import Loss, Refused
from storage.database import Database
from tests.bot.test_outbox_worker import Clock, Platform, owe, states, work


async def test_news_refused_while_the_database_could_not_follow_it_up_is_not_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []

    async def not_taken(*_given: Any, why: str, **_more: Any) -> None:
        followed.append(why)
        if len(followed) == 1:
            raise RuntimeError("as PostgreSQL ends one of two that wait for each other")

    monkeypatch.setattr(follow_chat, "not_taken", not_taken)
    await owe(database)
    platform, clock = Platform(*[Refused(reason="blocked", loss=Loss.GONE)] * 2), Clock()
    await work(database, platform, clock)
    assert followed == ["blocked"]
    assert [state for state, _ in await states(database)] == ["waiting"]
    clock.time += timedelta(minutes=1)
    await work(database, platform, clock)
    assert followed == ["blocked", "blocked"]
    assert [state for state, _ in await states(database)] == ["refused"]

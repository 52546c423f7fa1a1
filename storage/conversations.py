"""Where every chat stands: one row of plain JSON per chat and person."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, String, Table, UniqueConstraint, bindparam, select

from storage.base import Identity, Instant, Json, metadata
from storage.database import Transaction, brief, upsert

conversation = Table(
    "conversation",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),
    Column("chat", String(120), nullable=False),
    Column("sender", String(120), nullable=False),
    Column("state", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("channel", "account", "chat", "sender"),
)


# Built once, because every turn runs them (storage.database.upsert).
_LOAD = brief(
    select(conversation.c.state).where(
        conversation.c.channel == bindparam("channel"),
        conversation.c.account == bindparam("account"),
        conversation.c.chat == bindparam("chat"),
        conversation.c.sender == bindparam("sender"),
    )
)


@cache
def _save(dialect: str) -> Any:
    statement = upsert(dialect, conversation)
    return brief(
        statement.on_conflict_do_update(
            index_elements=["channel", "account", "chat", "sender"],
            set_={"state": statement.excluded.state, "updated_at": statement.excluded.updated_at},
        )
    )


async def load(tx: Transaction, *, channel: str, account: str, chat: str, sender: str) -> dict[str, Any] | None:
    """The state of one person in one chat, or None at the first contact."""
    state: dict[str, Any] | None = await tx.scalar(
        _LOAD, {"channel": channel, "account": account, "chat": chat, "sender": sender}
    )
    return state


async def save(
    tx: Transaction,
    *,
    channel: str,
    account: str,
    chat: str,
    sender: str,
    state: dict[str, Any],
    now: datetime,
) -> None:
    """Keep the state, in the transaction of the event that changed it."""
    await tx.execute(
        _save(tx.dialect),
        {"channel": channel, "account": account, "chat": chat, "sender": sender, "state": state, "updated_at": now},
    )

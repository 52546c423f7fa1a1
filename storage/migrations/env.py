"""Alembic's entry: runs migrations on the connection it was given, never on one of its own."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.base import Day, Identity, Instant, Json
from storage.schema import metadata

_OWN_TYPES: dict[int, str] = {id(Identity): "Identity", id(Json): "Json"}


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types by the names they have in storage.base."""
    if kind != "type":
        return False
    if isinstance(item, Instant | Day):
        return f"{type(item).__name__}()"
    return _OWN_TYPES.get(id(item), False)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter a column: Alembic rebuilds the table instead.
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()

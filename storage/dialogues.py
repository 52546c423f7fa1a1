"""Dialogue sessions between the ward's leaders and its people, as they were announced, held or cancelled."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from storage.base import Identity, Instant, Json, metadata

dialogue = Table(
    "dialogue",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("place", String(300), nullable=False),
    # A list of lines, as the ward wrote them.
    Column("topics", Json, nullable=False),
    Column("status", String(20), nullable=False),
    Column("announced_at", Instant, nullable=False),
    Column("announced_by", ForeignKey("person.id"), nullable=False),
    # Why it was cancelled; empty otherwise.
    Column("reason", String(500), nullable=False),
    Index("ix_dialogue_next", "ward_id", "status", "held_at"),
)

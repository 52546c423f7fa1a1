"""The tables of plans: documents as imported, their items, the days of these, and what people say about them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.base import Day, Identity, Instant, Json, metadata

plan_document = Table(
    "plan_document",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("number", String(120), nullable=True),
    Column("issuer", Text, nullable=True),
    Column("title", Text, nullable=True),
    Column("year", Integer, nullable=True),
    # As printed: YYYY, YYYY-MM or YYYY-MM-DD.
    Column("issued_on", String(10), nullable=True),
    Column("source_name", String(300), nullable=False),
    # All that was read besides the items: report duties, references, recipients, what was unsure.
    Column("data", Json, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Index("ix_plan_document_ward", "ward_id", "year"),
)

plan_item = Table(
    "plan_item",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("document_id", ForeignKey("plan_document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("lead_unit_id", ForeignKey("unit.id"), nullable=True),
    # Folded words with a blank around each: no database here folds Vietnamese by itself.
    Column("title_words", Text, nullable=False),
    Column("text_words", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    # What a corrected document says of a published item, until a person decides: {"content": …} or {"gone": true}.
    Column("revised", Json, nullable=True),
    # The hash of a correction (or "gone") that a person has decided against, so that it is not asked again.
    Column("kept_hash", String(64), nullable=True),
    Column("published_at", Instant, nullable=True),
    Column("published_by", ForeignKey("person.id"), nullable=True),
    Column("withdrawn_reason", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("ward_id", "number"),
    Index("ix_plan_item_status", "ward_id", "status", "published_at"),
    Index("ix_plan_item_document", "document_id", "ward_id", "position"),
)

# The last day of each deadline and of the period, to find the nearest one from any day on.
plan_day = Table(
    "plan_day",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("plan_item_id", ForeignKey("plan_item.id"), nullable=False),
    Column("due_on", Day, nullable=False),
    Index("ix_plan_day_item", "plan_item_id", "ward_id", "due_on"),
)


# What people say about an item; storage/opinions.py reads and writes it.
opinion = Table(
    "opinion",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("plan_item_id", ForeignKey("plan_item.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    # Where it was given, as for a case.
    Column("contact_point_id", Identity, nullable=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_opinion_item", "plan_item_id", "ward_id", "id"),
    Index("ix_opinion_person", "person_id", "ward_id"),
    Index("ix_opinion_at", "ward_id", "at"),
)

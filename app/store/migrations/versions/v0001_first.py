"""The first schema: calls, messages, people, the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build every table."""
    op.create_table(
        "call_log",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("line", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("sip_call_id", sa.String, nullable=False),
        sa.Column("digits", sa.String, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("answered", sa.BigInteger),
        sa.Column("ended", sa.BigInteger),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("disposition", sa.Text, nullable=False),
        sa.Column("who_kind", sa.String, nullable=False),
        sa.Column("who_id", sa.String, nullable=False),
        sa.Column("what_kind", sa.String, nullable=False),
        sa.Column("what_id", sa.String, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("synced", sa.String, nullable=False),
        sa.Column("sync_error", sa.Text, nullable=False),
        sa.Column("sent", sa.Text, nullable=False, server_default=sa.text("'{}'")),
    )
    op.create_index("call_log_recent", "call_log", ["started", "id"])
    op.create_index("call_log_direction", "call_log", ["direction", "started", "id"])
    op.create_index("call_log_number", "call_log", ["number", "started", "id"])
    op.create_index("call_log_missed", "call_log", ["started", "id"], sqlite_where=sa.text("outcome = 'missed'"))
    op.create_index("call_log_unfinished", "call_log", ["id"], sqlite_where=sa.text("state != 'ended'"))
    op.create_table(
        "message",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("line", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("delivery", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("carrier_id", sa.String, nullable=False),
        sa.Column("cut", sa.Boolean, nullable=False),
    )
    op.create_index(
        "message_carrier",
        "message",
        ["line", "direction", "carrier_id"],
        unique=True,
        sqlite_where=sa.text("carrier_id != ''"),
    )
    op.create_index("message_thread", "message", ["line", "number", "time", "id"])
    op.create_index("message_number", "message", ["number", "time", "id"])
    op.create_index("message_day", "message", ["number", "day"])
    op.create_index("message_recent", "message", ["time", "id"])
    op.create_index("message_pending", "message", ["id"], sqlite_where=sa.text("delivery IN ('queued', 'sending')"))
    op.create_table(
        "conversation",
        sa.Column("line", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("last_message", sa.String, nullable=False),
        sa.Column("unread", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("line", "number"),
    )
    op.create_index("conversation_recent", "conversation", ["time", "line", "number"])
    op.create_index("conversation_number", "conversation", ["number"])
    op.create_index("conversation_unread", "conversation", ["unread"], sqlite_where=sa.text("unread > 0"))
    op.create_table(
        "draft",
        sa.Column("line", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("line", "number"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("company", sa.Text, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("do_not_call", sa.Boolean, nullable=False),
        sa.Column("sort_name", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
    )
    op.create_index("person_by_name", "person", ["sort_name", "id"])
    op.create_table(
        "person_phone",
        sa.Column("person", sa.String, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("stored", sa.Text, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("digits", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("person", "position"),
    )
    op.create_index("person_phone_number", "person_phone", ["number", "person"], sqlite_where=sa.text("number != ''"))
    op.create_table(
        "counterpart",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("search_text", sa.Text, nullable=False),
    )
    op.create_table(
        "match_choice",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
    )
    op.create_table(
        "looked_up",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "ref"),
    )
    op.create_index("outbox_due", "outbox", ["failed", "due", "id"])
    op.create_table(
        "day_part",
        sa.Column("user", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("salesforce_id", sa.String, nullable=False),
        sa.Column("sent_hash", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("user", "number", "day", "part"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )

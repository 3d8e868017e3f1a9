"""What Salesforce changed comes back; relations have names; the figures of a call stay with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the tables of the first schema."""
    op.add_column("call_log", sa.Column("what_name", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("call_log", sa.Column("task_stamp", sa.String, nullable=False, server_default=sa.text("''")))
    op.add_column("call_log", sa.Column("task_gone", sa.Boolean, nullable=False, server_default=sa.text("0")))
    op.add_column("call_log", sa.Column("quality", sa.Text, nullable=False, server_default=sa.text("''")))
    op.create_index("call_log_task", "call_log", ["task_id"], sqlite_where=sa.text("task_id != ''"))
    op.add_column("message", sa.Column("rep", sa.String, nullable=False, server_default=sa.text("''")))
    op.add_column("outbox", sa.Column("user", sa.String, nullable=False, server_default=sa.text("''")))
    op.add_column("outbox", sa.Column("tried_at", sa.BigInteger))
    op.add_column("outbox", sa.Column("since", sa.BigInteger))
    op.add_column("outbox", sa.Column("reason", sa.String, nullable=False, server_default=sa.text("''")))
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("call", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("task_id", sa.String, nullable=False),
        sa.Column("sent", sa.Text, nullable=False),
    )
    op.create_index("follow_up_call", "follow_up", ["call", "position"])
    op.create_index("call_log_who", "call_log", ["who_id", "started"], sqlite_where=sa.text("who_id != ''"))
    op.create_index(
        "call_log_unlinked",
        "call_log",
        ["started", "id"],
        sqlite_where=sa.text("who_id = '' AND what_id = '' AND state = 'ended'"),
    )
    # People are Salesforce's, not ours: they are read again into the smaller tables.
    op.drop_table("person_phone")
    op.drop_table("person")
    op.execute("DELETE FROM looked_up")
    op.create_table(
        "person",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("company", sa.Text, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("do_not_call", sa.Boolean, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("active_on", sa.String, nullable=False),
        sa.Column("has_deal", sa.Boolean),
        sa.Column("extension", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("sort_name", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
    )
    op.create_index("person_by_name", "person", ["sort_name", "key"])
    op.create_index(
        "person_colleague", "person", ["sort_name", "key"], sqlite_where=sa.text("kind IN ('User', 'Colleague')")
    )
    op.create_table(
        "person_phone",
        sa.Column("person", sa.Integer, sa.ForeignKey("person.key", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("stored", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.PrimaryKeyConstraint("person", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "person_phone_number", "person_phone", ["number", "person"], sqlite_where=sa.text("number IS NOT NULL")
    )
    op.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS person_words USING fts5"
        "(words, content='', contentless_delete=1, detail=none, tokenize='ascii')"
    )

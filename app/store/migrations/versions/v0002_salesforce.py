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

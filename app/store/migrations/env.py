"""Run by Alembic: takes the open, keyed connection it is given; the transaction is the caller's."""

from __future__ import annotations

from alembic import context

from app.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by building it anew
)
context.run_migrations()

"""Alembic's entry: runs the migrations on the connection that `Store.migrate` opened. Not for the `alembic` command."""

from alembic import context

from maild.store.schema import Desk

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Desk.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()

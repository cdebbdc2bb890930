"""Tickets that were merged into others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the column; no ticket has been merged yet."""
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("merged_into", sa.BigInteger(), nullable=True))

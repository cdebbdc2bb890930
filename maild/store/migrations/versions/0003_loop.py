"""The loop of a ticket: timers, the fates of mails, the state of a case, when the desk asked and closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds them; what is there already waits for nobody."""
    op.create_table(
        "due",
        sa.Column("ticket", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "kind", name=op.f("pk_due")),
    )
    op.create_index(op.f("ix_due_at"), "due", ["at"], unique=False)
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("case", sa.String(), nullable=True))
        ticket.add_column(sa.Column("back_to", sa.String(), nullable=False, server_default="process"))
        ticket.add_column(sa.Column("asked_at", sa.BigInteger(), nullable=True))
        ticket.add_column(sa.Column("closed_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.add_column(sa.Column("cause", sa.String(), nullable=False, server_default=""))
        outbox.add_column(sa.Column("watched", sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.add_column(sa.Column("news", sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.add_column(sa.Column("settled_at", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("ticket") as ticket:  # a value that a later statement forgets is a mistake, not a default
        ticket.alter_column("back_to", server_default=None)
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        for name in ("cause", "watched", "news", "settled_at"):
            outbox.alter_column(name, server_default=None)
    op.create_index(op.f("ix_outbox_cause"), "outbox", ["cause"], unique=False)
    only = sa.text("news")
    op.create_index(op.f("ix_outbox_news"), "outbox", ["news"], unique=False, sqlite_where=only, postgresql_where=only)

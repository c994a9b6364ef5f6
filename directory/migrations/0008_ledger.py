"""The ledger: every decision in one chain, and the heads that were signed of it. Rows are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("ledger_entry", "ledger_head", "ledger_key")

# INSERT OR REPLACE removes rows without asking the triggers on DELETE, so what is added must follow what is there.
SQLITE = (
    *(
        f"""CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table} BEGIN
            SELECT RAISE(ABORT, 'the ledger is only ever added to');
        END"""
        for table in TABLES
        for event in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER ledger_entry_follows BEFORE INSERT ON ledger_entry
        WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entry)
            OR EXISTS (SELECT 1 FROM ledger_entry WHERE previous = NEW.previous OR hash = NEW.hash) BEGIN
        SELECT RAISE(ABORT, 'the ledger is only ever added to');
    END""",
    *(
        f"""CREATE TRIGGER {table}_is_new BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) BEGIN
            SELECT RAISE(ABORT, 'the ledger is only ever added to');
        END"""
        for table, key in (("ledger_head", "size"), ("ledger_key", "id"))
    ),
    # Every page shows the newest head, and is kept until something changes. Nobody has the number 0.
    """CREATE TRIGGER ledger_head_is_a_change AFTER INSERT ON ledger_head BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES (0, random());
    END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_in_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is only ever added to'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_in_ledger()"""
        for table in TABLES
    ),
    # As in the log of changes itself: written last, one transaction after the other.
    """CREATE FUNCTION log_ledger_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(7282102);
        INSERT INTO change (practitioner_id, mark) VALUES (0, (random() * 9e18)::bigint);
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_head_is_a_change AFTER INSERT ON ledger_head
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_ledger_head()""",
)


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("previous", name=op.f("uq_ledger_entry_previous")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_entry_hash")),
    )
    op.create_table(
        "ledger_opening",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), nullable=False, comment="by or subject"),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False, comment="account:7, or practitioner: and a public id"),
        sa.PrimaryKeyConstraint("seq", "what", name=op.f("pk_ledger_opening")),
    )
    op.create_index("ix_ledger_opening_plain", "ledger_opening", ["plain"])
    op.create_table(
        "ledger_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_key")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("size", SEQ, autoincrement=False, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_head")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for table in ("ledger_head", "ledger_key", "ledger_opening", "ledger_entry"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_in_ledger")
        op.execute("DROP FUNCTION log_ledger_head")

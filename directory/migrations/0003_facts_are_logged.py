"""Changes of facts are logged by the database itself, as those of listings are.

A process keeps facts in its memory until the log says that they changed, so nothing that changes one may forget to say
so. Places are loaded as a whole, and the row that remembers their file stands for them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("modality", "concern", "body", "guidance", "regulation", "seed_file")
EVENTS = {"added": "INSERT", "changed": "UPDATE", "removed": "DELETE"}

SQLITE = tuple(
    f"""CREATE TRIGGER {table}_{done}_is_a_change AFTER {event} ON {table} BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES (NULL, random());
    END"""
    for table in TABLES
    for done, event in EVENTS.items()
)
# As for listings: when the transaction is about to be kept, one transaction after the other.
POSTGRESQL = (
    """CREATE FUNCTION log_change_of_facts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(7282102);
        INSERT INTO change (practitioner_id, mark) VALUES (NULL, (random() * 9e18)::bigint);
        RETURN NULL;
    END $$""",
    *(
        f"""CREATE CONSTRAINT TRIGGER {table}_is_a_change AFTER INSERT OR DELETE OR UPDATE ON {table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change_of_facts()"""
        for table in TABLES
    ),
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_is_a_change ON {table}")
        op.execute("DROP FUNCTION log_change_of_facts")

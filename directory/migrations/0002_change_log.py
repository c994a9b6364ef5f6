"""A log of changes, from which every process brings its copy of the listings up to date.

Triggers write it: on changes of a listing's own row, and of its words, which whatever changes a listing makes anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = tuple(
    f"""CREATE TRIGGER {name} AFTER {event} BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES ({id_}, random());
    END"""
    for name, event, id_ in (
        ("search_text_added_is_a_change", "INSERT ON search_text", "new.practitioner_id"),
        ("search_text_removed_is_a_change", "DELETE ON search_text", "old.practitioner_id"),
        ("search_text_changed_is_a_change", "UPDATE ON search_text", "new.practitioner_id"),
        ("practitioner_changed_is_a_change", "UPDATE ON practitioner", "new.id"),
    )
)
# Written when the transaction is about to be kept, one transaction after the other: so whoever has seen a number has
# seen all that are lower. The lock is let go when the transaction has ended.
POSTGRESQL = (
    """CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        id integer;
    BEGIN
        IF TG_TABLE_NAME = 'practitioner' THEN
            id := NEW.id;
        ELSIF TG_OP = 'DELETE' THEN
            id := OLD.practitioner_id;
        ELSE
            id := NEW.practitioner_id;
        END IF;
        PERFORM pg_advisory_xact_lock(7282102);
        INSERT INTO change (practitioner_id, mark) VALUES (id, (random() * 9e18)::bigint);
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER search_text_is_a_change AFTER INSERT OR DELETE OR UPDATE ON search_text
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change()""",
    """CREATE CONSTRAINT TRIGGER practitioner_is_a_change AFTER UPDATE ON practitioner
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change()""",
)
FIRST_MARK = {"sqlite": "random()", "postgresql": "(random() * 9e18)::bigint"}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True, comment="no foreign key: it outlives the listing"),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute(f"INSERT INTO change (practitioner_id, mark) VALUES (NULL, {FIRST_MARK[dialect]})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        op.execute("DROP TRIGGER search_text_is_a_change ON search_text")
        op.execute("DROP TRIGGER practitioner_is_a_change ON practitioner")
        op.execute("DROP FUNCTION log_change")
    op.drop_table("change")

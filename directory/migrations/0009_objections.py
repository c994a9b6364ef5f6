"""People on a register who do not want to be confirmed here; and lists of bodies are facts whose changes are logged."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


# Pages tell which lists are held, so whoever keeps a page must hear of a list that was taken in or undone.
SQLITE = """CREATE TRIGGER register_step_is_a_change AFTER INSERT ON register_step BEGIN
    INSERT INTO change (practitioner_id, mark) VALUES (NULL, random());
END"""
POSTGRESQL = """CREATE CONSTRAINT TRIGGER register_step_is_a_change AFTER INSERT ON register_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change_of_facts()"""


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("digest", sa.Text(), nullable=False, comment="HMAC-SHA-512 with a key of the site, in Base64"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_objection")),
    )
    op.execute(SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER register_step_is_a_change" + ("" if is_sqlite else " ON register_step"))
    op.drop_table("objection")

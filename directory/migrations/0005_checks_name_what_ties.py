"""Checks say what ties a listing to the person on a register, who looked and what they saw."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIE = "tie IN ('telephone', 'email', 'website', 'body-answer')"
CHANGED = "UPDATE claim_check SET tie = 'body-answer' WHERE outcome = 'confirmed'"

SQLITE = (
    """CREATE TRIGGER claim_check_is_append_only BEFORE UPDATE ON claim_check BEGIN
        SELECT RAISE(ABORT, 'a check cannot be changed');
    END""",
    """CREATE TRIGGER claim_check_is_sound BEFORE INSERT ON claim_check
        WHEN (NEW.outcome = 'confirmed' AND NEW.tie IS NULL)
            OR (NEW.undoes_id IS NOT NULL AND NEW.outcome <> 'inconclusive') BEGIN
        SELECT RAISE(ABORT, 'nothing is confirmed without a tie, and to undo says nothing else');
    END""",
)
POSTGRESQL = (
    """CREATE TRIGGER claim_check_is_append_only BEFORE UPDATE ON claim_check
        FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION refuse_unsound_check() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'nothing is confirmed without a tie, and to undo says nothing else'; END $$""",
    """CREATE TRIGGER claim_check_is_sound BEFORE INSERT ON claim_check FOR EACH ROW
        WHEN ((NEW.outcome = 'confirmed' AND NEW.tie IS NULL)
            OR (NEW.undoes_id IS NOT NULL AND NEW.outcome <> 'inconclusive'))
        EXECUTE FUNCTION refuse_unsound_check()""",
)
NUMBERS = ("undoes_id", "by_id", "second_by_id", "register_row_id", "register_import_id", "inherited_from_id")
TEXTS = ("seen_town", "evidence_url", "note")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("claim", sa.Column("disciplines", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("claim", sa.Column("taken_by_id", sa.Integer(), nullable=True))
    op.add_column("claim", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    for name in NUMBERS:
        op.add_column("claim_check", sa.Column(name, sa.Integer(), nullable=True))
    for name in TEXTS:
        op.add_column("claim_check", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("claim_check", sa.Column("seen_disciplines", sa.JSON(), nullable=False, server_default="[]"))
    # In one statement: SQLite adds no constraint to a table that is there, but takes one with its column.
    op.execute(f"ALTER TABLE claim_check ADD COLUMN tie VARCHAR(40) CONSTRAINT ck_claim_check_tie CHECK ({TIE})")
    op.create_index("uq_claim_check_undoes_id", "claim_check", ["undoes_id"], unique=True)
    op.create_index("ix_claim_check_register_import_id", "claim_check", ["register_import_id"])
    # Until now only invented people had checks.
    op.execute("DROP TRIGGER claim_check_is_append_only" + ("" if is_sqlite else " ON claim_check"))
    op.execute(CHANGED)
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER claim_check_is_sound" + ("" if is_sqlite else " ON claim_check"))
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_unsound_check")
    op.drop_index("ix_claim_check_register_import_id", table_name="claim_check")
    op.drop_index("uq_claim_check_undoes_id", table_name="claim_check")
    for name in ("tie", "seen_disciplines", *TEXTS, *NUMBERS):
        op.drop_column("claim_check", name)
    for name in ("asked_at", "taken_by_id", "disciplines"):
        op.drop_column("claim", name)

"""Checks say what ties a listing to the person on a register, who looked and what they saw."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

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
CLAIM = (
    sa.Column(
        "disciplines",
        sa.JSON(),
        nullable=False,
        server_default="[]",
        comment="modalities for which the membership is claimed; none: as such",
    ),
    sa.Column("taken_by_id", sa.Integer(), nullable=True, comment="the account to whom it is assigned now"),
    sa.Column("asked_at", Moment(), nullable=True, comment="since when the practitioner owes an answer"),
)
CHECK = (
    sa.Column(
        "by_id",
        sa.Integer(),
        nullable=True,
        comment="the account that looked; no foreign key: the fact outlives it",
    ),
    sa.Column("second_by_id", sa.Integer(), nullable=True, comment="who agreed, where a second person is needed"),
    sa.Column(
        "seen_disciplines",
        sa.JSON(),
        nullable=False,
        server_default="[]",
        comment="modalities that the register shows; none: it shows none",
    ),
    sa.Column("seen_town", sa.Text(), nullable=True),
    sa.Column("evidence_url", sa.Text(), nullable=True),
    sa.Column("note", sa.Text(), nullable=True, comment="for verifiers only"),
    sa.Column("register_row_id", sa.Integer(), nullable=True, comment="the line of a register that was seen"),
    sa.Column("register_import_id", sa.Integer(), nullable=True, comment="the import that made it, if one did"),
    sa.Column(
        "inherited_from_id", sa.Integer(), nullable=True, comment="the same person's check under another listing"
    ),
    sa.Column("undoes_id", sa.Integer(), nullable=True, comment="a check of the same person, which it takes back"),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in (("claim", CLAIM), ("claim_check", CHECK)):
        for column in columns:
            op.add_column(table, column._copy())
    # In one statement: SQLite adds no constraint to a table that is there, but takes one with its column.
    op.execute(f"ALTER TABLE claim_check ADD COLUMN tie VARCHAR(40) CONSTRAINT ck_claim_check_tie CHECK ({TIE})")
    undoes = sa.text("undoes_id IS NOT NULL")
    op.create_index(
        "uq_claim_check_undoes_id",
        "claim_check",
        ["undoes_id"],
        unique=True,
        sqlite_where=undoes,
        postgresql_where=undoes,
    )
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
    op.drop_column("claim_check", "tie")
    for table, columns in (("claim_check", CHECK), ("claim", CLAIM)):
        for column in reversed(columns):
            op.drop_column(table, column.name)

"""Registers of bodies: imports, rows with both clocks, and judgements on pairs."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = ("staged", "waiting", "applied", "undone", "discarded")
SHOWN = ("listed", "ended", "notice", "unclear")


def upgrade() -> None:
    op.create_table(
        "register",
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False, comment="for each field the headings of its columns"),
        sa.Column("permission", sa.Text(), nullable=False, comment="under which the lists are used, in words"),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("confirms_automatically", sa.Boolean(), nullable=False),
        sa.Column(
            "key", sa.LargeBinary(length=32), nullable=False, comment="of the hashes of its rows and of contacts"
        ),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_register_body_id_body")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_register")),
    )
    _create_imports()
    _create_rows()
    op.create_table(
        "judgement",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("row_key", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_judgement_body_id_body")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_judgement_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "body_id", "row_key", name=op.f("pk_judgement")),
    )


def _create_imports() -> None:
    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="importstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="of the file"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the file"),
        sa.Column("size", sa.Integer(), nullable=False, comment="of the file, in bytes"),
        sa.Column("listed_on", sa.Date(), nullable=False, comment="the date of the list"),
        sa.Column("is_older", sa.Boolean(), nullable=False, comment="brought on purpose though a later list is held"),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False, comment="for each field the headings of its columns"),
        sa.Column(
            "columns_are_sure",
            sa.Boolean(),
            nullable=False,
            comment="said by a person, kept of the body, or the very words",
        ),
        sa.Column("counts", sa.JSON(), nullable=False, comment="rows read, problems by kind; what applying changed"),
        sa.Column("report", sa.JSON(), nullable=False, comment="problems, the first of them"),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("staged_at", Moment(), nullable=False),
        sa.Column("staged_by_id", sa.Integer(), nullable=True, comment="the account; none: an operator at the machine"),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True, comment="who agreed, where a second person was needed"),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)",
            name=op.f("ck_register_import_applied_has_a_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_register_import_undone_has_a_moment")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["register.body_id"], name=op.f("fk_register_import_body_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_register_import_body_id", "register_import", ["body_id", "id"])
    op.create_table(
        "register_file",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="compressed"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register_import.id"],
            name=op.f("fk_register_file_import_id_register_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_register_file")),
    )


def _create_rows() -> None:
    op.create_table(
        "register_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("is_undo", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "view_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of all rows as known after the step, in any order",
        ),
        sa.ForeignKeyConstraint(["body_id"], ["register.body_id"], name=op.f("fk_register_step_body_id_register")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_register_step_import_id_register_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_step")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_register_step_body_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_register_step_import_id"), "register_step", ["import_id"])
    op.create_table(
        "register_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column(
            "disciplines", sa.JSON(), nullable=False, comment="modalities that the row shows; none: it shows none"
        ),
        sa.Column("other_disciplines", sa.Text(), nullable=True, comment="those that are no modality here, as written"),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("outward", sa.Text(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True, comment="keyed hash"),
        sa.Column("email", sa.Text(), nullable=True, comment="keyed hash"),
        sa.Column("website", sa.Text(), nullable=True, comment="keyed hash"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "shown",
            sa.Enum(*SHOWN, name="shown", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("standing", sa.Text(), nullable=True, comment="what the body writes of the membership, as written"),
        sa.Column("notice_url", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False, comment="keyed hash of the line as it was read"),
        sa.Column("listed_from", sa.Date(), nullable=False),
        sa.Column(
            "listed_until", sa.Date(), nullable=True, comment="the list that no longer showed it so; none: listed"
        ),
        sa.Column("since_step", sa.Integer(), nullable=False),
        sa.Column("until_step", sa.Integer(), nullable=True),
        sa.CheckConstraint("listed_until > listed_from", name=op.f("ck_register_row_listed_for_a_while")),
        sa.ForeignKeyConstraint(["body_id"], ["register.body_id"], name=op.f("fk_register_row_body_id_register")),
        sa.ForeignKeyConstraint(
            ["since_step"], ["register_step.id"], name=op.f("fk_register_row_since_step_register_step")
        ),
        sa.ForeignKeyConstraint(
            ["until_step"], ["register_step.id"], name=op.f("fk_register_row_until_step_register_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_row")),
    )
    op.create_index("ix_register_row_body_id", "register_row", ["body_id", "until_step"])
    op.create_index("ix_register_row_number_key", "register_row", ["number_key", "body_id"])
    op.create_index("ix_register_row_name_key", "register_row", ["name_key", "body_id"])
    op.create_index(op.f("ix_register_row_key"), "register_row", ["key"])


def downgrade() -> None:
    for table in ("judgement", "register_row", "register_step", "register_file", "register_import", "register"):
        op.drop_table(table)

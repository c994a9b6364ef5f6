"""Questions to friends and their answers."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in the addresses of the asker"),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asker_name", sa.Text(), nullable=False, comment="as their friends know them"),
        sa.Column("text", sa.Text(), nullable=False, comment="plain, at most 300 characters"),
        sa.Column("wants_mail", sa.Boolean(), nullable=False, comment="whether a letter says that there is an answer"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("reported_at", Moment(), nullable=True),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="grows with each answer, so that two at once see each other",
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 300", name=op.f("ck_question_text_is_short")),
        sa.ForeignKeyConstraint(["asker_id"], ["account.id"], name=op.f("fk_question_asker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_question_token")),
    )
    for column in ("asker_id", "expires_at", "reported_at"):
        op.create_index(op.f(f"ix_question_{column}"), "question", [column], unique=False)
    op.create_table(
        "question_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in the addresses of the asker"),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("unlisted", sa.Text(), nullable=True, comment="the name of somebody who is not listed"),
        sa.Column("text", sa.Text(), nullable=False, comment="plain, at most 600 characters; may be blank"),
        sa.Column("name", sa.Text(), nullable=False, comment="the friend's"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "(practitioner_id IS NULL) <> (unlisted IS NULL)", name=op.f("ck_question_answer_names_somebody")
        ),
        sa.CheckConstraint("length(text) <= 600", name=op.f("ck_question_answer_text_is_short")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_question_answer_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_answer_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_answer_public_id")),
    )
    for column in ("practitioner_id", "question_id"):
        op.create_index(op.f(f"ix_question_answer_{column}"), "question_answer", [column], unique=False)


def downgrade() -> None:
    op.drop_table("question_answer")
    op.drop_table("question")

"""Circles: who agreed to know whom, invitations, and addresses that want no such mail."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acquaintance",
        sa.Column("one_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in addresses"),
        sa.Column("one_name", sa.Text(), nullable=False),
        sa.Column("other_name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_acquaintance_once")),
        sa.ForeignKeyConstraint(["one_id"], ["account.id"], name=op.f("fk_acquaintance_one_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["account.id"], name=op.f("fk_acquaintance_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_acquaintance")),
        sa.UniqueConstraint("public_id", name=op.f("uq_acquaintance_public_id")),
    )
    op.create_index(op.f("ix_acquaintance_other_id"), "acquaintance", ["other_id"], unique=False)
    op.create_table(
        "circle_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in the addresses of the inviter"),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=False),
        sa.Column("inviter_name", sa.Text(), nullable=False, comment="as the other one knows them"),
        sa.Column(
            "for_whom", sa.Text(), nullable=False, comment="the inviter's own word for the other, told to nobody"
        ),
        sa.Column(
            "mailed_to", sa.Text(), nullable=True, comment="a keyed hash; null: the inviter gives the link themselves"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_name", sa.Text(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_name IS NULL) AND (answered_by_id IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_circle_invitation_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> inviter_id", name=op.f("ck_circle_invitation_not_by_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_circle_invitation_answered_by_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["account.id"], name=op.f("fk_circle_invitation_inviter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_circle_invitation_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_circle_invitation_token")),
    )
    for column in ("answered_by_id", "expires_at", "inviter_id"):
        op.create_index(op.f(f"ix_circle_invitation_{column}"), "circle_invitation", [column], unique=False)


def downgrade() -> None:
    op.drop_table("circle_invitation")
    op.drop_table("acquaintance")

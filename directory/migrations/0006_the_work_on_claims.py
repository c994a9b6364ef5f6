"""What verifiers and practitioners say to each other about a claim, and what needs a second person."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_claim_number_key", "claim", ["number_key", "body_id"]),
    ("ix_claim_check_number_key", "claim_check", ["number_key", "body_id"]),
    ("ix_claim_check_inherited_from_id", "claim_check", ["inherited_from_id"]),
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column(
        "claim",
        sa.Column("answered_at", Moment(), nullable=True, comment="when they sent what no verifier has decided on yet"),
    )
    op.add_column(
        "claim",
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            server_default="1",
            comment="grows with each decision and answer: nobody decides what they have not seen",
        ),
    )
    op.add_column(
        "claim",
        sa.Column(
            "past",
            sa.JSON(),
            nullable=False,
            server_default="[]",
            comment="what it said before it was changed, each until a moment",
        ),
    )
    op.add_column("commitment", sa.Column("sealed", sa.Text(), nullable=True))
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_table(
        "claim_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("is_from_practitioner", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="the account that wrote it; no foreign key"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_message_claim_id_claim"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_message")),
    )
    op.create_index(op.f("ix_claim_message_claim_id"), "claim_message", ["claim_id"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=True, comment="the first check that it was seen for"),
        sa.Column("name", sa.Text(), nullable=False, comment="as it was called on their machine; empty once erased"),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the content as it is kept"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(content IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_evidence_evidence_is_there_or_erased")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id_claim"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["claim_check.id"], name=op.f("fk_evidence_check_id_claim_check"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("uq_evidence_claim_id", "evidence", ["claim_id", "digest"], unique=True)
    op.create_index(op.f("ix_evidence_check_id"), "evidence", ["check_id"])
    _create_audits()
    _create_proposals()


def _create_audits() -> None:
    op.create_table(
        "audit",
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("considered_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="only where it was drawn"),
        sa.Column("done_check_id", sa.Integer(), nullable=True, comment="what the other verifier saw"),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"], ["claim_check.id"], name=op.f("fk_audit_check_id_claim_check"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_audit_claim_id_claim"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["done_check_id"], ["claim_check.id"], name=op.f("fk_audit_done_check_id_claim_check"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_claim_id", "audit", ["claim_id", "done_at"])


def _create_proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("proposalkind", "restriction", "register-import"), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False, comment="the account that proposed it; no foreign key"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ripe_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("outcome", _choice("proposaloutcome", "agreed", "refused"), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_proposal_proposal_is_open_or_decided")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_proposal_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_practitioner_id"), "proposal", ["practitioner_id"])
    is_open = sa.text("outcome IS NULL")
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["kind", "about_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    for table in ("proposal", "audit", "evidence", "claim_message"):
        op.drop_table(table)
    for name, table, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_column("commitment", "sealed")
    op.drop_column("claim", "past")
    op.drop_column("claim", "revision")
    op.drop_column("claim", "answered_at")

"""What verifiers and practitioners say to each other about a claim, and what needs a second person."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""People on a register who do not want to be confirmed here."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("digest", sa.Text(), nullable=False, comment="HMAC-SHA-512 with a key of the site, in Base64"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_objection")),
    )


def downgrade() -> None:
    op.drop_table("objection")

"""Enquiries: sealed until they are delivered, and then erased; and letters that are sealed."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# A practitioner's page says whether they take enquiries, so whoever keeps a page must hear of a pause, and of an account
# that was switched off or on.
SQLITE = (
    *(
        f"""CREATE TRIGGER enquiry_pause_{done}_is_a_change AFTER {event} ON enquiry_pause BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES ({row}.practitioner_id, random());
    END"""
        for done, event, row in (("added", "INSERT", "new"), ("changed", "UPDATE", "new"), ("removed", "DELETE", "old"))
    ),
    """CREATE TRIGGER account_switched_is_a_change AFTER UPDATE OF active ON account
    WHEN old.active IS NOT new.active BEGIN
        INSERT INTO change (practitioner_id, mark)
        SELECT practitioner_id, random() FROM kept_listing WHERE account_id = new.id;
    END""",
)
POSTGRESQL = (
    """CREATE CONSTRAINT TRIGGER enquiry_pause_is_a_change AFTER INSERT OR DELETE OR UPDATE ON enquiry_pause
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change()""",
    """CREATE FUNCTION log_change_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(7282102);
        INSERT INTO change (practitioner_id, mark)
        SELECT practitioner_id, (random() * 9e18)::bigint FROM kept_listing WHERE account_id = NEW.id;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER account_switched_is_a_change AFTER UPDATE OF active ON account
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.active IS DISTINCT FROM NEW.active)
        EXECUTE FUNCTION log_change_of_account()""",
)


def states(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column(
        "letter",
        sa.Column(
            "sealed", sa.Text(), nullable=True, comment="emptied, too; then `to` may be empty: it says whom it is to"
        ),
    )
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column(
            "did_work",
            sa.Boolean(),
            nullable=False,
            comment="whether their browser showed a proof of work; else it is held",
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True, comment="when its sender took it back"),
        sa.CheckConstraint("confirmed_at IS NULL OR sealed IS NULL", name=op.f("ck_enquiry_unsealed_once_passed_on")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enquiry_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_enquiry_made_at"), "enquiry", ["made_at"], unique=False)
    op.create_table(
        "spent_form",
        sa.Column("mark", sa.Text(), nullable=False, comment="what is random about the form"),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spent_form")),
    )
    op.create_index(op.f("ix_spent_form_expires_at"), "spent_form", ["expires_at"], unique=False)
    _create_those_of_practitioners()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _create_those_of_practitioners() -> None:
    op.create_table(
        "enquiry_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("sender_key", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_enquiry_block_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_block")),
        sa.UniqueConstraint("practitioner_id", "sender_key", name=op.f("uq_enquiry_block_practitioner_id_sender_key")),
    )
    op.create_table(
        "enquiry_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "enquiry_id", sa.Integer(), nullable=True, comment="gone after 30 days; that there was one still counts"
        ),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            states("deliverystate", "chosen", "passed-on", "blocked", "not-taken", "too-many", "taken-back"),
            nullable=False,
        ),
        sa.Column("sender_key", sa.Text(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("passed_on_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_delivery_enquiry_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_enquiry_delivery_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_delivery")),
        sa.UniqueConstraint(
            "enquiry_id", "practitioner_id", name=op.f("uq_enquiry_delivery_enquiry_id_practitioner_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_enquiry_delivery_made_at"), "enquiry_delivery", ["made_at"], unique=False)
    op.create_index(op.f("ix_enquiry_delivery_practitioner_id"), "enquiry_delivery", ["practitioner_id"], unique=False)
    op.create_table(
        "enquiry_pause",
        sa.Column("practitioner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", states("whypaused", "full", "away", "known-only", "other-way", "unsaid"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True, comment="the first day on which they take enquiries again"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_enquiry_pause_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_enquiry_pause")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        op.execute("DROP TRIGGER account_switched_is_a_change ON account")
        op.execute("DROP FUNCTION log_change_of_account")
        op.execute("DROP TRIGGER enquiry_pause_is_a_change ON enquiry_pause")
    for table in ("enquiry_pause", "enquiry_delivery", "enquiry_block", "spent_form", "enquiry"):
        op.drop_table(table)
    # What is sealed cannot be read without this column, and must not be sent empty.
    op.execute("DELETE FROM letter WHERE sealed IS NOT NULL")
    op.drop_column("letter", "sealed")

"""Complaints about recommendations, what both sides said and what happened; and where recommendations are off."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Whoever keeps a page must hear of a switch: of one listing, or of many, which is a change of facts.
SQLITE = tuple(
    f"""CREATE TRIGGER recommendation_switch_{done}_is_a_change AFTER {event} ON recommendation_switch BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES ({row}.practitioner_id, random());
    END"""
    for done, event, row in (("added", "INSERT", "new"), ("removed", "DELETE", "old"))
)
POSTGRESQL = (
    """CREATE CONSTRAINT TRIGGER recommendation_switch_is_a_change AFTER INSERT OR DELETE ON recommendation_switch
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change()""",
)


def states(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "recommendation_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False, comment="what it is of: site, country:GB, listing:7"),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False, comment="in the words of whoever switched it off, for the desk"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True, comment="null: a command of the operator"),
        sa.CheckConstraint(
            "country IS NULL OR length(country) = 2", name=op.f("ck_recommendation_switch_country_is_a_code")
        ),
        sa.CheckConstraint(
            "country IS NULL OR practitioner_id IS NULL", name=op.f("ck_recommendation_switch_of_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_recommendation_switch_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_switch")),
        sa.UniqueConstraint("scope", name=op.f("uq_recommendation_switch_scope")),
    )
    op.create_index(
        op.f("ix_recommendation_switch_practitioner_id"), "recommendation_switch", ["practitioner_id"], unique=False
    )
    _create_complaints()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _create_complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in the addresses of the writer"),
        sa.Column("token", sa.Text(), nullable=True, comment="by which the objector follows it"),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column(
            "audience",
            states("audience", "friend", "circle", "public"),
            nullable=False,
            comment="of the note, as it was",
        ),
        sa.Column("ground", sa.Text(), nullable=False, comment="a key of the published list of reasons"),
        sa.Column("note_revision", sa.Integer(), nullable=False, comment="of the note to which they objected"),
        sa.Column("reply_to", sa.Text(), nullable=True, comment="of the objector, for what is decided"),
        sa.Column("state", states("complaintstate", "open", "decided", "appealed", "final", "gone"), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("ruling", states("ruling", "keep", "hide"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="a key of the published list"),
        sa.Column("decided_at", Moment(), nullable=True, comment="the first time"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True, comment="the first time; null: a clock"),
        sa.Column("appealed_at", Moment(), nullable=True),
        sa.Column("appealed_by", states("side", "objector", "writer"), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True, comment="of the last decision, or when the note went"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('appealed', 'final') OR appealed_at IS NOT NULL",
            name=op.f("ck_complaint_final_after_an_appeal"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'appealed', 'final') OR ruling IS NOT NULL",
            name=op.f("ck_complaint_decided_is_ruled"),
        ),
        sa.CheckConstraint(
            "(appealed_at IS NULL) = (appealed_by IS NULL)", name=op.f("ck_complaint_appealed_by_somebody")
        ),
        sa.CheckConstraint("(ruling IS NULL) = (reason IS NULL)", name=op.f("ck_complaint_a_ruling_has_its_reason")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_complaint_recommendation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("public_id", name=op.f("uq_complaint_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_complaint_token")),
    )
    op.create_index(op.f("ix_complaint_recommendation_id"), "complaint", ["recommendation_id"], unique=False)
    op.create_index("ix_complaint_state", "complaint", ["state", "id"], unique=False)
    op.create_table(
        "complaint_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            states(
                "stepkind",
                "made",
                "hidden-at-once",
                "hidden-late",
                "answered",
                "brought-back",
                "decided",
                "appealed",
                "appeal-decided",
                "gone",
            ),
            nullable=False,
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "by_id", sa.Integer(), nullable=True, comment="of the desk; null: a clock, a rule or one of the sides"
        ),
        sa.Column("ruling", states("ruling", "keep", "hide"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_step_complaint_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
    )
    op.create_index(op.f("ix_complaint_step_complaint_id"), "complaint_step", ["complaint_id"], unique=False)
    op.create_index("ix_complaint_step_kind", "complaint_step", ["kind", "at"], unique=False)
    op.create_table(
        "complaint_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("side", states("side", "objector", "writer"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="plain, at most 1,000 characters"),
        sa.Column("said_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_words_complaint_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_complaint_words_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_words")),
    )
    op.create_index(op.f("ix_complaint_words_complaint_id"), "complaint_words", ["complaint_id"], unique=False)
    op.create_index(
        op.f("ix_complaint_words_recommendation_id"), "complaint_words", ["recommendation_id"], unique=False
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    for table in ("complaint_words", "complaint_step", "complaint", "recommendation_switch"):
        op.drop_table(table)

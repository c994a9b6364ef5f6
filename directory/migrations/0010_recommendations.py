"""Recommendations, private links to them, and replies; and who wants no mail that others have us send."""

import sqlalchemy as sa
from alembic import op

from directory.models.base import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Whoever keeps a page must hear of what changes on it: of recommendations for everybody that are shown, or were until
# now, and of replies to those. What is for one friend or a circle leaves no trace in what everybody can see.
SQLITE = tuple(
    f"""CREATE TRIGGER recommendation_{done}_is_a_change AFTER {event} ON recommendation
    WHEN {" OR ".join(f"({row}.audience = 'public' AND {row}.state = 'shown')" for row in rows)} BEGIN
        INSERT INTO change (practitioner_id, mark) VALUES ({rows[0]}.practitioner_id, random());
    END"""
    for done, event, rows in (
        ("added", "INSERT", ("new",)),
        ("changed", "UPDATE", ("new", "old")),
        ("removed", "DELETE", ("old",)),
    )
) + tuple(
    f"""CREATE TRIGGER recommendation_reply_{done}_is_a_change AFTER {event} ON recommendation_reply
    WHEN {" OR ".join(f"{row}.state = 'shown'" for row in rows)} BEGIN
        INSERT INTO change (practitioner_id, mark) SELECT practitioner_id, random() FROM recommendation
        WHERE id = {rows[0]}.recommendation_id AND audience = 'public' AND state = 'shown';
    END"""
    for done, event, rows in (
        ("added", "INSERT", ("new",)),
        ("changed", "UPDATE", ("new", "old")),
        ("removed", "DELETE", ("old",)),
    )
)
POSTGRESQL = (
    """CREATE FUNCTION log_change_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        about integer;
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.audience = 'public' AND OLD.state = 'shown' THEN
            about := OLD.practitioner_id;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.audience = 'public' AND NEW.state = 'shown' THEN
            about := NEW.practitioner_id;
        END IF;
        IF about IS NOT NULL THEN
            PERFORM pg_advisory_xact_lock(7282102);
            INSERT INTO change (practitioner_id, mark) VALUES (about, (random() * 9e18)::bigint);
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION log_change_of_reply() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        note integer;
        about integer;
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.state = 'shown' THEN
            note := OLD.recommendation_id;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.state = 'shown' THEN
            note := NEW.recommendation_id;
        END IF;
        SELECT practitioner_id INTO about FROM recommendation
        WHERE id = note AND audience = 'public' AND state = 'shown';
        IF about IS NOT NULL THEN
            PERFORM pg_advisory_xact_lock(7282102);
            INSERT INTO change (practitioner_id, mark) VALUES (about, (random() * 9e18)::bigint);
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER recommendation_is_a_change AFTER INSERT OR DELETE OR UPDATE ON recommendation
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change_of_recommendation()""",
    """CREATE CONSTRAINT TRIGGER recommendation_reply_is_a_change AFTER INSERT OR DELETE OR UPDATE
        ON recommendation_reply
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_change_of_reply()""",
)


def upgrade() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in addresses"),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "friend", "circle", "public", name="audience", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "held",
                "refused",
                "hidden",
                name="recommendationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "relation",
            sa.Enum(
                "client",
                "friend",
                "family",
                "colleague",
                "student",
                "teacher",
                "other",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("was_treated", sa.Boolean(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="the first of the month of which it speaks"),
        sa.Column("modality_id", sa.Text(), nullable=True),
        sa.Column("reward", sa.Text(), nullable=True, comment="what the writer got for it; null: nothing"),
        sa.Column("text", sa.Text(), nullable=False, comment="plain, at most 600 characters"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "shown_as",
            sa.Enum("first-name", "initials", name="shownas", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("consented_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "is_from_same_network",
            sa.Boolean(),
            nullable=False,
            comment="whether it came from a network from which the practitioner signs in, told to moderators",
        ),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="of a refusal or of hiding: a key of the published list"),
        sa.CheckConstraint(
            "audience = 'public' OR state IN ('shown', 'hidden')",
            name=op.f("ck_recommendation_held_only_for_the_public"),
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 600", name=op.f("ck_recommendation_text_is_short")),
        sa.ForeignKeyConstraint(
            ["modality_id"], ["modality.id"], name=op.f("fk_recommendation_modality_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_recommendation_practitioner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["account.id"], name=op.f("fk_recommendation_writer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recommendation_public_id")),
        sa.UniqueConstraint("writer_id", "practitioner_id", name=op.f("uq_recommendation_writer_id_practitioner_id")),
    )
    op.create_index(op.f("ix_recommendation_practitioner_id"), "recommendation", ["practitioner_id"], unique=False)
    op.create_index("ix_recommendation_state", "recommendation", ["state", "id"], unique=False)
    op.create_table(
        "recommendation_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False, comment="its name in the addresses of the writer"),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False, comment="the writer's own word for the friend"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("mailed_at", Moment(), nullable=True, comment="when its writer asked us to send it, once"),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_link_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recommendation_link_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_recommendation_link_token")),
    )
    op.create_index(
        op.f("ix_recommendation_link_recommendation_id"), "recommendation_link", ["recommendation_id"], unique=False
    )
    op.create_table(
        "recommendation_reply",
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="plain, at most 600 characters"),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "held",
                "refused",
                "hidden",
                name="recommendationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('shown', 'held', 'refused')", name=op.f("ck_recommendation_reply_reply_states")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_reply_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_recommendation_reply")),
    )
    op.create_table(
        "recommendation_hidden_before",
        sa.Column("writer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("practitioner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="for which it was hidden: a key of the published list"),
        sa.Column("hidden_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_recommendation_hidden_before_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["account.id"], name=op.f("fk_recommendation_hidden_before_writer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("writer_id", "practitioner_id", name=op.f("pk_recommendation_hidden_before")),
    )
    op.create_index(
        op.f("ix_recommendation_hidden_before_practitioner_id"),
        "recommendation_hidden_before",
        ["practitioner_id"],
        unique=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "mail_stop",
        sa.Column("digest", sa.Text(), nullable=False, comment="HMAC with a key of the site, shortened, in Base64"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_stop")),
    )


def downgrade() -> None:
    op.drop_table("mail_stop")
    op.drop_table("recommendation_hidden_before")
    op.drop_table("recommendation_reply")
    op.drop_table("recommendation_link")
    op.drop_table("recommendation")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION log_change_of_recommendation")
        op.execute("DROP FUNCTION log_change_of_reply")

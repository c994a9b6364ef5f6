"""Practitioners keep their own listings: accounts, mail that waits, versions, reports, and who has left."""

import sqlalchemy as sa
from alembic import op

from directory.lib.skeletons import skeleton, skeletons
from directory.models.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="normalised by Flask-Security's MailUtil"),
        sa.Column(
            "role",
            sa.Enum(
                "member", "verifier", "administrator", name="role", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("password_changed_at", Moment(), nullable=True),
        sa.Column("tf_primary_method", sa.Text(), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column(
            "totp_counter",
            sa.Integer(),
            nullable=True,
            comment="of the last code that was taken: each is taken once",
        ),
        sa.Column("us_totp_secrets", sa.Text(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("fs_webauthn_user_handle", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_account_fs_webauthn_user_handle")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attempt",
        sa.Column("key", sa.Text(), nullable=False, comment="salted hash of what is limited and of whom"),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_attempt_tries_are_counted")),
        sa.PrimaryKeyConstraint("key", "began_at", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_ends_at"), "attempt", ["ends_at"], unique=False)
    op.create_table(
        "pulse",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulse")),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_table(
        "erasure",
        sa.Column("kind", sa.Text(), nullable=False, comment="account or listing"),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=False),
        sa.Column("cleaned_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", "mark", name=op.f("pk_erasure")),
    )
    op.create_table(
        "erased_row",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_row")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True, comment="whose account; outlives it"),
        sa.Column("practitioner_id", sa.Integer(), nullable=True, comment="which listing; outlives it"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="the account that did it, if any"),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_account_id", "event", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_event_kind"), "event", ["kind"], unique=False)
    op.create_index("ix_event_practitioner_id", "event", ["practitioner_id", "id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True, comment="no foreign key: a letter outlives an account"),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "given-up",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("claimed_until", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("cause", name=op.f("uq_letter_cause")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    op.create_index(op.f("ix_letter_account_id"), "letter", ["account_id"], unique=False)
    op.create_index("ix_letter_state_next_at", "letter", ["state", "next_at"], unique=False)
    op.create_table(
        "reference_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.Text(), nullable=False, comment="modality, concern, body, regulation or guidance"),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("edited_by", sa.Integer(), nullable=False, comment="account; no foreign key: an edit outlives it"),
        sa.Column("edited_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_edit")),
    )
    op.create_index("ix_reference_edit_record", "reference_edit", ["collection", "record_id", "id"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("agreed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "document", "version", name=op.f("pk_agreement")),
    )
    op.create_table(
        "kept_listing",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column(
            "state_reason", sa.Text(), nullable=True, comment="why it is hidden or suspended, for the practitioner"
        ),
        sa.Column("step_revisions", sa.JSON(), nullable=False, comment="the revision that last changed each step"),
        sa.Column(
            "is_approved", sa.Boolean(), nullable=False, comment="whether its rows are answers that were approved"
        ),
        sa.Column("was_hidden", sa.Boolean(), nullable=False, comment="whether it was hidden when it was suspended"),
        sa.Column("hidden_for_silence", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True, comment="when we last asked whether it is still right"),
        sa.Column("warned_on", sa.Date(), nullable=True, comment="when we said that it will be hidden"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_listing_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_kept_listing_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_kept_listing")),
        sa.UniqueConstraint("account_id", name=op.f("uq_kept_listing_account_id")),
    )
    op.create_table(
        "listing_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "returned",
                "published",
                "refused",
                "superseded",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("private", sa.JSON(), nullable=False),
        sa.Column("steps_done", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True, comment="account; no foreign key: a version outlives it"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="what we told the practitioner"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_listing_version_practitioner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_version")),
        sa.UniqueConstraint("practitioner_id", "number", name=op.f("uq_listing_version_practitioner_id_number")),
    )
    op.create_index("ix_listing_version_state", "listing_version", ["state", "submitted_at"], unique=False)
    op.create_index(
        "uq_listing_version_open",
        "listing_version",
        ["practitioner_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'waiting', 'returned')"),
        postgresql_where=sa.text("state IN ('draft', 'waiting', 'returned')"),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sign-in",
                "sign-up",
                "invitation",
                "new-password",
                "new-address",
                "still-right",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_account_id"), "one_time_link", ["account_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("create_datetime", Moment(), nullable=False),
        sa.Column("lastuse_datetime", Moment(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_passkey_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the content, and its address"),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_photo_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "practitioner_id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_practitioner_id"), "photo", ["practitioner_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "moved",
                "closed",
                "no-answer",
                "wrong",
                "not-me",
                "misconduct",
                "danger",
                name="reportkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True, comment="where the visitor wants an answer, if anywhere"),
        sa.Column(
            "state",
            sa.Enum(
                "with-practitioner",
                "with-administrators",
                "settled",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column(
            "says",
            sa.Enum("corrected", "right", name="reportsays", native_enum=False, create_constraint=True, length=40),
            nullable=True,
            comment="the practitioner's answer",
        ),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True, comment="what administrators found and did, for them to read"),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_report_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_practitioner_id"), "report", ["practitioner_id"], unique=False)
    op.create_index("ix_report_state", "report", ["state", "made_at"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("had_second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("proved_at", Moment(), nullable=False, comment="when they last proved who they are"),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "skeleton",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="name or number"),
        sa.Column("value", sa.String().with_variant(sa.VARCHAR(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_skeleton_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skeleton")),
    )
    op.create_index("ix_skeleton_kind_value", "skeleton", ["kind", "value"], unique=False)
    op.create_index(op.f("ix_skeleton_practitioner_id"), "skeleton", ["practitioner_id"], unique=False)
    op.add_column(
        "practitioner",
        sa.Column(
            "further_methods", sa.Text(), nullable=True, comment="in their own words, beside the modalities we know"
        ),
    )
    op.add_column(
        "practitioner", sa.Column("photo", sa.Text(), nullable=True, comment="digest of the photograph that is shown")
    )
    _keep_skeletons()


def _keep_skeletons() -> None:
    """Of everybody whom a check has confirmed already: as services/lookalikes does from here on."""
    table = sa.table("skeleton", sa.column("practitioner_id"), sa.column("kind"), sa.column("value"))
    checked = "SELECT practitioner_id FROM claim_check WHERE outcome = 'confirmed'"
    bind = op.get_bind()
    found = set()
    for names in (
        f"SELECT id, name FROM practitioner WHERE id IN ({checked})",
        f"SELECT practitioner_id, name FROM other_name WHERE practitioner_id IN ({checked})",
    ):
        found.update(
            (id_, "name", value[:200]) for id_, name in bind.execute(sa.text(names)) for value in skeletons(name)
        )
    numbers = "SELECT practitioner_id, body_id, number_key FROM claim_check WHERE outcome = 'confirmed'"
    for id_, body_id, number in bind.execute(sa.text(numbers)):
        look = skeleton(number or "")
        if look:
            found.add((id_, "number", f"{body_id} {look}"[:200]))
    rows = [dict(zip(("practitioner_id", "kind", "value"), row, strict=True)) for row in sorted(found)]
    for start in range(0, len(rows), 5_000):
        bind.execute(table.insert(), rows[start : start + 5_000])


def downgrade() -> None:
    op.drop_column("practitioner", "photo")
    op.drop_column("practitioner", "further_methods")
    op.drop_index(op.f("ix_skeleton_practitioner_id"), table_name="skeleton")
    op.drop_index("ix_skeleton_kind_value", table_name="skeleton")
    op.drop_table("skeleton")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index("ix_report_state", table_name="report")
    op.drop_index(op.f("ix_report_practitioner_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_photo_practitioner_id"), table_name="photo")
    op.drop_table("photo")
    op.drop_index(op.f("ix_passkey_user_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_index(op.f("ix_one_time_link_account_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
    op.drop_index(
        "uq_listing_version_open",
        table_name="listing_version",
        sqlite_where=sa.text("state IN ('draft', 'waiting', 'returned')"),
        postgresql_where=sa.text("state IN ('draft', 'waiting', 'returned')"),
    )
    op.drop_index("ix_listing_version_state", table_name="listing_version")
    op.drop_table("listing_version")
    op.drop_table("kept_listing")
    op.drop_table("pulse")
    op.drop_table("agreement")
    op.drop_index("ix_reference_edit_record", table_name="reference_edit")
    op.drop_table("reference_edit")
    op.drop_index("ix_letter_state_next_at", table_name="letter")
    op.drop_index(op.f("ix_letter_account_id"), table_name="letter")
    op.drop_table("letter")
    op.drop_index("ix_event_practitioner_id", table_name="event")
    op.drop_index(op.f("ix_event_kind"), table_name="event")
    op.drop_index("ix_event_account_id", table_name="event")
    op.drop_table("event")
    op.drop_table("erasure")
    op.drop_table("erased_row")
    op.drop_table("commitment")
    op.drop_index(op.f("ix_attempt_ends_at"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("account")

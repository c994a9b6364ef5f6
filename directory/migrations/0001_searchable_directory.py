"""All tables of the searchable directory.

One transaction: it is done whole, or not at all.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BY_CODE_POINT = sa.String().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")

# The words of a listing are already folded to tokens, so they are taken as they are, without a parser of the database.
SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(
        names, methods, body, concerns,
        content='search_text', content_rowid='practitioner_id', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_text_added AFTER INSERT ON search_text BEGIN
        INSERT INTO search_fts(rowid, names, methods, body, concerns)
        VALUES (new.practitioner_id, new.names, new.methods, new.body, new.concerns);
    END""",
    """CREATE TRIGGER search_text_removed AFTER DELETE ON search_text BEGIN
        INSERT INTO search_fts(search_fts, rowid, names, methods, body, concerns)
        VALUES ('delete', old.practitioner_id, old.names, old.methods, old.body, old.concerns);
    END""",
    """CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN
        INSERT INTO search_fts(search_fts, rowid, names, methods, body, concerns)
        VALUES ('delete', old.practitioner_id, old.names, old.methods, old.body, old.concerns);
        INSERT INTO search_fts(rowid, names, methods, body, concerns)
        VALUES (new.practitioner_id, new.names, new.methods, new.body, new.concerns);
    END""",
)
POSTGRESQL_WORDS = (
    """ALTER TABLE search_text
        ADD COLUMN names_v tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(names, ' '))) STORED,
        ADD COLUMN methods_v tsvector
            GENERATED ALWAYS AS (array_to_tsvector(string_to_array(trim(names || ' ' || methods), ' '))) STORED,
        ADD COLUMN plain_v tsvector GENERATED ALWAYS AS (
            array_to_tsvector(string_to_array(trim(trim(names || ' ' || methods) || ' ' || body), ' '))) STORED,
        ADD COLUMN full_v tsvector GENERATED ALWAYS AS (array_to_tsvector(
            string_to_array(trim(trim(trim(names || ' ' || methods) || ' ' || body) || ' ' || concerns), ' '))) STORED""",
    "CREATE INDEX ix_search_text_plain ON search_text USING gin (plain_v)",
    "CREATE INDEX ix_search_text_full ON search_text USING gin (full_v)",
)

# A check is a fact. It goes only with the person it is about.
SQLITE_APPEND_ONLY = (
    """CREATE TRIGGER claim_check_is_append_only BEFORE UPDATE ON claim_check BEGIN
        SELECT RAISE(ABORT, 'a check cannot be changed');
    END""",
)
POSTGRESQL_APPEND_ONLY = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a check cannot be changed'; END $$""",
    """CREATE TRIGGER claim_check_is_append_only BEFORE UPDATE ON claim_check
        FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("former_names", sa.JSON(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lists_individuals", sa.Boolean(), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("register_url", sa.Text(), nullable=True),
        sa.Column("psa_status", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("founded", sa.Text(), nullable=True),
        sa.Column("complaints", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("letters", sa.JSON(), nullable=False),
        sa.Column("verifies", sa.JSON(), nullable=False),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sort_key", BY_CODE_POINT, nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("body_area", sa.Text(), nullable=False),
        sa.Column(
            "claim_status",
            sa.Enum(
                "acceptable_wellbeing",
                "needs_robust_evidence",
                "medical_supervision",
                name="claimstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("careful_wording", sa.JSON(), nullable=False),
        sa.Column("avoid_wording", sa.JSON(), nullable=False),
        sa.Column("evidence_note", sa.Text(), nullable=False),
        sa.Column("urgent_signs", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sort_key", BY_CODE_POINT, nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_table(
        "guidance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "red_flag",
                "contraindication",
                "self_care",
                "session_fact",
                "rule",
                "legal",
                "verification",
                "distribution",
                name="guidancekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("applies_to", sa.JSON(), nullable=False),
        sa.Column("where_to_show", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )
    op.create_index(op.f("ix_guidance_kind"), "guidance", ["kind"], unique=False)
    op.create_table(
        "modality",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("native_name", sa.Text(), nullable=True),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("clothing", sa.Text(), nullable=True),
        sa.Column("surface", sa.Text(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("is_shiatsu", sa.Boolean(), nullable=False),
        sa.Column(
            "holistic_role",
            sa.Enum(
                "base",
                "other_deep",
                "stress",
                "none",
                name="holisticrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sort_key", BY_CODE_POINT, nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["modality.id"], name=op.f("fk_modality_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modality")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_table(
        "place_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded", BY_CODE_POINT, nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_name")),
    )
    op.create_index("ix_place_name_folded", "place_name", ["folded"], unique=False)
    op.create_index("ix_place_name_place_id", "place_name", ["place_id"], unique=False)
    op.create_table(
        "postcode_area",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("country", "code", name=op.f("pk_postcode_area")),
    )
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", BY_CODE_POINT, nullable=False),
        sa.Column("business", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "published",
                "changes-waiting",
                "hidden",
                "suspended",
                "withdrawn",
                name="listingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "practitioner", "import", "demo", name="origin", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_telephone", sa.Text(), nullable=True),
        sa.Column(
            "gender",
            sa.Enum("woman", "man", "non-binary", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("pressure_from", sa.Integer(), nullable=True),
        sa.Column("pressure_to", sa.Integer(), nullable=True),
        sa.Column(
            "accepting",
            sa.Enum(
                "yes", "waiting-list", "no", name="accepting", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("visits_theirs", sa.Boolean(), nullable=False),
        sa.Column("visits_yours", sa.Boolean(), nullable=False),
        sa.Column("visits_online", sa.Boolean(), nullable=False),
        sa.Column("travels_km", sa.Integer(), nullable=True),
        sa.Column("access_step_free", sa.Boolean(), nullable=False),
        sa.Column("access_hearing", sa.Boolean(), nullable=False),
        sa.Column("access_sight", sa.Boolean(), nullable=False),
        sa.Column("access_neurodivergent", sa.Boolean(), nullable=False),
        sa.Column("access_scent_free", sa.Boolean(), nullable=False),
        sa.Column("access_chair", sa.Boolean(), nullable=False),
        sa.Column("access_futon", sa.Boolean(), nullable=False),
        sa.Column("access_note", sa.Text(), nullable=True),
        sa.Column("availability_note", sa.Text(), nullable=True),
        sa.Column("states_insurance", sa.Boolean(), nullable=False),
        sa.Column(
            "band",
            sa.Enum("low", "middle", "high", name="priceband", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "shuffle", sa.Integer(), nullable=False, comment="0 to 2^31 - 2; the order of the day is worked out from it"
        ),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(pressure_from IS NULL) = (pressure_to IS NULL)", name=op.f("ck_practitioner_pressure_has_both_ends")
        ),
        sa.CheckConstraint("pressure_from BETWEEN 1 AND 4", name=op.f("ck_practitioner_pressure_from_is_a_degree")),
        sa.CheckConstraint(
            "pressure_to BETWEEN pressure_from AND 4", name=op.f("ck_practitioner_pressure_to_is_not_lighter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("public_id", name=op.f("uq_practitioner_public_id")),
    )
    op.create_index("ix_practitioner_name_key", "practitioner", ["name_key", "id"], unique=False)
    op.create_index(op.f("ix_practitioner_origin"), "practitioner", ["origin"], unique=False)
    op.create_table(
        "regulation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column(
            "regulation_class",
            sa.Enum(
                "unregulated",
                "voluntary_register",
                "statutory_licence",
                "protected_title",
                "unknown",
                name="regulationclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("title_protected", sa.Boolean(), nullable=True),
        sa.Column("body_ids", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum("high", "medium", "low", name="confidence", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
    )
    op.create_index(op.f("ix_regulation_country"), "regulation", ["country"], unique=False)
    op.create_table(
        "search_word",
        sa.Column("word", BY_CODE_POINT, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "seed_file",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_seed_file")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=True),
        sa.Column(
            "body_name", sa.Text(), nullable=True, comment="as typed, where the directory does not know the body"
        ),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.Date(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True, comment="the day on which a verifier took it"),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("body_id IS NOT NULL OR body_name IS NOT NULL", name=op.f("ck_claim_claim_names_a_body")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_claim_body_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_claim_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_body_id", "claim", ["body_id", "practitioner_id"], unique=False)
    op.create_index(op.f("ix_claim_practitioner_id"), "claim", ["practitioner_id"], unique=False)
    op.create_table(
        "claim_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "public-register",
                "register-file",
                "body-letter",
                "document",
                "telephone",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed",
                "not-found",
                "ended",
                "restricted",
                "inconclusive",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_name", sa.Text(), nullable=True),
        sa.Column("seen_grade", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("notice_url", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True, comment="the day by which somebody looks again"),
        sa.CheckConstraint("(outcome = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_claim_check_ended_has_a_day")),
        sa.CheckConstraint(
            "(outcome = 'restricted') = (notice_url IS NOT NULL)", name=op.f("ck_claim_check_restricted_has_a_notice")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_claim_check_body_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_claim_check_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_check")),
    )
    op.create_index("ix_claim_check_practitioner_id", "claim_check", ["practitioner_id", "body_id"], unique=False)
    op.create_table(
        "imported_row",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_imported_row_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_imported_row")),
    )
    op.create_index(op.f("ix_imported_row_practitioner_id"), "imported_row", ["practitioner_id"], unique=False)
    op.create_table(
        "other_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_other_name_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_name")),
    )
    op.create_index(op.f("ix_other_name_practitioner_id"), "other_name", ["practitioner_id"], unique=False)
    op.create_table(
        "practice_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("postcode_area", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("address_is_public", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("x", sa.Integer(), nullable=True),
        sa.Column("y", sa.Integer(), nullable=True),
        sa.Column("z", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_practice_place_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_place")),
    )
    op.create_index(op.f("ix_practice_place_practitioner_id"), "practice_place", ["practitioner_id"], unique=False)
    op.create_index("ix_practice_place_xyz", "practice_place", ["x", "y", "z", "practitioner_id"], unique=False)
    op.create_table(
        "price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("is_reduced", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_price_price_is_not_negative")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_price_session_has_a_length")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_price_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
    )
    op.create_index(op.f("ix_price_practitioner_id"), "price", ["practitioner_id"], unique=False)
    op.create_table(
        "search_text",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_search_text_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_search_text")),
    )
    op.create_table(
        "speaks",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_speaks_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "language", name=op.f("pk_speaks")),
    )
    op.create_index("ix_speaks_language", "speaks", ["language", "practitioner_id"], unique=False)
    op.create_table(
        "training",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("modality_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("since_year", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True, comment="the day on which a verifier saw the certificate"),
        sa.ForeignKeyConstraint(["modality_id"], ["modality.id"], name=op.f("fk_training_modality_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_training_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "modality_id", name=op.f("pk_training")),
    )
    op.create_index("ix_training_modality_id", "training", ["modality_id", "practitioner_id"], unique=False)
    op.create_table(
        "works_with",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_works_with_concern_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_works_with_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "concern_id", name=op.f("pk_works_with")),
    )
    op.create_index("ix_works_with_concern_id", "works_with", ["concern_id", "practitioner_id"], unique=False)
    op.create_table(
        "claim_span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "self-reported",
                "being-checked",
                "checked",
                "check-due",
                "not-confirmed",
                "ended",
                "restricted",
                "withdrawn",
                "body-not-assessed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_span_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_claim_span_practitioner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_span")),
    )
    op.create_index(op.f("ix_claim_span_claim_id"), "claim_span", ["claim_id"], unique=False)
    op.create_index(
        "ix_claim_span_practitioner_id",
        "claim_span",
        ["practitioner_id", "until_on", "from_on", "status", "body_id"],
        unique=False,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    words = SQLITE_WORDS if is_sqlite else POSTGRESQL_WORDS
    append_only = SQLITE_APPEND_ONLY if is_sqlite else POSTGRESQL_APPEND_ONLY
    for statement in (*words, *append_only):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_index("ix_claim_span_practitioner_id", table_name="claim_span")
    op.drop_index(op.f("ix_claim_span_claim_id"), table_name="claim_span")
    op.drop_table("claim_span")
    op.drop_index("ix_works_with_concern_id", table_name="works_with")
    op.drop_table("works_with")
    op.drop_index("ix_training_modality_id", table_name="training")
    op.drop_table("training")
    op.drop_index("ix_speaks_language", table_name="speaks")
    op.drop_table("speaks")
    op.drop_table("search_text")
    op.drop_index(op.f("ix_price_practitioner_id"), table_name="price")
    op.drop_table("price")
    op.drop_index("ix_practice_place_xyz", table_name="practice_place")
    op.drop_index(op.f("ix_practice_place_practitioner_id"), table_name="practice_place")
    op.drop_table("practice_place")
    op.drop_index(op.f("ix_other_name_practitioner_id"), table_name="other_name")
    op.drop_table("other_name")
    op.drop_index(op.f("ix_imported_row_practitioner_id"), table_name="imported_row")
    op.drop_table("imported_row")
    op.drop_index("ix_claim_check_practitioner_id", table_name="claim_check")
    op.drop_table("claim_check")
    op.drop_index(op.f("ix_claim_practitioner_id"), table_name="claim")
    op.drop_index("ix_claim_body_id", table_name="claim")
    op.drop_table("claim")
    op.drop_table("seed_file")
    op.drop_table("search_word")
    op.drop_index(op.f("ix_regulation_country"), table_name="regulation")
    op.drop_table("regulation")
    op.drop_index(op.f("ix_practitioner_origin"), table_name="practitioner")
    op.drop_index("ix_practitioner_name_key", table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_table("postcode_area")
    op.drop_index("ix_place_name_place_id", table_name="place_name")
    op.drop_index("ix_place_name_folded", table_name="place_name")
    op.drop_table("place_name")
    op.drop_table("place")
    op.drop_table("modality")
    op.drop_index(op.f("ix_guidance_kind"), table_name="guidance")
    op.drop_table("guidance")
    op.drop_table("concern")
    op.drop_table("body")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change")

"""The same listings as one flat table, as somebody would publish them with Datasette."""

import json
import sqlite3
from pathlib import Path

METADATA = {"databases": {"flat": {"tables": {"listing": {"fts_table": "listing_fts", "fts_pk": "id"}}}}}


def export(source: Path, target: Path) -> int:
    """Write the listings of `source` to `target`; return how many."""
    database = sqlite3.connect(target)
    database.execute("attach database ? as site", (str(source),))
    database.executescript(
        """
        create table listing(
            id integer primary key, name text, gender text, band text, accepting text, modalities text, languages text
        );
        insert into listing
            select p.id, p.name, p.gender, p.band, p.accepting,
                (select json_group_array(modality_id) from site.training t where t.practitioner_id = p.id),
                (select json_group_array(language) from site.speaks s where s.practitioner_id = p.id)
            from site.practitioner p;
        create index ix_gender on listing(gender);
        create index ix_band on listing(band);
        create index ix_accepting on listing(accepting);
        create virtual table listing_fts using fts5(names, methods, body, concerns, content="");
        insert into listing_fts(rowid, names, methods, body, concerns)
            select practitioner_id, names, methods, body, concerns from site.search_text;
        """
    )
    database.commit()
    number = int(database.execute("select count(*) from listing").fetchone()[0])
    database.close()
    target.with_name("metadata.json").write_text(json.dumps(METADATA))
    return number

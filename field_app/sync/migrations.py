"""The replica's tables, as numbered migrations; each is tested from a file of the version before.

`base` is the server's word, `outbox` what people did here, `view` is base with the operations it
does not contain yet applied on top: screens read `view` only. What a reset may touch is base, view
and search; the outbox and the blobs are never dropped.
"""

from typing import Final

from sqlite_utils import Database, Migrations


class _Replica(Migrations):
    """The migrations of the replica; the file tells how many of them it has seen."""

    def bring_up_to_date(self, db: Database) -> None:
        """Make or change the tables; of a file that has seen all, nothing but this is looked at.

        What ran is noted by name too, so a file that another build left goes on where it was.
        """
        wanted = len(self._migrations)
        (seen,) = db.conn.execute("PRAGMA user_version").fetchone()
        if seen != wanted:
            self.apply(db)
            db.conn.execute(f"PRAGMA user_version = {wanted}")


migrations = _Replica("replica")


@migrations()
def m001_base_outbox_view(db: Database) -> None:
    """Make the first tables."""
    for statement in _FIRST:
        db.execute(statement)


@migrations()
def m002_offered(db: Database) -> None:
    """Tell what may be known elsewhere from what never left; of older rows it is not known."""
    db.execute("ALTER TABLE outbox ADD COLUMN offered INTEGER NOT NULL DEFAULT 1")


@migrations()
def m003_identities(db: Database) -> None:
    """Find a device by its marks, however they were parted when they were written down."""
    for column in IDENTITY_COLUMNS:
        db.execute(
            f"CREATE INDEX identity_{column} ON view({bare_sql(column)}) WHERE {IDENTITY_ROWS}"
        )


@migrations()
def m004_captures(db: Database) -> None:
    """Keep photos whose original is here and whose picture is not made yet."""
    db.execute(
        "CREATE TABLE capture (id TEXT PRIMARY KEY, key TEXT NOT NULL, sha256 TEXT NOT NULL, "
        "name TEXT NOT NULL, step TEXT, replaces TEXT, is_picked INTEGER NOT NULL, "
        "at TEXT NOT NULL, problem TEXT, details TEXT) WITHOUT ROWID"
    )


@migrations()
def m005_ocr(db: Database) -> None:
    """Keep which photos wait for their label to be read, and what was read of them."""
    db.execute(
        "CREATE TABLE ocr (id TEXT PRIMARY KEY, job TEXT NOT NULL, kind TEXT NOT NULL, "
        "target TEXT NOT NULL, photo TEXT NOT NULL, original TEXT NOT NULL, picture TEXT, "
        "made_ms INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, "
        "next_ms INTEGER NOT NULL DEFAULT 0, answer TEXT, problem TEXT, details TEXT, "
        "settled TEXT NOT NULL DEFAULT '{}', ended_ms INTEGER) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX ocr_job ON ocr(job)")


@migrations()
def m006_captures_of_labels(db: Database) -> None:
    """Keep what a photo shows, and where in it."""
    db.execute("ALTER TABLE capture ADD COLUMN kind TEXT")
    db.execute("ALTER TABLE capture ADD COLUMN crop TEXT")


@migrations()
def m007_ocr_attempts(db: Database) -> None:
    """Keep why an attempt came to nothing, and where on the picture a label was."""
    db.execute("ALTER TABLE ocr ADD COLUMN waits TEXT")
    db.execute("ALTER TABLE ocr ADD COLUMN box TEXT")


@migrations()
def m008_checking(db: Database) -> None:
    """Keep what is asked of devices through the office, what it said, and runs made here."""
    db.execute(
        "CREATE TABLE cpe_check (id TEXT PRIMARY KEY, job TEXT, equipment TEXT NOT NULL, "
        "wanted TEXT NOT NULL, made_ms INTEGER NOT NULL, told TEXT, problem TEXT, "
        "ended_ms INTEGER) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX cpe_check_equipment ON cpe_check(equipment, made_ms)")
    db.execute(
        "CREATE TABLE cpe_report (equipment TEXT PRIMARY KEY, body TEXT NOT NULL, "
        "at_ms INTEGER NOT NULL) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE run (id TEXT PRIMARY KEY, job TEXT, body TEXT NOT NULL, "
        "at_ms INTEGER NOT NULL, attached_ms INTEGER) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX run_job ON run(job, at_ms)")


IDENTITY_COLUMNS: Final = ("mac_address", "serial_no", "gpon_serial")
IDENTITY_ROWS: Final = "doctype IN ('Equipment Identity', 'Service Equipment')"
"""An index of expressions serves only queries that spell them the same, so both take these."""
_PARTED_BY: Final = (":", "-", ".", " ", "/", "_")


def bare_sql(column: str) -> str:
    """Return the SQL of a mark in capitals without what parts it (`field_core.identity.bare`)."""
    bare = f"upper(json_extract(body, '$.{column}'))"
    for mark in _PARTED_BY:
        bare = f"replace({bare}, '{mark}', '')"
    return bare


_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE base (
        key TEXT PRIMARY KEY, doctype TEXT NOT NULL, rev INTEGER NOT NULL, hash8 TEXT NOT NULL,
        body TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX base_doctype ON base(doctype)",
    """CREATE TABLE sums (
        doctype TEXT PRIMARY KEY, n INTEGER NOT NULL, sum64 TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE outbox (
        id TEXT PRIMARY KEY, device TEXT NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL,
        doctype TEXT NOT NULL, kind TEXT NOT NULL, operation TEXT NOT NULL, at TEXT NOT NULL,
        made_ms INTEGER NOT NULL, group_id TEXT, verdict TEXT, seq INTEGER NOT NULL DEFAULT 0,
        problem TEXT, details TEXT, office TEXT, settled_ms INTEGER)""",
    "CREATE UNIQUE INDEX outbox_number ON outbox(device, n)",
    "CREATE INDEX outbox_key ON outbox(key)",
    "CREATE INDEX outbox_pending ON outbox(n) WHERE verdict IS NULL",
    """CREATE TABLE view (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, doctype TEXT NOT NULL, name TEXT,
        words TEXT NOT NULL, body TEXT NOT NULL)""",
    "CREATE INDEX view_name ON view(doctype, name)",
    """CREATE VIRTUAL TABLE search USING fts5(
        words, content='', tokenize="unicode61 remove_diacritics 2")""",
    """CREATE TABLE staged (
        key TEXT PRIMARY KEY, doctype TEXT NOT NULL, rev INTEGER NOT NULL, hash8 TEXT NOT NULL,
        body TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE wanted (key TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE blob (
        sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, mime TEXT NOT NULL, role TEXT NOT NULL,
        key TEXT NOT NULL, made_ms INTEGER NOT NULL, got INTEGER NOT NULL DEFAULT 0,
        verified_ms INTEGER, tries INTEGER NOT NULL DEFAULT 0, problem TEXT)""",
    "CREATE INDEX blob_key ON blob(key)",
    "CREATE INDEX blob_unsent ON blob(made_ms) WHERE verified_ms IS NULL",
)

"""The replica's tables, as numbered migrations; each is tested from a file of the version before.

`base` is the server's word, `outbox` what people did here, `view` is base with the operations it
does not contain yet applied on top: screens read `view` only. What a reset may touch is base, view
and search; the outbox and the blobs are never dropped.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("replica")


@migrations()
def m001_base_outbox_view(db: Database) -> None:
    """Make the first tables."""
    for statement in _FIRST:
        db.execute(statement)


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

"""SQL derived from the models: a view with named columns for each doctype, and partial indices.

`SELECT subject, status FROM dispatch_job WHERE status = 'On Site'` reads the one `view` table
through the model's field names; adding a field to a model adds a column here, with no migration.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from sqlite_utils import Database

from field_core.canon import hash8
from field_core.doctypes import DOCTYPES, Spec

FINGERPRINT: Final = "models"
"""The fact that tells which views and indices the file has."""

LOOKED_UP: Final[Mapping[str, tuple[str, ...]]] = {
    "Dispatch Job": ("service_location", "scheduled_date"),
    "Equipment Identity": ("equipment", "held_by"),
    "Sales Invoice": ("customer",),
    "Service Contract": ("customer",),
    "Service Equipment": ("service_location",),
    "Service Location": ("customer",),
    "Service Subscription": ("customer",),
    "Sync Review": ("state",),
}
"""The fields that screens look documents up by; a test sees that each one serves a query.

Each costs every save of a document of that kind two readings of its body, as it was and as it is.
"""

_TOLD: Final = (
    "ANALYZE sqlite_schema",
    "DELETE FROM sqlite_stat1",
    "INSERT INTO sqlite_stat1 VALUES ('view', 'view_name', '10000 1000 1')",
    "ANALYZE sqlite_schema",
)
"""Tell SQLite that there are a thousand documents of a kind, and one of a name.

Untold, it takes ten for granted, and reads every job there is sooner than look for those of a place
and put them in order. Told, not measured: a plan is the same on every phone and on every day.
"""


def table_name(doctype: str) -> str:
    """Return the SQL name of a doctype: `Dispatch Job` → `dispatch_job`."""
    return doctype.lower().replace(" ", "_")


def statements(spec: Spec) -> list[str]:
    """Return what makes the view and the indices of one doctype."""
    name, doctype = table_name(spec.doctype), spec.doctype
    only = f"doctype = '{doctype}'"
    fields = [*spec.columns, *spec.tables]
    columns = ", ".join(f"json_extract(body, '$.{field}') AS \"{field}\"" for field in fields)
    view = f"CREATE VIEW {name} AS SELECT key, name, body, {columns} FROM view WHERE {only}"  # noqa: S608 - our own models
    indices = [
        f"CREATE INDEX view_{name}_{field} ON view(json_extract(body, '$.{field}')) WHERE {only}"
        for field in LOOKED_UP.get(doctype, ())
    ]
    return [f"DROP VIEW IF EXISTS {name}", view, *indices]


@cache
def _wanted() -> tuple[tuple[str, ...], str]:
    """Return what makes every view and index and tells of them, and the fingerprint of that."""
    made = tuple(statement for spec in DOCTYPES.values() for statement in statements(spec))
    wanted = (*made, *_TOLD)
    return wanted, hash8({"statements": [*wanted]})


def prepare(db: Database) -> None:
    """Make views and indices when the models have changed since they were last made."""
    wanted, fingerprint = _wanted()
    row = db.conn.execute("SELECT value FROM meta WHERE name = ?", (FINGERPRINT,)).fetchone()
    if row and row[0] == fingerprint:
        return
    with db.atomic():
        for statement in (*_dropped(db), *wanted):
            db.execute(statement)
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [FINGERPRINT, fingerprint])


def _dropped(db: Database) -> list[str]:
    """Return what drops every index of a field, wanted or not any more."""
    made = "SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB 'view_*_*'"
    return [f"DROP INDEX {name}" for (name,) in db.conn.execute(made).fetchall()]

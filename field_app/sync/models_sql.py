"""SQL derived from the models: a view with named columns and partial indices for each doctype.

`SELECT subject, status FROM dispatch_job WHERE status = 'On Site'` reads the one `view` table
through the model's field names; adding a field to a model adds a column here, with no migration.
"""

from functools import cache
from typing import Final

from sqlite_utils import Database

from field_core.canon import hash8
from field_core.doctypes import DOCTYPES, Spec

FINGERPRINT: Final = "models"
"""The fact that tells which views and indices the file has."""


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
        f"CREATE INDEX view_{name}_{field} ON view(json_extract(body, '$.{field}')) "
        f"WHERE doctype = '{doctype}'"
        for field in spec.indexed()
    ]
    return [
        f"DROP VIEW IF EXISTS {name}",
        view,
        *(s for i in indices for s in (f"DROP INDEX IF EXISTS {i.split()[2]}", i)),
    ]


@cache
def _wanted() -> tuple[tuple[str, ...], str]:
    """Return what makes every view and index, and the fingerprint of that."""
    wanted = tuple(statement for spec in DOCTYPES.values() for statement in statements(spec))
    return wanted, hash8({"statements": [*wanted]})


def prepare(db: Database) -> None:
    """Make views and indices when the models have changed since they were last made."""
    wanted, fingerprint = _wanted()
    row = db.conn.execute("SELECT value FROM meta WHERE name = ?", (FINGERPRINT,)).fetchone()
    if row and row[0] == fingerprint:
        return
    with db.atomic():
        for statement in wanted:
            db.execute(statement)
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [FINGERPRINT, fingerprint])

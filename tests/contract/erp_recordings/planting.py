"""Putting documents into a site exactly as they were recorded: names, stamps, rows."""

# ruff: noqa: S608 - table names come from doctype definitions; values are bound.

from __future__ import annotations

from server_sync.embedded_erp import EmbeddedErp
from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.rows import insert_row
from tests.contract.erp_recordings.recorded_site import SERVICE
from tests.contract.erp_recordings.recordings import Json, recording

SEEDED = "2025-11-20 10:00:00.000001"


def plant(erp: EmbeddedErp, document: dict[str, Json]) -> None:
    """Store a document, or replace it, as a recorded answer shows it."""
    site = erp.site
    form = site.form(document["doctype"])
    call = Call(site, SERVICE)
    with site.db.transaction():
        site.db.execute(f"DELETE FROM {form.table} WHERE name = ?", (document["name"],))
        insert_row(call, form, _row(form, document))
        for fieldname, child in form.tables.items():
            table = site.form(child)
            site.db.execute(f"DELETE FROM {table.table} WHERE parent = ?", (document["name"],))
            for number, row in enumerate(document.get(fieldname, []), start=1):
                place = {"parent": document["name"], "parenttype": form.name, "idx": number}
                insert_row(call, table, _row(table, {**place, "parentfield": fieldname, **row}))


def plant_recorded(erp: EmbeddedErp, *names: str) -> None:
    """Store the documents that recordings answered with."""
    for name in names:
        plant(erp, recording(name).document)


def plant_new(erp: EmbeddedErp, doctype: str, name: str, **values: Json) -> None:
    """Store a document that no recording shows whole."""
    stamps = {"creation": SEEDED, "modified": SEEDED}
    owner = {"owner": "Administrator", "modified_by": "Administrator"}
    plant(erp, {"doctype": doctype, "name": name, **stamps, **owner, **values})


def set_series(erp: EmbeddedErp, prefix: str, current: int) -> None:
    """Let the next number of a series be `current` + 1."""
    erp.site.db.execute("REPLACE INTO erp_series VALUES (?, ?)", (prefix, current))


def _row(form: Form, shown: dict[str, Json]) -> dict[str, Json]:
    row = {column: shown.get(column) for column in form.columns}
    row["owner"] = row["owner"] or "Administrator"
    row["creation"] = row["creation"] or SEEDED
    row["modified"] = row["modified"] or SEEDED
    return row

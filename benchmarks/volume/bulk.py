"""Filling an embedded ERP's tables directly, without the checks of its REST API.

Only for documents that are right already: no link, choice or total is looked at. What a save would
have written is written (names, stamps, positions of rows), so the site cannot tell the difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from field_core.canon import Body, Json
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import Value
from server_sync.embedded_erp.site import Site

DOCUMENTS_PER_COMMIT: Final = 5_000
"""Keeps the rows in hand under 20 MB and the write-ahead log under 50 MB."""
_OWNER: Final = "Administrator"

Tick = Callable[[int], None]


def fill(
    site: Site, documents: Iterable[tuple[str, Body]], *, tick: Tick = lambda _done: None
) -> int:
    """Store (doctype, form) pairs; return how many. `tick` hears how many are in.

    A form has its `name` and `modified`; child rows get names made from their parent's.
    """
    batch = _Batch(site)
    done = 0
    for done, (doctype, body) in enumerate(documents, start=1):
        batch.add(doctype, body)
        if done % DOCUMENTS_PER_COMMIT == 0:
            batch.commit()
            tick(done)
    batch.commit()
    tick(done)
    return done


def set_series(site: Site, current: Mapping[str, int]) -> None:
    """Set where naming series stand, so that the next insert goes on from there."""
    with site.db.transaction():
        site.db.connection.executemany("REPLACE INTO erp_series VALUES (?, ?)", current.items())


class _Batch:
    """Rows by table, waiting for one commit."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rows: dict[str, list[list[Value]]] = defaultdict(list)

    def add(self, doctype: str, body: Body) -> None:
        form = self._site.form(doctype)
        stamps = dict.fromkeys(("creation", "modified"), body["modified"])
        common = {**stamps, "owner": _OWNER, "modified_by": _OWNER, "idx": 0}
        document = {**common, **body}
        self._rows[doctype].append(_values(form, document))
        for field, child in form.tables.items():
            place = {"parent": body["name"], "parenttype": doctype, "parentfield": field}
            for idx, row in enumerate(_rows(body.get(field)), start=1):
                name = f"{body['name']}-{field}-{idx}"
                self._rows[child].append(
                    _values(
                        self._site.form(child),
                        {
                            **common,
                            **row,
                            **place,
                            "name": name,
                            "idx": idx,
                            "docstatus": body["docstatus"],
                        },
                    )
                )

    def commit(self) -> None:
        with self._site.db.transaction():
            for doctype, rows in self._rows.items():
                self._site.db.connection.executemany(self._site.form(doctype).insert, rows)
        self._rows.clear()


def _values(form: Form, row: Mapping[str, Json]) -> list[Value]:
    """Return the row in column order and stored forms; what nobody set is empty, or 0."""
    stores = form.stores
    return [
        stores[name](row.get(name)) if name in stores else row.get(name) for name in form.columns
    ]


def _rows(table: Json) -> list[Body]:
    return [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []

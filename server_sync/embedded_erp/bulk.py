"""Many documents in one call: all or nothing on insert, and the traps of `bulk_update`."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import ErpError, refused
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.saving import insert, update

INSERTS_MAX = 200
_DATABASE_REFUSALS = frozenset({"UniqueValidationError", "DuplicateEntryError"})
_ABORTED = "current transaction is aborted, commands ignored until end of transaction block\n"


class _Aborted(Exception):
    """PostgreSQL: the transaction is lost, with everything the call had done."""


def insert_many(call: Call, docs: list[Row]) -> list[str]:
    """Insert up to 200 documents in the request's one transaction; returns their names."""
    if len(docs) > INSERTS_MAX:
        raise refused(f"Only {INSERTS_MAX} inserts allowed in one request")
    return [insert(call, str(doc["doctype"]), doc).name for doc in docs]


def bulk_update(call: Call, docs: list[Row]) -> Row:
    """Update documents one by one; failures are listed, 200 is answered in any case.

    On PostgreSQL a database error in the middle loses the whole batch, also the documents that are
    not listed (rec:bulk_update_partial_failure_postgres).
    """
    failed: list[Row] = []
    try:
        with call.site.db.transaction():
            for position, doc in enumerate(docs):
                _update_one(call, doc, docs[position:], failed)
    except _Aborted:
        pass
    return {"failed_docs": failed}


def _update_one(call: Call, doc: Row, rest: list[Row], failed: list[Row]) -> None:
    values = {key: value for key, value in doc.items() if key not in {"doctype", "docname"}}
    try:
        with call.site.db.transaction():
            update(call, str(doc["doctype"]), str(doc["docname"]), values)
    except ErpError as error:
        failed.append({"doc": doc, "exc": str(error)})
        if call.site.flavour == "postgres" and error.exc_type in _DATABASE_REFUSALS:
            failed.extend({"doc": other, "exc": _ABORTED} for other in rest[1:])
            call.debug += [*error.debug, *[f"Error in query:\n{_ABORTED}" for _ in rest[1:]]]
            raise _Aborted from error
        call.messages += error.announced

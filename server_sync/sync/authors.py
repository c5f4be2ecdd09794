"""Whose value it was that another one lost against: looked up in what was taken lately."""

import json
from typing import Final

from sqlalchemy import bindparam, select

from field_core import operations
from field_core.canon import Body, Json
from field_core.operations import Operation, Set, Transition
from server_sync.store.schema import erp_out
from server_sync.store.transaction import Transaction

LOOKED_AT_MAX: Final = 200
"""Operations of one document that are looked through; a conflict is about the latest of them."""


def author_of(transaction: Transaction, key: str, field: str, kept: Json) -> Body:
    """Return `kept_by` and `kept_at` of the operation that gave a field its value, if one did.

    Nothing is returned for a value that the office gave: the ERP does not say who.
    """
    for row in transaction.connection.execute(_LATEST, {"k": key}):
        if _gives(operations.parse(json.loads(row.operation)), field, kept):
            return {"kept_by": row.by_technician, "kept_at": row.at} if row.by_technician else {}
    return {}


def _gives(operation: Operation, field: str, value: Json) -> bool:
    match operation:
        case Set():
            return field in operation.fields and bool(operation.fields[field][1] == value)
        case Transition():
            return field == "status" and operation.to_status == value
        case _:
            return False


_LATEST = (
    select(erp_out.c.operation, erp_out.c.by_technician, erp_out.c.at)
    .where(erp_out.c.key == bindparam("k"))
    .order_by(erp_out.c.id.desc())
    .limit(LOOKED_AT_MAX)
)

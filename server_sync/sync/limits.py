"""The operator's limits as a document in everybody's feed, so that devices judge as we do."""

import uuid
from collections.abc import Mapping
from typing import Final

from field_core.canon import Json, canonical_body
from field_core.cpe.limits import document_of
from server_sync.store.documents import Doc, load
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction

DOCTYPE: Final = "Diagnostic Limits"
KEY: Final = str(uuid.UUID("5f8f3a52-2f1c-5c37-9a5e-6d1f0c7b1e08"))
"""The same on every server: there is one such document."""


def tell(store: Store, overrides: Mapping[str, Json] | None) -> None:
    """Have the devices told the limits that this server judges by; nothing when they know them.

    Raises ValueError for entries that are none.
    """
    wanted = canonical_body(document_of(overrides)) if overrides else None
    with store.read() as connection:
        held = load(connection, KEY)
    if (held.body if held else None) != wanted:
        store.transact(lambda transaction: _put(transaction, wanted))


def _put(transaction: Transaction, body: dict[str, Json] | None) -> None:
    held = transaction.get(KEY) or Doc(KEY, DOCTYPE)
    transaction.put(held.with_body(body))

"""Rows of the identity index that an earlier version wrote: written anew once, a few at a time.

A row follows its device whenever that changes; one whose device nobody touches would never tell
what rows have come to tell since. Where the walk stands is kept in the database, so it goes on
after a restart, is shared by several processes, and is made again after a restore of before.
"""

from typing import Final

from sqlalchemy import bindparam, select, update

from server_sync.store.schema import doc, meta
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync.identities import VERSION

BATCH: Final = 200
"""Rows a turn: some tens of milliseconds here, some 10 KB for each phone that is in touch."""
PLACE: Final = "identity_rows"
_UNDER_WAY: Final = f"{VERSION} after "
_DONE: Final = f"{VERSION} done"


def rewrite_identities(store: Store, *, limit: int = BATCH) -> int:
    """Look through the next devices; return how many there were, 0 once all have been seen."""
    at = store.setting(PLACE, lambda: "")
    if at == _DONE:
        return 0
    after = at.removeprefix(_UNDER_WAY) if at.startswith(_UNDER_WAY) else ""
    return store.transact(lambda transaction: _rewrite(transaction, after, limit))


def _rewrite(transaction: Transaction, after: str, limit: int) -> int:
    found = transaction.connection.execute(_NEXT, {"after": after, "n": limit})
    keys = [*found.scalars()]
    transaction.prefetch(keys)
    for key in keys:
        device = transaction.get(key)
        assert device is not None, "a device that was just listed is there"
        transaction.put(device)  # as it is: what follows from it is worked out anew
    place = f"{_UNDER_WAY}{keys[-1]}" if len(keys) == limit else _DONE
    transaction.connection.execute(_MOVE, {"v": place})
    return len(keys)


_NEXT: Final = (
    select(doc.c.key)
    .where(
        doc.c.doctype == "Service Equipment",
        doc.c.body.is_not(None),
        doc.c.key > bindparam("after"),
    )
    .order_by(doc.c.key)
    .limit(bindparam("n"))
)
_MOVE: Final = update(meta).where(meta.c.name == PLACE).values(value=bindparam("v"))

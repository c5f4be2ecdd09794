"""Looking at everything now and then, for what no stamp tells.

Renames, deletions, direct SQL and child rows that were deleted by themselves do not move
`modified`, and a commit may come later than any overlap. The hourly sweep compares names and
stamps; the content check reads a slice of the documents in full, so that within a month every
document was compared to the last field.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from server_sync.erp import seen
from server_sync.erp.client import FrappeClient, Raw
from server_sync.erp.codec import SYNC_KEY, Codec
from server_sync.erp.failures import ErpNotFound, ErpRefused
from server_sync.erp.intake import Intake, Listed, Run
from server_sync.erp.pulled import Pulled
from server_sync.erp.seen import Seen
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest

PAGE: Final = 1_000
NAMES_PER_CALL: Final = 500
MISSING_MAX: Final = 20
"""More than these, and more than half of a doctype, is no day in an office: it is another site, one
that was put back, or one whose user lost a right."""
SLICES: Final = 28
"""A content check a night: four weeks until everything was compared."""


@dataclass(slots=True)
class Difference:
    """What a listing showed beside what we know."""

    changed: list[Listed] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """New name → our key."""
    missing: list[Seen] = field(default_factory=list)


class Sweep:
    """Compares one doctype with what was taken in of it."""

    def __init__(self, client: FrappeClient, store: Store, intake: Intake, *, run: Run) -> None:
        self._client = client
        self._store = store
        self._intake = intake
        self._run = run

    async def compare(self, pulled: Pulled, codec: Codec) -> int:
        """Take in what was missed, follow renames, let go of what was deleted; count those.

        Raises ErpRefused when too much is missing at once: only what Deleted Document records goes.
        """
        doctype = pulled.doctype
        known = await self._run(lambda: self._known(doctype))
        listed = await self._listed(pulled, known)
        found = _difference(known, listed)
        news = await self._intake.take(doctype, found.changed, codec, renamed=found.renamed or None)
        is_too_much = _is_too_much(len(found.missing), len(known))
        confirmed = await self._confirmed(doctype, found.missing, only_recorded=is_too_much)
        for gone in confirmed:
            await self._run(
                lambda gone=gone: self._store.transact(  # type: ignore[misc]  # bound now
                    lambda tx: _let_go(tx, gone)
                )
            )
            news += 1
        if is_too_much and len(confirmed) < len(found.missing):
            left = len(found.missing) - len(confirmed)
            raise ErpRefused(f"{left} of {len(known)} {doctype} are gone: is this the same site?")
        return news

    async def check_content(
        self, pulled: Pulled, codec: Codec, *, slice_number: int, slices: int = SLICES
    ) -> int:
        """Read one slice in full and take in what differs; returns how many did."""
        known = await self._run(lambda: self._known(pulled.doctype))
        names = [
            one.name
            for one in known.values()
            if crc32(one.key.encode()) % slices == slice_number % slices
        ]
        return await self._intake.take_named(pulled.doctype, names, codec)

    async def let_go(self, doctype: str, name: str) -> None:
        """Let go of a document that is known to be deleted: its stamp tells nobody."""

        def work(transaction: Transaction) -> None:
            found = seen.by_names(transaction.connection, doctype, [name])
            for one in found.values():
                _let_go(transaction, one)

        await self._run(lambda: self._store.transact(work))

    def _known(self, doctype: str) -> dict[str, Seen]:
        with self._store.read() as connection:
            return seen.every(connection, doctype)

    async def _listed(self, pulled: Pulled, known: Mapping[str, Seen]) -> dict[str, Raw]:
        """List names and stamps: of all documents, or of the wanted ones and those we hold."""
        columns = ("modified", "creation", SYNC_KEY)
        listed: dict[str, Raw] = {}
        after = ""
        while True:
            page = await self._client.page_by_name(
                pulled.doctype, after=after, columns=columns, filters=pulled.filters, limit=PAGE
            )
            listed |= {str(row["name"]): row for row in page}
            if len(page) < PAGE:
                break
            after = str(page[-1]["name"])
        unlisted = sorted(known.keys() - listed.keys()) if pulled.is_partial else []
        for names in _parts(unlisted, NAMES_PER_CALL):
            rows = await self._client.rows(
                pulled.doctype, ["name", *columns], filters=[("name", "in", names)]
            )
            listed |= {str(row["name"]): row for row in rows}
        return listed

    async def _confirmed(
        self, doctype: str, missing: Sequence[Seen], *, only_recorded: bool
    ) -> list[Seen]:
        """Leave only what is certainly deleted: recorded as such, or not found by name."""
        if not missing:
            return []
        try:
            recorded = set[str]()
            for names in _parts([one.name for one in missing], NAMES_PER_CALL):
                recorded |= await self._client.deleted(doctype, names)
        except ErpRefused:  # our user may not read Deleted Document: ask one by one
            recorded = set()
        if only_recorded:
            return [one for one in missing if one.name in recorded]
        return [
            one for one in missing if one.name in recorded or not await self._is_there(doctype, one)
        ]

    async def _is_there(self, doctype: str, one: Seen) -> bool:
        try:
            raw = await self._client.get(doctype, one.name)
        except ErpNotFound:
            return False
        return bool(raw.get("creation") == one.creation)


def _difference(known: Mapping[str, Seen], listed: Mapping[str, Raw]) -> Difference:
    found = Difference()
    gone = {name: one for name, one in known.items() if _is_other(one, listed.get(name))}
    by_key = {one.key: one for one in gone.values()}
    by_moment = _unique((one.creation, one) for one in gone.values())
    for name, row in listed.items():
        one = known.get(name)
        if one is not None and name not in gone:
            if one.modified != row["modified"]:
                found.changed.append(Listed(name, one.modified))
            continue
        found.changed.append(Listed(name, one.modified if one else None))
        was = by_key.get(str(row.get(SYNC_KEY))) or by_moment.get(str(row["creation"]))
        if was is not None and (not row.get(SYNC_KEY) or row[SYNC_KEY] == was.key):
            found.renamed[name] = was.key
            gone.pop(was.name, None)
    found.missing = [one for name, one in gone.items() if name not in listed]
    return found


def _is_too_much(missing: int, known: int) -> bool:
    return missing > MISSING_MAX and 2 * missing > known


def _is_other(one: Seen, row: Raw | None) -> bool:
    """Whether a name is gone, or belongs to another document now."""
    if row is None:
        return True
    if row.get(SYNC_KEY):
        return bool(row[SYNC_KEY] != one.key)
    return bool(row["creation"] != one.creation)


def _unique(pairs: Iterable[tuple[str, Seen]]) -> dict[str, Seen]:
    counted: dict[str, list[Seen]] = {}
    for moment, one in pairs:
        counted.setdefault(moment, []).append(one)
    return {moment: ones[0] for moment, ones in counted.items() if len(ones) == 1}


def _parts(names: Sequence[str], size: int) -> Iterable[list[str]]:
    return (list(names[start : start + size]) for start in range(0, len(names), size))


def _let_go(transaction: Transaction, one: Seen) -> None:
    now = seen.by_keys(transaction.connection, [one.key]).get(one.key)
    if now is not None and now.name != one.name:  # renamed meanwhile
        return
    ingest.vanish(transaction, one.key)
    seen.forget(transaction.connection, one.key)

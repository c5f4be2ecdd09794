"""Fetching documents in full and taking them in, some at a time.

Every way in ends here: poll, sweep, content check. What was fetched is only taken in if nobody
took in another version of the document while it was being fetched, so that a slow answer can
never put an older version over a newer one.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from field_core.doctypes import Spec, spec_of
from field_core.fields import Kind
from server_sync.erp import seen
from server_sync.erp.client import Field, FrappeClient, Raw
from server_sync.erp.codec import SYNC_KEY, Codec, Decoded, columns_of
from server_sync.erp.failures import ErpNotFound, ErpRefused, ErpRolledBack
from server_sync.erp.pulled import REFERENCED
from server_sync.erp.seen import Seen
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest

T = TypeVar("T")
logger = logging.getLogger(__name__)
Work = Callable[[], T]

DOCUMENTS_PER_CALL: Final = 100
"""Lists with child tables grow worse than linearly: 100 jobs take 40 ms, 1,000 take 1.8 s. Also
what one transaction takes in: some tens of milliseconds, so that pushes never wait long."""


class Run:
    """How database work is run: in place, or in a thread where an event loop must not wait."""

    def __init__(self, hop: Callable[[Work[Any]], Awaitable[Any]] | None = None) -> None:
        """hop: runs a function elsewhere and gives its result, such as `asyncio.to_thread`."""
        self._hop = hop

    async def __call__(self, work: Work[T]) -> T:
        """Run `work` and return what it returns."""
        if self._hop is None:
            return work()
        result: T = await self._hop(work)
        return result


@dataclass(frozen=True, slots=True)
class Listed:
    """A document to fetch: its name, and the version of it that we had when that was decided."""

    name: str
    had: str | None


Also = Callable[[Connection], None]
"""Something to store in the same transaction, such as how far was read."""


class Intake:
    """Fetches documents of one site and takes them in."""

    def __init__(self, client: FrappeClient, store: Store, *, run: Run) -> None:
        self._client = client
        self._store = store
        self._run = run
        self._missing: dict[str, set[str]] = {}

    async def take(
        self,
        doctype: str,
        listed: Sequence[Listed],
        codec: Codec,
        *,
        also: Also | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> int:
        """Fetch and take in; `also` is stored with the last part. Returns how many were news."""
        news = 0
        for start in range(0, len(listed), DOCUMENTS_PER_CALL):
            part = listed[start : start + DOCUMENTS_PER_CALL]
            raws = await self._fetch(doctype, [one.name for one in part])
            names = renamed if renamed is not None else await self._renamed(doctype, raws)
            is_last = start + DOCUMENTS_PER_CALL >= len(listed)
            news += await self._store_part(
                doctype, part, raws, codec, names, also if is_last else None
            )
            await self._take_referenced(doctype, raws, codec)
        if not listed and also:
            await self._run(lambda: self._store.database.run(also))
        return news

    async def take_named(self, doctype: str, names: Iterable[str], codec: Codec) -> int:
        """Fetch documents by name and take them in, whatever version of them is known."""
        wanted = sorted(set(names))
        if not wanted:
            return 0
        had = await self._run(lambda: self._versions(doctype, wanted))
        return await self.take(doctype, [Listed(n, had.get(n)) for n in wanted], codec)

    def _versions(self, doctype: str, names: Sequence[str]) -> dict[str, str]:
        with self._store.read() as connection:
            return {n: s.modified for n, s in seen.by_names(connection, doctype, names).items()}

    # --- fetching

    async def _fetch(self, doctype: str, names: Sequence[str]) -> list[Raw]:
        if len(names) == 1:
            return await self._fetch_readable(doctype, names)
        try:
            return await self._fetch_list(doctype, names)
        except ErpRefused as refusal:
            if not refusal.is_unknown_column or doctype in self._missing:
                raise
            await self._learn_columns(doctype)
            return await self._fetch_list(doctype, names)
        except ErpRolledBack:
            return await self._fetch_readable(doctype, names)

    async def _fetch_readable(self, doctype: str, names: Sequence[str]) -> list[Raw]:
        """Read one by one what cannot be read together: one broken document must not hide others.

        What fails is not noted as taken in, so the next poll or sweep asks for it again.
        """
        raws: list[Raw] = []
        for name in names:
            try:
                raws.append(await self._client.get(doctype, name))
            except (ErpNotFound, ErpRolledBack) as failure:
                logger.warning("%s %s left out: %s", doctype, name, failure.problem.code)
        return raws

    async def _fetch_list(self, doctype: str, names: Sequence[str]) -> list[Raw]:
        return await self._client.rows(
            doctype, self._fields(doctype), filters=[("name", "in", list(names))]
        )

    def _fields(self, doctype: str) -> list[Field]:
        spec, missing = spec_of(doctype), self._missing.get(doctype, set())
        wanted = ["name", "modified", "creation", SYNC_KEY, *columns_of(spec)]
        tables: list[Field] = []
        for table, inner in spec.tables.items():
            lacks = self._missing.get(inner.doctype, set())
            columns = ["name", "idx", SYNC_KEY, *columns_of(inner)]
            tables.append({table: [c for c in columns if c not in lacks]})
        return [*(c for c in wanted if c not in missing), *tables]

    async def _learn_columns(self, doctype: str) -> None:
        """Ask which fields the site has: one that a model describes may not be installed there."""
        spec = spec_of(doctype)
        for one in (spec, *spec.tables.values()):
            has = await self._client.columns(one.doctype) | {"docstatus"}
            self._missing[one.doctype] = {SYNC_KEY, *columns_of(one)} - has

    # --- taking in

    async def _store_part(
        self,
        doctype: str,
        part: Sequence[Listed],
        raws: Sequence[Raw],
        codec: Codec,
        names: Mapping[str, str],
        also: Also | None,
    ) -> int:
        had = {one.name: one.had for one in part}

        def work(transaction: Transaction) -> int:
            known = seen.by_names(transaction.connection, doctype, had)
            current = {
                seen.key_of(doctype, raw, before, names): (raw, before)
                for raw in raws
                if _version(before := known.get(str(raw["name"]))) == had.get(str(raw["name"]))
            }
            transaction.prefetch(current)
            news = sum(
                _take_one(transaction, doctype, key, raw, codec, is_new=before is None)
                for key, (raw, before) in current.items()
            )
            if also:
                also(transaction.connection)
            return news

        return await self._run(lambda: self._store.transact(work))

    async def _renamed(self, doctype: str, raws: Sequence[Raw]) -> dict[str, str]:
        """Find documents without a sync key that we know under a name that is no more."""
        bare = [raw for raw in raws if not raw.get(SYNC_KEY)]
        if not bare:
            return {}
        suspects = await self._run(lambda: self._same_creation(doctype, bare))
        if not suspects:
            return {}
        there = await self._client.rows(
            doctype,
            ["name", "creation"],
            filters=[("name", "in", sorted({old.name for old in suspects.values()}))],
        )
        still = {(row["name"], row["creation"]) for row in there}
        return {
            new: old.key for new, old in suspects.items() if (old.name, old.creation) not in still
        }

    def _same_creation(self, doctype: str, bare: Sequence[Raw]) -> dict[str, Seen]:
        with self._store.read() as connection:
            known = seen.by_names(connection, doctype, [str(raw["name"]) for raw in bare])
            new = {
                str(raw["name"]): str(raw.get("creation"))
                for raw in bare
                if _creation(known.get(str(raw["name"]))) != raw.get("creation")
            }
            found = seen.by_creation(connection, doctype, new.values()) if new else []
        by_moment: dict[str, list[Seen]] = {}
        for one in found:
            by_moment.setdefault(one.creation, []).append(one)
        return {
            name: by_moment[moment][0]
            for name, moment in new.items()
            if len(by_moment.get(moment, ())) == 1
        }

    async def _take_referenced(self, doctype: str, raws: Sequence[Raw], codec: Codec) -> None:
        for source, field, target in REFERENCED:
            if source == doctype:
                await self._take_unheld(
                    target, {str(r[field]) for r in raws if r.get(field)}, codec
                )

    async def _take_unheld(self, doctype: str, names: set[str], codec: Codec) -> None:
        if not names:
            return
        held = await self._run(lambda: self._versions(doctype, sorted(names)))
        await self.take(doctype, [Listed(n, None) for n in sorted(names - held.keys())], codec)


def _take_one(
    transaction: Transaction, doctype: str, key: str, raw: Raw, codec: Codec, *, is_new: bool
) -> bool:
    """Take in a document, read beside ours: times that are ambiguous and files are known from it.

    is_new: nothing is known under its name.
    """
    have, spec = transaction.get(key), spec_of(doctype)
    urls = attached(spec, raw)
    files = seen.files(transaction.connection, urls) if urls else {}
    decoded = codec.decode(spec, raw, held=have.body if have else None, files=files)
    return note_and_take(transaction, doctype, key, decoded, force=False, is_new=is_new)


def attached(spec: Spec, raw: Raw) -> list[str]:
    """Return the addresses of the files that the fields of an ERP document hold."""
    return [
        str(raw[name])
        for name, column in spec.columns.items()
        if column.kind is Kind.ATTACH and raw.get(name)
    ]


def note_and_take(
    transaction: Transaction,
    doctype: str,
    key: str,
    decoded: Decoded,
    *,
    force: bool,
    is_new: bool,
) -> bool:
    """Remember the version and take it in. force: work anew even what is known already."""
    incoming = ingest.Incoming(key, doctype, decoded.name, decoded.body, decoded.modified)
    is_news = True
    if force:
        ingest.take_back(transaction, incoming)
    else:
        is_news = ingest.take_in(transaction, incoming)
    version = Seen(decoded.name, decoded.modified, key, decoded.creation)
    seen.note(transaction.connection, doctype, version, is_new=is_new)
    return is_news


def _version(known: Seen | None) -> str | None:
    return known.modified if known else None


def _creation(known: Seen | None) -> str | None:
    return known.creation if known else None

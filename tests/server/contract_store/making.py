"""An office over a real store, and phones that believe only what the feed tells them."""

# ruff: noqa: ANN401 - operations and standings are given as whatever a test is about

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from field_core.canon import Body, Json, add64, canonical_body, digest, hash8, sum64
from field_core.capabilities import Role, capabilities
from field_core.device_time import Stamp
from field_core.instants import from_ms, ms_to_text
from field_core.snapshot_format import decode_frame
from field_core.wire import Change, Outcome, SyncReply, SyncRequest
from server_sync import compression
from server_sync.scope import FieldScope, audience_of
from server_sync.store import documents as rows
from server_sync.store.database import Database
from server_sync.store.documents import Doc
from server_sync.store.feeding import last_number, unsigned
from server_sync.store.schema import device, doc, feed, feed_sum
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync import identities
from server_sync.sync.caller import Caller
from server_sync.sync.exchange import Exchange
from server_sync.sync.ingest import Incoming, take_in, vanish
from server_sync.sync.snapshots import Snapshots, content_of

NOON_MS: Final = 1_777_305_600_000
"""2026-04-27T16:00Z, noon in Montréal."""
TODAY: Final = date(2026, 4, 27)
MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
TECHNICIAN: Final = "DT-00001"
OTHER: Final = "DT-00002"
_NAMES: Final = uuid.UUID("5d3c3a52-7f0a-5a53-8d7f-0a7d5a1f4f10")


def key_of(doctype: str, name: str) -> str:
    """Return the key that `Office.erp` gives a document by default."""
    return str(uuid.uuid5(_NAMES, f"{doctype}|{name}"))


def day(offset: int) -> str:
    """Return the date that many days from the tests' today."""
    return (TODAY + timedelta(days=offset)).isoformat()


class Office:
    """The services behind the doors, on one database, at a time that tests set."""

    def __init__(
        self, url: str, *, database: Database | None = None, now_ms: int = NOON_MS, entropy: int = 0
    ) -> None:
        self.now_ms = now_ms
        self.database = database or Database(url)
        draws = count(entropy)
        self.store = Store(
            self.database,
            rule=self.rule(),
            now_ms=lambda: self.now_ms,
            derive=identities.derive,
            entropy=lambda n: next(draws).to_bytes(n, "big"),
        )
        self.store.prepare()
        self.snapshots = Snapshots(
            self.store, compress=compression.compress, today=lambda: from_ms(self.now_ms).date()
        )
        self.exchange = Exchange(self.store, self.snapshots, {})
        self._phones = count(1)

    def rule(self) -> FieldScope:
        """Return the field's scope rule on this office's clock."""
        return FieldScope(
            today=lambda: from_ms(self.now_ms).date(), now_text=lambda: ms_to_text(self.now_ms)
        )

    # --- the ERP's side

    def erp(self, doctype: str, name: str, *, key: str | None = None, **body: Json) -> str:
        """Take in a document as the ERP has it; return its key."""
        key = key or key_of(doctype, name)
        self.store.transact(lambda tx: take(tx, doctype, name, key, **body))
        return key

    def job(
        self, name: str = "DJ-00001", *, technician: str | None = TECHNICIAN, **body: Json
    ) -> str:
        """Take in a job of today; return its key."""
        usual: Body = {
            "subject": name,
            "status": "Dispatched",
            "scheduled_date": day(0),
            "assigned_technician": technician,
        }
        return self.erp("Dispatch Job", name, key=None, **{**usual, **body})

    def change(self, key: str, **fields: Json) -> None:
        """Have the ERP's document change in these fields; None takes a field out."""

        def work(transaction: Transaction) -> None:
            have = transaction.get(key)
            assert have is not None, "what changes is there"
            body = canonical_body({**(have.body or {}), **fields})
            transaction.put(replace(have, erp_body=body).with_body(body))

        self.store.transact(work)

    def rename(self, key: str, name: str) -> None:
        """Have the ERP call a document by another name."""

        def work(transaction: Transaction) -> None:
            have = transaction.get(key)
            assert have is not None, "what is renamed is there"
            body = {**(have.body or {}), "name": name}
            transaction.put(replace(have, erp_name=name, erp_body=body).with_body(body))

        self.store.transact(work)

    def vanish(self, key: str) -> None:
        """Have the ERP delete a document."""
        self.store.transact(lambda tx: vanish(tx, key))

    def pass_days(self, days: int) -> None:
        """Let days go by, and have every job's audiences worked out again as each night does."""
        self.now_ms += days * DAY_MS
        self.rescope()

    def rescope(self) -> None:
        """Work out every root's audiences again."""
        roots = [d.key for d in self.documents() if self.store.rule.is_root(d.doctype)]
        self.store.transact(lambda tx: tx.rescope(roots))

    # --- looking

    def doc(self, key: str) -> Doc | None:
        """Return a document as stored, removed ones included."""
        with self.store.read() as connection:
            return rows.load(connection, key)

    def body(self, key: str) -> Body:
        """Return a live document's body."""
        found = self.doc(key)
        assert found is not None, "a document"
        assert found.body is not None, "a live one"
        return found.body

    def documents(self, doctype: str | None = None) -> list[Doc]:
        """Return live documents, of one doctype or of all."""
        with self.store.read() as connection:
            return live(connection, doctype)

    def snapshot(self, name: str, audience: str) -> bytes | None:
        with self.store.read() as connection:
            return content_of(connection, name, audience)

    def last_number(self) -> int:
        """Return the last feed number given out."""
        with self.store.read() as connection:
            return last_number(connection)

    def reviews(self) -> list[Body]:
        """Return what was kept for a person."""
        return [d.body for d in self.documents("Sync Review") if d.body]

    def holders(self, key: str) -> set[str]:
        """Return which audiences hold a document."""
        with self.store.read() as connection:
            return set(
                connection.execute(
                    select(feed.c.audience).where(feed.c.key == key, feed.c.is_in.is_(True))
                ).scalars()
            )

    # --- people

    def phone(
        self,
        technician: str | None = TECHNICIAN,
        roles: Iterable[Role] = (Role.TECHNICIAN,),
        **standing: Any,
    ) -> "Phone":
        """Sign a device in."""
        name = f"device-{next(self._phones)}"
        with self.database.write() as connection:
            connection.execute(
                insert(device),
                {
                    "id": name,
                    "account": "someone@example.ca",
                    "name": name,
                    "last_n": 0,
                    "status": "active",
                },
            )
        return Phone(
            self,
            Caller(
                account="someone@example.ca",
                device=name,
                technician=technician,
                audience=audience_of(roles, technician),
                held=capabilities(roles),
                **standing,
            ),
        )

    def dispatcher(self) -> "Phone":
        """Sign in somebody of the office."""
        return self.phone(None, (Role.DISPATCHER,))

    # --- what must hold whatever happened

    def check(self) -> None:
        """Compare feed and sums with what the rule and the documents say, worked out afresh."""
        wanted = self.store.transact(self._wanted)
        held_by = {d.key: d for d in self.documents()}
        with self.store.read() as connection:
            entries = connection.execute(select(feed)).all()
            sums = connection.execute(select(feed_sum)).all()
        assert {(e.audience, e.key): (e.rev, e.hash8) for e in entries if e.is_in} == {
            (a, k): (held_by[k].rev, held_by[k].hash8) for a, k in wanted
        }
        expected: dict[tuple[str, str], list[int]] = {}
        for audience, key in wanted:
            document = held_by[key]
            total = expected.setdefault((audience, document.doctype), [0, 0])
            total[0] += 1
            total[1] = add64(total[1], sum64(key, document.rev, hash8(document.body or {})))
        assert expected == {
            (s.audience, s.doctype): [s.n, unsigned(s.sum64)] for s in sums if s.n or s.sum64
        }
        numbers = [e.seq for e in entries]
        assert len(numbers) == len(set(numbers)), "no number is given out twice"

    def _wanted(self, transaction: Transaction) -> set[tuple[str, str]]:
        rule = self.store.rule
        return {
            (audience, key)
            for root in live(transaction.connection)
            if rule.is_root(root.doctype)
            for audience in rule.audiences(root.known, transaction)
            for key in rule.reach(root.known, transaction)
        }

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def live(connection: Connection, doctype: str | None = None) -> list[Doc]:
    """Return every live document, of one doctype or of all."""
    names = (
        [doctype]
        if doctype
        else connection.execute(select(doc.c.doctype).distinct()).scalars().all()
    )
    return [found for name in names for found in rows.load_doctype(connection, name)]


def take(transaction: Transaction, doctype: str, name: str, key: str, **body: Json) -> None:
    """Take in one document of the ERP, which says its name in its body."""
    said = canonical_body({"name": name, **body})
    take_in(transaction, Incoming(key, doctype, name, said, "2026-04-27 12:00:00"))


# --- phones


@dataclass(frozen=True, slots=True)
class Held:
    """A document as a phone has it."""

    doctype: str
    rev: int
    body: Body


@dataclass
class Phone:
    """A device with no more than its base, its counter and its cursor; it trusts nothing.

    Every news is held against what the wire promises: a patch comes only to who holds the
    revision before, and the digest is that of what the phone then holds.
    """

    office: Office
    caller: Caller
    base: dict[str, Held] = field(default_factory=dict)
    cursor: str | None = None
    n: int = 0
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    # --- operations, numbered as they are made

    def op(self, kind: str, key: str, **rest: Any) -> dict[str, Any]:
        """Make the next operation, with the time at which it is made."""
        self.n += 1
        return {
            "id": f"{self.caller.device}-op-{self.n:04}",
            "n": self.n,
            "key": key,
            "kind": kind,
            "at": list(self.stamp()),
            "schema": 1,
            **rest,
        }

    def edit(self, key: str, path: str, was: Json, now: Json, **rest: Any) -> dict[str, Any]:
        """Edit one field."""
        return self.op("set", key, fields={path: [was, now]}, **rest)

    def note(self, key: str, text: str, **rest: Any) -> dict[str, Any]:
        """Add a note to a job."""
        return self.op(
            "append",
            key,
            list="notes",
            item_id=f"note-{self.caller.device}-{self.n}",
            item={"text": text},
            **rest,
        )

    def stamp(self) -> Stamp:
        """Return what the phone's clock says: the right time."""
        return Stamp(self.office.now_ms, self.office.now_ms, self.caller.device)

    # --- exchanges

    def send(self, *ops: Any, cursor: str | None = None) -> SyncReply:
        """Make an exchange and take nothing in: as if the reply were lost."""
        return self.office.exchange.sync(
            SyncRequest(cursor=cursor or self.cursor, ops=list(ops), now=self.stamp()),
            lambda _connection: self.caller,
        )

    def sync(self, *ops: Any) -> SyncReply:
        """Make an exchange and take in what it brings, one page."""
        reply = self.send(*ops)
        self.outcomes |= {o.n: o for o in reply.outcomes}
        if reply.snapshot:
            self._load(reply)
        elif reply.since == self.cursor and reply.cursor:
            for change in reply.changes:
                self._apply(change)
            self.cursor = reply.cursor
        if reply.digest:
            assert reply.digest == self.digest()
        return reply

    def pull(self, *ops: Any) -> SyncReply:
        """Make exchanges until nothing more comes; return the last reply."""
        reply = self.sync(*ops)
        while reply.more or reply.snapshot:
            reply = self.sync()
        return reply

    def verdicts(self, *ops: Any) -> list[tuple[str, str | None]]:
        """Push, and return the verdict and problem of each of these operations."""
        self.pull(*ops)
        return [
            (self.outcomes[op["n"]].verdict.value, self.outcomes[op["n"]].problem) for op in ops
        ]

    def _apply(self, change: Change) -> None:
        held = self.base.pop(change.key, None)
        if change.gone:
            return
        if change.patch is None:
            assert change.doctype is not None, "a whole document names its doctype"
            assert change.body is not None, "a whole document has a body"
            self.base[change.key] = Held(change.doctype, change.rev, change.body)
            return
        assert held is not None, "a patch for who lacks its base"
        assert held.rev == change.rev - 1, "a patch on another base"
        self.base[change.key] = Held(
            held.doctype, change.rev, canonical_body({**held.body, **change.patch})
        )

    def _load(self, reply: SyncReply) -> None:
        offer = reply.snapshot
        assert offer is not None, "asked only when there is one"
        content = self.office.snapshot(offer.sha256, self.caller.audience)
        assert content is not None, "what is offered can be read"
        assert len(content) == offer.size, "an offer tells the size"
        self.base, at = {}, 0
        for part in offer.parts:
            frame = compression.decompress(content[at : at + part.size], size_bytes_max=1 << 24)
            documents = list(decode_frame(frame))
            assert len(documents) == part.documents, "a part says how many it holds"
            self.base |= {d.key: Held(d.doctype, d.rev, d.body) for d in documents}
            at += part.size
        self.cursor = offer.cursor

    # --- looking

    def digest(self) -> str:
        """Return the sum over what the phone holds."""
        return digest(sum64(k, h.rev, hash8(h.body)) for k, h in self.base.items())

    def held(self, doctype: str | None = None) -> set[str]:
        """Return the keys it holds, of one doctype or of all."""
        return {k for k, h in self.base.items() if doctype in (None, h.doctype)}

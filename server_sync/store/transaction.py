"""One unit of work: documents are staged, then numbered and published to the feed at the end.

Everything that writes goes through here. While the work runs it takes row locks only (PostgreSQL);
`publish` then takes the numbering lock, works out who holds what, gives out the numbers, and the
transaction commits: so the order of feed numbers is the order of commits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, update

from field_core.canon import Body, dump
from field_core.ids import is_uuid
from server_sync.scope import Known, ScopeRule
from server_sync.store import documents, feeding
from server_sync.store.database import Database
from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out, outcome


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A stored verdict; `seq` is given at numbering."""

    device: str
    n: int
    op_id: str
    verdict: str
    problem: str | None = None
    details: Body | None = None
    office: str | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class ErpWork:
    """An operation on its way to the ERP: only what was taken, with when and by whom."""

    key: str
    device: str
    n: int
    op_id: str
    operation: Body
    at: str
    by_technician: str | None


Derive = Callable[[Doc], Iterable[Doc]]
"""Documents that follow from another one and are kept beside it (the identity index)."""


class Transaction:
    """Documents and outcomes staged on one connection; also what the scope rules read from."""

    def __init__(self, connection: Connection, *, database: Database, rule: ScopeRule,
                 now_ms: int, derive: Derive = lambda _: ()) -> None:
        self.connection = connection
        self.now_ms = now_ms
        self._database = database
        self._rule = rule
        self._derive = derive
        self._before: dict[str, Doc | None] = {}
        self._staged: dict[str, Doc] = {}
        self._outcomes: list[OutcomeRow] = []
        self._settled: list[tuple[str, int, str, str | None, Body | None]] = []
        self._erp: list[ErpWork] = []
        self._rescoped: set[str] = set()
        self._is_publishing = False

    # --- documents

    def get(self, key: str) -> Doc | None:
        """Return a document with what was staged, removed ones included; locks its row.

        While publishing, rows are read without a lock: whoever holds one waits for our number,
        and will work the same roots out again after us.
        """
        if key not in self._before:
            self._before[key] = documents.load(
                self.connection, key, lock=not self._is_publishing)
        return self._staged.get(key) or self._before[key]

    def named(self, doctype: str, name: str) -> Doc | None:
        """Return the live document that the ERP calls `name`, with what was staged."""
        for staged in self._staged.values():
            if staged.doctype == doctype and staged.erp_name == name and staged.body is not None:
                return staged
        found = documents.load_named(self.connection, doctype, name)
        current = self.get(found.key) if found else None
        is_it = current and current.erp_name == name and current.body is not None
        return current if is_it else None

    def put(self, document: Doc) -> None:
        """Stage a document; call `get` first, so that its row is locked and known."""
        self.get(document.key)
        self._staged[document.key] = document

    def mark(self) -> tuple[dict[str, Doc], int, int, int]:
        """Remember what is staged."""
        return dict(self._staged), len(self._outcomes), len(self._erp), len(self._settled)

    def back_to(self, mark: tuple[dict[str, Doc], int, int, int]) -> None:
        """Forget what was staged since `mark`: how a group is taken whole or not at all."""
        self._staged, outcomes, erp, settled = mark
        del self._outcomes[outcomes:], self._erp[erp:], self._settled[settled:]

    # --- what hangs on operations

    def add_outcome(self, row: OutcomeRow) -> None:
        """Stage a verdict."""
        self._outcomes.append(row)

    def settle(self, device: str, n: int, office: str, *, problem: str | None = None,
               details: Body | None = None) -> None:
        """Stage where an operation now stands on its way to the ERP; the device is told by the feed."""
        self._settled.append((device, n, office, problem, details))

    def add_erp_work(self, work: ErpWork) -> None:
        """Stage an operation for the ERP."""
        self._erp.append(work)

    def rescope(self, keys: Iterable[str]) -> None:
        """Have the audiences of these roots worked out again (the day changed, say)."""
        self._rescoped.update(keys)

    # --- the scope rules' reader

    def find(self, doctype: str, name_or_key: str) -> Known | None:
        """Return the live document that a link points at."""
        found = self.get(name_or_key) if is_uuid(name_or_key) else self.named(doctype, name_or_key)
        return found.known if found and found.body is not None else None

    def pointing_at(self, doctype: str, field: str, target: Iterable[str]) -> Iterable[Known]:
        """Return live documents by link; links of staged documents are saved before this is asked."""
        rows = documents.load_pointing_at(self.connection, doctype, field, target)
        return [row.known for row in rows]

    def of_doctype(self, doctype: str) -> Iterable[Known]:
        """Return every live document of a small doctype."""
        return [row.known for row in documents.load_doctype(self.connection, doctype)]

    # --- the end

    def publish(self) -> int:
        """Write what was staged, number it, publish it to the feed; return the last number given."""
        for document in list(self._staged.values()):
            for derived in self._derive(document):
                have = self.get(derived.key) or derived
                self.put(have.with_body(derived.body))
        changed = [self._number(key) for key in self._staged]
        fresh = [c for c in changed if c is not None]
        self._save()
        if not (fresh or self._outcomes or self._settled or self._rescoped):
            return feeding.last_number(self.connection)
        self._is_publishing = True
        self._database.lock_numbering(self.connection)
        publication = feeding.Publication(self.connection, reader=self, rule=self._rule,
                                          now_ms=self.now_ms)
        publication.publish(fresh, rescoped=self._rescoped)
        self._write_outcomes(publication)
        publication.finish()
        return publication.seq

    def _number(self, key: str) -> feeding.Changed | None:
        """Give a staged document its revision; None when nothing a device sees has changed."""
        before, after = self._before[key], self._staged[key]
        body_same = before is not None and before.body == after.body
        if body_same and before and before.erp_name == after.erp_name:
            return None
        if not body_same:
            after = documents.numbered(after, before)
        self._staged[key] = after
        return feeding.Changed(after, before)

    def _save(self) -> None:
        rows = [(self._staged[key], self._before[key] is None) for key in self._staged]
        documents.save(self.connection, rows)
        for after, _ in rows:
            before = self._before[after.key]
            had = self._links(before)
            documents.save_links(
                self.connection, after.key, after.doctype, self._links(after), had)

    def _links(self, document: Doc | None) -> set[documents.Link]:
        if document is None or document.body is None:
            return set()
        return set(self._rule.links(document.doctype, document.body))

    def _write_outcomes(self, publication: feeding.Publication) -> None:
        rows = [replace(row, seq=publication.next()) for row in self._outcomes]
        if rows:
            self.connection.execute(insert(outcome), [
                {"device": r.device, "n": r.n, "op_id": r.op_id, "verdict": r.verdict,
                 "problem": r.problem, "details": dump(r.details) if r.details else None,
                 "office": r.office, "seq": r.seq, "at_ms": self.now_ms} for r in rows])
        for device, n, office, problem, details in self._settled:
            values: dict[str, object] = {"office": office, "seq": publication.next()}
            if problem:
                values |= {"problem": problem, "details": dump(details) if details else None}
            self.connection.execute(update(outcome).where(
                outcome.c.device == device, outcome.c.n == n).values(values))
        if self._erp:
            self.connection.execute(insert(erp_out), [
                {"key": w.key, "device": w.device, "n": w.n, "op_id": w.op_id,
                 "operation": dump(w.operation), "at": w.at, "by_technician": w.by_technician,
                 "state": "waiting", "tries": 0, "next_ms": 0, "claimed_ms": 0}
                for w in self._erp])


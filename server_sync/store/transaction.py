"""One unit of work: documents are staged, then numbered and published to the feed at the end.

Everything that writes goes through here. While the work runs it takes row locks only (PostgreSQL);
`publish` then takes the numbering lock, works out who holds what, gives out the numbers, and the
transaction commits: so the order of feed numbers is the order of commits.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, bindparam, insert, update

from field_core.canon import Body, dump
from field_core.ids import is_uuid
from field_core.links import Link
from server_sync.scope import Asked, Known, ScopeRule
from server_sync.store import documents, feeding
from server_sync.store.batches import write
from server_sync.store.database import Database
from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out, outcome
from server_sync.store.scoping import moves_scope


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
    """Who did it: a technician by their name in the ERP, anybody else by their account."""


Derive = Callable[[Doc], Iterable[Doc]]
"""Documents that follow from another one and are kept beside it (the identity index)."""


class Transaction:
    """Documents and outcomes staged on one connection; also what the scope rules read from."""

    def __init__(
        self,
        connection: Connection,
        *,
        database: Database,
        rule: ScopeRule,
        now_ms: int,
        derive: Derive = lambda _: (),
    ) -> None:
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
        self._named: dict[tuple[str, str], list[str]] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._is_publishing = False

    # --- documents

    def get(self, key: str) -> Doc | None:
        """Return a document with what was staged, removed ones included; locks its row.

        While publishing, rows are read without a lock: whoever holds one waits for our number,
        and will work the same roots out again after us.
        """
        if key not in self._before:
            self._before[key] = documents.load(self.connection, key, lock=not self._is_publishing)
        return self._staged.get(key) or self._before[key]

    def prefetch(self, keys: Iterable[str]) -> None:
        """Load and lock documents that will be asked for: one statement instead of one each.

        They are locked in the order of their keys, so that two calls which name the same ones in
        opposite order wait for each other instead of embracing.
        """
        missing = [key for key in keys if key not in self._before]
        found = {
            d.key: d
            for d in documents.load_many(self.connection, missing, lock=not self._is_publishing)
        }
        self._before.update({key: found.get(key) for key in missing})

    def named(self, doctype: str, name: str) -> Doc | None:
        """Return the live document that the ERP calls `name`, with what was staged."""
        for key in self._named.get((doctype, name), ()):
            staged = self._staged.get(key)
            if staged and staged.erp_name == name and staged.body is not None:
                return staged
        self.prefetch_named([(doctype, name)])
        key_found = self._found[doctype, name]
        current = self.get(key_found) if key_found else None
        is_it = current and current.erp_name == name and current.body is not None
        return current if is_it else None

    def prefetch_named(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Load and lock documents that will be asked for by doctype and name: in one statement."""
        missing = {pair for pair in wanted if pair not in self._found}
        if not missing:
            return
        self._found.update(dict.fromkeys(missing))
        rows = documents.load_all_named(self.connection, missing, lock=not self._is_publishing)
        for found in rows:
            self._before.setdefault(found.key, found)
            pair = found.doctype, found.erp_name or ""
            self._found[pair] = self._found[pair] or found.key

    def put(self, document: Doc) -> None:
        """Stage a document; call `get` first, so that its row is locked and known."""
        self.get(document.key)
        self._staged[document.key] = document
        if document.erp_name:
            self._named.setdefault((document.doctype, document.erp_name), []).append(document.key)

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

    def settle(
        self,
        device: str,
        n: int,
        office: str,
        *,
        problem: str | None = None,
        details: Body | None = None,
    ) -> None:
        """Stage where an operation now stands on its way to the ERP; the feed tells the device."""
        self._settled.append((device, n, office, problem, details))

    def add_erp_work(self, work: ErpWork) -> None:
        """Stage an operation for the ERP."""
        self._erp.append(work)

    def rescope(self, keys: Iterable[str]) -> None:
        """Have the audiences of these roots worked out again (the day changed, say)."""
        self._rescoped.update(keys)

    # --- the scope rules' reader

    def find(self, doctype: str, name_or_key: str) -> Known | None:
        """Return the live document a link points at; without a doctype, the one of this key."""
        is_key = _is_key(doctype, name_or_key)
        found = self.get(name_or_key) if is_key else self.named(doctype, name_or_key)
        return found.known if found and found.body is not None else None

    def find_all(self, links: Iterable[Link]) -> Iterable[Known]:
        """Return the live documents that links point at, each once."""
        wanted = {(link.doctype, link.target) for link in links}
        self.prefetch(target for doctype, target in wanted if _is_key(doctype, target))
        self.prefetch_named(pair for pair in wanted if not _is_key(*pair))
        found = (self.find(doctype, target) for doctype, target in sorted(wanted))
        return {known.key: known for known in found if known}.values()

    def pointing_at(self, *asked: Asked) -> Iterable[Known]:
        """Return live documents by link; those of staged ones are saved before this is asked."""
        return documents.known_pointing_at(self.connection, asked)

    def staged(self, doctype: str) -> Iterable[Known]:
        """Return the live documents of a doctype that this unit of work has changed so far."""
        return [
            d.known for d in self._staged.values() if d.doctype == doctype and d.body is not None
        ]

    def mentioning(self, doctype: str, text: str) -> Iterable[Known]:
        """Return live documents of a doctype that hold `text` somewhere, with what was staged."""
        stored = {d.key: d for d in documents.load_mentioning(self.connection, doctype, text)}
        stored |= {k: d for k, d in self._staged.items() if d.doctype == doctype}
        return [d.known for d in stored.values() if d.body is not None]

    def of_doctype(self, doctype: str) -> Iterable[Known]:
        """Return every live document of a small doctype."""
        return [row.known for row in documents.load_doctype(self.connection, doctype)]

    # --- the end

    def publish(self) -> None:
        """Write what was staged, number it, publish it to the feed."""
        self._put_derived()
        changed = [self._number(key) for key in self._staged]
        fresh = [c for c in changed if c is not None]
        self._save(fresh)
        if not (fresh or self._outcomes or self._settled or self._rescoped):
            return
        self._database.lock_numbering(self.connection)
        self._begin_publishing()
        publication = feeding.Publication(
            self.connection, reader=self, rule=self._rule, now_ms=self.now_ms
        )
        publication.publish(fresh, rescoped=self._rescoped)
        self._write_outcomes(publication)
        publication.finish()

    def _put_derived(self) -> None:
        derived = [d for document in self._staged.values() for d in self._derive(document)]
        self.prefetch(d.key for d in derived)
        for document in derived:
            have = self.get(document.key)
            if have or document.body is not None:
                self.put((have or document).with_body(document.body))

    def _begin_publishing(self) -> None:
        """Forget what was not there when the work asked: it may have been committed meanwhile."""
        self._is_publishing = True
        if self._database.has_one_writer:
            return
        self._found.clear()
        self._before = {
            key: found
            for key, found in self._before.items()
            if found is not None or key in self._staged
        }

    def _number(self, key: str) -> feeding.Changed | None:
        """Give a staged document its revision; None when nothing a device sees has changed."""
        before, after = self._before[key], self._staged[key]
        body_same = before is not None and before.body == after.body
        if body_same and before and before.erp_name == after.erp_name:
            return None
        text: str | None = None
        if not body_same:
            after, text = documents.numbered(after, before)
        self._staged[key] = after
        return feeding.Changed(after, before, moves_scope(after, before, self._rule), text)

    def _save(self, changed: Collection[feeding.Changed]) -> None:
        texts = {one.after.key: one.text for one in changed}
        documents.save(
            self.connection,
            [
                documents.Written(staged, self._before[key], texts.get(key))
                for key, staged in self._staged.items()
            ],
        )
        moved = [one for one in changed if one.moves_scope]
        documents.save_links(self.connection, map(self._links_of, moved))

    def _links_of(self, one: feeding.Changed) -> documents.LinksOf:
        now, had = self._links(one.after), self._links(one.before)
        return documents.LinksOf(one.after.key, one.after.doctype, now, had)

    def _links(self, document: Doc | None) -> set[Link]:
        if document is None or document.body is None:
            return set()
        return set(self._rule.links(document.doctype, document.body))

    def _write_outcomes(self, publication: feeding.Publication) -> None:
        write(
            self.connection,
            _ADD_OUTCOME,
            [
                {
                    "device": r.device,
                    "n": r.n,
                    "op_id": r.op_id,
                    "verdict": r.verdict,
                    "problem": r.problem,
                    "details": dump(r.details) if r.details else None,
                    "office": r.office,
                    "seq": publication.next(),
                    "at_ms": self.now_ms,
                }
                for r in self._outcomes
            ],
        )
        settled = [
            {
                "b_d": device,
                "b_n": n,
                "office": office,
                "seq": publication.next(),
                **(
                    {"problem": problem, "details": dump(details) if details else None}
                    if problem
                    else {}
                ),
            }
            for device, n, office, problem, details in self._settled
        ]
        for _, rows in groupby(settled, key=len):  # one statement sets the same columns of each
            write(self.connection, _SETTLE, list(rows))
        write(
            self.connection,
            _ADD_ERP_WORK,
            [
                {
                    "key": w.key,
                    "device": w.device,
                    "n": w.n,
                    "op_id": w.op_id,
                    "operation": dump(w.operation),
                    "at": w.at,
                    "by_technician": w.by_technician,
                    "state": "waiting",
                    "tries": 0,
                    "next_ms": 0,
                    "claimed_ms": 0,
                }
                for w in self._erp
            ],
        )


def _is_key(doctype: str, name_or_key: str) -> bool:
    """A link holds the key of what was made offline; without a doctype there are keys only."""
    return not doctype or is_uuid(name_or_key)


_ADD_OUTCOME = insert(outcome)
_ADD_ERP_WORK = insert(erp_out)
_SETTLE = update(outcome).where(
    outcome.c.device == bindparam("b_d"), outcome.c.n == bindparam("b_n")
)

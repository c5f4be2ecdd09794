"""From changed documents to feed rows: who gains, keeps or loses each one, and the numbers.

Runs under the numbering lock. A document's row in an audience moves to a new number when the
document changes, enters or leaves; leaving is a row like any other, so nobody can miss it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from field_core.canon import add64, negate64, sum64
from server_sync.scope import Known, Reader, ScopeRule
from server_sync.store.documents import Doc
from server_sync.store.schema import counter, doc, feed, feed_sum, scope_ref, tenure


@dataclass(frozen=True, slots=True)
class Changed:
    """A document as it will be and as it was."""

    after: Doc
    before: Doc | None


class Publication:
    """The numbering of one transaction."""

    def __init__(self, connection: Connection, *, reader: Reader, rule: ScopeRule,
                 now_ms: int) -> None:
        self._connection = connection
        self._reader = reader
        self._rule = rule
        self._now_ms = now_ms
        self.seq = last_number(connection)
        self._sums: dict[tuple[str, str], list[int]] = {}

    def next(self) -> int:
        """Give out the next number."""
        self.seq += 1
        return self.seq

    def publish(self, changed: list[Changed], *, rescoped: Iterable[str] = ()) -> None:
        """Move the feed rows of changed documents, and of those that enter or leave an audience."""
        by_key = {one.after.key: one.after for one in changed}
        touched = self._rescope(changed, rescoped)
        keys = {*by_key, *(key for _, key in touched)}
        rows = self._feed_rows(keys)
        for key in sorted(keys):
            document = by_key.get(key)
            for audience in sorted({a for a, k in rows if k == key} | {
                    a for a, k in touched if k == key}):
                self._move(audience, key, rows.get((audience, key)), document,
                           is_settled=(audience, key) not in touched)

    # --- who holds what

    def _rescope(self, changed: list[Changed], rescoped: Iterable[str]) -> set[tuple[str, str]]:
        """Recompute the reasons of every root concerned; return (audience, key) pairs that moved."""
        touched: set[tuple[str, str]] = set()
        for key, root in self._roots_concerned(changed, rescoped).items():
            wanted = self._wanted(root) if root else set()
            had = {(a, k) for a, k in self._connection.execute(_REFS_OF_ROOT, {"r": key})}
            self._write_refs(key, new=wanted - had, gone=had - wanted)
            touched |= wanted ^ had
        return touched

    def _roots_concerned(
        self, changed: list[Changed], rescoped: Iterable[str]
    ) -> dict[str, Known | None]:
        keys: set[str] = set(rescoped)
        for one in changed:
            document = one.after
            if not _scope_moved(one, self._rule):
                continue
            if self._rule.is_root(document.doctype):
                keys.add(document.key)
            keys.update(r for (r,) in self._connection.execute(
                _ROOTS_OF_KEY, {"k": document.key}))
            if document.body is not None:
                keys.update(k.key for k in self._rule.roots_near(document.known, self._reader))
        return {key: self._root(key) for key in keys}

    def _root(self, key: str) -> Known | None:
        return self._reader.find("", key)

    def _wanted(self, root: Known) -> set[tuple[str, str]]:
        audiences = self._rule.audiences(root, self._reader)
        reach = self._rule.reach(root, self._reader) if audiences else set()
        return {(audience, key) for audience in audiences for key in reach}

    def _write_refs(
        self, root: str, *, new: set[tuple[str, str]], gone: set[tuple[str, str]]
    ) -> None:
        if gone:
            self._connection.execute(_DROP_REF, [
                {"b_a": a, "b_k": k, "b_r": root} for a, k in gone])
        if new:
            self._connection.execute(insert(scope_ref), [
                {"audience": a, "key": k, "root": root} for a, k in new])

    # --- feed rows

    def _feed_rows(self, keys: set[str]) -> dict[tuple[str, str], "FeedRow"]:
        found: dict[tuple[str, str], "FeedRow"] = {}
        for key in keys:
            for row in self._connection.execute(_FEED_OF_KEY, {"k": key}):
                found[row.audience, key] = FeedRow(*row)
        return found

    def _move(self, audience: str, key: str, row: "FeedRow | None", document: Doc | None, *,
              is_settled: bool) -> None:
        """Bring one audience's row of one document up to date.

        is_settled: no reason for this audience came or went, so the row itself tells.
        """
        belongs = bool(row and row.is_in) if is_settled else self._has_reason(audience, key)
        if not belongs:
            if row and row.is_in:
                self._leave(row, key)
            return
        state = document or self._stored(key)
        if state is None or state.body is None:
            if row and row.is_in:
                self._leave(row, key)
        elif row is None:
            self._enter_new(audience, state)
        elif not row.is_in or row.hash8 != state.hash8 or row.rev != state.rev:
            self._renew(row, state)

    def _has_reason(self, audience: str, key: str) -> bool:
        return self._connection.execute(_HAS_REF, {"a": audience, "k": key}).first() is not None

    def _stored(self, key: str) -> Doc | None:
        found = self._connection.execute(_HEAD, {"k": key}).first()
        if found is None:
            return None
        return Doc(key, found.doctype, rev=found.rev, hash8=found.hash8,
                   body={} if found.lives else None)

    def _enter_new(self, audience: str, document: Doc) -> None:
        self._connection.execute(insert(feed), {
            "audience": audience, "key": document.key, "doctype": document.doctype,
            "seq": self.next(), "is_in": True, "rev": document.rev, "hash8": document.hash8,
            "prev_seq": 0, "prev_rev": 0, "since_ms": self._now_ms})
        self._add(audience, document.doctype, 1, sum64(document.key, document.rev, document.hash8))

    def _renew(self, row: "FeedRow", document: Doc) -> None:
        """The document changed, or comes back after having left."""
        if row.is_in:
            self._add(row.audience, row.doctype, -1,
                      negate64(sum64(document.key, row.rev, row.hash8)))
        self._connection.execute(_RENEW, {
            "b_a": row.audience, "b_k": document.key, "seq": self.next(), "is_in": True,
            "rev": document.rev, "hash8": document.hash8,
            "prev_seq": row.seq if row.is_in else 0, "prev_rev": row.rev if row.is_in else 0,
            "since_ms": row.since_ms if row.is_in else self._now_ms})
        self._add(row.audience, row.doctype, 1, sum64(document.key, document.rev, document.hash8))

    def _leave(self, row: "FeedRow", key: str) -> None:
        self._connection.execute(_RENEW, {
            "b_a": row.audience, "b_k": key, "seq": self.next(), "is_in": False,
            "rev": row.rev, "hash8": row.hash8, "prev_seq": 0, "prev_rev": 0,
            "since_ms": row.since_ms})
        self._add(row.audience, row.doctype, -1, negate64(sum64(key, row.rev, row.hash8)))
        self._connection.execute(delete(tenure).where(
            tenure.c.audience == row.audience, tenure.c.key == key,
            tenure.c.since_ms == row.since_ms))
        self._connection.execute(insert(tenure), {
            "audience": row.audience, "key": key, "since_ms": row.since_ms,
            "until_ms": self._now_ms})

    # --- sums

    def _add(self, audience: str, doctype: str, n: int, share: int) -> None:
        total = self._sums.setdefault((audience, doctype), [0, 0])
        total[0] += n
        total[1] = add64(total[1], share)

    def finish(self) -> None:
        """Write the sums and the counter."""
        for (audience, doctype), (n, share) in self._sums.items():
            found = self._connection.execute(_SUM, {"a": audience, "d": doctype}).first()
            if found is None:
                self._connection.execute(insert(feed_sum), {
                    "audience": audience, "doctype": doctype, "n": n, "sum64": signed(share)})
            else:
                self._connection.execute(_ADD_SUM, {
                    "b_a": audience, "b_d": doctype, "n": found.n + n,
                    "sum64": signed(add64(unsigned(found.sum64), share))})
        self._connection.execute(_COUNT, {"value": self.seq})


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One audience's row of one document."""

    audience: str
    doctype: str
    seq: int
    is_in: bool
    rev: int
    hash8: str
    since_ms: int


def signed(value: int) -> int:
    """Store an unsigned 64-bit sum in a signed column."""
    return value - (1 << 64) if value >= 1 << 63 else value


def unsigned(value: int) -> int:
    """Read back what `signed` stored."""
    return value & (1 << 64) - 1


def last_number(connection: Connection) -> int:
    """Return the last number given out."""
    return int(connection.execute(_LAST).scalar() or 0)


def _scope_moved(one: Changed, rule: ScopeRule) -> bool:
    """Tell whether a change could alter who holds the document, or what it carries."""
    before, after = one.before, one.after
    if before is None or before.body is None or after.body is None:
        return True
    if before.erp_name != after.erp_name:
        return True
    return rule.signature(before.doctype, before.body) != rule.signature(
        after.doctype, after.body)


_LAST = select(counter.c.value).where(counter.c.name == "feed")
_COUNT = update(counter).where(counter.c.name == "feed")
_REFS_OF_ROOT = select(scope_ref.c.audience, scope_ref.c.key).where(
    scope_ref.c.root == bindparam("r"))
_ROOTS_OF_KEY = select(scope_ref.c.root).where(scope_ref.c.key == bindparam("k")).distinct()
_HAS_REF = select(scope_ref.c.root).where(
    scope_ref.c.audience == bindparam("a"), scope_ref.c.key == bindparam("k")).limit(1)
_DROP_REF = delete(scope_ref).where(
    scope_ref.c.audience == bindparam("b_a"), scope_ref.c.key == bindparam("b_k"),
    scope_ref.c.root == bindparam("b_r"))
_FEED_OF_KEY = select(
    feed.c.audience, feed.c.doctype, feed.c.seq, feed.c.is_in, feed.c.rev, feed.c.hash8,
    feed.c.since_ms).where(feed.c.key == bindparam("k"))
_RENEW = update(feed).where(
    feed.c.audience == bindparam("b_a"), feed.c.key == bindparam("b_k"))
_HEAD = select(doc.c.doctype, doc.c.rev, doc.c.hash8, doc.c.body.is_not(None).label("lives")).where(
    doc.c.key == bindparam("k"))
_SUM = select(feed_sum.c.n, feed_sum.c.sum64).where(
    feed_sum.c.audience == bindparam("a"), feed_sum.c.doctype == bindparam("d"))
_ADD_SUM = update(feed_sum).where(
    feed_sum.c.audience == bindparam("b_a"), feed_sum.c.doctype == bindparam("b_d"))

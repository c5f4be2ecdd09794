"""The outbox: every operation done here, until the server's word contains it and a week beyond.

An operation is pending until it has a verdict; unseen until the base contains its effect. After a
verdict it stays seven days, so that a server that comes back from a backup is given it again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlite_utils import Database

from field_app.sync import outbox_sql as sql
from field_core import operations
from field_core.canon import Body, dump
from field_core.operations import Operation
from field_core.wire import Outcome

KEPT_MS: Final = 7 * 24 * 3_600_000
"""A backup older than a week is not what anybody restores a server from without being told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as the outbox screen shows it."""

    id: str
    device: str
    n: int
    key: str
    doctype: str
    kind: str
    operation: Body
    at: str
    made_ms: int
    group_id: str | None
    verdict: str | None
    seq: int
    problem: str | None
    details: Body | None
    office: str | None
    settled_ms: int | None


class Identity(NamedTuple):
    """The device under whose name operations are numbered."""

    device: str
    next_n: int
    """The number that its next operation gets."""
    skew_ms: int
    """How far its wall clock was ahead of the server's when last compared."""


class Outbox:
    """Operations on the replica's connection; methods run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._run = db.conn.execute

    # --- recording

    def identity(self) -> Identity | None:
        """Return who this device is, with what the next operation needs; None before enrolment."""
        row = self._run(sql.IDENTITY).fetchone()
        return Identity(*row) if row else None

    def add(
        self, operation: Operation, *, device: str, doctype: str, at: str, made_ms: int
    ) -> None:
        """Keep an operation that was just done."""
        self._run(
            "INSERT INTO outbox (id, device, n, key, doctype, kind, operation, at, made_ms, "
            "group_id, offered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                operation.id,
                device,
                operation.n,
                operation.key,
                doctype,
                operation.kind,
                dump(operations.to_json(operation)),
                at,
                made_ms,
                operation.group.id if operation.group else None,
            ),
        )

    def renumber(self, device: str) -> None:
        """Offer everything kept here again, numbered from one under the device's new identity.

        Verdicts belong to the old identity, and a server put back to a backup may have forgotten
        them; one that has not knows each operation by its id and gives the same verdict again.
        `seq` stays: what the base contains has not changed.
        """
        rows = self._run("SELECT id, operation FROM outbox ORDER BY rowid").fetchall()
        self._run("DELETE FROM meta WHERE name = 'last_n'")
        self._run("UPDATE outbox SET n = -rowid, device = ?, verdict = NULL", (device,))
        for n, (op_id, text) in enumerate(rows, start=1):
            changed = dump({**json.loads(text), "n": n})
            self._run("UPDATE outbox SET n = ?, operation = ? WHERE id = ?", (n, changed, op_id))

    # --- sending

    def pending(self, limit: int) -> list[Body]:
        """Return the oldest operations without a verdict, groups whole, in order of number."""
        return [json.loads(text) for text, _, _ in self._oldest(limit)]

    def offer(self, limit: int) -> list[Body]:
        """Return `pending`, marked as perhaps known elsewhere: it cannot be withdrawn any more."""
        rows = self._oldest(limit)
        offered = [json.loads(text) for text, _, _ in rows]
        if not all(is_offered for _, _, is_offered in rows):
            self._run(
                "UPDATE outbox SET offered = 1 WHERE offered = 0 AND id IN "
                "(SELECT value FROM json_each(?))",
                (dump([operation["id"] for operation in offered]),),
            )
        return offered

    def _oldest(self, limit: int) -> list[Any]:
        rows = self._run(
            "SELECT operation, group_id, offered FROM outbox WHERE verdict IS NULL "
            "ORDER BY n LIMIT ?",
            (limit + 1,),
        ).fetchall()
        taken = rows[:limit]
        if len(rows) > limit and rows[limit][1]:
            cut = rows[limit][1]
            taken = [row for row in taken if row[1] != cut] or self._group(cut)
        return taken

    def _group(self, group_id: str) -> list[Any]:
        """Return a group that is larger than the limit: it goes whole or not at all."""
        return self._run(
            "SELECT operation, group_id, offered FROM outbox WHERE verdict IS NULL "
            "AND group_id = ? ORDER BY n",
            (group_id,),
        ).fetchall()

    @property
    def has_pending(self) -> bool:
        """Whether any operation has no verdict yet."""
        return (
            self._run("SELECT 1 FROM outbox WHERE verdict IS NULL LIMIT 1").fetchone() is not None
        )

    def pending_count(self) -> int:
        """Return how many operations have no verdict yet."""
        return int(self._run("SELECT count(*) FROM outbox WHERE verdict IS NULL").fetchone()[0])

    def oldest_pending_ms(self, *, after: int = 0) -> int | None:
        """Return when the oldest unsent operation was done, the first `after` left aside."""
        row = self._run(
            "SELECT min(made_ms) FROM (SELECT made_ms FROM outbox WHERE verdict IS NULL "
            "ORDER BY n LIMIT -1 OFFSET ?)",
            (after,),
        ).fetchone()
        return row[0] if row else None

    # --- verdicts

    def take_outcomes(self, outcomes: Sequence[Outcome], *, now_ms: int) -> set[str]:
        """Note verdicts and office states; return the keys concerned by what is new of them."""
        if not outcomes:
            return set()
        numbers = dump([outcome.n for outcome in outcomes])
        rows = {n: row for n, *row in self._run(sql.KNOWN, (numbers,))}
        touched = set()
        for outcome in outcomes:
            if outcome.n not in rows:
                continue
            key, op_id, *known = rows[outcome.n]
            told = _told(outcome)
            if not op_id.endswith(outcome.op):
                self._offer_again(op_id)
                told = []
            elif told != known:
                self._run(sql.SETTLE, (outcome.seq, *told, now_ms, op_id))
            if told != known:
                touched.add(key)
                rows[outcome.n] = [key, op_id, *told]
        return touched

    def _offer_again(self, op_id: str) -> None:
        """Take our verdict back: a copy of this device used the number for something else.

        Whatever we were told of our own operation, the server does not know it now; offering it
        again brings the copy to light.
        """
        self._run("UPDATE outbox SET verdict = NULL WHERE id = ?", (op_id,))

    def reopen_after(self, last_n: int) -> set[str]:
        """The server remembers less than it told us (a restored backup): offer the rest again."""
        rows = self._run(sql.FORGOTTEN, (last_n,)).fetchall()
        if rows:
            self._run(sql.REOPEN, (last_n,))
        return {row[0] for row in rows}

    def close_gap(self, last_n: int) -> None:
        """Number what is unsent on from the server's last number, when what lay between is gone.

        A server restored from a backup that is older than what is kept here asks for numbers that
        exist nowhere any more; without this it would wait for them for ever.
        """
        (first,) = self._run(sql.FIRST_PENDING).fetchone()
        if first is None or first <= last_n + 1:
            return
        rows = self._run(sql.PENDING).fetchall()
        for n, (op_id, text) in enumerate(rows, start=last_n + 1):
            self._run(
                "UPDATE outbox SET n = ?, operation = ? WHERE id = ?",
                (n, dump({**json.loads(text), "n": n}), op_id),
            )
        self._run("DELETE FROM meta WHERE name = 'last_n'")

    def seen_between(self, before: int, after: int) -> set[str]:
        """Return keys of operations whose effect the base now contains."""
        rows = self._run(
            "SELECT DISTINCT key FROM outbox WHERE seq > ? AND seq <= ?", (before, after)
        )
        return {row[0] for row in rows}

    # --- replaying

    def unseen(self, keys: Iterable[str]) -> dict[str, list[tuple[Operation, str]]]:
        """Return the operations on documents that the base does not contain, oldest first.

        A document that exists only here (its create waits for a person) keeps all of them.
        """
        work: dict[str, list[tuple[Operation, str]]] = {}
        for key, text, at in self._run(sql.UNSEEN, (dump([*keys]),)):
            work.setdefault(key, []).append((operations.parse(json.loads(text)), at))
        return work

    def _seen(self) -> int:
        """Return the feed number up to which the base contains effects."""
        row = self._run("SELECT value FROM meta WHERE name = 'seq'").fetchone()
        return int(row[0]) if row else 0

    def keys(self) -> set[str]:
        """Return the keys of documents with any operation kept here."""
        return {row[0] for row in self._run("SELECT DISTINCT key FROM outbox")}

    def unseen_keys(self) -> set[str]:
        """Return the keys of documents that the outbox changes."""
        rows = self._run(
            "SELECT DISTINCT key FROM outbox WHERE verdict IS NULL OR seq > coalesce((SELECT "
            "CAST(value AS INTEGER) FROM meta WHERE name = 'seq'), 0) "
            "OR office = 'review'"
        )
        return {row[0] for row in rows}

    def groundless_keys(self) -> set[str]:
        """Return the keys of documents that the outbox changes and the base does not hold."""
        keys = self.unseen_keys()
        held = self._run(
            "SELECT key FROM base WHERE key IN (SELECT value FROM json_each(?))", (dump([*keys]),)
        )
        return keys - {row[0] for row in held}

    # --- showing and cleaning

    def entries(self, limit: int = 500) -> list[Entry]:
        """Return the rows, newest first."""
        rows = self._run(
            "SELECT id, device, n, key, doctype, kind, operation, at, made_ms, "
            "group_id, verdict, seq, problem, details, office, settled_ms "
            "FROM outbox ORDER BY made_ms DESC, n DESC LIMIT ?",
            (limit,),
        )
        return [_entry(row) for row in rows]

    def clean(self, now_ms: int) -> int:
        """Drop what was settled a week ago, is in the office and in the base; return how many.

        An act of several parts goes whole: what is left of one would be refused, were it to be
        offered again. A week counts up to the last contact: a phone out of its drawer has not
        heard yet whether the server was restored and wants to be told again.
        """
        self._run(sql.NOTE_LAST_N)
        heard_ms = min(now_ms, self._contact_ms(now_ms))
        return self._run(_CLEAN, (heard_ms - KEPT_MS, self._seen())).rowcount

    def _contact_ms(self, default: int) -> int:
        row = self._run("SELECT value FROM meta WHERE name = 'contact_ms'").fetchone()
        return int(row[0]) if row else default


def _told(outcome: Outcome) -> list[str | None]:
    """Return the columns that hold what the server says of an operation."""
    details = dump(outcome.details) if outcome.details else None
    return [outcome.verdict.value, outcome.problem, details, outcome.office]


_CLEAN: Final = """
    DELETE FROM outbox WHERE id IN (
        WITH done AS (SELECT id, group_id FROM outbox
                      WHERE settled_ms < ? AND verdict IS NOT NULL AND seq <= ?
                        AND coalesce(office, 'stored') IN ('stored', 'closed'))
        SELECT id FROM done
        WHERE NOT EXISTS (SELECT 1 FROM outbox AS part
                          WHERE part.group_id = done.group_id
                            AND part.id NOT IN (SELECT id FROM done)))
"""


def _entry(row: Sequence[Any]) -> Entry:
    values = list(row)
    values[6] = json.loads(values[6])
    values[13] = json.loads(values[13]) if values[13] else None
    return Entry(*values)

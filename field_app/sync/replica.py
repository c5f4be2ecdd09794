"""The local replica: one SQLite file that holds the server's word, unsent work, and what is shown.

Every public method that writes is one transaction with `synchronous=FULL`: when it returns, the
act survives a kill and a flat battery. The connection is the seam: a test hands one in that dies
between any two statements.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlite_utils import Database

from field_app.sync import models_sql, view
from field_app.sync.index_rows import device_in_index
from field_app.sync.migrations import migrations
from field_app.sync.outbox import Outbox
from field_core.canon import Body, add64, digest, dump, hash8, negate64, sum64
from field_core.replay import Held
from field_core.snapshot_format import Stored
from field_core.wire import Change, SyncReply

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")


class _Writing(Database):
    """A database whose transactions take the write lock at once.

    The window and a command may have the file open together; a transaction that reads first and
    writes later fails with "locked" when the other one wrote in between, and no timeout helps.
    """

    @contextmanager
    def atomic(self) -> Generator[Database, None, None]:
        """Hold the write lock for a block; nested blocks are savepoints."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            self.conn.rollback()
            raise


_TABLES: Final = (
    "base",
    "view",
    "outbox",
    "staged",
    "wanted",
    "blob",
    "capture",
    "ocr",
    "sums",
    "meta",
)
_Held = tuple[str, int, str, str]
"""Doctype, revision, hash and body of a base row."""


class Replica:
    """Documents, outbox and search on one connection, used from one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over an open connection; make or migrate the tables."""
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        self.db = _Writing(connection, recursive_triggers=False, execute_plugins=False)
        self._run = connection.execute
        migrations.bring_up_to_date(self.db)
        models_sql.prepare(self.db)
        self.outbox = Outbox(self.db)

    # --- small facts about the replica itself

    def get(self, name: str) -> str | None:
        """Return one remembered fact."""
        row = self._run("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def remember(self, **facts: str | None) -> None:
        """Remember facts, forgetting those given as None."""
        with self.db.atomic():
            self._remember(facts)

    def _remember(self, facts: Mapping[str, str | None]) -> None:
        for name, value in facts.items():
            if value is None:
                self._run("DELETE FROM meta WHERE name = ?", (name,))
            else:
                self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def cursor(self) -> str | None:
        """How far the server's feed has been taken in."""
        return self.get("cursor")

    @property
    def seq(self) -> int:
        """The feed number of the cursor."""
        return int(self.get("seq") or 0)

    @property
    def is_new(self) -> bool:
        """Whether the first snapshot has not come in whole yet."""
        return self.get("seq") is None

    # --- reading

    def document(self, key: str) -> Held | None:
        """Return a document as a screen shows it."""
        row = self._run("SELECT doctype, body FROM view WHERE key = ?", (key,)).fetchone()
        return Held(row[0], json.loads(row[1])) if row else None

    def device(self, key: str) -> Held | None:
        """Return a device's document; of one that is not here, what the index of all says."""
        return self.document(key) or device_in_index(self.db, key)

    def named(self, doctype: str, name: str) -> tuple[str, Held] | None:
        """Return a document by the ERP's name (or by key, for one that has no name yet)."""
        row = self._run(
            "SELECT key, doctype, body FROM view WHERE doctype = ? AND (name = ?2 OR key = ?2)",
            (doctype, name),
        ).fetchone()
        return (row[0], Held(row[1], json.loads(row[2]))) if row else None

    def documents(self, doctype: str) -> Iterator[tuple[str, Body]]:
        """Yield every document of a doctype as screens show it."""
        for key, body in self._run("SELECT key, body FROM view WHERE doctype = ?", (doctype,)):
            yield key, json.loads(body)

    def search(self, text: str, limit: int = 50) -> list[tuple[str, str, Body]]:
        """Return documents whose words begin with every word of `text`, best first."""
        return view.search(self.db, text, limit)

    def counts(self) -> dict[str, int]:
        """Return how many documents of each doctype are shown."""
        return dict(self._run("SELECT doctype, count(*) FROM view GROUP BY doctype").fetchall())

    def blobs_left(self) -> tuple[int, int | None]:
        """Return how many blobs are still to go and nothing stops, and since when (wall ms)."""
        count, since_ms = self._run(
            "SELECT count(*), min(made_ms) FROM blob WHERE verified_ms IS NULL AND problem IS NULL"
        ).fetchone()
        return count, since_ms

    # --- taking in the server's word

    def apply(self, reply: SyncReply, *, now_ms: int) -> set[str]:
        """Take in a reply, whole or not at all; return the keys of documents that may look new.

        News that starts from another cursor than ours is not taken: it would leave a gap.
        """
        with self.db.atomic():
            touched = self.outbox.take_outcomes(reply.outcomes, now_ms=now_ms)
            touched |= self.outbox.reopen_after(reply.last_n)
            self.outbox.close_gap(reply.last_n)
            if _brings_news(reply) and reply.since == self.cursor:
                before = self.seq
                touched |= self._take_changes(reply.changes)
                self._remember({"cursor": reply.cursor, "seq": str(reply.seq)})
                touched |= self.outbox.seen_between(before, reply.seq)
            self._remember({"contact_ms": str(now_ms)})
            view.rebuild(self.db, touched, self.outbox)
        return touched

    def apply_fetched(self, changes: Iterable[Change]) -> set[str]:
        """Take in documents that were asked for by key."""
        with self.db.atomic():
            touched = self._take_changes(changes)
            self.db.conn.executemany("DELETE FROM wanted WHERE key = ?", [(k,) for k in touched])
            view.rebuild(self.db, touched, self.outbox)
        return touched

    def _take_changes(self, changes: Iterable[Change]) -> set[str]:
        touched = set()
        sums = _Sums(self.db)
        for change in changes:
            touched.add(change.key)
            row = self._run(
                "SELECT doctype, rev, hash8, body FROM base WHERE key = ?", (change.key,)
            ).fetchone()
            if change.gone:
                self._drop(change.key, row, sums)
            elif row is None or row[1] < change.rev:
                self._take(change, row, sums)
        sums.write()
        return touched

    def _drop(self, key: str, row: "_Held | None", sums: "_Sums") -> None:
        if row:
            sums.remove(row[0], key, row[1], row[2])
            self._run("DELETE FROM base WHERE key = ?", (key,))

    def _take(self, change: Change, row: "_Held | None", sums: "_Sums") -> None:
        body, doctype = change.body, change.doctype
        if body is None:
            if row is None or row[1] != change.rev - 1:
                self._run("INSERT OR IGNORE INTO wanted VALUES (?)", (change.key,))
                return
            doctype, body = row[0], _patched(json.loads(row[3]), change.patch or {})
        assert doctype is not None, "a whole document names its doctype"
        hashed = hash8(body)
        if row:
            sums.remove(row[0], change.key, row[1], row[2])
        sums.add(doctype, change.key, change.rev, hashed)
        self._run(
            "INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?, ?)",
            (change.key, doctype, change.rev, hashed, dump(body)),
        )

    # --- a snapshot: staged beside the base, then swapped in at once

    def stage(self, documents: Iterable[Stored], *, progress: str, is_last: bool = False) -> None:
        """Keep one frame of a snapshot, together with how far its download has come.

        is_last: a swap follows at once, and shows what this frame brings with all the rest.
        """
        with self.db.atomic():
            self.db.conn.executemany(
                "INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?)",
                [(d.key, d.doctype, d.rev, hash8(d.body), dump(d.body)) for d in documents],
            )
            self._remember({"snapshot": progress})
            if self.is_new and not is_last:
                self._show_staged()

    def _show_staged(self) -> None:
        """At the first sync the jobs of the day are usable before the rest has arrived."""
        keys = [
            row[0]
            for row in self._run(
                "SELECT key FROM staged WHERE key NOT IN (SELECT key FROM base)"
            ).fetchall()
        ]
        self._run("INSERT OR IGNORE INTO base SELECT * FROM staged")
        _recount(self.db)
        view.rebuild(self.db, keys, self.outbox)

    def swap(self, *, cursor: str, seq: int) -> None:
        """Make the staged documents the base, show them, and pull from `cursor` on.

        The server may have lost photos along with its cursors (a restored backup), so every blob
        still kept here is asked about again.
        """
        with self.db.atomic():
            self._run("DELETE FROM base")
            self._run("INSERT INTO base SELECT * FROM staged")
            self._run("DELETE FROM staged")
            self._run("DELETE FROM wanted")
            self._run("UPDATE blob SET verified_ms = NULL")
            _recount(self.db)
            self._remember({"cursor": cursor, "seq": str(seq), "snapshot": None})
            view.rebuild_all(self.db, self.outbox)

    def start_snapshot(self, progress: str) -> None:
        """Forget what was staged of another snapshot, and note which one is being fetched now."""
        with self.db.atomic():
            self._run("DELETE FROM staged")
            self._remember({"snapshot": progress})

    def forget_cursor(self) -> None:
        """Ask for everything again; unsent work stays, and what the base contains is unchanged."""
        self.remember(cursor=None, snapshot=None)

    # --- sending

    def offer(self, limit: int) -> list[Body]:
        """Return the oldest operations without a verdict, which are about to leave this device."""
        if not self.outbox.pending_count():
            return []
        with self.db.atomic():
            return self.outbox.offer(limit)

    # --- comparing with the server

    def digest(self) -> str:
        """Return the sum over all the server's documents held here."""
        return digest(int(row[0]) for row in self._run("SELECT sum64 FROM sums"))

    def sums(self) -> dict[str, tuple[int, str]]:
        """Return count and sum for each doctype."""
        rows = self._run("SELECT doctype, n, sum64 FROM sums WHERE n > 0")
        return {doctype: (n, f"{int(total):016x}") for doctype, n, total in rows}

    def differing(self, doctype: str, theirs: Mapping[str, tuple[int, str]]) -> list[str]:
        """Return the keys of a doctype on which we and the server differ."""
        rows = self._run("SELECT key, rev, hash8 FROM base WHERE doctype = ?", (doctype,))
        ours = {key: (rev, hashed) for key, rev, hashed in rows}
        return sorted(k for k in {*ours, *theirs} if ours.get(k) != tuple(theirs.get(k, ())))

    def mend(self, keys: Iterable[str]) -> None:
        """Want these documents again: a difference was found. What is here is shown until then."""
        with self.db.atomic():
            for key in keys:
                self._run("UPDATE base SET rev = 0 WHERE key = ?", (key,))
                self._run("INSERT OR IGNORE INTO wanted VALUES (?)", (key,))
            _recount(self.db)
            divergences = int(self.get("divergences") or 0) + 1
            self._remember({"divergences": str(divergences)})

    def wanted(self, limit: int = 500) -> list[str]:
        """Return keys of documents to be fetched whole."""
        rows = self._run("SELECT key FROM wanted ORDER BY key LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def adopt(self, device: str) -> None:
        """Go on as another device: offer what the outbox keeps again, and show it accordingly."""
        with self.db.atomic():
            self.outbox.renumber(device)
            self._remember({"device": device})
            view.rebuild(self.db, self.outbox.keys(), self.outbox)

    # --- the end of a device

    def wipe(self) -> None:
        """Erase everything, unsent work included: only on the server's order.

        That it was ordered stays until the files are gone too, should this end in the middle.
        """
        with self.db.atomic():
            for table in _TABLES:
                self._run(f"DELETE FROM {table}")  # noqa: S608 - our own table names
            self._run("INSERT INTO search(search) VALUES ('delete-all')")
            self._remember({"wiped": "1"})
        models_sql.prepare(self.db)

    def close(self) -> None:
        """Close the file."""
        self.db.conn.close()


class _Sums:
    """Sums of the doctypes touched in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._change: dict[str, list[int]] = {}

    def add(self, doctype: str, key: str, rev: int, hashed: str) -> None:
        self._move(doctype, 1, sum64(key, rev, hashed))

    def remove(self, doctype: str, key: str, rev: int, hashed: str) -> None:
        self._move(doctype, -1, negate64(sum64(key, rev, hashed)))

    def _move(self, doctype: str, n: int, share: int) -> None:
        total = self._change.setdefault(doctype, [0, 0])
        total[0] += n
        total[1] = add64(total[1], share)

    def write(self) -> None:
        for doctype, (n, share) in self._change.items():
            row = self._db.conn.execute(
                "SELECT n, sum64 FROM sums WHERE doctype = ?", (doctype,)
            ).fetchone()
            have_n, have = (row[0], int(row[1])) if row else (0, 0)
            self._db.conn.execute(
                "INSERT OR REPLACE INTO sums VALUES (?, ?, ?)",
                (doctype, have_n + n, str(add64(have, share))),
            )


def _recount(db: Database) -> None:
    """Compute the sums afresh from the base."""
    totals: dict[str, list[int]] = {}
    for key, doctype, rev, hashed in db.conn.execute("SELECT key, doctype, rev, hash8 FROM base"):
        total = totals.setdefault(doctype, [0, 0])
        total[0] += 1
        total[1] = add64(total[1], sum64(key, rev, hashed))
    db.conn.execute("DELETE FROM sums")
    db.conn.executemany(
        "INSERT INTO sums VALUES (?, ?, ?)", [(d, n, str(s)) for d, (n, s) in totals.items()]
    )


def _brings_news(reply: SyncReply) -> bool:
    """Tell whether a reply moves the cursor; one that only takes from us leaves our base alone."""
    return reply.cursor is not None and not reply.upgrade and reply.order is None


def _patched(body: Body, patch: Mapping[str, Any]) -> Body:
    """Apply changed top-level fields; null removes one."""
    merged = {**body, **patch}
    return {name: value for name, value in merged.items() if value is not None}

"""The local replica: one SQLite file that holds the server's word, unsent work, and what is shown.

Every public method that writes is one transaction with `synchronous=FULL`: when it returns, the
act survives a kill and a flat battery. The connection is the seam: a test hands one in that dies
between any two statements.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlite_utils import Database

from field_app.sync import models_sql, view
from field_app.sync.base import Base, recount, row_of
from field_app.sync.index_rows import device_in_index
from field_app.sync.migrations import migrations
from field_app.sync.outbox import Outbox
from field_core.canon import Body, digest
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
    "cpe_check",
    "cpe_report",
    "run",
    "sums",
)
"""What holds a person's data or the company's; beside these there is only `meta`."""


class Unsent(NamedTuple):
    """What the server has not got yet."""

    operations: int
    blobs: int
    """Photos and signatures that are still to go and nothing stops."""
    blobs_since_ms: int | None
    """When the oldest of these was made, by this device's clock."""


_UNSENT: Final = """
    SELECT (SELECT count(*) FROM outbox WHERE verdict IS NULL), count(*), min(made_ms)
    FROM blob WHERE verified_ms IS NULL AND problem IS NULL
"""


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
        gone = [(name,) for name, value in facts.items() if value is None]
        kept = [(name, value) for name, value in facts.items() if value is not None]
        if gone:
            self.db.conn.executemany("DELETE FROM meta WHERE name = ?", gone)
        if kept:
            self.db.conn.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", kept)

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

    def unsent(self) -> Unsent:
        """Return what the server has not got yet."""
        return Unsent(*self._run(_UNSENT).fetchone())

    # --- taking in the server's word

    def apply(
        self, reply: SyncReply, *, now_ms: int, facts: Mapping[str, str | None] | None = None
    ) -> set[str]:
        """Take in a reply, whole or not at all; return the keys of documents that may look new.

        facts: what else is to be remembered of this exchange.
        News that starts from another cursor than ours is not taken: it would leave a gap.
        """
        learnt = {"contact_ms": str(now_ms), **(facts or {})}
        with self.db.atomic():
            touched = self.outbox.take_outcomes(reply.outcomes, now_ms=now_ms)
            touched |= self.outbox.reopen_after(reply.last_n)
            self.outbox.close_gap(reply.last_n)
            if _brings_news(reply) and reply.since == self.cursor:
                before = self.seq
                touched |= self._take_changes(reply.changes)
                learnt |= {"cursor": reply.cursor, "seq": str(reply.seq)}
                touched |= self.outbox.seen_between(before, reply.seq)
            self._remember(learnt)
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
        changes = [*changes]
        keys = {change.key for change in changes}
        if keys:
            base = Base(self.db, keys)
            for change in changes:
                base.take(change)
            base.write()
        return keys

    # --- a snapshot: staged beside the base, then swapped in at once

    def stage(self, documents: Iterable[Stored], *, progress: str, is_last: bool = False) -> None:
        """Keep one frame of a snapshot, together with how far its download has come.

        is_last: a swap follows at once, and shows what this frame brings with all the rest.
        """
        with self.db.atomic():
            self.db.conn.executemany(
                "INSERT OR REPLACE INTO staged VALUES (?, ?, ?, ?, ?)",
                [row_of(d.key, d.doctype, d.rev, d.body) for d in documents],
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
        recount(self.db)
        view.rebuild(self.db, keys, self.outbox)

    def swap(self, *, cursor: str, seq: int) -> None:
        """Make the staged documents the base, show them, and pull from `cursor` on.

        The server may have lost photos along with its cursors (a restored backup).
        """
        with self.db.atomic():
            self._run("DELETE FROM base")
            self._run("INSERT INTO base SELECT * FROM staged")
            self._run("DELETE FROM staged")
            self._run("DELETE FROM wanted")
            self.doubt_photos()
            recount(self.db)
            self._remember({"cursor": cursor, "seq": str(seq), "snapshot": None})
            view.rebuild_all(self.db, self.outbox)

    def doubt_photos(self) -> None:
        """Ask the server again about every photo that is still kept here."""
        self._run("UPDATE blob SET verified_ms = NULL")

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
        if not self.outbox.has_pending:
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
            recount(self.db)
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
            self._run("DELETE FROM meta WHERE name != ?", (models_sql.FINGERPRINT,))
            self._remember({"wiped": "1"})

    def close(self) -> None:
        """Close the file."""
        self.db.conn.close()


def _brings_news(reply: SyncReply) -> bool:
    """Tell whether a reply moves the cursor; one that only takes from us leaves our base alone."""
    return reply.cursor is not None and not reply.upgrade and reply.order is None

"""One exchange: verdicts for what a device sends, then the news since its cursor."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from field_core.wire import (
    PROTO,
    Change,
    FetchReply,
    FetchRequest,
    Outcome,
    SumsReply,
    SumsRequest,
    SyncReply,
    SyncRequest,
    Upcaster,
)
from server_sync.scope import EVERYBODY
from server_sync.store.feeding import last_number, unsigned
from server_sync.store.schema import doc, feed, feed_sum
from server_sync.store.store import Store, epoch, standing
from server_sync.store.transaction import Transaction
from server_sync.sync import contact, pull
from server_sync.sync.caller import Caller
from server_sync.sync.contact import Contact
from server_sync.sync.cursor import Cursor, parse
from server_sync.sync.push import Pusher
from server_sync.sync.snapshots import Snapshots

Identify = Callable[[Connection], Caller]
"""Looks up who calls, and whether they may."""


class _Served(NamedTuple):
    """Who is answered, the verdicts of what they repeated, and where their device stands."""

    caller: Caller
    told: list[Outcome]
    contact: Contact


@dataclass(frozen=True)
class Exchange:
    """The service behind `POST /v1/sync` and its two helpers."""

    store: Store
    snapshots: Snapshots
    upcasters: Mapping[int, Upcaster]
    proto_min: int = PROTO

    def sync(self, request: SyncRequest, identify: Identify) -> SyncReply:
        """Take the operations, then answer with news.

        identify: looks up who calls, in the transaction that serves them first: without operations
        that is the only one. Raises ProblemError `device-cloned`, and what `identify` raises.
        """
        pushed = self._pushed(request, identify) if request.ops else None
        with self.store.read() as connection:
            served = pushed or _found(connection, identify)
            reply = self._answer(connection, request, served)
        if pushed is None:
            self._note_contact(request, served)
        if reply.cursor is None and not self._is_given_nothing(request, served.caller):
            return self._with_snapshot(reply, served.caller)
        return reply

    def _note_contact(self, request: SyncRequest, served: _Served) -> None:
        now_ms, device = self.store.now_ms(), served.caller.device
        if contact.is_due(served.contact, request, now_ms=now_ms):
            self.store.database.run(
                lambda connection: contact.note(connection, request, device, now_ms=now_ms)
            )

    def _is_given_nothing(self, request: SyncRequest, caller: Caller) -> bool:
        return caller.is_draining or request.proto < self.proto_min

    def _answer(self, connection: Connection, request: SyncRequest, served: _Served) -> SyncReply:
        is_given_nothing = self._is_given_nothing(request, served.caller)
        answer = self._verdicts_only if is_given_nothing else self._news
        reply = answer(connection, request, served.caller, served.told)
        now = {"last_n": served.contact.last_n, "now_ms": self.store.now_ms()}
        return reply.model_copy(update=now)

    # --- push

    def _pushed(self, request: SyncRequest, identify: Identify) -> _Served:
        def work(transaction: Transaction) -> _Served:
            caller, now_ms = identify(transaction.connection), transaction.now_ms
            pusher = Pusher(transaction, caller, sent=request.now, upcasters=self.upcasters)
            pusher.push(request.ops, noting=contact.facts(request, now_ms=now_ms))
            return _Served(caller, pusher.told, Contact(pusher.last_n, now_ms))

        return self.store.transact(work)

    # --- pull

    def _news(
        self, connection: Connection, request: SyncRequest, caller: Caller, told: list[Outcome]
    ) -> SyncReply:
        here, cursor = standing(connection), parse(request.cursor)
        if cursor and cursor[:2] == here[:2]:  # nothing new: most exchanges end here
            return SyncReply(
                outcomes=told,
                since=request.cursor,
                cursor=str(cursor),
                seq=here.last,
                digest=pull.digest_of(connection, caller.audience),
            )
        if cursor is None or cursor.epoch != here.epoch or not here.has(cursor.seq):
            return self._outcomes_alone(connection, request, caller, told, since=-1)
        page = pull.Page(connection, caller.audience, cursor, last=here.last)
        if page.more and self._is_far(connection, caller.audience, cursor.seq):
            return self._outcomes_alone(connection, request, caller, told, since=cursor.seq)
        return SyncReply(
            outcomes=self._outcomes(connection, caller, told, since=cursor.seq, until=page.seq),
            changes=page.changes(),
            since=request.cursor,
            cursor=str(page.cursor),
            seq=page.seq,
            more=page.more,
            digest=None if page.more else pull.digest_of(connection, caller.audience),
        )

    def _verdicts_only(
        self, connection: Connection, request: SyncRequest, caller: Caller, told: list[Outcome]
    ) -> SyncReply:
        """Answer a device that may give and not take: it is draining, or its app is too old."""
        cursor = parse(request.cursor)
        is_ours = cursor is not None and cursor.epoch == epoch(connection)
        reply = self._outcomes_alone(
            connection, request, caller, told, since=cursor.seq if cursor and is_ours else -1
        )
        return reply.model_copy(
            update={
                "cursor": request.cursor,
                "order": "drain" if caller.is_draining else None,
                "upgrade": not caller.is_draining,
            }
        )

    def _outcomes_alone(
        self,
        connection: Connection,
        request: SyncRequest,
        caller: Caller,
        told: list[Outcome],
        *,
        since: int,
    ) -> SyncReply:
        """Tell all there is to tell of the device's operations: its cursor will pass them by."""
        outcomes = self._outcomes(connection, caller, told, since=since, until=1 << 62)
        return SyncReply(outcomes=outcomes, since=request.cursor)

    def _outcomes(
        self, connection: Connection, caller: Caller, told: list[Outcome], *, since: int, until: int
    ) -> list[Outcome]:
        news = pull.settled(connection, caller.device, since=since, until=until)
        fresh = {o.n for o in news}
        return [*(o for o in told if o.n not in fresh), *news]

    def _is_far(self, connection: Connection, audience: str, since: int) -> bool:
        rows = connection.execute(
            _FAR, {"a": [audience, EVERYBODY], "s": since, "l": pull.SNAPSHOT_ROWS_MIN}
        ).all()
        return len(rows) >= pull.SNAPSHOT_ROWS_MIN

    def _with_snapshot(self, reply: SyncReply, caller: Caller) -> SyncReply:
        offer = self.snapshots.offer(caller.audience)
        return reply.model_copy(update={"snapshot": offer})

    # --- settling differences

    def sums(self, request: SumsRequest, caller: Caller) -> SumsReply:
        """Compare per doctype; name every document of those that differ."""
        with self.store.read() as connection:
            here = Cursor(epoch(connection), last_number(connection))
            mine: dict[str, list[int]] = {}
            for row in connection.execute(_SUMS, {"a": [caller.audience, EVERYBODY]}):
                total = mine.setdefault(row.doctype, [0, 0])
                total[0] += row.n
                total[1] = (total[1] + unsigned(row.sum64)) & (1 << 64) - 1
            theirs = request.sums
            differing = {
                d
                for d in {*mine, *theirs}
                if _sum(mine.get(d, [0, 0])) != tuple(theirs.get(d, (0, _ZERO)))
            }
            return SumsReply(
                cursor=str(here),
                differing={
                    d: self._held(connection, caller.audience, d) for d in sorted(differing)
                },
            )

    def _held(
        self, connection: Connection, audience: str, doctype: str
    ) -> dict[str, tuple[int, str]]:
        rows = connection.execute(_HELD, {"a": [audience, EVERYBODY], "d": doctype})
        return {row.key: (row.rev, row.hash8) for row in rows}

    def fetch(self, request: FetchRequest, caller: Caller) -> FetchReply:
        """Return documents by key, as far as the caller holds them."""
        with self.store.read() as connection:
            rows = connection.execute(
                _FETCH, {"a": [caller.audience, EVERYBODY], "k": request.keys}
            ).all()
            seq = last_number(connection)
        found = [
            Change(key=r.key, doctype=r.doctype, rev=r.rev, body=json.loads(r.body)) for r in rows
        ]
        have = {change.key for change in found}
        gone = [Change(key=key, gone=True) for key in request.keys if key not in have]
        return FetchReply(changes=[*found, *gone], seq=seq)


def _found(connection: Connection, identify: Identify) -> _Served:
    caller = identify(connection)
    return _Served(caller, [], contact.last_contact(connection, caller.device))


_ZERO: Final = f"{0:016x}"


def _sum(total: list[int]) -> tuple[int, str]:
    return total[0], f"{total[1]:016x}"


_FAR = (
    select(feed.c.seq)
    .where(feed.c.audience.in_(bindparam("a", expanding=True)), feed.c.seq > bindparam("s"))
    .limit(bindparam("l"))
)
_SUMS = select(feed_sum).where(feed_sum.c.audience.in_(bindparam("a", expanding=True)))
_HELD = select(feed.c.key, feed.c.rev, feed.c.hash8).where(
    feed.c.audience.in_(bindparam("a", expanding=True)),
    feed.c.doctype == bindparam("d"),
    feed.c.is_in.is_(True),
)
_FETCH = (
    select(doc.c.key, doc.c.doctype, doc.c.rev, doc.c.body)
    .join(feed, feed.c.key == doc.c.key)
    .where(
        feed.c.audience.in_(bindparam("a", expanding=True)),
        feed.c.is_in.is_(True),
        doc.c.body.is_not(None),
        doc.c.key.in_(bindparam("k", expanding=True)),
    )
)

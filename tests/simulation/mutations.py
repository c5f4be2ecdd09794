"""Does the simulation see what it should? One safeguard is taken out at a time; seeds must fail.

`python -m tests.simulation.mutations [--seeds N] [--steps N] [--only NAME]` prints, for each
safeguard, in how many seeds its absence was found, and exits 1 when one was never found: a
safeguard that cannot be missed is untested or useless.
"""

import argparse
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.pool import Pool
from typing import Any, Final
from unittest.mock import patch

from field_app.sync import files
from field_app.sync import outbox as app_outbox
from field_app.sync.answers import Answers
from field_app.sync.outbox import Outbox
from field_app.sync.replica import Replica
from field_app.sync.snapshot import SnapshotChannel
from field_core import merge, values
from field_core.operations import Verdict
from field_core.wire import OP_TAIL, Outcome
from server_sync.erp import outbox, poller, settling, writer
from server_sync.store import feeding
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction
from server_sync.sync import claims, ingest, outcomes, push, reviews
from tests.simulation.__main__ import quiet
from tests.simulation.world import run

Mutation = Callable[[], Any]


def _attribute(owner: Any, name: str, value: Any) -> Any:
    return patch.object(owner, name, value)


def no_dedupe() -> Any:
    """The server takes a repeated operation for a new one."""

    def repeat(self: Any, raw: Any, n: int) -> Outcome:
        self._tx.connection.exec_driver_sql(
            "DELETE FROM outcome WHERE device = ? AND n = ?", (self._decided._device, n)
        )
        verdict = self._decider.decide(
            {**raw, "item_id": f"{raw.get('item_id', raw['id'])[:-1]}x"}, n
        )
        return Outcome(n=n, op=raw["id"][-OP_TAIL:], verdict=verdict)

    return _attribute(push._Call, "repeat", repeat)


def no_known_elsewhere() -> Any:
    """An operation that was taken under another identity of the phone is taken again."""
    return _attribute(outcomes.Decided, "adopt", lambda *_: None)


def no_gap_check() -> Any:
    """The server takes an operation although earlier ones are missing, and counts on from it."""
    return _attribute(push.Pusher, "_is_next", lambda *_: True)


def no_was_test() -> Any:
    """Whatever a device says is taken, whatever the value was meanwhile; nothing is kept of it."""

    def always(_policy: Any, _was: Any, now: Any, _current: Any, _field: str) -> values.Value:
        return values.Value(now, Verdict.MERGED)

    return _attribute(merge, "merge_value", always)


def no_loser_kept() -> Any:
    """A value that lost is forgotten."""
    return _attribute(reviews, "keep_loser", lambda *_, **__: None)


def no_parked_kept() -> Any:
    """An operation that was parked or refused is forgotten."""
    return _attribute(reviews, "keep_operation", lambda *_, **__: None)


def no_group() -> Any:
    """Half of a group stays when the other half is parked."""
    return _attribute(Transaction, "back_to", lambda *_: None)


def no_row_on_leaving() -> Any:
    """A document that leaves a technician's scope gets no row in the feed."""
    return _attribute(feeding.Publication, "_leave", lambda *_: None)


def no_outbox_on_reset() -> Any:
    """A new snapshot throws unsent work away with the base."""
    whole = Replica.swap

    def swap(self: Replica, *, cursor: str, seq: int) -> None:
        with self.db.atomic():
            self.db.conn.execute("DELETE FROM outbox WHERE verdict IS NULL")
        whole(self, cursor=cursor, seq=seq)

    return _attribute(Replica, "swap", swap)


def no_reopening() -> Any:
    """After a restored backup the device does not offer again what the server forgot."""
    return _attribute(Outbox, "reopen_after", lambda *_: set())


def no_new_epoch() -> Any:
    """A restored server goes on under its old epoch."""
    return _attribute(Store, "renew_epoch", lambda *_: None)


def no_outcome_identity() -> Any:
    """A verdict is taken by number alone, though a copy of the phone used the number."""
    whole = Outbox.take_outcomes

    def take(self: Outbox, outcomes: Sequence[Outcome], *, now_ms: int) -> set[str]:
        return whole(self, [o.model_copy(update={"op": ""}) for o in outcomes], now_ms=now_ms)

    return _attribute(Outbox, "take_outcomes", take)


def no_frames_after_a_kill() -> Any:
    """What had arrived of a snapshot before a kill is never taken in."""
    whole = SnapshotChannel.start

    def start(self: SnapshotChannel, now: Any, access: Any) -> Any:
        with patch.object(SnapshotChannel, "_take_frames", lambda *_: set()):
            return whole(self, now, access)

    return _attribute(SnapshotChannel, "start", start)


def no_poll_overlap() -> Any:
    """The poll starts at the last stamp seen; late commits are passed over."""
    stack = (
        patch.object(poller, "OVERLAP", timedelta(0)),
        patch.object(poller, "OVERLAP_AT_CLOCK_CHANGE", timedelta(0)),
    )

    @contextmanager
    def both() -> Iterator[None]:
        with (
            stack[0],
            stack[1],
            patch("server_sync.erp.service.ErpService.sweep", _nothing),
            patch("server_sync.erp.service.ErpService.check_content", _nothing),
        ):
            yield

    return both()


async def _nothing(*_: Any, **__: Any) -> int:
    return 0


def no_lookup_before_create() -> Any:
    """A create whose answer was lost is sent again without looking."""
    return _attribute(writer.Writer, "_by_key", _none)


async def _none(*_: Any, **__: Any) -> None:
    return None


def no_replay_on_ingest() -> Any:
    """What the ERP says replaces our document, with the work it has not got yet."""
    return _attribute(ingest, "rebuilt", lambda _tx, document: document.erp_body)


def no_claim_order() -> Any:
    """Everybody who accepts an offer has the job."""
    return _attribute(claims, "refusal", lambda *_, **__: None)


def no_drain_wait() -> Any:
    """A phone that is to be drained erases itself at once."""
    return _attribute(Answers, "_is_drained", lambda _: True)


@contextmanager
def no_lease() -> Iterator[None]:
    """Two processes may write the same document to the ERP at the same time."""
    with (
        _attribute(outbox, "lease", lambda *_, **__: None),
        _attribute(outbox, "renew", lambda *_, **__: True),
    ):
        yield


def no_offered_mark() -> Any:
    """What was offered to the server can be taken back on the phone as if it never was."""
    return _attribute(Outbox, "offer", Outbox.pending)


def no_photo_kept() -> Any:
    """A photo is deleted once the server has it, whether or not the ERP has."""
    text = "SELECT sha256 FROM blob WHERE verified_ms IS NOT NULL AND (verified_ms < ? OR 1)"
    return _attribute(files, "_DISPENSABLE", text)


def no_whole_cleaning() -> Any:
    """The outbox forgets settled parts of an act that others are not settled of."""
    text = app_outbox._CLEAN.replace("part.group_id = done.group_id", "0")
    return _attribute(app_outbox, "_CLEAN", text)


def no_end_of_waiting() -> Any:
    """A photo that went with its phone is awaited for ever."""
    return _attribute(settling, "FILE_AWAITED_MS", 1 << 60)


def no_anew_with_index() -> Any:
    """What stands on a row of the index is not shown anew when the index changes."""
    return _attribute(Outbox, "groundless_keys", lambda _: set())


SEED_S_MAX: Final = 60
"""A world without a safeguard may never come to rest: that is a finding too."""

MUTATIONS: Final[dict[str, Mutation]] = {
    f.__name__: f
    for f in (
        no_dedupe,
        no_known_elsewhere,
        no_gap_check,
        no_was_test,
        no_loser_kept,
        no_parked_kept,
        no_group,
        no_row_on_leaving,
        no_outbox_on_reset,
        no_reopening,
        no_new_epoch,
        no_outcome_identity,
        no_frames_after_a_kill,
        no_poll_overlap,
        no_lookup_before_create,
        no_replay_on_ingest,
        no_claim_order,
        no_drain_wait,
        no_lease,
        no_offered_mark,
        no_photo_kept,
        no_whole_cleaning,
        no_end_of_waiting,
        no_anew_with_index,
    )
}


def found(job: tuple[str, int, int]) -> bool:
    """Run one seed without one safeguard; return whether anything noticed."""
    name, seed, steps = job
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SEED_S_MAX)
    with MUTATIONS[name]():
        try:
            run(seed, steps)
        except BaseException:
            return True
        finally:
            signal.alarm(0)
    return False


def _too_long(*_: Any) -> None:
    raise TimeoutError


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each safeguard."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation.mutations", description=__doc__
    )
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--steps", type=int, default=4_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--enough", type=int, default=3, help="stop once it was found so often")
    parser.add_argument("--only", choices=sorted(MUTATIONS))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    names = [options.only] if options.only else list(MUTATIONS)
    with multiprocessing.Pool(options.processes, quiet) as pool:
        missed = [name for name in names if not _sought(pool, name, options)]
    return 1 if missed else 0


def _sought(pool: Pool, name: str, options: argparse.Namespace) -> int:
    """Run seeds until a missing safeguard was noticed often enough; print and return how often."""
    tried = count = 0
    while tried < options.seeds and count < options.enough:
        size = min(options.processes, options.seeds - tried)
        seeds = range(options.first + tried, options.first + tried + size)
        count += sum(pool.map(found, [(name, seed, options.steps) for seed in seeds]))
        tried += size
    sys.stdout.write(f"{name:26} found in {count} of {tried} seeds\n")
    sys.stdout.flush()
    return count


if __name__ == "__main__":
    raise SystemExit(main())

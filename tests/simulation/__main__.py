"""`python -m tests.simulation --seeds A:B --steps N`: figures in a line; exit 1 on a violation."""

import argparse
import gc
import logging
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Final, NamedTuple

from tests.postgresql import Cluster, find_programs, running
from tests.simulation.databases import Made
from tests.simulation.lean_sql import LeanDatabase
from tests.simulation.postgresql import PostgresqlDatabase
from tests.simulation.world import run

GARBAGE_MAX: Final = 50_000
"""Objects between two looks for garbage: nearly all that a world makes goes by itself."""


class Finding(NamedTuple):
    """What one seed came to."""

    seed: int
    operations: int
    erp_calls: int
    cpu_s: float
    """Processor time: what a seed costs whatever else the machine is doing."""
    violation: str | None


class Job(NamedTuple):
    """What one process is asked."""

    seed: int
    steps: int
    cluster: Cluster | None
    """Where the servers' databases are; None for SQLite."""


def one(job: Job) -> Finding:
    """Run one seed; anything that goes wrong in it is its finding."""
    seed = job.seed
    began = time.process_time()
    try:
        world = run(seed, job.steps, database=_database(job.cluster))
        if job.cluster:
            world.store.database.close()
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
        told = f"{type(error).__name__}: {error} ({place})"
        return Finding(seed, 0, 0, time.process_time() - began, told)
    took = time.process_time() - began
    return Finding(seed, len(world.journal()), world.link.calls, took, None)


def _database(cluster: Cluster | None) -> Made:
    return partial(PostgresqlDatabase, cluster) if cluster else LeanDatabase


def quiet() -> None:
    """Ready a process for seeds: no logs, and what was imported is no garbage to look through."""
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_MAX)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds on every core; print violations with how to replay them, then one line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="0:32", help="A:B, B not included (default %(default)s)")
    parser.add_argument("--steps", type=int, default=300, help="steps a seed (default %(default)s)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--postgresql", action="store_true", help="servers over PostgreSQL instead of SQLite"
    )
    options = parser.parse_args(arguments)
    first, _, end = options.seeds.partition(":")
    seeds = range(int(first), int(end or int(first) + 1))
    with _cluster() if options.postgresql else nullcontext() as cluster:
        jobs = [Job(seed, options.steps, cluster) for seed in seeds]
        began = time.monotonic()
        with multiprocessing.Pool(options.processes, quiet) as pool:
            findings = list(_told(pool.imap_unordered(one, jobs), jobs))
        took = time.monotonic() - began
    bad = [finding for finding in findings if finding.violation]
    rate = len(jobs) / took / min(options.processes, len(jobs))
    cpu_s = sum(f.cpu_s for f in findings)
    sys.stdout.write(
        f"{len(jobs)} seeds x {options.steps} steps: {len(bad)} violations, "
        f"{sum(f.operations for f in findings)} operations, "
        f"{sum(f.erp_calls for f in findings)} ERP calls, {took:.1f} s, "
        f"{rate:.2f} seeds/s per process, {len(jobs) / cpu_s:.2f} seeds/s of processor time\n"
    )
    return 1 if bad else 0


def _cluster() -> AbstractContextManager[Cluster]:
    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL's server programs are not installed: scripts/setup.sh --for-tests")
    return running(programs)


def _told(findings: Iterable[Finding], jobs: Sequence[Job]) -> Iterator[Finding]:
    steps, where = jobs[0].steps, " --postgresql" if jobs[0].cluster else ""
    for count, finding in enumerate(findings, start=1):
        if finding.violation:
            sys.stdout.write(
                f"seed {finding.seed}: {finding.violation[:600]}\n  replay: python -m "
                f"tests.simulation --seeds {finding.seed} --steps {steps}{where}\n"
            )
            sys.stdout.flush()
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{count}/{len(jobs)} ")
        yield finding


if __name__ == "__main__":
    raise SystemExit(main())

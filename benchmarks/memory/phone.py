"""A field engine in a process of its own: signs in, takes everything, says what that took."""

import asyncio
import json
import os
import sys
from pathlib import Path

from benchmarks.machine import memory_mb, memory_peak_mb
from benchmarks.sync_phases.device import device, sign_in
from field_app.sync.engine import Phase, Status
from field_app.sync.events import SignedIn

TECHNICIAN = "tech-001"
FIRST_SYNC_S_MAX = 300.0


async def first_sync(server: str, folder: Path) -> dict[str, float]:
    """Return the process's memory in MB at its highest and afterwards, and what came in."""
    session = await sign_in(server, TECHNICIAN)
    async with device(server, folder, session) as made:
        told = asyncio.Queue[Status]()
        forget = made.runner.on_status(told.put_nowait)
        made.runner.post(SignedIn(session))
        while made.runner.status.phase is Phase.SIGNED_OUT:
            await told.get()
        forget()
        outcome = await made.runner.sync_now(FIRST_SYNC_S_MAX)
        assert outcome.is_done, outcome
        counts = await made.desk(made.replica.counts)
    pid = os.getpid()
    return {
        "documents": sum(counts.values()),
        "peak_mb": round(memory_peak_mb(pid), 1),
        "mb": round(memory_mb(pid), 1),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(first_sync(sys.argv[1], Path(sys.argv[2])))))

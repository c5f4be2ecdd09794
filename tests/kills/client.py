"""A technician who never stops: notes one after another, syncing between, until killed.

`python -m tests.kills.client DIR SERVER`: prints `did <item id>` after each note whose method has
returned, so that the parent knows what was promised.
"""

import asyncio
import os
import sys
from functools import partial
from pathlib import Path

from field_app.compose import Machine
from server_sync.demo import PASSWORD

EMAIL = "marc@gigafibre.test"
SYNC_EVERY = 5


async def work(folder: Path, server: str) -> None:
    """Sign in when needed, then note and sync for ever."""
    machine = Machine.from_environment(
        {**os.environ, "GIGAFIELD_DATA_DIR": str(folder), "GIGAFIELD_SECRETS": "file"}
    )
    try:
        account = machine.open()
    except Exception:
        account = await machine.sign_in(server, email=EMAIL, password=PASSWORD)
    async with machine.live(account) as live:
        count = 0
        while True:
            jobs = await live.runner.edit(
                lambda: [key for key, _ in account.replica.documents("Dispatch Job")]
            )
            for key in jobs[:1]:
                operation = await live.runner.edit(partial(account.acts.note, key, "kill me"))
                print(f"did {operation.item_id}", flush=True)  # type: ignore[attr-defined]  # a note is an Append
            count += 1
            if count % SYNC_EVERY == 0 or not jobs:
                await live.runner.sync_now(2.0)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2]))

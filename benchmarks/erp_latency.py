"""`python -m benchmarks.erp_latency`: from the office to a phone, and from a phone to the office.

A served ERP that delivers webhooks half a second after a commit, as the recorded site does, and a
server process between it and a phone that listens for hints (SSE). Office to phone: from the answer
to the office's save until the phone has the change. Phone to office: from the answer to the phone's
push until the ERP shows it. `--no-webhooks` has the changes found by polling.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn

from benchmarks.machine import describe, load_average, percentile
from field_core.ids import erp_key
from server_sync.clock import SystemClock, today_at
from server_sync.compose import WithWorker
from server_sync.embedded_erp import ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.erp import erp_doctypes
from server_sync.erp.setup import webhooks
from server_sync.settings import Settings

ROUNDS: Final = 30
SECRET: Final = "a secret of more than enough characters"  # noqa: S105 - of a bench on loopback
PASSWORD: Final = "bench-password"  # noqa: S105 - it guards generated documents on this machine
OFFICE_TO_PHONE_S: Final = 2.0
PHONE_TO_OFFICE_S: Final = 3.0
WAIT_S_MAX: Final = 60
LOOK_S: Final = 0.05
SERVER: Final = "from server_sync.cli import main; raise SystemExit(main())"
KEY: Final = {"Authorization": "token key:secret"}


@contextmanager
def office() -> Iterator[str]:
    """Serve an ERP with its worker; yields its address."""
    erp = create_embedded_erp(
        ":memory:",
        doctypes=erp_doctypes(),
        clock=lambda: datetime.now(UTC),
        entropy=os.urandom,
        settings=ErpSiteSettings(
            users=(ErpUser("sync@bench.test", "Sync", api_key="key", api_secret="secret"),),  # noqa: S106 - same
            durable=False,
            offload=True,
        ),
    )
    port = free_port()
    config = uvicorn.Config(WithWorker(erp), port=port, log_level="critical", server_header=False)
    served = uvicorn.Server(config)
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    while not served.started:
        time.sleep(LOOK_S)
    yield f"http://127.0.0.1:{port}"
    served.should_exit = True
    thread.join(10)


@contextmanager
def server(erp: str, port: int, folder: Path) -> Iterator[str]:
    """Run a server process over SQLite; yields its address once it is ready."""
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "SERVER_PORT": str(port),
        "ERPNEXT_URL": erp,
        "ERPNEXT_API_KEY": "key",
        "ERPNEXT_API_SECRET": "secret",
        "ERPNEXT_WEBHOOK_SECRET": SECRET,
        "PASSWORD_MEMORY_KIB": "8",
        "PASSWORD_PASSES": "1",
        "LOG_LEVEL": "error",
    }
    words = ["account", "add", "b@bench.test", "--name", "B", "--role", "technician",
             "--technician", "DT-00001", "--password-stdin"]  # fmt: skip
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", SERVER, *words], input=PASSWORD, text=True, env=environment,
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", SERVER, "serve"], env=environment)  # noqa: S603 - same
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/ready")
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str) -> None:
    while True:
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bench:
    """One phone and one person in the office, with one job between them."""

    def __init__(self, erp: httpx.AsyncClient, server: httpx.AsyncClient) -> None:
        self._erp, self._server = erp, server
        self._cursor: str | None = None
        self._n = 0
        self.name = self.key = ""
        self.hinted = asyncio.Event()

    async def begin(self, url: str, *, has_webhooks: bool) -> None:
        """Plan a job, set webhooks up, sign in, and wait until the phone's feed has the job."""
        await self._office("POST", "Dispatch Technician", {"full_name": "B"})
        if has_webhooks:
            for one in webhooks(f"{url}/v1/erp/webhook", SECRET, "sync@bench.test"):
                if one.doctype == "Dispatch Job":
                    form = {**one.form(), "condition": ""}  # office and server have one key here
                    await self._office("POST", "Webhook", {"name": one.name, **form})
        job = await self._office("POST", "Dispatch Job", {
            "subject": "Poser", "status": "Dispatched", "assigned_technician": "DT-00001",
            "scheduled_date": today_at(SystemClock(), Settings().zone).isoformat(),
        })  # fmt: skip
        self.name, self.key = job["name"], erp_key("Dispatch Job", job["name"], job["creation"])
        body = {"email": "b@bench.test", "password": PASSWORD, "device": {"name": "bench"}}
        session = (await self._server.post("/v1/auth/sign-in", json=body)).json()
        self._server.headers["Authorization"] = f"Bearer {session['access']}"
        while self._cursor is None:
            snapshot = (await self._exchange()).get("snapshot")
            self._cursor = snapshot["cursor"] if snapshot and snapshot.get("documents", 1) else None
            await asyncio.sleep(0.5)

    async def office_to_phone(self, number: int) -> float:
        """Edit in the office; return seconds until the phone has it, told by a hint."""
        text = f"bureau {number}"
        await self._office("PUT", f"Dispatch Job/{self.name}", {"description": text})
        began = time.monotonic()
        while time.monotonic() < began + WAIT_S_MAX:
            self.hinted.clear()
            told = await self._exchange()
            if text in json.dumps(told):
                return time.monotonic() - began
            try:
                await asyncio.wait_for(self.hinted.wait(), 5)
            except TimeoutError:
                continue
        raise TimeoutError("the change never came")

    async def phone_to_office(self, number: int) -> float:
        """Push from the phone; return seconds until the ERP shows it."""
        text = f"terrain {number}"
        self._n += 1
        now = round(time.time() * 1000)
        await self._exchange({
            "kind": "append", "id": f"operation-{self._n:06d}", "n": self._n, "key": self.key,
            "rev": 1, "at": [now, now, "boot"], "list": "notes",
            "item_id": f"note-{self._n:06d}-of-bench", "item": {"text": text},
        })  # fmt: skip
        began = time.monotonic()
        while time.monotonic() < began + WAIT_S_MAX:
            shown = await self._office("GET", f"Dispatch Job/{self.name}", None)
            if any(row["text"] == text for row in shown.get("notes", ())):
                return time.monotonic() - began
            await asyncio.sleep(LOOK_S)
        raise TimeoutError("the work never came")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hear hints while the block lasts."""

        async def listen() -> None:
            async with self._server.stream("GET", "/v1/hints", timeout=None) as lines:
                async for line in lines.aiter_lines():
                    if line.startswith("data"):
                        self.hinted.set()

        task = asyncio.create_task(listen())
        try:
            yield
        finally:
            task.cancel()

    async def _exchange(self, *ops: dict[str, Any]) -> dict[str, Any]:
        now = round(time.time() * 1000)
        body = {"proto": 1, "now": [now, now, "boot"], "ops": [*ops], "cursor": self._cursor}
        answer = (await self._server.post("/v1/sync", json=body)).raise_for_status()
        told: dict[str, Any] = answer.json()
        self._cursor = told.get("cursor") or self._cursor
        return told

    async def _office(self, method: str, path: str, body: Any) -> Any:  # noqa: ANN401 - any JSON
        answer = await self._erp.request(method, f"/api/resource/{path}", json=body, headers=KEY)
        return answer.raise_for_status().json()["data"]


async def measure(erp: str, url: str, *, rounds: int, has_webhooks: bool) -> dict[str, Any]:
    """Return both latencies as figures."""
    clients = (httpx.AsyncClient(base_url=one, timeout=30) for one in (erp, url))
    async with next(clients) as office_client, next(clients) as phone_client:
        bench = Bench(office_client, phone_client)
        await bench.begin(url, has_webhooks=has_webhooks)
        async with bench.listening():
            to_phone = [await bench.office_to_phone(n) for n in range(rounds)]
            to_office = [await bench.phone_to_office(n) for n in range(rounds)]
    return {
        "rounds": rounds,
        "webhooks": has_webhooks,
        **{f"office_to_phone_p{p}_s": round(percentile(to_phone, p), 2) for p in (50, 95)},
        **{f"phone_to_office_p{p}_s": round(percentile(to_office, p), 2) for p in (50, 95)},
        "load": load_average(),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.erp_latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--no-webhooks", action="store_true")
    asked = parser.parse_args(arguments)
    port = free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="latency-")))
        erp = stack.enter_context(office())
        url = stack.enter_context(server(erp, port, folder))
        work = measure(erp, url, rounds=asked.rounds, has_webhooks=not asked.no_webhooks)
        figures = asyncio.run(work)
    print(describe(), file=sys.stderr)
    print(json.dumps(figures))
    missed = figures["phone_to_office_p95_s"] > PHONE_TO_OFFICE_S
    if not asked.no_webhooks:
        missed |= figures["office_to_phone_p95_s"] > OFFICE_TO_PHONE_S
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

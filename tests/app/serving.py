"""A real server on the loopback interface, with a small office that puts documents on it."""

# ruff: noqa: ANN401 - JSON of any shape

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from field_core.canon import Body
from field_core.capabilities import Role
from server_sync.accounts.people import Person
from server_sync.acs.ports import Acs
from server_sync.clock import SystemClock
from server_sync.compose import Server, Threads, build
from server_sync.settings import Settings
from server_sync.store.documents import Doc
from server_sync.store.transaction import Transaction

MARC = "marc@example.com"
NADIA = "nadia@example.com"
KARIM = "karim@example.com"
PASSWORD = "correct horse battery"


def today(*, ahead_s: int = 0) -> str:
    """Return the date where the company works, which at night is not the machine's.

    ahead_s: how far the clock that is asked is ahead.
    """
    now = SystemClock().now() + timedelta(seconds=ahead_s)
    return now.astimezone(Settings().zone).date().isoformat()


def key(n: int) -> str:
    return f"0197a000-0000-7000-8000-{n:012x}"


class Office:
    """What the office does, straight on the server's store."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url

    def add_people(self) -> None:
        add = self.server.accounts.add
        add(Person(MARC, "Marc", (Role.TECHNICIAN,), "DT-00001"), password=PASSWORD)
        add(Person(NADIA, "Nadia", (Role.TECHNICIAN,), "DT-00002"), password=PASSWORD)
        add(Person(KARIM, "Karim", (Role.SUPERVISOR,), None), password=PASSWORD)

    def put(self, doc_key: str, doctype: str, body: Body, name: str | None = None) -> None:
        """Write a document as if the ERP had told it."""

        def work(tx: Transaction) -> None:
            have = tx.get(doc_key) or Doc(doc_key, doctype)
            whole: Body = {**(have.body or {}), **body, **({"name": name} if name else {})}
            tx.put(replace(have.with_body(whole), erp_name=name or have.erp_name))

        self.server.store.transact(work)

    def job(self, n: int, **fields: Any) -> str:
        """Write a job of Marc's at a location of its own."""
        self.put(
            key(1000 + n),
            "Service Location",
            {
                "location_name": f"Chemin {n}",
                "civic_address": f"{n} rue de la Forêt",
                "city": "Sainte-Béatrix",
            },
            f"LOC-{n:05}",
        )
        self.put(
            key(n),
            "Dispatch Job",
            {
                "subject": f"Installer {n}",
                "status": "Dispatched",
                "scheduled_date": today(),
                "scheduled_time": "09:00:00",
                "assigned_technician": "DT-00001",
                "service_location": f"LOC-{n:05}",
                "checklist": steps(),
                **fields,
            },
            f"DJ-{n:05}",
        )
        return key(n)

    def body(self, doc_key: str) -> Body:
        """Return a document as the server has it."""

        def work(tx: Transaction) -> Body:
            found = tx.get(doc_key)
            return dict(found.body or {}) if found else {}

        return self.server.store.transact(work)


def steps() -> list[Any]:
    return [
        {
            "id": "s1",
            "step": "s1",
            "kind": "confirm",
            "label_fr": "Arrivé sur place",
            "label_en": "On site",
            "required": True,
        },
        {
            "id": "s2",
            "step": "s2",
            "kind": "reading",
            "label_fr": "Niveau optique",
            "unit": "dBm",
            "label_en": "Optical level",
            "required": True,
            "min_value": -27.0,
            "max_value": -8.0,
            "depends_on": "s1",
        },
    ]


@contextmanager
def serving(
    folder: Path, *, port: int = 0, acs: Acs | None = None, **settings: Any
) -> Iterator[Office]:
    """Run a real server for a while, without its ERP side; the folder keeps what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    threads = Threads(readers=4, writers=1)
    made = build(
        Settings(data_dir=folder, password_memory_kib=8, password_passes=1, **settings),
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        run_blocking=threads,
        acs=acs,
    )
    config = uvicorn.Config(
        made.app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1
    )
    program = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        thread = threading.Thread(target=program.run, args=([listener],), daemon=True)
        thread.start()
        try:
            _wait_until(lambda: program.started)
            yield Office(made, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            program.should_exit = True
            thread.join(10)
            threads.close()
            made.close()


def _wait_until(done: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the server did not start"
        time.sleep(0.01)

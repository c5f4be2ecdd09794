"""A small server with real parts: SQLite in a folder, the ASGI app, a clock that tests move."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from field_core.capabilities import Role
from field_core.instants import to_ms
from server_sync.accounts import Person
from server_sync.compose import Server, build
from server_sync.settings import Settings
from server_sync.store.documents import Doc

START: Final = datetime(2026, 9, 21, 14, 0, tzinfo=UTC)
PASSWORD: Final = "une-phrase-assez-longue"
MARC: Final = Person("marc@example.test", "Marc T.", (Role.TECHNICIAN,), "DT-00001")
NADIA: Final = Person("nadia@example.test", "Nadia B.", (Role.TECHNICIAN,), "DT-00002")
SOPHIE: Final = Person("sophie@example.test", "Sophie D.", (Role.DISPATCHER,))
KARIM: Final = Person("karim@example.test", "Karim H.", (Role.SUPERVISOR,), language="en")
PEOPLE: Final = (MARC, NADIA, SOPHIE, KARIM)
JOB: Final = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e01"
OTHER_JOB: Final = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e02"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    ms: int = to_ms(START)

    def now_ms(self) -> int:
        return self.ms

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.ms / 1000, UTC)

    def forward(self, *, minutes: float = 0, days: float = 0) -> None:
        self.ms += round(minutes * 60_000 + days * 86_400_000)


@dataclass
class Entropy:
    """Bytes that look random and are the same each time, for one seed."""

    seed: str = ""
    asked: int = 0

    def __call__(self, size: int) -> bytes:
        self.asked += 1
        return hashlib.shake_128(f"{self.seed}{self.asked}".encode()).digest(size)


def settings_in(folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - a test's own value
    return Settings(data_dir=folder, password_memory_kib=8, password_passes=1, **more)


@dataclass
class Device:
    """A signed-in device that counts its operations."""

    house: "House"
    session: dict[str, Any]
    n: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.session['access']}"}

    @property
    def id(self) -> str:
        return str(self.session["device"])

    def stamp(self) -> list[Any]:
        return [self.house.clock.ms, self.house.clock.ms - to_ms(START), "boot"]

    def operation(self, kind: str, key: str = JOB, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a test's own value
        self.n += 1
        return {
            "kind": kind,
            "id": f"{self.id[-12:]}-op-{self.n}",
            "n": self.n,
            "key": key,
            "rev": 1,
            "at": self.stamp(),
            **more,
        }

    async def sync(
        self,
        *ops: dict[str, Any],
        cursor: str | None = None,
        **more: Any,  # noqa: ANN401 - any JSON
    ) -> dict[str, Any]:
        body = {"now": self.stamp(), "ops": [*ops], "cursor": cursor, **more}
        answer = await self.post("/v1/sync", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def cursor(self) -> str:
        """Return a cursor from which everything that comes is news."""
        return str((await self.sync())["snapshot"]["cursor"])

    async def post(self, path: str, body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
        return await self.house.client.post(path, json=body, headers=self.headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.house.client.get(path, headers=self.headers | headers)


@dataclass
class House:
    """A server, a client, and people who may sign in."""

    server: Server
    client: httpx.AsyncClient
    clock: Clock

    async def sign_in(self, person: Person = MARC, **device: str) -> Device:
        answer = await self.client.post(
            "/v1/auth/sign-in",
            json={
                "email": person.email,
                "password": PASSWORD,
                "device": {"name": "test", **device},
            },
        )
        assert answer.status_code == 200, answer.text
        return Device(self, answer.json())

    def put(
        self,
        key: str,
        doctype: str = "Dispatch Job",
        name: str | None = None,
        **body: Any,  # noqa: ANN401 - any JSON
    ) -> None:
        def work(transaction: Any) -> None:  # noqa: ANN401 - any JSON
            have = transaction.get(key) or Doc(key, doctype, erp_name=name)
            transaction.put(have.with_body(body))

        self.server.store.transact(work)

    def job(self, key: str = JOB, *, technician: str | None = "DT-00001", **more: Any) -> None:  # noqa: ANN401 - any JSON
        """Put a job of today."""
        body: dict[str, Any] = {
            "subject": "Installation",
            "status": "Dispatched",
            "scheduled_date": "2026-09-21",
            **more,
        }
        if technician:
            body["assigned_technician"] = technician
        self.put(key, name=f"DJ-{key[-5:]}", **body)

    def body(self, key: str = JOB) -> dict[str, Any]:
        found = self.server.store.transact(lambda tx: tx.get(key))
        assert found is not None, f"{key} is not there"
        assert found.body is not None, f"{key} was removed"
        return found.body


@contextmanager
def house_in(folder: Path, **settings: Any) -> Iterator[House]:  # noqa: ANN401 - a test's own value
    """A house with its four people."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    server = build(settings_in(folder, **settings), clock=clock, entropy=Entropy(folder.name))
    for person in PEOPLE:
        server.accounts.add(person, password=PASSWORD)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://server")
    try:
        yield House(server, client, clock)
    finally:
        server.close()

"""Marc's job at an address with an ONT that the ACS knows, and a way to ask for it over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from field_core.instants import to_text
from server_sync.acs.bench import Bench, BenchTransport
from server_sync.acs.nbi import NbiClient
from server_sync.acs.service import Diagnostics
from server_sync.compose import build
from tests.server.acs.recordings import XX230V, devices
from tests.server.http.house import (
    JOB,
    MARC,
    PASSWORD,
    PEOPLE,
    START,
    Clock,
    Device,
    Entropy,
    House,
    settings_in,
)

ONT: Final = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e10"
LOCATION: Final = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e11"
MAC: Final = "1C:61:B4:10:20:30"
"""Of the recorded XX230v."""


class Recorded:
    """The recorded devices, informed just before the clock of the tests."""

    def __init__(self) -> None:
        self.all = devices()
        for document in self.all.values():
            read_at(document, to_text(START - timedelta(minutes=1)))

    def documents(self, *, at: str) -> Mapping[str, dict[str, Any]]:  # noqa: ARG002 - the port's shape
        return self.all

    def is_off(self, document: Mapping[str, Any]) -> bool:  # noqa: ARG002 - same
        return False


def read_at(tree: dict[str, Any], at: str) -> None:
    """Have everything of a document read at one time, and its device heard of then."""
    for name, item in tree.items():
        if name in _TIMES:
            tree[name] = at
        elif isinstance(item, dict):
            read_at(item, at)


_TIMES: Final = frozenset({"_timestamp", "_lastInform", "_lastBoot", "_registered"})


@dataclass
class Ward:
    """A house, its stand-in, and Marc's device."""

    house: House
    bench: Bench
    marc: Device

    @property
    def diagnostics(self) -> Diagnostics:
        return self.house.server.context.diagnostics

    async def sign_in(self) -> "Ward":
        self.marc = await self.house.sign_in(MARC)
        return self

    async def report(self, key: str = ONT, device: Device | None = None) -> httpx.Response:
        return await (device or self.marc).get(f"/v1/equipment/{key}/report")

    async def ask(self, act: str, number: str = "act-00000001", **more: object) -> httpx.Response:
        body = {"id": number, "act": act, **more}
        return await self.marc.post(f"/v1/equipment/{ONT}/acts", body)

    async def latest(self) -> list[dict[str, Any]]:
        answer = await self.marc.get(f"/v1/equipment/{ONT}/acts")
        found: list[dict[str, Any]] = answer.json()["acts"]
        return found

    async def later(self, minutes: float) -> list[dict[str, Any]]:
        """Let time pass, look after what waits, and tell it."""
        self.house.clock.forward(minutes=minutes)
        await self.diagnostics.acting.resolve()
        return await self.latest()

    def leave(self) -> None:
        """Switch the ONT off."""
        self.bench.off.add(XX230V)

    def come_back(self) -> None:
        self.bench.off.clear()


@contextmanager
def ward_in(folder: Path, **settings: Any) -> Iterator[Ward]:  # noqa: ANN401 - a test's own value
    """A house with Marc's job at LOC-1, where the recorded XX230v hangs."""
    clock = Clock()
    bench = Bench(Recorded(), lambda: datetime.fromtimestamp(clock.ms / 1000, UTC))
    client = NbiClient("http://acs.test", transport=BenchTransport(bench))
    server = build(settings_in(folder, **settings), clock=clock, entropy=Entropy("w"), acs=client)
    for person in PEOPLE:
        server.accounts.add(person, password=PASSWORD)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://server")
    house = House(server, http, clock)
    house.put(LOCATION, "Service Location", "LOC-00001", civic_address="3, rue des Pins")
    house.put(
        ONT,
        "Service Equipment",
        "EQP-00001",
        service_location="LOC-00001",
        equipment_type="ONT",
        mac_address=MAC,
        status="Installed",
    )
    house.job(JOB, service_location="LOC-00001")
    try:
        yield Ward(house, bench, Device(house, {"access": "", "device": ""}))
    finally:
        server.close()

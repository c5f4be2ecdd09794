"""A server at work on a site behind a faulty proxy: devices push, the office edits, time passes.

Clocks are simulated, sockets are real: a pause of minutes costs nothing, a lost answer is one.
"""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx

from server_sync.erp import ErpService, FrappeClient
from server_sync.erp.failures import ErpFailure
from tests.faults.proxy import FOR_WRITES, Choose, FaultyProxy, Trouble, standing
from tests.server.erp.world import Json, World
from tests.server.http.serving import served

TIMEOUT: Final = httpx.Timeout(1.0, connect=5, pool=30)
SHARE: Final = 0.3
"""How many of all calls get in trouble while it lasts."""
JOBS: Final = 12
START: Final = datetime(2026, 11, 1, 5, 20, tzinfo=UTC)
"""Forty minutes before the hour that happens twice in Québec: every session goes through it."""
_READS: Final = ("get_list", "get_count", "get_time_zone")


@dataclass
class Ledger:
    """What devices were told was saved."""

    notes: list[tuple[str, str]] = field(default_factory=list)
    """(key of the job, text): each text is written once in the whole session."""
    photos: list[tuple[str, str]] = field(default_factory=list)
    """(key of the job, sha256)."""
    births: list[tuple[str, str]] = field(default_factory=list)
    """(key of the equipment, its serial number)."""
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    """(key of the job, field) to the last value that was written there."""


class Field(World):
    """One server, one device and one office; the server reaches the site through the proxy."""

    def __init__(self, *, seed: int) -> None:
        super().__init__()
        self.moment = START
        self.rng = random.Random(seed)
        self.url = ""
        self.ledger = Ledger()
        self.jobs: dict[str, str] = {}
        """Key to name of the jobs that the office has not deleted."""
        self._count = 0

    def reach(self, site: str, proxy: str) -> None:
        """Say where the site is for the office, and for the server."""
        self.url = site
        self.client = FrappeClient(
            proxy,
            api_key="key",
            api_secret="secret",
            breaker=self.breaker,
            now_ms=self.now_ms,
            timeout=TIMEOUT,
        )
        self.service = ErpService(
            self.client, self.store, rand=self.rng.random, read_blob=self.blobs.get
        )

    async def office(
        self, method: str, path: str, body: Json = None, **params: str
    ) -> httpx.Response:
        """Call the site as somebody in the office does: over a socket, past the proxy."""
        self.wait(seconds=1)
        async with httpx.AsyncClient(base_url=self.url, timeout=30, verify=False) as http:  # noqa: S501 - loopback: no certificates to load
            response = await http.request(
                method,
                path,
                json=body,
                params=params or None,
                headers={"Authorization": "token key:secret"},
            )
        assert response.status_code < 300, response.text
        return response

    async def begin(self, jobs: int = JOBS) -> None:
        """Have the office plan jobs, and the server read them."""
        technician = await self.make("Dispatch Technician", full_name="Ti-Guy Tremblay")
        names = [
            await self.make(
                "Dispatch Job",
                subject=f"Job {n}",
                status="Dispatched",
                scheduled_date="2026-11-01",
                assigned_technician=technician,
            )
            for n in range(jobs)
        ]
        await self.service.poll()
        self.jobs = {self.doc("Dispatch Job", name).key: name for name in names}

    # --- what people do

    def work(self) -> None:
        """Have the device push something."""
        key = self.rng.choice([*self.jobs])
        act = self.rng.choice([self.note, self.photo, self.edit_field, self.edit_field, self.birth])
        act(key)

    def note(self, key: str) -> None:
        """Have the device append a note."""
        text = self._words("note")
        self.push(key, "append", list="notes", item_id=self.new_id(), item={"text": text})
        self.ledger.notes.append((key, text))

    def photo(self, key: str) -> None:
        """Have the device attach a photo that has arrived."""
        content = b"\xff\xd8\xff\xe0 " + self._words("photo").encode()
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        self.push(
            key,
            "attach",
            sha256=sha256,
            size=len(content),
            mime="image/jpeg",
            role="photo",
            list="photos",
            item_id=self.new_id(),
            item={"caption": "ONT posé"},
        )
        self.ledger.photos.append((key, sha256))

    def edit_field(self, key: str) -> None:
        """Have the device set one of two texts."""
        name, text = self.rng.choice(["work_notes", "signed_by"]), self._words("texte")
        self.push_set(key, **{name: text})
        self.ledger.fields[key, name] = text

    def birth(self, _key: str) -> None:
        """Have the device make a piece of equipment."""
        key, serial = self.new_id(), self._words("SN")
        self.push(key, "create", doctype="Service Equipment", body={"serial_no": serial})
        self.ledger.births.append((key, serial))

    def _words(self, kind: str) -> str:
        self._count += 1
        return f"{kind} {self._count}."

    async def edit(self) -> None:
        """Have the office change a job, delete one, or give one another name."""
        key, name = self.rng.choice([*self.jobs.items()])
        throw = self.rng.random()
        if throw < 0.02 and len(self.jobs) > JOBS // 2:
            await self.office("DELETE", f"/api/resource/Dispatch Job/{name}")
            del self.jobs[key]
        elif throw < 0.06:
            new = f"DJ-R{self._words('').strip(' .')}"
            form = {"doctype": "Dispatch Job", "old_name": name, "new_name": new}
            await self.office("POST", "/api/method/frappe.client.rename_doc", form)
            self.jobs[key] = new
        else:
            await self.change("Dispatch Job", name, description=self._words("bureau"))

    async def turn(self) -> None:
        """Let the server do what its schedule does."""
        await self.service.write_back()
        try:
            await self.service.poll(["Dispatch Job", "Service Equipment"])
            if self.rng.random() < 0.1:
                await self.service.sweep()
        except ErpFailure:
            pass  # the next turn goes on


class Hand:
    """Chooses what gets in trouble, until it has done enough."""

    def __init__(self, count: int, *, seed: int) -> None:
        self._rng = random.Random(seed)
        self.left = count
        self.is_on = False

    def __call__(self, method: str, path: str) -> Trouble | None:
        """Choose for one call; a site's own refusals are for writes alone."""
        if not self.is_on or not self.left or self._rng.random() > SHARE:
            return None
        is_read = method == "GET" or path.endswith(_READS)
        found = self._rng.choice([t for t in Trouble if not is_read or t not in FOR_WRITES])
        self.left -= 1
        return found


@contextmanager
def in_the_field(hand: Choose, *, seed: int) -> Iterator[tuple[Field, FaultyProxy]]:
    """Serve a site, put a proxy in front of it and a server behind that."""
    made = Field(seed=seed)
    with served(made.erp) as site:
        proxy = FaultyProxy(int(site.rpartition(":")[2]), hand)
        with standing(proxy) as address:
            made.reach(site, address)
            yield made, proxy
    made.erp.close()
    made.store.database.close()

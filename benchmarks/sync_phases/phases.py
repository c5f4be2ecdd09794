"""`client`: a device's day in seven phases, timed and counted, and checked after each."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.sync_phases.dataset import again, body_of, drafts, key_of, rows
from benchmarks.sync_phases.device import Device, device, sign_in
from benchmarks.sync_phases.facts import facts_of
from field_app.sync import view
from field_app.sync.acts import Photo, done
from field_app.sync.engine import Phase, Status
from field_app.sync.events import SignedIn
from field_core.canon import Json
from field_core.operations import Operation

TECHNICIAN: Final = "tech-001"
PAUSE_S: Final = 0.45
"""Between phases, as the peers were measured: late segments of one phase are not counted in the
next."""
PHASE_S_MAX: Final = 300.0
JPEG: Final = b"\xff\xd8\xff\xe0"
PHOTO_BYTES: Final = 2_048

Figures = dict[str, Any]


class WrongError(Exception):
    """Something is not as it must be: the figures would be worth nothing."""


async def client(server: str, data: Path, folder: Path) -> Figures:
    """Run every phase against a server; raises WrongError."""
    session = await sign_in(server, TECHNICIAN)
    async with device(server, folder, session) as made, _office(server) as office:
        return await Day(made, office, data).run(session)


def _office(server: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{server}/bench/", trust_env=False, timeout=PHASE_S_MAX)


class Day:
    """The phases on one device, in order."""

    def __init__(self, made: Device, office: httpx.AsyncClient, data: Path) -> None:
        self._device = made
        self._office = office
        self._data = data
        self._edits = list(rows(data, "edits.jsonl"))
        self._moves = [key_of(m["doctype"], m["name"]) for m in rows(data, "moves.jsonl")]

    async def run(self, session: dict[str, Any]) -> Figures:
        """Return the figures of each phase by its name."""
        figures: Figures = {"initial": await self._initial(session)}
        figures["idle"] = await self._phase(self._sync)
        figures["delta"] = await self._delta()
        figures["push"] = await self._push(self._edits)
        anew = [again(edit, number) for number, edit in enumerate(self._edits, start=1)]
        figures["push_again"] = await self._push(anew)
        figures["pull_after_push"] = await self._phase(self._sync)
        figures["moved"] = await self._moved()
        return figures

    # --- phases

    async def _initial(self, session: dict[str, Any]) -> Figures:
        async def enter() -> None:
            runner, told = self._device.runner, asyncio.Queue[Status]()
            forget = runner.on_status(told.put_nowait)
            runner.post(SignedIn(session))
            while runner.status.phase is Phase.SIGNED_OUT:
                await told.get()
            forget()
            await self._sync()

        usable: list[float] = []
        began = time.monotonic()
        listening = asyncio.create_task(self._first_job(began, usable))
        figures = await self._phase(enter)
        await listening
        await self._compare({key_of(r["doctype"], r["name"]): r for r in self._mine("base.jsonl")})
        return {**figures, "today_s": round(usable[0], 3)}

    async def _first_job(self, began: float, usable: list[float]) -> None:
        """Note when the first job can be read, as a screen reads it."""
        heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        forget = self._device.runner.on_changed(heard.put_nowait)
        while not usable:
            await heard.get()
            jobs = await self._device.desk(
                lambda: next(self._device.replica.documents("Dispatch Job"), None)
            )
            if jobs:
                usable.append(time.monotonic() - began)
        forget()

    async def _delta(self) -> Figures:
        await self._ask("delta")
        figures = await self._phase(self._sync)
        changed = {key_of(r["doctype"], r["name"]): r for r in self._mine("delta.jsonl")}
        for key, row in changed.items():
            held = await self._device.desk(partial(self._device.replica.document, key))
            if held is None or held.body != body_of(row):
                raise WrongError(f"delta: {key} is not as the office has it")
        return figures

    async def _push(self, edits: list[dict[str, Any]]) -> Figures:
        made = await self._device.desk(lambda: self._record(edits))
        figures = await self._phase(self._sync)
        entries = await self._device.desk(lambda: self._device.replica.outbox.entries(len(edits)))
        odd = [e for e in entries if e.verdict != "applied"]
        if odd:
            raise WrongError(f"push: {len(odd)} verdicts, the first {odd[0].verdict}")
        faults = await self._ask("check", facts_of(made))
        if faults:
            raise WrongError(f"push: {faults}")
        return {**figures, "operations": len(made)}

    async def _moved(self) -> Figures:
        await self._device.desk(self._photograph)
        await self._sync()
        await self._ask("settle")  # until the office has a photo, the device is to keep it
        await self._sync()
        before = await self._device.desk(self._held)
        await self._ask("moves")
        figures = await self._phase(self._sync)
        await self._device.cadence.clean()
        held = await self._device.desk(self._held)
        names = self._device.blobs.names()
        if before != (len(self._moves), len(self._moves)):
            raise WrongError(f"moved: {before} jobs and photos were there before")
        return {
            **figures,
            "jobs_moved_away": len(self._moves),
            "still_on_device": held[0],
            "blobs_still_on_device": len(names),
        }

    # --- what phases do

    async def _sync(self) -> None:
        outcome = await self._device.runner.sync_now(PHASE_S_MAX)
        if not outcome.is_done:
            raise WrongError(f"sync: {outcome}")

    async def _phase(self, work: Callable[[], Awaitable[None]]) -> Figures:
        wire, traffic = self._device.wire, self._device.transport.traffic
        before = traffic.requests, wire.connections, wire.up, wire.down
        began = time.monotonic()
        await work()
        took = time.monotonic() - began
        after = traffic.requests, wire.connections, wire.up, wire.down
        counts = [b - a for a, b in zip(before, after, strict=True)]
        await self._agree()
        await asyncio.sleep(PAUSE_S)
        return {
            "s": round(took, 3),
            **dict(zip(("requests", "connections", "http_up", "http_down"), counts, strict=True)),
        }

    async def _ask(self, door: str, content: Json = None) -> Json:
        answer = await self._office.post(door, json=content)
        await asyncio.sleep(PAUSE_S)
        done: Json = answer.raise_for_status().json()["done"]
        return done

    def _record(self, edits: list[dict[str, Any]]) -> list[Operation]:
        """Record edits as a technician without signal would: each an act of its own."""
        replica, record = self._device.replica, self._device.recorder.record
        made: list[Operation] = []
        for edit in edits:
            shown = replica.document(key_of(edit["doctype"], edit["name"]))
            if shown is None:
                raise WrongError(f"{edit['name']} is not on the device")
            for draft in drafts(edit, shown.body):
                made += record(draft)
        return made

    def _photograph(self) -> None:
        noise = random.Random(1)
        for key in self._moves:
            content = JPEG + noise.randbytes(PHOTO_BYTES)
            done(self._device.acts.photo(key, Photo(content, "image/jpeg")))

    def _held(self) -> tuple[int, int]:
        """Return how many of the moving jobs, and how many photos, are on the device."""
        here = view.standing(self._device.replica.db, self._moves)
        held = [document for document in here if document.base or document.shown]
        return len(held), len(self._device.blobs.names())

    # --- checks

    def _mine(self, name: str) -> list[dict[str, Any]]:
        return [row for row in rows(self._data, name) if TECHNICIAN in row["scope"]]

    async def _compare(self, wanted: dict[str, dict[str, Any]]) -> None:
        for key, row in wanted.items():
            held = self._device.desk(partial(self._device.replica.document, key))
            document = await held
            if document is None or document.body != body_of(row):
                raise WrongError(f"initial: {key} is not as the office has it")

    async def _agree(self) -> None:
        """The engine has compared digests after each exchange; a difference counts here."""
        found = await self._device.desk(lambda: self._device.replica.get("divergences"))
        if found:
            raise WrongError("the device's sum differed from the server's")


def show(figures: Figures) -> None:
    """Print the figures as one line of JSON."""
    print(json.dumps(figures))

"""What the engine's tests do with a device: edit, let time pass, look at what is sent, answer."""

# ruff: noqa: ANN401 - JSON of any shape

from typing import Any

from field_app.sync.events import Arrived, FetchRange, Tick
from field_core.canon import Body
from field_core.wire import Outcome, SyncReply
from tests.app.making import Device, job, key, reply, snapshot, stored

FRAMES = [
    [stored(1, job())],
    [stored(n, job(n)) for n in range(2, 30)],
    [stored(n, job(n)) for n in range(30, 90)],
]


def note(device: Device, text: str = "x") -> int:
    return device.recorder.append(key(1), "notes", {"text": text}).n


def due(device: Device) -> None:
    """Let time pass until the engine wants to be woken, and wake it."""
    device.clock.go(device.engine.wake_ms - device.clock.mono_ms)
    device.step(Tick())


def sent(device: Device) -> list[Body]:
    ops: list[Body] = device.call("/v1/sync").json.get("ops", [])
    return ops


def verdicts(*numbers: int, **more: Any) -> dict[str, Any]:
    outcomes = [Outcome.model_validate({"n": n, "verdict": "applied", "seq": 2}) for n in numbers]
    return {"outcomes": outcomes, "last_n": max(numbers), **more}


def problem(code: str) -> dict[str, str]:
    return {"code": code}


def differing_reply() -> SyncReply:
    return reply(since="e.1", digest="0" * 16)


# --- snapshots


def ranges(device: Device) -> list[FetchRange]:
    return [e for e in device.effects if isinstance(e, FetchRange)]


def offered() -> tuple[Device, bytes]:
    """Return a device that was offered its first snapshot, and the snapshot's bytes."""
    device = Device()
    offer, content = snapshot(*FRAMES)
    device.answer("/v1/sync", reply(cursor=None, snapshot=offer))
    return device, content


def arrive(device: Device, wanted: FetchRange, content: bytes, *, piece: int = 1 << 20) -> None:
    for at in range(wanted.start, wanted.end, piece):
        end = min(at + piece, wanted.end)
        device.step(Arrived(wanted.call, at, content[at:end], is_last=end == wanted.end))

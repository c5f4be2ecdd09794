"""The network between a phone and the server: it loses, repeats, cuts and pretends."""

import json
import random
from typing import Final

from field_app.sync.events import Arrived, Call, Failed, FailureKind, FetchRange, Replied
from tests.simulation.acts import do_something
from tests.simulation.asgi import Answer, App, call
from tests.simulation.device import Device
from tests.simulation.faults import Faults

WORKS_MEANWHILE: Final = 0.3
"""People do not wait for a snapshot: what of it has arrived is on the screen already."""


async def deliver(
    device: Device, effect: Call | FetchRange, app: App, rng: random.Random, weather: Faults
) -> Answer | None:
    """Carry one call of a phone to the server and its answer back; return what the phone got."""
    if rng.random() < weather.drop_request:
        device.step(Failed(effect.call, FailureKind.UNREACHABLE))
        return None
    if rng.random() < weather.captive:
        device.step(Failed(effect.call, FailureKind.CAPTIVE))
        return None
    if isinstance(effect, Call) and effect.blob and effect.blob.sha256 not in device.files:
        device.step(Failed(effect.call, FailureKind.MISSING))
        return None
    answer = await _carry(device, effect, app)
    if rng.random() < weather.repeat_request:  # a proxy that replays a POST
        answer = await _carry(device, effect, app)
    if rng.random() < weather.drop_reply:
        device.step(Failed(effect.call, FailureKind.STALLED))
        return None
    if isinstance(effect, FetchRange):
        _hand_over_range(device, effect, answer, rng, weather)
    else:
        device.step(Replied(effect.call, answer.status, answer.json, answer.headers))
    return answer


async def _carry(device: Device, effect: Call | FetchRange, app: App) -> Answer:
    headers = {"authorization": f"Bearer {effect.access}"} if effect.access else {}
    if isinstance(effect, FetchRange):
        headers["range"] = f"bytes={effect.start}-{effect.end - 1}"
        return await call(app, "GET", effect.path, headers=headers)
    content = b""
    if effect.json is not None:
        content = json.dumps(effect.json).encode()
        headers["content-type"] = "application/json"
    if effect.blob:
        whole = device.files[effect.blob.sha256]
        content = whole[effect.blob.offset : effect.blob.offset + effect.blob.size]
    return await call(
        app, effect.method, effect.path, headers={**headers, **effect.headers}, content=content
    )


def _hand_over_range(
    device: Device, effect: FetchRange, answer: Answer, rng: random.Random, weather: Faults
) -> None:
    """Give the bytes in pieces; a cut link stops somewhere in the middle."""
    if answer.status not in (200, 206):
        device.step(Replied(effect.call, answer.status, answer.json, answer.headers))
        return
    is_cut = rng.random() < weather.cut_body * 3
    content = answer.content[: rng.randrange(len(answer.content) + 1)] if is_cut else answer.content
    half = len(content) // 2
    device.step(Arrived(effect.call, effect.start, content[:half]))
    if rng.random() < WORKS_MEANWHILE:
        do_something(device, rng)
    device.step(Arrived(effect.call, effect.start + half, content[half:], is_last=not is_cut))
    if is_cut:
        device.step(Failed(effect.call, FailureKind.STALLED))

"""The network between a phone and the server: it loses, delays, repeats, cuts and pretends."""

import json
from typing import TYPE_CHECKING, Final

from field_app.sync.events import Arrived, Call, Failed, FailureKind, FetchRange, Replied
from tests.simulation.asgi import Answer, call
from tests.simulation.crashes import ServerCrash, ServerGone
from tests.simulation.device import Device

if TYPE_CHECKING:
    from tests.simulation.world import World

Wanted = Call | FetchRange
Request = tuple[str, str, dict[str, str], bytes]
"""Method, path, headers and body."""
IMPATIENT: Final = 0.5
"""Of the answers that never come: the phone gives up before the server has even begun."""


async def carry(world: "World", device: Device, effect: Wanted) -> None:
    """Carry one call of a phone to the server and its answer back, turn by turn."""
    why = _stopped(world, device, effect)
    if why:
        device.step(Failed(effect.call, why))
        return
    rng, weather, life = world.rng, world.weather, device.life
    request = _request(device, effect)
    if rng.random() < weather.repeat_request:  # a proxy that replays a POST, whenever
        world.turns.start(_unheard(world, device, request))
    is_lost = rng.random() < weather.drop_reply
    if is_lost and rng.random() < IMPATIENT:
        world.turns.start(_unheard(world, device, request))
        await world.turns.point()
        answer = None
    else:
        answer = await _answer(world, device, request)
        said = world.restored
        await world.turns.point()
        device.is_told_late = said != world.restored
    if device.life != life:
        return  # nobody waits for it any more
    if is_lost or answer is None:
        device.step(Failed(effect.call, FailureKind.STALLED))
    elif isinstance(effect, FetchRange):
        await _hand_over_range(world, device, effect, answer)
    else:
        device.step(Replied(effect.call, answer.status, answer.json, answer.headers))


def _stopped(world: "World", device: Device, effect: Wanted) -> FailureKind | None:
    """Return why a call does not even leave."""
    if world.rng.random() < world.weather.drop_request:
        return FailureKind.UNREACHABLE
    if world.rng.random() < world.weather.captive:
        return FailureKind.CAPTIVE
    if isinstance(effect, Call) and effect.blob and effect.blob.sha256 not in device.files:
        return FailureKind.MISSING
    return None


def _request(device: Device, effect: Wanted) -> Request:
    headers = {"authorization": f"Bearer {effect.access}"} if effect.access else {}
    if isinstance(effect, FetchRange):
        headers["range"] = f"bytes={effect.start}-{effect.end - 1}"
        return "GET", effect.path, headers, b""
    content = b""
    if effect.json is not None:
        content = json.dumps(effect.json).encode()
        headers["content-type"] = "application/json"
    if effect.blob:
        whole = device.files[effect.blob.sha256]
        content = whole[effect.blob.offset : effect.blob.offset + effect.blob.size]
    return effect.method, effect.path, {**headers, **effect.headers}, content


async def _answer(world: "World", device: Device, request: Request) -> Answer | None:
    """Bring a request to the server; return None when the server dies of it, or meanwhile."""
    await world.turns.point()
    method, path, headers, content = request
    try:
        answer = await call(world.app, method, path, headers=headers, content=content)
    except (ServerCrash, ServerGone):
        return None
    world.answered(device, path, answer)
    return answer


async def _unheard(world: "World", device: Device, request: Request) -> None:
    await _answer(world, device, request)


async def _hand_over_range(
    world: "World", device: Device, effect: FetchRange, answer: Answer
) -> None:
    """Give the bytes in pieces; a cut link stops somewhere in the middle."""
    if answer.status not in (200, 206):
        device.step(Replied(effect.call, answer.status, answer.json, answer.headers))
        return
    rng, life = world.rng, device.life
    is_cut = rng.random() < world.weather.cut_body * 3
    content = answer.content[: rng.randrange(len(answer.content) + 1)] if is_cut else answer.content
    half = len(content) // 2
    device.step(Arrived(effect.call, effect.start, content[:half]))
    await world.turns.point()
    if device.life != life:
        return
    device.step(Arrived(effect.call, effect.start + half, content[half:], is_last=not is_cut))
    if is_cut:
        device.step(Failed(effect.call, FailureKind.STALLED))

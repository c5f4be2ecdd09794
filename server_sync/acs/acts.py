"""What each act means to a device, and when it has succeeded.

That a session ended proves nothing: a value counts as read when its leaf is newer than the request,
as changed when it was read back, and a restart when the device said that it has started again.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from field_core.canon import Json
from field_core.cpe import CpeSnapshot, parsing
from field_core.cpe.report import Act, AskAct
from field_core.problems import Problem, ProblemError
from server_sync.acs.paths import STATIONS
from server_sync.acs.pinging import ping
from server_sync.acs.target import Begun, Done, EndedError, Ending, Failed, Target
from server_sync.acs.tasks import Read, Reboot, Refresh, Write, is_readable


async def carry_out(target: Target, ask: AskAct) -> Ending:
    """Do one act. Raises ProblemError where the ACS does not answer."""
    try:
        return await _DOING[ask.act](target, ask)
    except EndedError as ended:
        return ended.ending
    except ProblemError as refused:
        if refused.problem.code in ("cpe-unsupported", "changed-since"):
            return Failed(refused.problem)
        raise


# --- reading


async def _refresh(target: Target, _ask: AskAct) -> Ending:
    """Read again every parameter that the snapshot stands on, and the stations whole."""
    stations = next((path for path in STATIONS if target.tree.knows(path)), None)
    names = _names(target.snapshot, outside=stations)
    if not names:
        return await _discover(target)
    at = await target.do(Read(names))
    if stations:
        await target.do(Refresh(stations))
    seen = await target.look(*_objects(names))
    fresh = sum(target.is_newer(seen.leaf(name), at) for name in names)
    if not fresh:
        return Failed(Problem("cpe-not-stored"))
    return Done({"asked": len(names), "read": fresh})


def _names(snapshot: CpeSnapshot, *, outside: str | None) -> tuple[str, ...]:
    sources = dict.fromkeys(note.source for note in snapshot.provenance.values())
    return tuple(
        path
        for path in sources
        if is_readable(path) and not (outside and path.startswith(f"{outside}."))
    )


def _objects(names: tuple[str, ...]) -> list[str]:
    """Return the objects that hold the names, none within another (MongoDB refuses that)."""
    objects = sorted({name.rpartition(".")[0] for name in names})
    return [path for path in objects if not any(path.startswith(f"{other}.") for other in objects)]


async def _discover(target: Target) -> Ending:
    """Read the whole of a device that the ACS has only met: it knows no parameter of it yet."""
    root = "Device" if target.tree.at("Device") else "InternetGatewayDevice"
    at = await target.do(Refresh(root))
    info = f"{root}.DeviceInfo.SoftwareVersion"
    seen = await target.look(info)
    return Done() if target.is_newer(seen.leaf(info), at) else Failed(Problem("cpe-not-stored"))


# --- changing


async def _reboot(target: Target, _ask: AskAct) -> Ending:
    """Restart it; that it took the task does not say that it came back."""
    return Begun(await target.do(Reboot()))


async def _change(target: Target, ask: AskAct) -> Ending:
    """Set values and read them back: the ACS answers 200 for a name that does not exist."""
    task = _channel(target, ask) if ask.act is Act.CHANNEL else _rename(target, ask)
    await target.do(task)
    paths = tuple(path for path, _, _ in task.values)
    at = await target.do(Read(paths))
    seen = await target.look(*paths)
    for path, value, _ in task.values:
        leaf = seen.leaf(path)
        if not target.is_newer(leaf, at) or not _is_same(leaf.value, value):
            return Failed(Problem("cpe-not-stored"))
    return Done({"paths": len(paths)})


def _channel(target: Target, ask: AskAct) -> Write:
    """Return how a band is put on a channel, or (0) left to choose one."""
    band, channel = ask.band or "", ask.channel or 0
    note = target.snapshot.provenance.get(f"wifi.radios.{band}.channel")
    if note is None:
        raise ProblemError("cpe-unsupported")
    automatic = f"{note.source.rpartition('.')[0]}.AutoChannelEnable"
    if channel == 0:
        return Write(((automatic, True, "xsd:boolean"),))
    settled = ((automatic, False, "xsd:boolean"),) if target.tree.knows(automatic) else ()
    return Write((*settled, (note.source, channel, "xsd:unsignedInt")))


def _rename(target: Target, ask: AskAct) -> Write:
    """Return how every network of a name gets another: one name often stands for all bands.

    Raises ProblemError `changed-since` when no network has that name any more.
    """
    was, ssid = ask.was or "", ask.ssid or ""
    sources = (
        note.source
        for place, note in target.snapshot.provenance.items()
        if place.startswith("wifi.ssids.") and place.endswith(".ssid")
    )
    paths = [path for path in sources if target.tree.leaf(path).value == was]
    if not paths:
        raise ProblemError("changed-since")
    return Write(tuple((path, ssid, "xsd:string") for path in paths))


def _is_same(found: Json, wanted: Json) -> bool:
    if isinstance(wanted, bool):
        return parsing.flag(found) is wanted
    return str(found) == str(wanted)


_DOING: Final[dict[Act, Callable[[Target, AskAct], Awaitable[Ending]]]] = {
    Act.REFRESH: _refresh,
    Act.REBOOT: _reboot,
    Act.CHANNEL: _change,
    Act.SSID: _change,
    Act.PING: ping,
}

"""The ping that a device does itself: the line without the Wi-Fi, and without a technician."""

from typing import Final

from field_core.canon import Json
from field_core.cpe import parsing
from field_core.cpe.report import AskAct
from field_core.cpe.tree import Tree
from field_core.problems import Problem
from server_sync.acs.paths import PINGS
from server_sync.acs.target import Done, Ending, Failed, Target
from server_sync.acs.tasks import Refresh, Write

PING_COUNT: Final = 4
PING_LOOKS_MAX: Final = 6
PING_PAUSE_S: Final = 2.0
"""Four pings take four seconds at most; the device informs when done, and nothing re-reads it."""
_ENDED: Final = frozenset({"Complete", "Completed"})
"""TR-181 2.x writes the first; an XX230v's dump ends with the second."""


async def ping(target: Target, ask: AskAct) -> Ending:
    """Have the device ping, then look until it says that it has."""
    host = ask.host or ""
    path = PINGS[0] if target.snapshot.data_model == "TR-181" else PINGS[1]
    at = await target.do(
        Write(
            (
                (f"{path}.Host", host, "xsd:string"),
                (f"{path}.NumberOfRepetitions", PING_COUNT, "xsd:unsignedInt"),
                (f"{path}.DiagnosticsState", "Requested", "xsd:string"),
            )
        )
    )
    for _ in range(PING_LOOKS_MAX):
        await target.pause(PING_PAUSE_S)
        await target.do(Refresh(path))
        tree = (await target.look(path)).at(path)
        state = tree.leaf("DiagnosticsState")
        if target.is_newer(state, at) and state.value in _ENDED:
            return Done(_pinged(tree, host))
        if target.is_newer(state, at) and str(state.value).startswith("Error"):
            return Failed(Problem("cpe-refused", {"code": str(state.value)}))
    return Failed(Problem("cpe-unknown-outcome"))


def _pinged(tree: Tree, host: str) -> dict[str, Json]:
    """Return counts, and milliseconds."""
    received = parsing.count(tree.leaf("SuccessCount").value)
    lost = parsing.count(tree.leaf("FailureCount").value)
    times = {
        f"{name}_ms": parsing.count(tree.leaf(f"{parameter}ResponseTime").value)
        for name, parameter in (("average", "Average"), ("least", "Minimum"), ("most", "Maximum"))
    }
    return {"host": host, "received": received, "lost": lost, **times}

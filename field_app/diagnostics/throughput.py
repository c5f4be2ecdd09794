"""Throughput against our own server, both ways; what was measured over Wi-Fi says so.

The share of the plan is given by cable only: a Wi-Fi figure is no line's speed.
"""

from typing import Final

from field_app.diagnostics import streams
from field_app.diagnostics.kit import Grant
from field_app.diagnostics.streams import Moved, Way
from field_app.diagnostics.visit import Visit, because
from field_core.diagnosis import Absence, Probe, Result, Target
from field_core.diagnosis.rates import Counted, slices_mbps, steady_mbps

_S: Final = Target.SERVER
_MAIN: Final = (
    "throughput-down",
    "throughput-up",
    "throughput-of-plan",
    "throughput-up-of-plan",
)
GIVES: Final = tuple((name, _S) for name in _MAIN)

IDLE_WAIT_S: Final = 3.0
"""The latency probe measures the idle line first."""
_WAYS: Final[tuple[Way, ...]] = ("down", "up")
_PCT: Final = 100


def probe(visit: Visit) -> list[Result]:
    """Measure down, then up."""
    try:
        return _measured(visit)
    finally:
        visit.is_loading.set()
        visit.load_over.set()


def _measured(visit: Visit) -> list[Result]:
    grant = visit.kit.grant()
    if isinstance(grant, Absence):
        return [visit.absent(name, grant, target=_S) for name in _MAIN]
    visit.idle_known.wait(IDLE_WAIT_S)
    results: list[Result] = []
    for at, way in enumerate(_WAYS):
        results.append(_one_way(visit, grant, way, at / len(_WAYS), results))
    down, up = results
    order = visit.order
    return [
        down,
        up,
        _of_plan(visit, "throughput-of-plan", down, order.plan_down_mbps),
        _of_plan(visit, "throughput-up-of-plan", up, order.plan_up_mbps),
    ]


def _one_way(
    visit: Visit, grant: Grant, way: Way, from_share: float, before: list[Result]
) -> Result:
    name = f"throughput-{way}"

    def on_slice(counted: Counted) -> None:
        passed_s, share = counted[-1][0], 1 / len(_WAYS)
        if len(counted) > 1:
            visit.is_loading.set()
        now = [] if not slices_mbps(counted) else [_result(visit, name, grant, counted)]
        visit.tell(Probe.THROUGHPUT, from_share + share * passed_s / grant.seconds, *before, *now)

    moved = streams.transfer(
        grant,
        way,
        clock=visit.kit.monotonic,
        noise=visit.kit.noise,
        is_over=lambda: visit.is_over,
        on_slice=on_slice,
    )
    why = _why_not(visit, moved)
    if why is not None:
        return visit.absent(name, why, target=_S, source=grant.url)
    return _result(visit, name, grant, moved.counted)


def _why_not(visit: Visit, moved: Moved) -> Absence | None:
    if visit.is_over:
        return because("cancelled")
    if not moved.is_served:
        return because("server-unreachable")
    return because("too-short") if steady_mbps(moved.counted) is None else None


def _result(visit: Visit, name: str, grant: Grant, counted: Counted) -> Result:
    """Give the steady rate; until there is one, the last slice's."""
    course = slices_mbps(counted)
    steady = steady_mbps(counted)
    return visit.result(
        name,
        course[-1][1] if steady is None else steady,
        target=_S,
        source=grant.url,
        method="tcp-streams",
        series=course,
    )


def _of_plan(visit: Visit, name: str, measured: Result, plan_mbps: float | None) -> Result:
    """Compare with the plan, when that is known and the device is on a wire."""
    if visit.is_wifi is not False:
        code = "on-wifi" if visit.is_wifi else "link-unknown"
        return visit.absent(name, because(code), target=_S)
    if not plan_mbps:
        return visit.absent(name, because("no-plan"), target=_S)
    if not isinstance(measured.value, int | float):
        return visit.absent(name, measured.absence or because("too-short"), target=_S)
    share = round(_PCT * measured.value / plan_mbps, 1)
    return visit.result(name, share, target=_S, source=measured.source, method=measured.method)

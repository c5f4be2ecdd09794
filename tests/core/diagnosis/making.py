"""Results as probes give them, for tests."""

from field_core.cpe.model import Grade
from field_core.diagnosis import Absence, Probe, Result, Target
from field_core.diagnosis.judging import graded

T = Target


def got(quantity: str, value: float | str, target: Target = T.GATEWAY, **more: object) -> Result:
    from field_core.diagnosis import QUANTITIES  # noqa: PLC0415 - beside its use

    known = QUANTITIES[quantity]
    made = {"probe": known.probe, "quantity": quantity, "target": target, "value": value}
    return graded(Result.model_validate({**made, "unit": known.unit, **more}))


def lost(quantity: str, why: str, target: Target = T.GATEWAY) -> Result:
    return Result(probe=Probe.PING, quantity=quantity, target=target, absence=Absence(code=why))


def healthy() -> list[Result]:
    """A house where everything is in order, by cable."""
    return [
        got("gateway-address", "192.168.1.1"),
        got("link-kind", "wire", T.DEVICE),
        got("latency", 1.0),
        got("loss", 0, details={"sent": 20}),
        got("dns-time", 5.0),
        got("dns-time", 9.0, T.PUBLIC),
        got("wan-status", "connected"),
        got("wan-address", "203.0.113.9"),
        got("latency", 11.0, T.SERVER),
        got("loss", 0, T.SERVER, details={"sent": 20}),
        got("throughput-of-plan", 97.0, T.SERVER),
        got("latency-added", 12.0, T.SERVER),
    ]


def changed(*results: Result, without: tuple[str, ...] = ()) -> list[Result]:
    """A healthy house in which these results stand instead."""
    mine = {(r.quantity, r.target) for r in results}
    kept = [
        r
        for r in healthy()
        if (r.quantity, r.target) not in mine and f"{r.quantity}.{r.target}" not in without
    ]
    return [*kept, *results]


BEYOND_SILENT = (
    lost("dns-time", "no-answer", T.PUBLIC),
    lost("latency", "no-answer", T.SERVER),
)
BEYOND_GONE = (
    "loss.server",
    "throughput-of-plan.server",
    "latency-added.server",
    "wan-status.gateway",
    "wan-address.gateway",
)
GRADES = Grade

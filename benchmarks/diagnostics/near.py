"""`python -m benchmarks.diagnostics.near …`: the technician's device, run inside its namespace.

`transfer` measures throughput, `run` makes a whole run, `ping` asks the far end alone.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import replace
from typing import Any

from benchmarks.diagnostics.lab import FAR
from field_app.diagnostics import pinging, streams
from field_app.diagnostics.host import SystemHost
from field_app.diagnostics.kit import Grant, Kit, Places, SnmpAccess
from field_app.diagnostics.runner import Runner
from field_app.diagnostics.visit import Visit
from field_app.ports import Order
from field_core.diagnosis import Absence, Ended, Judged, Measured, Target
from field_core.diagnosis.rates import steady_mbps


def transfer(asked: argparse.Namespace) -> None:
    """Measure both ways; print Mbit/s."""
    grant = _grant(asked)
    found: dict[str, Any] = {}
    ways: tuple[streams.Way, ...] = ("down", "up")
    for way in ways:
        begun_s = time.process_time()
        moved = streams.transfer(
            grant,
            way,
            clock=time.perf_counter,
            noise=os.urandom,
            is_over=lambda: False,
            on_slice=lambda _: None,
        )
        rate = steady_mbps(moved.counted)
        found[way] = None if rate is None else round(rate, 1)
        found[f"{way}_processor_s"] = round(time.process_time() - begun_s, 2)
    print(json.dumps(found), flush=True)


def _grant(asked: argparse.Namespace) -> Grant:
    return Grant(asked.url, asked.ticket, 100_000_000_000, asked.streams, asked.seconds)


def ping(asked: argparse.Namespace) -> None:
    """Ask the far end; print its results."""
    seen = Visit(
        _kit(Places(gateway=asked.host, public_resolver=asked.host)), Order(), tell=_nobody
    )
    near = [r for r in pinging.probe(seen) if r.target is Target.GATEWAY]
    print(json.dumps([result.model_dump(mode="json") for result in near]), flush=True)


def _nobody(*_: object) -> None:
    """Hear what a probe tells."""


def run(asked: argparse.Namespace) -> None:
    """Make a run, with no way out unless there is a ticket; print what came of it and when."""
    print(json.dumps(asyncio.run(_run(asked))), flush=True)


def _kit(places: Places) -> Kit:
    return Kit(
        host=SystemHost("linux", os.environ),
        now_ms=lambda: time.time_ns() // 1_000_000,
        monotonic=time.perf_counter,
        noise=os.urandom,
        places=places,
        grant=lambda: Absence(code="server-unreachable"),
    )


async def _run(asked: argparse.Namespace) -> dict[str, Any]:
    ssdp, snmp, names = (int(port) for port in asked.ports.split(","))
    places = Places(server=asked.url, ssdp=(FAR, ssdp), dns_port=names, public_resolver=FAR)
    if not asked.ticket:
        places = replace(places, server="http://10.99.0.9:8040", public_resolver="10.99.0.8")
    kit = replace(_kit(places), snmp=SnmpAccess(port=snmp))
    if asked.ticket:
        kit = replace(kit, grant=lambda: _grant(asked))
    begun = time.monotonic()
    verdict_s = 0.0
    progress = 0
    async for event in Runner(lambda: kit, new_id=lambda: "bench").begin(
        Order(profile=asked.profile)
    ):
        match event:
            case Judged() if not verdict_s:
                verdict_s = time.monotonic() - begun
            case Measured():
                progress += 1
            case Ended(told):
                return {
                    "s": round(time.monotonic() - begun, 2),
                    "verdict_s": round(verdict_s, 2),
                    "verdicts": [one.code for one in told.verdicts],
                    "values": sum(result.value is not None for result in told.results),
                    "absent": sum(result.absence is not None for result in told.results),
                    "methods": sorted({result.method for result in told.results} - {""}),
                    "progress": progress,
                    "figures": {
                        f"{result.quantity}.{result.target}": result.value
                        for result in told.results
                        if isinstance(result.value, float)
                    },
                }
            case _:
                continue
    raise AssertionError("a run always ends")


_ACTS = {"transfer": transfer, "run": run, "ping": ping}


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.diagnostics.near")
    parser.add_argument("act", choices=tuple(_ACTS))
    parser.add_argument("--host", default=FAR)
    parser.add_argument("--url", default="")
    parser.add_argument("--ticket", default="")
    parser.add_argument("--streams", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--ports", default="")
    parser.add_argument("--profile", default="full")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Do one thing."""
    asked = _parsed(arguments)
    _ACTS[asked.act](asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())

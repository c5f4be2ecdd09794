"""Latency, jitter and loss to the gateway, to the public Internet and to our server.

Echo requests where the system lets us, else its own ping program, else the time TCP takes to
connect; the result says which it was.
"""

import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from field_app.diagnostics import echo
from field_app.diagnostics.sockets import answers_tcp, resolved
from field_app.diagnostics.visit import Visit, because
from field_core.diagnosis import Probe, Result, Target
from field_core.diagnosis.latency import RoundTrips, summed_up

GIVES: Final = (
    ("latency", Target.GATEWAY),
    ("latency", Target.PUBLIC),
    ("latency", Target.SERVER),
)

SENT: Final = 20
"""What the limit on loss is made for."""
INTERVAL_S: Final = 0.2
"""The shortest that a ping program grants to users."""
TIMEOUT_S: Final = 1.0
RESOLVE_S: Final = 2.0
TOLD_EVERY: Final = 5
SILENT_AFTER: Final = 3
"""So many in a row without any answer: nothing is there, and the rest is not waited for."""
_WINDOWS_SENT: Final = 5
"""Windows sends one a second, and the verdict must not wait for twenty."""
_PROGRAM_TIME: Final = re.compile(r"[=<]\s?(\d+(?:[.,]\d+)?)\s?ms", re.IGNORECASE)
_PROGRAM_SEQUENCE: Final = re.compile(r"icmp_[rs]eq=(\d+)")
_PORTS: Final = {Target.GATEWAY: (80, 443, 53), Target.PUBLIC: (443, 53), Target.SERVER: (443,)}

Times = list[float | None]


class Place(NamedTuple):
    """Somebody to ask: an address or a name, and the TCP ports that may answer there."""

    target: Target
    host: str
    ports: tuple[int, ...]


def probe(visit: Visit) -> list[Result]:
    """Ask all targets at once, each on a thread of its own."""
    places = _places(visit)
    found: dict[Target, list[Result]] = {}

    def ask(place: Place) -> None:
        found[place.target] = _of(visit, place)
        done = [result for results in found.values() for result in results]
        visit.tell(Probe.PING, 1.0, *done)

    threads = [threading.Thread(target=ask, args=(place,), daemon=True) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = [] if visit.gateway else [visit.absent("latency", because("no-gateway"))]
    return missing + [result for place in places for result in found.get(place.target, [])]


def _places(visit: Visit) -> list[Place]:
    asked = visit.kit.places
    found = [Place(Target.PUBLIC, asked.public_resolver, _PORTS[Target.PUBLIC])]
    if visit.gateway:
        found.insert(0, Place(Target.GATEWAY, visit.gateway, _PORTS[Target.GATEWAY]))
    server = server_place(asked.server)
    if server is not None:
        # A name that does not resolve stays a name: the result says who did not answer.
        address = resolved(server[0], timeout_s=RESOLVE_S) or server[0]
        found.append(Place(Target.SERVER, address, server[1]))
    return found


def server_place(url: str | None) -> tuple[str, tuple[int, ...]] | None:
    """Return the host and port of the server's URL, or None without one."""
    try:
        parts = urlsplit(url or "")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    return (parts.hostname, (port,)) if parts.hostname else None


def _of(visit: Visit, place: Place) -> list[Result]:
    times, method = _times(visit, place)
    sums = summed_up(times)
    if sums.median_ms is None:
        # Silence is not loss: a modem may be told to leave such questions unanswered.
        why = because("no-answer", who=place.host)
        return [visit.absent("latency", why, target=place.target, source=place.host)]
    return _told(visit, place, sums, method, times)


def _told(visit: Visit, place: Place, sums: RoundTrips, method: str, times: Times) -> list[Result]:
    figures: dict[str, float | None] = {
        "latency": sums.median_ms,
        "latency-p95": sums.p95_ms,
        "jitter": sums.jitter_ms,
    }
    series = [(at * INTERVAL_S, time) for at, time in enumerate(times) if time is not None]
    results = [
        visit.result(
            name,
            value,
            target=place.target,
            source=place.host,
            method=method,
            series=series if name == "latency" else (),
        )
        for name, value in figures.items()
        if value is not None
    ]
    loss = visit.result(
        "loss", sums.lost, target=place.target, source=place.host, method=method, sent=sums.sent
    )
    return [*results, loss]


def _times(visit: Visit, place: Place) -> tuple[Times, str]:
    """Take the first way that this system has; TCP, too, where the others hear nothing."""
    clock = visit.kit.monotonic
    try:
        over = echo.opened(place.host)
    except OSError:
        times, method = _by_program(visit, place.host), "ping-program"
    else:
        with over:
            times = _row(visit, partial(echo.ask, over, timeout_s=TIMEOUT_S, clock=clock))
        method = "icmp"
    if any(time is not None for time in times):
        return times, method
    return _by_tcp(visit, place), "tcp-connect"


def _row(visit: Visit, ask: Callable[[int], float | None]) -> Times:
    """Ask a row of times, evenly spaced; a late answer makes the next one prompt."""
    times: Times = []
    begun = visit.kit.monotonic()
    for at in range(SENT):
        if visit.is_over or (at >= SILENT_AFTER and not any(t is not None for t in times)):
            break
        visit.wait(begun + at * INTERVAL_S - visit.kit.monotonic())
        times.append(ask(at))
        if at % TOLD_EVERY == TOLD_EVERY - 1:
            visit.tell(Probe.PING, (at + 1) / SENT)
    return times


def _by_program(visit: Visit, host: str) -> Times:
    """Ask the system's program: a couple first, so that silence costs two seconds."""
    if visit.kit.host.system == "windows":
        return _program(visit, _WINDOWS_SENT, "ping", "-n", str(_WINDOWS_SENT), "-w", "1000", host)
    first = _program(visit, SILENT_AFTER, *_command(visit, host, SILENT_AFTER, TIMEOUT_S))
    if visit.is_over or all(time is None for time in first):
        return first
    return _program(visit, SENT, *_command(visit, host, SENT, SENT * INTERVAL_S))


def _command(visit: Visit, host: str, count: int, seconds: float) -> tuple[str, ...]:
    wait = "-t" if visit.kit.host.system == "macos" else "-w"
    pace = ("-c", str(count), "-i", str(INTERVAL_S))
    return ("ping", "-n", *pace, wait, str(round(seconds + TIMEOUT_S)), host)


def _program(visit: Visit, count: int, *command: str) -> Times:
    text = visit.kit.host.ask(*command, timeout_s=count * INTERVAL_S + 3 * TIMEOUT_S)
    return read_ping(text or "", sent=count)


def read_ping(text: str, *, sent: int) -> Times:
    """Return the times of a ping program in any language; a sequence number gives the place."""
    times: Times = [None] * sent
    lines = [line for line in text.splitlines() if "ttl=" in line.casefold()]
    numbered = [_PROGRAM_SEQUENCE.search(line) for line in lines]
    first = 0 if any(found and found[1] == "0" for found in numbered) else 1
    for nth, (line, found) in enumerate(zip(lines, numbered, strict=True)):
        took = _PROGRAM_TIME.search(line)
        place = int(found[1]) - first if found else nth
        if took and 0 <= place < sent:
            times[place] = float(took[1].replace(",", "."))
    return times


def _by_tcp(visit: Visit, place: Place) -> Times:
    clock = visit.kit.monotonic
    for port in place.ports:
        if answers_tcp(place.host, port, timeout_s=TIMEOUT_S, clock=clock) is not None:
            return _row(visit, _connecting(place.host, port, clock))
    return []


def _connecting(host: str, port: int, clock: Callable[[], float]) -> Callable[[int], float | None]:
    return lambda _: answers_tcp(host, port, timeout_s=TIMEOUT_S, clock=clock)

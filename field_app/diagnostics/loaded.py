"""Latency under load: how long TCP takes to connect to our server, idle and during the transfer.

This is not RPM (draft-ietf-ippm-responsiveness): it is called latency under load and says its
method. Idle and loaded are measured the same way, so the difference is the load's.
"""

from statistics import median
from typing import Final

from field_app.diagnostics.pinging import server_place
from field_app.diagnostics.sockets import answers_tcp
from field_app.diagnostics.visit import Visit, because
from field_core.diagnosis import Probe, Result, Target

_S: Final = Target.SERVER
_MAIN: Final = ("latency-loaded", "latency-added")
GIVES: Final = tuple((name, _S) for name in _MAIN)

IDLE_ASKED: Final = 5
EVERY_S: Final = 0.15
TIMEOUT_S: Final = 1.5
SAMPLES_MIN: Final = 5
START_WAIT_S: Final = 8.0
"""A grant over a slow line takes a few seconds; then the load never comes."""
SAMPLES_MAX: Final = 400
TOLD_EVERY: Final = 6
"""About once a second: a screen need not be drawn for each sample."""
LASTS_S: Final = 13.0
"""Both ways of a transfer and what lies between; only the progress shown depends on it."""
_METHOD: Final = "tcp-connect-loaded"


def probe(visit: Visit) -> list[Result]:
    """Measure idle, then beside the transfer."""
    place = server_place(visit.kit.places.server)
    if place is None:
        visit.idle_known.set()
        return _absent(visit, "signed-out")
    host, (port, *_) = place
    heard = _idle(visit, host, port)
    visit.idle_known.set()
    if not heard:
        return _absent(visit, "server-unreachable")
    visit.is_loading.wait(START_WAIT_S)
    course = _beside_the_load(visit, host, port)
    if len(course) < SAMPLES_MIN:
        return _absent(visit, "too-short")
    return _told(visit, median(heard), course, host)


def _idle(visit: Visit, host: str, port: int) -> list[float]:
    """Time the idle line; a server that does not answer at once is not waited for five times."""
    heard = []
    for _ in range(IDLE_ASKED):
        took = _connect(visit, host, port)
        if took is None:
            break
        heard.append(took)
    return heard


def _connect(visit: Visit, host: str, port: int) -> float | None:
    if visit.is_over:
        return None
    return answers_tcp(host, port, timeout_s=TIMEOUT_S, clock=visit.kit.monotonic)


def _beside_the_load(visit: Visit, host: str, port: int) -> list[tuple[float, float]]:
    begun, course = visit.kit.monotonic(), list[tuple[float, float]]()
    while not visit.load_over.is_set() and not visit.is_over and len(course) < SAMPLES_MAX:
        at_s = visit.kit.monotonic() - begun
        took = _connect(visit, host, port)
        if took is not None:
            course.append((at_s, took))
        if len(course) % TOLD_EVERY == 1:
            visit.tell(Probe.LOADED, at_s / LASTS_S, _loaded(visit, course, host))
        visit.wait(EVERY_S)
    return course


def _loaded(visit: Visit, course: list[tuple[float, float]], host: str) -> Result:
    return visit.result(
        "latency-loaded",
        median(took for _, took in course),
        target=_S,
        source=host,
        method=_METHOD,
        series=course,
    )


def _told(
    visit: Visit, idle_ms: float, course: list[tuple[float, float]], host: str
) -> list[Result]:
    loaded = _loaded(visit, course, host)
    added = max(median(took for _, took in course) - idle_ms, 0.0)
    return [
        loaded,
        visit.result("latency-added", added, target=_S, source=host, method=_METHOD),
    ]


def _absent(visit: Visit, code: str) -> list[Result]:
    return [visit.absent(name, because(code), target=_S) for name in _MAIN]

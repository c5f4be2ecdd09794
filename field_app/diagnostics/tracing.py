"""The path outside: UDP whose time to live grows, and the ICMP answers to it, without root.

Linux gives those answers through the socket's error queue (IP_RECVERR); all times to live are sent
at once, so the whole path takes one wait. Elsewhere the system's own program is asked.
"""

import re
import select
import socket
import struct
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

from field_app.diagnostics.visit import Visit, because
from field_core.cpe import addresses
from field_core.diagnosis import Result, Target

GIVES: Final = (("hops", Target.PUBLIC), ("hop-last", Target.PUBLIC))

HOPS_MAX: Final = 20
WAIT_S: Final = 2.0
_LOOK_S: Final = 0.2
_BASE_PORT: Final = 33434
"""Where traceroute starts: nobody listens there (Van Jacobson, 1988)."""
_IP_RECVERR: Final = 11
_MSG_ERRQUEUE: Final = 0x2000
"""linux/in.h, linux/socket.h; Python names neither on every version."""
_ERROR: Final = struct.Struct("=IBBBBII")
"""sock_extended_err: errno, origin, type, code, pad, info, data."""
_ORIGIN_ICMP: Final = 2
_UNREACHABLE: Final = 3
_OFFENDER_AT: Final = _ERROR.size + 4
"""The offender's sockaddr_in follows; its address comes after family and port."""
_MS: Final = 1000
_PROGRAM_LINE: Final = re.compile(r"^\s*(\d{1,2})\s+(.*)$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_TIME: Final = re.compile(r"<?(\d+(?:[.,]\d+)?)\s*ms", re.IGNORECASE)


class Hop(NamedTuple):
    """A router on the way; None where none answered at this distance."""

    distance: int
    address: str | None
    ms: float | None
    is_end: bool = False


def probe(visit: Visit) -> list[Result]:
    """Follow the way to the public resolver."""
    target, system = visit.kit.places.public_resolver, visit.kit.host.system
    if system == "ios":
        why = because("platform", system=system)
        return [visit.absent("hops", why, target=Target.PUBLIC)]
    hops, method = _hops(visit, target)
    heard = [hop for hop in hops if hop.address is not None]
    visit.raw["trace"] = [list(hop[:3]) for hop in hops[: heard[-1].distance if heard else 0]]
    if not heard:
        why = because("no-answer", who=target)
        return [visit.absent("hops", why, target=Target.PUBLIC, source=target)]
    last = heard[-1]
    is_there = last.is_end or last.address == target
    course = [(float(hop.distance), hop.ms) for hop in heard if hop.ms is not None]
    end = visit.result(
        "hop-last",
        str(last.address),
        target=Target.PUBLIC,
        source=target,
        method=method,
        series=course,
    )
    if not is_there:
        return [visit.absent("hops", because("no-answer", who=target), target=Target.PUBLIC), end]
    count = visit.result("hops", last.distance, target=Target.PUBLIC, source=target, method=method)
    return [count, end]


def _hops(visit: Visit, target: str) -> tuple[list[Hop], str]:
    if visit.kit.host.system in ("linux", "android"):
        return trace(visit, target), "udp-trace"
    windows = ("tracert", "-d", "-h", str(HOPS_MAX), "-w", "500", target)
    others = ("traceroute", "-n", "-q", "1", "-w", "1", "-m", str(HOPS_MAX), target)
    command = windows if visit.kit.host.system == "windows" else others
    text = visit.kit.host.ask(*command, timeout_s=HOPS_MAX / 2)
    return read_trace(text or ""), "trace-program"


class Sent(NamedTuple):
    """A datagram on its way: its socket, how far it may go, and when it went."""

    socket: socket.socket
    distance: int
    begun_s: float


def trace(visit: Visit, target: str) -> list[Hop]:
    """Send one datagram for each distance and gather what comes back."""
    clock = visit.kit.monotonic
    with ExitStack() as stack:
        try:
            waiting = [
                Sent(stack.enter_context(_sender(target, distance)), distance, clock())
                for distance in range(1, HOPS_MAX + 1)
            ]
        except OSError:  # no way out at all
            return []
        return _in_order(_gathered(visit, waiting))


def _gathered(visit: Visit, sent: Sequence[Sent]) -> dict[int, Hop]:
    """Wait for the answers, no longer than for the end and all before it."""
    clock, found = visit.kit.monotonic, dict[int, Hop]()
    waiting = {one.socket.fileno(): one for one in sent}
    poll = select.poll()
    for number in waiting:
        poll.register(number, select.POLLERR)
    end = clock() + WAIT_S
    while (left := end - clock()) > 0 and not visit.is_over and not _is_known_to_end(found):
        for number, _ in poll.poll(min(left, _LOOK_S) * _MS):
            poll.unregister(number)
            one = waiting[number]
            took_ms = (clock() - one.begun_s) * _MS
            found[one.distance] = _heard(one.socket, one.distance, took_ms)
    return found


def _is_known_to_end(found: dict[int, Hop]) -> bool:
    """Tell whether the end has answered, and everything before it."""
    end = min((hop.distance for hop in found.values() if hop.is_end), default=None)
    return end is not None and all(at in found for at in range(1, end))


def _sender(target: str, distance: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, distance)
        made.connect((target, _BASE_PORT + distance))
        made.send(b"\x00" * 32)
    except OSError:
        made.close()
        raise
    return made


def _heard(sent: socket.socket, distance: int, took_ms: float) -> Hop:
    """Read the error queue: who answered, and whether that was the end."""
    try:
        _, ancillary, _, _ = sent.recvmsg(512, 512, _MSG_ERRQUEUE)
    except OSError:
        return Hop(distance, None, None)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.IPPROTO_IP, _IP_RECVERR) and len(data) >= _OFFENDER_AT + 4:
            _, origin, icmp_type, *_ = _ERROR.unpack_from(data)
            if origin == _ORIGIN_ICMP:
                offender = socket.inet_ntoa(data[_OFFENDER_AT : _OFFENDER_AT + 4])
                return Hop(distance, offender, took_ms, icmp_type == _UNREACHABLE)
    return Hop(distance, None, None)


def _in_order(found: dict[int, Hop]) -> list[Hop]:
    """Return every distance up to the end, silent ones too; beyond the end is the end again."""
    end = min((hop.distance for hop in found.values() if hop.is_end), default=HOPS_MAX)
    return [found.get(at, Hop(at, None, None)) for at in range(1, end + 1)]


def read_trace(text: str) -> list[Hop]:
    """Read `traceroute -n` or `tracert -d`, whose headings are in any language."""
    hops = []
    for distance, rest in _PROGRAM_LINE.findall(text):
        address, took = _ADDRESS.search(rest), _TIME.search(rest)
        known = addresses.ipv4(address[0]) if address else None
        ms = float(took[1].replace(",", ".")) if took and known else None
        hops.append(Hop(int(distance), known, ms))
    return hops

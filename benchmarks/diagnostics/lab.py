"""Two network namespaces joined by a shaped cable: a technician's device, and what it plugs into.

Needs root and `ip` and `tc` of iproute2. Nothing leaves the machine: each namespace holds its end
of the cable and loopback.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

DEVICE: Final = "10.78.0.1"
FAR: Final = "10.78.0.2"
_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_LATENCY: Final = "20ms"
"""What the shaper queues: a home router's buffer, not a satellite's."""


@dataclass(frozen=True, slots=True)
class Lab:
    """The two namespaces, by name."""

    device: str
    far: str

    def inside(self, namespace: str, *command: str) -> list[str]:
        """Return a command as it runs in a namespace."""
        return [_program("ip"), "netns", "exec", namespace, *command]


def why_not() -> str | None:
    """Return why namespaces cannot be made here, or None when they can."""
    if shutil.which("ip", path=_PATH) is None or shutil.which("tc", path=_PATH) is None:
        return "iproute2 is not installed here"
    name = f"try{os.getpid()}"
    made = subprocess.run(  # noqa: S603 - a fixed program
        [_program("ip"), "netns", "add", name], capture_output=True, check=False
    )
    if made.returncode:
        return "network namespaces need root"
    _ip("netns", "del", name)
    return None


@contextmanager
def lab(rate_mbps: float | None = None) -> Iterator[Lab]:
    """Join two namespaces by a cable of a rate, each way; without one it is as fast as it gets."""
    names = Lab(f"dv{os.getpid()}", f"fr{os.getpid()}")
    made = []
    try:
        for namespace in (names.device, names.far):
            _ip("netns", "add", namespace)
            made.append(namespace)
        _ip("link", "add", "cable0", "netns", names.device, "type", "veth",
            "peer", "name", "cable1", "netns", names.far)  # fmt: skip
        for namespace, end, address in (
            (names.device, "cable0", DEVICE),
            (names.far, "cable1", FAR),
        ):
            _plug(names, namespace, end, address)
            if rate_mbps is not None:
                _shape(names, namespace, end, rate_mbps)
        _ip("-n", names.device, "route", "add", "default", "via", FAR)
        yield names
    finally:
        for namespace in made:
            _ip("netns", "del", namespace)


def _plug(names: Lab, namespace: str, end: str, address: str) -> None:
    _ip("-n", namespace, "link", "set", "lo", "up")
    _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", end)
    _ip("-n", namespace, "link", "set", end, "up")
    # Echo sockets for every group, as distributions set it; this kernel opens them to none.
    _run(names.inside(namespace, "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647"))


def _shape(names: Lab, namespace: str, end: str, rate_mbps: float) -> None:
    burst_kb = max(64, round(rate_mbps / 8))  # a millisecond's worth, and one segment at least
    shaper = ("rate", f"{rate_mbps}mbit", "burst", f"{burst_kb}kb", "latency", _LATENCY)
    _run(names.inside(namespace, "tc", "qdisc", "add", "dev", end, "root", "tbf", *shaper))


def _ip(*arguments: str) -> None:
    _run([_program("ip"), *arguments])


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    assert found is not None, f"{name} is not installed here"
    return found


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - fixed programs

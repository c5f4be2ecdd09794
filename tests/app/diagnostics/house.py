"""A house on loopback: a kit whose every target is a server that a test started."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import dns.message
import dns.rcode
import dns.rrset

from field_app.diagnostics.host import SystemHost
from field_app.diagnostics.kit import Kit, Places, SnmpAccess
from field_app.diagnostics.visit import Visit
from field_app.ports import Order
from field_core.diagnosis import Probe, Result

HERE = "127.0.0.1"


@dataclass
class TestHost:
    """A machine that holds these files and programs, and no others."""

    __test__ = False
    system: str = "linux"
    files: dict[str, str] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    address: str | None = "10.0.0.5"

    does_resolve: bool = True

    def own_address(self) -> str | None:
        return self.address

    def resolves(self, name: str, *, timeout_s: float) -> bool:  # noqa: ARG002 - the port's shape
        return self.does_resolve

    def read(self, path: str) -> str | None:
        return self.files.get(path)

    def ask(self, *command: str, timeout_s: float = 3.0) -> str | None:  # noqa: ARG002 - the port's shape
        self.asked.append(command)
        return self.programs.get(command[0])


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])


def kit(**changes: Any) -> Kit:  # noqa: ANN401 - any part of it
    """A kit that asks this machine alone, where nothing answers unless a test says so."""
    silent = Places(
        public_resolver=HERE,
        dns_port=free_port(),
        ssdp=(HERE, free_port()),
        gateway=HERE,
    )
    made = Kit(
        host=TestHost(),
        now_ms=lambda: 1_777_291_200_000,
        monotonic=time.perf_counter,
        noise=os.urandom,
        places=silent,
        snmp=SnmpAccess(port=free_port()),
    )
    places = {name: changes.pop(name) for name in list(changes) if hasattr(silent, name)}
    return replace(made, places=replace(silent, **places), **changes)


class RealHost(SystemHost):
    """This machine; it has no network but loopback, since tests send nothing elsewhere."""

    def own_address(self) -> str | None:
        return HERE

    def resolves(self, name: str, *, timeout_s: float) -> bool:
        return super().resolves(name, timeout_s=timeout_s) if name == "localhost" else False


def real_host() -> SystemHost:
    return RealHost("linux", {"PATH": os.environ["PATH"]})


@dataclass
class Told:
    """What a visit told, in order."""

    steps: list[tuple[Probe, float, tuple[Result, ...]]] = field(default_factory=list)

    def __call__(self, probe: Probe, share: float, results: tuple[Result, ...]) -> None:
        self.steps.append((probe, share, results))


def visit(using: Kit, order: Order | None = None, told: Told | None = None) -> Visit:
    return Visit(using, order or Order(), tell=told or Told())


def values(results: list[Result]) -> dict[str, object]:
    """What was measured, by quantity and target."""
    return {f"{r.quantity}.{r.target}": r.value for r in results if r.value is not None}


def reasons(results: list[Result]) -> dict[str, str]:
    """Why something was not, by quantity and target."""
    return {f"{r.quantity}.{r.target}": r.absence.code for r in results if r.absence}


@contextmanager
def udp_server(answer: Any, *, host: str = HERE, port: int = 0) -> Iterator[int]:  # noqa: ANN401 - bytes and address to answers
    """Answer each datagram with those that `answer(data, address)` returns."""
    served = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    served.bind((host, port))
    served.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                data, address = served.recvfrom(65_535)
            except TimeoutError:
                continue
            except OSError:
                return
            for reply in answer(data, address):
                served.sendto(reply, address)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(served.getsockname()[1])
    finally:
        over.set()
        thread.join()
        served.close()


def resolver(
    addresses: tuple[str, ...] = ("192.0.2.7",), rcode: dns.rcode.Rcode = dns.rcode.NOERROR
) -> object:
    def answer(data: bytes, _address: object) -> Iterator[bytes]:
        reply = dns.message.make_response(dns.message.from_wire(data))
        reply.set_rcode(rcode)
        if addresses:
            name = reply.question[0].name
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "A", *addresses))
        yield reply.to_wire()

    return answer


def program(name: str) -> str | None:
    """Find a program where administrators' ones lie, too."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

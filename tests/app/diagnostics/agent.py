"""An SNMP v2c and v1 agent over a `.snmprec` file: get, next, bulk; and agents that misbehave."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ
from pysnmp.proto import api, rfc1902, rfc1905

from tests.app.diagnostics.house import HERE, udp_server

Oid = tuple[int, ...]
Rows = dict[Oid, Any]

_KINDS: dict[str, Callable[[str], Any]] = {
    "2": lambda v: rfc1902.Integer32(int(v)),
    "4": lambda v: rfc1902.OctetString(v.encode()),
    "4x": lambda v: rfc1902.OctetString(bytes.fromhex(v)),
    "6": rfc1902.ObjectIdentifier,
    "64": rfc1902.IpAddress,
    "64x": lambda v: rfc1902.IpAddress(bytes.fromhex(v)),
    "65": lambda v: rfc1902.Counter32(int(v)),
    "66": lambda v: rfc1902.Gauge32(int(v)),
    "67": lambda v: rfc1902.TimeTicks(int(v)),
    "70": lambda v: rfc1902.Counter64(int(v)),
}


def read_snmprec(path: Path) -> Rows:
    """Read a recording, `OID|tag|value` a line."""
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        oid, tag, value = line.split("|", 2)
        rows[tuple(int(part) for part in oid.split("."))] = _KINDS[tag](value)
    return rows


_MISSING = (rfc1905.NoSuchInstance, rfc1905.EndOfMibView)
_NO_SUCH_NAME = 2  # RFC 1157, 4.1.1: all that version 1 can say of it


class Agent:
    """Answers from sorted rows; `next_of` may be replaced by one that lies."""

    def __init__(
        self, rows: Rows, *, community: str = "public", versions: tuple[int, ...] = (0, 1)
    ) -> None:
        self.rows = rows
        self.order = sorted(rows)
        self.community = community.encode()
        self.versions = versions
        self.asked = 0

    def next_of(self, oid: Oid) -> tuple[Oid, Any]:
        place = bisect_right(self.order, oid)
        if place == len(self.order):
            return oid, rfc1905.endOfMibView
        found = self.order[place]
        return found, self.rows[found]

    def __call__(self, data: bytes, _address: object) -> Iterator[bytes]:
        self.asked += 1
        version = int(api.decodeMessageVersion(data))
        if version not in self.versions:
            return
        protocol = api.PROTOCOL_MODULES[version]
        message, _ = decoder.decode(data, asn1Spec=protocol.Message())
        if bytes(protocol.apiMessage.get_community(message)) != self.community:
            return
        asked = protocol.apiMessage.get_pdu(message)
        answer = protocol.apiPDU.get_response(asked)
        found = self._answers(protocol, asked)
        if version == 0 and any(isinstance(value, _MISSING) for _, value in found):
            protocol.apiPDU.set_error_status(answer, _NO_SUCH_NAME)
            protocol.apiPDU.set_error_index(answer, 1)
            found = protocol.apiPDU.get_varbinds(asked)
        protocol.apiPDU.set_varbinds(answer, found)
        protocol.apiMessage.set_pdu(message, answer)
        yield encoder.encode(message)

    def _answers(self, protocol: Any, asked: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - pysnmp's
        oids = [tuple(oid) for oid, _ in protocol.apiPDU.get_varbinds(asked)]
        if isinstance(asked, protocol.GetNextRequestPDU):
            found = [self.next_of(oid) for oid in oids]
        elif hasattr(protocol, "GetBulkRequestPDU") and isinstance(
            asked, protocol.GetBulkRequestPDU
        ):
            found = [*self._bulk(oids[0], int(protocol.apiBulkPDU.get_max_repetitions(asked)))]
        else:
            found = [(oid, self.rows.get(oid, rfc1905.noSuchInstance)) for oid in oids]
        return [(univ.ObjectIdentifier(oid), value) for oid, value in found]

    def _bulk(self, oid: Oid, count: int) -> Iterator[tuple[Oid, Any]]:
        for _ in range(count):
            oid, value = self.next_of(oid)
            yield oid, value


class Looping(Agent):
    """Gives the same row for ever, as firmware with a broken table does."""

    def next_of(self, oid: Oid) -> tuple[Oid, Any]:
        found, value = super().next_of(oid)
        return (oid, self.rows[oid]) if oid in self.rows else (found, value)


class FallsSilent(Agent):
    """Answers a few questions and then no more: the target that pysnmp's own walk never leaves."""

    def __call__(self, data: bytes, address: object) -> Iterator[bytes]:
        if self.asked < 3:
            yield from super().__call__(data, address)
        self.asked += 1


@contextmanager
def serving(agent: Agent, *, host: str = HERE) -> Iterator[int]:
    with udp_server(agent, host=host) as port:
        yield port

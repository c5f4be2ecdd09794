"""A gateway with forty interfaces, optics and a full ARP table, as rows of an SNMP agent."""

from pathlib import Path
from typing import Any, Final

from pysnmp.proto import rfc1902

from tests.app.diagnostics.agent import Rows, read_snmprec

STICK: Final = (
    Path(__file__).parents[2] / "tests" / "fixtures" / "cpe" / "snmp" / "ont_stick_dev.snmprec"
)
INTERFACES: Final = 40
HOSTS: Final = 60
_IF: Final = (1, 3, 6, 1, 2, 1, 2, 2, 1)
_IFX: Final = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_ARP: Final = (1, 3, 6, 1, 2, 1, 4, 22, 1)


def home_gateway() -> Rows:
    """Return the recorded ONU stick's rows, its interfaces and hosts multiplied."""
    rows = read_snmprec(STICK)
    for index in range(1, INTERFACES + 1):
        for base, columns in ((_IF, _interface(index)), (_IFX, _extended(index))):
            rows |= {(*base, leaf, index): value for leaf, value in columns.items()}
    for host in range(1, HOSTS + 1):
        at = (1, 192, 168, 1, host)
        rows[(*_ARP, 2, *at)] = rfc1902.OctetString(bytes((2, 17, 34, 51, 68, host)))
        rows[(*_ARP, 4, *at)] = rfc1902.Integer32(3)
    return rows


def _interface(index: int) -> dict[int, Any]:
    return {
        2: rfc1902.OctetString(f"eth{index}".encode()),
        3: rfc1902.Integer32(6),
        5: rfc1902.Gauge32(1_000_000_000),
        7: rfc1902.Integer32(1),
        8: rfc1902.Integer32(1 + index % 2),
        10: rfc1902.Counter32(index * 1_000_003),
        14: rfc1902.Counter32(0),
        16: rfc1902.Counter32(index * 700_001),
    }


def _extended(index: int) -> dict[int, Any]:
    return {
        1: rfc1902.OctetString(f"lan{index}".encode()),
        6: rfc1902.Counter64(index * 5_000_000_003),
        10: rfc1902.Counter64(index * 3_000_000_001),
        15: rfc1902.Gauge32(1_000),
        18: rfc1902.OctetString(b"customer"),
    }

"""The identity index at the company's real size lives on every phone (DV-01)."""

import random
import zlib

from field_app.sync import queries
from field_app.sync.replica import Replica
from field_core.ids import uuid7
from field_core.snapshot_format import Stored, encode_frame
from tests.app.making import memory

DEVICES = 7_600
INDEX_BYTES_MAX = 600_000
"""Random MACs, serials and keys hardly compress: 50 bytes a device would be 380 KB."""


def identities() -> list[Stored]:
    rng = random.Random(1)
    return [
        Stored(
            uuid7(n, rng.randbytes(10)),
            "Equipment Identity",
            1,
            {
                "equipment": uuid7(n, rng.randbytes(10)),
                "mac_address": f"A42BB0{n:06X}",
                "gpon_serial": f"TPLG{rng.randbytes(4).hex().upper()}",
                "service_location": f"LOC-{n % 17_000:05d}",
                "since": "2025-11-03",
            },
        )
        for n in range(DEVICES)
    ]


def held() -> Replica:
    replica = memory()
    replica.start_snapshot("{}")
    replica.stage(identities(), progress="{}")
    replica.swap(cursor="e.1", seq=1)
    return replica


def test_every_device_of_the_company_is_found_offline_by_its_mac() -> None:
    """DV-01: 7,600 devices on the phone; where one is recorded and since when, without signal."""
    found = queries.identities(held(), f"A4:2B:B0:00:{4711 >> 8:02X}:{4711 & 255:02X}")

    assert [(row.location, row.since) for row in found] == [("LOC-04711", "2025-11-03")]


def test_index_of_every_device_stays_small_on_the_wire() -> None:
    """DV-01."""
    assert len(zlib.compress(encode_frame(identities()), 9)) < INDEX_BYTES_MAX

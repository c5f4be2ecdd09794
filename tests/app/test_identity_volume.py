"""The identity index at the company's real size lives on every phone (DV-01)."""

import random
import zlib

import pytest

from field_app.sync import queries
from field_app.sync.migrations import IDENTITY_COLUMNS, IDENTITY_ROWS, bare_sql
from field_app.sync.replica import Replica
from field_core.ids import uuid7
from field_core.snapshot_format import Stored, encode_frame
from tests.app.making import change, memory, reply

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


@pytest.fixture(scope="module")
def replica() -> Replica:
    """A phone that holds the company's index."""
    return held()


NUMBER = 4_711
MAC = f"A42BB0{NUMBER:06X}"


@pytest.mark.parametrize(
    "typed",
    [MAC, MAC.lower(), ":".join(MAC[n : n + 2] for n in range(0, 12, 2)), f" {MAC[:6]}-{MAC[6:]}"],
)
def test_every_device_of_the_company_is_found_offline_by_its_mac(
    replica: Replica, typed: str
) -> None:
    """DV-01: 7,600 devices on the phone; where one is recorded and since when, without signal."""
    for found in (queries.identity_by_mac(replica, typed), queries.identities(replica, typed)):
        assert [(row.location, row.since) for row in found] == [("LOC-04711", "2025-11-03")]


def test_device_is_found_by_its_serial_in_either_form(replica: Replica) -> None:
    """SC-07: the label prints letters, the OLT tells hexadecimal."""
    serial = str(identities()[NUMBER].body["gpon_serial"])
    in_hex = serial[:4].encode().hex() + serial[4:].lower()

    for typed in (serial, in_hex):
        assert [r.location for r in queries.identity_by_serial(replica, typed)] == ["LOC-04711"]


@pytest.mark.parametrize("typed", ["", "A42BB0", "01:00:5E:00:00:01", "' OR 1=1"])
def test_what_no_device_bears_finds_nothing(replica: Replica, typed: str) -> None:
    found = [
        *queries.identity_by_mac(replica, typed),
        *queries.identity_by_serial(replica, typed),
        *queries.identities(replica, typed),
    ]

    assert found == []


@pytest.mark.parametrize("column", IDENTITY_COLUMNS)
def test_look_up_goes_by_index(replica: Replica, column: str) -> None:
    """A scan of 7,600 rows took 60 ms: too long between a scan and its alarm."""
    [row] = replica.db.conn.execute(
        f"EXPLAIN QUERY PLAN SELECT key FROM view WHERE {IDENTITY_ROWS} "  # noqa: S608 - our own columns
        f"AND {bare_sql(column)} = 'X'"
    ).fetchall()

    assert row[3].startswith(f"SEARCH view USING INDEX identity_{column}")


def test_our_own_device_is_found_before_the_office_has_it(replica: Replica) -> None:
    """T-11: two jobs of one day, one box."""
    body = {"mac_address": "02:11:22:33:44:55", "service_location": "LOC-1", "name": "EQP-1"}
    own = reply([change(1, body, doctype="Service Equipment")], since="e.1", cursor="e.2", seq=2)
    replica.apply(own, now_ms=0)

    [found] = queries.identity_by_mac(replica, "021122334455")
    assert (found.equipment, found.location) == ("EQP-1", "LOC-1")


def test_index_of_every_device_stays_small_on_the_wire() -> None:
    """DV-01."""
    assert len(zlib.compress(encode_frame(identities()), 9)) < INDEX_BYTES_MAX

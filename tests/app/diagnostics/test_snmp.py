"""SNMP on the LAN: recordings served by an agent of ours, a real snmpd, agents that misbehave."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysnmp.proto.rfc1902 import Counter64

from field_app.diagnostics import snmp
from field_app.diagnostics.kit import Kit, SnmpAccess
from field_core.cpe import SnmpSnapshot, normalise_snmp
from tests.app.diagnostics.agent import Agent, FallsSilent, Looping, read_snmprec, serving
from tests.app.diagnostics.house import HERE, free_port, kit, program, reasons, values, visit

RECORDED = Path(__file__).resolve().parents[2] / "fixtures" / "cpe" / "snmp"
ANSWERED_S = 3.0
"""What a dead target may take (issue D)."""


def snapshot_of(using: Kit) -> SnmpSnapshot:
    seen = visit(using)
    snmp.probe(seen)
    return SnmpSnapshot.model_validate(seen.raw["snmp"])


def recorded(name: str) -> SnmpSnapshot:
    lines = (RECORDED / f"{name}.snmprec").read_text(encoding="utf-8").splitlines()
    split = (line.split("|", 2) for line in lines)
    return normalise_snmp({oid: (tag, value) for oid, tag, value in split})


@pytest.mark.parametrize("name", ["ont_stick_dev", "router_dev", "router_netsnmp_recorded"])
def test_walk_over_the_wire_reads_what_the_recording_holds(name: str) -> None:
    with serving(Agent(read_snmprec(RECORDED / f"{name}.snmprec"))) as port:
        found = snapshot_of(kit(snmp=SnmpAccess(port=port)))

    assert found == recorded(name)


def test_agent_of_version_1_is_read_too() -> None:
    """It has no 64-bit counters (RFC 2578, 7.1.10) and answers one row at a time."""
    rows = read_snmprec(RECORDED / "router_dev.snmprec")
    narrow = {oid: value for oid, value in rows.items() if not isinstance(value, Counter64)}
    with serving(Agent(narrow, versions=(0,))) as port:
        found = snapshot_of(kit(snmp=SnmpAccess(port=port)))

    whole = recorded("router_dev")
    assert [port.name for port in found.interfaces] == [port.name for port in whole.interfaces]
    assert (found.sys_name, found.arp) == (whole.sys_name, whole.arp)


def test_light_and_identity_become_results_in_their_units() -> None:
    with serving(Agent(read_snmprec(RECORDED / "ont_stick_dev.snmprec"))) as port:
        results = snmp.probe(visit(kit(snmp=SnmpAccess(port=port))))

    optical = recorded("ont_stick_dev").optical
    assert optical is not None
    found = values(results)
    assert found["optical-rx.gateway"] == optical.rx_dbm
    assert {r.unit for r in results if r.quantity == "optical-rx"} == {"dBm"}
    assert {r.source for r in results} == {HERE}


def test_dead_target_is_answered_within_three_seconds() -> None:
    begun = time.monotonic()

    results = snmp.probe(visit(kit()))

    assert set(reasons(results).values()) == {"no-answer"}
    assert time.monotonic() - begun < ANSWERED_S


def test_wrong_community_is_silence() -> None:
    agent = Agent(read_snmprec(RECORDED / "router_dev.snmprec"), community="secret")
    with serving(agent) as port:
        results = snmp.probe(visit(kit(snmp=SnmpAccess(port=port))))

    assert reasons(results)["snmp-uptime.gateway"] == "no-answer"


def test_table_that_gives_the_same_row_for_ever_ends() -> None:
    with serving(Looping(read_snmprec(RECORDED / "router_dev.snmprec"))) as port:
        results = snmp.probe(visit(kit(snmp=SnmpAccess(port=port))))

    assert "snmp-uptime.gateway" in values(results)


def test_target_that_falls_silent_within_the_walk_leaves_what_it_said() -> None:
    begun = time.monotonic()
    with serving(FallsSilent(read_snmprec(RECORDED / "router_dev.snmprec"))) as port:
        results = snmp.probe(visit(kit(snmp=SnmpAccess(port=port))))

    assert "snmp-uptime.gateway" in values(results)
    assert time.monotonic() - begun < ANSWERED_S


def test_run_that_is_over_ends_a_walk() -> None:
    with serving(Agent(read_snmprec(RECORDED / "router_dev.snmprec"))) as port:
        seen = visit(kit(snmp=SnmpAccess(port=port)))
        seen.stop.set()

        assert reasons(snmp.probe(seen))["snmp-uptime.gateway"] == "no-answer"


def test_without_a_gateway_or_access_nothing_is_asked() -> None:
    assert reasons(snmp.probe(visit(kit(gateway=None))))["snmp-model.gateway"] == "no-gateway"
    assert reasons(snmp.probe(visit(kit(snmp=None))))["snmp-model.gateway"] == "no-credentials"


# --- a real agent

SNMPD = program("snmpd")
needs_snmpd = pytest.mark.skipif(SNMPD is None, reason="snmpd is not installed here")
V3 = {"user": "field", "auth_phrase": "auth-phrase-1", "privacy_phrase": "priv-phrase-1"}


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A net-snmp agent with a community and a v3 user, in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("snmpd"), free_port()
    (folder / "snmpd.conf").write_text(
        f"agentAddress udp:{HERE}:{port}\n"
        "rocommunity public\nsysName basement\n"
        "createUser field SHA auth-phrase-1 AES priv-phrase-1\nrouser field priv\n",
        encoding="utf-8",
    )
    environment = {"PATH": os.environ["PATH"], "SNMP_PERSISTENT_DIR": str(folder / "state")}
    assert SNMPD is not None
    running = subprocess.Popen(
        [SNMPD, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-I",
         "-smux", "-p", str(folder / "pid")],
        env=environment,
    )  # fmt: skip
    try:
        _answers(port)
        yield port
    finally:
        running.terminate()
        running.wait(10)


def _answers(port: int) -> None:
    for _ in range(10):
        results = snmp.probe(visit(kit(snmp=SnmpAccess(port=port))))
        if "snmp-uptime.gateway" in values(results):
            return
    raise AssertionError("snmpd does not answer")


@needs_snmpd
def test_real_agent_is_read_in_version_2c(snmpd: int) -> None:
    found = snapshot_of(kit(snmp=SnmpAccess(port=snmpd)))

    assert found.sys_name == "basement"
    assert "lo" in {port.name for port in found.interfaces}
    assert found.mem_used_pct is not None


@needs_snmpd
def test_real_agent_is_read_in_version_3_with_authentication_and_privacy(snmpd: int) -> None:
    found = snapshot_of(kit(snmp=SnmpAccess(port=snmpd, **V3)))

    assert found.sys_name == "basement"


@needs_snmpd
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"auth_phrase": "wrong-phrase"}, "refused"),
        ({"user": "nobody"}, "refused"),
        ({"privacy_phrase": ""}, "refused"),
        ({"auth_phrase": "short"}, "refused"),
        ({"privacy_phrase": "other-phrase"}, "no-answer"),
    ],
)
def test_real_agent_refuses_what_is_wrong(snmpd: int, changes: dict[str, str], why: str) -> None:
    results = snmp.probe(visit(kit(snmp=SnmpAccess(port=snmpd, **(V3 | changes)))))

    assert reasons(results)["snmp-uptime.gateway"] == why

"""Diagnostics over real links: a shaped cable, a lossy one, and a house whose line is down.

Namespaces need root; where they cannot be made the reason is said, and CI runs as root.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.diagnostics import lab
from benchmarks.diagnostics.__main__ import NEAR, ROOT, run_offline, transfer

REASON = lab.why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")
TUNLINK = ROOT / "benchmarks" / "tools" / "tunlink.py"
TUN = Path("/dev/net/tun")
RATE_MBPS = 10.0
GOODPUT = 1448 / 1514
"""What a frame of 1,514 bytes carries for TCP with time stamps."""


def test_steady_rate_is_what_the_shaper_lets_through() -> None:
    with lab.lab(RATE_MBPS) as names:
        found = transfer(names, seconds=4)

    assert found["down"] == pytest.approx(RATE_MBPS * GOODPUT, rel=0.1)
    assert found["up"] == pytest.approx(RATE_MBPS * GOODPUT, rel=0.1)


def test_t13_house_whose_line_is_down_gets_its_verdict_without_any_internet() -> None:
    told = run_offline("quick")

    assert told["verdicts"][0] == "wan-down"
    assert told["verdict_s"] < 10
    assert {"icmp", "upnp", "upnp-counters", "snmp", "dns-udp", "system"} <= set(told["methods"])
    assert told["progress"] > 3


@pytest.mark.skipif(not TUN.exists(), reason="this kernel has no TUN device")
def test_loss_of_a_link_is_counted() -> None:
    """The link's seed decides which packets are lost: of 20 questions, more than 1 and not all."""
    command = [sys.executable, str(TUNLINK), "--rtt=20", "--rate=10000", "--loss=12", "--seed=3"]
    inside = ["ip", "netns", "exec", "$NS_CLI", *NEAR, "ping", "--host", "10.77.0.2"]
    done = subprocess.run(
        [*command, "--", "sh", "-c", " ".join(inside)],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
    )

    results = {row["quantity"]: row for row in json.loads(done.stdout)}
    assert results["loss"]["details"] == {"sent": 20}
    assert 1 < results["loss"]["value"] < 15
    assert results["loss"]["grade"] in ("watch", "bad")
    assert results["latency"]["value"] == pytest.approx(20, abs=15)
    assert results["jitter"]["value"] >= 0

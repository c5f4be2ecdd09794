# Kept word for word, as other sync engines were measured with it; hence its own style.
# ruff: noqa: ANN001, ANN002, ANN201, ANN204, C901, D102, D103, E501, PLR0912, PLR0915, PLR2004, PLW1510, PTH105, PTH118, PTH123, RUF005, S603, S607
# mypy: ignore-errors
# fmt: off
"""A bad mobile link between two network namespaces, in user space (root, standard library only).

The kernel here has no netem queue, so this program is the link: it makes two
namespaces joined by two TUN devices and carries every IP packet between them with a
set rate, delay, jitter, queue and loss. The processes at both ends use real kernel TCP.
Losses come from a seeded generator (one per direction). Nothing leaves the machine: each
namespace holds only its TUN end (10.77.0.1 client, 10.77.0.2 server) and loopback.

  tunlink.py --rtt 300 --rate 1000 --loss 2 --seed 1 -- COMMAND ...

runs COMMAND with NS_CLI, NS_SRV and LINK_STATS in its environment, and removes both
namespaces when it ends. LINK_STATS is a file rewritten five times a second:
{"up":{"pkts","bytes","lost","qdrop"},"down":{...}} (IP bytes offered to the link).
A control file, LINK_CTL, holds "up" or "down": write "down" to cut the link.
"""
import argparse
import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import tempfile
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000


def sh(*a):
    subprocess.run(a, check=True)


def allow_cc(cc):
    """A namespace may only choose an algorithm that the machine's own list allows."""
    p = "/proc/sys/net/ipv4/tcp_allowed_congestion_control"
    with open(p) as f:
        have = f.read().split()
    if cc not in have:
        with open(p, "w") as f:
            f.write(" ".join(have + [cc]))


def tun(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return fd


class Way:
    """One direction: a rate-limited queue, then a fixed delay."""

    def __init__(self, out_fd, a, seed):
        self.out, self.rng = out_fd, random.Random(seed)
        self.rate = a.rate * 125.0  # bytes a second
        self.delay, self.jitter = a.rtt / 2000.0, a.jitter / 1000.0
        self.loss, self.queue = a.loss / 100.0, a.queue * 1000
        self.free, self.last = 0.0, 0.0
        self.n = {"pkts": 0, "bytes": 0, "lost": 0, "qdrop": 0}

    def take(self, pkt, now, heap, seq, up):
        self.n["pkts"] += 1
        self.n["bytes"] += len(pkt)
        draw, jit = self.rng.random(), self.rng.random()
        if not up:
            self.n["lost"] += 1
            return
        start = max(now, self.free)
        if (start - now) * self.rate > self.queue:
            self.n["qdrop"] += 1
            return
        self.free = start + len(pkt) / self.rate  # a lost packet still used the air
        if draw < self.loss:
            self.n["lost"] += 1
            return
        at = max(self.free + self.delay + jit * self.jitter, self.last)  # never reorders
        self.last = at
        heapq.heappush(heap, (at, seq, self, pkt))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--rtt", type=float, default=300, help="ms")
    ap.add_argument("--rate", type=float, default=1000, help="kbit/s, each way")
    ap.add_argument("--loss", type=float, default=2, help="percent, each way")
    ap.add_argument("--jitter", type=float, default=0, help="ms added at most")
    ap.add_argument("--queue", type=int, default=64, help="kB held before tail drop")
    ap.add_argument("--cc", default="cubic", help="TCP congestion control at both ends: cubic, bbr, reno")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("cmd", nargs=argparse.REMAINDER)
    a = ap.parse_args()
    cmd = a.cmd[1:] if a.cmd[:1] == ["--"] else a.cmd
    tag = f"{os.getpid() % 100000}"
    ns = {"cli": f"c{tag}", "srv": f"s{tag}"}
    fds, made = {}, []
    box = tempfile.mkdtemp(prefix="tunlink.")
    stats, ctl = os.path.join(box, "stats.json"), os.path.join(box, "ctl")
    with open(ctl, "w") as f:
        f.write("up")
    try:
        allow_cc(a.cc)
        for side, ip, peer in (("cli", "10.77.0.1", "10.77.0.2"), ("srv", "10.77.0.2", "10.77.0.1")):
            sh("ip", "netns", "add", ns[side])
            made.append(ns[side])
            dev = f"tl{side}{tag}"[:15]
            fds[side] = tun(dev)
            sh("ip", "link", "set", dev, "netns", ns[side])
            n = ("ip", "-n", ns[side])
            sh(*n, "link", "set", "lo", "up")
            sh(*n, "addr", "add", ip, "peer", peer, "dev", dev)
            sh(*n, "link", "set", dev, "mtu", "1400", "up")
            sh("ip", "netns", "exec", ns[side], "sysctl", "-qw", f"net.ipv4.tcp_congestion_control={a.cc}")
        up, down = Way(fds["srv"], a, a.seed), Way(fds["cli"], a, a.seed + 1)
        env = dict(os.environ, NS_CLI=ns["cli"], NS_SRV=ns["srv"], LINK_STATS=stats, LINK_CTL=ctl)
        child = subprocess.Popen(cmd, env=env)
        heap, seq, next_stat, is_up = [], 0, 0.0, True
        while True:
            now = time.monotonic()
            while heap and heap[0][0] <= now:
                _, _, way, pkt = heapq.heappop(heap)
                try:
                    os.write(way.out, pkt)
                except OSError:
                    way.n["qdrop"] += 1
            if now >= next_stat:
                with open(stats + ".new", "w") as f:
                    json.dump({"up": up.n, "down": down.n}, f)
                os.replace(stats + ".new", stats)
                with open(ctl) as f:
                    is_up = f.read().strip() != "down"
                next_stat = now + .2
                if child.poll() is not None:
                    break
            wait = min(next_stat, heap[0][0] if heap else 1e18) - time.monotonic()
            for fd in select.select([fds["cli"], fds["srv"]], [], [], max(0.0, wait))[0]:
                try:
                    while True:
                        pkt = os.read(fd, 65536)
                        if pkt[0] >> 4 != 4:  # IPv6 neighbour chatter
                            continue
                        seq += 1
                        (up if fd == fds["cli"] else down).take(pkt, time.monotonic(), heap, seq, is_up)
                except BlockingIOError:
                    pass
        return child.returncode
    finally:
        for n in made:
            subprocess.run(("ip", "netns", "del", n))
        for fd in fds.values():
            os.close(fd)


if __name__ == "__main__":
    sys.exit(main())

"""What a figure was taken on, and how busy it was: without both a figure says nothing."""

import os
import platform
import resource
from pathlib import Path
from statistics import quantiles
from typing import Final

_CPUINFO: Final = Path("/proc/cpuinfo")
_PERCENT: Final = 100


def describe() -> str:
    """Return processor, cores, system and Python in one line."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def load_average() -> float:
    """Return how many programs wanted a core on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def percentile(values: list[float], percent: int) -> float:
    """Return the value that `percent` of the values do not exceed."""
    return quantiles(values, n=_PERCENT, method="inclusive")[percent - 1]


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process, in MB (Linux)."""
    return _status_kb(pid, "VmRSS") * 1024 / 1e6


def memory_peak_mb(pid: int) -> float:
    """Return the highest resident memory of a process so far, in MB (Linux)."""
    return _status_kb(pid, "VmHWM") * 1024 / 1e6


def _status_kb(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ProcessLookupError(pid)


def processor_s(pid: int) -> float:
    """Return the processor time that a process has used, in seconds (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def own_peak_mb() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

"""One result schema for every probe (DX-01), and the run that holds them: `diagnostic-run/1`.

A result is one quantity: its value in its unit, its grade against a limit and whose limit that is,
who was asked (`source`), how (`method`), and when. Where nothing was measured, `absence` says why.
`details` holds what the value needs beside it, such as how many packets were `sent`.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from field_core.cpe.limits import LimitsUsed
from field_core.cpe.model import Grade, Part
from field_core.cpe.verdict import Verdict
from field_core.diagnosis.absences import Absence


class Probe(StrEnum):
    """What is done; `ACS` stands for what the server reads of the equipment (device, Wi-Fi)."""

    GATEWAY = "gateway"
    LINK = "link"
    DNS = "dns"
    PING = "ping"
    IGD = "igd"
    SNMP = "snmp"
    TRACE = "trace"
    THROUGHPUT = "throughput"
    LOADED = "loaded"
    ACS = "acs"


class Target(StrEnum):
    """Who is asked, by their place on the way out."""

    DEVICE = "device"
    GATEWAY = "gateway"
    ISP = "isp"
    PUBLIC = "public"
    SERVER = "server"


class Result(Part):
    """One quantity of one target; `series` are pairs of seconds since the start and a value."""

    probe: Probe
    quantity: str
    target: Target
    value: float | int | str | None = None
    unit: str | None = None
    grade: Grade | None = None
    limit: float | None = None
    limit_source: str | None = None
    source: str = ""
    method: str = ""
    measured_at: str = ""
    absence: Absence | None = None
    details: dict[str, str | int] = Field(default_factory=dict)
    series: tuple[tuple[float, float], ...] = ()


class Run(Part):
    """What one run found; instants are UTC text. The first verdict is the headline.

    `ended_at` is None while it runs; `cut` says what ended it before its time. `raw` holds, by
    probe, what was read before it became results (hops, snapshots), without secrets.
    """

    schema_: Literal["diagnostic-run/1"] = Field(default="diagnostic-run/1", alias="schema")
    id: str
    profile: str
    job: str | None = None
    started_at: str
    ended_at: str | None = None
    took_s: float | None = None
    cut: Literal["cancelled", "time"] | None = None
    platform: str = ""
    limits: LimitsUsed | None = None
    """Which limits it was judged by; None of a run that did not say."""
    results: list[Result] = Field(default_factory=list)
    verdicts: list[Verdict] = Field(default_factory=list)
    raw: dict[str, JsonValue] = Field(default_factory=dict)

    def of(self, probe: Probe) -> list[Result]:
        """Return the results of one probe."""
        return [result for result in self.results if result.probe is probe]

    def find(self, quantity: str, target: Target | None = None) -> Result | None:
        """Return the result of a quantity, of whichever target unless one is named."""
        return next(
            (r for r in self.results if r.quantity == quantity and target in (None, r.target)),
            None,
        )

"""What equipment says over SNMP: identity, load, ports, hosts, light. Read only.

Few consumer gateways answer at all: silence is told within three seconds and is no fault.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from field_app.diagnostics import snmp_client
from field_app.diagnostics.kit import SnmpAccess
from field_app.diagnostics.snmp_client import Agent, Engine, Version, Walked
from field_app.diagnostics.visit import Visit, because
from field_core.cpe import SnmpSnapshot, normalise_snmp
from field_core.cpe.snmp_model import SnmpOptical
from field_core.diagnosis import Absence, Probe, Result, Target

_MAIN: Final = ("snmp-uptime", "snmp-model")
GIVES: Final = tuple((name, Target.GATEWAY) for name in _MAIN)

_SYSTEM: Final = tuple(f"1.3.6.1.2.1.1.{leaf}.0" for leaf in (1, 2, 3, 5))
_IF: Final = "1.3.6.1.2.1.2.2.1"
_IFX: Final = "1.3.6.1.2.1.31.1.1.1"
_FIRST: Final = (
    *(f"{_IF}.{leaf}" for leaf in (2, 3, 5, 7, 8, 10, 14, 16)),
    *(f"{_IFX}.{leaf}" for leaf in (1, 6, 10, 15, 18)),
    *(f"1.3.6.1.2.1.4.22.1.{leaf}" for leaf in (2, 4)),
    "1.3.6.1.2.1.25.3.3.1.2",
    *(f"1.3.6.1.2.1.25.2.3.1.{leaf}" for leaf in (2, 5, 6)),
    *(f"1.3.6.1.2.1.47.1.1.1.1.{leaf}" for leaf in (2, 5, 7, 11, 13)),
    *(f"1.3.6.1.2.1.99.1.1.1.{leaf}" for leaf in (1, 2, 3, 4, 5)),
    "1.3.6.1.2.1.17.1.4.1.2",
    "1.3.6.1.2.1.17.4.3.1.2",
    *(f"1.3.6.1.4.1.8072.1.3.2.3.1.{leaf}" for leaf in (1, 4)),
)
"""The columns that `normalise_snmp` reads; the system group is got, not walked."""


class Found(NamedTuple):
    """What a device said, or why it said nothing."""

    walk: Walked
    absence: Absence | None = None


def probe(visit: Visit) -> list[Result]:
    """Ask the gateway in the newest version that we have access for."""
    if visit.gateway is None:
        return _absent(visit, because("no-gateway"))
    access = visit.kit.snmp
    if access is None:
        return _absent(visit, because("no-credentials"))
    found = read(visit, visit.gateway, access)
    if found.absence is not None:
        return _absent(visit, found.absence)
    snapshot = normalise_snmp(found.walk)
    visit.raw["snmp"] = snapshot.model_dump(mode="json")
    return list(_told(visit, snapshot))


def read(visit: Visit, host: str, access: SnmpAccess) -> Found:
    """Read one device, in this thread."""
    found: Found = snmp_client.run(lambda engine: _read(engine, visit, host, access))
    return found


async def _read(engine: Engine, visit: Visit, host: str, access: SnmpAccess) -> Found:
    """Try version 3 where there is a user, else 2c and then 1, each with one question."""
    trouble = ""
    versions: tuple[Version, ...] = ("3",) if access.user else ("2c", "1")
    for version in versions:
        if visit.is_over:
            break
        try:
            agent = await snmp_client.connect(engine, host, access, version)
        except ValueError:
            return Found({}, because("refused", who=host))
        said = await agent.get(*_SYSTEM)
        if said.values:
            return Found({**said.values, **await _walked(visit, agent)})
        trouble = said.trouble or trouble
    return Found({}, because("refused" if trouble == "refused" else "no-answer", who=host))


async def _walked(visit: Visit, agent: Agent) -> Walked:
    visit.tell(Probe.SNMP, 0.1)
    return await agent.walk(_FIRST, is_over=lambda: visit.is_over)


def _told(visit: Visit, said: SnmpSnapshot) -> Iterator[Result]:
    source = visit.gateway or ""
    optical = said.optical or SnmpOptical()
    told: dict[str, float | str | None] = {
        "snmp-model": said.model or said.sys_name,
        "snmp-uptime": said.uptime_s,
        "snmp-cpu": said.cpu_pct,
        "snmp-memory": said.mem_used_pct,
        "snmp-hosts": len(said.arp),
        "snmp-ports-up": sum(port.oper == "up" for port in said.interfaces),
        "optical-rx": optical.rx_dbm,
        "optical-tx": optical.tx_dbm,
        "optical-temperature": optical.temperature_c,
    }
    for name, value in told.items():
        if value is not None:
            yield visit.result(name, value, source=source, method="snmp")
        elif name in _MAIN:
            yield visit.absent(name, because("not-told"), source=source)


def _absent(visit: Visit, why: Absence) -> list[Result]:
    return [visit.absent(name, why, source=visit.gateway or "") for name in _MAIN]

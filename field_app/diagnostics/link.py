"""This device's own link: wire or Wi-Fi, and of a Wi-Fi its band and signal, where that is told.

It decides what a throughput may be called: what was measured over Wi-Fi is no line's speed.
"""

from typing import Final

from field_app.diagnostics import wireless
from field_app.diagnostics.visit import Visit, because
from field_app.diagnostics.wireless import Wireless
from field_core.diagnosis import Result, Target

GIVES: Final = (("link-kind", Target.DEVICE),)

_D: Final = Target.DEVICE
_GATEWAY_WAIT_S: Final = 1.5
_WAIT_STEP_S: Final = 0.05
_PROFILER_S: Final = 8.0
"""macOS looks for neighbouring networks before it answers."""
_ADAPTER: Final = (
    "Get-NetRoute -DestinationPrefix '0.0.0.0/0' | "
    "Sort-Object { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1 | "
    "Get-NetAdapter | ForEach-Object { '' + $_.NdisPhysicalMedium + ' ' + $_.Speed }"
)
_KINDS: Final = {"1": "wire"}
"""ARPHRD_ETHER of /sys/class/net/IF/type; Wi-Fi has it too and is told apart by its folder."""


def probe(visit: Visit) -> list[Result]:
    """Look at the link that leads to the gateway."""
    system = visit.kit.host.system
    if system in ("android", "ios"):
        why = because("platform", system=system)
        return [visit.absent(name, why, target=_D) for name in ("link-kind", "wifi-signal")]
    if system == "windows":
        return _windows(visit)
    interface = _interface(visit)
    if interface is None:
        return [visit.absent("link-kind", because("no-gateway"), target=_D)]
    return _macos(visit, interface) if system == "macos" else _linux(visit, interface)


def _interface(visit: Visit) -> str | None:
    """Wait for the gateway's probe, which runs beside this one, to name the interface."""
    waited = 0.0
    while visit.interface is None and waited < _GATEWAY_WAIT_S and not visit.is_over:
        visit.wait(_WAIT_STEP_S)
        waited += _WAIT_STEP_S
    return visit.interface


def _linux(visit: Visit, interface: str) -> list[Result]:
    host = visit.kit.host
    place = f"/sys/class/net/{interface}"
    told = host.read("/proc/net/wireless") or ""
    is_wifi = (
        wireless.of_proc(told, interface) is not None
        or host.read(f"{place}/phy80211/name") is not None
    )
    if not is_wifi:
        if _KINDS.get((host.read(f"{place}/type") or "").strip()) is None:
            return [visit.absent("link-kind", because("link-unknown"), target=_D)]
        speed = (host.read(f"{place}/speed") or "").strip()
        return _wire(visit, interface, float(speed) if speed.isdecimal() else None)
    found = wireless.of_iw(host.ask("iw", "dev", interface, "link") or "") or Wireless()
    if found.ssid is None:
        asked = ("nmcli", "-t", "-f", "ACTIVE,SSID,FREQ,RATE", "dev", "wifi")
        found = wireless.of_nmcli(host.ask(*asked) or "") or found
    if found.signal_dbm is None:
        level = wireless.of_proc(told, interface) or Wireless()
        found = found._replace(signal_dbm=level.signal_dbm)
    return _told(visit, found, is_wifi=True)


def _macos(visit: Visit, interface: str) -> list[Result]:
    host = visit.kit.host
    if not wireless.is_macos_wifi(
        host.ask("networksetup", "-listallhardwareports") or "", interface
    ):
        if not interface.startswith("en"):  # a tunnel, or a phone's own line
            return [visit.absent("link-kind", because("link-unknown"), target=_D)]
        return _wire(visit, interface, None)
    text = host.ask("system_profiler", "SPAirPortDataType", timeout_s=_PROFILER_S) or ""
    return _told(visit, wireless.of_macos(text) or Wireless(), is_wifi=True)


def _windows(visit: Visit) -> list[Result]:
    """Ask which adapter leads out; one that is neither cable nor Wi-Fi is not called either."""
    host = visit.kit.host
    asked = ("powershell", "-NoProfile", "-Command", _ADAPTER)
    adapter = wireless.of_adapter(host.ask(*asked, timeout_s=_PROFILER_S) or "")
    if adapter is not None and adapter.kind == "wire":
        return _wire(visit, visit.interface or "", adapter.rate_mbps)
    found = wireless.of_netsh(host.ask("netsh", "wlan", "show", "interfaces") or "")
    is_other = adapter is not None and adapter.kind == "other"
    return _told(visit, None if is_other else found, is_wifi=None)


def _wire(visit: Visit, interface: str, rate_mbps: float | None) -> list[Result]:
    visit.is_wifi = False
    kind = visit.result("link-kind", "wire", target=_D, source=interface, method="system")
    if not rate_mbps:  # a virtual link says -1
        return [kind, visit.absent("link-rate", because("not-told"), target=_D)]
    rate = visit.result("link-rate", rate_mbps, target=_D, source=interface, method="system")
    return [kind, rate]


def _told(visit: Visit, found: Wireless | None, *, is_wifi: bool | None) -> list[Result]:
    """Give what a Wi-Fi link tells; without one, and unsure of it, the kind stays unknown."""
    if found is None:
        visit.is_wifi = is_wifi
        return [visit.absent("link-kind", because("link-unknown"), target=_D)]
    visit.is_wifi = True
    told: dict[str, float | str | None] = {
        "wifi-network": found.ssid,
        "wifi-band": found.band,
        "wifi-signal": found.signal_dbm,
        "link-rate": found.rate_mbps,
    }
    source = visit.interface or ""
    kind = visit.result("link-kind", "wifi", target=_D, source=source, method="system")
    return [kind, *(_one(visit, name, value) for name, value in told.items())]


def _one(visit: Visit, name: str, value: float | str | None) -> Result:
    if value is None:
        return visit.absent(name, because("not-told"), target=_D)
    return visit.result(name, value, target=_D, source=visit.interface or "", method="system")

"""What systems write of a Wi-Fi link: network, band, signal in dBm, negotiated rate. Pure.

Windows tells a quality in per cent, which its API defines as a line from -100 dBm (0 %) to -50 dBm
(100 %) (WLAN_ASSOCIATION_ATTRIBUTES, wlanSignalQuality).
"""

import re
from typing import Final, Literal, NamedTuple

_MHZ_2_4: Final = range(2400, 2500)
_MHZ_5: Final = range(4900, 5900)
_MHZ_6: Final = range(5925, 7126)
_CHANNELS_2_4: Final = range(1, 15)
_QUALITY_STEP: Final = 2
_QUALITY_FLOOR_DBM: Final = -100
_PLAUSIBLE_DBM: Final = range(-110, 0)
_PROC_BYTE: Final = 256
"""Old drivers write the level as a byte of two's complement (wireless-tools, iwlib)."""


_MACOS_BANDS: Final = {"2": "2.4", "5": "5", "6": "6"}


class Wireless(NamedTuple):
    """A Wi-Fi link; the rate is Mbit/s, the band GHz as `2.4`, `5` or `6`."""

    ssid: str | None = None
    band: str | None = None
    signal_dbm: int | None = None
    rate_mbps: float | None = None


def of_iw(text: str) -> Wireless | None:
    """Read `iw dev IF link`; an interface that is not joined has none."""
    if "Connected to" not in text:
        return None
    frequency = _number(r"freq:\s*(\d+)", text)
    return Wireless(
        ssid=_text(r"SSID:[ \t]*(\S.*)", text),
        band=band_of_mhz(frequency),
        signal_dbm=_dbm(_number(r"signal:\s*(-?\d+)", text)),
        rate_mbps=_number(r"(?:rx|tx) bitrate:\s*([\d.]+)", text),
    )


def of_proc(text: str, interface: str) -> Wireless | None:
    """Read Linux's /proc/net/wireless: the level is in dBm with every driver of today."""
    match = re.search(rf"^\s*{re.escape(interface)}:\s*\S+\s+\S+\s+(-?\d+)", text, re.MULTILINE)
    if match is None:
        return None
    level = int(match[1])
    return Wireless(signal_dbm=_dbm(level - _PROC_BYTE if level > 0 else level))


def of_nmcli(text: str) -> Wireless | None:
    """Read `nmcli -t -f ACTIVE,SSID,FREQ,RATE dev wifi`; its signal is a bar, not a level."""
    for line in text.splitlines():
        parts = [part.replace("\\:", ":") for part in re.split(r"(?<!\\):", line)]
        if len(parts) == 4 and parts[0] == "yes":  # noqa: PLR2004 - the fields we asked for
            return Wireless(
                ssid=parts[1] or None,
                band=band_of_mhz(_number(r"(\d+)", parts[2])),
                rate_mbps=_number(r"([\d.]+)", parts[3]),
            )
    return None


def of_netsh(text: str) -> Wireless | None:
    """Read `netsh wlan show interfaces` by what does not change with its language.

    The quality is the only per cent, and the first of the two rates is the one received. Only the
    newest releases tell the level itself.
    """
    quality = _number(r":\s*(\d{1,3})\s*%", text)
    if quality is None:
        return None
    channel = _number(r"^\s*(?:Channel|Canal|Kanal)\s*:\s*(\d+)", text)
    return Wireless(
        ssid=_text(r"^\s*SSID\s*:[ \t]*(\S.*)", text),
        band=_text(r":\s*(2\.4|5|6) ?GHz", text.replace("2,4", "2.4")) or _band_of_channel(channel),
        signal_dbm=_dbm(_number(r"^\s*Rssi\s*:\s*(-\d+)", text))
        or _QUALITY_FLOOR_DBM + int(quality) // _QUALITY_STEP,
        rate_mbps=_number(r"\((?:Mbps|[^()]+/[^()]+)\)\s*:\s*([\d.]+)", text),
    )


def of_macos(text: str) -> Wireless | None:
    """Read `system_profiler SPAirPortDataType`: what stands under the current network."""
    _, found, current = text.partition("Current Network Information:")
    current = current.partition("Other Local Wi-Fi Networks:")[0]
    if not found:
        return None
    name = _text(r"^\s*(\S.*):\s*$", current)
    return Wireless(
        ssid=None if name in (None, "<redacted>") else name,
        band=_MACOS_BANDS.get(_text(r"Channel:\s*\d+\s*\((\d)G", current) or ""),
        signal_dbm=_dbm(_number(r"Signal / Noise:\s*(-?\d+)\s*dBm", current)),
        rate_mbps=_number(r"Transmit Rate:\s*([\d.]+)", current),
    )


def is_macos_wifi(text: str, interface: str) -> bool:
    """Tell from `networksetup -listallhardwareports` whether an interface is the Wi-Fi port."""
    for block in re.split(r"\n\s*\n", text):
        if re.search(rf"^Device:\s*{re.escape(interface)}\s*$", block, re.MULTILINE):
            return (
                re.search(r"^Hardware Port:\s*(?:Wi-Fi|AirPort)", block, re.MULTILINE) is not None
            )
    return False


class Adapter(NamedTuple):
    """The adapter of Windows's default route; the rate is Mbit/s."""

    kind: Literal["wire", "wifi", "other"]
    rate_mbps: float | None


def of_adapter(text: str) -> Adapter | None:
    """Read a line of `NdisPhysicalMedium` and `Speed` of MSFT_NetAdapter, in bit/s."""
    match = re.search(r"^\s*(\d{1,3})\s+(\d{1,15})\s*$", text, re.MULTILINE)
    if match is None:
        return None
    return Adapter(_MEDIA.get(int(match[1]), "other"), int(match[2]) / _BITS_PER_MBIT or None)


_MEDIA: Final[dict[int, Literal["wire", "wifi"]]] = {1: "wifi", 9: "wifi", 14: "wire"}
"""NDIS_PHYSICAL_MEDIUM: WirelessLan, Native802_11, 802_3."""
_BITS_PER_MBIT: Final = 1_000_000


def band_of_mhz(frequency: float | None) -> str | None:
    """Return the band of a frequency."""
    for band, range_mhz in (("2.4", _MHZ_2_4), ("5", _MHZ_5), ("6", _MHZ_6)):
        if frequency is not None and int(frequency) in range_mhz:
            return band
    return None


def _band_of_channel(channel: float | None) -> str | None:
    """Guess from a channel alone; numbers above 14 exist at 5 and at 6 GHz, so they tell none."""
    return "2.4" if channel is not None and int(channel) in _CHANNELS_2_4 else None


def _dbm(level: float | None) -> int | None:
    return int(level) if level is not None and int(level) in _PLAUSIBLE_DBM else None


def _number(pattern: str, text: str) -> float | None:
    match = re.search(pattern, text, re.MULTILINE)
    try:
        return float(match[1]) if match else None
    except ValueError:
        return None


def _text(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1].strip() if match else None

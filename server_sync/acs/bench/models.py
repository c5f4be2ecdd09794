"""What devices of the catalogue say: an XX230v's TR-181, a Nokia's TR-098, a router without PON.

Names are those of real trees; values are made up from the device's lot.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from field_core import identity
from field_core.canon import Body, Json
from server_sync.acs.bench.trees import grown

Values = dict[str, Json]
_GOOD_DBM: Final = (-17, -18, -19, -20, -21, -22, -23, -24)
_LOW_EVERY, _LOW_DBM = 7, -27.6
_OWN: Final = "Device"
_IGD: Final = "InternetGatewayDevice"


def described(piece: Body, nodes: Sequence[Body], *, lot: int, at: str) -> dict[str, Any]:
    """Return a device's document: `nodes` are the mesh nodes at the same address."""
    mac, model = str(piece["mac_address"]), str(piece.get("model") or "")
    serial = str(piece.get("serial_no") or piece.get("gpon_serial") or "")
    is_nokia = "Nokia" in model
    values = _nokia(piece, lot) if is_nokia else _tplink(piece, nodes, lot)
    oui = (identity.mac(mac) or "")[:6]
    kind = "G%2D240W%2DA" if is_nokia else "Device2"
    return {
        "_id": f"{oui}-{kind}-{serial}",
        "_deviceId": {
            "_Manufacturer": "ALCL" if is_nokia else "TP-Link",
            "_OUI": oui,
            "_ProductClass": "G-240W-A" if is_nokia else "Device2",
            "_SerialNumber": serial,
        },
        "_lastInform": at,
        "_lastBoot": at,
        "_registered": at,
        **grown(values, at=at),
    }


def rx_dbm(lot: int) -> float:
    """Return a device's receive level: mostly good, sometimes below what class B+ takes."""
    return _LOW_DBM if lot % _LOW_EVERY == 0 else float(_GOOD_DBM[lot % len(_GOOD_DBM)])


def _info(root: str, piece: Body, maker: str, lot: int) -> Values:
    at = f"{root}.DeviceInfo"
    return {
        f"{at}.Manufacturer": maker,
        f"{at}.ModelName": str(piece.get("model") or "").removeprefix(f"{maker} "),
        f"{at}.SerialNumber": str(piece.get("serial_no") or ""),
        f"{at}.HardwareVersion": "v1.0",
        f"{at}.SoftwareVersion": str(piece.get("firmware") or "1.0.0"),
        f"{at}.UpTime": 3_600 + lot % 2_000_000,
        f"{at}.ProcessStatus.CPUUsage": 3 + lot % 40,
        f"{at}.MemoryStatus.Total": 262_144,
        f"{at}.MemoryStatus.Free": 90_000 + lot % 60_000,
        f"{root}.ManagementServer.PeriodicInformInterval": 300,
    }


# --- TR-181


def _tplink(piece: Body, nodes: Sequence[Body], lot: int) -> Values:
    values = _info(_OWN, piece, "TP-Link", lot)
    if piece.get("equipment_type") == "ONT":
        values |= _tplink_optics(piece, lot)
    address = f"203.0.113.{1 + lot % 250}"
    return {
        **values,
        **_tplink_line(address),
        **_tplink_wifi(piece, lot),
        **_tplink_mesh(piece, nodes, lot),
        **_ping(f"{_OWN}.IP.Diagnostics.IPPing"),
    }


def _tplink_optics(piece: Body, lot: int) -> Values:
    """Levels in 0.1 µW, temperature in 1/256 °C, voltage in mV."""
    at = f"{_OWN}.Optical.Interface.1"
    forms = identity.serial_forms(str(piece.get("gpon_serial") or ""))
    return {
        f"{at}.Status": "Up",
        f"{at}.OpticalSignalLevel": 0,
        f"{at}.GponAuth.GponSn": next((form for form in forms if form[:1].isdigit()), ""),
        f"{at}.X_TP_GPON_Config.RXPower": round(10 ** (rx_dbm(lot) / 10) * 10_000),
        f"{at}.X_TP_GPON_Config.TXPower": 16_218,
        f"{at}.X_TP_GPON_Config.Status": 5,
        f"{at}.X_TP_GPON_Config.PonType": "GPON",
        f"{at}.X_TP_GPON_Config.TransceiverTemperature": 10_000 + lot % 3_000,
        f"{at}.X_TP_GPON_Config.SupplyVottage": 3_298,
    }


def _tplink_line(address: str) -> Values:
    interface, ppp = f"{_OWN}.IP.Interface.6", f"{_OWN}.PPP.Interface.3"
    return {
        f"{interface}.Status": "Up",
        f"{interface}.LowerLayers": ppp,
        f"{interface}.X_TP_ServiceType": "Internet",
        f"{interface}.X_TP_ConnType": "PPPoE",
        f"{interface}.IPv4Address.1.IPAddress": address,
        f"{ppp}.ConnectionStatus": "Connected",
        f"{ppp}.LastConnectionError": "ERROR_NONE",
        f"{ppp}.CurrentMRUSize": 1492,
        f"{ppp}.IPCP.RemoteIPAddress": "203.0.113.1",
        f"{ppp}.IPCP.DNSServers": "198.51.100.53,0.0.0.0",
        f"{ppp}.LowerLayers": f"{_OWN}.Ethernet.VLANTermination.3",
        f"{_OWN}.Ethernet.VLANTermination.3.VLANID": 40,
        f"{_OWN}.Ethernet.Interface.2.Status": "Up",
        f"{_OWN}.Ethernet.Interface.2.MaxBitRate": 1000,
        f"{_OWN}.Ethernet.Interface.2.X_TP_IfNameAlias": "LAN1",
        f"{_OWN}.Ethernet.Interface.3.Status": "Down",
        f"{_OWN}.Ethernet.Interface.3.X_TP_IfNameAlias": "LAN2",
    }


def _tplink_wifi(piece: Body, lot: int) -> Values:
    name = f"Gigafibre-{str(piece['mac_address']).replace(':', '')[-4:]}"
    values: Values = {f"{_OWN}.Ethernet.Interface.2.MACAddress": str(piece["mac_address"])}
    for number, (band, channel, width, busy) in enumerate(_bands(lot), start=1):
        radio, ssid = f"{_OWN}.WiFi.Radio.{number}", f"{_OWN}.WiFi.SSID.{2 * number - 1}"
        report = f"{_OWN}.WiFi.DataElements.Network.Device.1.Radio.{number}"
        values |= {
            f"{radio}.Enable": True,
            f"{radio}.OperatingFrequencyBand": band,
            f"{radio}.Channel": channel,
            f"{radio}.AutoChannelEnable": False,
            f"{radio}.CurrentOperatingChannelBandwidth": width,
            f"{ssid}.Enable": True,
            f"{ssid}.SSID": name,
            f"{ssid}.LowerLayers": radio,
            f"{report}.X_TP_Band": band,
            f"{report}.Utilization": busy,
        }
    return values


def _bands(lot: int) -> tuple[tuple[str, int, str, int], ...]:
    """Return band, channel, width, and the air's use from 0 to 255."""
    return (
        ("2.4GHz", (1, 6, 11)[lot % 3], "20MHz", 60 + lot % 150),
        ("5GHz", (36, 44, 149)[lot % 3], "80MHz", 10 + lot % 60),
    )


def _tplink_mesh(piece: Body, nodes: Sequence[Body], lot: int) -> Values:
    """Signals are RCPI: dBm = v/2 - 110."""
    mesh = f"{_OWN}.WiFi.MultiAP.APDevice"
    values: Values = {
        f"{mesh}.1.MACAddress": str(piece["mac_address"]),
        f"{mesh}.1.SerialNumber": str(piece.get("serial_no") or ""),
        f"{mesh}.1.X_TP_IsController": True,
        f"{mesh}.1.X_TP_Active": True,
        f"{mesh}.1.X_TP_ModelName": str(piece.get("model") or ""),
    }
    for number, node in enumerate(nodes, start=2):
        values |= {
            f"{mesh}.{number}.MACAddress": str(node.get("mac_address") or ""),
            f"{mesh}.{number}.SerialNumber": str(node.get("serial_no") or ""),
            f"{mesh}.{number}.X_TP_IsController": False,
            f"{mesh}.{number}.X_TP_Active": True,
            f"{mesh}.{number}.X_TP_ModelName": str(node.get("model") or ""),
            f"{mesh}.{number}.BackhaulLinkType": "Wi-Fi",
            f"{mesh}.{number}.BackhaulSignalStrength": 96,
            f"{mesh}.{number}.X_TP_LinkRate": 866,
        }
    for seat, (host, rcpi) in enumerate(_stations(lot), start=1):
        band = 1 + seat % 2
        at = f"{mesh}.1.Radio.{band}.AP.1.AssociatedDevice.{seat}"
        values |= {
            f"{mesh}.1.Radio.{band}.OperatingFrequencyBand": ("2.4GHz", "5GHz")[band - 1],
            f"{at}.MACAddress": f"02:{lot >> 8 & 255:02X}:{lot & 255:02X}:00:00:{seat:02X}",
            f"{at}.X_TP_HostName": host,
            f"{at}.X_TP_IPAddress": f"192.168.0.{99 + seat}",
            f"{at}.SignalStrength": rcpi,
            f"{at}.LastDataDownlinkRate": 6_000 * rcpi,
            f"{at}.LastDataUplinkRate": 4_000 * rcpi,
        }
    return values


def _stations(lot: int) -> tuple[tuple[str, int], ...]:
    """Return names with RCPI, the last one weak at some addresses."""
    far = 60 if lot % 5 == 0 else 92
    return ("Portable-Julie", 128), ("iPhone", 112), ("Télé-salon", 100), ("Imprimante", far)


# --- TR-098


def _nokia(piece: Body, lot: int) -> Values:
    optics, wan = f"{_IGD}.X_ALU_OntOpticalParam", f"{_IGD}.WANDevice.1"
    ppp = f"{wan}.WANConnectionDevice.1.WANPPPConnection.1"
    values = {
        **_info(_IGD, piece, "Nokia", lot),
        f"{optics}.RXPower": f"{rx_dbm(lot):.6f}",
        f"{optics}.TXPower": "2.271100",
        f"{optics}.TransceiverTemperature": "44",
        f"{optics}.SupplyVoltage": "3.29",
        f"{wan}.WANCommonInterfaceConfig.WANAccessType": "GPON",
        f"{ppp}.ConnectionStatus": "Connected",
        f"{ppp}.ExternalIPAddress": f"203.0.113.{1 + lot % 250}",
        f"{ppp}.DefaultGateway": "203.0.113.1",
        f"{ppp}.DNSServers": "198.51.100.53",
        f"{ppp}.MACAddress": str(piece["mac_address"]),
        f"{ppp}.Name": "1_INTERNET_R_VID_40",
        f"{ppp}.Uptime": 3_600 + lot % 900_000,
        f"{ppp}.LastConnectionError": "ERROR_NONE",
        **_ping(f"{_IGD}.IPPingDiagnostics"),
    }
    return {**values, **_nokia_wifi(piece, lot)}


def _nokia_wifi(piece: Body, lot: int) -> Values:
    name = f"Gigafibre-{str(piece['mac_address']).replace(':', '')[-4:]}"
    values: Values = {}
    for number, (band, channel, _, _) in zip((1, 5), _bands(lot), strict=True):
        at = f"{_IGD}.LANDevice.1.WLANConfiguration.{number}"
        station = f"{at}.AssociatedDevice.1"
        values |= {
            f"{at}.Enable": True,
            f"{at}.SSID": name,
            f"{at}.Channel": channel,
            f"{at}.AutoChannelEnable": False,
            f"{at}.X_ALU_Band": band,
            f"{station}.AssociatedDeviceMACAddress": f"02:AA:{lot & 255:02X}:00:00:{number:02X}",
            f"{station}.AssociatedDeviceIPAddress": f"192.168.1.{60 + number}",
            f"{station}.SignalStrength": -50 - lot % 22,
        }
    return values


def _ping(at: str) -> Mapping[str, Json]:
    return {
        f"{at}.DiagnosticsState": "None",
        f"{at}.Host": "",
        f"{at}.NumberOfRepetitions": 4,
        f"{at}.SuccessCount": 0,
        f"{at}.FailureCount": 0,
        f"{at}.AverageResponseTime": 0,
        f"{at}.MinimumResponseTime": 0,
        f"{at}.MaximumResponseTime": 0,
    }

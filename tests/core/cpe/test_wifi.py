"""Radios, networks and stations."""

import pytest

from field_core.canon import Json
from field_core.cpe import bands
from field_core.cpe.model import Client, Radio, Ssid
from tests.core.cpe.samples import igd, tr181

WLAN = "LANDevice.1.WLANConfiguration"
MAC = "02:11:22:33:44:01"
AP = "WiFi.MultiAP.APDevice.1"
NETWORK = "WiFi.DataElements.Network"


def flat(at: str, leaves: dict[str, Json]) -> dict[str, Json]:
    return {f"{at}.{name}": value for name, value in leaves.items()}


def station(at: str, **leaves: Json) -> dict[str, Json]:
    return flat(at, {"MACAddress": MAC, **leaves})


@pytest.mark.parametrize(
    ("leaves", "band"),
    [
        ({"X_HW_RFBand": "5GHz", "Channel": 6}, "5GHz"),
        ({"SupportedFrequencyBands": "2.4GHz,5GHz", "Channel": 40}, "5GHz"),
        ({"Channel": 11}, "2.4GHz"),
        ({"Channel": 0, "Standard": "11ac"}, "5GHz"),
        ({"Channel": 0, "Standard": "a,n"}, "5GHz"),
        ({"Channel": 0, "Standard": "11bgn"}, "2.4GHz"),
        ({"Channel": 0, "Standard": "ax"}, "5GHz"),
    ],
)
def test_band_of_a_network(leaves: dict[str, Json], band: str) -> None:
    found = igd(flat(f"{WLAN}.5", {"SSID": "x", **leaves}))

    assert [ssid.band for ssid in found.wifi.ssids] == [band]


def test_band_by_place_is_the_last_resort() -> None:
    found = igd({f"{WLAN}.{place}.SSID": "x" for place in (1, 5, 9)})

    assert [ssid.band for ssid in found.wifi.ssids] == ["2.4GHz", "5GHz", None]


@pytest.mark.parametrize(
    ("written", "band"),
    [("6GHz", "6GHz"), ("5G", "5GHz"), ("2.4 GHz", "2.4GHz"), ("2.4GHz,5GHz", None), (5, None)],
)
def test_band_as_stated(written: Json, band: str | None) -> None:
    assert bands.band(written) == band


@pytest.mark.parametrize(
    ("written", "channel"), [(36, 36), ("6", 6), (233, 233), (234, None), (0, None), ("auto", None)]
)
def test_channel(written: Json, channel: int | None) -> None:
    found = tr181({"WiFi.Radio.1.OperatingFrequencyBand": "5GHz", "WiFi.Radio.1.Channel": written})

    assert found.wifi.radios[0].channel == channel


def test_radio_is_read_with_what_dataelements_add() -> None:
    found = tr181(
        {
            "WiFi.Radio.2.OperatingFrequencyBand": "5GHz",
            "WiFi.Radio.2.Enable": True,
            "WiFi.Radio.2.Channel": 36,
            "WiFi.Radio.2.CurrentOperatingChannelBandwidth": "80MHz",
            "WiFi.Radio.2.Stats.Noise": 0,
            f"{NETWORK}.ControllerID": "1C:61:B4:10:20:30",
            f"{NETWORK}.Device.1.ID": "1C:61:B4:55:66:70",
            f"{NETWORK}.Device.2.ID": "1C:61:B4:10:20:30",
            f"{NETWORK}.Device.2.Radio.1.CurrentOperatingClassProfile.1.Class": 128,
            f"{NETWORK}.Device.2.Radio.1.Utilization": 128,
            f"{NETWORK}.Device.2.Radio.1.Noise": 36,
        }
    )

    assert found.wifi.radios == [
        Radio(
            band="5GHz",
            enabled=True,
            channel=36,
            bandwidth_mhz=80,
            utilization_pct=50,
            noise_dbm=-92,
        )
    ]


def test_radio_reading_unbelievable_is_none() -> None:
    radio: dict[str, Json] = {
        "WiFi.Radio.1.Channel": 6,
        "WiFi.Radio.1.Stats.Noise": -95,
        "WiFi.Radio.1.CurrentOperatingChannelBandwidth": "33MHz",
        f"{NETWORK}.Device.1.Radio.1.X_TP_Band": "2.4GHz",
        f"{NETWORK}.Device.1.Radio.1.Utilization": 256,
        f"{NETWORK}.Device.1.Radio.1.Noise": 255,
    }
    (found,) = tr181(radio).wifi.radios

    assert found == Radio(band="2.4GHz", channel=6, noise_dbm=-95)


def test_radios_of_one_band_are_one_and_the_enabled_counts() -> None:
    found = igd(
        {
            f"{WLAN}.1.Channel": 1,
            f"{WLAN}.1.RadioEnabled": False,
            f"{WLAN}.2.Channel": 6,
            f"{WLAN}.2.RadioEnabled": True,
            f"{WLAN}.3.Channel": 11,
            f"{WLAN}.3.RadioEnabled": True,
        }
    )

    assert found.wifi.radios == [Radio(band="2.4GHz", enabled=True, channel=6)]


def test_radios_of_dataelements_alone() -> None:
    found = igd(
        {
            "DataElements.Network.Device.1.ID": "1C:61:B4:10:20:30",
            "DataElements.Network.Device.1.Radio.1.CurrentOperatingClassProfile.1.Class": 0,
            "DataElements.Network.Device.1.Radio.1.CurrentOperatingClassProfile.1.Channel": 6,
            "DataElements.Network.Device.1.Radio.1.Enabled": True,
            "DataElements.Network.Device.1.Radio.2.Enabled": True,
        }
    )

    assert found.wifi.radios == [Radio(band="2.4GHz", enabled=True)]


def test_networks_of_people_only() -> None:
    names: dict[str, Json] = {
        f"WiFi.SSID.{at}.SSID": name
        for at, name in enumerate(("Café ☕ d’Été", "", "Invités", "mesh", "0" * 30, "by mac"), 1)
    }
    found = tr181(
        names
        | {
            "WiFi.Radio.1.OperatingFrequencyBand": "2.4GHz",
            "WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1.",
            "WiFi.SSID.1.BSSID": "1c:61:b4:10:20:30",
            "WiFi.SSID.1.Enable": True,
            "WiFi.AccessPoint.1.SSIDReference": "Device.WiFi.SSID.1.",
            "WiFi.AccessPoint.1.Enable": False,
            "WiFi.AccessPoint.3.SSIDReference": "Device.WiFi.SSID.3",
            "WiFi.AccessPoint.3.X_TP_APType": "Guest",
            "WiFi.AccessPoint.4.SSIDReference": "Device.WiFi.SSID.4.",
            "WiFi.AccessPoint.4.X_TP_APType": "Backhaul",
            "WiFi.AccessPoint.5.SSIDReference": "Device.WiFi.SSID.5.",
            "WiFi.AccessPoint.5.SSIDAdvertisementEnabled": False,
            "WiFi.SSID.6.BSSID": "1E:61:B4:10:20:30",
            f"{AP}.Radio.1.AP.1.BSSID": "1E:61:B4:10:20:30",
            f"{AP}.Radio.1.AP.1.X_TP_Type": "Backhaul",
            f"{AP}.Radio.1.AP.2.BSSID": "",
            f"{AP}.Radio.1.AP.2.X_TP_Type": "Backhaul",
        }
    )

    assert found.wifi.ssids == [
        Ssid(ssid="Café ☕ d’Été", bssid="1C:61:B4:10:20:30", band="2.4GHz", enabled=False),
        Ssid(ssid="Invités", role="guest"),
    ]


def test_nokia_guest_network_is_told_by_its_flag() -> None:
    found = igd({f"{WLAN}.2.SSID": "x", f"{WLAN}.2.X_ALU_COM_IsGuestSSID": True})

    assert [ssid.role for ssid in found.wifi.ssids] == ["guest"]


@pytest.mark.parametrize(
    ("raw", "rssi", "codes"),
    [
        (104, -58, []),
        (220, 0, []),
        (221, None, ["implausible"]),
        (255, None, ["implausible"]),
        (0, None, []),
    ],
)
def test_station_of_a_mesh_table_has_an_rcpi(
    raw: int, rssi: float | None, codes: list[str]
) -> None:
    seat = f"{AP}.Radio.1.AP.1.AssociatedDevice.1"
    found = tr181(
        station(seat, SignalStrength=raw, LastDataDownlinkRate=0)
        | {f"{AP}.MACAddress": "1C:61:B4:10:20:30", f"{AP}.Radio.1.OperatingFrequencyBand": "5GHz"}
    )

    assert found.wifi.clients == [
        Client(mac=MAC, band="5GHz", rssi_dbm=rssi, node_mac="1C:61:B4:10:20:30")
    ]
    assert [w.code for w in found.warnings if w.field.endswith("rssi_dbm")] == codes


def test_mesh_table_replaces_the_plain_one_and_dataelements_fill_it() -> None:
    other = "02:11:22:33:44:99"
    bss = f"{NETWORK}.Device.1.Radio.1.BSS.1"
    found = tr181(
        station(f"{AP}.Radio.1.AP.1.AssociatedDevice.1", SignalStrength=0)
        | station(f"{AP}.Radio.1.AP.1.AssociatedDevice.2", MACAddress=other, Active=False)
        | station("WiFi.AccessPoint.1.AssociatedDevice.1", SignalStrength=-1)
        | station(f"{bss}.STA.1", SignalStrength=98, EstMACDataRateDownlink=24)
        | station(f"{bss}.STA.2", MACAddress=other, SignalStrength=98)
        | {f"{NETWORK}.Device.1.ID": "1C:61:B4:10:20:30"}
    )

    assert found.wifi.clients == [
        Client(mac=MAC, rssi_dbm=-61, down_kbps=24_000, node_mac="1C:61:B4:10:20:30")
    ]


def test_dataelements_inside_tr098_beat_a_plain_table_of_zeros() -> None:
    bss = "DataElements.Network.Device.1.Radio.2.BSS.1"
    found = igd(
        {f"{WLAN}.5.Channel": 36}
        | station(f"{WLAN}.5.AssociatedDevice.1", SignalStrength=0, IPAddress="192.168.1.9")
        | station(f"{bss}.STA.1", SignalStrength=110, LastDataUplinkRate=6000, Hostname="tv")
        | station(f"{bss}.STA.2", MACAddress="02:11:22:33:44:02", SignalStrength=-70)
        | {"DataElements.Network.Device.1.ID": "34:CE:69:10:20:30"}
    )

    assert found.wifi.clients == [
        Client(
            mac=MAC,
            band="5GHz",
            rssi_dbm=-55,
            up_kbps=6000,
            node_mac="34:CE:69:10:20:30",
            ip="192.168.1.9",
            hostname="tv",
        ),
        Client(mac="02:11:22:33:44:02", rssi_dbm=-70, node_mac="34:CE:69:10:20:30"),
    ]
    assert found.mesh.nodes == []


def test_standard_access_point_is_read_in_dbm() -> None:
    at = "WiFi.AccessPoint.1"
    found = tr181(
        station(f"{at}.AssociatedDevice.1", SignalStrength=-61, LastDataDownlinkRate=433_000)
        | {
            f"{at}.SSIDReference": "Device.WiFi.SSID.1.",
            "WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1.",
            "WiFi.Radio.1.OperatingFrequencyBand": "5GHz",
        }
        | {f"{at}.AssociatedDevice.2.MACAddress": "odd"}
        | station("WiFi.AccessPoint.2.AssociatedDevice.1", MACAddress="02:11:22:33:44:02")
    )

    assert found.wifi.clients == [
        Client(mac=MAC, band="5GHz", rssi_dbm=-61, down_kbps=433_000),
        Client(mac="02:11:22:33:44:02"),
    ]


@pytest.mark.parametrize(
    ("leaves", "client"),
    [
        ({"X_HW_RSSI": "-71", "X_HW_TxRate": "52", "X_HW_RxRate": "24"}, (-71, 52_000, 24_000)),
        ({"X_ZTE-COM_WLAN_RSSI": -69, "LastDataTransmitRate": "65000"}, (-69, 65_000, None)),
        ({"RSSI": 4, "SignalStrength": -45}, (-45, None, None)),
        ({"RSSI": 4, "SignalStrength": 0}, (None, None, None)),
        ({"LastDataDownlinkRate": 10**12}, (None, None, None)),
    ],
)
def test_station_of_a_family(
    leaves: dict[str, Json], client: tuple[float | None, int | None, int | None]
) -> None:
    (found,) = igd(station(f"{WLAN}.1.AssociatedDevice.1", **leaves)).wifi.clients

    assert (found.rssi_dbm, found.down_kbps, found.up_kbps) == client


def test_station_roaming_is_counted_once_where_it_is_heard() -> None:
    found = igd(
        station(f"{WLAN}.1.AssociatedDevice.1", SignalStrength=-80)
        | station(f"{WLAN}.5.AssociatedDevice.1", SignalStrength=-50)
    )

    assert [(c.band, c.rssi_dbm) for c in found.wifi.clients] == [("2.4GHz", -80)]


def test_station_takes_name_and_address_from_the_hosts() -> None:
    found = igd(
        station(f"{WLAN}.1.AssociatedDevice.1")
        | {
            "LANDevice.1.Hosts.Host.1.MACAddress": MAC,
            "LANDevice.1.Hosts.Host.1.HostName": "tv",
            "LANDevice.1.Hosts.Host.1.IPAddress": "192.168.1.9",
        }
    )

    assert found.wifi.clients == [Client(mac=MAC, band="2.4GHz", ip="192.168.1.9", hostname="tv")]


def test_band_of_a_dataelements_radio_is_that_of_its_network() -> None:
    radio = "DataElements.Network.Device.1.Radio.1"
    tables: dict[str, Json] = {
        f"{WLAN}.5.SSID": "x",
        f"{WLAN}.5.BSSID": "34:CE:69:10:20:35",
        f"{WLAN}.5.Channel": 36,
        f"{radio}.BSS.1.BSSID": "34:ce:69:10:20:35",
        f"{radio}.Utilization": 51,
    }
    found = igd(tables | station(f"{radio}.BSS.1.STA.1", SignalStrength=90))

    assert [radio.utilization_pct for radio in found.wifi.radios] == [20]
    assert [client.band for client in found.wifi.clients] == ["5GHz"]
